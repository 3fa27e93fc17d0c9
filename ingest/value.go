package ingest

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"goalpost"
)

// normalHeader makes headers comparable: one form of each letter, no soft hyphens, no
// case, single blanks.
func normalHeader(s string) string {
	s = norm.NFKC.String(s)
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u00ad', '\ufeff', '\u200b', 0:
			return -1
		case '\u00a0', '\u202f', '\t', '\n', '\r':
			return ' '
		}
		return r
	}, s)
	return strings.ToLower(strings.Join(strings.Fields(s), " "))
}

// isMissing reports whether a cell says that nothing was measured. That is not zero.
func isMissing(s string) bool {
	switch strings.ToLower(s) {
	case "", "-", "--", "–", "—", "nan", "n/a", "na", "null", "#n/a":
		return true
	}
	return false
}

// number reads a number with a decimal sign. Thousands may be grouped by the other
// sign, blanks or apostrophes, in threes. ok is false for anything else: per cent,
// "1.2K", a date.
func number(s string, decimal byte) (x float64, ok bool) {
	s = strings.TrimSpace(s)
	if plain(s) { // the usual case: digits and at most one sign that is a point
		if decimal == '.' || strings.IndexByte(s, '.') < 0 {
			x, err := strconv.ParseFloat(s, 64)
			return x, err == nil && !math.IsInf(x, 0)
		}
	}
	s = strings.NewReplacer("\u00a0", "", "\u202f", "", " ", "", "'", "", "’", "", "\u2212", "-").Replace(s)
	s = strings.TrimLeft(strings.TrimRight(s, "€$£"), "€$£")
	whole, frac := s, ""
	if i := strings.LastIndexByte(s, decimal); i >= 0 {
		whole, frac = s[:i], s[i+1:]
		if strings.IndexByte(whole, decimal) >= 0 {
			return 0, false
		}
	}
	group := byte(',')
	if decimal == ',' {
		group = '.'
	}
	if strings.IndexByte(frac, group) >= 0 {
		return 0, false
	}
	if parts := strings.Split(whole, string(group)); len(parts) > 1 {
		for i, p := range parts {
			if n := len(strings.TrimLeft(p, "+-")); n > 3 || n < 1 || (i > 0 && len(p) != 3) {
				return 0, false
			}
		}
		whole = strings.Join(parts, "")
	}
	for _, c := range frac {
		if c < '0' || c > '9' {
			if c != 'e' && c != 'E' && c != '-' && c != '+' {
				return 0, false
			}
		}
	}
	x, err := strconv.ParseFloat(whole+"."+frac, 64)
	if frac == "" {
		x, err = strconv.ParseFloat(whole, 64)
	}
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) || strings.ContainsAny(s, "xXpP_iInN") {
		return 0, false
	}
	return x, true
}

// plain reports whether s is digits with an optional sign and one point.
func plain(s string) bool {
	if s == "" {
		return false
	}
	points, digits := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			points++
		case (c == '-' || c == '+') && i == 0:
		default:
			return false
		}
	}
	return digits > 0 && points <= 1
}

// whole reads a count: digits, also as "1938.0"; ok is false for a fraction.
func whole(s string, decimal byte) (int64, bool) {
	x, ok := number(s, decimal)
	if !ok || x != math.Trunc(x) || math.Abs(x) > 1<<53 {
		return 0, false
	}
	return int64(x), true
}

// belowZero reports whether a value is less than a count can be. Money comes back, and
// some files give followers won and lost as one number; own figures may be anything.
func belowZero(metric string, x float64) bool {
	return x < 0 && metric != "follows" && (metric == "sessions" || slices.Contains(accountMetrics, metric))
}

// decimals collects which decimal sign the numbers of a file have.
type decimals struct{ point, comma, either bool }

// see looks at one cell: "1,234" leaves it open, "1,23" or "1.234,5" does not.
func (d *decimals) see(s string) {
	s = strings.Trim(strings.TrimSpace(s), "€$£ \u00a0")
	if s == "" || len(s) > 40 || strings.Trim(s, "0123456789.,-+' \u00a0\u202f’") != "" {
		return
	}
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	last := strings.LastIndexAny(s, ".,")
	switch {
	case points == 0 && commas == 0:
	case points > 0 && commas > 0:
		if s[last] == '.' {
			d.point = true
		} else {
			d.comma = true
		}
	case points > 1:
		d.comma = true
	case commas > 1:
		d.point = true
	case len(s)-last == 4 && last >= 1 && last <= 4 && s[0] != '0': // 1.234: a thousand, or one and a bit
		d.either = true
	case points == 1:
		d.point = true
	default:
		d.comma = true
	}
}

