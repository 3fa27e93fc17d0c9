package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// asProgram sends a request and takes the answer of an expected status.
func (s *site) asProgram(method, path, token, body string, status int) string {
	s.t.Helper()
	a := s.callAPI(method, path, token, body)
	if a.status != status {
		s.t.Fatalf("%s %s %.90s: %d, not %d\n%s", method, path, body, a.status, status, a.body)
	}
	return a.body
}

// The figures are those of the page: who came how far, by which channel, with and without
// answers that stand out, and after single answers were erased those that were kept.
func TestAPISurveyResults(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	read := func(query string) document.SurveyResults {
		t.Helper()
		return decode[document.SurveyResults](t, s.asProgram("GET", "/surveys/1/results"+query, viewerToken, "", 200))
	}
	if d := read(""); d.Started != 0 || d.Finished != nil || d.Phase != goalpost.PhaseDraft || len(d.Questions) != 3 || len(d.Forms) != 0 {
		t.Errorf("before the first answer: %+v", d)
	}
	s.asProgram("PUT", "/surveys/1", editorToken, strings.Replace(wishes, `"anonymous":true`, `"anonymous":true,"keep_days":30,"quotas":[{"question":"why","option":"news","limit":2}]`, 1), 200)
	s.openAndAnswer(editorToken)
	for n := 2; n <= 4; n++ {
		s.answer(n, fmt.Sprintf(`{"rev":1,"answers":{"why":{"choices":["news"]},"nps":{"number":%d}},"done":%v}`, 6+n, n < 4))
	}
	s.answer(5, `{"rev":1,"answers":{"why":{"choices":["offers"]}}}`)
	d := read("")
	if d.Started != 5 || d.Complete != 3 || d.States[goalpost.AnswerBegun] != 2 || *d.Finished != 0.6 || d.Phase != goalpost.PhaseOpen || d.Kept || d.Flagged != 3 || d.Flags[0].Flag != goalpost.FlagNoPage || d.Flags[0].Number != 3 || d.Flags[0].Sentence == "" {
		t.Errorf("%+v", d)
	}
	why, nps := d.Questions[0], d.Questions[1]
	if why.All.Base != 3 || why.All.Options[1].Count != 2 || why.All.Options[1].Label != "News" || why.All.Options[1].Share != nil || why.All.Texts != 1 || why.Unflagged.Base != 0 {
		t.Errorf("%+v", why)
	}
	if *nps.All.NPS != (document.SurveyNPS{Detractors: 1, Passives: 1, Promoters: 1}) || nps.All.Grades[9].Grade != 9 || nps.All.Grades[9].Count != 1 || nps.Unflagged.NPS.Promoters != 0 {
		t.Errorf("%+v", nps.All)
	}
	if reach := d.Forms[0]; reach.Started != 5 || reach.Questions[0] != (document.SurveyQuestionReach{Question: "why", Asked: 5, Answered: 5, Last: 1}) || reach.Questions[1] != (document.SurveyQuestionReach{Question: "nps", Asked: 4, Answered: 4, Last: 1}) {
		t.Errorf("%+v", reach)
	}
	if len(d.Quotas) != 1 || d.Quotas[0].Complete != 2 || !d.Quotas[0].Full || len(d.Channels) != 1 || d.Channels[0].Started != 5 || d.Channels[0].Complete != 3 {
		t.Errorf("%+v %+v", d.Quotas, d.Channels)
	}
	page := textOf(s.page("/en/surveys/1?beside=1"))
	for _, text := range []string{"3 complete answers", "60%"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q:\n%s", text, page)
		}
	}
	s.asProgram("POST", "/surveys/1/state", editorToken, `{"state":"closed"}`, 200)
	if n, err := assess.EraseOldAnswers(t.Context(), s.server.DB, firstOrg, testNow.AddDate(0, 0, 31)); err != nil || n != 5 {
		t.Fatalf("%d erased: %v", n, err)
	}
	if d := read(""); !d.Kept || d.ErasedAt == nil || d.Complete != 3 || d.Questions[0].All.Options[1].Count != 2 || d.Quotas[0].Limit != 2 {
		t.Errorf("after the end of the time: %+v", d)
	}
	s.asProgram("POST", "/surveys/1/state", editorToken, `{"state":"open"}`, 200)
	s.answer(6, `{"rev":1,"done":true,"answers":{"nps":{"number":1}}}`)
	if now, before := read(""), read("?kept=true"); now.Kept || now.Complete != 1 || now.ErasedAt == nil || !before.Kept || before.Complete != 3 {
		t.Errorf("%+v\n%+v", now, before)
	}
	for path, status := range map[string]int{"/surveys/9/results": 404, "/surveys/1/results?kept=perhaps": 422, "/surveys/1/results?old=true": 422} {
		s.asProgram("GET", path, viewerToken, "", status)
	}
}

