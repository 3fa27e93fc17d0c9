package web

import (
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"goalpost"
	"goalpost/browsertest"
)

const plainSurvey = `languages: [en, de]
title: {en: Your wishes, de: Ihre Wünsche}
questions:
  - code: why
    type: single
    wording: {en: Why do you follow us?, de: Warum folgen Sie uns?}
    options:
      - offers: {en: Offers, de: Angebote}
      - news: {en: News, de: Neuigkeiten}
settings:
  quotas:
    - {question: why, option: offers, limit: 5}
    - {question: why, option: news, limit: 7}
`

// postYAML sends the form for a survey as text, and a file where one is named.
func (s *site) postYAML(files map[string]string, fields ...string) answer {
	s.t.Helper()
	body, kind := s.form(files, fields...)
	r, err := http.NewRequest(http.MethodPost, s.base+"/en/surveys/import", body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", s.base)
	return s.do(r)
}

// A survey comes from a pasted text or a file; what is wrong is said with its line, and the text
// stays. What is downloaded makes the same survey again.
func TestSurveyYAML(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	pasted := strings.ReplaceAll(plainSurvey, "\n", "\r\n") // as browsers send it
	wrong := strings.Replace(pasted, "limit: 7", "limit: <seven>", 1)
	for name, c := range map[string]struct {
		files  map[string]string
		fields []string
		status int
		says   []string
	}{
		"nothing":    {nil, []string{"text", " "}, 422, []string{"Nothing is here yet"}},
		"wrong":      {nil, []string{"text", wrong, "slug", "kept"}, 422, []string{"Line 13, field “settings.quotas[1].limit”", "- {question: why, option: news, limit: &lt;seven&gt;}\n</textarea>", `<tr class="here"><th scope="row" class="num">13</th>`, `value="kept"`}},
		"wrong file": {map[string]string{"x.yaml": "title: [\n"}, []string{"text", plainSurvey}, 422, []string{"title: [\n</textarea>"}},
		"slug":       {nil, []string{"text", plainSurvey, "slug", "Not One!"}, 422, []string{`href="#slug"`}},
		"too large":  {map[string]string{"x.yaml": strings.Repeat("# much\n", mostYAML/7+1)}, nil, 422, []string{"larger than 1 MiB"}},
		"far larger": {map[string]string{"x.yaml": strings.Repeat("# much\n", yamlForm/7+1)}, nil, 422, []string{"larger than 1 MiB"}},
	} {
		a := s.postYAML(c.files, c.fields...)
		if a.status != c.status {
			t.Errorf("%s: %d %.300s", name, a.status, textOf(a.body))
		}
		contains(t, name, a.body, c.says, nil)
	}
	if a := s.postYAML(nil, "text", pasted, "slug", ""); a.status != http.StatusSeeOther || a.header.Get("Location") != "/en/surveys/1/edit?made=1" {
		t.Fatalf("pasted: %d %s", a.status, textOf(a.body))
	}
	read := func(id goalpost.SurveyID) goalpost.Survey {
		x, err := s.server.DB.Survey(t.Context(), firstOrg, id)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	first := read(1)
	if first.Slug != "your-wishes" || first.State != goalpost.SurveyDraft || len(first.Settings.Quotas) != 2 || first.Form.Title["de"] != "Ihre Wünsche" {
		t.Errorf("%+v", first)
	}
	file := s.get("/en/surveys/1/survey.yaml")
	if file.status != 200 || file.header.Get("Content-Type") != "application/yaml" || !strings.Contains(file.header.Get("Content-Disposition"), `your-wishes.yaml`) {
		t.Fatalf("%d %v", file.status, file.header)
	}
	for _, page := range []string{"settings", "versions"} {
		if !strings.Contains(s.page("/en/surveys/1/"+page), `href="/en/surveys/1/survey.yaml"`) {
			t.Errorf("no download on the page %s", page)
		}
	}
	if a := s.postYAML(map[string]string{"your-wishes.yaml": file.body}); a.status != http.StatusConflict && a.status != http.StatusUnprocessableEntity {
		t.Errorf("its address is taken: %d", a.status)
	}
	if a := s.postYAML(map[string]string{"your-wishes.yaml": file.body}, "slug", "again", "text", "not this"); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	if second := read(2); !reflect.DeepEqual(second.Form, first.Form) || !reflect.DeepEqual(second.Settings, first.Settings) {
		t.Errorf("\ngot:  %+v\nwant: %+v", second, first)
	}
	if a := s.get("/en/surveys/9/survey.yaml"); a.status != http.StatusNotFound {
		t.Errorf("no such survey: %d", a.status)
	}
}

// From a file with a slip in it to the draft, in both languages, on a phone.
func TestBrowserSurveyYAML(t *testing.T) {
	for lang, w := range map[string]struct{ wrong, title string }{"en": {"Line 5, field “questions[0].type”", "Your wishes"}, "de": {"Zeile 5, Feld „questions[0].type“", "Ihre Wünsche"}} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t, nil)
			s.setUp("en")
			path := filepath.Join(t.TempDir(), "wishes.yaml")
			if err := os.WriteFile(path, []byte(strings.Replace(plainSurvey, "type: single", "type: one", 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			b := browsertest.New(t)
			b.Allow("422")
			b.Viewport(390, 844, true)
			enter(b, s)
			browse(t, b, s, "/"+lang+"/surveys/new")
			b.Follow("a[href$='/surveys/import']")
			check(t, b, "empty")
			b.Upload("#file", path)
			b.Follow("main form.card button")
			b.WaitText("#problems", w.wrong)
			check(t, b, "with a slip")
			picture(b, "yaml-"+lang)
			b.Fill("#text", strings.Replace(b.Value("#text"), "type: one", "type: single", 1))
			b.Follow("main form.card button")
			b.WaitText("main", w.title)
			browse(t, b, s, "/"+lang+"/surveys/1/versions")
			check(t, b, "the download")
			picture(b, "yaml-versions-"+lang)
		})
	}
}
