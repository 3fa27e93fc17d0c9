package locale

import (
	"slices"
	"strings"

	"goalpost"
	"goalpost/infer"
)

// VerdictText is a verdict in words. Empty strings are sentences that do not apply.
type VerdictText struct {
	Word      string   // the decision: "At risk", "Unlikely"
	Sentence  string   // the answer: the number beside the target, and what that means
	Remark    string   // what the answer does not say: that a KPI only stands in for the goal
	First     []string // doubts without which the answer misleads; they stand right under it
	Moved     string   // that the target was changed, and what it was before
	Range     string   // how far off the number could be
	Badge     string   // how good the evidence is, in words
	BadgeDots int      // and in dots: 0 (not measured) to 3
	BadgeHelp string   // what that many dots mean
	Chance    string   // the probability of reaching the target, where there is one
	Compared  []string // with what the number is compared
	Settle    string   // what would settle it
	Reason    string   // why it was decided so
	Doubts    []string // what speaks against relying on it, strongest first
	Sources   []string // where the numbers come from
}

// effectKPI is the KPI that shows whether social media caused sales; where it
// would be the better one, the goal is about sales.
const effectKPI = "incremental_revenue"

// Verdict writes a verdict. Name is the goal's name as people know it; unit and
// currency are those of its KPI. A number never stands without its word, and is
// rounded to what its interval carries.
func (p *Printer) Verdict(v goalpost.Verdict, name string, unit goalpost.Unit, currency string) VerdictText {
	f := verdictFacts{v: v, name: name, unit: unit, currency: currency}
	t := VerdictText{
		Word:      p.T(DecisionKey(v)),
		Sentence:  p.verdictSentence(f),
		Remark:    p.verdictRemark(f),
		Range:     p.verdictRange(f),
		BadgeDots: f.dots(),
		Compared:  p.Notes(v.Compared),
		Settle:    p.Note(v.Settle),
		Sources:   p.Notes(v.Sources),
	}
	if !f.saysReason() {
		t.Reason = p.Note(v.Reason)
	}
	t.Badge, t.BadgeHelp = p.Badge(t.BadgeDots)
	if v.Probability != nil {
		key := "verdict.chance"
		if f.sampled() {
			key = "goalsurvey.chance"
		}
		t.Chance = p.T(key, goalpost.TextArg(p.VerdictChance(v)))
	}
	twice := f.v.Reason.Key == "verdict.reason.maybe-twice"
	if twice { // nothing else is to be read before it
		t.First, t.Reason = []string{t.Reason}, ""
	}
	for _, d := range byWeight(v.Doubts) {
		switch text := p.Note(d); {
		case d.Key == "verdict.doubt.substitute" && f.kind() != "goal", d.Key == "verdict.doubt.maybe-twice" && twice: // said already
		case slices.Contains(moved, d.Key):
			t.Moved = text
		case slices.Contains(first, d.Key):
			t.First = append(t.First, text)
		default:
			t.Doubts = append(t.Doubts, text)
		}
	}
	return t
}

// VerdictChance writes the probability of a verdict: one from the answers of people is known
// better than one that was forecast. Empty where there is none.
func (p *Printer) VerdictChance(v goalpost.Verdict) string {
	switch {
	case v.Probability == nil:
		return ""
	case verdictFacts{v: v}.sampled():
		return p.Chance(*v.Probability)
	}
	return p.Probability(*v.Probability)
}

// Badge is how good the evidence is, in words, and what that many dots mean.
func (p *Printer) Badge(dots int) (word, help string) {
	n := string(rune('0' + min(max(dots, 0), 3)))
	return p.T("verdict.badge." + n), p.T("verdict.dots." + n)
}