// One answer is read with its log and tags. Only the token of an owner erases it, and then
// nothing of it is left in any answer.
func TestAPISurveyAnswer(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	s.openAndAnswer(editorToken)
	ownerToken := newToken(t, s, firstOrg, "Boss", goalpost.RoleOwner)
	path := "/surveys/1/answers/" + fmt.Sprintf(respondentID, 1)
	s.answer(1, `{"rev":2,"done":true,"answers":{"why":{"choices":["else"],"text":"Bushes"}}}`)
	s.asProgram("PUT", path+"/tags/why", editorToken, `{"tags":["nature","  green  "]}`, 200)
	d := decode[document.SurveyAnswerShown](t, s.asProgram("GET", path, viewerToken, "", 200))
	if d.State != goalpost.AnswerComplete || d.Replies["why"].Text != "Trees" || len(d.Questions) != 3 || !slices.Equal(d.Questions[0].Tags, []string{"green", "nature"}) || !d.Questions[0].Asked || !d.Questions[0].Valid || d.Questions[2].Question != "more" {
		t.Errorf("%+v", d)
	}
	if len(d.Log) != 2 || d.Log[0].Kind != "done" || d.Log[1].Kind != "late_edit" || !strings.Contains(d.Log[1].Sent, "Bushes") || d.Log[1].Cut || d.LogCut || d.Log[0].At.Hour() != 0 {
		t.Errorf("the log: %+v", d.Log)
	}
	for _, token := range []string{viewerToken, editorToken} {
		s.asProgram("DELETE", path, token, "", 403)
	}
	for range 2 { // sent again when no answer came
		if d := decode[document.SurveyAnswerShown](t, s.asProgram("DELETE", path, ownerToken, "", 200)); d.State != goalpost.AnswerErased || len(d.Replies) != 0 || len(d.Questions) != 0 || len(d.Log) != 1 || d.Log[0].Sent != "" {
			t.Errorf("%+v", d)
		}
	}
	for _, path := range []string{path, "/surveys/1/answers", "/surveys/1/open-answers?question=why", "/surveys/1/results"} {
		for _, word := range []string{"Trees", "Bushes", "nature"} {
			if body := s.asProgram("GET", path, ownerToken, "", 200); strings.Contains(body, word) {
				t.Errorf("%s still says %q: %s", path, word, body)
			}
		}
	}
	unknown := "/surveys/1/answers/" + fmt.Sprintf(respondentID, 9)
	s.asProgram("GET", unknown, viewerToken, "", 404)
	s.asProgram("DELETE", unknown, ownerToken, "", 404)
	s.asProgram("PUT", unknown+"/tags/why", editorToken, `{"tags":["x"]}`, 404)
	s.asProgram("GET", "/surveys/1/answers/anything", viewerToken, "", 404)
}

