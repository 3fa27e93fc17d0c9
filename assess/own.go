package assess

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// OwnView is what an organisation itself answered to a study, beside what was published
// of the trade. Nothing is computed from both: one organisation is no share.
type OwnView struct {
	Study     goalpost.Study
	Waves     []string      // its own, in order
	Known     int           // answers that are kept; AnswerStudy takes it back
	Questions []OwnQuestion // in the order of the study
	Goals     *GoalsBeside  // nil where the study does not ask about goals
}

// OwnQuestion is a question with the organisation's answers and the trade's figures.
type OwnQuestion struct {
	QuestionView
	Form      goalpost.AnswerForm
	Answers   []goalpost.OwnAnswer // the newest of each own wave, in the order of the waves
	Corrected []goalpost.OwnAnswer // what was corrected by a later one, oldest first
	Options   []OwnOption
	Doubts    []goalpost.Note // on the published figures
	Claims    []goalpost.Note // what Goalpost itself knows about the answer
	Outside   []string        // goals that are pursued here and not in the study's list
	KPIs      []string        // of a question about metrics: by what the goals here are measured
}

// Answer is the newest answer of a wave.
func (q OwnQuestion) Answer(wave string) (goalpost.OwnAnswer, bool) {
	for _, a := range q.Answers {
		if a.Wave == wave {
			return a, true
		}
	}
	return goalpost.OwnAnswer{}, false
}

// OwnOption is an option of a question.
type OwnOption struct {
	Option goalpost.Item
	// Ticks are by own wave; nil where the question was not answered, or did not have
	// this option then.
	Ticks   []*bool
	Figures []OwnFigure
	// Pursued is how far a goal of this kind has come in Goalpost today: empty for none,
	// and where the question is not about goals.
	Pursued goalpost.GoalState
	IsGoal  bool // the question is about goals and this is one of the catalogue
}

// OwnFigure is a published figure with the organisation beside it.
type OwnFigure struct {
	goalpost.Result
	Sentence goalpost.Note
	You      goalpost.Note
	Apart    []goalpost.Note // why the two do not speak of the same
	Newest   bool            // of this option
}

// OwnInput is what a person ticked.
type OwnInput struct {
	Study   string
	Wave    string // the running quarter if empty
	Known   *int   // what OwnView.Known was; nil: whatever is there
	Answers []OwnEntry
	Why     string
	By      string
	Now     time.Time
}

// OwnEntry is the answer to one question.
type OwnEntry struct {
	Question string
	Options  []string
	None     bool   // none of the options
	Number   string // of a number question, with a decimal point
}

// QuarterName is the name of the quarter of an instant: "2026-Q1".
func QuarterName(now time.Time, zone *time.Location) string {
	t := now.In(zone)
	return fmt.Sprintf("%d-Q%d", t.Year(), (int(t.Month())+2)/3)
}

// Own returns an organisation's answers to a study beside the trade's.
func Own(ctx context.Context, db *store.DB, org goalpost.Organisation, id string, now time.Time) (OwnView, error) {
	h, err := Study(ctx, db, org.ID, id)
	if err != nil {
		return OwnView{}, err
	}
	view, err := ViewStudyVersion(ctx, db, org.ID, h, h.Current())
	if err != nil {
		return OwnView{}, err
	}
	all, err := db.OwnAnswers(ctx, org.ID, view.Study.ID)
	if err != nil {
		return OwnView{}, fmt.Errorf("assess own answers to %s: %w", id, err)
	}
	goals, err := db.Goals(ctx, org.ID)
	if err != nil {
		return OwnView{}, fmt.Errorf("assess own answers to %s: %w", id, err)
	}
	answers := all[view.Study.ID]
	v := OwnView{Study: view.Study, Waves: wavesOf(answers), Known: len(answers)}
	history := HistoryOfGoals(goals, org, now)
	for _, q := range view.Questions {
		own := ownQuestion(view.Study, q, v.Waves, answers)
		switch {
		case isAboutGoals(view.Study, q):
			own.claimGoals(history)
			if v.Goals == nil {
				v.Goals = besideTrade(q, history)
			}
		case isAboutMetrics(view.Study, q):
			own.KPIs = history.KPIs
		case q.Code == askedCustomers:
			own.Claims = append(own.Claims, goalpost.NewNote("own.claim.asked"))
		}
		v.Questions = append(v.Questions, own)
	}
	return v, nil
}

// OwnWaves are the waves that an organisation itself answered, by study.
func OwnWaves(ctx context.Context, db *store.DB, org goalpost.OrgID) (map[string][]string, error) {
	all, err := db.OwnAnswers(ctx, org, "")
	if err != nil {
		return nil, fmt.Errorf("assess own answers: %w", err)
	}
	out := map[string][]string{}
	for id, list := range all {
		out[id] = wavesOf(list)
	}
	return out, nil
}

