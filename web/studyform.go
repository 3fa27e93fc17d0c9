package web

import (
	"net/http"
	"net/url"
	"strconv"

	"goalpost"
	"goalpost/assess"
)

// StudyFormPage is the form for a new study, or for a wave or question of one.
type StudyFormPage struct {
	Page
	Back   MenuItem
	Intro  string
	Action string
	Groups []FormGroup
	Button string
}

// newStudy shows the form for a study.
func (s *Server) newStudy(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showStudyForm(w, r, v, "study", nil, nil)
}

// showStudyForm shows a form with what was typed and what is wrong with it; h is nil for
// a new study.
func (s *Server) showStudyForm(w http.ResponseWriter, r *http.Request, v visitor, part string, h *assess.StudyHistory, problem error) error {
	p := StudyFormPage{Page: s.newPage(r, &v, "web.entry.title."+part), Action: r.URL.Path}
	p.Intro, p.Button = p.T("web.entry.intro."+part), p.T("web.entry.do."+part)
	p.Back = MenuItem{Href: p.Href("/studies"), Text: p.T("web.studies.title")}
	if h != nil {
		p.Back = MenuItem{Href: p.Href("/studies/" + url.PathEscape(h.Current().Study.ID)), Text: h.Current().Study.Title.In(p.lang)}
	}
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	f := fieldsOf{p.Page, r.PostForm}
	if part == "study" {
		p.Groups = append(p.Groups, FormGroup{Title: p.T("web.entry.group.study"), Fields: []FormField{f.needed("title_" + p.lang), f.text("title_" + p.OtherLang()), f.text("publisher"), f.needed("id")}})
	}
	if part != "question" {
		p.Groups = append(p.Groups, FormGroup{Title: p.T("web.entry.group.wave"), Help: p.T("web.entry.group.wave.help"), Fields: p.waveFields(f)})
	}
	if part != "wave" {
		lines := f.field("lines", "options")
		lines.Required = true
		p.Groups = append(p.Groups, FormGroup{Title: p.T("web.entry.group.question"), Fields: []FormField{f.needed("wording_" + p.lang), f.text("wording_" + p.OtherLang()),
			f.choice("type", "question.", codesOf(goalpost.QuestionTypes())), lines, f.text("code"), f.check("complete"), f.check("paraphrase"), f.check("profile")}})
	}
	if part != "study" {
		p.Groups = append(p.Groups, FormGroup{Title: p.T("web.entry.group.why"), Fields: []FormField{f.needed("why")}})
	}
	return s.render(w, status, "studyform", p)
}

// waveFields are the fields of a wave.
func (p Page) waveFields(f fieldsOf) []FormField {
	n := f.field("number", "n")
	sample := f.choice("sample_kind", "sample.", codesOf(goalpost.SampleKinds()))
	if f.typed.Get("sample_kind") == "" {
		for i := range sample.Options {
			sample.Options[i].Selected = sample.Options[i].Value == string(goalpost.SampleUnknown)
		}
	}
	kinds := []string{string(goalpost.ReferenceCurrent), string(goalpost.ReferencePast), string(goalpost.ReferenceExpected)}
	return []FormField{f.needed("wave"), f.text("fielded_from"), f.text("fielded_to"), n, sample, f.choice("reference_kind", "reference.", kinds), f.text("reference"),
		f.text("respondents_" + p.lang), f.text("respondents_" + p.OtherLang()), f.text("recruiting_" + p.lang), f.text("recruiting_" + p.OtherLang()), f.text("mode_" + p.lang), f.text("mode_" + p.OtherLang()), f.field("url", "source")}
}

