package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"goalpost"
	"goalpost/locale"
	"goalpost/store"
)

// No operation shows or changes anything of another organisation: whatever it is asked for
// by its number is not there, and every list is empty.
func TestAPIOtherOrganisation(t *testing.T) {
	s, editorToken, _, otherToken := apiSite(t)
	s.addPosts(t)
	s.awaitAnalysis(editorToken, 1)
	d := readDescription(t)
	bodies := map[string]string{
		"activities-change": `{"name":"Stolen","runs":[{"from":"2026-01-10"}],"why":"because"}`, "effects-plan": `{"activity":1}`, "effects-add": `{"activity":1}`, "effects-change": `{"why":"because"}`,
		"surveys-change": wishes, "surveys-state": `{"state":"open"}`, "surveys-copy": `{"slug":"stolen"}`, "surveys-set-population": wishesPopulation,
	}
	replace := strings.NewReplacer("{goal}", "1", "{series}", "1", "{import}", "1", "{activity}", "1", "{analysis}", "1", "{study}", "pivot-sosm", "{survey}", "1")
	everybodys := []string{"token-show", "studies-list", "studies-show", "studies-own"} // published figures, and what the token itself says
	ours := []string{"Spring", "Summer", "sales.csv", "Musterwerk", "Tip number", "Shop", "Our wishes", "Trees"}
	s.openAndAnswer(editorToken)
	before := s.ofFirst(editorToken)
	tried := 0
	for path, methods := range d.Paths {
		for method, o := range methods {
			if o.OperationID == "imports-add" || o.OperationID == "imports-plan" || o.OperationID == "activities-add" || o.OperationID == "surveys-add" || path == respondentPath || path == respondentKeyPath {
				continue // they name nothing that is there
			}
			tried++
			where := replace.Replace(path)
			if o.OperationID == "activities-remove" {
				where += "?why=because"
			}
			a := s.callAPI(strings.ToUpper(method), where, otherToken, bodies[o.OperationID])
			for _, word := range ours {
				if strings.Contains(a.body, word) {
					t.Errorf("%s shows %q", o.OperationID, word)
				}
			}
			named := path != where || bodies[o.OperationID] != ""
			shared := false
			for _, id := range everybodys {
				shared = shared || id == o.OperationID
			}
			if named && !shared && a.status != 404 {
				t.Errorf("%s: %d %s", o.OperationID, a.status, a.body)
			}
			if !named && !shared && (a.status != 200 || strings.Contains(a.body, `"id"`) || strings.Contains(a.body, `"slug"`) || strings.Contains(a.body, "  {\n    \"goal")) {
				t.Errorf("%s: %d %s", o.OperationID, a.status, a.body)
			}
		}
	}
	if tried < 20 {
		t.Errorf("only %d operations were tried", tried)
	}
	if after := s.ofFirst(editorToken); after != before {
		t.Errorf("\ngot:  %s\nwant: %s", after, before)
	}
	secret := editorToken[strings.LastIndex(editorToken[:12], "_")+1:]
	for _, forged := range []string{"goalpost_2_" + secret, "goalpost_0_" + secret, strings.Replace(otherToken, "_2_", "_1_", 1)} {
		if a := s.callAPI("GET", "/goals", forged, ""); a.status != 401 {
			t.Errorf("%s: %d", forged, a.status)
		}
	}
}

