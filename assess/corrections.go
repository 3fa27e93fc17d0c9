package assess

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"goalpost"
)

// Correction is one thing that differs between two versions of a study: a figure, or
// something around the figures.
type Correction struct {
	Wording   goalpost.Text // of the figure's question
	Option    goalpost.Item
	Reference string
	From, To  *goalpost.Result // the figure as it was and is; nil where there is none
	// What is what else changed; zero where a figure's number did.
	What goalpost.Note
}

// OfFigure reports whether the correction is of a figure.
func (c Correction) OfFigure() bool { return c.Reference != "" }

// Corrections says what differs between two versions of a study, figure by figure.
func Corrections(before, after StudyView) []Correction {
	list := around(before.Study, after.Study)
	for _, q := range after.Questions {
		old, _ := before.Question(q.Code)
		for _, r := range q.Results {
			list = append(list, figureChange(old, q, r)...)
		}
	}
	for _, old := range before.Questions {
		q, _ := after.Question(old.Code)
		for _, r := range old.Results {
			if _, still := sameFigure(q, r); !still {
				list = append(list, Correction{Wording: old.Current().Wording, Option: old.Option(r.Option), Reference: r.Reference, From: &r})
			}
		}
	}
	return list
}

// sameFigure finds the figure of the same version of the question, time and option.
func sameFigure(q QuestionView, r goalpost.Result) (goalpost.Result, bool) {
	for _, x := range q.Results {
		if x.Reference == r.Reference && x.Option == r.Option && x.Version == r.Version {
			return x, true
		}
	}
	return goalpost.Result{}, false
}

// figureChange says what differs in one figure that is there now.
func figureChange(old, q QuestionView, r goalpost.Result) []Correction {
	c := Correction{Wording: q.Current().Wording, Option: q.Option(r.Option), Reference: r.Reference, To: &r}
	was, there := sameFigure(old, r)
	if !there {
		return []Correction{c}
	}
	c.From = &was
	if !sameNumber(was, r) {
		return []Correction{c}
	}
	var list []Correction
	say := func(differs bool, key string, args ...goalpost.Arg) {
		if differs {
			one := c
			one.What = goalpost.NewNote("study.corrected."+key, args...)
			list = append(list, one)
		}
	}
	say(baseOf(was) != baseOf(r) || was.BaseKind != r.BaseKind, "base", goalpost.PlainArg(baseOf(was)), goalpost.WordArg("base."+string(was.BaseKind)), goalpost.PlainArg(baseOf(r)), goalpost.WordArg("base."+string(r.BaseKind)))
	say(was.Quality != r.Quality, "quality", goalpost.WordArg("quality."+string(was.Quality)), goalpost.WordArg("quality."+string(r.Quality)))
	say(was.Source != r.Source, "source")
	say(!maps.Equal(was.Note, r.Note), "note")
	say(!slices.Equal(was.Flags, r.Flags), "flags")
	return list
}

func baseOf(r goalpost.Result) int {
	if r.Base == nil {
		return 0
	}
	return *r.Base
}

// sameNumber compares the numbers of two figures as they are printed; of shares that were
// counted here a tenth of a point counts.
func sameNumber(a, b goalpost.Result) bool {
	same := func(x, y *float64) bool {
		return (x == nil) == (y == nil) && (x == nil || math.Abs(*x-*y) < 1e-9)
	}
	if a.Published == nil && a.PublishedMax == nil && a.Mean == nil && a.Share != nil && b.Share != nil && b.Published == nil && b.PublishedMax == nil && b.Mean == nil {
		return math.Round(1000**a.Share) == math.Round(1000**b.Share)
	}
	return same(a.Published, b.Published) && same(a.PublishedMax, b.PublishedMax) && same(a.Mean, b.Mean) && a.Approximate == b.Approximate && a.Printed == b.Printed
}

// around says what differs around the figures.
func around(before, after goalpost.Study) []Correction {
	var list []Correction
	say := func(differs bool, key string, args ...goalpost.Arg) {
		if differs {
			list = append(list, Correction{What: goalpost.NewNote("study.corrected."+key, args...)})
		}
	}
	say(!maps.Equal(before.Title, after.Title), "title", goalpost.TextsArg(before.Title), goalpost.TextsArg(after.Title))
	say(before.Publisher != after.Publisher, "publisher", goalpost.TextArg(before.Publisher), goalpost.TextArg(after.Publisher))
	say(!maps.Equal(before.Note, after.Note), "study-note")
	differences(before.Waves, after.Waves, func(w goalpost.Wave) string { return w.ID }, func(w goalpost.Wave, how string) { say(true, "wave-"+how, goalpost.TextArg(w.ID)) })
	differences(before.References, after.References, func(r goalpost.Reference) string { return r.ID }, func(r goalpost.Reference, how string) { say(true, "moment-"+how, goalpost.ReferenceArg(r.ID)) })
	differences(before.Questions, after.Questions, func(q goalpost.Question) string { return fmt.Sprint(q.Code, " ", q.Version) },
		func(q goalpost.Question, how string) { say(true, "question-"+how, goalpost.TextsArg(q.Wording)) })
	return list
}

// differences calls what for each element that was added, changed or removed.
func differences[T any](before, after []T, name func(T) string, what func(x T, how string)) {
	at := map[string]T{}
	for _, x := range before {
		at[name(x)] = x
	}
	for _, x := range after {
		old, ok := at[name(x)]
		delete(at, name(x))
		switch {
		case !ok:
			what(x, "added")
		case !sameJSON(old, x):
			what(x, "changed")
		}
	}
	for _, x := range before {
		if _, gone := at[name(x)]; gone {
			what(x, "removed")
		}
	}
}

func sameJSON(a, b any) bool {
	x, err := json.Marshal(a)
	y, other := json.Marshal(b)
	return err == nil && other == nil && string(x) == string(y)
}
