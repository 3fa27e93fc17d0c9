package web

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// Set-up needs the token of the printed link and our own name, happens once, and
// logs its owner in.
func TestSetup(t *testing.T) {
	s := newSite(t, nil)
	send := func(host string, form url.Values, headers ...string) answer {
		r, err := http.NewRequest(http.MethodPost, s.base+"/en/setup", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if host != "" {
			r.Host = host
		}
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return s.do(r)
	}
	wrong := setupForm("en")
	wrong.Set("token", testToken+"x")
	short := setupForm("en")
	short.Set("password", "too short")
	for _, c := range []struct {
		name string
		a    answer
		want int
	}{
		{"no token", s.get("/en/setup"), 403},
		{"wrong token", s.get("/en/setup?token=wrong"), 403},
		{"wrong token posted", send("", wrong), 403},
		{"another name for this machine", send("evil.example", setupForm("en")), 403},
		{"through a proxy that nobody trusts", send("", setupForm("en"), "X-Forwarded-Host", "localhost"), 403},
		{"from another site", send("", setupForm("en"), "Sec-Fetch-Site", "cross-site"), 403},
		{"short password", send("", short), 422},
	} {
		if c.a.status != c.want {
			t.Errorf("%s\ngot:  %d %s\nwant: %d", c.name, c.a.status, textOf(c.a.body), c.want)
		}
	}
	if a := s.get("/en/goals"); a.status != 303 || !strings.HasPrefix(a.header.Get("Location"), "/en/login") {
		t.Errorf("nobody may be logged in by now: %d", a.status)
	}
	s.restart() // the attempts above count
	s.setUp("en")
	if text := textOf(s.page("/en/goals")); !strings.Contains(text, "What should social media achieve?") {
		t.Errorf("the owner must be logged in:\n%s", text)
	}
	s.restart() // the attempts above count
	if a := s.post("/en/setup", setupForm("en")); a.status != 404 {
		t.Errorf("set-up must be gone afterwards: %d", a.status)
	}
}

// The printed link works in the browser's language.
func TestSetupLink(t *testing.T) {
	s := newSite(t, nil)
	r, err := http.NewRequest(http.MethodGet, s.base+"/setup?token="+testToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Language", "de-AT,de;q=0.9,en;q=0.5")
	a := s.do(r)
	if a.header.Get("Location") != "/de/setup?token="+testToken {
		t.Errorf("%d %s", a.status, a.header.Get("Location"))
	}
	if a := s.get(a.header.Get("Location")); a.status != 200 || !strings.Contains(a.body, "Goalpost einrichten") || a.header.Get("Content-Encoding") != "" {
		t.Errorf("%d %s", a.status, textOf(a.body))
	}
}

// Without a token there is no set-up, whatever is sent.
func TestNoTokenNoSetup(t *testing.T) {
	s := newSite(t, func(s *Server) { s.SetupToken = "" })
	form := setupForm("en")
	form.Set("token", "")
	if a := s.post("/en/setup", form); a.status != 404 {
		t.Errorf("\ngot:  %d\nwant: 404", a.status)
	}
}

// The demo has no password: it answers under this machine's own name only, and
// nothing of another site may change it.
func TestDemoGuard(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.server.Demo = true
	s.restart()
	s.client = newClient()
	try := func(method, path, host string, headers ...string) answer {
		r, err := http.NewRequest(method, s.base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			r.Host = host
		}
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return s.do(r)
	}
	port := s.server.Listen[strings.LastIndex(s.server.Listen, ":"):]
	for _, c := range []struct {
		name string
		a    answer
		want int
	}{
		{"under its address", try("GET", "/en/goals", ""), 200},
		{"as localhost", try("GET", "/en/goals", "localhost"+port), 200},
		{"a page that points its name here", try("GET", "/en/goals", "rebind.example"+port), 403},
		{"another port", try("GET", "/en/goals", "localhost:1"), 403},
		{"a static file under a foreign name", try("GET", s.server.assets.path("app.css"), "rebind.example"), 403},
		{"Forwarded", try("GET", "/en/goals", "", "Forwarded", "for=127.0.0.1"), 403},
		{"X-Forwarded-For", try("GET", "/en/goals", "", "X-Forwarded-For", "127.0.0.1"), 403},
		{"X-Forwarded-Host", try("GET", "/en/goals", "rebind.example", "X-Forwarded-Host", "localhost"+port), 403},
		{"POST from another site", try("POST", "/en/goals/new?kind=sales", "", "Sec-Fetch-Site", "cross-site"), 403},
		{"POST with a foreign origin", try("POST", "/en/goals/new?kind=sales", "", "Origin", "http://rebind.example"), 403},
		{"set-up", try("GET", "/en/setup?token="+testToken, ""), 404},
		{"log-in", try("POST", "/en/login", "", "Sec-Fetch-Site", "same-origin"), 404},
		{"password", try("POST", "/en/settings/password", "", "Sec-Fetch-Site", "same-origin"), 404},
	} {
		if c.a.status != c.want {
			t.Errorf("%s\ngot:  %d %s\nwant: %d", c.name, c.a.status, textOf(c.a.body), c.want)
		}
		if c.want == 403 && strings.Contains(c.a.body, "Musterwerk") {
			t.Errorf("%s: a refusal must not show data", c.name)
		}
	}
	for _, path := range []string{"/en/goals", "/de/posts", "/en/import", "/de/settings", "/en/kpis", "/en/goals/new", "/en/nothing"} {
		if body := try("GET", path, "").body; !strings.Contains(body, "imulat") && !strings.Contains(body, "imulier") {
			t.Errorf("%s does not say that the company is simulated", path)
		}
	}
}

// Log-in: right, wrong, unknown; limited; a session ends with log-out and with
// another password.
func TestLogin(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	owner := s.client
	s.client = newClient()
	login := func(name, password, next string) answer {
		return s.post("/en/login", url.Values{"name": {name}, "password": {password}, "next": {next}})
	}
	wrong, unknown := login("anna", "not her password", ""), login("nobody", "not her password", "")
	if wrong.status != 422 || unknown.status != 422 || strings.ReplaceAll(wrong.body, "anna", "nobody") != unknown.body {
		t.Errorf("a wrong password and an unknown name must read the same: %d %d", wrong.status, unknown.status)
	}
	if a := login("anna", testPassword, "https://evil.example/en/goals"); a.status != 303 || a.header.Get("Location") != "/en/goals" {
		t.Errorf("open redirect: %d %s", a.status, a.header.Get("Location"))
	}
	cookie := ""
	if a := login("anna", testPassword, "/de/import"); a.header.Get("Location") != "/de/import" {
		t.Errorf("next: %s", a.header.Get("Location"))
	} else {
		cookie = a.header.Get("Set-Cookie")
	}
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	other := s.client
	s.client = owner
	if a := s.post("/en/settings/password", url.Values{"old": {"guess"}, "password": {"another long sentence"}}); a.status != 422 {
		t.Errorf("a wrong old password: %d", a.status)
	}
	if a := s.post("/en/settings/password", url.Values{"old": {testPassword}, "password": {"another long sentence"}}); a.status != 303 {
		t.Errorf("password: %d %s", a.status, textOf(a.body))
	}
	if a := s.get("/en/goals"); a.status != 200 {
		t.Errorf("who changes the password stays logged in: %d", a.status)
	}
	s.client = other
	if a := s.get("/en/goals"); a.status != 303 {
		t.Errorf("other sessions must end with the password: %d", a.status)
	}
	s.client = owner
	s.post("/en/logout", nil)
	if a := s.get("/en/goals"); a.status != 303 {
		t.Errorf("after log-out: %d", a.status)
	}
	limited := answer{}
	for range 2 * loginAttempts {
		limited = login("anna", "guess after guess", "")
	}
	if limited.status != 429 || limited.header.Get("Retry-After") == "" {
		t.Errorf("guessing must be limited: %d", limited.status)
	}
	if a := login("anna", "another long sentence", ""); a.status != 429 {
		t.Errorf("limited means limited: %d", a.status)
	}
}

// Who finds a page left open cannot try passwords there without end either.
func TestOldPasswordIsLimited(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.restart() // the attempts of the set-up count
	last := answer{}
	for range loginAttempts + 1 {
		last = s.post("/en/settings/password", url.Values{"old": {"guess after guess"}, "password": {"another long sentence"}})
	}
	if last.status != http.StatusTooManyRequests {
		t.Errorf("\ngot:  %d\nwant: 429", last.status)
	}
}

// Behind https cookies are Secure and bound to the host.
func TestSecureCookies(t *testing.T) {
	s := newSite(t, func(s *Server) { s.PublicURL = "https://goals.example" })
	a := s.post("/en/setup", setupForm("en"))
	c := strings.Join(a.header.Values("Set-Cookie"), "\n")
	if a.status != 303 || !strings.Contains(c, "__Host-goalpost_session=") || !strings.Contains(c, "Secure") {
		t.Errorf("%d %q", a.status, c)
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

// Every answer carries the headers, also errors and files.
func TestHeaders(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range []string{"/", "/en/login", "/en/nothing", "/static/none", s.server.assets.path("app.css")} {
		h := s.get(path).header
		for name, want := range map[string]string{
			"Content-Security-Policy":    contentSecurityPolicy,
			"X-Content-Type-Options":     "nosniff",
			"X-Frame-Options":            "DENY",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s %s\ngot:  %q\nwant: %q", path, name, got, want)
			}
		}
	}
	if strings.Contains(contentSecurityPolicy, "unsafe") {
		t.Error("the policy must not be unsafe")
	}
	a := s.get(s.server.assets.path("app.css"))
	if !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
		t.Errorf("hashed files are kept for long: %q", a.header.Get("Cache-Control"))
	}
	for _, path := range []string{"/static/../web.go", "/static/%2e%2e/web.go", "/static/app.css", "/static/"} {
		if a := s.get(path); a.status == 200 && strings.Contains(a.body, "package web") {
			t.Errorf("%s gives a file away", path)
		}
	}
}

// Nothing of another organisation can be read or changed, by any address.
func TestOtherOrganisation(t *testing.T) {
	s, report, goal := workingSite(t)
	ctx := context.Background()
	other := s.secondOrganisation(t)
	g, err := assess.AddGoal(ctx, s.server.DB, other, assess.GoalInput{Kind: "reach", Name: "Secret goal", By: "eve", Now: testNow.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	waiting := s.upload("en", map[string]string{"mine.csv": germanCSV(day0, 10)}).header.Get("Location")
	s.loginAs(t, "eve")
	for _, path := range []string{goal, goal + "/chart.svg", goal + "/chart.png", goal + "/table.csv", goal + "/change", goal + "/retire",
		report, report + "/report.csv", report + "/report.json", report + "/undo", waiting} {
		// The ids of both organisations begin at 1, so a goal of one's own may answer.
		a := s.get(path)
		if strings.Contains(a.body, "Spring") || strings.Contains(a.body, "sales.csv") || strings.Contains(a.body, "Anfragen gesamt") {
			t.Errorf("%s shows another organisation's data", path)
		}
		if strings.HasPrefix(path, "/en/import") && a.status != 404 {
			t.Errorf("%s\ngot:  %d\nwant: 404", path, a.status)
		}
	}
	for _, path := range []string{report + "/undo", waiting} {
		if a := s.post(path, nil); a.status != 404 {
			t.Errorf("POST %s\ngot:  %d\nwant: 404", path, a.status)
		}
	}
	_ = g
	imports, err := s.server.DB.Imports(ctx, firstOrg)
	if err != nil || len(imports) != 1 || imports[0].State != goalpost.ImportDone {
		t.Errorf("the import of the first organisation was touched: %+v %v", imports, err)
	}
}

// A viewer reads and changes nothing.
func TestViewer(t *testing.T) {
	s, report, goal := workingSite(t)
	s.addUser(t, firstOrg, "victor", goalpost.RoleViewer)
	s.loginAs(t, "victor")
	for _, path := range []string{"/en/goals", goal, report, "/en/posts", "/en/import", "/en/settings"} {
		if a := s.get(path); a.status != 200 {
			t.Errorf("GET %s\ngot:  %d\nwant: 200", path, a.status)
		}
	}
	for _, path := range []string{"/en/goals/new?kind=sales", goal + "/change", goal + "/retire", report + "/undo", "/en/settings", "/en/import"} {
		if a := s.post(path, url.Values{"why": {"because"}}); a.status != 403 {
			t.Errorf("POST %s\ngot:  %d\nwant: 403", path, a.status)
		}
	}
}

// A GET never writes: the database is the same before and after all pages.
func TestGetNeverWrites(t *testing.T) {
	s, report, goal := workingSite(t)
	before := s.dump(t)
	for _, path := range []string{"/en/goals", goal, goal + "?as-of=2026-03-01", goal + "/change", goal + "/chart.png", "/en/goals/new", "/en/posts", "/en/import",
		report, report + "/undo", "/en/settings", "/en/kpis", "/en/logout", "/en/theme?theme=dark"} {
		s.get(path)
	}
	if after := s.dump(t); after != before {
		t.Errorf("a GET changed the database\nbefore: %s\nafter:  %s", before, after)
	}
}

// Addresses that no browser writes get no file, no other site and no error page of
// the program.
func TestOddPaths(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range []string{"//evil.example/", "//evil.example/%2e%2e", "/\\evil.example/", "/en/..//evil.example", "/en//goals", "/static/..%2f..%2fweb.go",
		"/static/%2e%2e/%2e%2e/etc/passwd", "/en/goals/%2e%2e/%2e%2e/setup", "/en/goals/1%00", "/en/goals/" + strings.Repeat("9", 400), "/en/imports/-1", "http://evil.example/en/goals"} {
		c, err := net.Dial("tcp", s.server.Listen)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, s.server.Listen); err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		text := string(b)
		if strings.Contains(text, "Location: //") || strings.Contains(text, "Location: http") || strings.Contains(text, "Location: /\\") {
			t.Errorf("%s leads to another site:\n%.300s", path, text)
		}
		if strings.HasPrefix(text, "HTTP/1.1 5") || strings.Contains(text, "package web") || strings.Contains(text, "root:") {
			t.Errorf("%s:\n%.300s", path, text)
		}
	}
}
