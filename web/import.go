package web

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"goalpost"
	"goalpost/assess"
)

// ImportPage takes files and lists what was imported.
type ImportPage struct {
	Page
	Help  string
	Zones []string

	Currencies []string
	Pending    []PendingFile
	Discard    string // address that throws all waiting files away, empty with fewer than two
	Imports    []ImportRow
}

// PendingFile is an upload that is not finished.
type PendingFile struct {
	Href    string
	Name    string
	Text    string
	Discard string // address, empty while it is imported
}

// ImportRow is one accepted file.
type ImportRow struct {
	Href     string
	File     string
	When     string
	By       string
	Kept     string
	Reported string
	State    string
	Undo     string // address, empty if it cannot be undone
}

// importPage shows the drop zone and all imports.
func (s *Server) importPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showImports(w, r, v, http.StatusOK, nil)
}

func (s *Server) showImports(w http.ResponseWriter, r *http.Request, v visitor, status int, problem error) error {
	p := ImportPage{Page: s.newPage(r, &v, "web.import.title"), Zones: zones, Currencies: currencies}
	if problem != nil {
		if err := p.refuse(problem); err != nil {
			return err
		}
	}
	p.Help = p.say("web.import.help", goalpost.TextArg(p.printer.Number(float64(s.uploadLimit()>>20))))
	waiting := 0
	for _, f := range s.uploads.list(v.org.ID, "") {
		row := PendingFile{Href: p.Href("/import/batch/" + f.batch), Name: f.name, Text: p.uploadText(f)}
		if f.state == uploadAsking {
			row.Href = p.Href("/import/file/" + f.id)
			row.Discard = row.Href + "/discard"
			waiting++
		}
		p.Pending = append(p.Pending, row)
	}
	if p.CanEdit && waiting > 1 {
		p.Discard = p.Href("/import/discard")
	}
	imports, err := s.DB.Imports(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	for _, i := range imports {
		p.Imports = append(p.Imports, p.importRow(i, v.org))
	}
	return s.render(w, status, "import", p)
}

func (p Page) importRow(i goalpost.Import, org goalpost.Organisation) ImportRow {
	href := p.Href("/imports/" + strconv.FormatInt(int64(i.ID), 10))
	row := ImportRow{Href: href, File: i.File, When: p.printer.Time(i.StartedAt, org.Zone()), By: i.By,
		Kept: p.printer.Number(float64(i.Report.Kept)), Reported: p.printer.Number(float64(i.Report.Reported)),
		State: p.T("web.import.state." + string(i.State))}
	if i.State == goalpost.ImportDone && p.CanEdit {
		row.Undo = href + "/undo"
	}
	return row
}

// upload takes files, looks at each and begins with those that ask nothing.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, v visitor) error {
	s.uploads.prune(s.Now())
	batch, err := s.receive(w, r, v)
	if err != nil {
		return s.showImports(w, r, v, http.StatusUnprocessableEntity, err)
	}
	for _, f := range s.uploads.list(v.org.ID, batch) {
		proposal, err := s.inspect(r.Context(), v.org, f)
		if assess.Mappable(err) { // the page asks for the map that the refusal asks for
			f.asTable = true
			if again, problem := s.inspect(r.Context(), v.org, f); problem == nil {
				proposal, err = again, nil
				s.uploads.change(f.id, func(u *upload) { u.asTable = true })
			}
		}
		switch {
		case err != nil:
			s.finish(f, goalpost.FileReport{}, err)
		case asks(proposal):
			s.uploads.change(f.id, func(f *upload) { f.state = uploadAsking })
		default:
			s.begin(v.org, f.id)
		}
	}
	files := s.uploads.list(v.org.ID, batch)
	if len(files) == 1 && files[0].state == uploadAsking {
		http.Redirect(w, r, "/"+langOf(r)+"/import/file/"+files[0].id, http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, "/"+langOf(r)+"/import/batch/"+batch, http.StatusSeeOther)
	return nil
}

// asks reports whether a person has to answer or confirm something first. The same
// bytes a second time ask nothing.
func asks(p assess.Proposal) bool {
	return p.Known == nil && (p.NeedsMap || len(p.Questions) > 0)
}

// BatchPage follows the files of one upload.
type BatchPage struct {
	Page
	Busy   bool
	Follow string // address of the state as JSON
	Files  []BatchFile
}

// BatchFile is one file of an upload.
type BatchFile struct {
	ID       string
	Name     string
	Text     string
	Share    int // per cent read
	Running  bool
	Ask      bool
	Failed   bool
	Link     string
	LinkText string
}

// batch shows how far the files of one upload are; a single finished file leads to
// its report.
func (s *Server) batch(w http.ResponseWriter, r *http.Request, v visitor) error {
	id := r.PathValue("batch")
	files := s.uploads.list(v.org.ID, id)
	if len(files) == 0 {
		return notFound()
	}
	p := BatchPage{Page: s.newPage(r, &v, "web.batch.title")}
	if len(files) == 1 && files[0].state == uploadDone {
		http.Redirect(w, r, p.reportHref(files[0]), http.StatusSeeOther)
		return nil
	}
	p.Follow = p.Href("/import/batch/" + id + "/state")
	for _, f := range files {
		b := BatchFile{ID: "file-" + f.id, Name: f.name, Text: p.uploadText(f), Share: shareOf(f.progress)}
		switch f.state {
		case uploadWaiting, uploadRunning:
			b.Running, p.Busy = true, true
		case uploadAsking:
			b.Ask, b.Link, b.LinkText = true, p.Href("/import/file/"+f.id), p.T("web.batch.answer")
		case uploadDone:
			b.Link, b.LinkText = p.reportHref(f), p.T("web.batch.report")
		case uploadFailed:
			b.Failed = true
		}
		p.Files = append(p.Files, b)
	}
	p.Refresh = p.Busy
	return s.render(w, http.StatusOK, "batch", p)
}

// reportHref is the address of a finished file's report; known marks the very same
// file, which was imported before.
func (p Page) reportHref(f upload) string {
	href := p.Href("/imports/" + strconv.FormatInt(int64(f.report.Import), 10))
	if f.report.Again {
		href += "?known=1"
	}
	return href
}

func shareOf(p assess.Progress) int {
	if p.Size <= 0 {
		return 0
	}
	return int(100 * min(p.Bytes, p.Size) / p.Size)
}

// uploadText says where a file stands.
func (p Page) uploadText(f upload) string {
	switch f.state {
	case uploadAsking:
		return p.T("web.batch.asking")
	case uploadWaiting:
		if !f.queued && !f.progress.Waiting {
			return p.T("web.batch.starting")
		}
		return p.T("web.batch.waiting")
	case uploadRunning:
		return p.say("web.batch.running", goalpost.NumberArg(float64(f.progress.Rows)), goalpost.PlainArg(shareOf(f.progress)))
	case uploadDone:
		return p.say("web.batch.done", goalpost.NumberArg(float64(f.report.Kept)), goalpost.NumberArg(float64(f.report.Reported)))
	default:
		return p.printer.Error(f.problem)
	}
}

// batchState is the state of an upload for the page's script.
func (s *Server) batchState(w http.ResponseWriter, r *http.Request, v visitor) error {
	type file struct {
		ID    string `json:"id"`
		Text  string `json:"text"`
		Share int    `json:"share"`
	}
	var state struct {
		Busy  bool   `json:"busy"`
		Files []file `json:"files"`
	}
	files := s.uploads.list(v.org.ID, r.PathValue("batch"))
	if len(files) == 0 {
		return notFound()
	}
	p := s.newPage(r, &v, "")
	for _, f := range files {
		state.Busy = state.Busy || f.state == uploadWaiting || f.state == uploadRunning
		state.Files = append(state.Files, file{ID: "file-" + f.id, Text: p.uploadText(f), Share: shareOf(f.progress)})
	}
	return writeJSON(w, state)
}

// importOf reads the import that an address names.
func (s *Server) importOf(r *http.Request, v visitor) (goalpost.Import, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return goalpost.Import{}, notFound()
	}
	return s.DB.Import(r.Context(), v.org.ID, goalpost.ImportID(id))
}

