package goalpost

import (
	"fmt"
	"strings"
	"time"
)

// Day is a calendar day in the organisation's time zone, counted from
// 1970-01-01 = 0. In text and JSON it is 2006-01-02.
type Day int32

// DayOf returns the calendar day of an instant in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	t = t.In(zone)
	return NewDay(t.Year(), t.Month(), t.Day())
}

// NewDay returns the day of a date; out-of-range values are normalised as in time.Date.
func NewDay(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads 2006-01-02, of the years 1900 to 2999: what lies outside is a slip of
// the hand, and a day after 9999-12-31 could not be written again.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return 0, fmt.Errorf("goalpost: %q is not a date like 2006-01-31", s)
	}
	return NewDay(t.Year(), t.Month(), t.Day()), nil
}

// ReadDay reads a date as people write it: 2006-01-31, 31.1.2006, and with slashes where
// only one order is possible. 03/04/2006 is refused: it is two dates.
func ReadDay(s string) (Day, error) {
	s = strings.TrimSpace(s)
	if d, err := time.Parse("2.1.2006", strings.ReplaceAll(s, ". ", ".")); err == nil {
		return ParseDay(d.Format(time.DateOnly))
	}
	dmy, errA := time.Parse("2/1/2006", s)
	mdy, errB := time.Parse("1/2/2006", s)
	switch {
	case errA == nil && (errB != nil || dmy.Equal(mdy)):
		return ParseDay(dmy.Format(time.DateOnly))
	case errB == nil && errA != nil:
		return ParseDay(mdy.Format(time.DateOnly))
	}
	return ParseDay(s)
}

// Time returns midnight UTC of the day.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Start returns the instant at which the day begins in a zone.
func (d Day) Start(zone *time.Location) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// SeenOn returns the instant as of which counts stand that were seen on the day: its
// last microsecond in a zone, or now if that is still to come.
func (d Day) SeenOn(zone *time.Location, now time.Time) time.Time {
	end := (d + 1).Start(zone).Add(-time.Microsecond)
	if end.After(now) {
		end = now
	}
	return end.UTC()
}

// String returns 2006-01-02.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time().Weekday() }

// MarshalText writes 2006-01-02.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote. It takes more years than ParseDay: the first
// day after 2999-12-31 ends a period, and a year before 1900-01-01 is what an activity of
// that day is compared with.
func (d *Day) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("goalpost: %q is not a date like 2006-01-31", b)
	}
	*d = NewDay(t.Year(), t.Month(), t.Day())
	return nil
}

// Period is the days [Start, End): End is the first day after it. On the command
// line and in pages the last day is shown, End-1.
type Period struct {
	Start Day `json:"start"`
	End   Day `json:"end"`
}

// Days returns how many days the period has.
func (p Period) Days() int { return int(p.End - p.Start) }

// Contains reports whether a day lies in the period.
func (p Period) Contains(d Day) bool { return d >= p.Start && d < p.End }

// Last returns the last day of the period.
func (p Period) Last() Day { return p.End - 1 }

// Before returns the equally long period that ends where this one starts.
func (p Period) Before() Period { return Period{Start: p.Start - Day(p.Days()), End: p.Start} }
