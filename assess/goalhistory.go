package assess

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"goalpost"
)

// GoalHistory is what an organisation pursued over time, from the versions of its goals.
type GoalHistory struct {
	Moments []HistoryMoment `json:"moments"`
	Kinds   []KindHistory   `json:"kinds"`   // in the order of the catalogue
	Moves   []GoalMove      `json:"moves"`   // newest first
	Added   []string        `json:"added"`   // kinds pursued today and not at the first moment
	Dropped []string        `json:"dropped"` // pursued at some moment and not today
	KPIs    []string        `json:"kpis"`    // of the goals pursued today
	// Shifted is how many versions moved a target or a due date.
	Shifted int `json:"shifted"`
}

// HistoryMoment is the end of a quarter or a year; the last one is today.
type HistoryMoment struct {
	Label string       `json:"label"` // "2026-Q1", "2026"
	Last  goalpost.Day `json:"last_day"`
}

// KindHistory is how far goals of one kind had come at each moment: the furthest of
// them, empty where there was none.
type KindHistory struct {
	Kind   string               `json:"kind"`
	States []goalpost.GoalState `json:"states"` // [moments]
}

// Today is the state of a kind at the last moment.
func (h GoalHistory) Today(kind string) goalpost.GoalState {
	for _, k := range h.Kinds {
		if k.Kind == kind && len(k.States) > 0 {
			return k.States[len(k.States)-1]
		}
	}
	return ""
}

// GoalMove is one version of a goal against the one before.
type GoalMove struct {
	Day     goalpost.Day    `json:"day"`
	Goal    goalpost.GoalID `json:"goal"`
	Version int             `json:"version"`
	Kind    string          `json:"kind"`
	Name    goalpost.Arg    `json:"-"`
	What    []goalpost.Note `json:"-"`
	By      string          `json:"by"`
	Why     string          `json:"why"`
}

// Limits of a history: more moments than fit become years, and of those the last.
const (
	mostQuarters = 8
	mostYears    = 12
)

// HistoryOfGoals makes the history. A goal is pursued at a moment when its version of
// then is not retired and its period had not ended before the quarter or year began.
func HistoryOfGoals(goals []goalpost.Goal, org goalpost.Organisation, now time.Time) GoalHistory {
	zone := org.Zone()
	h := GoalHistory{Moments: []HistoryMoment{}, Kinds: []KindHistory{}, Moves: []GoalMove{}, Added: []string{}, Dropped: []string{}, KPIs: []string{}}
	if len(goals) == 0 {
		return h
	}
	spans := momentsSince(firstVersion(goals), now, zone)
	for _, s := range spans {
		h.Moments = append(h.Moments, HistoryMoment{Label: s.label, Last: min(s.days.Last(), goalpost.DayOf(now, zone))})
	}
	for _, kind := range goalpost.GoalKinds() {
		k := KindHistory{Kind: kind.Code}
		any := false
		for _, s := range spans {
			state := stateOf(goals, kind.Code, s, zone, now)
			k.States = append(k.States, state)
			any = any || state != ""
		}
		if !any {
			continue
		}
		h.Kinds = append(h.Kinds, k)
		first, last := k.States[0], k.States[len(k.States)-1]
		switch {
		case first == "" && last != "":
			h.Added = append(h.Added, kind.Code)
		case last == "": // it was there at some moment
			h.Dropped = append(h.Dropped, kind.Code)
		}
	}
	for _, g := range goals {
		for i := range g.Versions {
			m := moveOf(g, i, org)
			if m.shifts() {
				h.Shifted++
			}
			h.Moves = append(h.Moves, m)
		}
		if v := g.Current(); v.KPI != "" && isPursued(v, spans[len(spans)-1].days.Start) && !slices.Contains(h.KPIs, v.KPI) {
			h.KPIs = append(h.KPIs, v.KPI)
		}
	}
	slices.SortStableFunc(h.Moves, func(a, b GoalMove) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(b.Goal, a.Goal), cmp.Compare(b.Version, a.Version))
	})
	return h
}

// span is a quarter or a year.
type span struct {
	label string
	days  goalpost.Period
}

func firstVersion(goals []goalpost.Goal) time.Time {
	first := goals[0].Versions[0].At
	for _, g := range goals {
		if at := g.Versions[0].At; at.Before(first) {
			first = at
		}
	}
	return first
}

