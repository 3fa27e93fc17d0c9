package web

import (
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"goalpost/demo"
)

// sendFile sends a form with one file.
func (s *site) sendFile(t *testing.T, path, name, text string, fields map[string]string) answer {
	t.Helper()
	var pairs []string
	for k, v := range fields {
		pairs = append(pairs, k, v)
	}
	b, kind := s.form(map[string]string{name: text}, pairs...)
	r, err := http.NewRequest(http.MethodPost, s.base+path, b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return s.do(r)
}

func studyForm() url.Values {
	return url.Values{"id": {"trade-2026"}, "title_en": {"Trade study"}, "publisher": {"Example Institute"}, "wave": {"2026"}, "fielded_from": {"2026-09"}, "n": {"310"}, "sample_kind": {"self_selected"},
		"reference_kind": {"current"}, "wording_en": {"Which goals do you pursue?"}, "code": {"goals"}, "type": {"multiple"}, "options": {"sales\nengagement\nfun | Have fun | Spaß haben"}}
}

// A study is made by the form; figures are entered, corrected and removed, each as a new
// version with its reason.
func TestStudyByForm(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	if a := s.post("/en/studies-new", studyForm()); a.status != http.StatusSeeOther || a.header.Get("Location") != "/en/studies/trade-2026" {
		t.Fatalf("new study\ngot:  %d %s", a.status, textOf(a.body))
	}
	if a := s.post("/en/studies-new", studyForm()); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "already") {
		t.Errorf("the same id again\ngot:  %d", a.status)
	}
	figure := func(change url.Values) answer {
		form := url.Values{"question": {"goals"}, "version": {"1"}, "reference": {"2026"}, "option": {"sales"}, "printed": {"percent"}, "number": {"58,1 %"}, "base": {"310"}, "base_kind": {"stated"}, "quality": {"seen"},
			"source": {"https://example.org/r"}, "why": {"entered from the report"}}
		for k, v := range change {
			form[k] = v
		}
		return s.post("/en/studies/trade-2026/figure", form)
	}
	if a := figure(nil); a.status != http.StatusSeeOther {
		t.Fatalf("a figure\ngot:  %d %s", a.status, textOf(a.body))
	}
	if page := textOf(s.page("/en/studies/trade-2026")); !strings.Contains(page, "58.1%") || !strings.Contains(page, "52.5–63.4%") {
		t.Errorf("\ngot:  %s\nwant: 58.1%% with its interval", page)
	}
	for name, c := range map[string]struct {
		change url.Values
		want   string
	}{
		"share":     {url.Values{"number": {"158"}}, "Number as printed: “158” is no percentage"},
		"word":      {url.Values{"number": {"many"}}, "“many” is no percentage"},
		"nothing":   {url.Values{"number": {""}}, "must not be empty"},
		"base":      {url.Values{"base": {"some"}}, "“some” is no number"},
		"base kind": {url.Values{"base_kind": {"unknown"}}, "A base that is unknown has no number"},
		"quality":   {url.Values{"quality": {"rumour"}}, "“rumour” is not known here"},
		"link":      {url.Values{"source": {"javascript:alert(1)"}}, "no web address"},
		"option":    {url.Values{"option": {"gold"}}, "There is no “gold”"},
		"time":      {url.Values{"reference": {"2027"}}, "There is no “2027”"},
		"flag":      {url.Values{"flag": {"<script>"}}, "cannot be a code"},
		"why":       {url.Values{"why": {" "}, "number": {"59"}}, "Say in a few words why"},
		"answer":    {url.Values{"new_option": {"A B | x"}}, "cannot be a code"},
		"control":   {url.Values{"note_en": {"a\x00b"}}, "cannot be shown"},
	} {
		a := figure(c.change)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(textOf(a.body), c.want) {
			t.Errorf("%s\ngot:  %d %s\nwant: %s", name, a.status, textOf(a.body), c.want)
		}
		if name != "link" && !strings.Contains(a.body, `value="https://example.org/r"`) {
			t.Errorf("%s: the form forgot what was typed", name)
		}
	}
	if a := figure(url.Values{"new_option": {"calm | Stay calm | Ruhig bleiben"}, "printed": {"below"}, "number": {"20"}, "base": {""}, "base_kind": {"unknown"}}); a.status != http.StatusSeeOther {
		t.Errorf("another answer\ngot:  %d %s", a.status, textOf(a.body))
	}
	if page := s.page("/de/studies/trade-2026"); !strings.Contains(page, "Ruhig bleiben") || !strings.Contains(page, "unter 20") {
		t.Errorf("\ngot:  %s", textOf(page))
	}
	form := s.page("/en/studies/trade-2026/figure?question=goals&version=1&reference=2026&option=sales")
	if !strings.Contains(form, `value="58.1"`) || !strings.Contains(form, "Correct a figure") {
		t.Errorf("\ngot:  %s", textOf(form))
	}
	if a := figure(url.Values{"remove": {"1"}, "why": {"not in the report"}}); a.status != http.StatusSeeOther {
		t.Errorf("remove\ngot:  %d", a.status)
	}
	page := textOf(s.page("/en/studies/trade-2026"))
	if !strings.Contains(page, "was 58.1%, is not there any more") || !strings.Contains(page, "not in the report") {
		t.Errorf("\ngot:  %s", page)
	}
	if old := textOf(s.page("/en/studies/trade-2026?version=2")); !strings.Contains(old, "58.1%") {
		t.Errorf("an old version\ngot:  %s", old)
	}
}

