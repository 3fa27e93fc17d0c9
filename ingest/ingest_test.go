package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"goalpost"
)

var seenAt = time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)

// result is everything that one reading gave.
type result struct {
	plan   *Plan
	report goalpost.FileReport
	posts  []goalpost.PostRecord
	values []goalpost.ValueRecord
	acts   []goalpost.ActivityRecord
	err    error
}

func read(name string, data []byte, o Options) result {
	if o.Now.IsZero() {
		o.Now = seenAt
	}
	var r result
	r.plan, r.err = Inspect(context.Background(), Source{Name: name, R: bytes.NewReader(data), Size: int64(len(data))}, o)
	if r.err != nil {
		return r
	}
	r.report, r.err = r.plan.Read(context.Background(), func(b goalpost.Batch) error {
		r.posts = append(r.posts, b.Posts...)
		r.values = append(r.values, b.Values...)
		r.acts = append(r.acts, b.Activities...)
		return nil
	})
	return r
}

// key returns the key of a refusal, "" for none.
func (r result) key() string {
	var e *goalpost.Error
	if errors.As(r.err, &e) {
		return e.Key
	}
	if r.err != nil {
		return r.err.Error()
	}
	return ""
}

func (r result) reasons() string {
	var s []string
	for _, x := range r.report.Reasons {
		s = append(s, fmt.Sprint(x.Reason, x.Lines))
	}
	return strings.Join(s, " ")
}

func (r result) notes() string {
	var s []string
	for _, n := range r.report.Notes {
		s = append(s, strings.TrimPrefix(n.Key, "import.note."))
	}
	return strings.Join(s, " ")
}

