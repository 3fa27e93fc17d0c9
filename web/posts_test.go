package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
)

// An address says what is listed; rubbish is left out, and what is usual is not written.
func TestPostView(t *testing.T) {
	for _, c := range []struct {
		in   string
		want postView
		out  string
	}{
		{"", postView{sort: "published", descending: true, page: 1}, ""},
		{"q=+tips+&network=facebook&sort=-reach&page=3", postView{search: "tips", network: "facebook", sort: "reach", descending: true, page: 3}, "network=facebook&page=3&q=tips&sort=-reach"},
		{"sort=published", postView{sort: "published", page: 1}, "sort=published"},
		{"sort=engagement_rate_by_reach", postView{sort: "engagement_rate_by_reach", page: 1}, "sort=engagement_rate_by_reach"},
		{"sort=password&network=fediverse&page=-1", postView{sort: "published", descending: true, page: 1}, ""},
		{"page=99999999999999999999", postView{sort: "published", descending: true, page: 1}, ""},
	} {
		q, err := url.ParseQuery(c.in)
		if err != nil {
			t.Fatal(err)
		}
		got := readPosts(q)
		if got != c.want {
			t.Errorf("%s\ngot:  %+v\nwant: %+v", c.in, got, c.want)
		}
		if out := got.query().Encode(); out != c.out {
			t.Errorf("%s\ngot:  %s\nwant: %s", c.in, out, c.out)
		}
	}
}

// Only columns that some post has are shown, and only rates whose parts are there.
func TestPostColumns(t *testing.T) {
	for _, c := range []struct{ measured, want []string }{
		{nil, nil},
		{[]string{"reach", "likes"}, []string{"reach"}},
		{[]string{"reach", "engagements"}, []string{"reach", "engagements", "engagement_rate_by_reach"}},
		{[]string{"views", "engagements"}, []string{"views", "engagements", "engagement_rate_by_views"}},
		{[]string{"views", "reach", "engagements"}, []string{"views", "reach", "engagements", "engagement_rate_by_reach"}},
		{[]string{"impressions", "engagements"}, []string{"impressions", "engagements", "engagement_rate_by_impressions"}},
	} {
		var measured []goalpost.Metric
		for _, m := range c.measured {
			measured = append(measured, goalpost.Metric(m))
		}
		if got := postColumns(measured); !slices.Equal(got, c.want) {
			t.Errorf("%v\ngot:  %v\nwant: %v", c.measured, got, c.want)
		}
	}
}

// A rate of a post needs both parts; not measured is not zero.
func TestRateOf(t *testing.T) {
	k, _ := goalpost.KPIByCode("engagement_rate_by_reach")
	for _, c := range []struct {
		counts goalpost.Counts
		want   float64
		ok     bool
	}{
		{goalpost.Counts{"engagements": 5, "reach": 100}, 0.05, true},
		{goalpost.Counts{"engagements": 0, "reach": 100}, 0, true},
		{goalpost.Counts{"reach": 100}, 0, false},
		{goalpost.Counts{"engagements": 5}, 0, false},
		{goalpost.Counts{"engagements": 5, "reach": 0}, 0, false},
	} {
		if got, ok := rateOf(k, c.counts); got != c.want || ok != c.ok {
			t.Errorf("%v\ngot:  %v %v\nwant: %v %v", c.counts, got, ok, c.want, c.ok)
		}
	}
}

// A link of a file is shown only if it leads to the web.
func TestWebLink(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://www.facebook.com/x/posts/1", "https://www.facebook.com/x/posts/1"},
		{"javascript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"/en/logout", ""},
		{"//evil.example", ""},
		{"", ""},
		{"https://", ""},
		{"ht tp://x", ""},
	} {
		if got := webLink(c.in); got != c.want {
			t.Errorf("webLink(%q)\ngot:  %q\nwant: %q", c.in, got, c.want)
		}
	}
}

