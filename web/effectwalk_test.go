package web

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"goalpost"
	"goalpost/browsertest"
	"goalpost/infer"
)

// regionalCSV is a table of sales in three regions from a day on; from the day begin on
// the region North sells extra more.
func regionalCSV(from goalpost.Day, days int, begin goalpost.Day, extra int) string {
	rng := infer.Rand(11, 1)
	var b strings.Builder
	b.WriteString("date,region,orders\n")
	for i := range days {
		common := 60 + 15*math.Sin(float64(i)*2*math.Pi/7) + 4*rng.NormFloat64()
		for _, region := range []string{"North", "South", "West"} {
			n := int(common + 3*rng.NormFloat64())
			if region == "North" && from+goalpost.Day(i) >= begin {
				n += extra
			}
			fmt.Fprintf(&b, "%s,%s,%d\n", from+goalpost.Day(i), region, n)
		}
	}
	return b.String()
}

// keyAlone is the key of a text that has none.
var keyAlone = regexp.MustCompile(`\b(analysis|effect|web|kpi|decision)\.[a-z]`)

// effectWords are what a person looks for on the way from activity to result.
var effectWords = map[string][]string{
	"en": {"Nothing has been computed yet", "the same in South", "very likely brought about", "cried wolf", "before the result was shown"},
	"de": {"Noch ist nichts berechnet", "South", "sehr wahrscheinlich", "falschen Alarm", "bevor das Ergebnis zu sehen war"},
}

// The whole way of a person, in both languages, with and without scripts: sales, an
// activity, the plan that is confirmed first, the result, a changed plan.
func TestBrowserWayFromActivityToEffect(t *testing.T) {
	for _, c := range []struct {
		lang    string
		scripts bool
	}{{"en", true}, {"de", false}} {
		t.Run(c.lang, func(t *testing.T) { walkToEffect(t, c.lang, c.scripts) })
	}
}

func walkToEffect(t *testing.T, lang string, scripts bool) {
	s := newSite(t, nil)
	s.setUp(lang)
	begin := goalpost.NewDay(2026, 2, 16)
	s.importFile("sales.csv", regionalCSV(begin-150, 150+24, begin, 14))
	b := browsertest.New(t)
	if !scripts {
		b.ScriptsOff()
	}
	b.Language(lang)
	b.Open(s.base + "/" + lang + "/login")
	b.Fill("#name", "anna")
	b.Fill("#password", testPassword)
	b.Follow("main form button")
	w := effectWords[lang]

	browse(t, b, s, "/"+lang+"/effects/new")
	b.Follow("main a.button") // there is no activity yet
	b.Fill("#name", "Lighthouse giveaway")
	b.Fill("#from-0", "2026-02-16")
	b.Fill("#until-0", "2026-03-08")
	b.Fill("#region", "North")
	b.Fill("#cost", "900")
	b.Follow("main form button")
	browse(t, b, s, "/"+lang+"/effects/new")
	b.Follow("main form button")
	text := b.Text("main")
	for _, want := range w[:2] {
		if !strings.Contains(text, want) {
			t.Errorf("the plan: %q is missing in\n%.1500s", want, text)
		}
	}
	check(t, b, "the plan")
	picture(b, "effect-plan-"+lang)
	b.Allow("422")
	b.Fill("#smallest", "many")
	b.Follow("main form[method=post] button")
	if !b.Exists("#problems a[href='#smallest']") {
		t.Errorf("a size that is none must be refused at its field:\n%.600s", b.Text("main"))
	}
	check(t, b, "the plan with a problem")
	b.Fill("#smallest", "5%")
	b.Fill("#margin", "20")
	b.Follow("main form[method=post] button")
	for range 100 {
		if !b.Exists("progress") {
			break
		}
		b.Open(s.base + "/" + lang + "/effects/1")
	}
	text = b.Text("main")
	for _, want := range w[2:] {
		if !strings.Contains(text, want) {
			t.Errorf("the result: %q is missing in\n%.2500s", want, text)
		}
	}
	check(t, b, "the result")
	picture(b, "effect-result-"+lang)
	if key := keyAlone.FindString(text); key != "" {
		t.Errorf("the key %q stands without its words", key)
	}
	browse(t, b, s, "/"+lang+"/effects/1/change")
	picture(b, "effect-change-"+lang)
}

