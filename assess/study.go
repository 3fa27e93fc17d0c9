package assess

import (
	"embed"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"goalpost"
	"goalpost/infer"
)

//go:embed study/*.json
var publishedFiles embed.FS

// published are the studies that ship with the program.
var published = sync.OnceValues(func() ([]goalpost.Study, error) {
	entries, err := publishedFiles.ReadDir("study")
	if err != nil {
		return nil, fmt.Errorf("assess: published studies: %w", err)
	}
	var list []goalpost.Study
	for _, e := range entries {
		data, err := publishedFiles.ReadFile(path.Join("study", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("assess: published studies: %w", err)
		}
		s, err := ParseStudyJSON(e.Name(), data)
		if err != nil {
			return nil, fmt.Errorf("assess: published studies: %w", err)
		}
		list = append(list, s)
	}
	return list, nil
})

// PublishedStudies returns the studies that ship with the program, by id.
func PublishedStudies() ([]goalpost.Study, error) {
	list, err := published()
	return slices.Clone(list), err
}

// StudyView is a study with what its figures are worth.
type StudyView struct {
	Study     goalpost.Study
	Questions []QuestionView // in the order of the study
	// Lost says that shares of single respondents are missing: their answers were
	// replaced before shares were kept with each version.
	Lost bool
	// Few says that cells are left out from which one could tell single people's answers.
	Few bool
}

// QuestionView is a question over its versions and references.
type QuestionView struct {
	Code     string
	Versions []goalpost.Question // by version
	Results  []goalpost.Result   // by reference, then option
	Changes  []goalpost.Change   // by option, then references
	Ranks    []Rank              // one a reference with two figures or more
	Unserved []Unserved          // of a question about goals: who measures what they want
	Hints    []goalpost.Note     // of bases and sums
}

// Current is the newest version of the question.
func (q QuestionView) Current() goalpost.Question { return q.Versions[len(q.Versions)-1] }

// Option returns an option in whichever version has it.
func (q QuestionView) Option(code string) goalpost.Item {
	for _, v := range slices.Backward(q.Versions) {
		if o, ok := v.Option(code); ok {
			return o
		}
	}
	return goalpost.Item{Code: code}
}

// Result returns the result of an option at a reference.
func (q QuestionView) Result(reference, option string) (goalpost.Result, bool) {
	for _, r := range q.Results {
		if r.Reference == reference && r.Option == option {
			return r, true
		}
	}
	return goalpost.Result{}, false
}

// Change returns the change of an option between two references.
func (q QuestionView) Change(from, to, option string) (goalpost.Change, bool) {
	for _, c := range q.Changes {
		if c.From == from && c.To == to && c.Option == option {
			return c, true
		}
	}
	return goalpost.Change{}, false
}

// ChangesByPlace returns the changes by from, to and option.
func (q QuestionView) ChangesByPlace() map[[3]string]goalpost.Change {
	at := make(map[[3]string]goalpost.Change, len(q.Changes))
	for _, c := range q.Changes {
		at[[3]string{c.From, c.To, c.Option}] = c
	}
	return at
}

// mostChanges is how many changes a person reads.
const mostChanges = 200

// ShownChanges are the changes to list: all, or of a question asked very often only those
// from one time to the next.
func (q QuestionView) ShownChanges() (list []goalpost.Change, all bool) {
	if len(q.Changes) <= mostChanges {
		return q.Changes, true
	}
	for i, c := range q.Changes {
		if i == 0 || q.Changes[i-1].From != c.From || q.Changes[i-1].Option != c.Option {
			list = append(list, c)
		}
	}
	return list, false
}

// Rank says whether the most named option of a reference is ahead of the second.
type Rank struct {
	Reference string          `json:"reference"`
	First     string          `json:"first"`
	Second    string          `json:"second"`
	Points    float64         `json:"points"`
	Lo        float64         `json:"lo"`
	Hi        float64         `json:"hi"`
	Settled   bool            `json:"settled"`
	Cautions  []goalpost.Note `json:"cautions,omitempty"`
}

// ViewStudy computes shares, intervals, changes and hints of a study. responses are the
// answers of single respondents by wave; nil where only figures are known.
func ViewStudy(s goalpost.Study, responses map[string][]goalpost.Response) StudyView {
	v, byCode := arrange(s)
	for _, a := range s.Asked {
		q := &v.Questions[byCode[a.Question]]
		q.Results = append(q.Results, resultsOf(s, a, responses)...)
	}
	v.conclude()
	for i := range v.Questions {
		v.Questions[i].holdMix(v, responses)
	}
	for _, p := range s.Pairs {
		if i, ok := byCode[p.Goals]; ok {
			v.Questions[i].Unserved = unserved(v, p, responses)
		}
	}
	return v
}

// arrange puts the published figures to their questions; the map says where each is.
func arrange(s goalpost.Study) (StudyView, map[string]int) {
	v := StudyView{Study: s}
	byCode := map[string]int{}
	for _, q := range s.Questions {
		i, ok := byCode[q.Code]
		if !ok {
			i = len(v.Questions)
			byCode[q.Code] = i
			v.Questions = append(v.Questions, QuestionView{Code: q.Code})
		}
		v.Questions[i].Versions = append(v.Questions[i].Versions, q)
	}
	for _, ref := range s.References {
		for _, f := range s.Figures {
			if f.Reference == ref.ID {
				q := &v.Questions[byCode[f.Question]]
				q.Results = append(q.Results, resultOf(f, ref))
			}
		}
	}
	return v, byCode
}

// conclude makes hints, ranks and changes of the results.
func (v *StudyView) conclude() {
	for i := range v.Questions {
		q := &v.Questions[i]
		slices.SortFunc(q.Versions, func(a, b goalpost.Question) int { return a.Version - b.Version })
		for _, ref := range v.Study.References {
			q.examine(ref)
		}
	}
	mix := mixOf(*v)
	for i := range v.Questions {
		v.Questions[i].compare(v.Study, mix)
	}
}

// Question returns a question by its code.
func (v StudyView) Question(code string) (QuestionView, bool) {
	for _, q := range v.Questions {
		if q.Code == code {
			return q, true
		}
	}
	return QuestionView{}, false
}

// resultOf makes a result of a figure: the count that is nearest to the printed
// percentage of the base, and its interval.
func resultOf(f goalpost.Figure, ref goalpost.Reference) goalpost.Result {
	r := goalpost.Result{Wave: ref.Wave, Reference: ref.ID, Version: max(f.Version, 1), Option: f.Option, BaseKind: f.Kind, Quality: f.Quality,
		Flags: append([]string{}, f.Flags...), Source: f.Source, Note: f.Note}
	if f.Base > 0 {
		r.Base = &f.Base
	}
	switch {
	case f.Below != "":
		r.PublishedMax = fractionOf(f.Below)
	case f.About != "":
		r.Published, r.Approximate = fractionOf(f.About), true
	case f.Mean != "":
		mean, err := strconv.ParseFloat(string(f.Mean), 64)
		if err == nil {
			r.Mean = &mean
		}
	default:
		r.Published = fractionOf(f.Percent)
		r.Printed = roundedOf(f.Percent)
		if f.Base > 0 && f.Kind != goalpost.BaseUnknown {
			k := math.Round(r.Printed.Percent * float64(f.Base) / 100)
			r.SetShare(infer.Share(k, float64(f.Base), goalpost.StudyLevel))
		}
	}
	return r
}

// roundedOf reads a percentage that was checked before.
func roundedOf(p goalpost.Printed) infer.Rounded {
	v, err := strconv.ParseFloat(string(p), 64)
	if err != nil {
		return infer.Rounded{Percent: math.NaN()}
	}
	_, decimals, _ := strings.Cut(string(p), ".")
	return infer.Rounded{Percent: v, Decimals: len(decimals)}
}

// fractionOf is the fraction nearest to a printed percentage; division would add digits.
func fractionOf(p goalpost.Printed) *float64 {
	v, err := strconv.ParseFloat(string(p)+"e-2", 64)
	if err != nil {
		return nil
	}
	return &v
}
