package demo

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"goalpost"
)

// Ids of the company's page and profile.
const (
	pageID    = "104500000000017"
	profileID = "17841400000000017"
)

// bom is how the files of Meta begin.
const bom = "\ufeff"

// metaZone is the zone in which Meta writes the time of publication, wherever the
// account is.
const metaZone = "America/Los_Angeles"

var facebookHeader = []string{"Post ID", "Page ID", "Page name", "Title", "Description", "Duration (sec)", "Publish time", "Caption type", "Permalink",
	"Is crosspost", "Is share", "Post type", "Languages", "Custom labels", "Funded content status", "Data comment", "Date", "Views", "Reach",
	"Reactions, Comments and Shares", "Reactions", "Comments", "Shares", "Total clicks", "Link Clicks", "Other Clicks",
	"Matched Audience Targeting Consumption (Photo Click)", "Seconds viewed", "Average Seconds viewed", "Estimated earnings (USD)", "Ad impressions"}

var instagramHeader = []string{"Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)", "Publish time", "Permalink",
	"Post type", "Data comment", "Date", "Views", "Reach", "Likes", "Shares", "Comments", "Saves", "Follows"}

// publishedIn are the posts of a network that were published in a period, newest
// first, as Meta lists them.
func (w *world) publishedIn(n goalpost.Network, p goalpost.Period) []post {
	var list []post
	for _, x := range slices.Backward(w.posts[n]) {
		if p.Contains(goalpost.DayOf(x.at, w.zone)) {
			list = append(list, x)
		}
	}
	return list
}

// metaTime writes an instant as Meta does.
func (w *world) metaTime(t time.Time) string {
	pacific, err := time.LoadLocation(metaZone)
	if err != nil {
		pacific = time.FixedZone("PST", -8*3600)
	}
	return t.In(pacific).Format("01/02/2006 15:04")
}

// facebookContent is Meta's export of the page's posts in a period, with the counts
// as they stood on the morning after it.
func (w *world) facebookContent(p goalpost.Period) written {
	rows := [][]string{facebookHeader}
	seen := w.morningOf(p.End)
	for _, x := range w.publishedIn(goalpost.Facebook, p) {
		c := x.countedBy(seen)
		row := make([]string, len(facebookHeader))
		set := func(column, value string) { row[slices.Index(facebookHeader, column)] = value }
		set("Post ID", x.id)
		set("Page ID", pageID)
		set("Page name", w.Name)
		set("Title", x.text)
		set("Duration (sec)", "0")
		set("Publish time", w.metaTime(x.at))
		set("Permalink", x.permalink)
		set("Is crosspost", "0")
		set("Is share", "0")
		set("Post type", x.kind)
		set("Date", "Lifetime")
		set("Views", count(c, goalpost.Views))
		set("Reach", count(c, goalpost.Reach))
		set("Reactions, Comments and Shares", strconv.FormatInt(c[goalpost.Likes]+c[goalpost.Comments]+c[goalpost.Shares], 10))
		set("Reactions", count(c, goalpost.Likes))
		set("Comments", count(c, goalpost.Comments))
		set("Shares", count(c, goalpost.Shares))
		set("Total clicks", strconv.FormatInt(4*c[goalpost.LinkClicks], 10))
		if x.kind == "Links" {
			set("Link Clicks", count(c, goalpost.LinkClicks)) // blank for the others: not measured
		}
		rows = append(rows, row)
	}
	return w.metaContent(rows, p, 553300000000001, seen)
}

// instagramContent is the same for the profile.
func (w *world) instagramContent(p goalpost.Period) written {
	rows := [][]string{instagramHeader}
	seen := w.morningOf(p.End)
	for _, x := range w.publishedIn(goalpost.Instagram, p) {
		c := x.countedBy(seen)
		rows = append(rows, []string{x.id, profileID, strings.ToLower(w.Name), w.Name, x.text, "0", w.metaTime(x.at), x.permalink, x.kind, "", "Lifetime",
			count(c, goalpost.Views), count(c, goalpost.Reach), count(c, goalpost.Likes), count(c, goalpost.Shares), count(c, goalpost.Comments),
			count(c, goalpost.Saves), count(c, goalpost.Follows)})
	}
	return w.metaContent(rows, p, 771200000000002, seen)
}

// metaContent names a content export as Meta does: first day, last day, a number.
func (w *world) metaContent(rows [][]string, p goalpost.Period, number int64, seen time.Time) written {
	const form = "Jan-02-2006"
	name := fmt.Sprintf("%s_%s_%d.csv", p.Start.Time().Format(form), p.Last().Time().Format(form), number)
	return written{File: File{Name: name, Answers: goalpost.Answers{ObservedAt: seen, TimeZone: metaZone}}, data: append([]byte(bom), csvOf(rows)...)}
}

// metaDaily is Meta's daily series: UTF-16, a line "sep=,", and two tables below
// each other whose titles alone say what they hold.
func (w *world) metaDaily(name, what string, value func(day, goalpost.Network) float64) written {
	var b strings.Builder
	b.WriteString("sep=,\n")
	for i, n := range []goalpost.Network{goalpost.Facebook, goalpost.Instagram} {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "\"%s %s\"\n\"Date\",\"Primary\"\n", map[goalpost.Network]string{goalpost.Facebook: "Facebook", goalpost.Instagram: "Instagram"}[n], what)
		for i, d := range w.days {
			fmt.Fprintf(&b, "\"%sT00:00:00\",\"%.0f\"\n", w.Period.Start+goalpost.Day(i), value(d, n))
		}
	}
	return written{File: File{Name: name, Answers: goalpost.Answers{Account: w.Name}}, data: utf16le(b.String())}
}

// utf16le encodes text as Meta does, with its mark at the beginning.
func utf16le(s string) []byte {
	units := utf16.Encode([]rune(bom + s))
	b := make([]byte, 0, 2*len(units))
	for _, u := range units {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}
