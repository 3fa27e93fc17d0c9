package goalpost

import (
	"maps"
	"slices"
	"strings"
	"time"

	"goalpost/infer"
)

// Text is a text by language: "en", "de".
type Text map[string]string

// In returns the text in a language, else in English, else in whichever there is.
func (t Text) In(language string) string {
	if s := t[language]; s != "" {
		return s
	}
	if s := t["en"]; s != "" {
		return s
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		if t[l] != "" {
			return t[l]
		}
	}
	return ""
}

// QuestionType says what a respondent could answer. Shares of different types never
// stand on one scale.
type QuestionType string

// Types of question.
const (
	SingleChoice   QuestionType = "single"
	MultipleChoice QuestionType = "multiple"
	ScaleQuestion  QuestionType = "scale" // a grade; an option is a group of grades, such as "agree"
	NumberQuestion QuestionType = "number"
	UnknownType    QuestionType = "unknown" // published without the question

	// Only in surveys.
	NPSQuestion     QuestionType = "nps" // would you recommend us, 0 to 10
	TextQuestion    QuestionType = "text"
	RankingQuestion QuestionType = "ranking"
	ConsentQuestion QuestionType = "consent"
)

// QuestionTypes returns all types that the questions of a study can have.
func QuestionTypes() []QuestionType {
	return []QuestionType{SingleChoice, MultipleChoice, ScaleQuestion, NumberQuestion, UnknownType}
}

// ReferenceKind says of which time an answer speaks, seen from when it was given.
type ReferenceKind string

// Kinds of reference period.
const (
	ReferencePast     ReferenceKind = "past"
	ReferenceCurrent  ReferenceKind = "current"
	ReferenceExpected ReferenceKind = "expected"
)

// ReferenceKinds returns all kinds of reference period.
func ReferenceKinds() []ReferenceKind {
	return []ReferenceKind{ReferencePast, ReferenceCurrent, ReferenceExpected}
}

// SampleKind says how the respondents came about, and so what an interval means.
type SampleKind string

// Kinds of sample.
const (
	SampleCensus       SampleKind = "census"        // everyone was asked and answered
	SampleProbability  SampleKind = "probability"   // drawn at random
	SampleList         SampleKind = "list"          // everyone of a list was asked, some answered
	SamplePanel        SampleKind = "panel"         // quotas or a panel
	SampleSelfSelected SampleKind = "self_selected" // whoever wanted to
	SampleUnknown      SampleKind = "unknown"
)

// SampleKinds returns all kinds of sample.
func SampleKinds() []SampleKind {
	return []SampleKind{SampleCensus, SampleProbability, SampleList, SamplePanel, SampleSelfSelected, SampleUnknown}
}

// Random reports whether chance alone decided who answered, so that an interval may
// be called one of sampling error (AAPOR (2016), guidance on reporting precision).
func (k SampleKind) Random() bool { return k == SampleCensus || k == SampleProbability }

// BaseKind says how the number of respondents behind a figure is known.
type BaseKind string

// Kinds of base.
const (
	BaseStated  BaseKind = "stated"  // the source says it
	BaseAssumed BaseKind = "assumed" // the source says how many took part, not how many answered this
	BaseUnknown BaseKind = "unknown"
)

// BaseKinds returns all kinds of base.
func BaseKinds() []BaseKind { return []BaseKind{BaseStated, BaseAssumed, BaseUnknown} }

// Quality says where a published figure was read.
type Quality string

// Qualities of a published figure.
const (
	QualitySeen      Quality = "seen"      // in the publication itself
	QualitySecondary Quality = "secondary" // where somebody quotes it
)

// Qualities returns all qualities.
func Qualities() []Quality { return []Quality{QualitySeen, QualitySecondary} }

// Study asks the same in waves.
type Study struct {
	ID         string      `json:"id"`                // of the address: lower-case letters, digits, hyphens
	Aliases    []string    `json:"aliases,omitempty"` // other ids that lead to it
	Title      Text        `json:"title"`
	Publisher  string      `json:"publisher"`
	Note       Text        `json:"note,omitempty"` // what a reader must know of all of it
	Waves      []Wave      `json:"waves"`
	References []Reference `json:"references"`
	Questions  []Question  `json:"questions"` // several versions of one are several entries
	Figures    []Figure    `json:"figures"`
	// Asked are the questions of waves whose single respondents are known.
	Asked []Asked `json:"asked,omitempty"`
	// Pairs say which metrics measure which goals, so that answers of single people can
	// be looked at for goals that nobody measures.
	Pairs []Pair `json:"pairs,omitempty"`
}

