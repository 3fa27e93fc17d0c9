package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"goalpost"
)

// written is a file with its bytes.
type written struct {
	File
	data []byte
}

// csvOf writes rows with encoding/csv, which quotes what needs it.
func csvOf(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(rows) // a bytes.Buffer takes everything
	return b.Bytes()
}

// files are all files of the company in the order in which a team would have
// exported them: the older exports first.
func (w *world) files() []written {
	older, newer := w.Today-60, w.Today
	list := []written{
		w.facebookContent(goalpost.Period{Start: w.Period.Start, End: older}),
		w.instagramContent(goalpost.Period{Start: w.Period.Start, End: older}),
		w.facebookContent(goalpost.Period{Start: older - 30, End: newer}),
		w.instagramContent(goalpost.Period{Start: older - 30, End: newer}),
		w.metaDaily("Reach.csv", "reach", func(d day, n goalpost.Network) float64 { return d.reach[n] }),
		w.metaDaily("Follows.csv", "follows", func(d day, n goalpost.Network) float64 { return d.follows[n] }),
		w.xOverview(),
		w.xContent(),
		w.linkedInPosts(),
		w.followers(),
		w.sales(),
		w.web(),
		w.activities(),
	}
	for i := range list {
		if list[i].Answers.ObservedAt.IsZero() {
			list[i].Answers.ObservedAt = w.morningOf(w.Today)
		}
	}
	return list
}

// morningOf is when a day's exports are made: right after midnight, so that the day
// before is complete and no clock of that day is behind it.
func (w *world) morningOf(d goalpost.Day) time.Time {
	return d.Start(w.zone).Add(10 * time.Minute).UTC()
}

// linkedInPosts is a table with the canonical headers: what a team writes down by
// hand where there is no export that we read.
func (w *world) linkedInPosts() written {
	rows := [][]string{{"id", "date", "text", "permalink", "kind", "network", "account", "impressions", "likes", "comments", "shares", "clicks"}}
	seen := w.morningOf(w.Today)
	for _, p := range w.posts[goalpost.LinkedIn] {
		c := p.countedBy(seen)
		rows = append(rows, []string{p.id, goalpost.DayOf(p.at, w.zone).String(), p.text, p.permalink, p.kind, "linkedin", w.Name,
			count(c, goalpost.Impressions), count(c, goalpost.Likes), count(c, goalpost.Comments), count(c, goalpost.Shares), count(c, goalpost.LinkClicks)})
	}
	return written{File: File{Name: "linkedin-posts.csv"}, data: csvOf(rows)}
}

// followers is what somebody noted every morning, for the networks whose exports
// do not give it. Nobody noted anything on some days.
func (w *world) followers() written {
	rows := [][]string{{"date", "network", "account", "followers"}}
	for i, d := range w.days {
		if i%29 == 12 {
			continue // forgotten: missing, not zero
		}
		date := (w.Period.Start + goalpost.Day(i)).String()
		for _, n := range []goalpost.Network{goalpost.Facebook, goalpost.Instagram, goalpost.LinkedIn} {
			rows = append(rows, []string{date, string(n), w.Name, strconv.Itoa(int(d.followers[n]))})
		}
	}
	return written{File: File{Name: "followers.csv"}, data: csvOf(rows)}
}

// sales is what the shop's system gives: a row per day, region and product.
func (w *world) sales() written {
	rows := [][]string{{"date", "orders", "revenue", "region", "product"}}
	for i, d := range w.days {
		date := (w.Period.Start + goalpost.Day(i)).String()
		for _, r := range regions {
			for _, p := range products {
				if _, sold := d.orders[cell{r, p}]; !sold {
					continue
				}
				rows = append(rows, []string{date, strconv.Itoa(d.orders[cell{r, p}]), money(d.revenue[cell{r, p}]), r, p})
			}
		}
	}
	return written{File: File{Name: "sales.csv", Answers: goalpost.Answers{Currency: w.Currency}}, data: csvOf(rows)}
}

// web is what web analytics gives. It lost the days of Outage.
func (w *world) web() written {
	rows := [][]string{{"date", "sessions", "sessions_social", "leads"}}
	for i, d := range w.days {
		on := w.Period.Start + goalpost.Day(i)
		if w.Outage.Contains(on) {
			continue
		}
		rows = append(rows, []string{on.String(), strconv.Itoa(d.sessions), strconv.Itoa(d.social), strconv.Itoa(d.leads)})
	}
	return written{File: File{Name: "web.csv"}, data: csvOf(rows)}
}

