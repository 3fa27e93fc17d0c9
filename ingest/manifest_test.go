package ingest

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/gptest/need"
)

// columnMaps are how a person would map the tables of the shared data that no dialect
// claims; the totals are those of an independent count.
var columnMaps = map[string]string{
	"custom-daily": `{"kind":"series","columns":[{"column":"Date","as":"date"},{"column":"Total_Reach","as":"reach"},{"column":"Impressions","as":"impressions"},{"column":"Page engagement","as":"engagements"},
		{"column":"Amount spent (UAH)","as":"spend","currency":"UAH"},{"column":"Sessions","as":"sessions"},{"column":"Total users","as":"users"},{"column":"New users","as":"new_users"},
		{"column":"Returning users","as":"returning_users"},{"column":"Total events","as":"events"},{"column":"Follows","as":"follows"}]}`,
	"custom-sales-weekly-robyn": `{"kind":"series","columns":[{"column":"DATE","as":"date"},{"column":"revenue","as":"revenue"},{"column":"facebook_I","as":"impressions","network":"facebook"},{"column":"facebook_S","as":"spend"}]}`,
	"custom-sales-weekly-mmm":   `{"kind":"series","columns":[{"column":"wk_strt_dt","as":"date"},{"column":"sales","as":"revenue"},{"column":"mdip_so","as":"impressions"},{"column":"mdsp_so","as":"spend"}]}`,
}

// Published values: every real export of this version's dialects gives the rows and
// totals that were counted twice without this program.
func TestManifest(t *testing.T) {
	root := filepath.Join(need.Shared(t), "data")
	f, err := os.Open(filepath.Join(root, "MANIFEST.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, h := range rows[0] {
		column[h] = i
	}
	ours := regexp.MustCompile(`^(meta-(content|daily|audience)|x-|twitter|custom|notes|header|data-dictionary)`)
	checked := 0
	for _, row := range rows[1:] {
		get := func(name string) string { return row[column[name]] }
		if !ours.MatchString(get("dialect")) {
			continue
		}
		checked++
		t.Run(get("path"), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(root, get("path")))
			if err != nil {
				t.Fatal(err)
			}
			o := Options{Answers: answers(t, get("flags_value"))}
			for prefix, m := range columnMaps {
				path := get("path")
				if strings.HasPrefix(prefix, strings.TrimSuffix(get("dialect"), "-xlsx")) && (strings.HasSuffix(prefix, "daily") || strings.Contains(path, strings.Split(prefix, "-")[len(strings.Split(prefix, "-"))-1])) {
					if o.Map, err = ParseMap([]byte(m)); err != nil {
						t.Fatal(err)
					}
					if o.Answers.Account == "" {
						o.Answers.Account, o.Answers.Network = "x", goalpost.Facebook
					}
				}
			}
			r := read(filepath.Base(get("path")), data, o)
			if get("expect") == "refuse" {
				if r.key() == "" || !strings.HasPrefix(r.key(), "error.import.") {
					t.Errorf("not refused: %+v", r.report)
				}
				return
			}
			if r.err != nil {
				t.Fatal(r.err)
			}
			compare(t, r.report, get)
		})
	}
	if checked < 38 {
		t.Errorf("only %d files were checked", checked)
	}
}

func answers(t *testing.T, flags string) goalpost.Answers {
	t.Helper()
	var a goalpost.Answers
	words := strings.Fields(flags)
	for i := 0; i+1 < len(words); i += 2 {
		switch v := words[i+1]; words[i] {
		case "--account":
			a.Account = v
		case "--network":
			a.Network = goalpost.Network(v)
		case "--time-zone":
			a.TimeZone = v
		case "--currency":
			a.Currency = v
		case "--observed-at":
			at, err := time.Parse(time.DateOnly, v)
			if err != nil {
				t.Fatal(err)
			}
			a.ObservedAt = at
		}
	}
	return a
}

func compare(t *testing.T, r goalpost.FileReport, get func(string) string) {
	t.Helper()
	number := func(name string) int {
		n, err := strconv.Atoi(get(name))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if get("not_compared") == "" && (r.Rows != number("rows_in_file") || r.Kept != number("rows_kept") || r.Reported != number("rows_reported")) {
		t.Errorf("\ngot:  %d rows, %d kept, %d reported\nwant: %s, %s, %s", r.Rows, r.Kept, r.Reported, get("rows_in_file"), get("rows_kept"), get("rows_reported"))
	}
	if r.Kept == 0 || r.FirstDate != get("first_date") || r.LastDate != get("last_date") {
		t.Errorf("\ngot:  %d kept, %s to %s\nwant: %s to %s", r.Kept, r.FirstDate, r.LastDate, get("first_date"), get("last_date"))
	}
	var totals map[string]any
	if err := json.Unmarshal([]byte(get("totals")), &totals); err != nil {
		t.Fatal(err)
	}
	for m, v := range totals {
		var accepted []float64
		switch v := v.(type) {
		case float64:
			accepted = []float64{v}
		case []any:
			for _, x := range v {
				if f, ok := x.(float64); ok {
					accepted = append(accepted, f)
				}
			}
		default:
			continue // a detail for people
		}
		if m == "reposts" { // our shares; the share menu has a name of its own
			continue
		}
		got := r.Totals[goalpost.Metric(m)]
		if !slices.ContainsFunc(accepted, func(w float64) bool { return math.Abs(got-w) <= max(1e-6, 1e-10*math.Abs(w)) }) {
			t.Errorf("%s\ngot:  %.10g\nwant: %v", m, got, accepted)
		}
	}
}