// UndoPage asks before an import is undone.
type UndoPage struct {
	Page
	File   string
	Text   string
	Action string
	Back   string
}

// undoForm asks whether an import is to be undone.
func (s *Server) undoForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	i, err := s.importOf(r, v)
	if err != nil {
		return err
	}
	if i.State != goalpost.ImportDone {
		return goalpost.Errorf(goalpost.Conflict, "error.web.not-undoable")
	}
	p := UndoPage{Page: s.newPage(r, &v, "web.undo.title"), File: i.File}
	p.Text = p.say("web.undo.text", goalpost.NumberArg(float64(i.Report.Kept)), goalpost.TextArg(p.printer.Time(i.StartedAt, v.org.Zone())))
	p.Back = p.Href("/imports/" + strconv.FormatInt(int64(i.ID), 10))
	p.Action = p.Back + "/undo"
	return s.render(w, http.StatusOK, "undo", p)
}

// undo takes an import back.
func (s *Server) undo(w http.ResponseWriter, r *http.Request, v visitor) error {
	i, err := s.importOf(r, v)
	if err != nil {
		return err
	}
	if i.State != goalpost.ImportDone {
		return goalpost.Errorf(goalpost.Conflict, "error.web.not-undoable")
	}
	if err := assess.UndoImport(r.Context(), s.DB, v.org, i.ID, v.user.Name, s.Now()); err != nil {
		return err
	}
	http.Redirect(w, r, fmt.Sprintf("/%s/imports/%d", langOf(r), i.ID), http.StatusSeeOther)
	return nil
}

// observedAt reads the day as of which counts stand: its end, or now if that is
// still to come.
func observedAt(text string, zone *time.Location, now time.Time) (time.Time, error) {
	d, err := goalpost.ReadDay(text)
	if err != nil {
		return time.Time{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.date", Field: "observed_at", Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	return d.SeenOn(zone, now), nil
}

// dialect is what a file was read as; one without a name is written as its code.
func (p Page) dialect(code string) string {
	if key := "web.dialect." + code; p.printer.Has(key) {
		return p.T(key)
	}
	return code
}
