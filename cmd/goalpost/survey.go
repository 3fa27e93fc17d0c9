package main

import (
	"errors"

	"goalpost"
)

// surveyCommand is about surveys and what respondents left.
type surveyCommand struct {
	Contacts surveyContacts `cmd:"" help:"survey-contacts"`
}

func asUserError(err error) (*goalpost.Error, bool) { return errors.AsType[*goalpost.Error](err) }