// Open answers are searched whatever their accents, tagged and read a page at a time.
func TestAPIOpenAnswers(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	s.openAndAnswer(editorToken)
	for n, text := range map[int]string{2: "Größere Bäume", 3: "more trees", 4: "Shade"} {
		s.answer(n, fmt.Sprintf(`{"rev":1,"done":true,"answers":{"why":{"choices":["else"],"text":%q},"nps":{"number":2},"more":{"text":"Nothing"}}}`, text))
	}
	s.answer(5, `{"rev":1,"answers":{"why":{"choices":["else"],"text":"unfinished trees"}}}`)
	read := func(query string) document.OpenAnswers {
		t.Helper()
		return decode[document.OpenAnswers](t, s.asProgram("GET", "/surveys/1/open-answers"+query, viewerToken, "", 200))
	}
	if d := read(""); d.Question != "more" || d.Wording != "What else?" || d.Total != 3 || len(d.Questions) != 2 {
		t.Errorf("the question that takes nothing but a text: %+v", d)
	}
	tag := func(n int, tags string, status int) string {
		t.Helper()
		return s.asProgram("PUT", "/surveys/1/answers/"+fmt.Sprintf(respondentID, n)+"/tags/why", editorToken, `{"tags":`+tags+`}`, status)
	}
	tag(1, `["Trees"]`, 200)
	tag(2, `["trees, growth"]`, 200) // a comma separates, and capitals make no other tag
	tag(3, `["gone"]`, 200)
	tag(3, `[]`, 200)
	if d := read("?question=why"); d.Total != 4 || d.Found != 4 || len(d.Tags) != 2 || d.Tags[0] != (document.SurveyTag{Tag: "Trees", Number: 2}) || d.Tags[1].Tag != "growth" {
		t.Errorf("%+v", d)
	}
	for query, want := range map[string]string{"&search=trees": "Trees more trees", "&search=baeume": "Größere Bäume", "&search=GROSSERE": "Größere Bäume", "&tag=growth": "Größere Bäume", "&untagged=true": "Shade more trees", "&tag=Trees&search=tre": "Trees", "&tag=none": "", "&offset=9": ""} {
		d := read("?question=why" + query)
		var texts []string
		for _, a := range d.Answers {
			texts = append(texts, a.Text)
		}
		slices.Sort(texts)
		if got := strings.Join(texts, " "); got != want {
			t.Errorf("%s: %q, not %q", query, got, want)
		}
	}
	seen := map[string]bool{}
	for offset := range 4 {
		for _, a := range read(fmt.Sprintf("?question=why&limit=1&offset=%d", offset)).Answers {
			seen[a.Answer] = true
		}
	}
	if len(seen) != 4 {
		t.Errorf("on pages of one: %v", seen)
	}
	for query, field := range map[string]string{"?question=nps": "question", "?question=nothing": "question", "?limit=1001": "limit", "?limit=-1": "limit", "?offset=-1": "offset", "?tag=a&untagged=true": "untagged", "?q=x": "q"} {
		if p := decode[problemDocument](t, s.asProgram("GET", "/surveys/1/open-answers"+query, viewerToken, "", 422)); p.Field != field {
			t.Errorf("%s: %+v", query, p)
		}
	}
	for tags, field := range map[string]string{`["` + strings.Repeat("x", 41) + `"]`: "tags", `"one"`: "tags", `["a",7]`: "tags[1]", `["a\u0000b"]`: "tags", `null`: "tags"} {
		if p := decode[problemDocument](t, tag(1, tags, 422)); p.Field != field {
			t.Errorf("%s: %+v", tags, p)
		}
	}
	s.asProgram("PUT", "/surveys/1/answers/"+fmt.Sprintf(respondentID, 1)+"/tags/nps", editorToken, `{"tags":["x"]}`, 404)
}

// The versions of a form and of the settings can be read, and the links by which people come.
func TestAPISurveyVersionsAndLinks(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	s.openAndAnswer(editorToken)
	s.asProgram("PUT", "/surveys/1", editorToken, strings.NewReplacer("Why do you follow us?", "What brings you here?", `"channels"`, `"frames":["https://shop.example"],"channels"`).Replace(wishes), 200)
	v := decode[document.SurveyVersions](t, s.asProgram("GET", "/surveys/1/versions", viewerToken, "", 200))
	if len(v.Versions) != 2 || v.FormVersion != 2 || v.SettingVersion != 2 || v.Waiting || v.Versions[0].FormVersion != 2 || v.Versions[0].Trends[0].Question != "why" || v.Versions[1].Form.Questions[0].Wording["en"] != "Why do you follow us?" || v.Versions[1].By != "Shop" {
		t.Errorf("%+v", v)
	}
	for version, frames := range map[int]int{1: 0, 2: 1} {
		if d := decode[document.SurveySettingVersion](t, s.asProgram("GET", fmt.Sprintf("/surveys/1/settings/%d", version), viewerToken, "", 200)); len(d.Settings.Frames) != frames || d.SettingVersion != version {
			t.Errorf("%d: %+v", version, d)
		}
	}
	for _, version := range []string{"0", "3", "-1"} {
		s.asProgram("GET", "/surveys/1/settings/"+version, viewerToken, "", 404)
	}
	l := decode[document.SurveyLinks](t, s.asProgram("GET", "/surveys/1/links", viewerToken, "", 200))
	if len(l.Channels) != 1 || l.Channels[0].Channel != "ig" || !strings.Contains(l.Channels[0].Texts["de"], "Unsere Wünsche") || !strings.Contains(l.Embed, "/s/wishes/embed") {
		t.Errorf("%+v", l)
	}
	s.asStranger(func() {
		outside := s.server.outsideURL()
		for _, address := range []string{l.Plain.Link, l.Plain.QRSVG, l.Channels[0].Link, l.Channels[0].QRPNG, l.Image, l.Print} {
			path, ours := strings.CutPrefix(address, outside)
			if a := s.get(path); !ours || a.status != 200 {
				t.Errorf("%s: %d", address, a.status)
			}
		}
	})
}

