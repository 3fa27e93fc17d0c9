package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"goalpost"
)

// A card is called by its goal, not by its KPI; it says what the dots mean, and folds what
// serves no goal.
func TestGoalsAreCalledByTheirGoal(t *testing.T) {
	s, _, _ := workingSite(t)
	s.addPosts(t)
	form := url.Values{"kpi": {"orders"}, "target": {"3,000"}, "from": {"2026-02-01"}, "until": {"2026-03-31"}}
	goal := s.addGoal("en", "sales", form)
	body := s.page("/de/goals")
	for _, want := range []string{`">Mehr verkaufen</a></h2>`, "Was die Punkte bedeuten", "Drei Punkte: vollständig gezählt", "Sie sammeln", "weitere Zahlen", "Musterwerk · gedruckt am 15. März 2026"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in\n%s", want, textOf(body))
		}
	}
	for _, no := range []string{">Bestellungen</a></h2>", "gezählt, aber kein Ziel", "„Bestellungen“ ist"} {
		if strings.Contains(body, no) {
			t.Errorf("%q must not be there", no)
		}
	}
	body = s.page(goal)
	if i, j := strings.Index(body, `class="sentence"`), strings.Index(body, "What social media adds is not measured"); i < 0 || j < i || !strings.Contains(body, "target at least 3,000: ") {
		t.Errorf("the number first, then what it does not say:\n%s", textOf(body))
	}
	if !strings.Contains(textOf(body), "On paper: the last 14 days") {
		t.Error("the table does not say which rows are printed")
	}
}

// What is missing is said at once, and how far the goal has come.
func TestIncompleteGoalSaysWhatIsMissing(t *testing.T) {
	s, _, _ := workingSite(t)
	for _, c := range []struct {
		kind string
		form url.Values
		want []string
	}{
		{"sales", url.Values{"kpi": {"orders"}}, []string{"Unvollständig: Zielwert und Zeitraum fehlen.", "Gewählt"}},
		{"brand", url.Values{}, []string{"Bisher nur ein Wunsch: Kennzahl, Zielwert und Zeitraum fehlen.", "die übliche Kennzahl ist „Brand Lift", "Wunsch"}},
	} {
		text := textOf(s.page(german(s.addGoal("en", c.kind, c.form))))
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing in\n%s", c.kind, want, text)
			}
		}
		if strings.Contains(text, "Nicht gemessen") {
			t.Errorf("%s: it is incomplete, not just unmeasured:\n%s", c.kind, text)
		}
	}
}

// A moved target stands beside the verdict and, for the narrow chart, in a list; before it
// existed a goal is judged with today's target, and the page says so.
func TestMovedTargetAndLookBack(t *testing.T) {
	s, _, _ := workingSite(t)
	goal := s.addGoal("en", "sales", url.Values{"kpi": {"orders"}, "target": {"3,000"}, "from": {"2026-02-01"}, "until": {"2026-03-31"}})
	if a := s.post(goal+"/change", url.Values{"target": {"3,500"}, "why": {"More stock"}}); a.status != 303 {
		t.Fatalf("change: %d\n%s", a.status, textOf(a.body))
	}
	for _, path := range []string{"/de/goals", german(goal)} {
		if text := textOf(s.page(path)); !strings.Contains(text, "Zielwert geändert am 15. März 2026, vorher: 3.000.") {
			t.Errorf("%s does not say that the target moved:\n%s", path, text)
		}
	}
	if body := s.page(german(goal)); !strings.Contains(body, "Zielwert bis 15. März 2026: 3.000") {
		t.Error("the former target is not listed below the chart")
	}
	text := textOf(s.page(german(goal) + "?as-of=2026-03-01"))
	if !strings.Contains(text, "Dieses Ziel gab es damals noch nicht; beurteilt wird mit dem heutigen Zielwert.") || !strings.Contains(text, "3.500") {
		t.Errorf("a look back before the goal existed:\n%s", text)
	}
	if text := textOf(s.page(german(goal) + "?as-of=2026-03-15")); strings.Contains(text, "gab es damals noch nicht") {
		t.Errorf("on that day the goal existed:\n%s", text)
	}
}

// The link of the set-up leads to the log-in once it was used; that page says what to do
// without a password.
func TestSetupLinkUsedAgain(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	s.asStranger(func() {
		a := s.get("/de/setup?token=" + testToken)
		if a.status != 404 || !strings.Contains(a.body, "schon eingerichtet") || !strings.Contains(a.body, `href="/de/login"`) {
			t.Errorf("%d\n%s", a.status, textOf(a.body))
		}
		if text := textOf(s.page("/de/login")); !strings.Contains(text, "goalpost user password NAME") {
			t.Errorf("nothing for who forgot the password:\n%s", text)
		}
	})
}

// The page of the KPIs says what the layers mean, leaves out formulas that say nothing, and
// stands in the menu.
func TestKPIPage(t *testing.T) {
	s, _, _ := workingSite(t)
	body := s.page("/de/kpis")
	for _, want := range []string{"Was bei Menschen ankommen konnte", "Was die Organisation davon hat", "Formel: Interaktionen / Reichweite", `href="/de/kpis" aria-current="page"`} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(body, "Formel: Impressionen<") {
		t.Error("“Formel: Impressionen” says nothing")
	}
}

// A profile that may count twice stands right below the sentence, with the way to the
// imports, and what holds only with both is not called reached.
func TestMaybeTwiceStandsInFront(t *testing.T) {
	s, _, _ := workingSite(t)
	s.addPosts(t)
	ctx := context.Background()
	id, err := s.server.DB.BeginImport(ctx, firstOrg, goalpost.Import{State: goalpost.ImportLoading, File: "daily.csv", SHA256: "2", StartedAt: testNow, By: "anna"})
	if err != nil {
		t.Fatal(err)
	}
	var b goalpost.Batch
	for i := range 100 {
		b.Values = append(b.Values, goalpost.ValueRecord{Line: i + 2, Account: goalpost.AccountRef{Network: goalpost.Facebook, Name: "Musterwerk AG"},
			Key: goalpost.SeriesKey{Network: goalpost.Facebook, Metric: goalpost.Engagements, Grain: goalpost.Daily}, Day: goalpost.DayOf(testNow, time.UTC) - goalpost.Day(i), Value: 100})
	}
	if _, err := s.server.DB.AppendBatch(ctx, firstOrg, id, b, testNow); err != nil {
		t.Fatal(err)
	}
	if err := s.server.DB.FinishImport(ctx, firstOrg, id, goalpost.FileReport{File: "daily.csv", Import: id, Rows: 100, Kept: 100}, testNow); err != nil {
		t.Fatal(err)
	}
	for target, reached := range map[string]bool{"3000": false, "500": true} {
		body := s.page(german(s.addGoal("en", "engagement", url.Values{"kpi": {"engagements"}, "target": {target}, "from": {"2026-01-10"}, "until": {"2026-02-10"}, "network": {"facebook"}})))
		i, j := strings.Index(body, `class="sentence"`), strings.Index(body, `class="first"`)
		if k := strings.Index(body, `class="range"`); i < 0 || j < i || k < j || !strings.Contains(body, `<a href="/de/import">Zu den `) {
			t.Errorf("%s: the doubt does not stand right below the sentence\n%s", target, textOf(body))
		}
		if strings.Contains(body, "Zielwert erreicht.") != reached || strings.Contains(body, "●●●") {
			t.Errorf("%s\n%s", target, textOf(body))
		}
	}
}
