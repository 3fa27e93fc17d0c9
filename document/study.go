package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// Studies are all studies.
type Studies struct {
	Studies []StudyEntry `json:"studies"`
}

// StudyEntry is a study in the list.
type StudyEntry struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Publisher string `json:"publisher"`
	Waves     int    `json:"waves"`
	Questions int    `json:"questions"`
	Figures   int    `json:"figures"`
	Version   int    `json:"version"`
	Shipped   bool   `json:"shipped"`
}

// Study is a study in full.
type Study struct {
	ID         string               `json:"id"`
	Title      string               `json:"title"`
	Publisher  string               `json:"publisher"`
	Note       string               `json:"note"`
	Version    int                  `json:"version"`
	Versions   []StudyVersion       `json:"versions"`
	Waves      []goalpost.Wave      `json:"waves"`
	References []goalpost.Reference `json:"references"`
	Questions  []StudyQuestion      `json:"questions"`
}

// StudyVersion says what a version of a study changed.
type StudyVersion struct {
	Version int       `json:"version"`
	At      time.Time `json:"at,omitzero"`
	By      string    `json:"by"`
	Why     string    `json:"why"`
}

// StudyQuestion is a question with its results and what can be concluded.
type StudyQuestion struct {
	Code       string                `json:"code"`
	Type       goalpost.QuestionType `json:"type"`
	Wording    goalpost.Text         `json:"wording"`
	Paraphrase bool                  `json:"paraphrase"`
	BaseRule   goalpost.Text         `json:"base_rule"`
	Note       string                `json:"note"`
	Versions   []goalpost.Question   `json:"versions"`
	Options    []StudyOption         `json:"options"`
	Results    []StudyResult         `json:"results"`
	Changes    []StudyChange         `json:"changes"`
	Ranks      []StudyRank           `json:"ranks"`
	Unserved   []StudyUnserved       `json:"unserved,omitempty"`
	Hints      []string              `json:"hints"`
}

// StudyOption is an option with its name.
type StudyOption struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// StudyResult is a figure with its note.
type StudyResult struct {
	goalpost.Result
	Note string `json:"note"`
}

// StudyChange is a change between two references, or why there is none.
type StudyChange struct {
	goalpost.Change
	Reasons     []string `json:"reasons"`
	ReasonCodes []string `json:"reason_codes"`
	Cautions    []string `json:"cautions"`
}

// StudyUnserved is who measures what they want; without a share it says why.
type StudyUnserved struct {
	assess.Unserved
	Sentence string `json:"sentence"`
}

// StudyRank is an order of options, with what speaks against it.
type StudyRank struct {
	assess.Rank
	Cautions []string `json:"cautions"`
}

// StudiesOf makes the list of studies.
func StudiesOf(say *locale.Printer, list []assess.StudyHistory) Studies {
	d := Studies{Studies: []StudyEntry{}}
	for _, h := range list {
		s := h.Current().Study
		d.Studies = append(d.Studies, StudyEntry{ID: s.ID, Title: s.Title.In(string(say.Language())), Publisher: s.Publisher, Waves: len(s.Waves), Questions: len(assess.ViewStudy(s, nil).Questions),
			Figures: len(s.Figures), Version: h.Current().Version, Shipped: h.Shipped})
	}
	return d
}

// StudyOf makes the document of one version of a study.
func StudyOf(say *locale.Printer, h assess.StudyHistory, v goalpost.StudyVersion, view assess.StudyView) Study {
	language, s := string(say.Language()), v.Study
	d := Study{ID: s.ID, Title: s.Title.In(language), Publisher: s.Publisher, Note: s.Note.In(language), Version: v.Version, Waves: s.Waves, References: s.References, Questions: []StudyQuestion{}}
	for _, old := range h.Versions {
		d.Versions = append(d.Versions, StudyVersion{old.Version, old.At, old.By, old.Why})
	}
	for _, q := range view.Questions {
		d.Questions = append(d.Questions, studyQuestion(say, q))
	}
	return d
}

func studyQuestion(say *locale.Printer, q assess.QuestionView) StudyQuestion {
	language, current := string(say.Language()), q.Current()
	out := StudyQuestion{Code: q.Code, Type: current.Type, Wording: current.Wording, Paraphrase: current.Paraphrase, BaseRule: current.Base, Note: current.Note.In(language), Versions: q.Versions,
		Results: []StudyResult{}, Changes: []StudyChange{}, Ranks: []StudyRank{}}
	for _, o := range current.Options {
		out.Options = append(out.Options, StudyOption{o.Code, say.Option(o)})
	}
	for _, r := range q.Results {
		out.Results = append(out.Results, StudyResult{Result: r, Note: r.Note.In(language)})
	}
	for _, c := range q.Changes {
		e := StudyChange{Change: c}
		e.Reasons, e.ReasonCodes = Sentences(say, c.Reasons)
		e.Cautions, _ = Sentences(say, c.Cautions)
		out.Changes = append(out.Changes, e)
	}
	for _, r := range q.Ranks {
		e := StudyRank{Rank: r}
		e.Cautions, _ = Sentences(say, r.Cautions)
		out.Ranks = append(out.Ranks, e)
	}
	for _, u := range q.Unserved {
		out.Unserved = append(out.Unserved, StudyUnserved{u, say.Note(q.UnservedNote(u))})
	}
	out.Hints, _ = Sentences(say, q.Hints)
	return out
}
