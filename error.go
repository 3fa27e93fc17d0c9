package goalpost

import (
	"errors"
	"fmt"
	"strings"
)

// ErrorKind says what sort of problem an Error is, and with that the HTTP status
// and the exit code that it becomes.
type ErrorKind string

// Kinds of error that a user can act on.
const (
	Invalid     ErrorKind = "invalid"     // the input is wrong; the sentence says where
	Ask         ErrorKind = "ask"         // the input does not say something; the sentence names the flag
	NotFound    ErrorKind = "not_found"   // there is no such thing in this organisation
	Forbidden   ErrorKind = "forbidden"   // the user may not do this
	Conflict    ErrorKind = "conflict"    // it contradicts what is there
	Unavailable ErrorKind = "unavailable" // disk full, database locked: try again after the mend
)

// Error is a problem that the user can solve. Key names its sentence in locale;
// the sentence gets Args. File, Line (from 1), Field and Flag say where.
type Error struct {
	Kind  ErrorKind
	Key   string // "error.import.no-header"
	Args  []Arg
	File  string
	Line  int
	Field string
	Flag  string // the command line's flag that answers the question, "--time-zone"
	Err   error  // what caused it; for the log
}

// Error returns the key and the place, for logs; people read locale's sentence.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	if e.File != "" {
		fmt.Fprintf(&b, " file=%s", e.File)
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, " line=%d", e.Line)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, " field=%q", e.Field)
	}
	for _, a := range e.Args {
		fmt.Fprintf(&b, " %v", a.plain())
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of a kind with the key of its sentence and its arguments.
func Errorf(kind ErrorKind, key string, args ...Arg) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// IsKind reports whether an error is one of a kind that the user can act on.
func IsKind(err error, kind ErrorKind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == kind
}
