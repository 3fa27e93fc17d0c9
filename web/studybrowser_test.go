package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"goalpost/browsertest"
	"goalpost/demo"
)

// spaces writes spaces that do not break as plain ones.
var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// A study by forms, a wave from a table, the public report and a figure for a blog, in
// both languages, on a phone.
func TestBrowserStudy(t *testing.T) {
	dir := t.TempDir()
	if _, err := demo.WriteStudy(dir, 3, 60); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, title, id, enter, kept, changed, embed string }{
		{"en", "#title_en", "mine-en", "Enter a figure", "60 respondents are kept", "is 58.4%", "Use in your own page"},
		{"de", "#title_de", "mine-de", "Zahl eintragen", "60 Befragte sind gespeichert", "ist 58,4 %", "In der eigenen Seite verwenden"},
	} {
		t.Run(c.lang, func(t *testing.T) {
			s := newSite(t, nil)
			s.setUp(c.lang)
			b := browsertest.New(t)
			b.Viewport(390, 844, true)
			b.Allow("422") // a figure is refused on the way
			b.Open(s.base + "/" + c.lang + "/login")
			b.Fill("#name", "anna")
			b.Fill("#password", testPassword)
			b.Follow("main form button")
			browse(t, b, s, "/"+c.lang+"/studies")
			b.Follow("a[href$='/studies-new']")
			check(t, b, "new study")
			b.Fill(c.title, "Mine <b>")
			b.Fill("#id", c.id)
			b.Fill("#wave", "2026")
			b.Fill("#wording_"+c.lang, "Goals?")
			var typed string
			b.Eval(`document.querySelector("#options").value = "sales\nengagement"`, &typed)
			b.Follow("main form button")
			check(t, b, "an empty study")
			b.Follow("a.button[href*='/figure?']")
			check(t, b, "figure form")
			picture(b, "study-figure-"+c.lang)
			b.Fill("#number", "158")
			b.Fill("#why", "entered")
			b.Follow("main form button")
			check(t, b, "a refused figure")
			b.Fill("#number", "58,3 %")
			b.Follow("main form button")
			b.Follow("td a[href*='/figure?']")
			b.Fill("#number", "58.4")
			b.Fill("#why", "misread")
			b.Follow("main form button")
			b.Click(".note summary")
			if text := spaces.Replace(b.Text("main")); !strings.Contains(text, c.changed) {
				t.Errorf("no %q in %s", c.changed, text)
			}
			check(t, b, "a study of one's own")
			picture(b, "study-own-"+c.lang)

			browse(t, b, s, "/"+c.lang+"/studies-file")
			browse(t, b, s, "/"+c.lang+"/studies/"+c.id+"/wave/new")
			browse(t, b, s, "/"+c.lang+"/studies/"+c.id+"/question/new")
			browse(t, b, s, "/"+c.lang+"/studies-wave")
			b.Upload("#file", filepath.Join(dir, "wave-2024.csv"))
			b.Follow("main form button")
			check(t, b, "the columns of a wave")
			picture(b, "wave-map-"+c.lang)
			b.Fill(c.title, "Trade")
			b.Fill("#id", "trade")
			b.Fill("#wave", "2024")
			b.Follow("main form button")
			if text := b.Text("main"); !strings.Contains(text, c.kept) {
				t.Errorf("no %q in %s", c.kept, text)
			}
			check(t, b, "the report on the rows")

			s.loginAs(t, "anna")
			s.publish(t, "pivot-sosm", "pivot")
			out := browsertest.New(t)
			browse(t, out, s, "/"+c.lang+"/r/pivot")
			if text := out.Text("main"); !strings.Contains(text, c.embed) {
				t.Errorf("no %q in %s", c.embed, text)
			}
			picture(out, "report-"+c.lang)
			browse(t, out, s, "/"+c.lang+"/r/pivot/1")
			out.Viewport(390, 844, true)
			browse(t, out, s, "/"+c.lang+"/r/pivot")
			browse(t, out, s, "/"+c.lang+"/r/pivot/embed/goals/trend?option=sales&theme=dark")
			picture(out, "frame-"+c.lang)
		})
	}
}

// The public report reads the same without scripts, and a page of another site can show
// a figure of it in a frame.
func TestBrowserReportWithoutScripts(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("de")
	s.publish(t, "pivot-sosm", "pivot")
	b := browsertest.New(t)
	b.ScriptsOff()
	if status := b.Open(s.base + "/de/r/pivot"); status != 200 {
		t.Fatalf("%d", status)
	}
	text := spaces.Replace(b.Text("main"))
	for _, want := range []string{"Was der Artikel sagt", "62 %", "54,6–68,6 %", "Quellen und Methoden", "Dauerhafter Link", "Die Wirkung auf den Umsatz lässt sich kaum verlässlich messen"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if !b.Exists("figure svg") {
		t.Error("no chart")
	}
	b.Follow("a[hreflang]")
	if !strings.Contains(b.URL(), "/en/r/pivot") {
		t.Errorf("the language switch must keep the place: %s", b.URL())
	}
	blog := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>A blog</title><link rel="icon" href="data:,"><iframe title="f" width=600 height=500 src="%[1]s/en/r/pivot/embed/goals/shares"></iframe><img id="png" alt="" src="%[1]s/en/r/pivot/1/goals/shares.png"><img id="svg" alt="" src="%[1]s/en/r/pivot/1/goals/shares.svg"><img id="team" alt="" src="%[1]s/static/none.png">`, s.base)
	}))
	defer blog.Close()
	b = browsertest.New(t) // a frame that is refused is a fault on the console, which fails the test
	b.Allow("/static/none.png")
	b.Open(blog.URL)
	for id, want := range map[string]bool{"png": true, "svg": true, "team": false} {
		var width int
		b.Eval(`document.getElementById("`+id+`").naturalWidth`, &width)
		if (width > 0) != want {
			t.Errorf("the picture %s on a page of another site is %d wide", id, width)
		}
	}
	picture(b, "blog")
}
