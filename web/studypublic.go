package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// newestVersion stands in public addresses for whichever version is the newest.
const newestVersion = "newest"

// How long others may keep public answers: the newest version changes with every
// correction, an exact one only when its study is withdrawn.
const (
	keepNewest = "public, max-age=300"
	keepExact  = "public, max-age=3600"
)

// publicStudy finds the study and version of a public address; exact tells whether the
// address names one version for ever.
func (s *Server) publicStudy(r *http.Request) (study assess.PublicStudy, exact bool, err error) {
	n := 0
	if text := r.PathValue("version"); text != "" && text != newestVersion {
		n, err = strconv.Atoi(text)
		if err != nil || n < 1 || strconv.Itoa(n) != text {
			return study, false, notFound()
		}
		exact = true
	}
	study, err = assess.FindPublicStudy(r.Context(), s.DB, r.PathValue("slug"), n)
	if goalpost.IsKind(err, goalpost.NotFound) {
		err = notFound()
	}
	return study, exact, err
}

// public puts the headers of an answer that anybody may see and keep.
func public(w http.ResponseWriter, exact bool) {
	w.Header().Set("Cache-Control", keepNewest)
	if exact {
		w.Header().Set("Cache-Control", keepExact)
	}
}

// publicPage starts a page for everybody.
func (s *Server) publicPage(r *http.Request, study assess.PublicStudy) (Page, goalpost.Organisation, error) {
	org, err := s.DB.Organisation(r.Context(), study.Org)
	p := s.newPage(r, nil, "")
	p.Simulated = (p.Simulated || org.Simulated) && !study.History.Shipped // what others published is real
	return p, org, err
}

// publicLinks are the addresses on the public report: files are always those of the
// version shown.
func (s *Server) publicLinks(p Page, study assess.PublicStudy) studyLinks {
	base := p.Href("/r/" + study.Publication.Slug)
	exact := base + "/" + strconv.Itoa(study.Version.Version)
	return studyLinks{
		version: func(n int) string { return base + "/" + strconv.Itoa(n) },
		file: func(q, kind, suffix string, options []string) string {
			return fileAddress(exact, q, kind, suffix, "", options)
		},
		figures: func(suffix string) string { return exact + "/figures" + suffix },
		embed: func(q, kind string, options []string) string {
			return s.frameCode(p, base+"/embed/"+url.PathEscape(q)+"/"+kind+optionQuery(options), study.Version.Study.Title.In(p.lang))
		},
	}
}

// frameCode is what a blog puts into its page.
func (s *Server) frameCode(p Page, path, title string) string {
	return `<iframe src="` + escapeAttribute(s.outsideURL()+path) + `" width="100%" height="560" style="border:0" loading="lazy" title="` + escapeAttribute(title) + `"></iframe>`
}

// studyReport shows the report on a published study to everybody.
func (s *Server) studyReport(w http.ResponseWriter, r *http.Request) error {
	study, exact, err := s.publicStudy(r)
	if err != nil {
		return err
	}
	p, org, err := s.publicPage(r, study)
	if err != nil {
		return err
	}
	out := p.study(study.History, study.Version, study.View, s.publicLinks(p, study), org.Zone())
	if err := corrections(&out, func(other goalpost.StudyVersion) (assess.StudyView, error) {
		return assess.ViewPublicVersion(r.Context(), s.DB, study.Org, study.History, other)
	}, study.History, study.Version, study.View); err != nil {
		return err
	}
	path := "/r/" + study.Publication.Slug
	out.Permanent = s.publicAddress(p, path+"/"+strconv.Itoa(study.Version.Version))
	if study.Version.Version != study.History.Current().Version {
		out.Newest = p.Href(path)
	}
	out.Share = &Share{Title: out.Title, Text: out.shareText(), URL: s.publicAddress(p, path), OtherURL: s.outsideURL() + "/" + p.OtherLang() + path}
	if len(out.Questions) > 0 && len(study.View.Questions) > 0 {
		for i, q := range out.Questions {
			if q.Shares.PNG != "" {
				out.Share.Image = s.outsideURL() + out.Questions[i].Shares.PNG
				break
			}
		}
	}
	public(w, exact)
	w.Header().Add("Vary", "Cookie") // the chosen colours
	return s.render(w, http.StatusOK, "study", out)
}

// shareText says in a sentence or two what the report is, for people who get its link.
func (p StudyPage) shareText() string {
	text := p.say("web.share.text", goalpost.TextArg(p.Publisher))
	if len(p.Statements) > 0 {
		text = p.Statements[0].Claim + " " + p.Statements[0].Worth
	}
	return text
}

// studyReportFile answers with a figure or a table of the public report.
func (s *Server) studyReportFile(w http.ResponseWriter, r *http.Request) error {
	study, exact, err := s.publicStudy(r)
	if err != nil {
		return err
	}
	q, ok := study.View.Question(r.PathValue("question"))
	kind, suffix, _ := strings.Cut(r.PathValue("file"), ".")
	if !ok || (kind != assess.FigureShares && kind != assess.FigureTrend) {
		return notFound()
	}
	p, _, err := s.publicPage(r, study)
	if err != nil {
		return err
	}
	name := study.Publication.Slug + "-" + strconv.Itoa(study.Version.Version) + "-" + q.Code + "-" + kind
	if suffix == "csv" {
		public(w, exact)
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		return writeCSV(w, name+".csv", p.resultRows(q))
	}
	f := figures{page: p, study: study.Version.Study}
	options := optionsOf(q, strings.Fields(r.URL.Query().Get("option")))
	scene, _, ok := f.scene(q, kind, options, chart.Wide)
	if !ok || (suffix != "svg" && suffix != "png") {
		return notFound()
	}
	scene = f.alone(scene)
	b := []byte(nil)
	if suffix == "png" {
		key := strings.Join(append([]string{strconv.FormatInt(int64(study.Org), 10), name, p.lang}, options...), " ")
		if b, err = s.pictures.png(key, func() ([]byte, error) { return s.draw(r.Context(), scene) }); err != nil {
			return err
		}
	}
	public(w, exact)
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	if suffix == "png" {
		writePNG(w, b, name)
		return nil
	}
	return s.writeScene(w, r, scene, name, suffix)
}