// activities is what the team did.
func (w *world) activities() written {
	rows := [][]string{{"name", "from", "until", "network", "region", "cost"}}
	for _, e := range w.Effects {
		rows = append(rows, []string{e.Activity, e.Period.Start.String(), e.Period.Last().String(), string(e.Network), e.Region, money(e.Cost)})
	}
	return written{File: File{Name: "activities.csv", Answers: goalpost.Answers{Currency: w.Currency}}, data: csvOf(rows)}
}

// xOverview is X's account overview: newest day first.
func (w *world) xOverview() written {
	rows := [][]string{{"Date", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows", "Unfollows", "Replies", "Reposts",
		"Profile visits", "Create Post", "Video views", "Media views"}}
	byDay := map[goalpost.Day]goalpost.Counts{}
	made := map[goalpost.Day]int{}
	for _, p := range w.posts[goalpost.X] {
		on := goalpost.DayOf(p.at, time.UTC)
		if byDay[on] == nil {
			byDay[on] = goalpost.Counts{}
		}
		for m, v := range p.countedBy(w.morningOf(w.Today)) {
			byDay[on][m] += v
		}
		made[on]++
	}
	for i, d := range slices.Backward(w.days) {
		on := w.Period.Start + goalpost.Day(i)
		c := byDay[on]
		background := int64(d.followers[goalpost.X] * 0.02)
		engagements := c[goalpost.Likes] + c[goalpost.Comments] + c[goalpost.Shares] + c[goalpost.Saves] + c[goalpost.LinkClicks]
		rows = append(rows, []string{on.Time().Format("Mon, Jan 2, 2006"), strconv.FormatInt(c[goalpost.Impressions]+background, 10), count(c, goalpost.Likes),
			strconv.FormatInt(engagements, 10), count(c, goalpost.Saves), "0", strconv.Itoa(int(d.follows[goalpost.X])), "0", count(c, goalpost.Comments),
			count(c, goalpost.Shares), strconv.FormatInt(background/9, 10), strconv.Itoa(made[on]), "0", "0"})
	}
	return written{File: File{Name: "account_overview_analytics.csv", Answers: goalpost.Answers{Account: w.Name}}, data: csvOf(rows)}
}

// xContent is X's list of posts: newest first, with the day but no time.
func (w *world) xContent() written {
	rows := [][]string{{"Post id", "Date", "Post text", "Post Link", "Impressions", "Likes", "Engagements", "Bookmarks", "Shares", "New follows", "Replies",
		"Reposts", "Profile visits", "Detail Expands", "URL Clicks", "Hashtag Clicks", "Permalink Clicks"}}
	seen := w.morningOf(w.Today)
	for _, p := range slices.Backward(w.posts[goalpost.X]) {
		c := p.countedBy(seen)
		engagements := c[goalpost.Likes] + c[goalpost.Comments] + c[goalpost.Shares] + c[goalpost.Saves] + c[goalpost.LinkClicks]
		rows = append(rows, []string{p.id, p.at.Format("Mon, Jan 2, 2006"), p.text, p.permalink, count(c, goalpost.Impressions), count(c, goalpost.Likes),
			strconv.FormatInt(engagements, 10), count(c, goalpost.Saves), "0", count(c, goalpost.Follows), count(c, goalpost.Comments),
			count(c, goalpost.Shares), "0", "0", count(c, goalpost.LinkClicks), "0", "0"})
	}
	name := fmt.Sprintf("account_analytics_content_%s_%s.csv", w.Period.Start, w.Period.Last())
	return written{File: File{Name: name, Answers: goalpost.Answers{Account: w.Name, TimeZone: "UTC"}}, data: csvOf(rows)}
}

// count writes a metric; what was not counted is an empty cell.
func count(c goalpost.Counts, m goalpost.Metric) string {
	v, ok := c[m]
	if !ok {
		return ""
	}
	return strconv.FormatInt(v, 10)
}

// money writes an amount as a shop's system does: a point and two digits.
func money(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', 2, 64) }
