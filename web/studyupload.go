package web

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
)

// maxFigureFile is how large a file of published figures may be.
const maxFigureFile = 8 << 20

// StudyFilePage takes a file of published figures.
type StudyFilePage struct {
	Page
	Why       string
	CSV, JSON string // the template
}

// studyFileForm shows the form for a file of published figures.
func (s *Server) studyFileForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showStudyFile(w, r, v, "", nil)
}

func (s *Server) showStudyFile(w http.ResponseWriter, r *http.Request, v visitor, why string, problem error) error {
	p := StudyFilePage{Page: s.newPage(r, &v, "web.entry.title.file"), Why: why}
	p.CSV, p.JSON = p.Href("/studies-template.csv"), p.Href("/studies-template.json")
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	return s.render(w, status, "studyfile", p)
}

// addStudyFile keeps the figures of a file as a study, or as a correction of one.
func (s *Server) addStudyFile(w http.ResponseWriter, r *http.Request, v visitor) error {
	f, form, err := s.receiveOne(w, r, v, maxFigureFile)
	why := strings.TrimSpace(form.Get("why"))
	if err != nil {
		return s.showStudyFile(w, r, v, why, err)
	}
	study, err := s.readStudy(r, f)
	if err == nil {
		_, _, err = assess.ImportStudy(r.Context(), s.DB, v.org.ID, study, v.user.Name, why, s.Now())
	}
	if err != nil {
		return s.showStudyFile(w, r, v, why, err)
	}
	http.Redirect(w, r, "/"+langOf(r)+"/studies/"+url.PathEscape(study.ID), http.StatusSeeOther)
	return nil
}

// readStudy reads published figures of an upload, and removes it.
func (s *Server) readStudy(r *http.Request, f *upload) (study goalpost.Study, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("web: read %s: %v", f.name, fault)
		}
		err = errors.Join(err, os.Remove(f.path))
	}()
	file, err := os.Open(f.path)
	if err != nil {
		return study, fmt.Errorf("web: upload %s: %w", f.name, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return assess.ReadStudy(r.Context(), f.name, file, f.size)
}

// studyTemplate answers with a small study that can be filled in.
func (s *Server) studyTemplate(w http.ResponseWriter, r *http.Request, _ visitor) error {
	study := assess.StudyTemplate()
	if strings.HasSuffix(r.URL.Path, ".json") {
		attach(w, "study.json")
		return writeJSON(w, study)
	}
	return writeCSV(w, "study.csv", studyRows(study))
}

// receiveOne stores the only file of a form, and returns what else the form says. The
// caller removes the file.
func (s *Server) receiveOne(w http.ResponseWriter, r *http.Request, v visitor, most int64) (f *upload, form url.Values, err error) {
	c := http.NewResponseController(w)
	if err := errors.Join(c.SetReadDeadline(time.Time{}), c.SetWriteDeadline(time.Time{})); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, nil, fmt.Errorf("web: upload: %w", err)
	}
	r.Body = http.MaxBytesReader(w, r.Body, most+formLimit)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.form", Err: err}
	}
	form = url.Values{}
	defer func() {
		if err != nil && f != nil {
			_ = os.Remove(f.path) // the first error is what counts
		}
	}()
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, form, diskError(err, "")
		}
		if part.FormName() != "file" {
			text, err := io.ReadAll(io.LimitReader(part, mostLetters))
			if err != nil {
				return f, form, diskError(err, "")
			}
			form.Set(part.FormName(), string(text))
			continue
		}
		if part.FileName() == "" || f != nil {
			continue
		}
		one := &upload{org: v.org.ID, name: cleanName(part.FileName()), by: v.user.Name, at: s.Now(), state: uploadAsking, batch: rand.Text()}
		if err := s.waves.save(part, one); err != nil {
			return nil, form, err
		}
		f = one
	}
	if f == nil {
		return nil, form, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.no-file", Field: "file"}
	}
	if f.size > most {
		return f, form, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.too-large", Args: []goalpost.Arg{goalpost.TextArg(f.name)}}
	}
	return f, form, nil
}

// mapJSON writes a map as the command line takes it.
func mapJSON(m assess.WaveMap) string {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return "" // it has no values that JSON cannot write
	}
	return string(b)
}
