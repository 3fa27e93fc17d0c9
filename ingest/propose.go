package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"

	"goalpost"
)

const (
	sampleRows = 5     // rows shown on the page
	sampleCell = 60    // runes of a cell shown there
	scanRows   = 20000 // rows after which an open question about numbers is not looked for further
)

// scan is what the values of a table's columns say.
type scan struct {
	rows    int
	numbers []int // cells by column that are numbers
	filled  []int
	dates   []int
	orders  orders
	signs   decimals
	sample  [][]string
}

// table plans a table: with the map given, with a remembered one, by canonical
// headers, or with a proposal that a person has to confirm.
func (p *Plan) table(ctx context.Context, head []record) error {
	p.Dialect = DialectTable
	header, at := tableHeader(head)
	if p.options.Map != nil {
		header, at = headerWith(head, p.options.Map)
	}
	if header == nil {
		return refuse("no-header")
	}
	p.Header, p.Fingerprint = header, fingerprint(header)
	if at+1 >= len(head) {
		return p.noRows()
	}
	p.observed()
	m := p.options.Map
	if m == nil && p.options.Remembered != nil {
		if m = p.options.Remembered(p.Fingerprint); m != nil {
			p.Notes = append(p.Notes, goalpost.NewNote("import.note.map-remembered"))
		}
	}
	sc, err := p.scan(ctx, head[at].line)
	if err != nil {
		return err
	}
	p.Sample = sc.sample
	if m == nil {
		var sure bool
		m, sure = p.propose(header, sc)
		wrong := m.check() != nil // also canonical words that do not go together
		if before := p.options.Proposed; !sure && before != nil && before.fits(header) == nil {
			m, wrong = before, false
		}
		p.NeedsMap = !sure || wrong
		if p.Map = m; wrong {
			p.showDates()
			return nil
		}
	}
	p.Map = m
	p.showDates()
	if err := m.fits(header); err != nil {
		return err
	}
	return p.settle(sc, head[at].line)
}

// showDates writes the sample of a workbook's date columns as dates: a spreadsheet keeps
// them as day numbers.
func (p *Plan) showDates() {
	if !p.layout.workbook {
		return
	}
	c := columnsOf(p.Header)
	for _, x := range p.Map.Columns {
		i := c.of(normalHeader(x.Column))
		if i < 0 || !slices.Contains([]string{AsDate, AsFrom, AsUntil}, x.As) {
			continue
		}
		for _, row := range p.Sample {
			if i >= len(row) {
				continue
			}
			if m, ok := date(row[i], "dmy", true); ok {
				row[i] = m.date().String()
			}
		}
	}
}

// titleAbove reports whether a row that looks like a header is only a title: the next
// such row is names alone, more of them, and has one where this row has a gap.
func titleAbove(head []record, at int) bool {
	width := func(f []string) (n int) {
		for _, c := range f {
			if strings.TrimSpace(c) != "" {
				n++
			}
		}
		return n
	}
	row := head[at].fields
	for _, next := range head[at+1:] {
		gap := false
		for i, c := range next.fields {
			c = strings.TrimSpace(c)
			_, isNumber := number(c, '.')
			_, isComma := number(c, ',')
			_, isDate := date(c, "dmy", false)
			_, isOther := date(c, "mdy", false)
			if isNumber || isComma || isDate || isOther || len(c) >= 200 {
				return false // a row of the table
			}
			gap = gap || c != "" && cell(row, i) == ""
		}
		if n := width(next.fields); n >= 2 && n > width(row) && gap {
			return true
		}
	}
	return false
}

// tableHeader finds the header of a table: the first row with at least two names that
// are no numbers, whose next rows are about as wide. A title above it is passed over.
func tableHeader(head []record) ([]string, int) {
	for i, rec := range head {
		if strings.HasPrefix(strings.TrimSpace(rec.fields[0]), "#") {
			continue
		}
		names := 0
		for _, f := range rec.fields {
			f = strings.TrimSpace(f)
			if _, isNumber := number(f, '.'); f != "" && !isNumber && len(f) < 200 {
				names++
			}
		}
		if names >= 2 && names*2 >= len(rec.fields) && !titleAbove(head, i) {
			return append([]string(nil), rec.fields...), i
		}
	}
	return nil, 0
}

// headerWith finds the row that has the columns of a map.
func headerWith(head []record, m *Map) ([]string, int) {
	for i, rec := range head {
		c := columnsOf(rec.fields)
		if slices.ContainsFunc(m.Columns, func(x Column) bool { return c.of(normalHeader(x.Column)) >= 0 }) {
			return append([]string(nil), rec.fields...), i
		}
	}
	return tableHeader(head)
}

// fits refuses a map that names a column which is not there.
func (m *Map) fits(header []string) error {
	c := columnsOf(header)
	for _, x := range m.Columns {
		if x.As != AsIgnore && c.of(normalHeader(x.Column)) < 0 {
			return fieldError("map-column-missing", x.Column, x.Column)
		}
	}
	return nil
}

