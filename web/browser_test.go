package web

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"goalpost"
	"goalpost/browsertest"
)

// browse opens a page in a browser and fails on accessibility faults and on
// sideways scrolling.
func browse(t *testing.T, b *browsertest.Browser, s *site, path string) {
	t.Helper()
	if status := b.Open(s.base + path); status != 200 {
		t.Errorf("%s: %d", path, status)
	}
	check(t, b, path)
}

func check(t *testing.T, b *browsertest.Browser, where string) {
	t.Helper()
	for _, v := range b.Axe() {
		t.Errorf("%s: %s", where, v)
	}
	if b.HorizontalScroll() {
		t.Errorf("%s: the page is wider than the window", where)
	}
}

// picture writes a screenshot where GOALPOST_SCREENSHOTS says, if it is set.
func picture(b *browsertest.Browser, name string) {
	if dir := os.Getenv("GOALPOST_SCREENSHOTS"); dir != "" {
		b.Screenshot(filepath.Join(dir, name+".png"))
	}
}

// words are what the way from set-up to verdict looks for in each language.
type words struct {
	emptyGoals, askColumns, kept, verdict, chance string
}

var wordsOf = map[string]words{
	"en": {"What should social media achieve?", "What do the columns mean?", "60 rows kept, 0 reported", "How this was worked out", "Chance of reaching the target"},
	"de": {"Was soll Social Media erreichen?", "Was bedeuten die Spalten?", "60 Zeilen übernommen, 0 gemeldet", "Wie das berechnet wurde", "Wahrscheinlichkeit"},
}

// The whole way of a person, in both languages, with and without scripts: set-up,
// import of a known and of an unknown table, goal, verdict.
func TestBrowserWayFromSetupToVerdict(t *testing.T) {
	for _, c := range []struct {
		lang    string
		scripts bool
	}{{"en", true}, {"de", true}, {"de", false}} {
		name := c.lang
		if !c.scripts {
			name += " without scripts"
		}
		t.Run(name, func(t *testing.T) { walk(t, c.lang, c.scripts) })
	}
}

func walk(t *testing.T, lang string, scripts bool) {
	s := newSite(t, nil)
	b := browsertest.New(t)
	if !scripts {
		b.ScriptsOff()
	}
	w := wordsOf[lang]
	b.Language(lang)
	b.Open(s.base + "/setup?token=" + testToken)
	check(t, b, "set-up")
	b.Fill("#organisation", "Musterwerk")
	b.Fill("#time_zone", "Europe/Berlin")
	b.Fill("#name", "anna")
	b.Fill("#password", testPassword)
	b.Follow("main form button")
	if text := b.Text("main"); !strings.Contains(text, w.emptyGoals) {
		t.Fatalf("after set-up:\n%s", text)
	}
	check(t, b, "empty goals")

	sales := write(t, "sales.csv", salesCSV(day0, 200))
	b.Open(s.base + "/" + lang + "/import")
	b.Upload("#files", sales)
	b.Follow("main form button")
	b.WaitText("main", "200")
	check(t, b, "batch or report of sales.csv")

	b.Open(s.base + "/" + lang + "/import")
	b.Upload("#files", write(t, "anfragen.csv", germanCSV(day0, 60)))
	b.Follow("main form button")
	if text := b.Text("main"); !strings.Contains(text, w.askColumns) {
		t.Fatalf("a table that nobody knows must be asked about:\n%s", text)
	}
	check(t, b, "proposal")
	b.Select("[name=role-0]", "date")
	b.Select("[name=role-1]", "metric")
	b.Select("[name=metric-1]", "leads")
	b.Select("[name=role-2]", "ignore")
	b.Follow("main form button")
	b.WaitText("main", w.kept)
	check(t, b, "report")

	b.Open(s.base + "/" + lang + "/goals/new")
	check(t, b, "catalogue of goals")
	b.Follow("a[href$='/goals/new?kind=sales']")
	check(t, b, "goal form")
	b.Select("#kpi", "orders")
	b.Fill("#target", "3000")
	b.Fill("#from", "2026-02-01")
	b.Fill("#until", "2026-03-31")
	b.Follow("main form button")
	text := b.Text("main")
	for _, want := range []string{w.verdict, w.chance} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	check(t, b, "goal")
	if !b.Exists("figure svg") {
		t.Error("the goal page has no chart")
	}
	b.Follow("a[hreflang]")
	other := "en"
	if lang == "en" {
		other = "de"
	}
	if !strings.Contains(b.URL(), "/"+other+"/goals/1") {
		t.Errorf("the language switch must keep the place: %s", b.URL())
	}
	if scripts {
		b.Load(func() { b.Select("#theme", "dark") })
	} else {
		b.Select("#theme", "dark")
		b.Follow("header form button")
	}
	check(t, b, "goal in dark")
	if !b.Exists("html[data-theme=dark]") {
		t.Error("the dark colours are not kept")
	}
}

// write makes a file to upload.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// enter logs a browser in.
func enter(b *browsertest.Browser, s *site) {
	b.Open(s.base + "/en/login")
	b.Fill("#name", "anna")
	b.Fill("#password", testPassword)
	b.Follow("main form button")
}