// Asked says which version of a question the single respondents of a wave answered, and
// of which time.
type Asked struct {
	Question  string `json:"question"`
	Version   int    `json:"version"`
	Reference string `json:"reference"`
}

// Pair is a question about goals and one about metrics, asked of the same people.
type Pair struct {
	Goals   string `json:"goals"`   // code of the question
	Metrics string `json:"metrics"` // code of the question
	// Measures are the metrics that measure a goal, by the goal's option; a goal that is
	// not in it is measured by the metric of the same code.
	Measures map[string][]string `json:"measures,omitempty"`
}

// MetricsOf returns the options that measure a goal.
func (p Pair) MetricsOf(goal string) []string {
	if list, ok := p.Measures[goal]; ok {
		return list
	}
	return []string{goal}
}

// Response is what one respondent of an own wave answered.
type Response struct {
	Weight float64 `json:"w"`
	// Choices are the options chosen, by the question's code. A question that is not in
	// it was not answered; an empty list says that none of the options was chosen.
	Choices map[string][]string `json:"c"`
}

// StudyVersion is a study as it stood from a moment on; a correction is a new version.
type StudyVersion struct {
	Study   Study
	Version int       // from 1; what ships with the program is version 1
	At      time.Time // zero for what ships
	By      string    // empty for what ships
	Why     string
	Counted *Counted // nil where no single respondents were counted
}

// Wave is one time that was asked.
type Wave struct {
	ID         string     `json:"id"`
	FieldFrom  string     `json:"fielded_from"` // 2012, 2011-autumn, 2012-09 or 2012-09-15; empty if not known
	FieldTo    string     `json:"fielded_to"`
	N          int        `json:"n"`                    // respondents who took part, 0 if not known
	AtLeast    bool       `json:"n_at_least,omitempty"` // the source says "more than"
	Sample     SampleKind `json:"sample_kind"`
	Who        Text       `json:"respondents,omitempty"` // who was asked
	Recruiting Text       `json:"recruiting,omitempty"`
	Incentive  Text       `json:"incentive,omitempty"`
	Mode       Text       `json:"mode,omitempty"` // by internet, by telephone
	Source     string     `json:"source,omitempty"`
	Note       Text       `json:"note,omitempty"`
}

// Reference is the time of which answers speak.
type Reference struct {
	ID   string        `json:"id"` // "2012", "2013 expected"
	Wave string        `json:"wave"`
	Kind ReferenceKind `json:"kind"`
	Note Text          `json:"note,omitempty"`
}

// Question is one version of a question.
type Question struct {
	Code    string       `json:"code"`
	Version int          `json:"version"` // from 1
	Type    QuestionType `json:"type"`
	Wording Text         `json:"wording"`
	// Paraphrase is true where the words of the question were never seen, so that
	// Wording says in our words what it was about.
	Paraphrase bool   `json:"paraphrase,omitempty"`
	Base       Text   `json:"base_rule,omitempty"` // who was asked it; empty: everyone
	Subset     bool   `json:"subset,omitempty"`    // only a part was asked, of unknown size
	Options    []Item `json:"options"`
	// Complete is true where the options are all that could be ticked.
	Complete bool `json:"complete,omitempty"`
	// Profile is true where the question says who answered: a shift in it is a shift
	// of the mix, and no change of opinion.
	Profile bool `json:"profile,omitempty"`
	Note    Text `json:"note,omitempty"`
}

// Item is an option of a question, by its stable code.
type Item struct {
	Code  string   `json:"code"`
	Label Text     `json:"label"`
	Role  ItemRole `json:"role,omitempty"`  // in surveys
	Fixed bool     `json:"fixed,omitempty"` // in surveys: stays at its place when the others are shuffled
}

// Option returns the option of a code.
func (q Question) Option(code string) (Item, bool) {
	for _, o := range q.Options {
		if o.Code == code {
			return o, true
		}
	}
	return Item{}, false
}

// Printed is a number with the decimals that it was printed with: "62.5", "15.0".
type Printed string

// UnmarshalJSON takes a number as well as a text, and keeps its decimals.
func (p *Printed) UnmarshalJSON(data []byte) error {
	*p = Printed(strings.Trim(string(data), `"`))
	return nil
}

