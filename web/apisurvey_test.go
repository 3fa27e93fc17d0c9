package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/document"
	"goalpost/gptest"
)

const respondentID = "3f2b8c1e-0000-4000-8000-00000000000%d"

// openAndAnswer opens the survey of apiSite and has one respondent answer it.
func (s *site) openAndAnswer(token string) {
	s.t.Helper()
	if a := s.callAPI("POST", "/surveys/1/state", token, `{"state":"open"}`); a.status != 200 {
		s.t.Fatalf("%d %s", a.status, a.body)
	}
	if a := s.answer(1, `{"rev":1,"version":1,"done":true,"answers":{"why":{"choices":["else"],"text":"Trees"},"nps":{"number":3}}}`); a.status != 200 {
		s.t.Fatalf("%d %s", a.status, a.body)
	}
}

// answer sends what respondent n answered.
func (s *site) answer(n int, body string, headers ...string) answer {
	s.t.Helper()
	return s.callAPI("PUT", "/p/wishes/r/"+fmt.Sprintf(respondentID, n), "", body, headers...)
}

// A survey is made once however often a program sends it, changed only over what the program
// read, and says which trends go on.
func TestAPISurveys(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	send := func(method, path, body string, status int) string {
		t.Helper()
		a := s.callAPI(method, path, editorToken, body)
		if a.status != status {
			t.Errorf("%s %s %.90s: %d, not %d\n%s", method, path, body, a.status, status, a.body)
		}
		return a.body
	}
	if d := decode[document.Survey](t, send("POST", "/surveys", wishes, 200)); d.Survey != 1 || d.State != goalpost.SurveyDraft || d.By != "Shop" || len(d.Missing["de"]) != 6 {
		t.Errorf("the same again: %+v", d)
	}
	send("POST", "/surveys", strings.Replace(wishes, "What else?", "Other?", 1), 409)
	send("POST", "/surveys/1/state", `{"state":"closed"}`, 409) // a draft
	send("POST", "/surveys/1/state", `{"state":"draft"}`, 200)  // it is one
	s.openAndAnswer(editorToken)
	send("POST", "/surveys/1/state", `{"state":"draft"}`, 422)

	changed := strings.Replace(wishes, "Why do you follow us?", "What brings you here?", 1)
	with := func(body, more string) string { return strings.TrimSuffix(body, "}") + "," + more + "}" }
	send("PUT", "/surveys/1", with(changed, `"revision":1`), 409)
	send("PUT", "/surveys/1", with(wishes, `"revision":1`), 200) // it is like that
	d := decode[document.SurveyChange](t, send("PUT", "/surveys/1", with(changed, `"revision":2`), 200))
	if !d.Changed || !d.NewVersion || d.Survey.FormVersion != 2 || len(d.Trends) != 1 || d.Trends[0].Question != "why" || d.Trends[0].Trend != "lost" || !slices.Equal(d.Trends[0].Changes, []string{"wording"}) {
		t.Errorf("%+v", d)
	}
	send("PUT", "/surveys/1", with(changed, `"keep":["gone"]`), 200) // nothing changes, so that nothing is kept
	send("PUT", "/surveys/1", with(wishes, `"keep":["gone"]`), 422)
	// What is read can be sent back as it is.
	show := decode[map[string]any](t, send("GET", "/surveys/1", "", 200))
	back, err := json.Marshal(map[string]any{"slug": show["slug"], "form": show["form"], "settings": show["settings"]})
	if err != nil {
		t.Fatal(err)
	}
	if d := decode[document.SurveyChange](t, send("PUT", "/surveys/1", string(back), 200)); d.Changed {
		t.Errorf("%+v", d)
	}
	for i, want := range []int{201, 200} {
		if d := decode[document.Survey](t, send("POST", "/surveys/1/copy", `{"slug":"again"}`, want)); d.Survey != 2 || d.State != goalpost.SurveyDraft || d.Complete != 0 {
			t.Errorf("copy %d: %+v", i, d)
		}
	}
	send("POST", "/surveys/1/copy", `{"slug":"wishes"}`, 409)
	send("POST", "/surveys/7/copy", `{"slug":"x"}`, 404)
	for body, field := range map[string]string{
		strings.Replace(wishes, `"why"`, `"Why"`, 1):                                      "form.questions[0].code",
		strings.Replace(wishes, `"nps","max"`, `"pns","max"`, 1):                          "form.questions[2].show_if.rules[0].question",
		strings.Replace(wishes, `"self_selected"`, `"all"`, 1):                            "settings.sample_kind",
		strings.Replace(wishes, `"slug":"wishes"`, `"slug":"W"`, 1):                       "slug",
		strings.Replace(wishes, `"type":"nps"`, `"type":7`, 1):                            "form.questions[1].type",
		strings.Replace(wishes, `"anonymous"`, `"work":true,"anonymus":1,"anonymous"`, 1): "settings.anonymus",
		strings.Replace(wishes, `"address"`, `"opens_at":"1","address"`, 1):               "settings.opens_at",
		strings.Replace(wishes, `"title":{"en"`, `"title":{"fr"`, 1):                      "form.title",
		`{"slug":"x","settings":{}}`:                                                      "form",
		strings.Replace(wishes, `"slug":"wishes"`, `"slug":"w w"`, 1):                     "slug",
		strings.Replace(wishes, `"role":"other"`, `"role":"wrong"`, 1):                    "form.questions[0].options[2].role",
	} {
		a := s.callAPI("POST", "/surveys", editorToken, body, "Accept-Language", "de")
		if p := decode[problemDocument](t, a.body); a.status != 422 || p.Field != field || strings.Contains(p.Detail, "expected") {
			t.Errorf("%.80s\ngot:  %d %s\nwant: %s", body, a.status, a.body, field)
		}
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}

// Answers are read a page at a time and again when they change; the pages together are all
// of them. An erased one is still told of, without anything in it.
func TestAPISurveyAnswers(t *testing.T) {
	s, editorToken, viewerToken, _ := apiSite(t)
	s.openAndAnswer(editorToken)
	for n := 2; n <= 5; n++ {
		s.answer(n, `{"rev":1,"answers":{"nps":{"number":9}}}`)
	}
	read := func(query string) document.SurveyAnswers {
		t.Helper()
		a := s.callAPI("GET", "/surveys/1/answers"+query, viewerToken, "")
		if a.status != 200 {
			t.Fatalf("%s: %d %s", query, a.status, a.body)
		}
		return decode[document.SurveyAnswers](t, a.body)
	}
	seen, since := map[string]int{}, int64(0)
	for more := true; more; {
		d := read(fmt.Sprintf("?limit=2&since=%d", since))
		for _, a := range d.Answers {
			seen[a.Answer]++
		}
		since, more = d.Next, d.More
	}
	if len(seen) != 5 || since != 5 {
		t.Errorf("%v up to %d", seen, since)
	}
	if d := read("?since=5"); len(d.Answers) != 0 || d.Next != 5 || d.More {
		t.Errorf("nothing is new: %+v", d)
	}
	s.answer(3, `{"rev":2,"done":true,"answers":{"nps":{"number":2}}}`)
	if d := read("?since=5"); len(d.Answers) != 1 || d.Answers[0].State != goalpost.AnswerComplete || *d.Answers[0].Replies["nps"].Number != 2 || d.Answers[0].Number != 3 {
		t.Errorf("%+v", d)
	}
	asked, err := s.server.readAsked(t.Context(), "wishes")
	if err != nil {
		t.Fatal(err)
	}
	if err := asked.EraseAnswer(t.Context(), s.server.DB, fmt.Sprintf(respondentID, 1)); err != nil {
		t.Fatal(err)
	}
	if d := read("?since=6"); len(d.Answers) != 1 || d.Answers[0].State != goalpost.AnswerErased || len(d.Answers[0].Replies) != 0 {
		t.Errorf("%+v", d)
	}
	for _, query := range []string{"?since=-1", "?limit=-1", "?limit=1001", "?since=x"} {
		if a := s.callAPI("GET", "/surveys/1/answers"+query, viewerToken, ""); a.status != 422 {
			t.Errorf("%s: %d", query, a.status)
		}
	}
}

// What the description says of the endpoint for respondents is what it takes and answers.
func TestRespondentsAreAnsweredAsDescribed(t *testing.T) {
	s, editorToken, _, _ := apiSite(t)
	s.openAndAnswer(editorToken)
	d := readDescription(t)
	op, _ := d.root["paths"].(map[string]any)[respondentPath].(map[string]any)["put"].(map[string]any)
	if security := fmt.Sprint(op["security"]); security != "[map[]]" {
		t.Errorf("it needs no token, but the description says %s", security)
	}
	sent := op["requestBody"].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)["schema"].(map[string]any)
	var fields []string
	for f := range reflect.TypeFor[answerDocument]().Fields() {
		fields = append(fields, f.Tag.Get("json"))
	}
	slices.Sort(fields)
	if got := slices.Sorted(maps.Keys(sent["properties"].(map[string]any))); !slices.Equal(got, fields) {
		t.Errorf("\ndescribed: %v\ntaken:     %v", got, fields)
	}
	const done = `{"rev":1,"version":1,"done":true,"answers":{"why":{"choices":["else"],"text":"Trees"},"nps":{"number":3}},"language":"en","website":"","pow":"","invitation":"","render_token":""}`
	erased := func() {
		asked, err := s.server.readAsked(t.Context(), "wishes")
		if err == nil {
			err = asked.EraseAnswer(t.Context(), s.server.DB, fmt.Sprintf(respondentID, 1))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		before func()
		n      int
		body   string
		status int
	}{
		{"new, with a problem", nil, 2, `{"rev":1,"answers":{"nps":{"number":99}}}`, 200},
		{"the same again", nil, 1, done, 200},
		{"another one", nil, 1, strings.Replace(strings.Replace(done, "Trees", "Bees", 1), `"rev":1`, `"rev":2`, 1), 409},
		{"no JSON", nil, 2, `{`, 400},
		{"a wrong revision", nil, 2, `{"rev":-1,"answers":{}}`, 422},
		{"erased", erased, 1, strings.Replace(done, `"rev":1`, `"rev":3`, 1), 410},
	} {
		if c.name == "the same again" { // by the key of the request first
			if a := s.callAPI("POST", "/p/wishes/r", "", c.body, "Idempotency-Key", fmt.Sprintf(respondentID, c.n)); a.status != 200 {
				t.Errorf("by its key: %d %s", a.status, a.body)
			}
		}
		if c.before != nil {
			c.before()
		}
		a := s.answer(c.n, c.body)
		schema := d.schema(respondentPath, "PUT", a.status)
		if a.status != c.status || schema == nil {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
			continue
		}
		if c.status != 400 {
			for _, fault := range gptest.SchemaFaults(d.root, sent, decode[any](t, c.body), c.name+" sent") {
				t.Error(fault)
			}
		}
		for _, fault := range gptest.SchemaFaults(d.root, schema, decode[any](t, a.body), c.name) {
			t.Error(fault)
		}
	}
	if a := s.callAPI(http.MethodPut, "/p/nobody/r/"+fmt.Sprintf(respondentID, 1), "", done); a.status != 404 {
		t.Errorf("no such survey: %d", a.status)
	}
}