// askedCustomers is the question whether customers were asked. Its answer is a claim
// until surveys are kept here.
const askedCustomers = "asked_customers"

func isAboutGoals(s goalpost.Study, q QuestionView) bool {
	named := q.Code == "goals" || slices.ContainsFunc(s.Pairs, func(p goalpost.Pair) bool { return p.Goals == q.Code })
	return named && slices.ContainsFunc(q.Current().Options, func(o goalpost.Item) bool { return isGoalKind(o.Code) })
}

func isAboutMetrics(s goalpost.Study, q QuestionView) bool {
	return q.Code == "primary_metric" || q.Code == "metrics" || slices.ContainsFunc(s.Pairs, func(p goalpost.Pair) bool { return p.Metrics == q.Code })
}

func isGoalKind(code string) bool {
	k, ok := goalpost.GoalKindByCode(code)
	return ok && k.Dimension != ""
}

var yearFirst = regexp.MustCompile(`^\d{4}`)

// wavesOf are the own waves: those whose name begins with a year by their name, so that
// one entered later for an earlier year stands where it belongs; then the others as they
// came.
func wavesOf(answers []goalpost.OwnAnswer) []string {
	var waves []string
	for _, a := range answers {
		if !slices.Contains(waves, a.Wave) {
			waves = append(waves, a.Wave)
		}
	}
	slices.SortStableFunc(waves, func(a, b string) int {
		x, y := yearFirst.MatchString(a), yearFirst.MatchString(b)
		switch {
		case x && y:
			return strings.Compare(a, b)
		case x:
			return -1
		case y:
			return 1
		}
		return 0
	})
	return waves
}

// ownQuestion puts the answers to one question beside its figures.
func ownQuestion(s goalpost.Study, q QuestionView, waves []string, answers []goalpost.OwnAnswer) OwnQuestion {
	own := OwnQuestion{QuestionView: q, Form: q.Current().Form(), Doubts: doubtsOf(s, q)}
	newest := map[string]goalpost.OwnAnswer{}
	for _, a := range answers {
		if a.Question != q.Code {
			continue
		}
		if old, ok := newest[a.Wave]; ok {
			own.Corrected = append(own.Corrected, old)
		}
		newest[a.Wave] = a
	}
	for _, w := range waves {
		if a, ok := newest[w]; ok {
			own.Answers = append(own.Answers, a)
		}
	}
	for _, code := range q.codes() {
		o := OwnOption{Option: q.Option(code), Ticks: make([]*bool, len(waves))}
		for i, w := range waves {
			a, ok := newest[w]
			if _, had := q.version(a.Version).Option(code); ok && had && own.Form != goalpost.FormNumber {
				ticked := slices.Contains(a.Choices, code)
				o.Ticks[i] = &ticked
			}
		}
		for _, ref := range s.References {
			if r, ok := q.Result(ref.ID, code); ok {
				o.Figures = append(o.Figures, own.figure(s, ref, r))
			}
		}
		if n := len(o.Figures); n > 0 {
			o.Figures[n-1].Newest = true
		}
		own.Options = append(own.Options, o)
	}
	return own
}

// codes are the options of all versions: those of the newest first.
func (q QuestionView) codes() []string {
	var codes []string
	for _, v := range slices.Backward(q.Versions) {
		for _, o := range v.Options {
			if !slices.Contains(codes, o.Code) {
				codes = append(codes, o.Code)
			}
		}
	}
	return codes
}

// figure says a published figure in words, and the organisation's newest answer beside it.
func (q OwnQuestion) figure(s goalpost.Study, ref goalpost.Reference, r goalpost.Result) OwnFigure {
	f := OwnFigure{Result: r, Sentence: q.sentence(ref, r), You: goalpost.NewNote("own.you.open"), Apart: []goalpost.Note{}}
	if len(q.Answers) == 0 {
		return f
	}
	a := q.Answers[len(q.Answers)-1]
	then, wave := q.version(a.Version), goalpost.TextArg(a.Wave)
	// An own answer speaks of its own time; everything else about the wave is the trade's.
	f.Apart = append(f.Apart, s.Breaks(ref, goalpost.Reference{ID: a.Wave, Wave: ref.Wave, Kind: goalpost.ReferenceCurrent}, q.version(r.Version), then)...)
	if n := yearsBetween(s, ref, a.Wave); n > 1 {
		f.Apart = append(f.Apart, goalpost.NewNote("own.apart.years", goalpost.NumberArg(float64(n)), goalpost.TextArg(ref.Wave), wave))
	}
	_, had := then.Option(r.Option)
	ticked := slices.Contains(a.Choices, r.Option)
	switch {
	case a.Number != nil:
		f.You = goalpost.NewNote("own.you.number", goalpost.NumberArg(*a.Number), wave)
	case !had:
	case ticked:
		f.You = goalpost.NewNote("own.you.too", wave)
	case q.Form == goalpost.FormYesNo && r.Option == "yes":
		f.You = goalpost.NewNote("own.you.no", wave)
	case q.Form == goalpost.FormYesNo && r.Option == "no":
		f.You = goalpost.NewNote("own.you.yes", wave)
	default:
		f.You = goalpost.NewNote("own.you.not", wave)
	}
	return f
}