// A wave, another time and another version of a question come by forms of their own.
func TestStudyParts(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.post("/en/studies-new", studyForm())
	wave := url.Values{"wave": {"2027"}, "n": {"200"}, "sample_kind": {"panel"}, "reference_kind": {"current"}, "why": {"the next wave"}}
	for _, c := range []struct {
		path   string
		change url.Values
		status int
		want   string
	}{
		{"wave", nil, 303, ""},
		{"wave", nil, 422, "“2027” is there twice"},
		{"wave", url.Values{"reference_kind": {"expected"}}, 303, ""},
		{"wave", url.Values{"wave": {"2028"}, "n": {"x"}}, 422, "How many took part: “x” is no number"},
		{"wave", url.Values{"wave": {"2028"}, "fielded_from": {"autumn"}}, 422, "Asked from: “autumn” is no date"},
		{"wave", url.Values{"wave": {"2028"}, "why": {""}}, 422, "Say in a few words why"},
		{"question", url.Values{"wording_en": {"Main goal?"}, "code": {"goals"}, "type": {"single"}, "options": {"sales\nengagement"}}, 303, ""},
		{"question", url.Values{"wording_en": {""}, "code": {"other"}, "type": {"single"}, "options": {"a"}}, 422, "must not be empty"},
		{"question", url.Values{"wording_en": {"What?"}, "type": {"single"}, "options": {"a | A\na | B"}}, 422, "Answers: “a” is there twice"},
	} {
		form := url.Values{}
		for k, v := range wave {
			form[k] = v
		}
		for k, v := range c.change {
			form[k] = v
		}
		if a := s.post("/en/studies/trade-2026/"+c.path+"/new", form); a.status != c.status || !strings.Contains(textOf(a.body), c.want) {
			t.Errorf("%s %v\ngot:  %d %s\nwant: %d %s", c.path, c.change, a.status, textOf(a.body), c.status, c.want)
		}
	}
	h, err := s.server.DB.StudyVersions(t.Context(), 1, "trade-2026")
	if err != nil || len(h) != 4 {
		t.Fatalf("\ngot:  %d versions, %v\nwant: 4", len(h), err)
	}
	last := h[3].Study
	if len(last.References) != 3 || last.References[2].ID != "2027 expected" || len(last.Waves) != 2 || last.Questions[1].Version != 2 {
		t.Errorf("\ngot:  %+v", last)
	}
}

// A file of figures is kept, corrected with a reason, and refused with line and field.
func TestStudyFile(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	table := s.page("/en/studies-template.csv")
	if a := s.sendFile(t, "/en/studies-file", "study.csv", table, nil); a.status != http.StatusSeeOther {
		t.Fatalf("the template\ngot:  %d %s", a.status, textOf(a.body))
	}
	changed := strings.Replace(table, ",58.3,", ",62.5,", 1)
	if a := s.sendFile(t, "/en/studies-file", "study.csv", changed, nil); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "differs") {
		t.Errorf("a correction without a reason\ngot:  %d", a.status)
	}
	if a := s.sendFile(t, "/en/studies-file", "study.csv", changed, map[string]string{"why": "misprint"}); a.status != http.StatusSeeOther {
		t.Errorf("a correction\ngot:  %d", a.status)
	}
	if a := s.sendFile(t, "/en/studies-file", "study.csv", strings.Replace(table, ",58.3,", ",583,", 1), map[string]string{"why": "my reason"}); a.status != http.StatusUnprocessableEntity ||
		!strings.Contains(textOf(a.body), "study.csv, line 2, field “percent”") || !strings.Contains(a.body, "my reason") {
		t.Errorf("a wrong figure\ngot:  %d %s", a.status, textOf(a.body))
	}
	if a := s.sendFile(t, "/en/studies-file", "study.json", s.page("/en/studies-template.json"), map[string]string{"why": "back"}); a.status != http.StatusSeeOther {
		t.Errorf("JSON\ngot:  %d %s", a.status, textOf(a.body))
	}
	if a := s.sendFile(t, "/en/studies-file", "study.json", strings.Repeat(" ", maxFigureFile+10), nil); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "too large") {
		t.Errorf("too large\ngot:  %d", a.status)
	}
	if left, err := os.ReadDir(filepath.Join(s.server.DataDir, "wave", "upload")); err != nil || len(left) > 0 {
		t.Errorf("%d files stay behind, %v", len(left), err)
	}
}

