package assess

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/ingest"
	"goalpost/survey"
)

// ShareWeights are the weights that the estimates stand on.
type ShareWeights struct {
	Method     string       `json:"method"` // "none", "given", "population", "rake" or "poststratify"
	Sum        float64      `json:"sum"`
	Min        float64      `json:"min"`
	Max        float64      `json:"max"`
	Mean       float64      `json:"mean"`
	DeffKish   float64      `json:"deff_kish"`
	NEffKish   float64      `json:"n_eff_kish"`
	Cycles     int          `json:"cycles"`
	Worst      float64      `json:"worst"` // largest relative difference of a group from its margin, after all steps
	AtCap      int          `json:"at_cap"`
	Cap        *float64     `json:"cap"`
	TrimLo     *float64     `json:"trim_lo"`
	TrimHi     *float64     `json:"trim_hi"`
	Trimmed    int          `json:"trimmed"`
	AsShares   bool         `json:"margins_are_shares"`
	EachWave   bool         `json:"each_wave"`
	Population []ShareGroup `json:"margins"`
}

// ShareGroup is a group of the population beside that of the sample.
type ShareGroup struct {
	Margin     string  `json:"margin"`
	Group      string  `json:"group"`
	Size       float64 `json:"size"`       // as the file says
	Population float64 `json:"population"` // its part of the population
	Sample     float64 `json:"sample"`     // its part of the respondents
	Before     float64 `json:"before"`     // its part of the weights before
	After      float64 `json:"after"`      // its part of the weights after
	N          int     `json:"n"`
	Factor     float64 `json:"factor"` // by how much its weights were multiplied, on average, relative to all
}

// fileMargin is one margin of a file.
type fileMargin struct {
	name    string
	columns []int // of the table; several: their combinations
	groups  []string
	size    []float64
	line    []int // [group] of the margins' file
	code    []int // [n] of each respondent; −1: missing
}

// crossSign stands between the names of columns, and of groups, whose combinations a margin
// counts.
const crossSign = "*"

// weigh weights the design to the margins, and trims.
func (f *shareFrame) weigh(ctx context.Context) error {
	t := f.t.Design
	f.weight = ShareWeights{Method: "none", Population: []ShareGroup{}}
	switch {
	case t.Weight != "":
		f.weight.Method = "given"
	case len(named(t.FPC)) > 0:
		f.weight.Method = "population"
	}
	var margins []fileMargin
	if t.Margins != nil {
		var err error
		if margins, err = f.readMargins(ctx); err != nil {
			return err
		}
		if err := f.fit(margins); err != nil {
			return err
		}
	}
	if t.Trim != nil {
		if err := f.trim(); err != nil {
			return err
		}
	}
	f.diagnose(margins)
	return nil
}

// Names of the columns of a file of margins.
var (
	marginNames = []string{"margin", "variable", "question", "merkmal", "frage"}
	groupNames  = []string{"group", "category", "value", "option", "gruppe", "ausprägung", "wert"}
	sizeNames   = []string{"size", "population", "n", "count", "freq", "share", "anzahl", "größe", "anteil"}
)

// readMargins reads margin, group and size, one group a row.
func (f *shareFrame) readMargins(ctx context.Context) ([]fileMargin, error) {
	c, err := ingest.ReadColumns(ctx, *f.t.Design.Margins, "", slices.Concat(marginNames, groupNames, sizeNames))
	if err != nil {
		return nil, err
	}
	at := [3]int{}
	for k, names := range [][]string{marginNames, groupNames, sizeNames} {
		at[k] = slices.IndexFunc(c.Header, func(h string) bool { return slices.Contains(names, strings.ToLower(h)) })
		if at[k] < 0 {
			return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.share.margins-header", File: c.Name, Args: []goalpost.Arg{goalpost.TextArg(names[0]), goalpost.TextArg(listed(c.Header))}}
		}
	}
	m := shareFrame{t: ShareTable{Decimal: f.t.Decimal}, c: c, n: c.Rows()}
	size, err := m.numbers(at[2])
	if err != nil {
		return nil, err
	}
	var out []fileMargin
	for row := range c.Rows() {
		name, group := m.text(row, at[0]), m.text(row, at[1])
		switch {
		case name == "" || group == "":
			return nil, m.at(m.fault("margins-blank", ""), row, -1)
		case math.IsNaN(size[row]) || size[row] < 0:
			return nil, m.at(m.fault("margins-size", "", goalpost.TextArg(group)), row, at[2])
		}
		k := slices.IndexFunc(out, func(o fileMargin) bool { return o.name == name })
		if k < 0 {
			of := fileMargin{name: name}
			if of.columns, err = f.marginColumns(m, name, row); err != nil {
				return nil, err
			}
			k, out = len(out), append(out, of)
		}
		of := &out[k]
		if before := slices.Index(of.groups, group); before >= 0 {
			return nil, m.at(m.fault("margins-twice", "", goalpost.TextArg(group), goalpost.TextArg(name), goalpost.PlainArg(of.line[before])), row, -1)
		}
		of.groups, of.size, of.line = append(of.groups, group), append(of.size, size[row]), append(of.line, c.Line(row))
	}
	for k := range out {
		if err := f.place(&out[k], c.Name); err != nil {
			return nil, err
		}
	}
	return out, f.shares(out)
}