// yearsBetween is how many years lie between the field work of a reference and an own
// wave; 0 where one of the years is not known.
func yearsBetween(s goalpost.Study, ref goalpost.Reference, own string) int {
	w, _ := s.Wave(ref.Wave)
	asked, err := strconv.Atoi(yearFirst.FindString(cmp.Or(w.FieldFrom, w.ID)))
	answered, err2 := strconv.Atoi(yearFirst.FindString(own))
	if err != nil || err2 != nil {
		return 0
	}
	return max(asked-answered, answered-asked)
}

// sentence says a published figure with its moment, its range, and what is assumed.
func (q OwnQuestion) sentence(ref goalpost.Reference, r goalpost.Result) goalpost.Note {
	kind := q.version(r.Version).Type
	verb := "named"
	if kind == goalpost.SingleChoice || kind == goalpost.ScaleQuestion {
		verb = "answered"
	}
	asked, assumed := "", ""
	if ref.ID != ref.Wave {
		asked = ref.Wave
	}
	if r.BaseKind == goalpost.BaseAssumed && r.Base != nil {
		assumed = strconv.Itoa(*r.Base)
	}
	say := func(key string, args ...goalpost.Arg) goalpost.Note {
		return goalpost.NewNote("own.trade."+key, append([]goalpost.Arg{goalpost.ReferenceArg(ref.ID), goalpost.TextArg(asked)}, args...)...)
	}
	option := goalpost.OptionArg(q.Option(r.Option))
	switch {
	case r.Mean != nil:
		return say("mean", goalpost.NumberArg(*r.Mean))
	case r.PublishedMax != nil:
		return say(verb+".below", goalpost.RateArg(*r.PublishedMax), option)
	case r.Approximate && r.Published != nil:
		return say(verb+".about", goalpost.RateArg(*r.Published), option)
	case r.Lo == nil || r.Hi == nil:
		return say(verb+".bare", shareArg(r), option)
	}
	return say(verb, shareArg(r), option, tenths(*r.Lo), tenths(*r.Hi), goalpost.TextArg(assumed))
}

// shareArg is a share as it was printed, else with one decimal.
func shareArg(r goalpost.Result) goalpost.Arg {
	if r.Published != nil {
		return goalpost.PercentsArg([]string{strconv.FormatFloat(r.Printed.Percent, 'f', r.Printed.Decimals, 64)})
	}
	share, _ := r.Fraction()
	return tenths(share)
}

// doubtsOf is what must be known of all figures of a question.
func doubtsOf(s goalpost.Study, q QuestionView) []goalpost.Note {
	var doubts []goalpost.Note
	add := func(list ...goalpost.Note) {
		for _, n := range list {
			if !slices.ContainsFunc(doubts, func(d goalpost.Note) bool { return d.Key == n.Key }) {
				doubts = append(doubts, n)
			}
		}
	}
	for _, r := range q.Results {
		ref, _ := s.Reference(r.Reference)
		asked := q.version(r.Version)
		add(s.Doubts(ref, ref, asked, asked)...)
		if asked.Subset {
			add(goalpost.NewNote("study.doubt.subset"))
		}
		if r.BaseKind == goalpost.BaseUnknown && r.Mean == nil {
			add(goalpost.NewNote("study.doubt.no-base"))
		}
	}
	return doubts
}

// claimGoals sets what was ticked beside the goals that Goalpost knows.
func (q *OwnQuestion) claimGoals(h GoalHistory) {
	for i := range q.Options {
		o := &q.Options[i]
		if !isGoalKind(o.Option.Code) {
			continue
		}
		o.IsGoal, o.Pursued = true, h.Today(o.Option.Code)
		n := len(q.Answers)
		if n == 0 {
			continue
		}
		ticked := slices.Contains(q.Answers[n-1].Choices, o.Option.Code)
		word, wave := goalpost.OptionArg(o.Option), goalpost.TextArg(q.Answers[n-1].Wave)
		switch {
		case ticked && o.Pursued == "":
			q.Claims = append(q.Claims, goalpost.NewNote("own.claim.only-ticked", word, wave))
		case !ticked && o.Pursued != "":
			q.Claims = append(q.Claims, goalpost.NewNote("own.claim.only-set", word, wave, goalpost.WordArg("own.state."+string(o.Pursued))))
		}
	}
	for _, k := range h.Kinds {
		if h.Today(k.Kind) != "" && !slices.ContainsFunc(q.Options, func(o OwnOption) bool { return o.Option.Code == k.Kind }) {
			q.Outside = append(q.Outside, k.Kind)
		}
	}
}

