package locale

import (
	"fmt"
	"time"

	"goalpost"
)

// months are the names of a language; short ones with their full stop where the
// language writes it.
type months struct {
	long, short [12]string
	dot         string // after the day of the month
}

var englishMonths = months{
	long: [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
	short: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

var germanMonths = months{
	long: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni",
		"Juli", "August", "September", "Oktober", "November", "Dezember"},
	short: [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
	dot:   ".",
}

func (p *Printer) months() months {
	if p.lang == German {
		return germanMonths
	}
	return englishMonths
}

// Day returns a date in full: "24 August 2026", "24. August 2026".
func (p *Printer) Day(d goalpost.Day) string {
	t := d.Time()
	return fmt.Sprintf("%s %d", p.dayMonth(t), t.Year())
}

func (p *Printer) dayMonth(t time.Time) string {
	m := p.months()
	return fmt.Sprintf("%d%s %s", t.Day(), m.dot, m.long[t.Month()-1])
}

// DayShort returns a date without its year: "24 Aug", "24. Aug.".
func (p *Printer) DayShort(d goalpost.Day) string {
	t, m := d.Time(), p.months()
	return fmt.Sprintf("%d%s %s", t.Day(), m.dot, m.short[t.Month()-1])
}

// Month returns the month of a day: "Aug 2026", "Aug. 2026".
func (p *Printer) Month(d goalpost.Day) string {
	t := d.Time()
	return fmt.Sprintf("%s %d", p.months().short[t.Month()-1], t.Year())
}

// Range returns the days from first to last, both included: "1–24 August 2026",
// "28 July – 24 August 2026".
func (p *Printer) Range(first, last goalpost.Day) string {
	a, b := first.Time(), last.Time()
	switch {
	case first == last:
		return p.Day(first)
	case a.Year() != b.Year():
		return p.Day(first) + " – " + p.Day(last)
	case a.Month() != b.Month():
		return p.dayMonth(a) + " – " + p.Day(last)
	}
	return fmt.Sprintf("%d%s–%s", a.Day(), p.months().dot, p.Day(last))
}

// Period returns the days of a period with its last day.
func (p *Printer) Period(period goalpost.Period) string { return p.Range(period.Start, period.Last()) }

// Time returns an instant in a zone: "24 August 2026, 14:05", in German with
// "Uhr". The zero time is an empty string.
func (p *Printer) Time(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	if zone == nil {
		zone = time.UTC
	}
	return p.T("time", goalpost.DayArg(goalpost.DayOf(t, zone)), goalpost.TextArg(t.In(zone).Format("15:04")))
}
