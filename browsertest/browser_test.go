package browsertest

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// pages is a little site under the policy of the program's own pages.
var pages = map[string]string{
	"/": `<main><h1>Start</h1><p id="where">start</p><a id="next" href="/form">Form</a>
<p id="light">light</p><p id="scripted">without scripts</p><p><button id="later">Later</button></p><p id="note"></p></main>`,
	"/form": `<main><h1>Form</h1><form method="post" action="/form" enctype="multipart/form-data">
<p><label>Name <input name="name" value="old"></label></p><p><label>Day <input name="day" type="date"></label></p>
<p><label>Network <select name="network"><option value="a">Alpha</option><option value="b">Beta</option></select></label></p>
<p><label>File <input name="file" type="file"></label></p><p><button>Send</button></p></form></main>`,
	"/picture":   `<main><h1>No text for the picture</h1><img src="/dot.png"></main>`,
	"/wide":      `<main><h1>Wide</h1><div id="wide">wide</div></main>`,
	"/missing":   `<main><h1>Missing</h1><img alt="none" src="/nowhere.png"></main>`,
	"/inline":    `<main><h1>Inline</h1><p style="color: red">red</p></main>`,
	"/exception": `<main><h1>Exception</h1></main><script src="/exception.js"></script>`,
}

const (
	style  = `body { background: #fff; color: #000 } #light { display: block } @media (prefers-color-scheme: dark) { body { background: #000; color: #fff } a { color: #9cf } #light { display: none } } #wide { width: 1500px } @media print { #where { display: none } }`
	script = `addEventListener("DOMContentLoaded", () => { const say = (id, text) => { const e = document.getElementById(id); if (e) e.textContent = text }; say("scripted", "with scripts");
document.getElementById("later")?.addEventListener("click", () => setTimeout(() => say("note", "done"), 200)) })`
)

