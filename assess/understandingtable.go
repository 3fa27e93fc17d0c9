package assess

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"goalpost"
	"goalpost/infer"
	"goalpost/ingest"
	"goalpost/survey"
)

// UnderstandingReport says how well a team knew what was answered.
type UnderstandingReport struct {
	Score      *float64             `json:"score"` // 0: no idea, 100: all exactly; not cut at the ceiling; nil: too few items
	Shown      *float64             `json:"shown"` // the smaller of score and ceiling
	SE         *float64             `json:"se"`
	Lo         *float64             `json:"lo"`
	Hi         *float64             `json:"hi"`
	Level      float64              `json:"level"`
	Ceiling    *float64             `json:"ceiling"`
	MemberSE   *float64             `json:"member_se"` // how much the score hangs on who was asked of the team
	DF         *float64             `json:"df"`
	Team       UnderstandingBeside  `json:"companions"`
	Members    []UnderstandingOf    `json:"members"`
	Items      []UnderstandingItem  `json:"items"`
	Source     string               `json:"source"` // "answers" or "shares"
	Base       int                  `json:"base"`   // respondents; 0: not known
	SampleKind goalpost.SampleKind  `json:"sample_kind"`
	Design     *ShareHow            `json:"design"`
	Weights    *ShareWeights        `json:"weights"`
	Sentences  []goalpost.Note      `json:"-"`
	Meaning    []goalpost.Note      `json:"-"`
	Warnings   []goalpost.Note      `json:"-"`
	pooled     survey.Understanding // as it was computed
}

// UnderstandingBeside is what is said beside a score. Errors are fractions.
type UnderstandingBeside struct {
	RMSE             *float64 `json:"rmse"`      // without sampling noise
	MAE              *float64 `json:"mae"`       // without sampling noise
	NaiveMAE         *float64 `json:"mae_naive"` // with it
	MSE              *float64 `json:"mse"`
	MSESE            *float64 `json:"mse_se"`
	Optimism         *float64 `json:"optimism"` // mean of guess less answer
	OptimismSE       *float64 `json:"optimism_se"`
	RangeFactor      *float64 `json:"range_factor"`
	Covered          int      `json:"covered"`
	CoveredWithNoise int      `json:"covered_with_noise"`
	Guessed          int      `json:"guessed"`
	RankAgreement    *float64 `json:"rank_agreement"`
}

// UnderstandingOf is one member of the team.
type UnderstandingOf struct {
	Member  string              `json:"member"`
	Score   *float64            `json:"score"`
	Shown   *float64            `json:"shown"`
	SE      *float64            `json:"se"`
	Lo      *float64            `json:"lo"`
	Hi      *float64            `json:"hi"`
	Beside  UnderstandingBeside `json:"companions"`
	Beliefs []UnderstandingItem `json:"beliefs"`
}