// DecisionKey returns the key of a verdict's word: the decision, or the shade of
// "at risk" that its probability gives. A goal is never called reached because a
// substitute is; one that lacks its target was not just left unmeasured.
func DecisionKey(v goalpost.Verdict) string {
	f := verdictFacts{v: v}
	switch {
	case v.Decision == goalpost.Reached && v.Substitute:
		return "decision.reached_substitute"
	case f.incomplete():
		return "decision.incomplete"
	case f.notStarted():
		return "decision.not_started"
	}
	return "decision." + shade(v.Decision, v.Probability)
}

func shade(d goalpost.Decision, probability *float64) string {
	if d == goalpost.AtRisk && probability != nil {
		switch {
		case *probability < goalpost.MissedBelow:
			return "will_miss"
		case *probability < goalpost.UnlikelyBelow:
			return "unlikely"
		}
	}
	return string(d)
}

// Dots returns the dots of a badge: 2 is "●●○".
func Dots(n int) string {
	n = min(max(n, 0), 3)
	return strings.Repeat("●", n) + strings.Repeat("○", 3-n)
}

// verdictFacts is a verdict with what its sentences need.
type verdictFacts struct {
	v        goalpost.Verdict
	name     string
	unit     goalpost.Unit
	currency string
}

func (f verdictFacts) exact() bool {
	return f.v.Estimate != nil && f.v.Estimate.Kind == infer.Exact
}

// running reports whether the goal is on track or at risk: not yet over.
func (f verdictFacts) running() bool {
	return f.v.Decision == goalpost.OnTrack || f.v.Decision == goalpost.AtRisk
}

// effect reports whether the value is the estimated effect of an activity.
func (f verdictFacts) effect() bool {
	return f.v.Estimate != nil && f.v.Estimate.Kind == infer.Credible && len(f.v.Incremental) > 0
}

// sampled reports whether the value was estimated from the answers of some people.
func (f verdictFacts) sampled() bool {
	return f.v.Estimate != nil && f.v.Estimate.Kind == infer.Confidence
}

// passed reports whether the value is certain only because its target is behind it:
// it was not counted to the end.
func (f verdictFacts) passed() bool {
	return f.exact() && strings.HasPrefix(f.v.Reason.Key, "verdict.reason.target-passed")
}

// incomplete reports whether the goal lacks what it takes to judge it.
func (f verdictFacts) incomplete() bool {
	return f.v.Decision == goalpost.NotMeasured && slices.Contains(lacking, f.v.Reason.Key)
}

// lacking are the reasons of a goal without KPI, target or period.
var lacking = []string{"verdict.reason.no-kpi", "verdict.reason.no-target", "verdict.reason.no-period", "verdict.reason.no-kpi-target",
	"verdict.reason.no-kpi-period", "verdict.reason.no-target-period", "verdict.reason.no-kpi-target-period"}

// saysReason reports whether the sentence is the reason already.
func (f verdictFacts) saysReason() bool {
	return f.incomplete() || f.notStarted() || f.v.Reason.Key == "verdict.reason.no-data"
}

func (f verdictFacts) notStarted() bool { return f.v.Reason.Key == "verdict.reason.not-started" }

func (f verdictFacts) over() bool {
	return f.v.Due != nil && f.v.AsOf > *f.v.Due
}

// kind says what the KPI is to the goal: it shows the goal, it only stands in for it,
// or it counts sales whose cause is not known.
func (f verdictFacts) kind() string {
	switch {
	case !f.v.Substitute || f.v.Decision == goalpost.NotMeasured:
		return "goal"
	case f.v.BetterKPI == effectKPI && isSales(f.v.KPI):
		return "sales"
	}
	return "substitute"
}

// isSales reports whether a KPI counts sales; clicks may stand in for a sales goal
// too, but nobody asks whether social media caused those.
func isSales(kpi string) bool {
	kind, _ := goalpost.GoalKindByCode("sales")
	return slices.Contains(kind.Substitutes, kpi)
}