// fingerprint is the same for tables with the same header.
func fingerprint(header []string) string {
	h := sha256.New()
	for _, x := range header {
		h.Write([]byte(normalHeader(x)))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// scan looks at the values below the header: at all of them while something is open
// that only more values can decide.
func (p *Plan) scan(ctx context.Context, header int) (scan, error) {
	n := len(p.Header)
	s := scan{numbers: make([]int, n), filled: make([]int, n), dates: make([]int, n)}
	src, err := p.open()
	if err != nil {
		return s, err
	}
	defer src.close()
	for {
		if s.rows%4096 == 0 {
			if err := ctx.Err(); err != nil {
				return s, err
			}
		}
		rec, err := src.next()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return s, err
		}
		if rec.line <= header || rec.broken != "" || blank(rec.fields) {
			continue
		}
		s.see(rec)
		openOrder := s.orders.open && !s.orders.dmy && !s.orders.mdy
		openSign := s.signs.either && !s.signs.point && !s.signs.comma
		if s.rows >= 200 && !openOrder && !openSign && s.rows%200 == 0 || s.rows >= scanRows && !openOrder && !openSign {
			return s, nil
		}
	}
}

func (s *scan) see(rec record) {
	s.rows++
	for i := range min(len(rec.fields), len(s.filled)) {
		f := strings.TrimSpace(rec.fields[i])
		if isMissing(f) {
			continue
		}
		s.filled[i]++
		if i < len(rec.dates) && rec.dates[i] {
			s.dates[i]++
			continue
		}
		_, point := number(f, '.')
		_, comma := number(f, ',')
		if _, ok := date(f, "dmy", false); ok {
			s.dates[i]++
		} else if _, ok := date(f, "mdy", false); ok {
			s.dates[i]++
		}
		if point || comma {
			s.numbers[i]++
			s.signs.see(f)
		} else {
			s.orders.see(f)
		}
	}
	if len(s.sample) < sampleRows {
		row := make([]string, len(rec.fields))
		for i, f := range rec.fields {
			r := []rune(strings.TrimSpace(f))
			if len(r) > sampleCell {
				r = append(r[:sampleCell], '…')
			}
			row[i] = string(r)
		}
		s.sample = append(s.sample, row)
	}
}

// propose makes a map of the headers and the values; sure says that every header is
// canonical.
func (p *Plan) propose(header []string, s scan) (*Map, bool) {
	m := &Map{}
	sure := true
	as := make([]string, len(header))
	money, network := make([]string, len(header)), make([]goalpost.Network, len(header))
	canon := make([]bool, len(header))
	for i, h := range header {
		var certain bool
		as[i], money[i], certain = meaning(h)
		if as[i] == "" {
			as[i], network[i] = likely(h)
		}
		canon[i] = certain
		sure = sure && (certain || normalHeader(h) == "")
	}
	m.Kind = kindOfTable(as)
	used := map[string]bool{}
	for i, h := range header {
		if normalHeader(h) == "" {
			continue
		}
		c := Column{Column: h, As: as[i], Currency: money[i], Network: network[i]}
		numeric := i < len(s.filled) && s.filled[i] > 0 && s.numbers[i]*10 >= s.filled[i]*9
		isRoleHere := slices.Contains(rolesOf[m.Kind], c.As)
		switch {
		case c.As == AsDate && m.Kind == KindActivities:
			c.As = AsIgnore
		case isRoleHere:
		case c.As != "" && !isRole(c.As) && m.Kind == KindSeries && (numeric || canon[i]):
		case c.As != "" && !isRole(c.As) && m.Kind == KindPosts && slices.Contains(goalpost.PostMetrics(), goalpost.Metric(c.As)):
		case c.As == "" && m.Kind != KindActivities && i < len(s.dates) && s.filled[i] > 0 && s.dates[i] == s.filled[i] && !slices.Contains(as, AsDate):
			c.As = AsDate
		case c.As == "" && m.Kind == KindSeries && numeric && isCount(s, i) && isMetricCode(seriesMetric(h)) && !isRole(seriesMetric(h)):
			c.As = seriesMetric(h)
		default:
			c.As = AsIgnore
		}
		if !slices.Contains(accountMetrics, c.As) {
			c.Network = ""
		}
		if used[c.As+string(c.Network)] && c.As != AsIgnore {
			c.As, c.Network = AsIgnore, ""
			sure = false
		}
		used[c.As+string(c.Network)] = true
		if isRole(c.As) || !slices.Contains(moneyMetrics, c.As) {
			if c.As != AsCost {
				c.Currency = ""
			}
		}
		m.Columns = append(m.Columns, c)
	}
	m.oneNetwork()
	return m, sure
}

// oneNetwork says a network that only one kind of header names for the whole map, where an
// answer can correct it.
func (m *Map) oneNetwork() {
	var found []goalpost.Network
	for _, c := range m.Columns {
		if c.Network != "" && !slices.Contains(found, c.Network) {
			found = append(found, c.Network)
		}
	}
	if len(found) != 1 {
		return
	}
	m.Network = found[0]
	for i := range m.Columns {
		m.Columns[i].Network = ""
	}
}

// isCount reports whether the sample of a column is whole numbers that are not all
// the same size of a year: what a count looks like.
func isCount(s scan, i int) bool {
	for _, row := range s.sample {
		if i >= len(row) || isMissing(row[i]) {
			continue
		}
		if v, ok := whole(row[i], '.'); !ok || v < 0 {
			return false
		}
	}
	return true
}

// settle asks what map, file and answers leave open, and plans the reading.
func (p *Plan) settle(s scan, header int) error {
	m := p.Map
	t := tableRows{p: p, m: m, header: header, decimal: '.', order: "dmy", seen: map[string]int{}}
	if err := t.settleNumbers(s); err != nil {
		return err
	}
	t.columns()
	t.settleAccount()
	t.settleMoney()
	if m.Kind == KindPosts {
		t.settleZone()
	}
	p.rows = func() handler {
		c := t
		c.seen = map[string]int{}
		return &c
	}
	return nil
}