// sign returns the decimal sign; ok is false where the values leave it open.
func (d decimals) sign() (byte, bool) {
	switch {
	case d.point && d.comma:
		return '.', false
	case d.comma:
		return ',', true
	case d.point:
		return '.', true
	}
	return '.', !d.either
}

// months of English and German dates, by their first three letters.
var months = map[string]time.Month{"jan": 1, "feb": 2, "mar": 3, "mär": 3, "mae": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7, "aug": 8,
	"sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12}

// moment is a date as a file writes it, with a time of day if it has one.
type moment struct {
	year, day    int
	month        time.Month
	hour, minute int
	second       int
	timed        bool
	zone         *time.Location // nil: the file does not say
}

func (m moment) date() goalpost.Day { return goalpost.NewDay(m.year, m.month, m.day) }

func (m moment) in(zone *time.Location) time.Time {
	if m.zone != nil {
		zone = m.zone
	}
	return time.Date(m.year, m.month, m.day, m.hour, m.minute, m.second, 0, zone)
}

func (m moment) valid() bool {
	if m.year < 1990 || m.year > 2200 || m.month < 1 || m.month > 12 || m.day < 1 || m.hour > 24 || m.minute > 59 || m.second > 60 {
		return false
	}
	return m.day <= time.Date(m.year, m.month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// date reads a date: ISO, 20231010, D.M.Y, M/D/Y or D/M/Y (order says which), English
// and German words, and the day numbers of a spreadsheet. order is "dmy", "mdy" or
// "ymd".
func date(s, order string, serial bool) (moment, bool) {
	s = strings.TrimSpace(s)
	if len(s) > 64 || len(s) < 5 {
		return moment{}, false
	}
	if serial {
		if x, err := strconv.ParseFloat(s, 64); err == nil && x > 20000 && x < 110000 {
			return fromSerial(x), true
		}
	}
	var m moment
	head, clock := splitClock(s)
	if clock != "" && !m.readClock(clock) {
		return moment{}, false
	}
	if len(head) == 8 && strings.Trim(head, "0123456789") == "" {
		m.year, m.month, m.day = atoi(head[:4]), time.Month(atoi(head[4:6])), atoi(head[6:])
		return m, m.valid()
	}
	parts := strings.FieldsFunc(head, func(r rune) bool { return r == '-' || r == '/' || r == '.' || r == ' ' || r == ',' })
	if len(parts) == 4 { // a weekday first
		parts = parts[1:]
	}
	if len(parts) != 3 {
		return moment{}, false
	}
	if m.words(parts) {
		return m, m.valid()
	}
	n := [3]int{atoi(parts[0]), atoi(parts[1]), atoi(parts[2])}
	if n[0] < 0 || n[1] < 0 || n[2] < 0 {
		return moment{}, false
	}
	switch {
	case len(parts[0]) == 4:
		m.year, m.month, m.day = n[0], time.Month(n[1]), n[2]
	case order == "mdy" && !strings.Contains(head, "."):
		m.year, m.month, m.day = n[2], time.Month(n[0]), n[1]
	default:
		m.year, m.month, m.day = n[2], time.Month(n[1]), n[0]
	}
	if m.year < 100 && len(parts[2]) == 2 && len(parts[0]) <= 2 {
		m.year += 2000
	}
	return m, m.valid()
}

// splitClock cuts the time of day off a date.
func splitClock(s string) (head, clock string) {
	if i := strings.IndexAny(s, "T"); i == 10 {
		return s[:i], s[i+1:]
	}
	if i := strings.IndexByte(s, ':'); i > 0 {
		if j := strings.LastIndexByte(s[:i], ' '); j > 0 {
			return strings.TrimRight(s[:j], ", "), s[j+1:]
		}
	}
	return s, ""
}

// readClock reads 15:04, 15:04:05, 3:04 PM, with an optional zone.
func (m *moment) readClock(s string) bool {
	s = strings.TrimSpace(s)
	upper := strings.ToUpper(s)
	pm := strings.HasSuffix(upper, "PM")
	am := strings.HasSuffix(upper, "AM")
	if pm || am {
		s = strings.TrimSpace(s[:len(s)-2])
	}
	if strings.HasSuffix(s, "Z") {
		m.zone, s = time.UTC, s[:len(s)-1]
	} else if i := strings.LastIndexAny(s, "+-"); i > 3 {
		offset := strings.ReplaceAll(s[i+1:], ":", "")
		if len(offset) != 4 || atoi(offset) < 0 {
			return false
		}
		sec := (atoi(offset[:2])*60 + atoi(offset[2:])) * 60
		if s[i] == '-' {
			sec = -sec
		}
		m.zone = time.FixedZone("", sec)
		if sec == 0 {
			m.zone = time.UTC
		}
		s = strings.TrimSpace(s[:i])
	}
	p := strings.Split(s, ":")
	if len(p) < 2 || len(p) > 3 {
		return false
	}
	m.hour, m.minute = atoi(p[0]), atoi(p[1])
	if len(p) == 3 {
		sec, _, _ := strings.Cut(p[2], ".")
		m.second = atoi(sec)
	}
	if pm && m.hour < 12 {
		m.hour += 12
	}
	if am && m.hour == 12 {
		m.hour = 0
	}
	m.timed = true
	return m.hour >= 0 && m.minute >= 0 && m.second >= 0 && m.hour < 25
}

// words reads "Aug 26 2025", "26 August 2025", "26 Aug 2025".
func (m *moment) words(p []string) bool {
	for i := range 2 {
		name := []rune(strings.ToLower(p[i]))
		if len(name) < 3 {
			continue
		}
		month, ok := months[string(name[:3])]
		if !ok {
			continue
		}
		m.month, m.day, m.year = month, atoi(p[1-i]), atoi(p[2])
		return true
	}
	return false
}

// atoi reads digits; −1 for anything else.
func atoi(s string) int {
	if s == "" || len(s) > 6 {
		return -1
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// fromSerial reads the day number of a spreadsheet: days since 1899-12-30.
func fromSerial(x float64) moment {
	days := math.Floor(x)
	t := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(days)).Add(time.Duration(math.Round((x-days)*86400)) * time.Second)
	return moment{year: t.Year(), month: t.Month(), day: t.Day(), hour: t.Hour(), minute: t.Minute(), second: t.Second(), timed: x != days}
}

// orders collects which order the slashed dates of a file have.
type orders struct {
	dmy, mdy, open bool
	example        string // the first date that two orders read differently, else the first with slashes
}

// see looks at one date: 28/02/2025 and 02/28/2025 decide, 01/02/2025 does not.
func (o *orders) see(s string) {
	head, _ := splitClock(strings.TrimSpace(s))
	sep := "/"
	if !strings.Contains(head, "/") {
		sep = "-"
	}
	p := strings.Split(head, sep)
	if len(p) != 3 || len(p[0]) == 4 {
		return
	}
	a, b := atoi(p[0]), atoi(p[1])
	if both := a > 0 && b > 0 && a != b && a <= 12 && b <= 12; o.example == "" || both && !o.open {
		o.example = s
	}
	switch {
	case a < 0 || b < 0:
	case a > 12 && b <= 12:
		o.dmy = true
	case b > 12 && a <= 12:
		o.mdy = true
	case a != b:
		o.open = true
	}
}

// readings are the example and the two days that it can be.
func (o orders) readings() []goalpost.Arg {
	args := []goalpost.Arg{goalpost.TextArg(short(o.example))}
	for _, order := range []string{"dmy", "mdy"} {
		m, ok := date(o.example, order, false)
		if !ok { // each order is right for some dates and wrong for others
			return args[:1]
		}
		args = append(args, goalpost.DayArg(m.date()))
	}
	return args
}

// order returns the order; ok is false where the values leave it open or contradict
// each other.
func (o orders) order() (string, bool) {
	switch {
	case o.dmy && o.mdy:
		return "", false
	case o.dmy:
		return "dmy", true
	case o.mdy:
		return "mdy", true
	}
	return "dmy", !o.open
}