// Goals, goal and import in every combination of language, colours, size and
// medium; then by keyboard alone.
func TestBrowserMatrix(t *testing.T) {
	s, _, goal := workingSite(t)
	b := browsertest.New(t)
	enter(b, s)
	sizes := []struct {
		name          string
		width, height int
		phone         bool
	}{{"desk", 1280, 900, false}, {"phone", 390, 844, true}, {"small", 320, 640, true}}
	for name, path := range map[string]string{"goals": "/en/goals", "goal": goal, "import": "/en/import"} {
		for _, lang := range languages {
			if lang == "de" {
				path = german(path)
			}
			for _, dark := range []bool{false, true} {
				for _, size := range sizes {
					label := name + "-" + lang + "-" + size.name
					if dark {
						label += "-dark"
					}
					b.Viewport(size.width, size.height, size.phone)
					b.Dark(dark)
					browse(t, b, s, path)
					picture(b, label)
				}
			}
			b.Viewport(794, 1123, false)
			b.PrintMedia(true)
			browse(t, b, s, path)
			picture(b, name+"-"+lang+"-print")
			if pdf := b.Print(); len(pdf) < 5000 {
				t.Errorf("%s prints %d bytes", path, len(pdf))
			}
			b.PrintMedia(false)
			b.Dark(false)
		}
	}
}

// By keyboard alone: the skip link comes first, leads to the content, and every
// stop of the focus can be seen.
func TestBrowserKeyboard(t *testing.T) {
	s, _, goal := workingSite(t)
	b := browsertest.New(t)
	enter(b, s)
	for _, path := range []string{"/en/goals", goal, "/en/import"} {
		b.Open(s.base + path)
		b.Press("Tab")
		var first string
		b.Eval("document.activeElement.className", &first)
		if first != "skip" {
			t.Errorf("%s: the first stop is %q, not the skip link", path, first)
		}
		b.Press("Enter")
		var at string
		b.Eval("location.hash + ' ' + document.activeElement.id", &at)
		if at != "#main main" {
			t.Errorf("%s: the skip link leads to %q", path, at)
		}
		seen := map[string]bool{}
		for range 60 {
			b.Press("Tab")
			var stop struct {
				Where   string
				Outline string
				Size    float64
			}
			b.Eval(`(e => { const r = e.getBoundingClientRect(), c = getComputedStyle(e);
				return {Where: e.tagName + ' ' + (e.innerText || e.name || e.id).slice(0, 30), Outline: c.outlineStyle + c.outlineWidth, Size: Math.min(r.width, r.height)} })(document.activeElement)`, &stop)
			if stop.Where == "" || strings.HasPrefix(stop.Where, "BODY") {
				break
			}
			seen[stop.Where] = true
			if strings.HasPrefix(stop.Outline, "none") || strings.HasSuffix(stop.Outline, "none0px") {
				t.Errorf("%s: the focus cannot be seen on %s", path, stop.Where)
			}
		}
		if len(seen) < 3 {
			t.Errorf("%s: only %d stops", path, len(seen))
		}
	}
}

// The other pages, once on a phone in German and once on a desk.
func TestBrowserOtherPages(t *testing.T) {
	s, report, goal := workingSite(t)
	s.addPosts(t)
	s.server.Truth = someTruth()
	s.askReaders(t, 23)
	s.sendComment(t, "Ada", "A first comment")
	s.sendComment(t, "Eve", "A second one, http://a.example\n\n"+strings.Repeat("endless", 60))
	s.moderate(t, 1, url.Values{"do": {"approve"}})
	newToken(t, s, firstOrg, "Dashboard in the hall", goalpost.RoleViewer)
	b := browsertest.New(t)
	enter(b, s)
	sheets := s.upload("en", map[string]string{"book.xlsx": book(t, "Bestellungen brutto", "Anfragen gesamt")}).header.Get("Location")
	for name, path := range map[string]string{"report": report, "undo": report + "/undo", "change": goal + "/change", "retire": goal + "/retire",
		"catalogue": "/en/goals/new", "form": "/en/goals/new?kind=engagement", "posts": "/en/posts", "settings": "/en/settings", "kpis": "/en/kpis", "simulated": "/en/simulated", "polls": "/en/polls", "poll": "/en/p/goals", "poll-results": "/en/p/goals/results", "poll-team": "/en/polls/1", "comments": "/en/p/goals/comments", "moderation": "/en/polls/1/comments", "person": "/en/settings/person", "tokens": "/en/settings/tokens", "sheets": sheets,
		"studies": "/en/studies", "study": "/en/studies/pivot-sosm", "bitkom": "/en/studies/bitkom"} {
		b.Viewport(390, 844, true)
		browse(t, b, s, german(path))
		picture(b, name+"-de-phone")
		b.Viewport(1280, 900, false)
		browse(t, b, s, path)
		picture(b, name+"-en-desk")
	}
	b.Allow("404")
	b.Open(s.base + "/de/nichts")
	check(t, b, "not found")
}

// Buttons, links of the menu and fields are large enough for a finger.
func TestBrowserTargetsAreLargeEnough(t *testing.T) {
	s, _, goal := workingSite(t)
	s.askReaders(t, 0)
	author := s.sendComment(t, "Ada", "A first comment") + "?new=1"
	newToken(t, s, firstOrg, "Shop", goalpost.RoleViewer)
	b := browsertest.New(t)
	enter(b, s)
	b.Viewport(390, 844, true)
	for _, path := range []string{"/en/goals", goal, "/en/import", "/en/settings", "/en/goals/new?kind=sales", "/en/p/goals/comments", "/en/polls/1/comments", "/en/settings/person", "/en/settings/tokens", author} {
		b.Open(s.base + path)
		var small []string
		b.Eval(`[...document.querySelectorAll("button, .button, .nav a, .tools a, .links a, select, summary, .secret a, input:not([type=checkbox]):not([type=radio]):not([type=hidden])")]
			.filter(e => e.getClientRects().length && !e.closest(".hide") && !e.classList.contains("hide") && e.getBoundingClientRect().height < 43.5)
			.map(e => e.tagName + " " + (e.innerText || e.name))`, &small)
		if len(small) > 0 {
			t.Errorf("%s: lower than 44 px: %v", path, small)
		}
	}
}
