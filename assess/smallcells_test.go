package assess

import (
	"context"
	"fmt"
	"testing"
	"time"

	"goalpost"
	"goalpost/store"
)

// small is a study of one wave whose respondents chose as it is said.
func small(t *testing.T, choices ...map[string]int) (view, public StudyView) {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	org, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: "O", Language: "en", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	text := goalpost.Text{"en": "?"}
	s := goalpost.Study{ID: "small", Title: text, Publisher: "O", Waves: []goalpost.Wave{{ID: "1", Sample: goalpost.SampleSelfSelected}}, References: []goalpost.Reference{{ID: "1", Wave: "1", Kind: goalpost.ReferenceCurrent}}}
	var list []goalpost.Response
	for i, of := range choices {
		code := fmt.Sprint("q", i+1)
		q := goalpost.Question{Code: code, Version: 1, Type: goalpost.SingleChoice, Wording: text}
		for _, option := range []string{"a", "b", "c"} {
			q.Options = append(q.Options, goalpost.Item{Code: option, Label: goalpost.Text{"en": option}})
			for range of[option] {
				list = append(list, goalpost.Response{Weight: 1, Choices: map[string][]string{code: {option}}})
			}
		}
		s.Questions = append(s.Questions, q)
		s.Asked = append(s.Asked, goalpost.Asked{Question: code, Version: 1, Reference: "1"})
	}
	if err := db.AddStudyVersion(ctx, org.ID, goalpost.StudyVersion{Study: s, Version: 1, At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, map[string][]goalpost.Response{"1": list}); err != nil {
		t.Fatal(err)
	}
	h, err := Study(ctx, db, org.ID, "small")
	if err != nil {
		t.Fatal(err)
	}
	if view, err = ViewStudyVersion(ctx, db, org.ID, h, h.Current()); err != nil {
		t.Fatal(err)
	}
	if public, err = ViewPublicVersion(ctx, db, org.ID, h, h.Current()); err != nil {
		t.Fatal(err)
	}
	return view, public
}

// What could tell of single people is not public: cells of one or two, the last of the
// others when one alone is hidden, and questions that fewer than ten answered.
func TestSmallCellsAreNotPublic(t *testing.T) {
	for _, c := range []struct {
		name   string
		chosen map[string]int
		want   string // options that are public
	}{
		{"large cells", map[string]int{"a": 20, "b": 10, "c": 3}, "abc"},
		{"one cell of two takes the smallest other with it", map[string]int{"a": 20, "b": 10, "c": 2}, "a"},
		{"two small cells protect each other", map[string]int{"a": 20, "b": 1, "c": 2}, "a"},
		{"nearly all tells who did not", map[string]int{"a": 20, "b": 2}, ""},
		{"nine people", map[string]int{"a": 5, "b": 4}, ""},
		{"ten people", map[string]int{"a": 4, "b": 3, "c": 3}, "abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			view, public := small(t, c.chosen)
			all, _ := view.Question("q1")
			shown, _ := public.Question("q1")
			got := ""
			for _, r := range shown.Results {
				got += r.Option
			}
			if got != c.want || public.Few != (c.want != "abc") {
				t.Errorf("\ngot:  %q, few %v\nwant: %q", got, public.Few, c.want)
			}
			if len(all.Results) != 3 || view.Few {
				t.Errorf("the team sees everything\ngot:  %d results, few %v", len(all.Results), view.Few)
			}
		})
	}
}
