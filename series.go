package goalpost

import (
	"math"
	"strings"
	"time"
)

// SeriesID is a series.
type SeriesID int64

// Grain is the time step of a series. Weeks are never spread over days.
type Grain string

// Grains.
const (
	Daily  Grain = "day"
	Weekly Grain = "week" // a value stands on the first day of its week
)

// SeriesKey says which series a value belongs to. Region and Product are empty
// where the file does not tell them apart; Account is zero for own data (shop, web).
type SeriesKey struct {
	Account  AccountID
	Network  Network // empty where none is meant
	Metric   Metric
	Region   string
	Product  string
	Grain    Grain
	Currency string // ISO 4217 for money, else empty
}

// Series is one number per day or week.
type Series struct {
	ID SeriesID
	SeriesKey
}

// IsMoney reports whether the values are amounts in minor units of Currency.
func (k SeriesKey) IsMoney() bool { return k.Currency != "" }

// DayValue is one value of a series with the moment at which it was seen. Value
// is in the unit of the metric; money in major units.
type DayValue struct {
	Day        Day
	Value      float64
	ObservedAt time.Time
}

// IsCurrency reports whether a text has the form of a currency code (ISO 4217): three
// capital letters.
func IsCurrency(code string) bool {
	return len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// MinorDigits returns how many digits the minor unit of a currency has (ISO 4217).
func MinorDigits(currency string) int {
	switch currency {
	case "JPY", "KRW", "CLP", "ISK", "VND", "XAF", "XOF", "XPF", "UGX", "PYG", "RWF", "BIF", "DJF", "GNF", "KMF", "VUV":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// ToMinor converts major units to minor units, rounded half away from zero.
func ToMinor(major float64, currency string) int64 {
	return int64(math.Round(major * math.Pow10(MinorDigits(currency))))
}

// ToMajor converts minor units to major units.
func ToMajor(minor int64, currency string) float64 {
	return float64(minor) / math.Pow10(MinorDigits(currency))
}