// ofFirst is everything that the API shows of an organisation.
func (s *site) ofFirst(token string) string {
	s.t.Helper()
	var b strings.Builder
	for _, path := range []string{"/goals", "/kpis", "/posts", "/series", "/imports", "/activities", "/activities?removed=true", "/effects", "/effects/1", "/surveys", "/surveys/1", "/surveys/1/answers", "/surveys/1/population", "/surveys/1/weights"} {
		a := s.callAPI("GET", path, token, "")
		if a.status != 200 {
			s.t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		b.WriteString(a.body)
	}
	return b.String()
}

// Who comes without a valid token gets nothing, whatever else they bring.
func TestAPIWantsAToken(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	ask := func(change func(*http.Request)) answer {
		r, err := http.NewRequest(http.MethodGet, s.base+apiPath+"/goals", nil)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		return s.do(r) // with the owner's cookies
	}
	for name, change := range map[string]func(*http.Request){
		"a session": func(*http.Request) {},
		"in the address": func(r *http.Request) {
			r.URL.RawQuery = url.Values{"token": {editorToken}, "access_token": {editorToken}}.Encode()
		},
		"basic":          func(r *http.Request) { r.SetBasicAuth("token", editorToken) },
		"another scheme": func(r *http.Request) { r.Header.Set("Authorization", "Token "+editorToken) },
		"twice":          func(r *http.Request) { r.Header["Authorization"] = []string{"Bearer " + editorToken, "Bearer x"} },
		"a letter less":  func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+editorToken[:len(editorToken)-1]) },
		"its hash": func(r *http.Request) {
			_, h, _ := goalpost.ParseToken(editorToken)
			r.Header.Set("Authorization", "Bearer "+h)
		},
		"very long":      func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+strings.Repeat("x", 10_000)) },
		"another letter": func(r *http.Request) { r.Header.Set("Authorization", "Bearer X"+editorToken[1:]) },
		"a cookie":       func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "token", Value: editorToken}) },
	} {
		if a := ask(change); a.status != 401 || a.header.Get("Content-Type") != "application/problem+json" || strings.Contains(a.body, "Spring") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	a := ask(func(r *http.Request) { r.Header.Set("Authorization", "bearer "+editorToken) })
	if a.status != 200 || len(a.header.Values("Set-Cookie")) > 0 || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", a.status, a.header)
	}
	ctx := context.Background()
	list, err := s.server.DB.Tokens(ctx, firstOrg)
	if err != nil || list[0].UsedDay.String() != "2026-03-15" || list[1].UsedDay != 0 {
		t.Errorf("the day of the last use: %+v %v", list, err)
	}
	if err := s.server.DB.RemoveToken(ctx, firstOrg, list[0].ID); err != nil {
		t.Fatal(err)
	}
	if a := s.callAPI("GET", "/goals", editorToken, ""); a.status != 401 {
		t.Errorf("a removed token: %d %s", a.status, a.body)
	}
	if a := s.callAPI("GET", "/openapi.json", "", ""); a.status != 200 {
		t.Errorf("the description: %d", a.status)
	}
	if strings.Contains(s.log.String(), editorToken[12:]) {
		t.Errorf("a token stands in the log:\n%s", s.log)
	}
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(s.server.DataDir, store.File+suffix))
		if err != nil || strings.Contains(string(data), editorToken[12:]) {
			t.Errorf("a token stands in the store, or: %v", err)
		}
	}
}

// Many wrong tokens are slowed down; who has a valid one goes on.
func TestAPILimits(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	last := answer{}
	for range apiStrangers + 5 {
		last = s.callAPI("GET", "/goals", "goalpost_1_wrong", "")
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", last.status, last.body)
	}
	for range apiRequests + 5 {
		last = s.callAPI("GET", "/token", editorToken, "")
		if last.status != 200 {
			break
		}
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" || !strings.Contains(last.body, "600") {
		t.Errorf("%d %s", last.status, last.body)
	}
}

