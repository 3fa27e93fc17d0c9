package ingest

import (
	"slices"
	"strings"
	"time"

	"goalpost"
)

// settleNumbers decides decimal sign, order of dates and grain, or asks.
func (t *tableRows) settleNumbers(s scan) error {
	p, m := t.p, t.m
	if m.Decimal != "" {
		t.decimal = m.Decimal[0]
	} else if sign, ok := s.signs.sign(); ok {
		t.decimal = sign
	} else if !p.layout.workbook {
		p.ask("decimal", "--map", "ask-decimal", []string{".", ","})
	}
	switch order, ok := s.orders.order(); {
	case p.Answers.DateOrder != "":
		t.order = p.Answers.DateOrder
	case m.DateOrder != "":
		t.order = m.DateOrder
	case ok:
		t.order = order
	default:
		args := s.orders.readings()
		key := "ask-date-order"
		if len(args) == 1 {
			key = "ask-date-order-mixed"
		}
		p.ask("date_order", "--date-order", key, []string{"dmy", "mdy"}, args...)
	}
	if !slices.Contains([]string{"dmy", "mdy", "ymd"}, t.order) {
		return fieldError("date-order", "date_order", t.order)
	}
	t.grain = m.Grain
	if t.grain == "" {
		t.grain = goalpost.Daily
		if t.weekly(s) {
			t.grain = goalpost.Weekly
			p.Notes = append(p.Notes, goalpost.NewNote("import.note.weekly"))
		}
	}
	return nil
}

// weekly reports whether the dates of the sample are seven days apart.
func (t *tableRows) weekly(s scan) bool {
	i := columnsOf(t.p.Header).of(normalHeader(t.roleColumn(AsDate)))
	if i < 0 || len(s.sample) < 4 {
		return false
	}
	steps := 0
	var last goalpost.Day
	for k, row := range s.sample {
		if i >= len(row) {
			return false
		}
		d, ok := date(row[i], t.order, t.p.layout.workbook)
		if !ok {
			return false
		}
		gap := d.date() - last
		if k > 0 && gap != 0 {
			if gap != 7 && gap != -7 {
				return false
			}
			steps++
		}
		last = d.date()
	}
	return steps >= 3
}

func (t *tableRows) roleColumn(as string) string {
	if c := t.m.find(as); c != nil {
		return c.Column
	}
	return ""
}

// columns finds the columns of the map in the header.
func (t *tableRows) columns() {
	c := columnsOf(t.p.Header)
	t.at = map[string]int{}
	for _, roles := range rolesOf {
		for _, r := range roles {
			t.at[r] = -1
		}
	}
	for _, x := range t.m.Columns {
		i := c.of(normalHeader(x.Column))
		switch {
		case i < 0 || x.As == AsIgnore:
		case slices.Contains(rolesOf[t.m.Kind], x.As):
			t.at[x.As] = i
		default:
			t.metrics = append(t.metrics, tableMetric{column: i, Column: x, own: t.m.Kind == KindSeries && !slices.Contains(accountMetrics, x.As) && x.Account == ""})
		}
	}
}

// settleAccount asks whose profile the figures are.
func (t *tableRows) settleAccount() {
	p := t.p
	t.account = goalpost.AccountRef{Network: p.Answers.Network, Name: p.Answers.Account}
	if t.account.Network == "" {
		t.account.Network = t.m.Network
	}
	if t.account.Name == "" {
		t.account.Name = t.m.Account
	}
	var needs, profiles []string // metrics without a network, and without a profile
	for _, x := range t.metrics {
		if !x.own && x.Network == "" {
			needs = append(needs, x.As)
		}
		if !x.own && x.Account == "" {
			profiles = append(profiles, x.As)
		}
	}
	if t.m.Kind == KindPosts {
		needs, profiles = append(needs, "posts"), append(profiles, "posts")
	}
	if len(needs)+len(profiles) == 0 {
		if t.m.Kind == KindSeries && t.at[AsAccount] >= 0 { // a file of another site would replace this one
			p.Notes = append(p.Notes, goalpost.NewNote("import.note.account-unused"))
		}
		return
	}
	if len(needs) > 0 && t.account.Network == "" && t.at[AsNetwork] < 0 {
		var names []string
		for _, n := range goalpost.Networks() {
			names = append(names, string(n))
		}
		p.ask("network", "--network", "ask-network", names, goalpost.TextArg(strings.Join(needs, ", ")))
	}
	if len(profiles) > 0 && t.account.Name == "" && t.at[AsAccount] < 0 {
		p.ask("account", "--account", "ask-account", nil)
	}
}

// settleMoney asks for the currency of amounts.
func (t *tableRows) settleMoney() {
	p := t.p
	for _, c := range []string{p.Answers.Currency, t.m.Currency, p.options.Currency} {
		if t.money == "" {
			t.money = c
		}
	}
	open := ""
	for _, x := range t.metrics {
		if x.isMoney() && x.Currency == "" {
			open = x.Column.Column
		}
	}
	if t.at[AsCost] >= 0 && t.m.find(AsCost).Currency == "" {
		open = t.m.find(AsCost).Column
	}
	if open == "" || t.at[AsCurrency] >= 0 {
		return
	}
	if t.money == "" {
		p.ask("currency", "--currency", "ask-currency", nil, goalpost.TextArg(open))
	} else if p.Answers.Currency == "" && t.m.Currency == "" {
		p.Notes = append(p.Notes, goalpost.NewNote("import.note.currency", goalpost.TextArg(t.money)))
		p.Answers.Currency = t.money // read again it is the same, whatever the organisation's is then
	}
}

// settleZone says in which zone times of a table are read.
func (t *tableRows) settleZone() {
	p := t.p
	name := p.Answers.TimeZone
	if name == "" {
		name = t.m.TimeZone
	}
	t.zone = p.zone()
	if name != "" {
		if z, err := time.LoadLocation(name); err == nil {
			t.zone = z
		}
	} else {
		p.Notes = append(p.Notes, goalpost.NewNote("import.note.zone-organisation", goalpost.TextArg(t.zone.String())))
	}
}

func (x tableMetric) isMoney() bool { return x.Currency != "" || slices.Contains(moneyMetrics, x.As) }