// marginColumns are the columns of the table that a margin is about.
func (f *shareFrame) marginColumns(m shareFrame, name string, row int) (columns []int, err error) {
	one, err := f.c.Find(name, "")
	if err == nil {
		return []int{one}, nil
	}
	for _, part := range strings.Split(name, crossSign) {
		column, err := f.c.Find(strings.TrimSpace(part), "")
		if err != nil {
			return nil, m.at(m.fault("margins-column", "", goalpost.TextArg(strings.TrimSpace(part)), goalpost.TextArg(f.c.Name), goalpost.TextArg(listed(f.c.Header))), row, -1)
		}
		columns = append(columns, column)
	}
	return columns, nil
}

// place finds the group of each respondent. A group that the file of margins lacks is
// refused where somebody is in it.
func (f *shareFrame) place(m *fileMargin, file string) error {
	of := map[string]int{}
	for k, g := range m.groups {
		of[crossed(g)] = k
	}
	w := f.base.Weights()
	m.code = make([]int, f.n)
	for row := range f.n {
		var parts []string
		missing := false
		for _, column := range m.columns {
			missing = missing || f.c.Missing(row, column)
			parts = append(parts, f.text(row, column))
		}
		k, ok := of[strings.Join(parts, crossSign)]
		switch {
		case missing:
			m.code[row] = -1
		case ok:
			m.code[row] = k
		case w[row] > 0:
			return f.at(f.fault("margins-unknown", "", goalpost.TextArg(strings.Join(parts, crossSign)), goalpost.TextArg(m.name), goalpost.TextArg(file)), row, m.columns[0])
		}
	}
	return nil
}

func crossed(group string) string {
	parts := strings.Split(group, crossSign)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(parts, crossSign)
}

// roundedSum is how far the printed shares of a margin may be from 1 altogether.
const roundedSum = 0.011

// shares recognises margins of shares or percentages: then the weights add up to what they
// did before.
func (f *shareFrame) shares(margins []fileMargin) error {
	for _, unit := range []float64{1, 100} {
		all := true
		for _, m := range margins {
			all = all && math.Abs(total(m.size)/unit-1) <= roundedSum
		}
		if !all || len(margins) == 0 {
			continue
		}
		f.weight.AsShares = true
		weights := total(f.base.Weights())
		for k, m := range margins {
			sum := total(m.size)
			margins[k].size = slices.Clone(m.size)
			for g := range m.size {
				margins[k].size[g] *= weights / sum
			}
		}
		f.note("share.note.margins-shares")
	}
	return nil
}

func total(values []float64) float64 {
	s := 0.0
	for _, v := range values {
		s += v
	}
	return s
}

// fit weights to the margins. Independent or not, every wave is weighted to them on its own:
// a change of who took part is no change of opinion.
func (f *shareFrame) fit(margins []fileMargin) error {
	waves := 1
	if f.waves {
		waves = len(f.by.names)
		f.weight.EachWave = true
		f.note("share.note.each-wave")
	}
	var list []survey.Margin
	for _, m := range margins {
		k := len(m.groups)
		s := survey.Margin{Code: slices.Clone(m.code)}
		for w := range waves {
			scale := 1.0
			if f.weight.AsShares && waves > 1 {
				scale = f.partOf(w)
			}
			for _, size := range m.size {
				s.Target = append(s.Target, size*scale)
			}
			for row := range f.n {
				if waves > 1 && f.by.code[row] == w && s.Code[row] >= 0 {
					s.Code[row] = m.code[row] + w*k
				}
			}
		}
		list = append(list, s)
	}
	if f.t.Design.PostStratify && len(list) != 1 {
		return f.marginFault(margins, "one-margin", "--poststratify", 0, -1, goalpost.NumberArg(float64(len(list))))
	}
	d, fit, err := f.fitted(f.base, list)
	if err != nil {
		if _, _, plain := f.fitted(f.once, list); plain == nil && f.base.Replicated() != nil {
			return f.inReplicate(err, margins)
		}
		return f.explainedMargin(err, margins)
	}
	f.design, f.weight.Cycles, f.weight.AtCap = d, fit.Cycles, fit.AtCap
	f.weight.Method = "rake"
	if f.t.Design.PostStratify {
		f.weight.Method = "poststratify"
	}
	if f.t.Design.Cap > 0 {
		f.weight.Cap = &f.t.Design.Cap
	}
	return nil
}

