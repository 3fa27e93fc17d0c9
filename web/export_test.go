package web

import (
	"encoding/csv"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"goalpost"
	"goalpost/gptest/need"
)

var (
	selects  = regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>`)
	selected = regexp.MustCompile(`<option value="([^"]*)"( selected)?`)
	inputs   = regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]*>`)
	values   = regexp.MustCompile(` value="([^"]*)"`)
)

// filled is a form as a person sends it who accepts what is proposed; what is empty
// gets an answer.
func filled(page string) url.Values {
	main := page[strings.Index(page, "<main"):]
	form := url.Values{}
	for _, m := range selects.FindAllStringSubmatch(main, -1) {
		for i, o := range selected.FindAllStringSubmatch(m[2], -1) {
			if i == 0 || o[2] != "" || form.Get(m[1]) == "" { // what must be chosen has no value yet
				form.Set(m[1], html.UnescapeString(o[1]))
			}
		}
	}
	for _, m := range inputs.FindAllStringSubmatch(main, -1) {
		value := ""
		if v := values.FindStringSubmatch(m[0]); v != nil {
			value = html.UnescapeString(v[1])
		}
		switch {
		case value != "" || strings.HasPrefix(m[1], "metric-"):
		case m[1] == "observed_at":
			value = "2026-03-01"
		default:
			value = "Musterwerk"
		}
		form.Set(m[1], value)
	}
	return form
}

// take sends a file and answers what is asked, as proposed. It returns the report's
// address, or an empty one and what the page says.
func (s *site) take(name, text string) (report, said string) {
	s.t.Helper()
	at := s.upload("en", map[string]string{name: text}).header.Get("Location")
	if strings.HasPrefix(at, "/en/import/file/") {
		a := s.post(at, filled(s.page(at)))
		if a.status == 422 { // what was confirmed raises another question
			if a = s.post(at, filled(a.body)); a.status == 422 {
				return "", textOf(a.body)
			}
		}
		at = a.header.Get("Location")
	}
	for range 3000 {
		a := s.get(at)
		if a.status == 303 {
			return strings.TrimSuffix(a.header.Get("Location"), "?known=1"), ""
		}
		if a.status != 200 || !strings.Contains(a.body, "data-follow") {
			return "", textOf(a.body)
		}
	}
	return "", "the import does not end"
}

// Every real export goes through the page: what Goalpost reads gives the counted
// number of rows, what it does not read gives a sentence, and nothing an error.
func TestRealExports(t *testing.T) {
	data := filepath.Join(need.Shared(t), "data")
	f, err := os.Open(filepath.Join(data, "MANIFEST.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	s.setUp("en")
	const path, dialect, kept, expect = 0, 1, 4, 12
	counted := regexp.MustCompile(`^(meta-(content|daily)|x-|twitter)`)
	read := 0
	for _, row := range rows[1:] {
		text, err := os.ReadFile(filepath.Join(data, row[path]))
		if err != nil {
			t.Errorf("%s: %v", row[path], err)
			continue
		}
		report, said := s.take(filepath.Base(row[path]), string(text))
		t.Logf("%s: %s %.300s", row[path], report, said)
		if report == "" && said == "" || strings.Contains(said, "did not work") {
			t.Errorf("%s: %s", row[path], said)
		}
		if !counted.MatchString(row[dialect]) || row[expect] == "refuse" {
			continue
		}
		if report == "" {
			t.Errorf("%s is not imported: %s", row[path], said)
			continue
		}
		read++
		r := decode[goalpost.Report](t, s.page(report+"/report.json")).Files[0]
		if want, err := strconv.Atoi(row[kept]); err != nil || r.Kept != want {
			t.Errorf("%s\ngot:  %d rows kept\nwant: %s", row[path], r.Kept, row[kept])
		}
	}
	if read < 10 {
		t.Errorf("only %d exports were counted: this test shows too little", read)
	}
	for _, page := range []string{"/en/goals", "/de/goals", "/en/posts", "/de/posts?sort=-engagement_rate_by_reach", "/en/import", "/de/import", "/en/goals/new?kind=engagement", "/en/posts.csv"} {
		s.page(page)
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}