// studyReportFigures answers with the figures of a public report as they can be imported.
func (s *Server) studyReportFigures(w http.ResponseWriter, r *http.Request) error {
	study, exact, err := s.publicStudy(r)
	if err != nil {
		return err
	}
	public(w, exact)
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return writeStudy(w, study.Version.Study, strings.HasSuffix(r.URL.Path, ".json"))
}

// FramePage is one figure inside a page of another site.
type FramePage struct {
	Page
	Figure     FigureView
	Source     string
	Correction string
	Report     string
}

// studyFrame shows one figure inside a page of another site, with its source.
func (s *Server) studyFrame(w http.ResponseWriter, r *http.Request) error {
	study, exact, err := s.publicStudy(r)
	if err != nil {
		return err
	}
	p, _, err := s.publicPage(r, study)
	if err != nil {
		return err
	}
	q, ok := study.View.Question(r.PathValue("question"))
	kind := r.PathValue("kind")
	if !ok || (kind != assess.FigureShares && kind != assess.FigureTrend) {
		return notFound()
	}
	links := s.publicLinks(p, study)
	f := figures{page: p, study: study.Version.Study, address: links.file}
	figure := f.draw(q, kind, optionsOf(q, strings.Fields(r.URL.Query().Get("option"))), "frame")
	if figure.Title == "" {
		return notFound()
	}
	p.Framed, p.Title = true, figure.Title
	if t := r.URL.Query().Get("theme"); t == "light" || t == "dark" {
		p.Theme = t
	}
	out := FramePage{Page: p, Figure: figure, Report: links.version(study.Version.Version)}
	if !exact {
		out.Report = p.Href("/r/" + study.Publication.Slug)
	}
	title := study.Version.Study.Title.In(p.lang)
	out.Source = p.say("web.frame.source", goalpost.TextArg(title), goalpost.TextArg(study.Version.Study.Publisher))
	if study.Version.Version > study.Publication.From {
		out.Correction = p.say("web.frame.corrected", goalpost.PlainArg(study.Version.Version))
	}
	public(w, exact)
	w.Header().Add("Vary", "Cookie")
	framed(w)
	return s.render(w, http.StatusOK, "studyframe", out)
}

// publishStudy gives a study a public address, or opens it again.
func (s *Server) publishStudy(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	h, err := assess.Study(r.Context(), s.DB, v.org.ID, r.PathValue("id"))
	if err != nil {
		return notFound()
	}
	err = assess.PublishStudy(r.Context(), s.DB, v.org.ID, h, strings.TrimSpace(r.PostForm.Get("slug")), v.user.Name, s.Now())
	if err != nil {
		return s.showStudyProblem(w, r, v, h, err, r.PostForm.Get("slug"))
	}
	http.Redirect(w, r, "/"+langOf(r)+"/studies/"+url.PathEscape(h.Current().Study.ID)+"#public", http.StatusSeeOther)
	return nil
}

// showStudyProblem shows the report again with what has to be put right.
func (s *Server) showStudyProblem(w http.ResponseWriter, r *http.Request, v visitor, h assess.StudyHistory, problem error, slug string) error {
	view, err := assess.ViewStudyVersion(r.Context(), s.DB, v.org.ID, h, h.Current())
	if err != nil {
		return err
	}
	p := s.newPage(r, &v, "")
	if err := p.refuse(problem); err != nil {
		return err
	}
	out := p.study(h, h.Current(), view, p.teamLinks(h.Current(), h), v.org.Zone())
	if err := s.studyTools(r.Context(), &out, v, h, h.Current(), view); err != nil {
		return err
	}
	out.Tools.Slug = slug
	return s.render(w, http.StatusUnprocessableEntity, "study", out)
}

// withdrawStudy closes the public address of a study.
func (s *Server) withdrawStudy(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := s.DB.WithdrawStudy(r.Context(), v.org.ID, r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/studies/"+url.PathEscape(r.PathValue("id"))+"#public", http.StatusSeeOther)
	return nil
}

// pictures keeps the PNG files of public pages for a while: they cost most to make, and
// anybody may ask for them.
type pictures struct {
	mu   sync.Mutex
	kept map[string]*drawnPicture
}

// drawnPicture is one file; the lock is held while it is drawn, so that a crowd that asks for
// it at once waits for one drawing.
type drawnPicture struct {
	mu  sync.Mutex
	png []byte
}

// mostPictures is how many files are kept.
const mostPictures = 64

// png returns the picture of a key, and makes it with draw when it is not kept.
func (c *pictures) png(key string, draw func() ([]byte, error)) ([]byte, error) {
	p := c.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.png != nil {
		return p.png, nil
	}
	b, err := draw()
	if err != nil {
		return nil, err
	}
	p.png = b
	return b, nil
}

// of returns the place of a picture.
func (c *pictures) of(key string) *drawnPicture {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.kept[key]
	if ok {
		return p
	}
	if c.kept == nil || len(c.kept) >= mostPictures {
		c.kept = map[string]*drawnPicture{}
	}
	p = &drawnPicture{}
	c.kept[key] = p
	return p
}