// fitted weights a design to margins.
func (f *shareFrame) fitted(d *survey.Design, list []survey.Margin) (*survey.Design, survey.Fit, error) {
	t := f.t.Design
	if t.PostStratify {
		out, err := d.PostStratify(list[0], false)
		return out, survey.Fit{}, err
	}
	return d.Rake(list, survey.RakeOptions{Tolerance: rakeTolerance, Cap: t.Cap, KeepMissing: t.KeepMissing})
}

// inReplicate is the refusal of margins that fit the sample, but not one of its replicates.
func (f *shareFrame) inReplicate(err error, margins []fileMargin) error {
	e, ok := errors.AsType[*survey.MarginError](err)
	if !ok {
		return err
	}
	name, group := f.marginNamesOf(e, margins)
	return f.marginFault(margins, "margins-replicate", "", e.Margin, e.Category, group, name)
}

// rakeTolerance is far below what can be seen in a share, so that the figures do not depend
// on where raking began.
const rakeTolerance = 1e-10

// partOf is the part of the weights that a wave has.
func (f *shareFrame) partOf(wave int) float64 {
	part, all := 0.0, 0.0
	for row, w := range f.base.Weights() {
		all += w
		if f.by.code[row] == wave {
			part += w
		}
	}
	return part / all
}

// marginFault is an error of the file of margins.
func (f *shareFrame) marginFault(margins []fileMargin, key, flag string, margin, group int, args ...goalpost.Arg) error {
	e := &goalpost.Error{Kind: goalpost.Invalid, Key: "error.share." + key, File: f.t.Design.Margins.Name, Flag: flag, Args: args}
	if margin >= 0 && group >= 0 && margin < len(margins) {
		e.Line = margins[margin].line[group%len(margins[margin].line)]
	}
	return e
}

// marginNamesOf are the margin and the group that a fault is about.
func (f *shareFrame) marginNamesOf(e *survey.MarginError, margins []fileMargin) (name, group goalpost.Arg) {
	name, group = goalpost.TextArg(""), goalpost.TextArg("")
	if e.Margin < 0 || e.Margin >= len(margins) {
		return name, group
	}
	m := margins[e.Margin]
	if k := e.Category; k >= 0 {
		label := m.groups[k%len(m.groups)]
		if f.waves && k/len(m.groups) < len(f.by.names) {
			label = f.by.names[k/len(m.groups)] + stratumNames + label
		}
		group = goalpost.TextArg(label)
	}
	return goalpost.TextArg(m.name), group
}

// explainedMargin turns a fault of the margins into a sentence about the files.
func (f *shareFrame) explainedMargin(err error, margins []fileMargin) error {
	e, ok := errors.AsType[*survey.MarginError](err)
	if !ok {
		return err
	}
	name, group := f.marginNamesOf(e, margins)
	fault := func(key, flag string, args ...goalpost.Arg) error {
		return f.marginFault(margins, key, flag, e.Margin, e.Category, args...)
	}
	switch e.Problem {
	case survey.TotalsDiffer:
		return fault("margins-differ", "", name, sumArg(e.Value, e.Other), goalpost.TextArg(margins[0].name), sumArg(e.Other, e.Value))
	case survey.NobodyAnswered:
		return fault("margins-nobody", "", group, name)
	case survey.NotInPopulation:
		return fault("margins-none", "", group, name, goalpost.NumberArg(float64(e.Rows)))
	case survey.MarginMissing:
		return f.missingMargin(margins[e.Margin], e.Rows)
	case survey.NotReachable:
		if f.t.Design.Cap > 0 {
			return fault("margins-cap", "--cap", group, name, goalpost.NumberArg(f.t.Design.Cap), goalpost.RateArg(e.Value))
		}
		return fault("margins-out-of-reach", "", group, name)
	case survey.BadTarget:
		return fault("margins-size", "", group)
	case survey.BadLimit:
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.share.cap", Flag: "--cap"}
	default:
		return err
	}
}

