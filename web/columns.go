package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// ownMetric stands in the choice of numbers for one that Goalpost does not know.
const ownMetric = "own"

// How the days of an own number become one number.
const (
	sumOf   = "sum"
	levelOf = "level"
)

// ownNumber is what a person said of a number that Goalpost does not know.
type ownNumber struct{ name, sum string }

// columnFields fills the choices of the column map, and the fields that some of them need.
func (s *Server) columnFields(ctx context.Context, org goalpost.Organisation, p *ProposalPage, m mapForm, a goalpost.Answers) error {
	own, err := assess.OwnMetrics(ctx, s.DB, org.ID)
	if err != nil {
		return err
	}
	p.Kinds = p.words("web.kind.", assess.MapKinds(), m.kind)
	p.Grains = p.words("web.grain.", []string{"", "day", "week"}, m.grain)
	p.Decimals = p.words("web.decimal.", []string{"", ".", ","}, m.decimal)
	for i, c := range m.columns {
		samples := c.Sample[:min(sampleValues, len(c.Sample))]
		row := ColumnRow{Index: i, Header: c.Header, Samples: p.sampleText(samples), Roles: p.words("web.role.", assess.Roles(), c.Role)}
		said, typed := m.own[i]
		chosen := c.Metric
		switch {
		case typed:
			chosen = ownMetric
		case chosen != "" && !slices.Contains(assess.SeriesMetrics(), chosen) && !slices.Contains(own, chosen):
			said, chosen = ownNumber{name: c.Header}, ownMetric // a proposal for a header that says nothing to Goalpost
		}
		row.Metrics, row.Name = p.metricChoices(own, chosen), said.name
		row.Sums = []Option{{Text: p.T("web.sum.choose")}, {Value: sumOf, Text: p.T("web.sum.sum"), Selected: said.sum == sumOf}, {Value: levelOf, Text: p.T("web.sum.level"), Selected: said.sum == levelOf}}
		p.Columns = append(p.Columns, row)
	}
	return s.freeFields(ctx, org, p, a)
}

// sampleText shows the first values of a column; one without any says so.
func (p Page) sampleText(samples []string) string {
	if strings.TrimSpace(strings.Join(samples, "")) == "" {
		return p.T("web.proposal.empty")
	}
	return strings.Join(samples, " · ")
}

// metricChoices are the numbers that Goalpost knows, those of the organisation, and one
// that neither knows.
func (p Page) metricChoices(own []string, chosen string) []Option {
	list := []Option{{Text: p.T("web.question.choose"), Selected: chosen == ""}}
	for _, code := range slices.Concat(assess.SeriesMetrics(), own) {
		text := p.printer.Word("metric." + code)
		if k, _ := goalpost.KPIByCode(code); k.Aggregation == goalpost.AggLast {
			text = p.say("web.metric.level", goalpost.TextArg(text))
		}
		list = append(list, Option{Value: code, Text: text, Selected: code == chosen})
	}
	return append(list, Option{Value: ownMetric, Text: p.T("web.metric.own"), Selected: chosen == ownMetric})
}

// freeFields asks at once what some of the columns need: whose numbers they are, and the
// currency of amounts.
func (s *Server) freeFields(ctx context.Context, org goalpost.Organisation, p *ProposalPage, a goalpost.Answers) error {
	names := []string{"network", "account", "currency"}
	p.Questions = slices.DeleteFunc(p.Questions, func(q QuestionField) bool { return slices.Contains(names, q.Name) })
	for _, name := range names {
		f := p.question(assess.Question{Field: name}, a, org)
		f.Free, f.Why = true, p.T("web.why."+name)
		if len(f.Options) > 0 && f.Options[0].Value == "" {
			f.Options[0].Text = p.T("web.question.none") // a table of one's own needs no network
		}
		if name == "account" {
			var err error
			if f.List, err = s.accountNames(ctx, org.ID); err != nil {
				return err
			}
		}
		p.Questions = append(p.Questions, f)
	}
	return nil
}

