package web

import (
	"strings"
	"testing"

	"goalpost"
	"goalpost/store"
)

// Another name or time zone of the organisation reaches its public surveys at once, and
// what else is changed of it takes no survey out of the hands of who works on it.
func TestOrganisationChangesReachSurveysAtOnce(t *testing.T) {
	s := answerSite(t, store.Options{}, func(x *goalpost.Survey) { x.Settings.Anonymous = false })
	ctx, db, org := t.Context(), s.server.DB, s.survey.Org
	before := s.page("/s/wishes")
	s.mustPut(1, answered(1, "offers", "", true))
	revision := func() int64 {
		t.Helper()
		n, err := db.SurveyRevision(ctx, org, s.survey.Survey.ID)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := revision()
	change := func(with func(*goalpost.Organisation)) {
		t.Helper()
		o, err := db.Organisation(ctx, org)
		if err != nil {
			t.Fatal(err)
		}
		with(&o)
		if err := db.UpdateOrganisation(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	change(func(o *goalpost.Organisation) { o.Currency, o.Language = "CHF", "de" })
	if n := revision(); n != first {
		t.Errorf("another currency changes the survey: revision %d, not %d", n, first)
	}
	change(func(o *goalpost.Organisation) { o.Name = "Ebb & Flow" })
	if after := s.page("/s/wishes"); !strings.Contains(before, "Tide") || strings.Contains(after, "Tide") || !strings.Contains(after, "Ebb &amp; Flow") {
		t.Errorf("the page still shows the old name:\n%s", textOf(after))
	}
	change(func(o *goalpost.Organisation) { o.TimeZone = "Pacific/Auckland" })
	s.mustPut(2, answered(1, "news", "", true)) // without a look at the page before
	if a := s.server.asked.get("wishes"); a == nil || a.Zone.String() != "Pacific/Auckland" {
		t.Errorf("answers are still taken in the old time zone: %+v", a)
	}
	if n := revision(); n != first+2 {
		t.Errorf("revision %d, not %d", n, first+2)
	}
}