// sumArg writes a sum so that it differs from another.
func sumArg(v, other float64) goalpost.Arg {
	if math.Abs(v-other) >= 1 {
		return goalpost.NumberArg(v)
	}
	return goalpost.TextArg(strconv.FormatFloat(v, 'f', -1, 64))
}

// missingMargin names the first respondent whose group is not known.
func (f *shareFrame) missingMargin(m fileMargin, rows int) error {
	w := f.base.Weights()
	for row := range f.n {
		if m.code[row] < 0 && w[row] > 0 {
			return f.at(f.fault("margins-missing", "--keep-missing", goalpost.NumberArg(float64(rows))), row, m.columns[0])
		}
	}
	return f.fault("margins-missing", "--keep-missing", goalpost.NumberArg(float64(rows)))
}

// trim limits the weights. What was weighted to margins before then fits them less.
func (f *shareFrame) trim() error {
	lo, hi := f.t.Design.Trim[0], f.t.Design.Trim[1]
	before := f.design.Weights()
	d, err := f.design.Trim(lo, hi, true)
	if e, ok := errors.AsType[*survey.MarginError](err); ok && e.Problem == survey.BadLimit {
		mean := total(before) / float64(f.n)
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.share.trim", Flag: "--trim", Args: []goalpost.Arg{goalpost.NumberArg(mean)}}
	}
	if err != nil {
		return err
	}
	for _, w := range before {
		if w > 0 && (w < lo || w > hi) {
			f.weight.Trimmed++
		}
	}
	if lo > 0 {
		f.weight.TrimLo = &lo
	}
	if !math.IsInf(hi, 1) {
		f.weight.TrimHi = &hi
	}
	f.design = d
	return nil
}

// manyTimes is from which factor on a group is carried by too few: convention of post-
// stratification, beside at least 20 respondents (reference: survey, part b6).
const (
	manyTimes = 3
	fewInCell = 20
)

// offMargin is from which relative difference on trimmed weights are said to miss a margin.
const offMargin = 0.01

// diagnose says how uneven the weights are, and sets the sample beside the population.
func (f *shareFrame) diagnose(margins []fileMargin) {
	before, after := f.base.Weights(), f.design.Weights()
	w := &f.weight
	w.Min, w.Max = math.Inf(1), 0
	n, squares := 0.0, 0.0
	for _, x := range after {
		if x > 0 {
			n++
			w.Sum, squares = w.Sum+x, squares+x*x
			w.Min, w.Max = min(w.Min, x), max(w.Max, x)
		}
	}
	w.Mean, w.DeffKish = w.Sum/n, n*squares/(w.Sum*w.Sum)
	w.NEffKish = n / w.DeffKish
	for _, m := range margins {
		groups := make([]ShareGroup, len(m.groups))
		var known [3]float64
		for row, k := range m.code {
			if k < 0 || before[row] == 0 {
				continue
			}
			groups[k].N++
			groups[k].Before, groups[k].After = groups[k].Before+before[row], groups[k].After+after[row]
			known[0], known[1], known[2] = known[0]+1, known[1]+before[row], known[2]+after[row]
		}
		sum := total(m.size)
		for k, g := range groups {
			g.Margin, g.Group, g.Size, g.Population = m.name, m.groups[k], m.size[k], m.size[k]/sum
			g.Sample, g.Before, g.After = float64(g.N)/known[0], g.Before/known[1], g.After/known[2]
			if g.Before > 0 {
				g.Factor = g.After / g.Before
			}
			w.Worst = max(w.Worst, math.Abs(g.After/g.Population-1))
			if g.Factor > manyTimes || g.N > 0 && g.N < fewInCell && g.Factor > 1 {
				f.note("share.note.carried", goalpost.TextArg(g.Group), goalpost.TextArg(g.Margin), goalpost.NumberArg(float64(g.N)), goalpost.NumberArg(math.Round(10*g.Factor)/10))
			}
			w.Population = append(w.Population, g)
		}
	}
	if w.Trimmed > 0 && w.Worst > offMargin {
		f.note("share.note.trimmed-off", goalpost.RateArg(w.Worst))
	}
}
