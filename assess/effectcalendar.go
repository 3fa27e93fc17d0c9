package assess

import (
	"strconv"
	"time"

	"goalpost"
	"goalpost/effect"
)

// RowSpan is a range of rows of a calendar, [From, Until).
type RowSpan = effect.Span

// Calendar says what the rows of a series are: days, weeks, months, or numbered rows.
type Calendar struct {
	Grain string `json:"grain"` // GrainDay, GrainWeek, GrainMonth or GrainRow
	First int64  `json:"first"` // the day, the month (year times 12, plus month less 1) or the number of the first row
	Step  int64  `json:"step"`  // from one row to the next, in days, months or numbers
	// DayOfMonth is on which day of its month a row stands, with GrainMonth.
	DayOfMonth int `json:"day_of_month,omitempty"`
}

// Grains of a calendar.
const (
	GrainDay   = "day"
	GrainWeek  = "week"
	GrainMonth = "month"
	GrainRow   = "row"
)

// DailyCalendar is the calendar of a daily series that begins on a day.
func DailyCalendar(first goalpost.Day) Calendar {
	return Calendar{Grain: GrainDay, First: int64(first), Step: 1}
}

// WeeklyCalendar is the calendar of a weekly series whose first week begins on a day.
func WeeklyCalendar(first goalpost.Day) Calendar {
	return Calendar{Grain: GrainWeek, First: int64(first), Step: 7}
}

// at is the value of a row.
func (c Calendar) at(row int) int64 { return c.First + int64(row)*max(c.Step, 1) }

// Day is the first day of a row; ok is false for numbered rows.
func (c Calendar) Day(row int) (d goalpost.Day, ok bool) {
	switch c.Grain {
	case GrainRow:
		return 0, false
	case GrainMonth:
		v := c.at(row)
		return goalpost.NewDay(int(v/12), time.Month(v%12+1), max(c.DayOfMonth, 1)), true
	}
	return goalpost.Day(c.at(row)), true
}

// Label is how JSON names a row: its day, else its number.
func (c Calendar) Label(row int) string {
	if d, ok := c.Day(row); ok {
		return d.String()
	}
	return strconv.FormatInt(c.at(row), 10)
}

// Arg is a row in a sentence.
func (c Calendar) Arg(row int) goalpost.Arg {
	if d, ok := c.Day(row); ok {
		return goalpost.DayArg(d)
	}
	return goalpost.PlainArg(int(c.at(row)))
}

// weekdays are those of the rows, 0 for Monday; nil where rows are not days.
func (c Calendar) weekdays(rows int) []int {
	if c.Grain != GrainDay {
		return nil
	}
	list := make([]int, rows)
	for i := range list {
		d, _ := c.Day(i)
		list[i] = (int(d.Weekday()) + 6) % 7
	}
	return list
}

// perYear is how many rows make a year, 0 where that is not known.
func (c Calendar) perYear() float64 {
	const days = 365.25
	switch c.Grain {
	case GrainDay, GrainWeek:
		return days / float64(max(c.Step, 1))
	case GrainMonth:
		return 12
	}
	return 0
}

// perWeek is how many rows the steps have in which longer periods are named: days are
// counted in weeks, all else in its own rows.
func (c Calendar) perWeek() int {
	if c.Grain == GrainDay {
		return 7
	}
	return 1
}

// stepGrain is the grain of those steps.
func (c Calendar) stepGrain() string {
	if c.Grain == GrainDay {
		return GrainWeek
	}
	return c.Grain
}
