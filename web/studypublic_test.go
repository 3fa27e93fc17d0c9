package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// publish gives the study that ships with the program a public address.
func (s *site) publish(t *testing.T, id, slug string) {
	t.Helper()
	if a := s.post("/en/studies/"+id+"/publish", url.Values{"slug": {slug}}); a.status != http.StatusSeeOther {
		t.Fatalf("publish: %d %s", a.status, textOf(a.body))
	}
}

// correctFigure corrects a figure of the Pivot study by the form.
func (s *site) correctFigure(t *testing.T, number, why string) {
	t.Helper()
	form := url.Values{"question": {"understand_social_consumers"}, "version": {"1"}, "reference": {"2012"}, "option": {"yes"}, "printed": {"percent"}, "number": {number}, "base": {"181"}, "base_kind": {"stated"},
		"quality": {"seen"}, "why": {why}}
	if a := s.post("/en/studies/pivot-sosm/figure", form); a.status != http.StatusSeeOther {
		t.Fatalf("correct: %d %s", a.status, textOf(a.body))
	}
}

// strangerGets gets an address without being logged in.
func (s *site) strangerGets(path string) (a answer) {
	s.asStranger(func() { a = s.get(path) })
	return a
}

// Only what was published is reachable without a log-in, from the first public version
// on; an old link keeps its figures, and a correction is shown as one.
func TestPublicReport(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	if a := s.strangerGets("/en/r/pivot"); a.status != http.StatusNotFound {
		t.Errorf("not published\ngot:  %d\nwant: 404", a.status)
	}
	s.correctFigure(t, "61", "misread, secret of the house")
	s.publish(t, "pivot-sosm", "pivot")
	s.correctFigure(t, "62.4", "The slide says 62.4")
	for path, want := range map[string]int{"/en/r/pivot": 200, "/de/r/pivot": 200, "/en/r/pivot/3": 200, "/en/r/pivot/2": 200, "/en/r/pivot/newest": 200, "/en/r/pivot/1": 404, "/en/r/pivot/4": 404, "/en/r/pivot/02": 404,
		"/en/r/pivot/-1": 404, "/en/r/pivot/x": 404, "/en/r/nothing": 404, "/en/r/pivot/2/figures.csv": 200, "/en/r/pivot/1/figures.json": 404, "/en/r/pivot/2/goals/shares.svg": 200,
		"/en/r/pivot/2/goals/shares.png": 200, "/en/r/pivot/2/goals/trend.csv": 200, "/en/r/pivot/2/goals/secret.svg": 404, "/en/r/pivot/2/goals/shares.exe": 404, "/en/r/pivot/embed/goals/shares": 200,
		"/en/r/pivot/2/embed/goals/trend?option=sales": 200, "/en/r/pivot/embed/nothing/shares": 404, "/en/r/pivot/embed/goals/pie": 404} {
		if a := s.strangerGets(path); a.status != want {
			t.Errorf("%s\ngot:  %d\nwant: %d", path, a.status, want)
		}
	}
	newest, old := textOf(s.strangerGets("/en/r/pivot").body), textOf(s.strangerGets("/en/r/pivot/2").body)
	for _, want := range []string{"Yes, 2012: was 61%, is 62.4%.", "The slide says 62.4", "62.4%", "/en/r/pivot/3", "Sources and methods"} {
		if !strings.Contains(newest, want) {
			t.Errorf("the newest version has no %q:\n%s", want, newest)
		}
	}
	for _, want := range []string{"61%", "What is different in version 3", "was 61%, is 62.4%", "Read the newest version"} {
		if !strings.Contains(old, want) {
			t.Errorf("the old version has no %q:\n%s", want, old)
		}
	}
	for _, secret := range []string{"anna", "secret of the house", "Musterwerk"} {
		if strings.Contains(newest, secret) || strings.Contains(old, secret) {
			t.Errorf("the public sees %q", secret)
		}
	}
	if team := textOf(s.page("/en/studies/pivot-sosm")); !strings.Contains(team, "anna") {
		t.Error("the team does not see who corrected, so this test shows nothing")
	}
	if a := s.post("/en/studies/pivot-sosm/withdraw", nil); a.status != http.StatusSeeOther {
		t.Errorf("withdraw: %d", a.status)
	}
	for _, path := range []string{"/en/r/pivot", "/en/r/pivot/2", "/en/r/pivot/2/goals/shares.png", "/en/r/pivot/embed/goals/shares", "/en/r/pivot/2/figures.json"} {
		if a := s.strangerGets(path); a.status != http.StatusNotFound {
			t.Errorf("withdrawn: %s\ngot:  %d\nwant: 404", path, a.status)
		}
	}
	s.correctFigure(t, "12.3", "a draft, secret of the house")
	s.correctFigure(t, "62", "as printed, not as in the secret draft")
	s.publish(t, "pivot-sosm", "another")
	if a := s.strangerGets("/en/r/pivot/4"); a.status != http.StatusNotFound {
		t.Errorf("a draft from while the report was withdrawn\ngot:  %d\nwant: 404", a.status)
	}
	again := textOf(s.strangerGets("/en/r/pivot").body)
	for _, secret := range []string{"12.3", "secret"} {
		if strings.Contains(again, secret) {
			t.Errorf("opened again the public sees %q", secret)
		}
	}
	if !strings.Contains(again, "was 62.4%, is 62%") {
		t.Errorf("the correction since the last public version is not shown:\n%s", again)
	}
	if a := s.strangerGets("/en/r/pivot/2"); a.status != 200 {
		t.Errorf("published again the address is the old one\ngot:  %d", a.status)
	}
	if a := s.strangerGets("/en/r/another"); a.status != 404 {
		t.Errorf("a second address\ngot:  %d", a.status)
	}
}

