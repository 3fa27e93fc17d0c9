package assess

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"goalpost"
	"goalpost/store"
)

// Goals judges every goal of an organisation, sorted by what needs a decision. It
// stores nothing: see RefreshVerdicts. A goal that cannot be measured gets a
// verdict that says so; that is no error.
func Goals(ctx context.Context, db *store.DB, org goalpost.Organisation, o GoalsOptions) ([]Judged, error) {
	if err := o.check(org); err != nil {
		return nil, err
	}
	goals, err := db.Goals(ctx, org.ID)
	if err != nil {
		return nil, fmt.Errorf("assess goals: %w", err)
	}
	last, err := db.LatestVerdicts(ctx, org.ID)
	if err != nil {
		return nil, fmt.Errorf("assess goals: %w", err)
	}
	var list []Judged
	for _, g := range goals {
		var before []goalpost.Verdict
		if v, found := last[g.ID]; found {
			before = []goalpost.Verdict{v}
		}
		if o.AsOf != 0 { // only a look back needs them all
			if before, err = db.VerdictHistory(ctx, org.ID, g.ID); err != nil {
				return nil, fmt.Errorf("assess goal %d: %w", g.ID, err)
			}
		}
		d, ok, err := judgeGoal(ctx, db, org, g, o, before)
		if err != nil {
			return nil, fmt.Errorf("assess goal %d: %w", g.ID, err)
		}
		if ok && !d.Version.Retired {
			list = append(list, d.Judged)
		}
	}
	slices.SortStableFunc(list, func(a, b Judged) int {
		return cmp.Or(cmp.Compare(b.Urgency, a.Urgency), cmp.Compare(a.Goal.ID, b.Goal.ID))
	})
	return list, nil
}

// check refuses a day that is still to come: nobody can look back from there.
func (o GoalsOptions) check(org goalpost.Organisation) error {
	if tomorrow := goalpost.DayOf(o.Now, org.Zone()) + 1; o.AsOf > tomorrow {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.range.future", Field: "as-of", Flag: "--as-of", Args: []goalpost.Arg{goalpost.DayArg(o.AsOf)}}
	}
	return nil
}

// RefreshVerdicts judges every goal as of today and keeps the verdicts that say
// something new: when data arrived, a goal changed, or a day passed.
func RefreshVerdicts(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) error {
	list, err := Goals(ctx, db, org, GoalsOptions{Now: now})
	if err != nil {
		return err
	}
	last, err := db.LatestVerdicts(ctx, org.ID)
	if err != nil {
		return fmt.Errorf("assess refresh: %w", err)
	}
	for _, j := range list {
		if old, ok := last[j.Goal.ID]; ok && old.DataHash == j.Verdict.DataHash && old.AsOf == j.Verdict.AsOf && old.Version == j.Verdict.Version {
			continue
		}
		if w := j.cited; w != nil {
			if err := w.asked.CiteWeights(ctx, db, w.design, now); err != nil {
				return fmt.Errorf("assess refresh goal %d: %w", j.Goal.ID, err)
			}
		}
		if err := db.SaveVerdict(ctx, org.ID, j.Verdict, now); err != nil {
			return fmt.Errorf("assess refresh goal %d: %w", j.Goal.ID, err)
		}
	}
	return nil
}

// judgeGoal judges one goal; ok is false if it did not exist as of the day asked for
// and only what was known then may count. before are its verdicts, newest first.
func judgeGoal(ctx context.Context, db *store.DB, org goalpost.Organisation, g goalpost.Goal, o GoalsOptions, before []goalpost.Verdict) (Detail, bool, error) {
	asOf := o.AsOf
	if asOf == 0 {
		asOf = goalpost.DayOf(o.Now, org.Zone())
	}
	then, ok := standing(g, before, o, org)
	if !ok {
		return Detail{}, false, nil
	}
	version := then.version
	q := question{goal: g, version: version, asOf: asOf, previous: then.previous, seed: seedOf(org.ID, g.ID), location: org.Zone(), seen: o.Seen, notThen: then.notThen}
	if version.KPI != "" {
		q.kpi, _ = goalpost.KPIByCode(version.KPI)
		var err error
		q.observed, err = observe(ctx, db, org.ID, query{kpi: q.kpi, scope: version.Scope, before: asOf, since: startOf(version), seen: o.Seen, zone: org.Zone()})
		if err != nil {
			return Detail{}, false, err
		}
	}
	var err error
	if q.survey, err = surveyFactsOf(ctx, db, org, version, asOf); err != nil {
		return Detail{}, false, err
	}
	if q.incremental, err = incrementalOf(ctx, db, org, g, version, asOf, o.Seen); err != nil {
		return Detail{}, false, err
	}
	j, err := judge(q)
	if err != nil {
		return Detail{}, false, err
	}
	v := j.verdict
	v.Seen, v.Incremental = o.Seen, q.incremental
	if q.version.Target != nil && q.version.Period != nil && !q.observed.Empty() {
		q.compare(&v)
	}
	v.DataHash = q.hash()
	d := Detail{Judged: Judged{Goal: g, Version: version, KPI: q.kpi, Currency: q.currency(), Verdict: v, Urgency: urgency(v, version), cited: q.survey.wave()}, Earlier: before, Given: then.given, Waves: q.survey.waves}
	q.detail(&d, j)
	return d, true, nil
}

