package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// corrections says what differs between the version shown and the newest, or, of the
// newest, the version before. viewOf shows a version as those may see it for whom the page is.
func corrections(out *StudyPage, viewOf func(goalpost.StudyVersion) (assess.StudyView, error), h assess.StudyHistory, version goalpost.StudyVersion, view assess.StudyView) error {
	newest := version.Version == h.Current().Version
	other, ok := h.Before(version.Version)
	if !newest {
		other, ok = h.Current(), true
	}
	if !ok {
		return nil
	}
	otherView, err := viewOf(other)
	if err != nil {
		return err
	}
	before, after, title := otherView, view, out.say("web.study.changed", goalpost.PlainArg(other.Version))
	if !newest {
		before, after, title = view, otherView, out.say("web.study.changed-since", goalpost.PlainArg(other.Version))
	}
	for _, c := range assess.Corrections(before, after) {
		out.Changed = append(out.Changed, out.correction(c))
	}
	if len(out.Changed) > 0 {
		out.ChangedTitle = title
	}
	return nil
}

// correction says one thing that differs.
func (p Page) correction(c assess.Correction) string {
	if !c.OfFigure() {
		return p.printer.Note(c.What)
	}
	args := []goalpost.Arg{goalpost.TextsArg(c.Wording), goalpost.OptionArg(c.Option), goalpost.ReferenceArg(c.Reference)}
	switch {
	case !c.What.IsZero():
		return p.say("web.study.changed.detail", append(args, goalpost.TextArg(p.printer.Note(c.What)))...)
	case c.From == nil:
		return p.say("web.study.changed.new", append(args, goalpost.TextArg(p.printer.Published(*c.To)))...)
	case c.To == nil:
		return p.say("web.study.changed.gone", append(args, goalpost.TextArg(p.printer.Published(*c.From)))...)
	}
	return p.say("web.study.changed.number", append(args, goalpost.TextArg(p.printer.Published(*c.From)), goalpost.TextArg(p.printer.Published(*c.To)))...)
}

// studyTools adds what editors can do. Only the newest version can be corrected.
func (s *Server) studyTools(ctx context.Context, out *StudyPage, v visitor, h assess.StudyHistory, version goalpost.StudyVersion, view assess.StudyView) error {
	id := url.PathEscape(version.Study.ID)
	base := out.Href("/studies/" + id)
	t := &StudyTools{Wave: base + "/wave/new", Question: base + "/question/new", Upload: out.Href("/studies-wave?study=" + id), Published: base + "/publish", Withdraw: base + "/withdraw", Slug: version.Study.ID}
	public, err := s.DB.StudyPublications(ctx, v.org.ID)
	if err != nil {
		return err
	}
	if p, ok := public[version.Study.ID]; ok {
		t.Slug, t.Withdrawn = p.Slug, !p.On
		if p.On {
			t.Public = s.outsideURL() + out.Href("/r/"+p.Slug)
		}
	}
	out.Tools = t
	if version.Version != h.Current().Version {
		return nil
	}
	counted := func(question, reference string) bool {
		for _, a := range version.Study.Asked {
			if a.Question == question && a.Reference == reference {
				return true
			}
		}
		return false
	}
	for i, q := range view.Questions {
		place := url.Values{"question": {q.Code}, "version": {strconv.Itoa(q.Current().Version)}}
		out.Questions[i].Enter = base + "/figure?" + place.Encode()
		for k, r := range q.Results {
			if counted(q.Code, r.Reference) {
				continue // counted here: the answers say it, not a person
			}
			place := url.Values{"question": {q.Code}, "version": {strconv.Itoa(r.Version)}, "reference": {r.Reference}, "option": {r.Option}}
			out.Questions[i].Rows[k].Correct = base + "/figure?" + place.Encode()
		}
	}
	return nil
}

// publicAddress is an address for people outside.
func (s *Server) publicAddress(p Page, path string) string {
	return s.outsideURL() + p.Href(path)
}

// optionQuery names some options of a figure in an address.
func optionQuery(options []string) string {
	if len(options) == 0 {
		return ""
	}
	return "?option=" + url.QueryEscape(strings.Join(options, " "))
}
