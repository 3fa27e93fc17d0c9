package goalpost

import (
	"fmt"
	"strings"
)

// Arg is one typed value in a sentence. Exactly one of the fields is meant, told
// by Type, so that a stored sentence can be read again in another language.
type Arg struct {
	Type     ArgType `json:"type"`
	Number   float64 `json:"number,omitempty"`
	Currency string  `json:"currency,omitempty"`
	Day      Day     `json:"day,omitempty"`
	Text     string  `json:"text,omitempty"`  // literal text, or the key of a word for ArgWord
	Texts    Text    `json:"texts,omitempty"` // by language
}

// ArgType says how locale writes an Arg.
type ArgType string

// Types of argument.
const (
	ArgNumber  ArgType = "number"  // a count or measured quantity
	ArgRate    ArgType = "rate"    // a fraction, written as per cent
	ArgMoney   ArgType = "money"   // major units with Currency
	ArgDay     ArgType = "day"     // a date
	ArgText    ArgType = "text"    // literal
	ArgWord    ArgType = "word"    // a key of the catalogue: "kpi.reach", "network.facebook"
	ArgPlain   ArgType = "plain"   // an integer without thousands separators: a line, an id
	ArgTexts   ArgType = "texts"   // literal, in the reader's language
	ArgPoints  ArgType = "points"  // percentage points, with their sign
	ArgTenths  ArgType = "tenths"  // a fraction, written as per cent with one decimal
	ArgOption  ArgType = "option"  // an answer: the code in Text, its label in Texts
	ArgWhen    ArgType = "when"    // a reference period of a study, by its id
	ArgRates   ArgType = "rates"   // percentages as printed, in Text, divided by spaces
	ArgPerPost ArgType = "perpost" // a quantity per post
)

// NumberArg, RateArg, MoneyArg, DayArg, TextArg, WordArg and PlainArg make arguments.

// NumberArg makes a count or quantity.
func NumberArg(v float64) Arg { return Arg{Type: ArgNumber, Number: v} }

// RateArg makes a fraction that is written as per cent.
func RateArg(v float64) Arg { return Arg{Type: ArgRate, Number: v} }

// MoneyArg makes an amount in major units.
func MoneyArg(v float64, currency string) Arg {
	return Arg{Type: ArgMoney, Number: v, Currency: currency}
}

// DayArg makes a date.
func DayArg(d Day) Arg { return Arg{Type: ArgDay, Day: d} }

// TextArg makes literal text.
func TextArg(s string) Arg { return Arg{Type: ArgText, Text: s} }

// WordArg makes a word of the catalogue, by its key.
func WordArg(key string) Arg { return Arg{Type: ArgWord, Text: key} }

// TextsArg makes a literal text in the reader's language.
func TextsArg(t Text) Arg { return Arg{Type: ArgTexts, Texts: t} }

// OptionArg makes an answer of a question.
func OptionArg(o Item) Arg { return Arg{Type: ArgOption, Text: o.Code, Texts: o.Label} }

// PercentsArg makes a list of percentages with the decimals that they were printed with.
func PercentsArg(printed []string) Arg {
	return Arg{Type: ArgRates, Text: strings.Join(printed, " ")}
}

// ReferenceArg makes a reference period of a study.
func ReferenceArg(id string) Arg { return Arg{Type: ArgWhen, Text: id} }

// PointsArg makes percentage points.
func PointsArg(v float64) Arg { return Arg{Type: ArgPoints, Number: v} }

// PlainArg makes an integer written without separators.
func PlainArg(n int) Arg { return Arg{Type: ArgPlain, Number: float64(n)} }

func (a Arg) plain() any {
	switch a.Type {
	case ArgDay:
		return a.Day.String()
	case ArgTexts:
		return a.Texts.In("en")
	case ArgText, ArgWord, ArgOption, ArgWhen, ArgRates:
		return a.Text
	case ArgMoney:
		return fmt.Sprintf("%.2f %s", a.Number, a.Currency)
	default:
		return a.Number
	}
}

// Note is one sentence of a result: the key of its text in locale and its
// arguments. The zero Note is no sentence.
type Note struct {
	Key  string `json:"key"`
	Args []Arg  `json:"args,omitempty"`
}

// NewNote makes a Note.
func NewNote(key string, args ...Arg) Note { return Note{Key: key, Args: args} }

// IsZero reports whether there is no sentence.
func (n Note) IsZero() bool { return n.Key == "" }