// startOf is the first day of a goal's period; zero without one.
func startOf(v goalpost.GoalVersion) goalpost.Day {
	if v.Period == nil {
		return 0
	}
	return v.Period.Start
}

// seedOf gives every goal its own stream, the same on every machine.
func seedOf(org goalpost.OrgID, g goalpost.GoalID) uint64 {
	return uint64(org)<<32 | uint64(g)&0xffffffff
}

// urgency sorts goals by what needs a decision: at risk first, by how unlikely;
// then what cannot be told or is not measured; then on track; then what is over.
func urgency(v goalpost.Verdict, g goalpost.GoalVersion) int {
	p := 0.5
	if v.Probability != nil {
		p = *v.Probability
	}
	switch v.Decision {
	case goalpost.AtRisk:
		return 500 + int(math.Round((1-p)*99))
	case goalpost.CannotTell:
		return 400
	case goalpost.NotMeasured:
		if g.State() == goalpost.Operational {
			return 350
		}
		return 300
	case goalpost.OnTrack:
		return 200 + int(math.Round((1-p)*99))
	case goalpost.Missed:
		return 100
	default:
		return 50
	}
}

// compare adds what the value is compared with: the baseline, the equally long
// period before, the same period a year ago, as far as data cover them.
func (q question) compare(v *goalpost.Verdict) {
	if b := q.version.Baseline; b != nil {
		v.Compared = append(v.Compared, goalpost.NewNote("verdict.compared.baseline", q.amount(*b)))
	}
	p := *q.version.Period
	yearAgo := goalpost.Period{Start: shiftYear(p.Start), End: shiftYear(p.End)}
	for _, c := range []struct {
		key string
		p   goalpost.Period
	}{{"verdict.compared.before", p.Before()}, {"verdict.compared.year-ago", yearAgo}} {
		if c.key == "verdict.compared.year-ago" && c.p == p.Before() {
			continue
		}
		if x, ok := q.valueIn(c.p); ok && q.kpi.Aggregation == goalpost.AggLast { // a level has a day, not a period
			v.Compared = append(v.Compared, goalpost.NewNote("verdict.compared.level", q.amount(x), goalpost.DayArg(c.p.Last())))
		} else if ok {
			v.Compared = append(v.Compared, goalpost.NewNote(c.key, q.amount(x), goalpost.DayArg(c.p.Start), goalpost.DayArg(c.p.Last())))
		}
	}
}

func shiftYear(d goalpost.Day) goalpost.Day {
	t := d.Time()
	return goalpost.NewDay(t.Year()-1, t.Month(), t.Day())
}

// valueIn returns the KPI of a past period that the data cover completely.
func (q question) valueIn(p goalpost.Period) (float64, bool) {
	o := q.observed
	if p.Last() > o.Last || p.Start < o.First {
		return 0, false
	}
	switch q.kpi.Aggregation {
	case goalpost.AggRatio, goalpost.AggMean:
		x, _, ok := ratioOf(q.kpi, o, p, q.asOf)
		return x, ok
	case goalpost.AggLast:
		d := o.At(p.Last())
		return d.Num, !d.Missing
	case goalpost.AggGrowth:
		a, b := o.At(p.Start), o.At(p.Last())
		return b.Num/a.Num - 1, !a.Missing && !b.Missing && a.Num > 0
	default:
	}
	sum, largest := 0.0, 0.0
	for d := p.Start; d < p.End; d++ {
		day := o.At(d)
		if day.Missing {
			if o.Grain == goalpost.Weekly {
				continue
			}
			return 0, false
		}
		sum, largest = sum+day.Num, max(largest, day.Largest)
	}
	if q.kpi.Aggregation == goalpost.AggLargest {
		return largest, true
	}
	return sum, true
}

// hash is the fingerprint of everything that the verdict was computed from: the
// same hash and seed give the same digits.
func (q question) hash() string {
	h := sha256.New()
	head, err := json.Marshal(struct {
		Version  goalpost.GoalVersion
		KPI      goalpost.KPI
		AsOf     goalpost.Day
		First    goalpost.Day
		Last     goalpost.Day
		Currency string
		Effects  []goalpost.Incremental `json:",omitempty"`
		Waves    []GoalWave             `json:",omitempty"`
	}{q.version, q.kpi, q.asOf, q.observed.First, q.observed.Last, q.observed.Currency, q.incremental, q.survey.waves})
	if err != nil {
		return ""
	}
	h.Write(head)
	var b [8]byte
	for _, d := range q.observed.Days {
		for _, x := range []float64{d.Num, d.Den, d.RatioSum, d.Largest} {
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
			h.Write(b[:])
		}
		if d.Missing {
			h.Write([]byte{1})
		} else {
			h.Write([]byte{0})
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