// readWave takes a wave, and the time of which its answers speak, from a form.
func readWave(t typed) (goalpost.Wave, goalpost.Reference, error) {
	w := goalpost.Wave{ID: t.get("wave"), FieldFrom: t.get("fielded_from"), FieldTo: t.get("fielded_to"), Sample: goalpost.SampleKind(t.get("sample_kind")),
		Who: t.text("respondents"), Recruiting: t.text("recruiting"), Mode: t.text("mode"), Source: t.get("source")}
	r := goalpost.Reference{ID: t.get("reference"), Wave: w.ID, Kind: goalpost.ReferenceKind(t.get("reference_kind"))}
	if r.ID == "" {
		r.ID = w.ID
		if r.Kind != goalpost.ReferenceCurrent {
			r.ID += " " + string(r.Kind)
		}
	}
	if text := t.get("n"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return w, r, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.number", Field: "n", Args: []goalpost.Arg{goalpost.TextArg(text)}}
		}
		w.N = n
	}
	return w, r, nil
}

// readQuestion takes a question from a form.
func readQuestion(t typed) goalpost.Question {
	q := goalpost.Question{Code: t.get("code"), Type: goalpost.QuestionType(t.get("type")), Wording: t.text("wording"), Options: assess.ReadOptions(t.get("options")),
		Complete: t.get("complete") != "", Paraphrase: t.get("paraphrase") != "", Profile: t.get("profile") != ""}
	if q.Code == "" {
		q.Code = assess.CodeOf(q.Wording.In("en"))
	}
	return q
}

// addStudy makes a study of a form.
func (s *Server) addStudy(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t := typed(r.PostForm)
	again := func(err error) error { return s.showStudyForm(w, r, v, "study", nil, err) }
	study := goalpost.Study{ID: t.get("id"), Title: t.text("title"), Publisher: t.get("publisher")}
	wave, ref, err := readWave(t)
	if err != nil {
		return again(err)
	}
	study, err = assess.BeginStudy(study, wave, ref, readQuestion(t))
	if err != nil {
		return again(err)
	}
	_, err = assess.Study(r.Context(), s.DB, v.org.ID, study.ID)
	switch {
	case err == nil:
		return again(&goalpost.Error{Kind: goalpost.Conflict, Key: "error.study.id-taken", Field: "id", Args: []goalpost.Arg{goalpost.TextArg(study.ID)}})
	case !goalpost.IsKind(err, goalpost.NotFound):
		return err
	}
	if _, _, err := assess.ImportStudy(r.Context(), s.DB, v.org.ID, study, v.user.Name, "", s.Now()); err != nil {
		return again(err)
	}
	http.Redirect(w, r, "/"+langOf(r)+"/studies/"+url.PathEscape(study.ID), http.StatusSeeOther)
	return nil
}

// studyPartForm shows the form for a wave or a question of a study.
func (s *Server) studyPartForm(part string) pageHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		h, err := assess.Study(r.Context(), s.DB, v.org.ID, r.PathValue("id"))
		if err != nil {
			return notFound()
		}
		return s.showStudyForm(w, r, v, part, &h, nil)
	}
}

// addStudyPart adds a wave or a question to a study, as a new version.
func (s *Server) addStudyPart(part string) pageHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		if err := parseForm(r); err != nil {
			return err
		}
		h, err := assess.Study(r.Context(), s.DB, v.org.ID, r.PathValue("id"))
		if err != nil {
			return notFound()
		}
		t, study := typed(r.PostForm), h.Current().Study
		if part == "wave" {
			var wave goalpost.Wave
			var ref goalpost.Reference
			if wave, ref, err = readWave(t); err == nil {
				study, err = assess.AddWave(study, wave, ref)
			}
		} else {
			study, err = assess.AddQuestion(study, readQuestion(t))
		}
		if err == nil {
			err = s.correct(r, v, study)
		}
		if err != nil {
			return s.showStudyForm(w, r, v, part, &h, err)
		}
		http.Redirect(w, r, "/"+langOf(r)+"/studies/"+url.PathEscape(study.ID), http.StatusSeeOther)
		return nil
	}
}

// correct keeps a study that a form changed as a new version; the form says why.
func (s *Server) correct(r *http.Request, v visitor, study goalpost.Study) error {
	why := typed(r.PostForm).get("why")
	if why == "" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.why-form", Field: "why"}
	}
	_, _, err := assess.ImportStudy(r.Context(), s.DB, v.org.ID, study, v.user.Name, why, s.Now())
	return err
}
