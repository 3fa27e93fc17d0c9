package main

import (
	"crypto/rand"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/store"
)

type surveyCopy struct {
	Survey string `arg:"" help:"survey-name"`
	Slug   string `help:"survey-copy-slug"`
}

// Run makes a draft like a survey, with everything but answers. With a short name it makes
// one only once, however often it is called.
func (c *surveyCopy) Run(p *program) error {
	return p.withSurvey(c.Survey, func(db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
		slug := c.Slug
		switch slug {
		case s.Slug: // it is no copy of itself
			return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.survey.taken", Flag: "--slug", Field: "slug", Args: []goalpost.Arg{goalpost.TextArg(slug)}}
		case "":
			var err error
			if slug, err = assess.FreeSlug(p, db, s.Slug); err != nil {
				return err
			}
		}
		in := assess.SurveyInput{Survey: s.Copy(slug), By: p.userName, Now: p.now()}
		_, _ = rand.Read(in.Secret[:]) // it never fails (crypto/rand)
		made, created, err := assess.CreateSurveyOnce(p, db, org.ID, in)
		if err != nil {
			return err
		}
		d, err := p.surveyDocument(db, org, made)
		if err != nil {
			return err
		}
		return p.imported(document.SurveyChange{Survey: d, Created: created, Changed: created, Trends: []document.SurveyTrend{}}, false)
	})
}
