package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/gptest"
	"goalpost/locale"
)

// newToken makes a token of an organisation.
func newToken(t *testing.T, s *site, org goalpost.OrgID, name string, role goalpost.Role) string {
	t.Helper()
	in := assess.TokenInput{Name: name, Role: string(role), By: "anna", Now: testNow}
	copy(in.Secret[:], name)
	_, text, err := assess.AddToken(context.Background(), s.server.DB, org, in)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// callAPI sends a request as a program does; headers are name and value in turn.
func (s *site) callAPI(method, path, token, body string, headers ...string) answer {
	s.t.Helper()
	r, err := http.NewRequest(method, s.base+apiPath+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	old := s.client
	defer func() { s.client = old }()
	s.client = newClient() // no cookies
	return s.do(r)
}

// sendImport imports a file as a program does; fields are name and value in turn.
func (s *site) sendImport(path, token, name, text string, fields ...string) answer {
	s.t.Helper()
	b, kind := s.form(map[string]string{name: text}, fields...)
	return s.callAPI(http.MethodPost, path, token, b.String(), "Content-Type", kind)
}

const summer = `{"name":"Summer","runs":[{"from":"2026-01-10","until":"2026-01-30"}],"media":"paid","cost":1200.5}`

// wishes is a survey as a program sends it.
const wishes = `{"slug":"wishes","form":{"languages":["en","de"],"title":{"en":"Our wishes","de":"Unsere Wünsche"},"questions":[
{"code":"why","type":"multiple","wording":{"en":"Why do you follow us?"},"options":[{"code":"offers","label":{"en":"Offers"}},{"code":"news","label":{"en":"News"}},{"code":"else","label":{"en":"Else"},"role":"other"}]},
{"code":"nps","type":"nps","wording":{"en":"Would you recommend us?"}},{"code":"more","type":"text","wording":{"en":"What else?"},"show_if":{"rules":[{"question":"nps","max":6}]}}]},
"settings":{"address":"du","anonymous":true,"sample_kind":"self_selected","channels":[{"code":"ig","network":"instagram"}]}}`

// wishesPopulation is that of a survey with a question about age.
const wishesPopulation = `{"version":0,"margins":[{"question":"age","percent":true,"groups":[{"option":"young","size":100},{"option":"old","size":0}]}]}`

// apiSite has sales, a goal, an activity, an analysis and a survey of the first organisation,
// and a second organisation with nothing but tokens of its own.
func apiSite(t *testing.T) (s *site, editorToken, viewerToken, otherToken string) {
	t.Helper()
	s, _, _ = workingSite(t)
	editorToken, viewerToken = newToken(t, s, firstOrg, "Shop", goalpost.RoleEditor), newToken(t, s, firstOrg, "Screen", goalpost.RoleViewer)
	otherToken = newToken(t, s, s.secondOrganisation(t).ID, "Theirs", goalpost.RoleEditor)
	if a := s.callAPI("POST", "/activities", editorToken, summer); a.status != 201 {
		t.Fatalf("activity: %d %s", a.status, a.body)
	}
	if a := s.callAPI("POST", "/effects", editorToken, `{"activity":1,"kpi":"orders","method":"causalimpact"}`); a.status != 201 {
		t.Fatalf("analysis: %d %s", a.status, a.body)
	}
	if a := s.callAPI("POST", "/surveys", editorToken, wishes); a.status != 201 {
		t.Fatalf("survey: %d %s", a.status, a.body)
	}
	return s, editorToken, viewerToken, otherToken
}

// awaitAnalysis waits until an analysis has a result.
func (s *site) awaitAnalysis(token string, id int) apiAnalysis {
	s.t.Helper()
	for range 2000 {
		a := s.callAPI("GET", fmt.Sprintf("/effects/%d", id), token, "")
		if d := decode[apiAnalysis](s.t, a.body); d.State == analysisComputed {
			return d
		} else if d.State != analysisComputing {
			s.t.Fatalf("analysis %d: %s\n%s", id, d.State, s.log)
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatalf("analysis %d does not end", id)
	return apiAnalysis{}
}

// description is the API as it describes itself.
type description struct {
	root  map[string]any
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Responses   map[string]struct {
			Content map[string]struct{ Schema map[string]any }
		} `json:"responses"`
	} `json:"paths"`
}

func readDescription(t *testing.T) description {
	t.Helper()
	data, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	d := decode[description](t, string(data))
	d.root = decode[map[string]any](t, string(data))
	return d
}

// schema is what an operation answers with a status.
func (d description) schema(path, method string, status int) map[string]any {
	op := d.Paths[path][strings.ToLower(method)]
	for _, code := range []string{fmt.Sprint(status), "default"} {
		for _, c := range op.Responses[code].Content {
			return c.Schema
		}
	}
	return nil
}

// Every operation answers what the description says, with a valid token; without it
// nothing but 401; one that only reads changes nothing.
func TestAPIAnswersAsDescribed(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	s.addPosts(t)
	d := readDescription(t)
	s.awaitAnalysis(editorToken, 1)
	full := func(path string) string {
		return strings.NewReplacer("{goal}", "1", "{series}", "1", "{import}", "1", "{activity}", "1", "{analysis}", "1", "{study}", "pivot-sosm", "{survey}", "1").Replace(path)
	}
	bodies := map[string]string{
		"activities-add": `{"name":"Autumn","runs":[{"from":"2026-02-10"}]}`, "activities-change": `{"name":"Summer","runs":[{"from":"2026-01-10","until":"2026-01-31"}],"cost":null,"why":"one day more","after":1}`,
		"effects-plan": `{"activity":1,"kpi":"orders","controls":[]}`, "effects-add": `{"activity":1,"kpi":"revenue","method":"causalimpact","lag_days":2}`,
		"effects-change": `{"smallest_effect":"5%","method":"causalimpact","why":"from what size on it matters","plan":1}`,
		"surveys-add":    strings.Replace(wishes, `"wishes"`, `"more-wishes"`, 1), "surveys-change": strings.NewReplacer("What else?", "Anything else?", `{"code":"nps"`, `{"code":"age","type":"single","wording":{"en":"Age?"},"options":[{"code":"young","label":{"en":"Young"}},{"code":"old","label":{"en":"Old"}}]},{"code":"nps"`).Replace(wishes),
		"surveys-set-population": wishesPopulation, "surveys-state": `{"state":"open"}`, "surveys-copy": `{"slug":"wishes-again"}`,
	}
	order := []string{"activities-add", "activities-change", "effects-plan", "effects-add", "effects-change", "effects-again", "imports-plan", "imports-add", "activities-remove", "activities-restore", "imports-undo", "surveys-add", "surveys-change", "surveys-state", "surveys-set-population", "surveys-cite-weights", "surveys-copy"} // then what only reads
	type op struct{ id, method, path string }
	var ops []op
	for _, path := range []string{respondentPath, respondentKeyPath} { // have no token; see TestRespondentsAreAnsweredAsDescribed
		delete(d.Paths, path)
	}
	for path, methods := range d.Paths {
		for method, o := range methods {
			ops = append(ops, op{o.OperationID, strings.ToUpper(method), path})
		}
	}
	slices.SortFunc(ops, func(a, b op) int {
		return slices.Index(order, a.id) - slices.Index(order, b.id) // -1, what only reads, comes first
	})
	if len(ops) != 38 || len(order)+21 != len(ops) {
		t.Errorf("%d operations are described, %d of them change something", len(ops), len(order))
	}
	for i, o := range ops {
		if o.id == "surveys-cite-weights" { // there are none without an answer
			if a := s.answer(1, `{"rev":1,"version":1,"done":true,"answers":{"age":{"choices":["young"]}}}`); a.status != 200 {
				t.Fatalf("%d %s", a.status, a.body)
			}
		}
		send := func(token string) answer {
			path := full(o.path)
			switch {
			case strings.HasPrefix(o.id, "imports-") && o.method == "POST":
				return s.sendImport(path, token, "more.csv", salesCSV(day0+200, 3), "currency", "EUR")
			case o.id == "activities-remove":
				path += "?why=never+ran"
			}
			return s.callAPI(o.method, path, token, bodies[o.id])
		}
		needsEditor := slices.Contains(order, o.id) && o.id != "effects-plan"
		refused := 401
		if i >= apiStrangers { // so many without a token are no longer looked at
			refused = 429
		}
		if a := send(""); a.status != refused || refused == 401 && a.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s without a token: %d %s", o.id, a.status, a.body)
		}
		if a := send(viewerToken); needsEditor && a.status != 403 || !needsEditor && a.status != 200 {
			t.Errorf("%s with a token that only reads: %d %s", o.id, a.status, a.body)
		}
		a := send(editorToken)
		if a.status/100 != 2 || a.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", o.id, a.status, a.body)
			continue
		}
		schema := d.schema(o.path, o.method, a.status)
		if schema == nil {
			t.Errorf("%s: nothing is described for %d", o.id, a.status)
		}
		for _, fault := range gptest.SchemaFaults(d.root, schema, decode[any](t, a.body), o.id) {
			t.Error(fault)
		}
		s.awaitAnalysis(editorToken, 1)
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}

// The answers are the documents of the command line, in the language that was asked for.
func TestAPIAnswersWithTheSameDocuments(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	ctx := context.Background()
	org, err := s.server.DB.Organisation(ctx, firstOrg)
	if err != nil {
		t.Fatal(err)
	}
	goals, err := assess.Goals(ctx, s.server.DB, org, assess.GoalsOptions{Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	for lang, header := range map[locale.Language]string{locale.English: "fr", locale.German: "de-AT,en;q=0.5"} {
		a := s.callAPI("GET", "/goals", editorToken, "", "Accept-Language", header)
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(document.GoalsOf(locale.New(lang, ""), goals)); err != nil {
			t.Fatal(err)
		}
		if a.body != want.String() {
			t.Errorf("%s\ngot:  %s\nwant: %s", header, a.body, want.String())
		}
	}
	if a := s.callAPI("GET", "/goals/1", editorToken, ""); decode[document.Goal](t, a.body).Name != "Spring <sales>" {
		t.Errorf("%s", a.body)
	}
	if a := s.callAPI("GET", "/goals?as_of=2026-03-01", editorToken, ""); decode[[]document.Goal](t, a.body)[0].AsOf.String() != "2026-03-01" {
		t.Errorf("%s", a.body)
	}
	k := decode[document.KPIs](t, s.callAPI("GET", "/kpis?code=orders&code=revenue&from=2026-02-01&until=2026-02-28", editorToken, "").body)
	if len(k.KPIs) != 2 || k.KPIs[0].Days != 28 {
		t.Errorf("%+v", k)
	}
	s.addPosts(t)
	p := decode[document.Posts](t, s.callAPI("GET", "/posts?sort=-reach&limit=2", editorToken, "").body)
	if len(p.Posts) != 2 || p.Total < 3 || p.Posts[0].Counts[goalpost.Reach] < p.Posts[1].Counts[goalpost.Reach] {
		t.Errorf("%+v", p)
	}
	x := decode[document.Series](t, s.callAPI("GET", "/series/1?from=2026-02-01&until=2026-02-03", editorToken, "").body)
	if len(x.Values) != 3 || x.Values[0].Date.String() != "2026-02-01" || x.Days != 200 {
		t.Errorf("%+v", x)
	}
}

// An activity is entered once however often a program sends it, and a change over somebody
// else's is refused.
func TestAPIActivities(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	autumn := `{"name":"Autumn","runs":[{"from":"2026-02-10","until":"2026-02-20"}],"cost":99.99}`
	for i, want := range []int{201, 200, 200} {
		a := s.callAPI("POST", "/activities", editorToken, autumn, "Idempotency-Key", "order-17")
		d := decode[document.Activity](t, a.body)
		if a.status != want || d.Activity != 2 || *d.Cost != 99.99 || d.Currency != "EUR" || d.History[0].By != "Shop" || a.header.Get("Location") != apiPath+"/activities/2" {
			t.Errorf("%d: %d %s", i, a.status, a.body)
		}
	}
	for _, c := range []struct {
		method, path, body, key string
		status                  int
	}{
		{"POST", "/activities", summer, "order-17", 409},
		{"POST", "/activities", autumn, "order-18", 409}, // it is there, under another key
		{"PUT", "/activities/2", `{"name":"Autumn","runs":[{"from":"2026-02-11"}],"why":"a day later","after":1}`, "", 200},
		{"PUT", "/activities/2", `{"name":"Autumn","runs":[{"from":"2026-02-12"}],"why":"two days later","after":1}`, "", 409},
		{"PUT", "/activities/2", `{"name":"Autumn","runs":[{"from":"2026-02-12"}],"why":""}`, "", 422},
		{"DELETE", "/activities/2", "", "", 422}, // without why
		{"DELETE", "/activities/2?why=never+ran", "", "", 200},
		{"DELETE", "/activities/2?why=never+ran", "", "", 409},
		{"PUT", "/activities/2", `{"name":"Autumn","runs":[{"from":"2026-02-12"}],"why":"again"}`, "", 409},
		{"POST", "/activities/2/restore", "", "", 200},
		{"POST", "/activities/2/restore", "", "", 409},
		{"GET", "/activities/77", "", "", 404},
	} {
		headers := []string{}
		if c.key != "" {
			headers = []string{"Idempotency-Key", c.key}
		}
		if a := s.callAPI(c.method, c.path, editorToken, c.body, headers...); a.status != c.status {
			t.Errorf("%s %s %s: %d, not %d\n%s", c.method, c.path, c.body, a.status, c.status, a.body)
		}
	}
	d := decode[document.Activity](t, s.callAPI("GET", "/activities/2", editorToken, "").body)
	if d.Runs[0].From.String() != "2026-02-11" || d.Cost != nil || len(d.History) != 4 {
		t.Errorf("%+v", d)
	}
}

// A file is imported when the answer comes; the same file again adds nothing; what is not
// clear is said with the field that settles it.
func TestAPIImports(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	more := salesCSV(day0+200, 5)
	for i, want := range []int{201, 200} {
		a := s.sendImport("/imports", editorToken, "more.csv", more, "currency", "EUR")
		r := decode[goalpost.Report](t, a.body)
		if a.status != want || r.Files[0].Kept != 5 || r.Files[0].AlreadyKnown != 5*i || a.header.Get("Location") != apiPath+"/imports/2" {
			t.Errorf("%d: %d %s %s", i, a.status, a.header, a.body)
		}
	}
	unknown := germanCSV(day0, 60)
	a := s.sendImport("/imports", editorToken, "anfragen.csv", unknown)
	if p := decode[problemDocument](t, a.body); a.status != 422 || p.Field != "map" || !strings.Contains(p.Detail, "/imports/plan") {
		t.Errorf("a table that nobody knows: %d %s", a.status, a.body)
	}
	a = s.sendImport("/imports/plan", editorToken, "anfragen.csv", unknown)
	plan := decode[document.ImportProposals](t, a.body)
	if a.status != 200 || !plan.Files[0].NeedsMap || len(plan.Files[0].Map) == 0 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a = s.sendImport("/imports", editorToken, "anfragen.csv", unknown, "map", string(plan.Files[0].Map)); a.status != 201 {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, c := range []struct {
		status  int
		field   string
		fields  []string
		content string
	}{
		{422, "currency", []string{"currency", "Dollars"}, more},
		{422, "network", []string{"network", "icq"}, more},
		{422, "time_zone", []string{"time_zone", "Mars/Olympus"}, more},
		{422, "observed_at", []string{"observed_at", "soon"}, more},
		{422, "colour", []string{"colour", "red"}, more},
		{422, "", []string{"map", "{"}, unknown},
		{413, "map", []string{"map", strings.Repeat("x", mapLimit+1)}, unknown},
		{422, "", nil, ""},
		{422, "", nil, "PK\x03\x04rubbish"},
	} {
		a := s.sendImport("/imports", editorToken, "file.csv", c.content, c.fields...)
		if p := decode[problemDocument](t, a.body); a.status != c.status || c.field != "" && p.Field != c.field {
			t.Errorf("%.40v: %d %s", c.fields, a.status, a.body)
		}
	}
	if a := s.callAPI("DELETE", "/imports/2", editorToken, ""); a.status != 200 || decode[document.Import](t, a.body).State != goalpost.ImportUndone {
		t.Errorf("undo: %d %s", a.status, a.body)
	}
	if a := s.callAPI("DELETE", "/imports/2", editorToken, ""); a.status != 409 {
		t.Errorf("undone twice: %d %s", a.status, a.body)
	}
	left, err := os.ReadDir(filepath.Join(s.server.DataDir, "upload"))
	if err != nil || len(left) != 0 {
		t.Errorf("uploads must be removed: %v %v", left, err)
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}

// A plan is written down before anything is worked out, and the result comes by itself.
func TestAPIEffects(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	d := s.awaitAnalysis(editorToken, 1)
	if d.Report == nil || d.Report.Headline == "" || len(d.Plans) != 1 || d.Plans[0].By != "Shop" || d.Done != 100 {
		t.Errorf("%+v", d)
	}
	for body, field := range map[string]string{
		`{"activity":1,"kpi":"orders","lag_days":500}`: "lag_days", `{"activity":1,"kpi":"orders","controls":["x"]}`: "controls", `{"activity":1,"kpi":"love"}`: "kpi",
		`{"activity":1,"kpi":"orders","pre_from":"long ago"}`: "pre_from", `{"activity":1,"kpi":"orders","smallest_effect":"much"}`: "smallest_effect", `{"kpi":"orders"}`: "activity",
	} {
		a := s.callAPI("POST", "/effects", editorToken, body)
		if p := decode[problemDocument](t, a.body); a.status != 422 || p.Field != field {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := s.callAPI("POST", "/effects/plan", editorToken, `{"activity":9}`); a.status != 404 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if list := decode[[]document.AnalysisEntry](t, s.callAPI("GET", "/effects", editorToken, "").body); len(list) != 1 || list[0].Decision != d.Decision {
		t.Errorf("%+v", list)
	}
	if a := s.callAPI("PUT", "/effects/1", editorToken, `{"method":"causalimpact","lag_days":3,"why":"again","plan":7}`); a.status != 409 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// Posts come a page at a time; the pages together are all posts, each once. A name that two
// accounts have is asked back.
func TestAPIPosts(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	s.addPosts(t)
	ask := func(query string) document.Posts {
		a := s.callAPI("GET", "/posts"+query, editorToken, "")
		if a.status != 200 {
			t.Fatalf("%s: %d %s", query, a.status, a.body)
		}
		return decode[document.Posts](t, a.body)
	}
	if d := ask(""); len(d.Posts) != 100 || d.Total != 120 || d.Posts[0].ID != "p0" {
		t.Errorf("without a limit: %d of %d", len(d.Posts), d.Total)
	}
	seen := map[string]int{}
	for offset := 0; offset <= 120; offset += 50 {
		for _, p := range ask(fmt.Sprintf("?limit=50&offset=%d&sort=published", offset)).Posts {
			seen[p.ID]++
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d posts on all pages", len(seen))
	}
	for query, want := range map[string]int{"?account=linkedin:Musterwerk": 40, "?network=facebook": 80, "?search=number+11": 11, "?from=2026-03-14&until=2026-03-15": 2, "?offset=500": 120} {
		if d := ask(query); d.Total != want {
			t.Errorf("%s: %d", query, d.Total)
		}
	}
	a := s.callAPI("GET", "/posts?account=Musterwerk", editorToken, "")
	if p := decode[problemDocument](t, a.body); a.status != 422 || p.Field != "account" || p.Key != "error.flag.account-ambiguous" {
		t.Errorf("%d %s", a.status, a.body)
	}
}