// What ships with the program is kept as it was when it was published.
func TestPublishedStudyIsFrozen(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.publish(t, "pivot-sosm", "pivot")
	versions, err := s.server.DB.StudyVersions(t.Context(), 1, "pivot-sosm")
	if err != nil || len(versions) != 1 || versions[0].Version != 1 || versions[0].By != "" || len(versions[0].Study.Figures) < 20 {
		t.Fatalf("\ngot:  %+v %v\nwant: version 1, whole", versions, err)
	}
	s.correctFigure(t, "62.4", "The slide says 62.4")
	page := textOf(s.strangerGets("/en/r/pivot/1").body)
	if !strings.Contains(page, "What is different in version 2") {
		t.Errorf("\ngot:  %s", page)
	}
}

// Addresses are unique in the installation; other organisations, viewers and strangers
// publish nothing.
func TestPublishRefused(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	for _, slug := range []string{"", "A", "a b", "../x", "-a", strings.Repeat("a", 61), "<b>"} {
		if a := s.post("/en/studies/pivot-sosm/publish", url.Values{"slug": {slug}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `role="alert"`) {
			t.Errorf("%q\ngot:  %d", slug, a.status)
		}
	}
	s.publish(t, "pivot-sosm", "pivot")
	s.addUser(t, firstOrg, "victor", "viewer")
	s.secondOrganisation(t)
	s.loginAs(t, "eve")
	if a := s.post("/en/studies/pivot-sosm/publish", url.Values{"slug": {"pivot"}}); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "is taken") {
		t.Errorf("a taken address\ngot:  %d", a.status)
	}
	if a := s.post("/en/studies/pivot-sosm/withdraw", nil); a.status != http.StatusNotFound {
		t.Errorf("another organisation withdraws\ngot:  %d", a.status)
	}
	s.loginAs(t, "victor")
	for _, path := range []string{"/en/studies/pivot-sosm/publish", "/en/studies/pivot-sosm/withdraw", "/en/studies/pivot-sosm/figure", "/en/studies-new", "/en/studies/pivot-sosm/wave/new", "/en/studies/pivot-sosm/question/new"} {
		if a := s.post(path, url.Values{"slug": {"mine"}, "why": {"x"}}); a.status != http.StatusForbidden {
			t.Errorf("a viewer at %s\ngot:  %d\nwant: 403", path, a.status)
		}
	}
	s.client = newClient()
	if a := s.post("/en/studies/pivot-sosm/withdraw", nil); a.status != http.StatusSeeOther || !strings.Contains(a.header.Get("Location"), "/login") {
		t.Errorf("a stranger withdraws\ngot:  %d", a.status)
	}
	if a := s.get("/en/r/pivot"); a.status != 200 {
		t.Errorf("\ngot:  %d", a.status)
	}
}

// Public answers may be kept by others and stand in pages of others where they are meant
// to; the report itself may not be framed.
func TestPublicHeaders(t *testing.T) {
	s := newSite(t, func(s *Server) { s.PublicURL = "https://study.example" })
	s.setUp("en")
	s.publish(t, "pivot-sosm", "pivot")
	for path, want := range map[string]struct {
		cache   string
		framed  bool
		foreign bool
	}{
		"/en/r/pivot":                     {"public, max-age=300", false, false},
		"/en/r/pivot/1":                   {"public, max-age=3600", false, false},
		"/en/r/pivot/embed/goals/shares":  {"public, max-age=300", true, true},
		"/en/r/pivot/1/goals/shares.svg":  {"public, max-age=3600", false, true},
		"/en/r/pivot/1/goals/shares.png":  {"public, max-age=3600", false, true},
		"/en/r/pivot/1/goals/shares.csv":  {"public, max-age=3600", false, true},
		"/en/r/pivot/newest/figures.json": {"public, max-age=300", false, true},
		"/en/r/nothing":                   {"private, no-cache", false, false},
		"/en/studies/pivot-sosm":          {"private, no-cache", false, false},
	} {
		h := s.get(path).header
		framed := strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors *") && h.Get("X-Frame-Options") == ""
		if h.Get("Cache-Control") != want.cache || framed != want.framed || (h.Get("Cross-Origin-Resource-Policy") == "cross-origin") != want.foreign {
			t.Errorf("%s\ngot:  %q, framed %v, %q\nwant: %+v", path, h.Get("Cache-Control"), framed, h.Get("Cross-Origin-Resource-Policy"), want)
		}
		if h.Get("Set-Cookie") != "" && want.cache[0:6] == "public" {
			t.Errorf("%s sets a cookie in an answer that others keep", path)
		}
	}
	page := s.page("/en/r/pivot")
	for _, want := range []string{`property="og:title"`, `content="https://study.example/en/r/pivot"`, `hreflang="de" href="https://study.example/de/r/pivot"`, `rel="canonical"`,
		`&lt;iframe src=&#34;https://study.example/en/r/pivot/embed/goals/shares&#34;`, `https://study.example/en/r/pivot/1/`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	frame := s.page("/en/r/pivot/embed/goals/trend?option=sales&theme=dark")
	for _, want := range []string{`data-theme="dark"`, `href="/en/r/pivot"`, "Source: ", `target="_blank" rel="noopener"`} {
		if !strings.Contains(frame, want) {
			t.Errorf("the frame has no %s:\n%s", want, frame)
		}
	}
	if strings.Contains(frame, "<nav") || strings.Contains(frame, "<form") {
		t.Error("the frame has a menu")
	}
}