// outcome is the key of what the number beside its target means.
func (f verdictFacts) outcome() string {
	key := "verdict.outcome." + shade(f.v.Decision, f.v.Probability)
	switch {
	case f.v.Decision == goalpost.Reached && f.kind() != "goal":
		return key + "_substitute"
	case f.v.Decision == goalpost.CannotTell && f.over():
		return key + "_over"
	}
	return key
}

// dots is the evidence: three where nothing is open, or next to nothing.
func (f verdictFacts) dots() int {
	switch f.v.Decision {
	case goalpost.NotMeasured:
		return 0
	case goalpost.CannotTell:
		return 1
	default:
	}
	if f.effect() {
		return f.capped(f.v.Incremental[0].Dots)
	}
	if f.v.Probability == nil {
		if f.running() {
			return 1 // judged on the period so far: the rest is open
		}
		return f.capped(3)
	}
	switch probability := *f.v.Probability; {
	case probability >= 0.95 || probability <= 0.05:
		return f.capped(3)
	case probability >= 0.8 || probability <= 0.2:
		return 2
	}
	return 1
}

// grave are the doubts with which nothing is well supported, however clear the number,
// strongest first.
var grave = []string{"verdict.doubt.maybe-twice", "verdict.doubt.only-zeros", "verdict.doubt.ended", "verdict.doubt.missing-in-period", "verdict.doubt.region-total",
	noSample, "goalsurvey.doubt.groups", "goalsurvey.doubt.unweighted", "verdict.doubt.further-than-history", "verdict.doubt.long-horizon"}

// first are the doubts without which the answer misleads, moved those that say how the
// goal was changed.
var (
	first = []string{"verdict.doubt.maybe-twice", "verdict.doubt.only-zeros", "verdict.doubt.not-then", noSample}
	moved = []string{"verdict.doubt.target-moved", "verdict.doubt.due-moved"}
)

// noSample is the doubt of a value that stands on people whom chance did not choose.
const noSample = "goalsurvey.doubt.no-sample"

// capped takes a dot away where a grave doubt stands beside the number.
func (f verdictFacts) capped(dots int) int {
	if slices.ContainsFunc(f.v.Doubts, isGrave) {
		return min(dots, 2)
	}
	return dots
}

func isGrave(n goalpost.Note) bool { return slices.Contains(grave, n.Key) }

// byWeight sorts doubts: grave ones first, the others as they came.
func byWeight(doubts []goalpost.Note) []goalpost.Note {
	weight := func(n goalpost.Note) int {
		if i := slices.Index(grave, n.Key); i >= 0 {
			return i
		}
		return len(grave)
	}
	sorted := slices.Clone(doubts)
	slices.SortStableFunc(sorted, func(a, b goalpost.Note) int { return weight(a) - weight(b) })
	return sorted
}

// verdictSentence is the answer in one short sentence: the number beside the target,
// and what that means. Without a number it says what is missing.
func (p *Printer) verdictSentence(f verdictFacts) string {
	switch {
	case f.incomplete(), f.notStarted():
		return p.Note(f.v.Reason)
	case f.v.Decision == goalpost.NotMeasured:
		return p.T("verdict.lead.not_measured", goalpost.TextArg(p.Word("kpi."+f.v.KPI)))
	}
	outcome := p.T(f.outcome())
	if number := p.verdictNumber(f); number != "" {
		return p.T("verdict.lead.number", goalpost.TextArg(number), goalpost.TextArg(outcome))
	}
	return p.T("verdict.lead.name", goalpost.TextArg(f.name), goalpost.TextArg(outcome))
}