func site(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	page := func(w http.ResponseWriter, status int, body string) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title><link rel="stylesheet" href="/style.css"><link rel="icon" href="/dot.png"><script src="/script.js"></script></head><body>%s</body></html>`, body)
	}
	for path, body := range pages {
		if path == "/" {
			path = "/{$}" // this page only, not all below it
		}
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { page(w, http.StatusOK, body) })
	}
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		file := "no file"
		if _, header, err := r.FormFile("file"); err == nil {
			file = header.Filename
		}
		page(w, http.StatusUnprocessableEntity, fmt.Sprintf(`<main><h1>Got</h1><p id="got">%s %s %s %s</p></main>`, r.FormValue("name"), r.FormValue("day"), r.FormValue("network"), file))
	})
	mux.HandleFunc("GET /language", func(w http.ResponseWriter, r *http.Request) {
		page(w, http.StatusOK, `<main><h1 id="language">`+r.Header.Get("Accept-Language")+`</h1></main>`)
	})
	for path, file := range map[string][2]string{
		"/style.css": {"text/css", style}, "/script.js": {"text/javascript", script}, "/exception.js": {"text/javascript", `throw new Error("planted")`},
		"/dot.png": {"image/png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"},
	} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", file[0])
			fmt.Fprint(w, file[1])
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestBrowserSteps(t *testing.T) {
	url, b := site(t), New(t)
	if got := b.Open(url + "/"); got != http.StatusOK {
		t.Errorf("Open\ngot: %d\nwant: 200", got)
	}
	for sel, want := range map[string]string{"h1": "Start", "#scripted": "with scripts"} {
		if got := b.Text(sel); got != want {
			t.Errorf("Text(%s)\ngot: %s\nwant: %s", sel, got, want)
		}
	}
	b.Click("#later")
	b.WaitText("#note", "done")
	if b.Exists("#nowhere") || !b.Exists("#note") || b.Count("p") != 5 {
		t.Errorf("Exists and Count\ngot: %v %v %d\nwant: false true 5", b.Exists("#nowhere"), b.Exists("#note"), b.Count("p"))
	}
	b.Follow("#next")
	if got := b.URL(); got != url+"/form" {
		t.Errorf("URL after Follow\ngot: %s\nwant: %s/form", got, url)
	}
	file := filepath.Join(t.TempDir(), "sales.csv")
	if err := os.WriteFile(file, []byte("date,revenue\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Fill("[name=name]", "Käthe")
	b.Fill("[name=day]", "2026-01-31")
	b.Select("select", "Beta")
	b.Upload("[type=file]", file)
	if got := b.Value("[name=name]"); got != "Käthe" {
		t.Errorf("Value\ngot: %s\nwant: Käthe", got)
	}
	b.Allow("status of 422")
	b.Follow("button")
	if got, want := b.Text("#got"), "Käthe 2026-01-31 b sales.csv"; got != want {
		t.Errorf("the form\ngot: %s\nwant: %s", got, want)
	}
}

func TestBrowserKeyboard(t *testing.T) {
	url, b := site(t), New(t)
	b.Open(url + "/form")
	focused := func(want string) {
		t.Helper()
		var got string
		if b.Eval("document.activeElement.name ?? ''", &got); got != want {
			t.Errorf("focus\ngot: %s\nwant: %s", got, want)
		}
	}
	b.Press("Tab")
	focused("name")
	b.Press("Tab")
	focused("day")
	b.Press("Shift+Tab")
	focused("name")
	b.Press("Control+a")
	b.Press("x")
	b.Allow("status of 422")
	b.Load(func() { b.Press("Enter") })
	if got := b.Text("#got"); !strings.HasPrefix(got, "x ") {
		t.Errorf("sent with Enter\ngot: %s\nwant: x …", got)
	}
}

func TestBrowserWithoutScripts(t *testing.T) {
	url, b := site(t), New(t)
	b.ScriptsOff()
	b.Open(url + "/")
	if got := b.Text("#scripted"); got != "without scripts" {
		t.Errorf("\ngot: %s\nwant: without scripts", got)
	}
	if got := b.Axe(); len(got) != 0 {
		t.Errorf("Axe without scripts\ngot: %v\nwant: none", got)
	}
	b.Open(url + "/picture")
	if got := b.Axe(); len(got) != 1 || got[0].ID != "image-alt" {
		t.Errorf("Axe without scripts on a page with a violation\ngot: %v\nwant: image-alt", got)
	}
	b.Open(url + "/")
	b.Follow("#next")
	b.Fill("[name=name]", "Ada")
	b.Select("select", "b")
	b.Allow("status of 422")
	b.Follow("button")
	if got, want := b.Text("#got"), "Ada  b no file"; strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("the form\ngot: %s\nwant: %s", got, want)
	}
}

// Axe finds a planted violation, and none on a sound page, both under the policy.
func TestBrowserAxe(t *testing.T) {
	url, b := site(t), New(t)
	cases := []struct{ path, want string }{{"/", ""}, {"/form", ""}, {"/picture", "image-alt"}}
	for _, c := range cases {
		b.Open(url + c.path)
		var got []string
		for _, v := range b.Axe() {
			got = append(got, v.ID)
			if len(v.Nodes) == 0 || !strings.Contains(v.String(), v.Nodes[0].HTML) {
				t.Errorf("%s: String does not name the element\ngot: %s", c.path, v)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s\ngot: %v\nwant: %s", c.path, got, c.want)
		}
	}
}

// What a page writes to the console as an error is a problem, unless allowed.
func TestBrowserProblems(t *testing.T) {
	url, b := site(t), New(t)
	cases := []struct{ path, want string }{
		{"/", ""}, {"/missing", "404"}, {"/inline", "Content Security Policy"}, {"/exception", "planted"},
	}
	for _, c := range cases {
		b.Open(url + c.path)
		got := b.problems()
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s\ngot: %q\nwant: none", c.path, got)
		case c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)):
			t.Errorf("%s\ngot: %q\nwant: one with %q", c.path, got, c.want)
		}
	}
	b.Open(url + "/")
	b.Eval(`console.error("said so")`, nil)
	b.Eval(`console.log("said so, as no error")`, nil)
	if got := b.problems(); len(got) != 1 || !strings.Contains(got[0], "said so") {
		t.Errorf("console.error\ngot: %q\nwant: one", got)
	}
	b.Allow("404")
	b.Open(url + "/missing")
	if got := b.problems(); len(got) != 0 {
		t.Errorf("allowed\ngot: %q\nwant: none", got)
	}
}

func TestBrowserAppearance(t *testing.T) {
	url, b := site(t), New(t)
	shown := func(sel string) bool {
		var yes bool
		b.Eval(first(sel)+".getClientRects().length > 0", &yes)
		return yes
	}
	b.Open(url + "/")
	b.Dark(true)
	b.PrintMedia(true)
	if shown("#light") || shown("#where") {
		t.Errorf("dark, on paper\ngot: light %v, where %v\nwant: false, false", shown("#light"), shown("#where"))
	}
	b.Dark(false)
	b.PrintMedia(false)
	if !shown("#light") || !shown("#where") {
		t.Errorf("light, on screen\ngot: light %v, where %v\nwant: true, true", shown("#light"), shown("#where"))
	}
	if pdf := b.Print(); !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 1000 {
		t.Errorf("Print\ngot: %d bytes\nwant: a PDF", len(pdf))
	}
	b.Language("de")
	b.Open(url + "/language")
	if got := b.Text("#language"); got != "de" {
		t.Errorf("Language\ngot: %s\nwant: de", got)
	}
	for _, mobile := range []bool{false, true} {
		b.Viewport(390, 800, mobile)
		for path, want := range map[string]bool{"/": false, "/wide": true} {
			b.Open(url + path)
			if got := b.HorizontalScroll(); got != want {
				t.Errorf("HorizontalScroll of %s, mobile %v\ngot: %v\nwant: %v", path, mobile, got, want)
			}
		}
	}
}

// A picture shows the whole page, not only what the viewport holds.
func TestBrowserScreenshot(t *testing.T) {
	url, b := site(t), New(t)
	b.Viewport(400, 50, false)
	b.Open(url + "/form")
	path := filepath.Join(t.TempDir(), "made", "page.png")
	b.Screenshot(path)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	if size.Width != 400 || size.Height < 150 {
		t.Errorf("got: %d × %d\nwant: 400 × 150 at least", size.Width, size.Height)
	}
}