// Figure is one published number. Exactly one of Percent, Below and About is set,
// except for figures of number questions, which have Mean.
type Figure struct {
	Question  string `json:"question"`
	Version   int    `json:"version,omitempty"` // 1 if 0
	Reference string `json:"reference"`
	Option    string `json:"option"`
	// Percent is the share as printed, in per cent, with its decimals: "62.5".
	Percent Printed  `json:"percent,omitempty"`
	Below   Printed  `json:"below,omitempty"` // "below 50"
	About   Printed  `json:"about,omitempty"` // "about 50"
	Mean    Printed  `json:"mean,omitempty"`
	Base    int      `json:"base,omitempty"` // 0: not known
	Kind    BaseKind `json:"base_kind"`
	Quality Quality  `json:"quality"`
	Flags   []string `json:"flags,omitempty"` // "implausible", "probably_expected"
	Source  string   `json:"source,omitempty"`
	Note    Text     `json:"note,omitempty"`
}

// Result is a figure with what it is worth. Shares are fractions.
type Result struct {
	Wave         string   `json:"wave"`
	Reference    string   `json:"reference"`
	Version      int      `json:"version"`
	Option       string   `json:"option"`
	Share        *float64 `json:"share"` // of the nearest count of the base; nil where there is none
	Lo           *float64 `json:"lo"`
	Hi           *float64 `json:"hi"`
	Published    *float64 `json:"published"`     // as printed, a fraction
	PublishedMax *float64 `json:"published_max"` // printed as "below"
	Approximate  bool     `json:"approximate"`   // printed as "about"
	Mean         *float64 `json:"mean,omitempty"`
	Base         *int     `json:"base"`
	EffectiveN   *float64 `json:"n_eff,omitempty"` // of weighted answers
	BaseKind     BaseKind `json:"base_kind"`
	Quality      Quality  `json:"quality"`
	Flags        []string `json:"flags"`
	Source       string   `json:"source"`
	Note         Text     `json:"note,omitempty"`

	// Printed is the percentage with the decimals that it was printed with; its zero
	// value where the figure has none.
	Printed infer.Rounded `json:"-"`
}

// Estimate returns the share with its interval; ok is false where the base is not
// known, or the figure is a bound.
func (r Result) Estimate() (e infer.Estimate, ok bool) {
	if r.Share == nil || r.Lo == nil || r.Hi == nil || r.Base == nil {
		return e, false
	}
	return infer.Estimate{Value: *r.Share, Lo: *r.Lo, Hi: *r.Hi, Level: StudyLevel, Kind: infer.Confidence, N: *r.Base}, true
}

// Fraction returns the share as it is best known: as printed, else as computed from the
// answers; ok is false for a bound and for a mean.
func (r Result) Fraction() (share float64, ok bool) {
	switch {
	case r.Published != nil:
		return *r.Published, true
	case r.Share != nil:
		return *r.Share, true
	}
	return 0, false
}

// StudyLevel is the level of the intervals of studies.
const StudyLevel = 0.95

// Change is the difference of one option's share between two references. Points are
// percentage points; nil where the figures allow none.
type Change struct {
	From       string   `json:"from"`
	To         string   `json:"to"`
	Option     string   `json:"option"`
	Points     *float64 `json:"points"`
	Lo         *float64 `json:"lo"`
	Hi         *float64 `json:"hi"`
	Comparable bool     `json:"comparable"`
	// Smallest is the change in points that two waves of this size find four times out
	// of five; nil where a base is not known.
	Smallest *float64 `json:"smallest,omitempty"`
	// SameMix is the change with the mix of respondents held fixed; nil where the answers
	// of single people are not known or the mix was not asked.
	SameMix  *SameMix `json:"same_mix,omitempty"`
	Reasons  []Note   `json:"reasons"`            // why not comparable, or why there is no number
	Cautions []Note   `json:"cautions,omitempty"` // comparable, with these doubts
}

// SameMix is a change between two waves as if both had the same mix of respondents: the
// mean of both, by one question on who they are. All but Question are percentage points.
type SameMix struct {
	Question string  `json:"question"`
	Points   float64 `json:"points"`
	Lo       float64 `json:"lo"`
	Hi       float64 `json:"hi"`
	Mix      float64 `json:"mix"` // what of the plain change is the shift of the mix
	Wording  Text    `json:"-"`   // of the question
}

// Wave returns the wave of an id.
func (s Study) Wave(id string) (Wave, bool) {
	for _, w := range s.Waves {
		if w.ID == id {
			return w, true
		}
	}
	return Wave{}, false
}

// Reference returns the reference period of an id.
func (s Study) Reference(id string) (Reference, bool) {
	for _, r := range s.References {
		if r.ID == id {
			return r, true
		}
	}
	return Reference{}, false
}

// Question returns a version of a question.
func (s Study) Question(code string, version int) (Question, bool) {
	for _, q := range s.Questions {
		if q.Code == code && q.Version == max(version, 1) {
			return q, true
		}
	}
	return Question{}, false
}