// AnswerStudy keeps what an organisation itself answers. An answer that says the same as
// the newest of its wave is not kept again; added are the others.
func AnswerStudy(ctx context.Context, db *store.DB, org goalpost.Organisation, in OwnInput) (added []goalpost.OwnAnswer, err error) {
	h, err := Study(ctx, db, org.ID, in.Study)
	if err != nil {
		return nil, err
	}
	study := h.Current().Study
	all, err := db.OwnAnswers(ctx, org.ID, study.ID)
	if err != nil {
		return nil, fmt.Errorf("assess answer %s: %w", study.ID, err)
	}
	there := all[study.ID]
	wave := cmp.Or(strings.TrimSpace(in.Wave), QuarterName(in.Now, org.Zone()))
	for _, e := range in.Answers {
		q, ok := newestQuestion(study, e.Question)
		if !ok {
			return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.own.question", Field: "question", Flag: "--question", Args: []goalpost.Arg{goalpost.TextArg(e.Question), goalpost.TextArg(questionCodes(study))}}
		}
		a := goalpost.OwnAnswer{Question: q.Code, Version: q.Version, Wave: wave, Choices: []string{}, At: in.Now.UTC(), By: in.By, Why: strings.TrimSpace(in.Why)}
		if err := fillOwn(q, e, &a); err != nil {
			return nil, err
		}
		if err := q.CheckOwn(a); err != nil {
			return nil, err
		}
		if !saysSame(slices.Concat(there, added), a) {
			added = append(added, a)
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	known := len(there)
	if in.Known != nil {
		known = *in.Known
	}
	if err := db.AddOwnAnswers(ctx, org.ID, study.ID, known, added); err != nil {
		return nil, fmt.Errorf("assess answer %s: %w", study.ID, err)
	}
	return added, nil
}

// fillOwn reads what was entered for a question.
func fillOwn(q goalpost.Question, e OwnEntry, a *goalpost.OwnAnswer) error {
	field := goalpost.TextArg(q.Code)
	switch text := strings.TrimSpace(e.Number); {
	case text != "":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || math.Abs(n) > maxOwnNumber {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.own.number", Field: q.Code, Flag: "--number", Args: []goalpost.Arg{field}}
		}
		a.Number = &n
	case e.None && len(e.Options) > 0:
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.own.none", Field: q.Code, Flag: "--none", Args: []goalpost.Arg{field}}
	case !e.None && len(e.Options) == 0:
		return &goalpost.Error{Kind: goalpost.Ask, Key: "error.own.empty", Field: q.Code, Flag: "--option", Args: []goalpost.Arg{field}}
	}
	for _, o := range e.Options {
		_, known := q.Option(o)
		if opposite := map[string]string{"yes": "no", "no": "yes"}[q.Options[0].Code]; !known && q.Form() == goalpost.FormYesNo && o == opposite && len(e.Options) == 1 {
			continue // not to say yes is to say no
		}
		a.Choices = append(a.Choices, o)
	}
	place := func(code string) int {
		return slices.IndexFunc(q.Options, func(o goalpost.Item) bool { return o.Code == code })
	}
	slices.SortStableFunc(a.Choices, func(x, y string) int { return place(x) - place(y) })
	return nil
}

// maxOwnNumber keeps slips of the hand out; numbers of studies are shares and grades.
const maxOwnNumber = 1e12

func newestQuestion(s goalpost.Study, code string) (q goalpost.Question, ok bool) {
	for _, x := range s.Questions {
		if x.Code == code && x.Version >= q.Version {
			q, ok = x, true
		}
	}
	return q, ok
}

func questionCodes(s goalpost.Study) string {
	var codes []string
	for _, q := range s.Questions {
		if !slices.Contains(codes, q.Code) {
			codes = append(codes, q.Code)
		}
	}
	return strings.Join(codes, ", ")
}

func saysSame(list []goalpost.OwnAnswer, a goalpost.OwnAnswer) bool {
	for _, old := range slices.Backward(list) {
		if old.Question == a.Question && old.Wave == a.Wave {
			return old.Same(a)
		}
	}
	return false
}