// addPosts stores 120 posts of two networks; the first is hostile, the second has
// no reach.
func (s *site) addPosts(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	db := s.server.DB
	id, err := db.BeginImport(ctx, firstOrg, goalpost.Import{State: goalpost.ImportLoading, File: "posts.csv", SHA256: "1", StartedAt: testNow, By: "anna"})
	if err != nil {
		t.Fatal(err)
	}
	var b goalpost.Batch
	for i := range 120 {
		r := goalpost.PostRecord{Line: i + 2, Account: goalpost.AccountRef{Network: goalpost.Facebook, Name: "Musterwerk"},
			Post: goalpost.Post{ExternalID: fmt.Sprint("p", i), Text: fmt.Sprintf("Tip number %d", i), Permalink: fmt.Sprintf("https://www.facebook.com/p/%d", i),
				PublishedAt: testNow.AddDate(0, 0, -i), PublishedOn: goalpost.DayOf(testNow, time.UTC) - goalpost.Day(i)},
			Counts: goalpost.Counts{goalpost.Reach: int64(1000 + i), goalpost.Engagements: int64(10 + i)}}
		switch i {
		case 0:
			r.Post.Text, r.Post.Permalink = "=HYPERLINK(1) <script>alert(1)</script>", "javascript:alert(1)"
		case 1:
			delete(r.Counts, goalpost.Reach)
		}
		if i%3 == 0 {
			r.Account.Network = goalpost.LinkedIn
		}
		b.Posts = append(b.Posts, r)
	}
	if _, err := db.AppendBatch(ctx, firstOrg, id, b, testNow); err != nil {
		t.Fatal(err)
	}
	if err := db.FinishImport(ctx, firstOrg, id, goalpost.FileReport{File: "posts.csv", Import: id, Rows: 120, Kept: 120}, testNow); err != nil {
		t.Fatal(err)
	}
}

// The list of posts: pages, search, network, order, and what a file may not do.
func TestPosts(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.addPosts(t)
	for _, c := range []struct {
		path            string
		present, absent []string
	}{
		{"/en/posts", []string{"120 of 120 posts", "&lt;script&gt;", `aria-sort="descending"`, "15 March 2026", "page=2", "Engagements / Reach"}, []string{"<script>alert", "javascript:", "Tip number 60", "previous"}},
		{"/de/posts?page=2", []string{"120 von 120 Beiträgen", "Tip number 60", "page=3", "Vorige Seite"}, []string{"Tip number 5<", "Nothing"}},
		{"/en/posts?page=3", []string{"Tip number 119"}, []string{"page=4"}},
		{"/en/posts?q=number+7", []string{"11 of 120 posts", "Tip number 77"}, []string{"Tip number 8<"}},
		{"/en/posts?network=linkedin", []string{"40 of 120 posts"}, nil},
		{"/en/posts?network=tiktok", []string{"No post fits the search", "Show all posts"}, []string{"No posts yet"}},
		{"/en/posts?sort=reach", []string{`aria-sort="ascending"`, "1,000"}, nil},
		{"/en/posts?q=number+1&sort=-engagement_rate_by_reach", []string{"–"}, []string{"NaN", "Inf"}},
		{"/en/posts?q=%22%3E%3Cscript%3E", []string{"0 of 120 posts"}, []string{`"><script>`}},
	} {
		body := s.page(c.path)
		for _, want := range c.present {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is missing in\n%s", c.path, want, textOf(body))
			}
		}
		for _, no := range c.absent {
			if strings.Contains(body, no) {
				t.Errorf("%s: %q must not be there", c.path, no)
			}
		}
	}
	csv := s.page("/en/posts.csv?network=linkedin")
	if n := strings.Count(csv, "\n"); n != 41 {
		t.Errorf("the download has %d lines, want 41", n)
	}
	if !strings.Contains(csv, `'=HYPERLINK(1)`) || strings.Contains(csv, ",=HYPERLINK") || strings.Contains(csv, `"=HYPERLINK`) {
		t.Errorf("formulas must be escaped:\n%.300s", csv)
	}
}