var (
	aSelect   = regexp.MustCompile(`(?s)<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>`)
	aTextarea = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>`)
	anInput   = regexp.MustCompile(`<input [^>]*name="([^"]+)"[^>]*>`)
	aValue    = regexp.MustCompile(`value="([^"]*)"`)
)

// untouched reads a form as a browser would send it unchanged.
func untouched(t *testing.T, page string) url.Values {
	t.Helper()
	_, page, _ = strings.Cut(page, "<main")
	form := url.Values{}
	for _, m := range aSelect.FindAllStringSubmatch(page, -1) {
		v := regexp.MustCompile(`value="([^"]*)" selected`).FindStringSubmatch(m[2])
		if v == nil {
			v = aValue.FindStringSubmatch(m[2])
		}
		form.Set(m[1], html.UnescapeString(v[1]))
	}
	for _, m := range aTextarea.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range anInput.FindAllStringSubmatch(page, -1) {
		if strings.Contains(m[0], `type="checkbox"`) && !strings.Contains(m[0], " checked") {
			continue
		}
		if v := aValue.FindStringSubmatch(m[0]); v != nil {
			form.Set(m[1], html.UnescapeString(v[1]))
		}
	}
	if len(form) < 20 {
		t.Fatalf("only %d fields found", len(form))
	}
	return form
}

// loadWave sends a table of respondents, changes the proposed map and keeps the wave.
func (s *site) loadWave(t *testing.T, study, name, table string, change url.Values) answer {
	t.Helper()
	a := s.sendFile(t, "/en/studies-wave", name, table, map[string]string{"study": study})
	if a.status != http.StatusSeeOther {
		t.Fatalf("upload of %s: %d %s", name, a.status, textOf(a.body))
	}
	to := a.header.Get("Location")
	form := untouched(t, s.page(to))
	for k, v := range change {
		form[k] = v
	}
	if a = s.post(to, form); a.status != http.StatusSeeOther {
		return a
	}
	return s.get(a.header.Get("Location"))
}