// askExported turns the note that the file does not say when it was exported into a field
// that may stay empty.
func (p *ProposalPage) askExported(notes []goalpost.Note) []goalpost.Note {
	rest := slices.DeleteFunc(slices.Clone(notes), func(n goalpost.Note) bool { return n.Key == "import.note.observed-now" })
	if len(rest) < len(notes) {
		p.Questions = append(p.Questions, QuestionField{Name: "observed_at", Label: p.T("web.question.observed_at"), Why: p.T("web.why.observed_at"), Type: "date", Free: true})
	}
	return rest
}

// dateOrders asks for the order of dates with an example from the file; nothing is chosen
// before a person did.
func (p Page) dateOrders(f *QuestionField, q assess.Question) {
	f.Options = []Option{{Text: p.T("web.question.choose"), Selected: f.Value == ""}}
	args := q.Why.Args
	for i, order := range []string{"dmy", "mdy"} {
		text := p.T("web.date-order." + order)
		if len(args) == 3 {
			text = p.say("web.date-order.example."+order, args[i+1])
		}
		f.Options = append(f.Options, Option{Value: order, Text: text, Selected: f.Value == order})
	}
	switch len(args) {
	case 3:
		f.Why = p.say("web.why.date_order", args...)
	case 1:
		f.Why = p.say("web.why.date_order-mixed", args...)
	}
}

// answersOf are the answers of now, and for what is open those of before.
func answersOf(now, before goalpost.Answers) goalpost.Answers {
	now.Account = cmp.Or(now.Account, before.Account)
	now.Network = cmp.Or(now.Network, before.Network)
	now.Currency = cmp.Or(now.Currency, before.Currency)
	now.TimeZone = cmp.Or(now.TimeZone, before.TimeZone)
	now.DateOrder = cmp.Or(now.DateOrder, before.DateOrder)
	return now
}

// readMap takes what was chosen for each column.
func readMap(form url.Values, proposal assess.Proposal) (mapForm, error) {
	m := mapForm{kind: form.Get("kind"), grain: form.Get("grain"), decimal: form.Get("decimal"), columns: slices.Clone(proposal.Columns), own: map[int]ownNumber{}}
	if !proposal.NeedsMap { // the page showed no columns
		m.kind = proposal.Kind
		return m, nil
	}
	var problem error
	for i := range m.columns {
		c, n := &m.columns[i], strconv.Itoa(i)
		if role := form.Get("role-" + n); role != "" {
			c.Role = role
		}
		c.Metric = form.Get("metric-" + n)
		if c.Role != assess.RoleMetric || c.Metric != ownMetric {
			continue
		}
		o := ownNumber{name: strings.TrimSpace(form.Get("name-" + n)), sum: form.Get("sum-" + n)}
		m.own[i] = o
		if c.Metric = knownMetric(o.name); c.Metric != "" {
			continue
		}
		c.Metric = assess.OwnMetric(o.name, o.sum == levelOf)
		switch {
		case problem != nil:
		case c.Metric == "":
			problem = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.metric-missing", Field: c.Header}
		case o.sum != sumOf && o.sum != levelOf:
			problem = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.sum-or-level", Field: c.Header, Args: []goalpost.Arg{goalpost.TextArg(o.name)}}
		}
	}
	return m, problem
}

// knownMetric is the metric that a typed name means in one of the languages; "" if it is a
// new one.
func knownMetric(name string) string {
	for _, code := range assess.SeriesMetrics() {
		for _, lang := range locale.Languages() {
			p := locale.New(lang, "")
			for _, word := range []string{code, p.Word("metric." + code), p.Word("kpi." + code)} {
				if strings.EqualFold(word, name) {
					return code
				}
			}
		}
	}
	if code := assess.MetricNamed(name); slices.Contains(assess.SeriesMetrics(), code) {
		return code
	}
	return ""
}
