package locale

import (
	"math"
	"strconv"
	"strings"

	"goalpost"
)

// Flag returns the words of a flag of a published figure; one that nobody has words
// for stands as its code.
func (p *Printer) Flag(code string) string {
	if key := "flag." + code; p.Has(key) {
		return p.T(key)
	}
	return code
}

// Reference returns the name of a reference period: "2013 expected" is "2013
// (erwartet)" in German.
func (p *Printer) Reference(id string) string {
	for _, kind := range goalpost.ReferenceKinds() {
		if time, ok := strings.CutSuffix(id, " "+string(kind)); ok {
			return p.T("reference.of", goalpost.TextArg(p.Wave(time)), goalpost.WordArg("reference.short."+string(kind)))
		}
	}
	return p.Wave(id)
}

// Wave returns the name of a wave; the few words in names that ship with the program
// are in both languages: "2018 consumers", "undated".
func (p *Printer) Wave(id string) string {
	const names = "reference.name."
	if p.Has(names + id) {
		return p.T(names + id)
	}
	if time, who, both := strings.Cut(id, " "); both && p.Has(names+who) {
		return p.T("reference.name", goalpost.TextArg(time), goalpost.TextArg(p.T(names+who)))
	}
	return id
}

// Published returns a figure as it was printed: "62.5%", "below 50%", "about 50%", or a
// mean.
func (p *Printer) Published(r goalpost.Result) string {
	switch {
	case r.PublishedMax != nil:
		return p.T("study.below", goalpost.RateArg(*r.PublishedMax))
	case r.Mean != nil:
		return p.Number(*r.Mean)
	case r.Published == nil && r.Share != nil: // counted here
		return p.PercentDecimals(*r.Share, 1)
	case r.Published == nil:
		return noNumber
	case r.Approximate:
		return p.T("study.about", goalpost.RateArg(*r.Published))
	}
	return p.PercentDecimals(*r.Published, r.Printed.Decimals)
}

// ShareRange returns the limits of a share, "54.6–68.6%", empty where there are none.
func (p *Printer) ShareRange(r goalpost.Result) string {
	if r.Lo == nil || r.Hi == nil {
		return ""
	}
	return p.Decimal(100**r.Lo, 1) + "–" + p.percent(p.Decimal(100**r.Hi, 1))
}

// SignedPoints returns percentage points with one decimal and their sign: "−14.9 pts".
func (p *Printer) SignedPoints(v float64) string {
	return p.T("unit.points.amount", goalpost.TextArg(p.Signed(v)))
}

// Signed returns a number with one decimal and its sign.
func (p *Printer) Signed(v float64) string {
	if math.Round(v*10) > 0 {
		return "+" + p.Decimal(v, 1)
	}
	return p.Decimal(v, 1)
}

// PointsRange returns the limits of a difference: "−24.1 to −5.4".
func (p *Printer) PointsRange(lo, hi float64) string {
	return p.T("study.points.range", goalpost.TextArg(p.Signed(lo)), goalpost.TextArg(p.Signed(hi)))
}

// StudyChange says in sentences how an option changed between two references, and
// whether the two may be compared; its cautions are not in it.
func (p *Printer) StudyChange(c goalpost.Change, option string) string {
	head := p.T("study.change.head", goalpost.TextArg(option), goalpost.TextArg(p.Reference(c.From)), goalpost.TextArg(p.Reference(c.To)))
	parts := []string{head + " " + p.ChangeVerdict(c)}
	parts = append(parts, p.Notes(c.Reasons)...)
	if m := c.SameMix; m != nil {
		by := m.Wording.In(string(p.Language()))
		if by == "" {
			by = m.Question
		}
		parts = append(parts, p.T("study.change.same-mix", goalpost.TextArg(by), goalpost.TextArg(p.SignedPoints(m.Points)), goalpost.TextArg(p.PointsRange(m.Lo, m.Hi)), goalpost.TextArg(p.SignedPoints(m.Mix))))
	}
	return strings.Join(parts, " ")
}

// ChangeVerdict says the difference and what it is worth, without its reasons.
func (p *Printer) ChangeVerdict(c goalpost.Change) string {
	switch {
	case c.Points == nil:
		return p.T("study.change.none")
	case !c.Comparable && c.Lo == nil:
		return p.T("study.change.broken", goalpost.TextArg(p.SignedPoints(*c.Points)))
	case !c.Comparable:
		return p.T("study.change.broken-range", goalpost.TextArg(p.SignedPoints(*c.Points)), goalpost.TextArg(p.PointsRange(*c.Lo, *c.Hi)))
	case c.Lo == nil:
		return p.T("study.change.no-range", goalpost.TextArg(p.SignedPoints(*c.Points)))
	}
	key := "study.change.chance"
	if *c.Lo > 0 || *c.Hi < 0 {
		key = "study.change.more"
	}
	s := p.T(key, goalpost.TextArg(p.SignedPoints(*c.Points)), goalpost.TextArg(p.PointsRange(*c.Lo, *c.Hi)))
	if c.Smallest != nil {
		s += " " + p.T("study.change.smallest", goalpost.TextArg(p.Decimal(*c.Smallest, 1)))
	}
	return s
}

// printedRates writes percentages with the decimals that they have.
func (p *Printer) printedRates(list []string) string {
	var out []string
	for _, s := range list {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			out = append(out, s)
			continue
		}
		_, decimals, _ := strings.Cut(s, ".")
		out = append(out, p.percent(p.Decimal(v, len(decimals))))
	}
	return strings.Join(out, ", ")
}
