package web

import (
	"archive/zip"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"goalpost/gptest/need"
)

// The files for statistics programs hold what the others hold, with labels in the language
// of the page, and are the same from the API.
func TestSurveyDatasets(t *testing.T) {
	s, a := readingSite(t)
	s.answered(t, a, 40, `{"why":{"choices":["else"],"text":"Möwen 🐕 & <b>"},"tone":{"choices":["dk"]},"more":{"text":"=1+1"}}`, true)
	file := func(lang, kind, name, media string) string {
		got := s.get("/" + lang + "/surveys/1/answers." + kind)
		if got.status != 200 || got.header.Get("Content-Disposition") != `attachment; filename="`+name+`"` || got.header.Get("Content-Type") != media || got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", kind, got.status, got.header)
		}
		contains(t, kind, got.body, nil, []string{"network-hash", "resume-secret", "dataset."})
		return got.body
	}
	contains(t, "page", s.page("/de/surveys/1/answers"), []string{`href="/de/surveys/1/answers.sav"`, `href="/de/surveys/1/answers.sss"`, `href="/de/surveys/1/answers.ddi"`}, nil)
	ddi := file("de", "ddi", "wishes.ddi.xml", "application/xml")
	contains(t, "ddi", ddi, []string{"<fileName>wishes.sav</fileName>", "<caseQnty>31</caseQnty>", ">nicht gefragt<", "multipleResp"}, []string{"not asked"})
	contains(t, "ddi", file("en", "ddi", "wishes.ddi.xml", "application/xml"), []string{">not asked<"}, nil)

	packed := file("en", "sss", "wishes.sss.zip", "application/zip")
	archive, err := zip.NewReader(strings.NewReader(packed), int64(len(packed)))
	if err != nil || len(archive.File) != 2 || archive.File[0].Name != "wishes.sss" || archive.File[1].Name != "wishes.csv" {
		t.Fatalf("%v %v", err, archive)
	}
	in, err := archive.File[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(in); err != nil || strings.Count(string(data), "\n") != 32 || !strings.Contains(string(data), "M\xf6wen &#128021; & <b>") {
		t.Errorf("%v %s", err, data)
	}

	sav := file("de", "sav", "wishes.sav", "application/x-spss-sav")
	rows := s.readStat(t, sav)
	last := rows[len(rows)-1]
	if len(rows) != 32 {
		t.Errorf("%d rows", len(rows))
	}
	for name, want := range map[string]string{"why": "3.000000", "why.else.text": "Möwen 🐕 & <b>", "tone": "993.000000", "more": "=1+1", "more.answered": "1.000000", "nps": "992.000000", "state": "2.000000"} {
		if got := last[indexOf(rows[0], name)]; got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
}

// readStat reads a system file with another program.
func (s *site) readStat(t *testing.T, content string) [][]string {
	t.Helper()
	program := need.Program(t, "readstat")
	from, to := filepath.Join(t.TempDir(), "x.sav"), filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(from, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), program, from, to).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	b, err := os.ReadFile(to) //nolint:gosec // our own
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestAPIDataset(t *testing.T) {
	s, _, viewerToken, _ := apiSite(t)
	for query, want := range map[string]string{"": "application/x-spss-sav", "?format=sav": "application/x-spss-sav", "?format=sss": "application/zip", "?format=ddi": "application/xml"} {
		a := s.callAPI("GET", "/surveys/1/dataset"+query, viewerToken, "")
		if a.status != 200 || a.header.Get("Content-Type") != want || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment; filename=wishes.") || a.body == "" {
			t.Errorf("%s: %d %v", query, a.status, a.header)
		}
	}
	if a := s.callAPI("GET", "/surveys/1/dataset?format=xls", viewerToken, ""); a.status != 422 || !strings.Contains(a.body, "format") {
		t.Errorf("another format: %d %s", a.status, a.body)
	}
	if a := s.callAPI("GET", "/surveys/99/dataset", viewerToken, ""); a.status != 404 {
		t.Errorf("another survey: %d", a.status)
	}
}