// verdictRemark says that a KPI only stands in for the goal, and what would show it.
func (p *Printer) verdictRemark(f verdictFacts) string {
	if f.kind() == "goal" || f.notStarted() {
		return ""
	}
	name := f.name
	if name == "" {
		name = p.T("verdict.remark.goal")
	}
	key := "verdict.remark.substitute"
	if f.kind() == "sales" && len(f.v.Incremental) > 0 {
		return p.T("verdict.incremental.beside") + " " + strings.Join(p.Incremental(f.v.Incremental), " ")
	}
	if f.kind() == "sales" {
		switch f.v.Decision {
		case goalpost.Reached, goalpost.OnTrack:
			key = "verdict.remark.sales." + string(f.v.Decision)
		default:
			key = "verdict.remark.sales.open"
		}
	}
	text := p.T(key, goalpost.TextArg(p.Word("kpi."+f.v.KPI)), goalpost.TextArg(name))
	if f.v.BetterKPI != "" {
		text += " " + p.T("verdict.better", goalpost.TextArg(p.Word("kpi."+f.v.BetterKPI)))
	}
	return text
}

// verdictNumber is the KPI's number beside its target; empty if either is missing.
func (p *Printer) verdictNumber(f verdictFacts) string {
	v := f.v
	if v.Target == nil {
		return ""
	}
	bound := "verdict.target.at-least"
	if v.AtMost {
		bound = "verdict.target.at-most"
	}
	target := goalpost.TextArg(p.T(bound, goalpost.TextArg(p.Amount(*v.Target, f.unit, f.currency))))
	switch {
	case f.effect():
		value, _, _ := p.Interval(*v.Estimate, f.unit, f.currency)
		return p.T("verdict.number.effect", goalpost.TextArg(value), target)
	case f.sampled():
		value, _, _ := p.Interval(*v.Estimate, f.unit, f.currency)
		return p.T("goalsurvey.number", goalpost.TextArg(value), target)
	case v.Estimate != nil && !f.exact():
		value, _, _ := p.Interval(*v.Estimate, f.unit, f.currency)
		return p.T("verdict.number.expected", goalpost.TextArg(value), target)
	case f.exact() && !f.running() && !f.passed():
		return p.T("verdict.number.final", goalpost.TextArg(p.beside(v.Estimate.Value, *v.Target, f)), target)
	case v.SoFar != nil:
		return p.T("verdict.number.so-far", goalpost.TextArg(p.beside(*v.SoFar, *v.Target, f)), target)
	}
	return ""
}

// beside writes a value that stands next to its target: a missed target is never
// rounded to one that looks reached.
func (p *Printer) beside(value, target float64, f verdictFacts) string {
	s := p.Amount(value, f.unit, f.currency)
	if value == target || s != p.Amount(target, f.unit, f.currency) {
		return s
	}
	first := 0
	if f.unit == goalpost.UnitMoney {
		first = goalpost.MinorDigits(f.currency)
	}
	for decimals := first; decimals <= maxDecimals; decimals++ {
		v, t := p.fixed(value, decimals, f.unit, f.currency), p.fixed(target, decimals, f.unit, f.currency)
		if v != t {
			return v
		}
	}
	return s
}

// verdictRange says how far off the number could be.
func (p *Printer) verdictRange(f verdictFacts) string {
	switch {
	case f.v.Decision == goalpost.NotMeasured, f.notStarted():
		return ""
	case f.v.Estimate == nil:
		return p.T("verdict.range.none")
	case f.exact() && f.running():
		return p.T("verdict.range.so-far")
	case f.passed():
		return p.T("verdict.range.passed")
	case f.exact():
		return p.T("verdict.range.exact")
	}
	_, lo, hi := p.Interval(*f.v.Estimate, f.unit, f.currency)
	key := "verdict.range.value"
	if f.sampled() {
		key = "goalsurvey.range"
		if slices.ContainsFunc(f.v.Doubts, func(n goalpost.Note) bool { return n.Key == noSample }) {
			key = "goalsurvey.range.no-sample"
		}
	}
	if f.unit == goalpost.UnitCount || f.unit == goalpost.UnitPeople {
		key = "verdict.range.count"
	}
	return p.T(key, goalpost.TextArg(lo), goalpost.TextArg(hi), goalpost.TextArg(p.Level(f.v.Estimate.Level)))
}
