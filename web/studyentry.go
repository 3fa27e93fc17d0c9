package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// StudyFigurePage is the form for one figure of a study.
type StudyFigurePage struct {
	Page
	Back      MenuItem
	Question  string
	Action    string
	Groups    []FormGroup
	Flags     []Option
	CanRemove bool
}

// studyFlags are the flags that a person can set.
var studyFlags = []string{"implausible", "probably_expected", "ambiguous"}

// figurePlace is the study, the question and the figure that an address or form names.
type figurePlace struct {
	history  assess.StudyHistory
	question goalpost.Question
	old      goalpost.Figure
	known    bool // there is such a figure: it is corrected
}

func (s *Server) figurePlace(r *http.Request, v visitor, t typed) (p figurePlace, err error) {
	if p.history, err = assess.Study(r.Context(), s.DB, v.org.ID, r.PathValue("id")); err != nil {
		return p, notFound()
	}
	version, err := strconv.Atoi(t.get("version"))
	if err != nil {
		return p, notFound()
	}
	study, ok := p.history.Current().Study, false
	if p.question, ok = study.Question(t.get("question"), version); !ok {
		return p, notFound()
	}
	p.old, p.known = assess.FigureOf(study, goalpost.Figure{Question: p.question.Code, Version: version, Reference: t.get("reference"), Option: t.get("option")})
	return p, nil
}

// figureForm shows the form for a figure: a new one, or one to correct.
func (s *Server) figureForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	query := r.URL.Query()
	place, err := s.figurePlace(r, v, typed(query))
	if err != nil {
		return err
	}
	shown := query
	if place.known {
		in := assess.InputOf(place.old)
		shown = url.Values{"question": {in.Question}, "version": {strconv.Itoa(in.Version)}, "reference": {in.Reference}, "option": {in.Option}, "printed": {in.Printed}, "number": {in.Number}, "base": {in.Base},
			"base_kind": {in.BaseKind}, "quality": {in.Quality}, "source": {in.Source}, "note_en": {in.NoteEN}, "note_de": {in.NoteDE}, "flag": in.Flags}
	}
	return s.showFigureForm(w, r, v, place, shown, nil)
}

func (s *Server) showFigureForm(w http.ResponseWriter, r *http.Request, v visitor, place figurePlace, shown url.Values, problem error) error {
	title := "web.entry.title.figure"
	if place.known {
		title = "web.entry.title.correct"
	}
	study := place.history.Current().Study
	p := StudyFigurePage{Page: s.newPage(r, &v, title), Action: r.URL.Path, CanRemove: place.known}
	p.Back = MenuItem{Href: p.Href("/studies/" + url.PathEscape(study.ID)), Text: study.Title.In(p.lang)}
	p.Question = place.question.Wording.In(p.lang)
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	f := fieldsOf{p.Page, shown}
	which := []FormField{{Name: "question", Kind: "hidden", Value: place.question.Code}, {Name: "version", Kind: "hidden", Value: strconv.Itoa(place.question.Version)}}
	which = append(which, p.figureOf(f, study, place)...)
	number := f.needed("number")
	printed := []string{assess.PrintedExactly, assess.PrintedBelow, assess.PrintedAbout}
	if place.question.Type == goalpost.NumberQuestion {
		printed = []string{assess.PrintedMean}
	}
	p.Groups = []FormGroup{{Fields: which},
		{Title: p.T("web.entry.group.number"), Fields: []FormField{f.choice("printed", "web.entry.printed.", printed), number, f.field("number", "base"),
			f.choice("base_kind", "base.", []string{string(goalpost.BaseUnknown), string(goalpost.BaseStated), string(goalpost.BaseAssumed)})}},
		{Title: p.T("web.entry.group.source"), Fields: []FormField{f.choice("quality", "quality.", codesOf(goalpost.Qualities())), f.field("url", "source"), f.text("note_" + p.lang), f.text("note_" + p.OtherLang())}},
		{Title: p.T("web.entry.group.why"), Fields: []FormField{f.needed("why")}}}
	for _, code := range studyFlags {
		p.Flags = append(p.Flags, Option{Value: code, Text: p.printer.Flag(code), Selected: slices.Contains(shown["flag"], code)})
	}
	return s.render(w, status, "studyfigure", p)
}

// figureOf are the fields that say which figure is meant; one that is corrected stays
// where it is.
func (p Page) figureOf(f fieldsOf, study goalpost.Study, place figurePlace) []FormField {
	var list []FormField
	if place.known {
		item, _ := place.question.Option(place.old.Option)
		for _, x := range []struct{ name, value, text string }{{"reference", place.old.Reference, p.printer.Reference(place.old.Reference)}, {"option", place.old.Option, p.printer.Option(item)}} {
			fixed := f.field("fixed", x.name)
			fixed.Help, fixed.Value, fixed.Options = "", x.value, []Option{{Value: x.value, Text: x.text}}
			list = append(list, fixed)
		}
		return list
	}
	when := f.field("choice", "reference")
	when.Help = ""
	for _, r := range study.References {
		when.Options = append(when.Options, Option{Value: r.ID, Text: p.printer.Reference(r.ID), Selected: r.ID == when.Value})
	}
	option := f.field("choice", "option")
	for _, o := range place.question.Options {
		option.Options = append(option.Options, Option{Value: o.Code, Text: p.printer.Option(o), Selected: o.Code == option.Value})
	}
	list = append(list, when, option)
	if !place.question.Complete {
		list = append(list, f.text("new_option"))
	}
	return list
}

// enterFigure keeps a figure, or takes it out, as a new version of its study.
func (s *Server) enterFigure(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	t := typed(r.PostForm)
	place, err := s.figurePlace(r, v, t)
	if err != nil {
		return err
	}
	study, err := enteredFigure(t, r.PostForm["flag"], place)
	if err == nil {
		err = s.correct(r, v, study)
	}
	if err != nil {
		place.known = place.known && t.get("new_option") == ""
		return s.showFigureForm(w, r, v, place, r.PostForm, err)
	}
	http.Redirect(w, r, "/"+langOf(r)+"/studies/"+url.PathEscape(study.ID)+"#question-"+place.question.Code, http.StatusSeeOther)
	return nil
}

// enteredFigure is the study as the form wants it.
func enteredFigure(t typed, flags []string, place figurePlace) (goalpost.Study, error) {
	study := place.history.Current().Study
	if t.get("remove") != "" {
		return assess.RemoveFigure(study, place.old)
	}
	in := assess.FigureInput{Question: place.question.Code, Version: place.question.Version, Reference: t.get("reference"), Option: t.get("option"), Printed: t.get("printed"), Number: t.get("number"),
		Base: t.get("base"), BaseKind: t.get("base_kind"), Quality: t.get("quality"), Source: t.get("source"), NoteEN: t.get("note_en"), NoteDE: t.get("note_de"), Flags: flags}
	for _, f := range place.old.Flags {
		if !slices.Contains(studyFlags, f) {
			in.Flags = append(in.Flags, f) // of a file: no box for it
		}
	}
	if text := t.get("new_option"); text != "" {
		list := assess.ReadOptions(strings.ReplaceAll(text, "\n", " "))
		if len(list) != 1 {
			return study, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.study.code", Field: "new_option", Args: []goalpost.Arg{goalpost.TextArg(text)}}
		}
		var err error
		if study, err = assess.AddOption(study, place.question.Code, place.question.Version, list[0]); err != nil {
			return study, err
		}
		in.Option = list[0].Code
	}
	f, err := in.Figure()
	if err != nil {
		return study, err
	}
	return assess.EnterFigure(study, f)
}