// Three waves of respondents go in on the page. The report says what changed, what is
// only mix and what cannot be compared; a corrected wave leaves the permanent link of the
// old one as it was; nothing but the confirmed columns stays.
func TestWavesOnThePage(t *testing.T) {
	for _, n := range []int{181, 5000} {
		s := newSite(t, nil)
		s.setUp("en")
		dir := t.TempDir()
		truth, err := demo.WriteStudy(dir, 11, n)
		if err != nil {
			t.Fatal(err)
		}
		read := func(i int) string {
			b, err := os.ReadFile(filepath.Join(dir, truth.Tables[i]))
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		for i, table := range truth.Tables {
			study, change := "trade", url.Values{"wave": {truth.Waves[i]}, "goals": {"goal"}, "metrics": {"metrics"}, "measures": {"sales = revenue"}}
			if i == 0 {
				study = ""
				change["id"], change["title_en"] = []string{"trade"}, []string{"Our trade"}
			}
			if i == 2 {
				change["column_options-6"], change["question_version-6"] = []string{"followers\ninteractions\nrevenue\nsentiment | Sentiment | Stimmung"}, []string{"2"}
			}
			if a := s.loadWave(t, study, table, read(i), change); a.status != 200 || !strings.Contains(textOf(a.body), "Every row and every answer could be read") {
				t.Fatalf("wave %d: %d %s", i, a.status, textOf(a.body))
			}
		}
		page := textOf(s.page("/en/studies/trade"))
		for _, want := range []string{"With the same mix of respondents", "The list of answers changed", "measure it by none of their metrics", "more than chance alone explains"} {
			if !strings.Contains(page, want) {
				t.Errorf("n = %d, no %q in\n%s", n, want, page)
			}
		}
		s.publish(t, "trade", "trade")
		before := s.strangerGets("/en/r/trade/3").body
		half := strings.Join(strings.SplitAfter(read(2), "\n")[:n/2], "")
		change := url.Values{"wave": {"2026"}, "column_options-6": {"followers\ninteractions\nrevenue\nsentiment | Sentiment | Stimmung"}, "question_version-6": {"2"}}
		if a := s.loadWave(t, "trade", "half.csv", half, change); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Say why its answers are replaced") {
			t.Errorf("the same wave again\ngot:  %d %s", a.status, textOf(a.body))
		}
		change["why"] = []string{"half of them were not from the trade"}
		if a := s.loadWave(t, "trade", "half.csv", half, change); a.status != 200 {
			t.Errorf("the same wave again, with a reason\ngot:  %d %s", a.status, textOf(a.body))
		}
		after := s.strangerGets("/en/r/trade/3").body
		figures := func(page string) string {
			_, page, _ = strings.Cut(page, `<section class="card">`)
			page, _, _ = strings.Cut(page, `id="versions"`)
			return textOf(page)
		}
		if a, b := figures(before), strings.TrimSuffix(figures(after), " <h3"); len(a) < 1000 || strings.TrimSuffix(a, " <h3") != b {
			t.Errorf("n = %d, the permanent link changed\nbefore: %s\nafter:  %s", n, a, b)
		}
		if now := textOf(s.strangerGets("/en/r/trade").body); !strings.Contains(now, "half of them were not from the trade") || !strings.Contains(now, "What is said of the wave 2026 changed") {
			t.Errorf("the correction is not shown:\n%s", now)
		}
		file, err := os.ReadFile(filepath.Join(s.server.DataDir, "goalpost.db"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(file), "@example.org") {
			t.Error("a column that was left out is kept")
		}
	}
}

// What is wrong with a map is said with its column; what was typed stays. Another
// organisation sees nothing of the table, and a discarded file is gone.
func TestWaveMapRefused(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	table := "mail,weight,Role,Goals [Sales],Goals [Brand]\na@example.org,1,Boss,x,\nb@example.org,heavy,Staff,,x\nc@example.org,2,Boss,x,maybe\n"
	a := s.sendFile(t, "/en/studies-wave", "t.csv", table, nil)
	to := a.header.Get("Location")
	form := untouched(t, s.page(to))
	form.Set("title_en", "Mine")
	for name, c := range map[string]struct {
		field, value, want string
	}{
		"no id":        {"id", "", "Id: “” cannot be the id"},
		"code":         {"question-2", "A B", "“A B” cannot be a code"},
		"option twice": {"column_options-2", "a | A\na | B", "“a” is there twice"},
		"date":         {"fielded_from", "now", "Asked from"},
		"wave":         {"wave", "", "Name of the wave"},
	} {
		f := url.Values{}
		for k, v := range form {
			f[k] = v
		}
		f.Set("id", "mine")
		f.Set(c.field, c.value)
		a := s.post(to, f)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(textOf(a.body), c.want) || !strings.Contains(a.body, `value="Mine"`) {
			t.Errorf("%s\ngot:  %d %s\nwant: %s", name, a.status, textOf(a.body), c.want)
		}
	}
	s.secondOrganisation(t)
	mine := s.client
	s.loginAs(t, "eve")
	for _, a := range []answer{s.get(to), s.post(to, form), s.post(to+"/discard", nil)} {
		if a.status != http.StatusNotFound {
			t.Errorf("another organisation\ngot:  %d", a.status)
		}
	}
	s.client = mine
	if a := s.post(to+"/discard", nil); a.status != http.StatusSeeOther {
		t.Errorf("discard: %d", a.status)
	}
	if a := s.get(to); a.status != http.StatusNotFound {
		t.Errorf("a discarded file\ngot:  %d", a.status)
	}
	if left, err := os.ReadDir(filepath.Join(s.server.DataDir, "wave", "upload")); err != nil || len(left) > 0 {
		t.Errorf("%d files stay behind, %v", len(left), err)
	}
	for name, text := range map[string]string{"empty.csv": "", "head.csv": "a,b\n", "x.csv": "\x00\x01\x02"} {
		if a := s.sendFile(t, "/en/studies-wave", name, text, nil); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s\ngot:  %d", name, a.status)
		}
	}
}