func utf16le(s string) []byte {
	b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func cp(m *charmap.Charmap, s string) []byte {
	b, err := m.NewEncoder().Bytes([]byte(s))
	if err != nil {
		panic(err)
	}
	return b
}

func workbook(t testing.TB, sheets map[string][][]any, dates ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	if err != nil {
		t.Fatal(err)
	}
	first := true
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range sheets {
			if !yield(n) {
				return
			}
		}
	}) {
		if first {
			err = f.SetSheetName("Sheet1", name)
			first = false
		} else {
			_, err = f.NewSheet(name)
		}
		for i, row := range sheets[name] {
			if err == nil {
				err = f.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row)
			}
		}
		for _, cell := range dates {
			if err == nil {
				err = f.SetCellStyle(name, cell, cell, style)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const facebookHead = `"Post ID","Page ID","Page name",Title,Description,"Duration (sec)","Publish time",Permalink,"Post type","Data comment",Date,Views,Reach,"Reactions, Comments and Shares",Reactions,Comments,Shares,"Total clicks","Link Clicks"` + "\n"

func facebook(rows ...string) []byte {
	return []byte("\ufeff" + facebookHead + strings.Join(rows, "\n") + "\n")
}

const fbRow = `120001,900,Harbour,,"Tide table,` + "\n" + `second line",0,07/14/2025 21:30,https://facebook.com/p/120001,Photos,,Lifetime,500,400,12,9,2,1,30,`

const instagramHead = "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Comments,Saves,Follows\n"

const tweetHead = `"Tweet id","Tweet permalink","Tweet text","time","impressions","engagements","engagement rate","retweets","replies","likes","user profile clicks","url clicks","hashtag clicks","detail expands","permalink clicks","app opens","app installs","follows","email tweet","dial phone","media views","media engagements","promoted impressions"` + "\n"

const tweetRow = `"812369747765362688","https://twitter.com/harbour/status/812369747765362688","Tea &amp; tides` + "\n" + `more","2016-12-23 18:50 +0000","1938.0","18.0","0.009","2.0","1.0","3.0","0.0","15.0","0.0","2.0","0.0","0","0","1","0","0","0","0","-"` + "\n"

const xContentHead = "Post id,Date,Post text,Post Link,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Replies,Reposts,Profile visits,Detail Expands,URL Clicks,Hashtag Clicks,Permalink Clicks\n"

const xOverviewFile = "Date,Impressions,Likes,Engagements,Bookmarks,Shares,New follows,Unfollows,Replies,Reposts,Profile visits,Create Post,Video views,Media views\n" +
	`"Tue, Aug 26, 2025",100,1,5,0,0,2,1,0,3,7,0,0,0` + "\n" + `"Mon, Aug 25, 2025",80,2,4,0,0,,0,0,0,6,0,0,0` + "\n"

// Each trap of the platforms' files has a row here with a small file of its own.
func TestPlatformTraps(t *testing.T) {
	account := Options{Answers: goalpost.Answers{Account: "Harbour"}}
	for _, c := range []struct {
		name, file string
		data       []byte
		o          Options
		kept, bad  int
		reasons    string
		check      func(t *testing.T, r result)
	}{
		{name: "Facebook: an account is given, but the file names its page", file: "Jul-01-2025_Jul-31-2025_1.csv", data: facebook(fbRow), o: Options{Answers: goalpost.Answers{Account: "Tower"}}, kept: 1, check: func(t *testing.T, r result) {
			if r.posts[0].Account.Name != "Harbour" || r.notes() != "observed-file zone-pacific account-in-file" {
				t.Errorf("%+v %q", r.posts[0].Account, r.notes())
			}
		}},
		{name: "Facebook: the day of the export begins in the organisation's zone", file: "Jul-01-2025_Jul-31-2025_1.csv", data: facebook(fbRow), o: Options{Zone: time.FixedZone("east", 9*3600)}, kept: 1, check: func(t *testing.T, r result) {
			if got := r.report.ObservedAt.UTC().Format(time.RFC3339); got != "2025-07-30T15:00:00Z" {
				t.Errorf("observed %s", got)
			}
		}},
		{name: "Facebook: BOM, line breaks in texts, blank is not zero, Pacific time", file: "Jul-01-2025_Jul-31-2025_1.csv", data: facebook(fbRow), kept: 1, check: func(t *testing.T, r result) {
			p := r.posts[0]
			if _, there := p.Counts[goalpost.LinkClicks]; there || p.Counts[goalpost.Engagements] != 12 || p.EngagementsDerived {
				t.Errorf("counts %v, derived %v", p.Counts, p.EngagementsDerived)
			}
			if got := p.Post.PublishedAt.Format(time.RFC3339); got != "2025-07-15T04:30:00Z" || p.Post.PublishedOn.String() != "2025-07-15" || r.report.FirstDate != "2025-07-14" {
				t.Errorf("published %s on %s, first date %s", got, p.Post.PublishedOn, r.report.FirstDate)
			}
			if p.Post.Text != "Tide table,\nsecond line" || p.Post.Kind != "photo" || p.Account != (goalpost.AccountRef{Network: goalpost.Facebook, Name: "Harbour", ExternalID: "900"}) {
				t.Errorf("%+v", p)
			}
			if r.notes() != "observed-file zone-pacific" || r.report.ObservedAt.Format(time.DateOnly) != "2025-07-31" {
				t.Errorf("notes %q, observed %s", r.notes(), r.report.ObservedAt)
			}
			if c := r.report.Coverage[0].Period; c.Start.String() != "2025-07-01" || c.Last().String() != "2025-07-31" {
				t.Errorf("coverage %+v", c)
			}
		}},
		{name: "Facebook: the title stands in for the text, another zone", data: facebook(`1,900,Harbour,A title,,0,01/02/2025 10:00,,Links,,Lifetime,5,4,1,1,0,0,3,0`), o: Options{Answers: goalpost.Answers{TimeZone: "Europe/Berlin"}}, kept: 1, check: func(t *testing.T, r result) {
			if p := r.posts[0].Post; p.Text != "A title" || p.PublishedAt.Hour() != 9 || p.Kind != "link" {
				t.Errorf("%+v", p)
			}
		}},
		{name: "Facebook: error rows, ids of a spreadsheet, ragged rows", data: facebook(fbRow, `,900,,,,,,,,"An error occurred while computing metadata",,,77,,,,,,`, `1.22158E+17,900,Harbour,,x,0,07/14/2025 21:30,,Photos,,Lifetime,1,1,1,1,1,1,1,1`, `120002,900,Harbour,,short,0,07/15/2025 09:00,,Text,,Lifetime,7`),
			kept: 2, bad: 2, reasons: "error_row[4] spreadsheet_id[5]", check: func(t *testing.T, r result) {
				if c := r.posts[1].Counts; len(c) != 2 || c[goalpost.Views] != 7 {
					t.Errorf("a ragged row: %v", c)
				}
				if r.report.Totals[goalpost.Reach] != 400 {
					t.Errorf("figures of an error row were added: %v", r.report.Totals)
				}
			}},
		{name: "Facebook: two columns Views, a leaked internal column", data: []byte("Post ID,Page ID,Page name,Publish time,Date,IMPRESSION:UNIQUE_USERS,Views,Reach,Views\n5,9,Harbour,07/14/2025 10:00,Lifetime,99,10,8,77\n"), kept: 1, check: func(t *testing.T, r result) {
			if c := r.posts[0].Counts; c[goalpost.Views] != 10 || len(c) != 2 {
				t.Errorf("%v", c)
			}
		}},
		{name: "Facebook: a number that is none", data: facebook(fbRow, `120009,900,Harbour,,x,0,07/14/2025 21:30,,Photos,,Lifetime,1.2K,1,1,1,1,1,1,1`), kept: 1, bad: 1, reasons: "bad_number[4]"},
		{name: "Facebook: a count below zero", data: facebook(fbRow, `120009,900,Harbour,,x,0,07/14/2025 21:30,,Photos,,Lifetime,-12,1,1,1,1,1,1,1`), kept: 1, bad: 1, reasons: "below_zero[4]"},
		{name: "Facebook: a column of zeros", data: facebook(zeros(12)...), kept: 12, check: func(t *testing.T, r result) {
			if !strings.Contains(r.notes(), "zero-column") {
				t.Errorf("notes %q", r.notes())
			}
		}},
		{name: "Facebook: Excel quoted whole lines", data: nested(string(facebook(`120001,900,Harbour,,Tide,0,07/14/2025 21:30,https://f.co/1,Photos,,Lifetime,500,400,12,9,2,1,30,4`))), kept: 1, check: func(t *testing.T, r result) {
			if r.posts[0].Counts[goalpost.LinkClicks] != 4 {
				t.Errorf("%+v", r.posts[0])
			}
		}},
		{name: "Facebook: two exports pasted together", data: facebook(fbRow, strings.TrimSpace(facebookHead), `120002,900,Harbour,,x,0,07/16/2025 21:30,,Photos,,Lifetime,1,1,1,1,0,0,1,1`), kept: 2},
		{name: "Instagram: derived engagements, order of columns, a guest's post", data: []byte("Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,Data comment,Date,Views,Likes,Shares,Comments,Saves,Reach,Follows\n" +
			"17900,5,harbour,Harbour,Tide,12,12/31/2024 20:00,https://instagram.com/p/a,IG reel,,Lifetime,10,3,1,2,4,9,1\n17901,6,guest,Guest,Both,0,01/01/2025 20:00,,IG image,,Lifetime,10,3,1,2,,9,0\n"), kept: 2, check: func(t *testing.T, r result) {
			if p := r.posts[0]; p.Counts[goalpost.Engagements] != 10 || !p.EngagementsDerived || p.Post.Kind != "reel" || p.Counts[goalpost.Reach] != 9 {
				t.Errorf("%+v", p)
			}
			if r.posts[1].Account.Name != "guest" || len(r.report.Accounts) != 2 || r.report.Totals[goalpost.Engagements] != 0 {
				t.Errorf("%+v %v", r.posts[1].Account, r.report.Totals)
			}
		}},
		{name: "Instagram in Swedish", data: []byte("Publicerings-id,Konto-id,Kontots användarnamn,Kontonamn,Beskrivning,Publiceringstid,Permalänk,Inläggstyp,Datum,Visningar,Räckvidd,Gilla-markeringar,Delningar,Kommentarer,Sparade objekt,Följer\n17900,5,hamn,Hamn,Tid,2025-07-01 10:00,,IG image,Total,10,9,3,1,2,4,1\n"), kept: 1, check: func(t *testing.T, r result) {
			if c := r.posts[0].Counts; c[goalpost.Views] != 10 || c[goalpost.Saves] != 4 {
				t.Errorf("%v", c)
			}
		}},
		{name: "Meta daily: UTF-16, sep=, two tables, hour jumps, days left out", data: utf16le("sep=,\n\"Follows\"\n\"Date\",\"Primary\"\n\"2025-03-09T01:00:00\",\"7\"\n\"2025-03-10T00:00:00\",\"14\"\n\n\"Instagram follows\"\n\"Date\",\"Primary\"\n\"2025-03-09T01:00:00\",\"2\"\n\"2025-03-12T00:00:00\",\"3\"\n"),
			o: Options{Answers: goalpost.Answers{Account: "Harbour", Network: goalpost.Facebook}}, kept: 4, check: func(t *testing.T, r result) {
				if v := r.values[1]; v.Day.String() != "2025-03-10" || v.Account.Network != goalpost.Facebook || v.Key.Metric != goalpost.Follows {
					t.Errorf("%+v", v)
				}
				if v := r.values[2]; v.Account.Network != goalpost.Instagram || v.Value != 2 {
					t.Errorf("%+v", v)
				}
				if !strings.Contains(r.notes(), "days-left-out") {
					t.Errorf("notes %q", r.notes())
				}
			}},
		{name: "Meta daily: re-saved with tabs and CRLF, no last line end", data: utf16le("sep=\t\r\nFacebook reach\t\r\nDate\tPrimary\r\n2025-03-09T00:00:00\t2768\r\n2025-03-10T00:00:00\t--\r\n2025-03-11T00:00:00\t5"), o: account, kept: 2, bad: 1, reasons: "no_value[5]"},
		{name: "Meta daily: re-saved with semicolons, no sep line", data: []byte("Facebook visits;\nDate;Primary\n2025-10-31T00:00:00;247\n"), o: account, kept: 1},
		{name: "Meta daily: re-saved as a workbook, two tables in a sheet", data: workbook(t, map[string][][]any{"Visits": {{"Facebook visits"}, {"Date", "Primary"}, {"2025-10-31T00:00:00", 5}, {}, {"Instagram profile visits"}, {"Date", "Primary"}, {"2025-10-31T00:00:00", "7"}}}), o: account, kept: 2, check: func(t *testing.T, r result) {
			if r.report.Totals[goalpost.ProfileVisits] != 12 {
				t.Errorf("%v", r.report.Totals)
			}
		}},
		{name: "Meta daily: a decimal that Excel turned into a date, in a Cyrillic code page", data: cp(charmap.Windows1251, "Facebook reach;\nDate;Primary\n2025-10-30T00:00:00;12\n2025-10-31T00:00:00;3.апр\n"), o: account, kept: 1, bad: 1, reasons: "bad_number[4]"},
		{name: "Twitter: counts as 1938.0, entities, line breaks, UTC", file: "tweet_activity_metrics_harbour_20161201_20170101_en.csv", data: []byte(tweetHead + tweetRow), kept: 1, check: func(t *testing.T, r result) {
			p := r.posts[0]
			if p.Post.Text != "Tea & tides\nmore" || p.Counts[goalpost.Impressions] != 1938 || p.Counts[goalpost.Shares] != 2 || p.Account.Name != "harbour" || p.Account.Network != goalpost.X {
				t.Errorf("%+v", p)
			}
			if p.Post.PublishedAt.Format("2006-01-02 15:04") != "2016-12-23 18:50" || p.Post.DayOnly {
				t.Errorf("published %s", p.Post.PublishedAt)
			}
			if c := r.report.Coverage[0].Period; c.Start.String() != "2016-12-01" || c.Last().String() != "2016-12-31" {
				t.Errorf("coverage %+v", c)
			}
		}},
		{name: "X content of 2026: the id holds the instant", data: []byte(xContentHead + `2074000000000000001,"Tue, Jul 14, 2026",Tide,https://x.com/harbour/status/2074000000000000001,122978,12,300,1,4,2,3,5,129,200,66,0,0` + "\n"), kept: 1, check: func(t *testing.T, r result) {
			p := r.posts[0]
			if p.Post.ExternalID != "2074000000000000001" || p.Post.PublishedAt.Year() != 2026 || p.Counts[goalpost.Shares] != 5 || p.Counts[goalpost.ShareMenu] != 4 || p.Counts[goalpost.LinkClicks] != 66 {
				t.Errorf("%+v", p)
			}
		}},
		{name: "X content of 2025: other names, an unquoted date, CRLF", data: []byte("Post id,Date,Post text,Link,Impressions,Likes,Engagements,Bookmarks,Share,New follows,Replies,Reposts,Profile visits,Detail expands,Url clicks,Hashtag clicks,Permalink clicks\r\n1891000000000000000,Mon Feb 17 2025,Tide,https://x.com/harbour/status/1891000000000000000,10,1,3,0,2,0,0,1,1,1,6,0,0\r\n"), kept: 1, check: func(t *testing.T, r result) {
			if p := r.posts[0]; p.Counts[goalpost.ShareMenu] != 2 || r.report.FirstDate != "2025-02-17" {
				t.Errorf("%+v %s", p, r.report.FirstDate)
			}
		}},
		{name: "X overview: English dates, newest first, a blank is missing", data: []byte(xOverviewFile), o: account, kept: 2, check: func(t *testing.T, r result) {
			if r.report.FirstDate != "2025-08-25" || r.report.LastDate != "2025-08-26" || r.report.Totals[goalpost.Follows] != 2 || r.report.Totals[goalpost.Shares] != 3 {
				t.Errorf("%+v", r.report)
			}
			n := 0
			for _, v := range r.values {
				if v.Key.Metric == goalpost.Follows {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d values of follows: a blank was read as a number", n)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.file == "" {
				c.file = "export.csv"
			}
			r := read(c.file, c.data, c.o)
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.report.Kept != c.kept || r.report.Reported != c.bad || r.report.Rows != c.kept+c.bad || r.reasons() != c.reasons {
				t.Fatalf("\ngot:  kept %d, reported %d, rows %d, %q\nwant: kept %d, reported %d, %q", r.report.Kept, r.report.Reported, r.report.Rows, r.reasons(), c.kept, c.bad, c.reasons)
			}
			if c.check != nil {
				c.check(t, r)
			}
		})
	}
}

func zeros(n int) []string {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf("1200%02d,900,Harbour,,x,0,07/14/2025 21:30,,Photos,,Lifetime,0,4,1,1,0,0,3,0", i))
	}
	return rows
}

// nested quotes whole lines, as a spreadsheet program does.
func nested(s string) []byte {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimPrefix(s, "\ufeff")) {
		line = strings.TrimRight(line, "\n")
		b.WriteString(`"` + strings.ReplaceAll(line, `"`, `""`) + `"` + "\r\n")
	}
	return []byte(b.String())
}