// A system is added with a secret that no other answer holds; its test says what became of
// it, and one of another survey is not there.
func TestAPIHooks(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	allowed, err := ParseAllowedHosts([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	asking{site: s}.with(func(s *Server) { s.AllowPrivate = allowed })
	well, ill := newReceiver(t, http.StatusNoContent), newReceiver(t, http.StatusTeapot)
	add := func(to string) document.HookMade {
		t.Helper()
		return decode[document.HookMade](t, s.asProgram("POST", "/surveys/1/hooks", editorToken, fmt.Sprintf(`{"url":%q}`, to), 201))
	}
	first, second := add(well.URL), add(ill.URL)
	if !strings.HasPrefix(first.Secret, "gph_") || first.Secret == second.Secret || first.By != "Shop" || first.URL != well.URL || first.Off {
		t.Errorf("%+v", first)
	}
	test := func(h document.HookMade) document.HookTest {
		t.Helper()
		return decode[document.HookTest](t, s.asProgram("POST", fmt.Sprintf("/surveys/1/hooks/%d/test", h.Hook.Hook), editorToken, "", 200))
	}
	if d := test(first); !d.Arrived || d.Problem != "" || len(well.list()) != 1 || well.list()[0].signature == "" {
		t.Errorf("%+v", d)
	}
	if d := test(second); d.Arrived || d.Problem != "418" || !strings.Contains(d.Sentence, "418") {
		t.Errorf("%+v", d)
	}
	s.asProgram("PUT", "/surveys/1/hooks/2", editorToken, `{"off":true}`, 200)
	list := s.asProgram("GET", "/surveys/1/hooks", editorToken, "", 200)
	if d := decode[document.Hooks](t, list); len(d.Hooks) != 2 || d.Hooks[0].Off || !d.Hooks[1].Off {
		t.Errorf("%+v", d)
	}
	left := s.asProgram("DELETE", "/surveys/1/hooks/2", editorToken, "", 200)
	if d := decode[document.Hooks](t, left); len(d.Hooks) != 1 || d.Hooks[0].URL != well.URL {
		t.Errorf("%+v", d)
	}
	for _, secret := range []string{first.Secret, second.Secret} {
		if strings.Contains(list+left+s.log.String(), secret) {
			t.Error("a secret is shown again, or stands in the log")
		}
	}
	s.asProgram("GET", "/surveys/1/hooks", viewerToken, "", 403)
	for _, c := range []struct{ method, path, body string }{{"PUT", "/surveys/1/hooks/2", `{"off":false}`}, {"POST", "/surveys/1/hooks/2/test", ""}, {"DELETE", "/surveys/1/hooks/2", ""}, {"DELETE", "/surveys/2/hooks/1", ""}, {"POST", "/surveys/9/hooks", `{"url":"https://example.org"}`}} {
		if c.path == "/surveys/2/hooks/1" {
			s.asProgram("POST", "/surveys/1/copy", editorToken, `{"slug":"again"}`, 201)
		}
		s.asProgram(c.method, c.path, editorToken, c.body, 404)
	}
	for body, field := range map[string]string{`{"url":"ftp://x.example"}`: "url", `{"url":"https://a:b@x.example"}`: "url", `{"url":""}`: "url", `{}`: "url", `{"url":"https://x.example","secret":"mine"}`: "secret"} {
		if p := decode[problemDocument](t, s.asProgram("POST", "/surveys/1/hooks", editorToken, body, 422)); p.Field != field {
			t.Errorf("%s: %+v", body, p)
		}
	}
	s.asProgram("PUT", "/surveys/1/hooks/1", editorToken, `{}`, 422)
}

// People are invited once, from JSON or a file; their addresses leave in the answer to an
// owner alone, and are gone after they were forgotten.
func TestAPIInvitations(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	s.asProgram("POST", "/surveys/1/state", editorToken, `{"state":"open"}`, 200)
	ownerToken := newToken(t, s, firstOrg, "Boss", goalpost.RoleOwner)
	var said strings.Builder // everything that is not for owners
	invite := func(people string) document.InvitationReport {
		t.Helper()
		body := s.asProgram("POST", "/surveys/1/invitations", editorToken, `{"people":`+people+`}`, 200)
		said.WriteString(body)
		return decode[document.InvitationReport](t, body)
	}
	r := invite(`[{"email":"petra@hidden.example","columns":{"name":"Petra","city":"Ulm"}},{"email":"PETRA@hidden.example"},{"email":"nobody"},{"email":""},{"email":"uwe@hidden.example","columns":{"name":"=Uwe"}}]`)
	if r.Rows != 5 || r.Added != 2 || r.Known != 0 || len(r.Reasons) != 3 || r.Reasons[1].Line != 3 || r.Reasons[1].Reason != "address" || r.Reasons[1].Sentence == "" {
		t.Errorf("%+v", r)
	}
	if r := invite(`[{"email":"uwe@hidden.example"}]`); r.Added != 0 || r.Known != 1 {
		t.Errorf("once more: %+v", r)
	}
	const people = "Who;Mail;Spare\nAda;ada@hidden.example;spare@hidden.example\nUwe;uwe@hidden.example;\n"
	file := func(path string, status int, fields ...string) string {
		t.Helper()
		a := s.sendImport(strings.Replace(path, "{survey}", "1", 1), editorToken, "people.csv", people, fields...)
		if a.status != status {
			t.Fatalf("%s %v: %d %s", path, fields, a.status, a.body)
		}
		said.WriteString(a.body)
		return a.body
	}
	plan := decode[document.InvitationPlan](t, file(invitedPlanPath, 200))
	if plan.Rows != 2 || len(plan.Columns) != 3 || plan.Columns[1].Use != assess.InvitedEmail || plan.Columns[0].Use != assess.InvitedIgnore || plan.Columns[0].Samples[0] != "Ada" {
		t.Errorf("%+v", plan)
	}
	if other := decode[document.InvitationPlan](t, file(invitedPlanPath, 200, "email", "Spare", "keep", "Who")); other.Columns[2].Use != assess.InvitedEmail || other.Columns[1].Use != assess.InvitedIgnore || other.Columns[0].Use != assess.InvitedKeep {
		t.Errorf("%+v", other)
	}
	if r := decode[document.InvitationReport](t, file(invitedFilePath, 200, "keep", "Who")); r.Added != 1 || r.Known != 1 {
		t.Errorf("%+v", r)
	}
	for _, c := range [][]string{{"email", "E-Mail", "email"}, {"keep", "Age", "keep"}, {"uses", "email", "uses"}} {
		if p := decode[problemDocument](t, file(invitedFilePath, 422, c[0], c[1])); p.Field != c[2] {
			t.Errorf("%v: %+v", c, p)
		}
	}
	counts := s.asProgram("GET", "/surveys/1/invitations", viewerToken, "", 200)
	said.WriteString(counts)
	if d := decode[document.Invitations](t, counts); d.Invited != 3 || d.Unlinked != 3 || d.Open != 3 || *d.Rate != 0 || d.LinkedAt != nil || !d.Anonymous {
		t.Errorf("%+v", d)
	}
	for body, field := range map[string]string{`{"people":[{"email":"x","name":"x"}]}`: "people[0].name", `{"people":[{"email":7}]}`: "people[0].email", `{"people":null}`: "people", `{"people":[{"email":"a@b.example","columns":{"` + strings.Repeat("x", 201) + `":"y"}}]}`: "people[0].columns",
		`{"people":[{"email":"a@b.example","columns":{` + manyColumns(21) + `}}]}`: "people"} {
		if p := decode[problemDocument](t, s.asProgram("POST", "/surveys/1/invitations", editorToken, body, 422)); p.Field != field {
			t.Errorf("%.80s: %+v", body, p)
		}
	}
	if strings.Contains(said.String()+s.log.String(), "hidden.example") {
		t.Errorf("an address is shown:\n%s", said.String())
	}
	s.ownersInvitations(ownerToken, editorToken)
}

func manyColumns(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"c%d":"v"`, i))
	}
	return strings.Join(list, ",")
}

// ownersInvitations does with three invited people what only the token of an owner may.
func (s *site) ownersInvitations(ownerToken, editorToken string) {
	t := s.t
	t.Helper()
	links := func(who string) [][]string {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(s.asProgram("POST", "/surveys/1/invitations/links", ownerToken, `{"who":"`+who+`"}`, 200))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	rows := links("new")
	if len(rows) != 4 || strings.Join(rows[0], " ") != "email Who city name "+linkColumn {
		t.Fatalf("%q", rows)
	}
	for _, row := range rows[1:] {
		if row[0] == "uwe@hidden.example" && row[3] != "'=Uwe" {
			t.Errorf("a formula goes out: %q", row)
		}
		s.asStranger(func() {
			if a := s.get(strings.TrimPrefix(row[4], s.server.outsideURL())); a.status != 200 || !strings.Contains(a.body, "Our wishes") {
				t.Errorf("%s: %d", row[4], a.status)
			}
		})
	}
	if again, reminder := links("new"), links("open"); len(again) != 1 || len(reminder) != 4 || reminder[1][4] == rows[1][4] {
		t.Errorf("%q\n%q", again, reminder)
	}
	for _, body := range []string{`{"who":"all"}`, `{}`} {
		if p := decode[problemDocument](t, s.asProgram("POST", "/surveys/1/invitations/links", ownerToken, body, 422)); p.Field != "who" {
			t.Errorf("%+v", p)
		}
	}
	s.asProgram("POST", "/surveys/1/invitations/links", editorToken, `{"who":"new"}`, 403)
	s.asProgram("DELETE", "/surveys/1/invitations", editorToken, "", 403)
	if d := decode[document.Invitations](t, s.asProgram("DELETE", "/surveys/1/invitations", ownerToken, "", 200)); d.Invited != 3 || d.Forgotten != 3 || d.Open != 0 || d.LinkedAt == nil {
		t.Errorf("%+v", d)
	}
	if rows := links("open"); len(rows) != 1 {
		t.Errorf("after they were forgotten: %q", rows)
	}
}

// Who left an address is counted, and no answer of the API names one.
func TestAPISurveyContacts(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	s.asProgram("PUT", "/surveys/1", editorToken, strings.Replace(wishes, `"anonymous":true`, `"anonymous":true,"results":true,"consent":{"en":"You may write to me.","de":"Sie dürfen mir schreiben."}`, 1), 200)
	s.asProgram("POST", "/surveys/1/state", editorToken, `{"state":"open"}`, 200)
	s.asStranger(func() {
		if a := s.post("/s/wishes/contact?lang=en", s.contactForm(t, "person@hidden.example")); a.status != http.StatusSeeOther {
			t.Fatalf("%d %s", a.status, textOf(a.body))
		}
	})
	body := s.asProgram("GET", "/surveys/1/contacts", viewerToken, "", 200)
	if d := decode[document.SurveyContacts](t, body); d != (document.SurveyContacts{Results: 1}) {
		t.Errorf("%+v", d)
	}
	if d := decode[document.SurveyResults](t, s.asProgram("GET", "/surveys/1/results", viewerToken, "", 200)); d.Contacts.Results != 1 {
		t.Errorf("%+v", d.Contacts)
	}
	for _, path := range []string{"/surveys/1", "/surveys/1/results", "/surveys/1/contacts", "/surveys/1/answers", "/surveys/1/invitations"} {
		if body := s.asProgram("GET", path, editorToken, "", 200); strings.Contains(body, "hidden.example") {
			t.Errorf("%s shows an address: %s", path, body)
		}
	}
}
