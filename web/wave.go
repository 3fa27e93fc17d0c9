package web

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// maxWaveFile is how large a table of respondents may be on the page; larger ones go in
// by the command line.
const maxWaveFile = 64 << 20

// WavePage takes a table with one row a respondent.
type WavePage struct {
	Page
	Studies []Option
	Help    string
}

// waveForm shows the form for a table of respondents.
func (s *Server) waveForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showWaveForm(w, r, v, r.URL.Query().Get("study"), nil)
}

func (s *Server) showWaveForm(w http.ResponseWriter, r *http.Request, v visitor, chosen string, problem error) error {
	p := WavePage{Page: s.newPage(r, &v, "web.wave.title")}
	p.Help = p.say("web.wave.file.help", goalpost.PlainArg(maxWaveFile>>20))
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	list, err := assess.Studies(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	p.Studies = []Option{{Text: p.T("web.wave.study.new")}}
	for _, h := range list {
		study := h.Current().Study
		if h.Shipped && len(h.Versions) == 1 && study.ID != chosen {
			continue // somebody else's study
		}
		p.Studies = append(p.Studies, Option{Value: study.ID, Text: study.Title.In(p.lang), Selected: study.ID == chosen})
	}
	return s.render(w, status, "wave", p)
}

// addWaveFile takes the table and goes on to what its columns mean.
func (s *Server) addWaveFile(w http.ResponseWriter, r *http.Request, v visitor) error {
	s.waves.prune(s.Now())
	f, form, err := s.receiveOne(w, r, v, maxWaveFile)
	if err != nil {
		return s.showWaveForm(w, r, v, form.Get("study"), err)
	}
	f.study = strings.TrimSpace(form.Get("study"))
	if _, err := s.proposeWave(r, v, *f); err != nil {
		_ = os.Remove(f.path) // it is no use
		return s.showWaveForm(w, r, v, f.study, err)
	}
	s.waves.add(f)
	http.Redirect(w, r, "/"+langOf(r)+"/studies-wave/"+f.id, http.StatusSeeOther)
	return nil
}

// readUpload opens a table of respondents, one at a time: such a file can be large.
func (s *Server) readUpload(f upload, do func(file *os.File) error) (err error) {
	select {
	case s.waves.turn <- struct{}{}:
		defer func() { <-s.waves.turn }()
	case <-s.running.Done():
		return goalpost.Errorf(goalpost.Unavailable, "error.web.too-many")
	}
	defer caught("read "+f.name, &err)
	file, err := os.Open(f.path)
	if err != nil {
		return fmt.Errorf("web: upload %s: %w", f.name, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return do(file)
}

// knownStudy is the study that a wave goes into; none yet for a new one.
func (s *Server) knownStudy(r *http.Request, v visitor, id string) (goalpost.Study, error) {
	if id == "" {
		return goalpost.Study{}, nil
	}
	h, err := assess.Study(r.Context(), s.DB, v.org.ID, id)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return goalpost.Study{}, nil
	}
	if err != nil {
		return goalpost.Study{}, err
	}
	return h.Current().Study, nil
}

func (s *Server) proposeWave(r *http.Request, v visitor, f upload) (p assess.WaveProposal, err error) {
	known, err := s.knownStudy(r, v, f.study)
	if err != nil {
		return p, err
	}
	err = s.readUpload(f, func(file *os.File) (err error) {
		p, err = assess.ProposeWave(r.Context(), f.name, file, f.size, known, langOf(r))
		return err
	})
	return p, err
}

// keptWave is what became of a table.
type keptWave struct {
	study   string
	version int
	wave    string
	report  assess.WaveReport
	fewer   []string // questions that not everyone answered
}

// waveHandler answers a request about a table that waits.
type waveHandler func(w http.ResponseWriter, r *http.Request, v visitor, f upload, proposal assess.WaveProposal) error

// withWave finds the table that an address names and what its columns seem to mean. Of a
// table that was kept it shows what became of its rows.
func (s *Server) withWave(w http.ResponseWriter, r *http.Request, v visitor, do waveHandler) error {
	f, err := s.waves.get(v.org.ID, r.PathValue("file"))
	if err == nil && f.survey != 0 {
		err = notFound() // a list of people
	}
	if err != nil {
		return err
	}
	if f.kept != nil {
		return s.showWaveReport(w, r, v, f)
	}
	proposal, err := s.proposeWave(r, v, f)
	if err != nil {
		return err
	}
	return do(w, r, v, f, proposal)
}

// waveMap shows what the columns seem to mean.
func (s *Server) waveMap(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.withWave(w, r, v, s.showProposedMap)
}

func (s *Server) showProposedMap(w http.ResponseWriter, r *http.Request, v visitor, f upload, proposal assess.WaveProposal) error {
	form := url.Values{"wave": {strconv.Itoa(s.Now().Year())}, "sample_kind": {string(goalpost.SampleSelfSelected)}}
	for i, c := range proposal.Choices {
		writeChoice(form, i, c)
	}
	goals, metrics := pairOf(proposal.Choices)
	form.Set("goals", goals)
	form.Set("metrics", metrics)
	return s.showWaveMap(w, r, v, f, proposal, form, nil)
}

// pairOf finds questions that are called goals and metrics.
func pairOf(list []assess.ColumnChoice) (goals, metrics string) {
	for _, c := range list {
		switch c.Question {
		case "goal", "goals", "ziel", "ziele":
			goals = c.Question
		case "metric", "metrics", "kpis", "kennzahl", "kennzahlen":
			metrics = c.Question
		}
	}
	if goals == "" || metrics == "" {
		return "", ""
	}
	return goals, metrics
}

// keepWave keeps the answers of the columns that a person confirmed, and removes the
// file.
func (s *Server) keepWave(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	s.keeping.Lock()
	defer s.keeping.Unlock()
	return s.withWave(w, r, v, s.keepConfirmed)
}

func (s *Server) keepConfirmed(w http.ResponseWriter, r *http.Request, v visitor, f upload, proposal assess.WaveProposal) error {
	head, err := readHead(typed(r.PostForm), f.study)
	m, columns := assess.MapOf(head, readChoices(r.PostForm, proposal.Choices))
	if err == nil {
		err = assess.CheckMap(m, columns)
	}
	if err == nil {
		err = s.keep(r, v, f, m)
	}
	if err != nil {
		return s.showWaveMap(w, r, v, f, proposal, r.PostForm, err)
	}
	http.Redirect(w, r, "/"+langOf(r)+"/studies-wave/"+f.id, http.StatusSeeOther)
	return nil
}

// keep reads the table by a map and keeps the wave.
func (s *Server) keep(r *http.Request, v visitor, f upload, m assess.WaveMap) error {
	var list []goalpost.Response
	var report assess.WaveReport
	err := s.readUpload(f, func(file *os.File) (err error) {
		list, report, err = assess.ReadWaveFile(r.Context(), f.name, file, f.size, m)
		return err
	})
	if err != nil {
		return err
	}
	version, err := assess.ImportWave(r.Context(), s.DB, v.org.ID, m, list, v.user.Name, typed(r.PostForm).get("why"), s.Now())
	if err != nil {
		return err
	}
	kept := &keptWave{study: m.Study, version: version.Version, wave: m.Wave.ID, report: report}
	for _, q := range m.Questions {
		if report.Answered[q.Code] < report.Kept {
			kept.fewer = append(kept.fewer, q.Code)
		}
	}
	if err := os.Remove(f.path); err != nil {
		s.Log.Error("upload not removed", "path", f.path, "err", err)
	}
	s.waves.change(f.id, func(u *upload) { u.state, u.kept = uploadDone, kept })
	return nil
}

// discardWave forgets a table that waits.
func (s *Server) discardWave(w http.ResponseWriter, r *http.Request, v visitor) error {
	f, err := s.waves.get(v.org.ID, r.PathValue("file"))
	if err != nil {
		return err
	}
	s.waves.drop(f.id)
	http.Redirect(w, r, "/"+langOf(r)+"/studies", http.StatusSeeOther)
	return nil
}
