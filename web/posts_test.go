package web

import (
	"net/url"
	"slices"
	"testing"

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