// momentsSince are the quarters from an instant to now, or the years where they are many.
func momentsSince(first, now time.Time, zone *time.Location) []span {
	a, b := first.In(zone), now.In(zone)
	if a.After(b) {
		a = b
	}
	var list []span
	for t := time.Date(a.Year(), (a.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC); goalpost.NewDay(t.Year(), t.Month(), 1) <= goalpost.DayOf(b, zone); t = t.AddDate(0, 3, 0) {
		list = append(list, span{QuarterName(t, time.UTC), goalpost.Period{Start: goalpost.NewDay(t.Year(), t.Month(), 1), End: goalpost.NewDay(t.Year(), t.Month()+3, 1)}})
	}
	if len(list) <= mostQuarters {
		return list
	}
	list = nil
	for y := max(a.Year(), b.Year()-mostYears+1); y <= b.Year(); y++ {
		list = append(list, span{fmt.Sprint(y), goalpost.Period{Start: goalpost.NewDay(y, time.January, 1), End: goalpost.NewDay(y+1, time.January, 1)}})
	}
	return list
}

func isPursued(v goalpost.GoalVersion, from goalpost.Day) bool {
	return !v.Retired && (v.Period == nil || v.Period.End > from)
}

// stateOf is the furthest state of the goals of a kind at the end of a span, or now.
func stateOf(goals []goalpost.Goal, kind string, s span, zone *time.Location, now time.Time) goalpost.GoalState {
	at := s.days.End.Start(zone)
	if at.After(now) {
		at = now.Add(time.Microsecond) // what was set this moment counts
	}
	order := []goalpost.GoalState{"", goalpost.Wish, goalpost.Declared, goalpost.Operational}
	best := 0
	for _, g := range goals {
		if v, ok := g.AsOf(at); ok && g.Code == kind && isPursued(v, s.days.Start) {
			best = max(best, slices.Index(order, v.State()))
		}
	}
	return order[best]
}

// moveOf says what a version of a goal changed.
func moveOf(g goalpost.Goal, i int, org goalpost.Organisation) GoalMove {
	v := g.Versions[i]
	m := GoalMove{Day: goalpost.DayOf(v.At, org.Zone()), Goal: g.ID, Version: v.Version, Kind: g.Code, Name: nameOf(g, v), By: v.By, Why: v.Why}
	say := func(key string, args ...goalpost.Arg) {
		m.What = append(m.What, goalpost.NewNote("own.move."+key, args...))
	}
	state := goalpost.WordArg("own.state." + string(v.State()))
	if i == 0 {
		say("added", state)
		return m
	}
	before := g.Versions[i-1]
	switch {
	case v.Retired && !before.Retired:
		say("retired")
		return m
	case !v.Retired && before.Retired:
		say("resumed", state)
	case v.State() != before.State():
		say("state", goalpost.WordArg("own.state."+string(before.State())), state)
	}
	if v.KPI != before.KPI && before.KPI != "" {
		say("kpi", goalpost.WordArg("kpi."+before.KPI), goalpost.WordArg("kpi."+v.KPI))
	}
	x, hasX := resolved(before)
	y, hasY := resolved(v)
	if hasX && hasY && x != y && v.KPI == before.KPI { // numbers of two KPIs are no move
		say("target", amountOf(before, org, x), amountOf(v, org, y))
	}
	if v.Period != nil && before.Period != nil && v.Period.Last() != before.Period.Last() {
		say("due", goalpost.DayArg(before.Period.Last()), goalpost.DayArg(v.Period.Last()))
	}
	if len(m.What) == 0 {
		say("other")
	}
	return m
}

// shifts reports whether a target or a due date moved.
func (m GoalMove) shifts() bool {
	return slices.ContainsFunc(m.What, func(n goalpost.Note) bool { return n.Key == "own.move.target" || n.Key == "own.move.due" })
}

// nameOf is the name that a goal was given, else that of its kind.
func nameOf(g goalpost.Goal, v goalpost.GoalVersion) goalpost.Arg {
	if v.Name != "" {
		return goalpost.TextArg(v.Name)
	}
	return goalpost.WordArg("goal." + g.Code)
}

func resolved(v goalpost.GoalVersion) (float64, bool) {
	if v.Target == nil {
		return 0, false
	}
	return v.Target.Resolve(v.Baseline)
}

func amountOf(v goalpost.GoalVersion, org goalpost.Organisation, x float64) goalpost.Arg {
	kpi, _ := goalpost.KPIByCode(v.KPI)
	currency := ""
	if kpi.Unit == goalpost.UnitMoney {
		currency = org.Currency
	}
	return Amount(kpi, currency, x)
}

// GoalsBeside is the own history of goals beside the trade's figures for the same kinds.
// The two never stand on one scale: here one organisation, there shares of many.
type GoalsBeside struct {
	History  GoalHistory
	Question QuestionView
	Rows     []GoalBeside
}

// GoalBeside is one kind of goal.
type GoalBeside struct {
	Option goalpost.Item
	States []goalpost.GoalState // by moment of the history
	Trade  []goalpost.Result    // in the order of the study's references
	// Changes are the trade's, between neighbouring references that have a figure.
	Changes []goalpost.Change
}

// besideTrade sets the history beside the figures: the study's options first, then what
// is pursued here besides.
func besideTrade(q QuestionView, h GoalHistory) *GoalsBeside {
	b := &GoalsBeside{History: h, Question: q}
	codes := q.codes()
	for _, k := range h.Kinds {
		if !slices.Contains(codes, k.Kind) {
			codes = append(codes, k.Kind)
		}
	}
	for _, code := range codes {
		row := GoalBeside{Option: q.Option(code), States: make([]goalpost.GoalState, len(h.Moments))}
		for _, k := range h.Kinds {
			if k.Kind == code {
				row.States = k.States
			}
		}
		for _, r := range q.Results {
			if r.Option != code {
				continue
			}
			if n := len(row.Trade); n > 0 {
				if c, ok := q.Change(row.Trade[n-1].Reference, r.Reference, code); ok {
					row.Changes = append(row.Changes, c)
				}
			}
			row.Trade = append(row.Trade, r)
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}