// Whatever a body holds, the answer is one sentence that names the field, and nothing is
// kept.
func TestAPIRefuses(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	s.addPosts(t)
	s.awaitAnalysis(editorToken, 1)
	before := s.ofFirst(editorToken)
	run := `"runs":[{"from":"2026-02-01"}]`
	for _, c := range []struct {
		body   string
		status int
		field  string
		says   string // German
	}{
		{``, 400, "", "keinen Inhalt"},
		{`{"name"`, 400, "", "kein lesbares JSON"},
		{`nonsense`, 400, "", "kein lesbares JSON"},
		{`{"name":"x",` + run + `} {}`, 400, "", "kein lesbares JSON"},
		{strings.Repeat("[", 200_000), 400, "", "kein lesbares JSON"},
		{`{"name":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000) + "," + run + "}", 422, "name", "Text in Anführungszeichen"},
		{`[]`, 422, "", "Objekt in geschweiften Klammern"},
		{`null`, 422, "", "Objekt in geschweiften Klammern"},
		{`{}`, 422, "name", "fehlt"},
		{`{"name":"x"}`, 422, "runs", "fehlt"},
		{`{"name":5,` + run + `}`, 422, "name", "Text in Anführungszeichen"},
		{`{"name":null,` + run + `}`, 422, "name", "Text in Anführungszeichen"},
		{`{"name":"x","runs":{}}`, 422, "runs", "eine Liste"},
		{`{"name":"x","runs":null}`, 422, "runs", "eine Liste"},
		{`{"name":"x","runs":[]}`, 422, "runs[0].from", "Tage"},
		{`{"name":"x","runs":[5]}`, 422, "runs[0]", "Objekt"},
		{`{"name":"x","runs":[{}]}`, 422, "runs[0].from", "fehlt"},
		{`{"name":"x","runs":[{"from":"2026-02-01","till":"2026-02-02"}]}`, 422, "runs[0].till", "gibt es hier nicht"},
		{`{"name":"x","runs":[{"from":"2026-02-01"},{"from":"31.02.2026"}]}`, 422, "runs[1].from", "kein Datum"},
		{`{"name":"x","runs":[{"from":"2026-02-10","until":"2026-02-01"}]}`, 422, "runs[0].until", ""},
		{`{"name":"x","org_id":2,` + run + `}`, 422, "org_id", "gibt es hier nicht"},
		{`{"name":"x","cost":"12",` + run + `}`, 422, "cost", "eine Zahl"},
		{`{"name":"x","cost":1e300,` + run + `}`, 422, "cost", ""},
		{`{"name":"x","cost":-1,` + run + `}`, 422, "cost", ""},
		{`{"name":"x","cost":1e999,` + run + `}`, 400, "", "kein lesbares JSON"},
		{`{"name":"x","name":"y",` + run + `}`, 422, "name", "mehrfach"},
		{`{"name":"x","cost":1,"Cost":2,` + run + `}`, 422, "Cost", "mehrfach"},
		{`{"name":"x","runs":[{"from":"2026-02-01"},{"until":"2026-02-03","from":"2026-02-02","until":"2026-02-04"}]}`, 422, "until", "mehrfach"},
		{`{"name":"x","network":"icq",` + run + `}`, 422, "network", "icq"},
		{`{"name":"` + strings.Repeat("x", 5000) + `",` + run + `}`, 422, "name", ""},
		{`{"name":"` + strings.Repeat("x", formLimit) + `",` + run + `}`, 413, "", "zu groß"},
	} {
		a := s.callAPI("POST", "/activities", editorToken, c.body, "Content-Type", "application/json", "Accept-Language", "de")
		p := decode[problemDocument](t, a.body)
		if a.status != c.status || p.Status != c.status || p.Field != c.field || !strings.Contains(p.Detail, c.says) || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.80s\ngot:  %d %.400s\nwant: %d %s %q", c.body, a.status, a.body, c.status, c.field, c.says)
		}
		if strings.Contains(p.Detail, "expected") || strings.Contains(p.Detail, "{0}") || strings.HasPrefix(p.Detail, "error.") {
			t.Errorf("%.80s: no sentence: %s", c.body, p.Detail)
		}
	}
	for _, c := range []struct {
		method, path string
		status       int
		field        string
	}{
		{"GET", "/goals/one", 422, "goal"},
		{"GET", "/goals/99999999999999999999", 422, "goal"},
		{"GET", "/goals/-1", 404, ""},
		{"GET", "/activities?removed=false&removed=true", 422, "removed"},
		{"GET", "/posts?limit=1&sort=reach&limit=2", 422, "limit"},
		{"DELETE", "/activities/1?why=one&why=two", 422, "why"},
		{"GET", "/posts?search=100%&limit=1", 422, ""},
		{"GET", "/goals?as_of=yesterday", 422, "as_of"},
		{"GET", "/goals?as_of=2099-01-01", 422, "as_of"},
		{"GET", "/goals?seen=true", 422, "seen"},
		{"GET", "/goals?seen=maybe", 422, "seen"},
		{"GET", "/goals?asof=2026-01-01", 422, "asof"},
		{"GET", "/kpis?code=love", 422, "code"},
		{"GET", "/kpis?from=2026-02-01&until=2026-01-01", 422, "until"},
		{"GET", "/kpis?network=icq", 422, "network"},
		{"GET", "/kpis?code=orders" + strings.Repeat("&code=orders", 100), 422, "code"},
		{"GET", "/posts?limit=1001", 422, "limit"},
		{"GET", "/posts?limit=many", 422, "limit"},
		{"GET", "/posts?offset=-1", 422, "offset"},
		{"GET", "/posts?sort=love", 422, "sort"},
		{"GET", "/posts?from=2026-02-01&until=2026-01-01", 422, "until"},
		{"GET", "/posts?account=nobody", 422, "account"},
		{"GET", "/series/1?from=2026-02-01&until=2026-01-01", 422, "until"},
		{"GET", "/studies/none", 404, ""},
		{"GET", "/studies/pivot-sosm?version=77", 404, ""},
		{"GET", "/nothing", 404, ""},
		{"PATCH", "/activities/1", 405, ""},
		{"DELETE", "/goals", 405, ""},
		{"OPTIONS", "/goals", 405, ""},
	} {
		a := s.callAPI(c.method, c.path, editorToken, "")
		p := decode[problemDocument](t, a.body)
		if a.status != c.status || c.field != "" && p.Field != c.field || p.Detail == "" {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.body)
		}
		if c.status == 405 && a.header.Get("Allow") == "" {
			t.Errorf("%s %s does not say what is allowed", c.method, c.path)
		}
	}
	if a := s.callAPI("POST", "/activities", editorToken, summer, "Content-Type", "application/x-www-form-urlencoded"); a.status != 415 {
		t.Errorf("a form: %d %s", a.status, a.body)
	}
	if a := s.callAPI("POST", "/imports", editorToken, summer); a.status != 422 || !strings.Contains(a.body, "-F file=") {
		t.Errorf("an import without a form: %d %s", a.status, a.body)
	}
	if a := s.callAPI("GET", "/kpis?code=orders&code=revenue", editorToken, ""); a.status != 200 {
		t.Errorf("a list of KPIs: %d %s", a.status, a.body)
	}
	for _, key := range []string{"a b", strings.Repeat("x", 201), "ü"} {
		if a := s.callAPI("POST", "/activities", editorToken, summer, "Idempotency-Key", key); a.status != 422 {
			t.Errorf("key %.20q: %d %s", key, a.status, a.body)
		}
	}
	if after := s.ofFirst(editorToken); after != before {
		t.Errorf("\ngot:  %s\nwant: %s", after, before)
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}

// What huma says of a request is said in our words, with the field as it was sent.
func TestMisfits(t *testing.T) {
	say := locale.New(locale.German, "")
	for message, want := range map[string]string{
		"unexpected property": "Feld „runs[0].x“: Dieses Feld gibt es hier nicht.", "expected required property name to be present": "Feld „runs[0].x.name“: Diese Angabe fehlt.",
		"expected integer": "Feld „runs[0].x“: Das muss eine ganze Zahl sein.", "expected something new": "Feld „runs[0].x“: Dieser Wert passt nicht. Was angenommen wird, steht in /api/v1/openapi.json.",
	} {
		e := misfit(&huma.ErrorModel{Status: 422, Errors: []*huma.ErrorDetail{{Message: message, Location: "body.runs[0].x"}}})
		if got := apiDocument(say, 422, e).Detail; got != want {
			t.Errorf("%s\ngot:  %s\nwant: %s", message, got, want)
		}
	}
}

// brokenBody is a body that ends with an error.
type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }

// A body that does not arrive in time, or not completely, is told apart from one that is no
// JSON.
func TestAPIBodyThatDoesNotArrive(t *testing.T) {
	for key, err := range map[string]error{"error.api.slow": os.ErrDeadlineExceeded, "error.api.cut-off": io.ErrUnexpectedEOF} {
		r := httptest.NewRequest(http.MethodPost, apiPath+"/activities", brokenBody{err})
		e, ok := asError(readJSONBody(httptest.NewRecorder(), r))
		if !ok || e.Key != key {
			t.Errorf("%v: %v", err, e)
		}
	}
	s := newSite(t, nil)
	for key, want := range map[string]int{"error.api.slow": 408, "error.api.cut-off": 422} {
		if status, _ := s.server.classify(httptest.NewRequest(http.MethodGet, "/", nil), goalpost.Errorf(goalpost.Invalid, key)); status != want {
			t.Errorf("%s: %d", key, status)
		}
	}
}

// The demo, which asks nobody for a password, still wants a token, and answers only under its
// own name.
func TestAPIOfTheDemo(t *testing.T) {
	s := newSite(t, func(s *Server) { s.Demo = true })
	if _, err := s.server.DB.CreateOrganisation(context.Background(), goalpost.Organisation{Name: "Demo", Language: "en", TimeZone: "UTC", Currency: "EUR", Adopted: true, Simulated: true}); err != nil {
		t.Fatal(err)
	}
	token := newToken(t, s, firstOrg, "Shop", goalpost.RoleViewer)
	if a := s.callAPI("GET", "/goals", "", ""); a.status != 401 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := s.callAPI("GET", "/goals", token, ""); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	r, err := http.NewRequest(http.MethodGet, s.base+apiPath+"/goals", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "evil.example"
	r.Header.Set("Authorization", "Bearer "+token)
	if a := s.do(r); a.status != 403 || a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// An address that is not written as it should be is answered for programs, and not sent on
// to a page.
func TestAPIAddressesAreExact(t *testing.T) {
	s, token, _, _ := apiSite(t)
	for _, where := range []string{"", "/", "//goals", "/goals/", "/./goals", "/goals/../goals", "/goals%2F1"} {
		a := s.callAPI(http.MethodGet, where, token, "")
		if a.status != http.StatusNotFound || !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%q: %d %s %.100s", where, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
}