// UnderstandingItem is a belief beside what was answered.
type UnderstandingItem struct {
	Item     string   `json:"item"`
	NoIdea   bool     `json:"no_idea"`
	Guess    *float64 `json:"guess"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	Answered float64  `json:"answered"`
	Lo       float64  `json:"lo"`
	Hi       float64  `json:"hi"`
	SE       float64  `json:"se"`
	N        int      `json:"n"`
	Points   *float64 `json:"points"` // guess less answer, in percentage points
	PointsLo *float64 `json:"points_lo"`
	PointsHi *float64 `json:"points_hi"`
	Inside   bool     `json:"inside"` // the answer lies in the range
	Penalty  *float64 `json:"penalty"`
	None     *float64 `json:"penalty_no_idea"`
	Best     *float64 `json:"penalty_best"`
}

// answeredItems are the shares that beliefs are held against.
type answeredItems struct {
	survey.Estimates
	interval []infer.Estimate
	source   string
	base     int
}

// beliefTable are the beliefs of a file.
type beliefTable struct {
	items   []string
	line    []int // [item] where it stands first
	members []string
	beliefs [][]survey.Belief // [member][item]
	name    string            // of the file
	missing int               // beliefs of a member that the file lacks
}

// Understanding holds the beliefs of a team against answers: one row a respondent with a
// column of 1 and 0 for each item, or the shares themselves.
func Understanding(ctx context.Context, beliefs, answers ingest.Source, t ShareTable) (UnderstandingReport, error) {
	b, err := readBeliefs(ctx, beliefs, t.Decimal)
	if err != nil {
		return UnderstandingReport{}, err
	}
	out := UnderstandingReport{Level: t.Level, SampleKind: t.SampleKind, Members: []UnderstandingOf{}, Items: []UnderstandingItem{}}
	a, shares, err := readShares(ctx, answers, t, b)
	switch {
	case err != nil:
		return out, err
	case !shares:
		t.Questions, t.Multiple = b.items, true
		f, err := readShareFrame(ctx, answers, t)
		if err != nil {
			return out, err
		}
		if a, err = f.answers(b); err != nil {
			return out, err
		}
		out.Design, out.Weights, out.Warnings = &f.how, &f.weight, f.notes
	default:
		out.Warnings = []goalpost.Note{goalpost.NewNote("understanding.note.shares")}
	}
	out.Source, out.Base, out.DF = a.source, a.base, known(a.DF)
	if b.missing > 0 {
		out.Warnings = append(out.Warnings, goalpost.NewNote("understanding.note.missing", goalpost.NumberArg(float64(b.missing))))
	}
	team, err := survey.UnderstandTeam(b.beliefs, nil, a.Estimates, t.Level)
	if err != nil {
		return out, err
	}
	out.fill(team, b, a)
	out.say()
	return out, nil
}

// Names of the columns of beliefs and of shares.
var (
	memberNames   = []string{"member", "person", "name", "mitglied"}
	itemNames     = []string{"item", "option", "question", "punkt", "antwort", "frage"}
	guessNames    = []string{"guess", "believed", "estimate", "schätzung", "vermutung"}
	lowNames      = []string{"low", "lo", "from", "q10", "von", "untere"}
	highNames     = []string{"high", "hi", "to", "q90", "bis", "obere"}
	answeredNames = []string{"share", "answered", "anteil"}
	errorNames    = []string{"se", "standard_error", "standardfehler"}
	numberNames   = []string{"n", "base", "anzahl"}
)

func columnNamed(c *ingest.Columns, names []string) int {
	return slices.IndexFunc(c.Header, func(h string) bool { return slices.Contains(names, strings.ToLower(h)) })
}

// readBeliefs reads member, item, guess, low and high, one belief a row.
func readBeliefs(ctx context.Context, source ingest.Source, decimal string) (beliefTable, error) {
	c, err := ingest.ReadColumns(ctx, source, "", slices.Concat(guessNames, itemNames))
	if err != nil {
		return beliefTable{}, err
	}
	f := shareFrame{c: c, n: c.Rows()}
	b := beliefTable{name: c.Name}
	at := [3]int{columnNamed(c, guessNames), columnNamed(c, lowNames), columnNamed(c, highNames)}
	member, item := columnNamed(c, memberNames), columnNamed(c, itemNames)
	for k, names := range [][]string{itemNames, guessNames, lowNames, highNames} {
		if column := []int{item, at[0], at[1], at[2]}[k]; column < 0 {
			return b, understandingFault(c.Name, "beliefs-header", goalpost.TextArg(names[0]), goalpost.TextArg(listed(c.Header)))
		}
	}
	values, err := c.Parts(at[:], decimal)
	if err != nil {
		return b, err
	}
	type place struct{ member, item int }
	line := map[place]int{}
	for row := range f.n {
		name := ""
		if member >= 0 {
			name = f.text(row, member)
		}
		m, i := slices.Index(b.members, name), slices.Index(b.items, f.text(row, item))
		if f.text(row, item) == "" {
			return b, f.at(understandingFault(c.Name, "belief-item"), row, item)
		}
		if m < 0 {
			m, b.members = len(b.members), append(b.members, name)
		}
		if i < 0 {
			i, b.items, b.line = len(b.items), append(b.items, f.text(row, item)), append(b.line, c.Line(row))
		}
		if before, ok := line[place{m, i}]; ok {
			return b, f.at(understandingFault(c.Name, "belief-twice", goalpost.TextArg(b.items[i]), goalpost.TextArg(name), goalpost.PlainArg(before)), row, -1)
		}
		line[place{m, i}] = c.Line(row)
		belief, key := beliefOf(values[0][row], values[1][row], values[2][row])
		if key != "" {
			return b, f.at(understandingFault(c.Name, key), row, at[0])
		}
		for len(b.beliefs) <= m {
			b.beliefs = append(b.beliefs, nil)
		}
		for len(b.beliefs[m]) <= i {
			b.beliefs[m] = append(b.beliefs[m], survey.Belief{NoIdea: true})
		}
		b.beliefs[m][i] = belief
	}
	for m := range b.beliefs {
		for len(b.beliefs[m]) < len(b.items) {
			b.beliefs[m] = append(b.beliefs[m], survey.Belief{NoIdea: true})
		}
	}
	b.missing = len(b.members)*len(b.items) - len(line)
	return b, nil
}

// beliefOf makes a belief, or says what is wrong with it.
func beliefOf(guess, low, high float64) (survey.Belief, string) {
	switch {
	case math.IsNaN(guess) && math.IsNaN(low) && math.IsNaN(high):
		return survey.Belief{NoIdea: true}, ""
	case math.IsNaN(guess), math.IsNaN(low), math.IsNaN(high):
		return survey.Belief{}, "belief-range-missing"
	case !(low <= guess && guess <= high):
		return survey.Belief{}, "belief-range"
	}
	return survey.Belief{Guess: guess, Low: low, High: high}, ""
}

func understandingFault(file, key string, args ...goalpost.Arg) *goalpost.Error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.understanding." + key, File: file, Args: args}
}

// readShares reads item, share, and se or n; shares is false where the table has none of
// these columns, but one row a respondent.
func readShares(ctx context.Context, source ingest.Source, t ShareTable, b beliefTable) (a answeredItems, shares bool, err error) {
	c, err := ingest.ReadColumns(ctx, source, t.Sheet, append(append([]string{"share", "anteil", "answered"}, itemNames...), b.items...))
	if err != nil {
		return a, false, err
	}
	item, share := columnNamed(c, itemNames), columnNamed(c, answeredNames)
	se, n := columnNamed(c, errorNames), columnNamed(c, numberNames)
	if item < 0 || share < 0 || se < 0 && n < 0 {
		return a, false, nil
	}
	f := shareFrame{t: t, c: c, n: c.Rows()}
	parts, err := c.Parts([]int{share}, t.Decimal)
	if err != nil {
		return a, true, err
	}
	read := func(column int) ([]float64, error) {
		if column < 0 {
			return nil, nil
		}
		return f.numbers(column)
	}
	errs, err := read(se)
	if err != nil {
		return a, true, err
	}
	counts, err := read(n)
	if err != nil {
		return a, true, err
	}
	if len(t.Design.Replicates) > 0 || t.Design.Weight != "" || t.Design.Margins != nil {
		return a, true, understandingFault(c.Name, "shares-design")
	}
	a = answeredItems{source: "shares", Estimates: survey.Estimates{Cov: mat.NewSymDense(len(b.items), nil), DF: math.Inf(1)}}
	if t.Design.DF > 0 {
		a.DF = t.Design.DF
	}
	for k, name := range b.items {
		row := -1
		for r := range f.n {
			if f.text(r, item) != name {
				continue
			}
			if row >= 0 {
				return a, true, f.at(understandingFault(c.Name, "share-twice", goalpost.TextArg(name), goalpost.PlainArg(c.Line(row))), r, item)
			}
			row = r
		}
		if row < 0 {
			return a, true, b.unknown(k, c.Name)
		}
		if err := a.add(f, k, row, parts[0][row], errs, counts); err != nil {
			return a, true, err
		}
	}
	return a, true, nil
}

// unknown is a belief about something that was not asked.
func (b beliefTable) unknown(item int, answers string) error {
	e := understandingFault(b.name, "item-unknown", goalpost.TextArg(b.items[item]), goalpost.TextArg(answers))
	e.Line = b.line[item]
	return e
}

// add takes one share. Without a standard error it is that of respondents drawn at random,
// never smaller than that of half a respondent.
func (a *answeredItems) add(f shareFrame, k, row int, p float64, errs, counts []float64) error {
	n, se := math.NaN(), math.NaN()
	if counts != nil {
		n = counts[row]
	}
	if errs != nil {
		se = errs[row]
	}
	switch {
	case math.IsNaN(p), math.IsNaN(se) && math.IsNaN(n), se < 0, n < 1:
		return f.at(understandingFault(f.c.Name, "share-error"), row, -1)
	case math.IsNaN(se):
		se = math.Sqrt(max(p*(1-p), 1/(4*n)) / n)
	}
	effective := p * (1 - p) / (se * se)
	if !(effective > 0) || math.IsInf(effective, 0) {
		effective = n
	}
	interval := infer.Estimate{Value: p, Lo: p, Hi: p}
	if effective > 0 {
		interval = infer.Share(p*effective, effective, f.t.Level)
	}
	if n >= 1 {
		a.base = max(a.base, int(n))
	}
	a.Value, a.interval, a.N = append(a.Value, p), append(a.interval, interval), append(a.N, int(max(0, n)))
	a.Cov.SetSym(k, k, se*se)
	return nil
}

// answers estimates the items from respondents, with what they have to do with each other.
func (f *shareFrame) answers(b beliefTable) (a answeredItems, err error) {
	for k, name := range b.items {
		if _, err := f.c.Find(name, ""); err != nil {
			if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Key == "error.import.columns-missing" {
				return a, b.unknown(k, f.c.Name)
			}
			return a, err
		}
	}
	questions, err := f.questions()
	if err != nil {
		return a, err
	}
	var stats []survey.Statistic
	for k, item := range questions[0].items {
		stats = append(stats, survey.Mean(item.y, f.in))
		s, err := f.design.Share(item.y, f.in, survey.ShareOptions{Level: f.t.Level})
		if errors.Is(err, survey.ErrNobody) {
			return a, f.fault("nobody", "", goalpost.TextArg(b.items[k]))
		}
		if err != nil {
			return a, f.cannot(err)
		}
		a.interval = append(a.interval, s.Estimate)
		a.base = max(a.base, s.N)
	}
	a.source = "answers"
	a.Estimates, err = f.design.Estimate(stats...)
	return a, err
}