// What cannot be imported is refused by name, in one error.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want string
		o    Options
	}{
		"empty":                {"", "empty", Options{}},
		"blank lines":          {"\n\n\n", "empty", Options{}},
		"an old workbook":      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "old-xls", Options{}},
		"a picture":            {"\x89PNG\r\n\x1a\n", "not-a-table", Options{}},
		"zeros":                {"abc\x00\x00def", "not-a-table", Options{}},
		"no workbook":          {"PK\x03\x04 but nothing else", "workbook", Options{}},
		"a letter":             {"Dear colleagues\nthe figures follow\n", "no-header", Options{}},
		"a header only":        {instagramHead, "no-rows", Options{}},
		"a canonical header":   {"date,orders\n", "no-rows", Options{}},
		"by day":               {facebookHead + strings.ReplaceAll(strings.ReplaceAll(fbRow, "\n", " "), "Lifetime", "07/14/2025") + "\n", "twin-meta-by-day", Options{}},
		"Facebook videos":      {"Video asset ID,Universal video ID,Page ID,Views\n1,2,3,4\n", "twin-facebook-video", Options{}},
		"Twitter by day":       {"Date,Tweets published,impressions\n2016-01-01,1,2\n", "twin-twitter-daily", Options{}},
		"LinkedIn":             {"some words\nPost title,Post link,Impressions\na,b,1\n", "twin-linkedin", Options{}},
		"YouTube":              {"Content,Video title,Video publish time,Views\na,b,c,1\n", "twin-youtube", Options{}},
		"YouTube, German":      {"Vi\u00addeo,Vi\u00addeo\u00adti\u00adtel,Auf\u00adru\u00adfe\na,b,1\n", "twin-youtube", Options{}},
		"TikTok":               {"Video title,Video link,Post time,Video views,Likes\na,b,2025/10/31 18:19:10,1,2\n", "twin-tiktok", Options{}},
		"Pinterest":            {"Date,Campaign name,Pin clicks\n2025-01-01,a,1\n", "twin-pinterest", Options{}},
		"Google Analytics":     {"# ----\n# Account: A\nDate,Event count,Total users\n20231010,1,2\n", "twin-ga4", Options{}},
		"Meta ads":             {"Ad name,Amount spent (EUR),Reporting starts,Reporting ends\na,1,2025-01-01,2025-01-02\n", "twin-meta-ads", Options{}},
		"an audience":          {"Facebook followers by gender and age\nAge,Women,Men\n18-24,2.5%,0.3%\n", "twin-audience", Options{}},
		"X videos":             {"Video overview,,,\nDate,Views,Watch Time (ms),Completion Rate\n2025-01-01,1,2,3\n", "twin-x-video", Options{}},
		"Meta, another title":  {"Facebook thoughts\nDate,Primary\n2025-01-01,1\n", "meta-title", Options{}},
		"whose account":        {"Facebook reach\nDate,Primary\n2025-01-01,1\n", "ask-account", Options{}},
		"which network":        {"Follows\nDate,Primary\n2025-01-01,1\n", "ask-network", Options{Answers: goalpost.Answers{Account: "a"}}},
		"an unknown zone":      {"date,orders\n2025-01-01,1\n", "time-zone", Options{Answers: goalpost.Answers{TimeZone: "Mars/Base"}}},
		"a new table":          {"When,Footfall\n2025-01-01,1\n2025-01-02,2\n", "needs-map", Options{}},
		"dates left open":      {"date,orders\n01/02/2025,1\n03/04/2025,2\n", "ask-date-order", Options{}},
		"dates that disagree":  {"date,orders\n13/02/2025,1\n03/14/2025,2\n", "ask-date-order-mixed", Options{}},
		"numbers left open":    {"date,orders\n2025-01-01,\"1,234\"\n2025-01-02,\"2,345\"\n", "ask-decimal", Options{}},
		"money without a name": {"date,revenue\n2025-01-01,5.00\n", "ask-currency", Options{}},
		"nothing usable":       {"date,orders\nsoon,1\nlater,2\n", "nothing-kept", Options{}},
		"a row without an end": {"date,orders\n2025-01-01,\"" + strings.Repeat("x\n", 5<<20), "row-too-long", Options{}},
		"only broken quotes":   {"date,orders\n" + strings.Repeat("2025-01-01,\"a\"\"b\"c\n", 3000), "quotes", Options{}},
		"too many columns":     {"date,orders\n" + strings.Repeat(",", maxColumns+5) + "\n", "too-many-columns", Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			r := read("file.csv", []byte(c.data), c.o)
			if got := strings.TrimPrefix(r.key(), "error.import."); got != c.want {
				t.Errorf("\ngot:  %q (%v)\nwant: %q", got, r.err, c.want)
			}
		})
	}
}
