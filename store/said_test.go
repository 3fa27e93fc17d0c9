package store

import (
	"fmt"
	"testing"
	"time"

	"goalpost"
)

// onePost is a batch with one post as some export says it.
func onePost(text, permalink string, on goalpost.Day, impressions int64) goalpost.Batch {
	r := goalpost.PostRecord{Line: 2, Account: goalpost.AccountRef{Network: goalpost.Facebook, Name: "Harbour"},
		Post: goalpost.Post{ExternalID: "p", Text: text, Permalink: permalink, PublishedOn: on}, Counts: goalpost.Counts{goalpost.Impressions: impressions}}
	if on != goalpost.NoDay {
		r.Post.PublishedAt = on.Time()
	}
	return goalpost.Batch{Posts: []goalpost.PostRecord{r}}
}

// What a newer export says of a post holds; undone, in whatever order, what the
// others say is back, and a date that changed never makes two posts out of one.
func TestUndoGoesBackToWhatOthersSay(t *testing.T) {
	march, april := goalpost.NewDay(2025, 3, 4), goalpost.NewDay(2025, 4, 3)
	batches := map[string]goalpost.Batch{
		"a": onePost("High tide", "https://example.org/1", march, 10),
		"b": onePost("High tide, edited", "", april, 20), // as if day and month were taken the wrong way round
		"c": onePost("", "", goalpost.NoDay, 30),         // a table of counts alone
		"d": onePost("Low tide", "https://example.org/4", march, 40),
	}
	hours := map[string]int{"a": 1, "b": 2, "c": 3, "d": 4}
	for _, test := range []struct {
		load, undo, want string
	}{
		{"ab", "", "High tide, edited https://example.org/1 2025-04-03 20"},
		{"ab", "b", "High tide https://example.org/1 2025-03-04 10"},
		{"ab", "a", "High tide, edited  2025-04-03 20"},
		{"ba", "", "High tide, edited https://example.org/1 2025-04-03 20"},
		{"ba", "b", "High tide https://example.org/1 2025-03-04 10"},
		{"abc", "", "High tide, edited https://example.org/1 2025-04-03 30"},
		{"abc", "b", "High tide https://example.org/1 2025-03-04 30"},
		{"abcd", "db", "High tide https://example.org/1 2025-03-04 30"},
		{"dcba", "da", "High tide, edited  2025-04-03 30"},
		{"abcd", "abcd", ""},
		{"abcdab", "abcdcd", "High tide, edited https://example.org/1 2025-04-03 20"},
	} {
		t.Run(test.load+" without "+test.undo, func(t *testing.T) {
			db := open(t, Options{})
			org := organisation(t, db)
			ids := map[rune][]goalpost.ImportID{}
			for i, name := range test.load {
				id := load(t, db, org, fmt.Sprint(string(name), i), when.Add(time.Duration(hours[string(name)])*time.Hour), batches[string(name)])
				ids[name] = append(ids[name], id)
			}
			for _, name := range test.undo {
				if len(ids[name]) == 0 {
					continue
				}
				if err := db.UndoImport(ctx, org, ids[name][0], "Ada", when); err != nil {
					t.Fatal(err)
				}
				ids[name] = ids[name][1:]
			}
			list, total, err := db.Posts(ctx, org, PostQuery{})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, p := range list {
				got += fmt.Sprint(p.Text, " ", p.Permalink, " ", p.PublishedOn, " ", p.Counts[goalpost.Impressions])
			}
			if got != test.want || total != len(list) {
				t.Errorf("\ngot:  %s (%d)\nwant: %s", got, total, test.want)
			}
			if problems, err := db.Check(ctx); err != nil || len(problems) > 0 {
				t.Errorf("the check finds %v, %v", problems, err)
			}
		})
	}
}
