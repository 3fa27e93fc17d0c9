package web

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// Sizes of the form that takes a survey as text: a form that is larger is said to be so, not
// cut off.
const (
	mostYAML = 1 << 20
	yamlForm = 3 * mostYAML // as text and as a file, with what a form adds
)

// SurveyImportPage takes a survey in the plain form.
type SurveyImportPage struct {
	Page
	Text    string
	Slug    string
	Host    string
	Excerpt []ExcerptLine // around the line that is wrong
}

// ExcerptLine is a line of a text with its number.
type ExcerptLine struct {
	Number, Text string
	Wrong        bool
}

// surveyImport asks for a file or a text.
func (s *Server) surveyImport(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showSurveyImport(w, r, v, SurveyImportPage{}, nil)
}

func (s *Server) showSurveyImport(w http.ResponseWriter, r *http.Request, v visitor, p SurveyImportPage, problem error) error {
	p.Page, p.Host = s.newPage(r, &v, "web.surveyyaml.title"), s.outsideURL()+surveyPath
	if problem == nil {
		return s.render(w, http.StatusOK, "surveyimport", p)
	}
	e, ok := asError(problem)
	if !ok || e.Kind == goalpost.NotFound || e.Kind == goalpost.Forbidden {
		return problem
	}
	x := Problem{Field: "text", Text: p.printer.Error(e)}
	if e.Field == "slug" && e.Line == 0 {
		x = Problem{Field: "slug", Text: p.printer.Error(unplaced(e))}
	}
	p.Problems = append(p.Problems, x)
	p.Excerpt = excerpt(p.Text, e.Line)
	return s.render(w, statusOfProblem(problem), "surveyimport", p)
}

// excerpt are the lines around the one that is wrong, as an editor would number them.
func excerpt(text string, wrong int) []ExcerptLine {
	const around, most = 2, 200
	lines := strings.Split(text, "\n")
	if wrong < 1 || wrong > len(lines) {
		return nil
	}
	var list []ExcerptLine
	for n := max(1, wrong-around); n <= min(len(lines), wrong+around); n++ {
		line := []rune(strings.TrimRight(lines[n-1], "\r"))
		if len(line) > most {
			line = append(line[:most], '…')
		}
		list = append(list, ExcerptLine{Number: strconv.Itoa(n), Text: string(line), Wrong: n == wrong})
	}
	return list
}

// addSurveyImport makes a draft of a file or a text; a file counts where both are there. What is
// wrong is said with its line, beside the text.
func (s *Server) addSurveyImport(w http.ResponseWriter, r *http.Request, v visitor) error {
	p, err := readSurveyImport(w, r)
	if err != nil {
		return s.showSurveyImport(w, r, v, p, err)
	}
	x, err := assess.ReadSurvey("", []byte(p.Text), v.org)
	if err != nil {
		return s.showSurveyImport(w, r, v, p, err)
	}
	if p.Slug != "" {
		x.Slug = p.Slug
	}
	if x.Slug == "" {
		if x.Slug, err = assess.FreeSlug(r.Context(), s.DB, assess.SlugOf(x.Form.Title.In(x.Form.Languages[0]))); err != nil {
			return err
		}
	}
	made, err := assess.CreateSurvey(r.Context(), s.DB, v.org.ID, surveyInput(s, v, x))
	if err != nil {
		return s.showSurveyImport(w, r, v, p, err)
	}
	http.Redirect(w, r, s.newPage(r, nil, "").surveyHref(made.ID, "/edit?made=1"), http.StatusSeeOther)
	return nil
}

// readSurveyImport reads the form. Line ends are those of the text as it was written: browsers
// send two characters for each.
func readSurveyImport(w http.ResponseWriter, r *http.Request) (p SurveyImportPage, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, yamlForm)
	if err := r.ParseMultipartForm(yamlForm); err != nil { // all of it fits into memory
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return p, goalpost.Errorf(goalpost.Invalid, "error.surveyform.large", goalpost.NumberArg(mostYAML>>20))
		}
		return p, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.form", Err: err}
	}
	p.Slug, p.Text = strings.TrimSpace(r.PostForm.Get("slug")), r.PostForm.Get("text")
	if f, _, err := r.FormFile("file"); err == nil {
		b, err := io.ReadAll(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return p, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.form", Err: err}
		}
		if len(b) > 0 {
			p.Text = string(b)
		}
	}
	p.Text = strings.ReplaceAll(p.Text, "\r\n", "\n")
	if strings.TrimSpace(p.Text) == "" {
		return p, goalpost.Errorf(goalpost.Invalid, "error.surveyyaml.nothing")
	}
	return p, nil
}

// surveyYAML answers with a survey in the plain form, as a file.
func (s *Server) surveyYAML(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	p := s.newPage(r, &v, "")
	data, err := assess.WriteSurvey(x, v.org, p.T)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/yaml")
	attach(w, x.Slug+".yaml")
	_, _ = w.Write(data) // the client went away; there is nobody to tell
	return nil
}
