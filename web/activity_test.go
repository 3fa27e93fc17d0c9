package web

import (
	"net/url"
	"strings"
	"testing"

	"goalpost/browsertest"
)

// says fails unless an answer has the status and holds the texts.
func says(t *testing.T, a answer, status int, texts ...string) {
	t.Helper()
	body := spaces.Replace(a.body)
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("no %q in\n%s", text, body)
		}
	}
	if a.status != status {
		t.Errorf("\ngot:  %d\nwant: %d\n%s", a.status, status, textOf(body))
	}
}

// An activity is entered with two runs, changed with a reason, removed and brought back;
// what cannot be is refused beside its field.
func TestActivityForms(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	form := url.Values{"name": {"Anzeigen <b>"}, "from-0": {"2026-03-01"}, "until-0": {"2026-03-07"}, "from-1": {"2026-03-05"}, "until-1": {"2026-03-20"}, "network": {"facebook"}, "cost": {"1250,50"}, "currency": {"EUR"}, "design": {"switchback"}}
	says(t, s.post("/de/activities/new", form), 422, "Zeitraum 2", "überschneidet sich", `href="#from-1"`, "Anzeigen &lt;b&gt;")
	form.Set("from-1", "2026-03-15")
	says(t, s.post("/de/activities/new", form), 303)
	says(t, s.get("/de/activities"), 200, "Anzeigen &lt;b&gt;", "2 Zeiträume", "1.250,50", "Facebook", "eingetragen von anna")
	says(t, s.get("/de/activities/1/change"), 200, `value="2026-03-15"`, `value="1250,50"`, "Version 1")
	says(t, s.post("/de/activities/1/change", form), 422, "Grund")
	form.Set("why", "Rechnung kam")
	form.Set("cost", "")
	says(t, s.post("/de/activities/1/change", form), 303)
	says(t, s.get("/de/activities/1/change"), 200, "Rechnung kam", "Version 2", "nicht angegeben")
	says(t, s.post("/de/activities/1/remove", url.Values{"why": {"lief nie"}}), 303)
	says(t, s.get("/de/activities"), 200, "Entfernt: 1", "lief nie")
	says(t, s.get("/de/activities/1/change"), 409)
	says(t, s.post("/de/activities/1/restore", url.Values{}), 303)
	says(t, s.get("/de/activities/1/change"), 200)
	says(t, s.get("/de/activities/7/change"), 404)
}

// The first and the last day that can be typed are kept, and everything can be read again.
func TestActivityOfAnyDay(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	for _, days := range [][2]string{{"1900-01-01", "1900-01-05"}, {"2999-12-30", "2999-12-31"}} {
		says(t, s.post("/en/activities/new", url.Values{"name": {"From " + days[0]}, "from-0": {days[0]}, "until-0": {days[1]}}), 303)
		says(t, s.get("/en/activities"), 200, "From "+days[0])
	}
	for _, path := range []string{"/en/activities/1/change", "/en/activities/2/change", "/en/effects"} {
		says(t, s.get(path), 200)
	}
}

// The page of activities in both languages, on a phone, without scripts too.
func TestBrowserActivities(t *testing.T) {
	for _, c := range []struct {
		lang, listed, removed string
		scripts               bool
	}{{"en", "2 runs", "Removed: 1", true}, {"de", "2 Zeiträume", "Entfernt: 1", false}} {
		t.Run(c.lang, func(t *testing.T) {
			s := newSite(t, nil)
			s.setUp(c.lang)
			b := browsertest.New(t)
			b.Viewport(390, 844, true)
			b.Allow("422")
			if !c.scripts {
				b.ScriptsOff()
			}
			b.Open(s.base + "/" + c.lang + "/login")
			b.Fill("#name", "anna")
			b.Fill("#password", testPassword)
			b.Follow("main form button")
			browse(t, b, s, "/"+c.lang+"/activities")
			b.Follow("main a[href$='/activities/new']")
			b.Click("main details summary")
			check(t, b, "activity form")
			b.Fill("#name", "Spring sale")
			for id, day := range map[string]string{"#from-0": "2026-03-01", "#until-0": "2026-02-07", "#from-1": "2026-03-15", "#until-1": "2026-03-20"} {
				b.Fill(id, day)
			}
			b.Fill("#cost", "250")
			b.Follow("main form button")
			check(t, b, "a refused activity")
			picture(b, "activity-form-"+c.lang)
			b.Fill("#until-0", "2026-03-07")
			b.Follow("main form button")
			if text := b.Text("main"); !strings.Contains(text, c.listed) {
				t.Errorf("no %q in\n%s", c.listed, text)
			}
			check(t, b, "activities")
			picture(b, "activities-"+c.lang)
			b.Follow("main a[href$='/change']")
			check(t, b, "change form")
			b.Follow("main a[href$='/remove']")
			check(t, b, "remove form")
			b.Fill("#why", "never ran")
			b.Follow("main form button")
			if text := b.Text("main"); !strings.Contains(text, c.removed) {
				t.Errorf("no %q in\n%s", c.removed, text)
			}
			b.Click("main details summary")
			check(t, b, "removed")
			b.Follow("main form button")
			if text := b.Text("main"); !strings.Contains(text, "Spring sale") {
				t.Errorf("it is not back:\n%s", text)
			}
		})
	}
}