// The plan is written down before the result is there; nothing is computed by looking; a
// changed plan needs its reason, and is shown as one; a viewer changes nothing.
func TestEffectIsConfirmedFirst(t *testing.T) {
	var seconds atomic.Int64 // time goes on, so that it is seen what came first
	s := newSite(t, func(s *Server) {
		s.Now = func() time.Time { return testNow.Add(time.Duration(seconds.Add(1)) * time.Second) }
	})
	s.setUp("en")
	begin := goalpost.NewDay(2026, 2, 16)
	s.importFile("sales.csv", regionalCSV(begin-150, 150+24, begin, 14))
	if a := s.post("/en/activities/new", url.Values{"name": {"Lighthouse giveaway"}, "from-0": {"2026-02-16"}, "until-0": {"2026-03-08"}, "region": {"North"}}); a.status != http.StatusSeeOther {
		t.Fatalf("activity: %d\n%.800s", a.status, textOf(a.body))
	}
	before := s.dump(t)
	for _, path := range []string{"/en/effects", "/en/effects/new", "/en/effects/new?activity=1", "/en/effects/new?activity=1&what=kpi%3Aorders"} {
		s.page(path)
	}
	if s.dump(t) != before {
		t.Error("looking has written something")
	}
	for _, path := range []string{"/en/effects/new?activity=7", "/en/effects/new?activity=x", "/en/effects/1"} {
		if a := s.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
	form := url.Values{"activity": {"1"}, "series": {"kpi=orders&region=North"}, "control": {"kpi=orders&region=South", "kpi=orders&region=West"}}
	bad := url.Values{"activity": {"1"}, "series": {"kpi=orders&region=North"}, "control": {"kpi=orders&region=Moon"}}
	if a := s.post("/en/effects/new", bad); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#controls"`) {
		t.Errorf("a control that was not offered: %d", a.status)
	}
	if a := s.post("/en/effects/new", form); a.status != http.StatusSeeOther || a.header.Get("Location") != "/en/effects/1" {
		t.Fatalf("confirm: %d %s\n%.800s", a.status, a.header.Get("Location"), textOf(a.body))
	}
	text := s.awaitEffect(t, "/en/effects/1")
	for _, want := range []string{"very likely brought about", "This question was looked into once", "Orders, North", "by anna, before the result was shown"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%.1500s", want, text)
		}
	}
	if a := s.post("/en/effects/1/change", url.Values{"control": {"kpi=orders&region=South"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `href="#why"`) {
		t.Errorf("a change without a reason: %d", a.status)
	}
	if a := s.post("/en/effects/1/change", url.Values{"control": {"kpi=orders&region=South"}, "why": {"West had a sale"}}); a.status != http.StatusSeeOther {
		t.Fatalf("change: %d\n%.800s", a.status, textOf(a.body))
	}
	text = s.awaitEffect(t, "/en/effects/1")
	for _, want := range []string{"after a result had been seen: West had a sale", "This question was looked into 2 times", "other plan"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%.1500s", want, text)
		}
	}
	if a := s.post("/en/effects/1/again", nil); a.status != http.StatusSeeOther {
		t.Errorf("again: %d", a.status)
	}
	s.addUser(t, 1, "vera", goalpost.RoleViewer)
	s.loginAs(t, "vera")
	for _, path := range []string{"/en/effects/new", "/en/effects/1/again", "/en/effects/1/change"} {
		if a := s.post(path, form); a.status != http.StatusForbidden {
			t.Errorf("a viewer posts %s: %d", path, a.status)
		}
	}
	if text := s.page("/en/effects/1"); strings.Contains(text, "/effects/1/change") {
		t.Error("a viewer is offered to change the plan")
	}
}

// awaitEffect follows the page of an analysis until it is worked out.
func (s *site) awaitEffect(t *testing.T, path string) string {
	t.Helper()
	for range 1200 {
		page := s.page(path)
		if !strings.Contains(page, "<progress") {
			return textOf(page)
		}
		if !strings.Contains(page, `http-equiv="refresh"`) {
			t.Fatal("a page that waits does not reload by itself")
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("the analysis does not end")
	return ""
}
