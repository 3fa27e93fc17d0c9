package ingest

import (
	"errors"

	"goalpost"
)

// refuse makes the error of a file, map or answer that cannot be used.
func refuse(what string, args ...goalpost.Arg) *goalpost.Error {
	return goalpost.Errorf(goalpost.Invalid, "error.import."+what, args...)
}

// ask makes the error of a question that has to be answered first.
func ask(what, flag string, args ...goalpost.Arg) *goalpost.Error {
	e := goalpost.Errorf(goalpost.Ask, "error.import."+what, args...)
	e.Flag = flag
	return e
}

// fieldError makes the error of one field with a value that it cannot have.
func fieldError(what, field, value string) *goalpost.Error {
	e := refuse(what, goalpost.TextArg(short(value)))
	e.Field = field
	return e
}

// inFile adds the file's name to an error of the user's.
func inFile(err error, name string) error {
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.File == "" {
		e.File = short(name)
	}
	return err
}

const shortLen = 80 // runes of foreign text in a sentence

// short cuts foreign text so that a sentence stays one line.
func short(s string) string { return cut(s, shortLen) }

// cut is short for any length.
func cut(s string, longest int) string {
	out := make([]rune, 0, min(len(s), longest))
	for _, r := range s {
		if len(out) == longest {
			return string(out) + "…"
		}
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' {
			r = ' '
		}
		out = append(out, r)
	}
	return string(out)
}