// Breaks returns why a share of one reference cannot be set beside that of another:
// another type of question, wording, base, list of options, kind of reference period,
// of sample, of recruiting, of incentive or of mode. None means that they can.
func (s Study) Breaks(from, to Reference, a, b Question) []Note {
	var reasons []Note
	say := func(differs bool, key string, args ...Arg) {
		if differs {
			reasons = append(reasons, NewNote("study.break."+key, args...))
		}
	}
	say(a.Type != b.Type, "type", WordArg("question."+string(a.Type)), WordArg("question."+string(b.Type)))
	say(from.Kind != to.Kind, "reference", WordArg("reference."+string(from.Kind)), WordArg("reference."+string(to.Kind)))
	if a.Version != b.Version {
		say(textDiffers(a.Wording, b.Wording), "wording")
		say(a.Subset != b.Subset || textDiffers(a.Base, b.Base), "base")
		say(!sameOptions(a, b), "options")
		say(len(reasons) == 0, "version")
	}
	v, w := s.waveOf(from), s.waveOf(to)
	say(v.Sample != w.Sample && v.Sample != SampleUnknown && w.Sample != SampleUnknown, "sample", WordArg("sample."+string(v.Sample)), WordArg("sample."+string(w.Sample)))
	say(bothDiffer(v.Recruiting, w.Recruiting), "recruiting")
	say(bothDiffer(v.Incentive, w.Incentive), "incentive")
	say(bothDiffer(v.Mode, w.Mode), "mode")
	return reasons
}

// Doubts returns what is not known and might be a reason not to compare.
func (s Study) Doubts(from, to Reference, a, b Question) []Note {
	var doubts []Note
	say := func(unknown bool, key string) {
		if unknown {
			doubts = append(doubts, NewNote("study.doubt."+key))
		}
	}
	v, w := s.waveOf(from), s.waveOf(to)
	say(a.Paraphrase || b.Paraphrase, "wording")
	say(a.Type == UnknownType || b.Type == UnknownType, "type")
	say(from.Wave != to.Wave && (len(v.Mode) == 0 || len(w.Mode) == 0 || len(v.Recruiting) == 0 || len(w.Recruiting) == 0), "method")
	say(!v.Sample.Random() || !w.Sample.Random(), "sample")
	return doubts
}

func (s Study) waveOf(r Reference) Wave {
	w, _ := s.Wave(r.Wave)
	return w
}

func textDiffers(a, b Text) bool { return !maps.Equal(a, b) }

func bothDiffer(a, b Text) bool { return len(a) > 0 && len(b) > 0 && textDiffers(a, b) }

func sameOptions(a, b Question) bool {
	return slices.EqualFunc(a.Options, b.Options, func(x, y Item) bool { return x.Code == y.Code })
}

// SetShare sets the share and its limits.
func (r *Result) SetShare(e infer.Estimate) { r.Share, r.Lo, r.Hi = &e.Value, &e.Lo, &e.Hi }

// Measure sets the points between two results with their interval, as far as there is
// one: none where a base is not known, or the same people gave both answers.
func (c *Change) Measure(from, to Reference, a, b Result) {
	was, hasWas := a.Fraction()
	is, hasIs := b.Fraction()
	if !hasWas || !hasIs {
		return
	}
	points := 100 * (is - was)
	c.Points = &points
	ea, known := a.Estimate()
	eb, both := b.Estimate()
	switch {
	case !known || !both:
		c.Cautions = append(c.Cautions, NewNote("study.doubt.no-base"))
		return
	case from.Wave == to.Wave:
		c.Cautions = append(c.Cautions, NewNote("study.doubt.same-people"))
		points = 100 * (eb.Value - ea.Value)
		return
	}
	d := infer.Difference(ea, eb)
	lo, hi, smallest := 100*d.Lo, 100*d.Hi, 100*infer.SmallestChange(a.effective(), b.effective(), usualPower)
	points = 100 * d.Value
	c.Lo, c.Hi, c.Smallest = &lo, &hi, &smallest
	for _, r := range []Result{a, b} {
		if r.BaseKind != BaseStated {
			c.Cautions = append(c.Cautions, NewNote("study.doubt.base", NumberArg(float64(*r.Base))))
			break
		}
	}
}

// effective is the number of respondents that the interval is made from.
func (r Result) effective() float64 {
	if r.EffectiveN != nil {
		return *r.EffectiveN
	}
	return float64(*r.Base)
}

// usualPower is how often the smallest change is found.
const usualPower = 0.8
