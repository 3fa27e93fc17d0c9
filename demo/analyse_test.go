package demo

import (
	"context"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// Recovery: whatever the day on which the demo is started, the large effect is found, and
// its interval holds the truth; of the activity without any it is said that there was none
// worth mentioning; the small one cannot be told. One start in five may be unlucky: that
// is what 95 % says.
func TestEffectsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("loads five companies")
	}
	want := map[string]goalpost.EffectDecision{"Lighthouse giveaway": goalpost.Increase, "Harbour banner": goalpost.Negligible, "Workshop stories": goalpost.EffectCannotTell}
	misses, held, truths := 0, 0, 0
	for i := range 5 {
		day := today + goalpost.Day(37*i)
		dir := t.TempDir()
		c, err := Write(dir, Seed, day)
		if err != nil {
			t.Fatal(err)
		}
		db, err := store.Open(context.Background(), t.TempDir(), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		org, err := Load(context.Background(), db, dir, c, "en", nil)
		if err != nil {
			t.Fatal(err)
		}
		list, err := assess.Analyses(context.Background(), db, org, day.Start(org.Zone()))
		if err != nil || len(list) != 3 {
			t.Fatalf("%d analyses, %v", len(list), err)
		}
		for _, a := range list {
			if a.Report.Decision != want[a.Plan.Name] {
				misses++
				t.Logf("on %s %s: %s, %+v", day, a.Plan.Name, a.Report.Decision, a.Report.Average)
			}
			for _, e := range c.Effects {
				if e.Activity == a.Plan.Name && a.Report.Relative != nil {
					truths++
					if a.Report.Relative.Lo <= e.Relative && e.Relative <= a.Report.Relative.Hi {
						held++
					}
				}
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if misses > 2 || held < truths-2 || truths != 15 {
		t.Errorf("\ngot:  %d of 15 answers differ, %d of %d intervals hold the truth\nwant: at most 2, at least 13 of 15", misses, held, truths)
	}
}
