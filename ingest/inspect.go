package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"goalpost"
)

// open starts a reading of the rows.
func (p *Plan) open() (source, error) {
	if p.layout.workbook {
		return openSheet(p.Source, p.layout.sheet)
	}
	return openCSV(p.Source, p.layout)
}

// maxBroken is how many rows with broken quotes are passed over in the search for a
// header and its first rows.
const maxBroken = 1000

// head reads the first rows that are not blank.
func (p *Plan) head() ([]record, error) {
	src, err := p.open()
	if err != nil {
		return nil, err
	}
	defer src.close()
	var list []record
	broken := 0
	for len(list) < headRows {
		rec, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if rec.broken != "" {
			p.brokenLine = cmp.Or(p.brokenLine, rec.line)
			if broken++; broken > maxBroken {
				break
			}
			continue
		}
		if blank(rec.fields) {
			continue
		}
		rec.fields = append([]string(nil), rec.fields...)
		list = append(list, rec)
	}
	return list, nil
}

// inspect recognises a file by its head.
func inspect(ctx context.Context, s Source, o Options) (*Plan, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l, err := sniff(s)
	if err != nil {
		return nil, err
	}
	p := &Plan{Source: s, Answers: o.Answers, options: o, layout: l}
	if p.Answers.TimeZone != "" {
		if _, err := time.LoadLocation(p.Answers.TimeZone); err != nil {
			return nil, fieldError("time-zone", "time_zone", p.Answers.TimeZone)
		}
	}
	if p.Answers.Network != "" && !p.Answers.Network.Valid() {
		return nil, fieldError("network", "network", string(p.Answers.Network))
	}
	if p.Answers.Currency != "" && !goalpost.IsCurrency(p.Answers.Currency) {
		return nil, fieldError("currency", "currency", p.Answers.Currency)
	}
	if !l.workbook {
		return p, p.recognise(ctx)
	}
	return p, p.inspectWorkbook(ctx)
}

// inspectWorkbook takes the sheet that was answered or that the map names, or the only
// one, or the only one that needs no map. Sheets that are left are said.
func (p *Plan) inspectWorkbook(ctx context.Context) error {
	names, err := sheets(ctx, p.Source)
	if err != nil {
		return err
	}
	if p.options.Map != nil && p.options.Map.Sheet != "" {
		names = []string{p.options.Map.Sheet}
	}
	if p.Answers.Sheet != "" {
		names = []string{p.Answers.Sheet}
	}
	var first error
	var found, ready []*Plan
	for _, name := range names {
		try := *p
		try.layout.sheet = name
		if err := try.recognise(ctx); err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		found = append(found, &try)
		if !try.NeedsMap {
			ready = append(ready, &try)
		}
	}
	if len(found) == 0 {
		return first
	}
	choices := sheetsOf(found)
	switch {
	case len(ready) == 1 && len(found) > 1:
		*p = *ready[0]
		p.Notes = append(p.Notes, goalpost.NewNote("import.note.sheets", goalpost.TextArg(p.layout.sheet), goalpost.TextArg(strings.Join(choices, ", "))))
	case len(ready) > 1:
		*p, choices = *ready[0], sheetsOf(ready)
		p.ask("sheet", "--sheet", "ask-sheet", choices, goalpost.TextArg(strings.Join(choices, ", ")))
	default:
		*p = *found[0]
		if len(found) > 1 {
			p.ask("sheet", "--sheet", "ask-sheet", choices, goalpost.TextArg(strings.Join(choices, ", ")))
			if p.Map != nil {
				p.Map.Sheet = p.layout.sheet
			}
		}
	}
	p.Answers.Sheet = p.layout.sheet
	return nil
}

func sheetsOf(plans []*Plan) []string {
	var names []string
	for _, p := range plans {
		names = append(names, p.layout.sheet)
	}
	return names
}

// recognise finds the dialect by the names of columns, never by their places.
func (p *Plan) recognise(ctx context.Context) error {
	head, err := p.head()
	if err != nil {
		return err
	}
	if len(head) == 0 && p.brokenLine == 0 {
		return refuse("empty")
	}
	if len(head) == 0 {
		return p.noRows()
	}
	if p.options.Map == nil && !p.options.AsTable {
		if daily := findMetaDaily(head); daily {
			p.Dialect = DialectMetaDaily
			return p.metaDaily(head)
		}
		for i, rec := range head {
			c := columnsOf(translate(rec.fields))
			if dialect, refused := platform(c, head); refused != "" {
				return refuse("twin-" + refused)
			} else if dialect != "" {
				p.Dialect, p.Header = dialect, append([]string(nil), rec.fields...)
				if i+1 >= len(head) {
					return p.noRows()
				}
				return p.platform(c, head[i:])
			}
		}
	}
	return p.table(ctx, head)
}

// noRows says that nothing stands below the header, or nothing that can be read.
func (p *Plan) noRows() error {
	if p.brokenLine == 0 {
		return refuse("no-rows")
	}
	e := refuse("quotes")
	e.Line = p.brokenLine
	return e
}

// platform names the dialect of a header, or the near twin that is refused.
func platform(c columns, head []record) (dialect, refused string) {
	has := c.has
	any := func(names ...string) bool { return c.of(names...) >= 0 }
	switch {
	case has("video asset id"):
		return "", "facebook-video"
	case has("tweet id", "tweet text"):
		return DialectTwitter, ""
	case has("tweets published") || has("date", "tweets", "impressions", "retweets"):
		return "", "twitter-daily"
	case has("post id", "publish time") && any("account username", "account id", "account name"):
		return DialectInstagram, ""
	case has("post id") && any("page id", "page name") && any("publish time", "posted"):
		return DialectFacebook, ""
	case has("post id") && any("post text") && any("impressions"):
		return DialectXContent, ""
	case has("date", "impressions", "likes", "engagements") && any("bookmarks", "new follows"):
		return DialectXOverview, ""
	case any("impressions (organic)", "impressions (total)") || has("post title", "post link"):
		return "", "linkedin"
	case has("video link", "post time") || has("reached audience", "profile views") || has("video views", "profile views", "date"):
		return "", "tiktok"
	case any("video title", "videotitel") && any("content", "video", "videos", "video publish time", "veröffentlichungszeitpunkt des videos"):
		return "", "youtube"
	case len(c.index) == 2 && has("datum", "aufrufe"):
		return "", "youtube"
	case has("reporting starts", "reporting ends"):
		return "", "meta-ads"
	case any("pin clicks"):
		return "", "pinterest"
	case has("watch time (ms)") || has("date", "views", "completion rate"):
		return "", "x-video"
	case has("age", "women", "men"):
		return "", "audience"
	case has("date", "event count", "total users") && len(head) > 0 && strings.HasPrefix(strings.TrimSpace(head[0].fields[0]), "#"):
		return "", "ga4"
	case has("lifetime post total reach") || has("lifetime post total impressions"):
		return "", "facebook-insights"
	}
	return "", ""
}

// Windows in file names: what Meta, Twitter and X call their exports.
var (
	metaWindow    = regexp.MustCompile(`([A-Z][a-z]{2}-\d{2}-\d{4})_([A-Z][a-z]{2}-\d{2}-\d{4})`)
	twitterWindow = regexp.MustCompile(`tweet_activity_metrics_.*_(\d{8})_(\d{8})`)
	xWindow       = regexp.MustCompile(`account_(?:analytics_content|overview_analytics)_(\d{4}-\d{2}-\d{2})_(\d{4}-\d{2}-\d{2})`)
)

// window returns the period that the file name says the export holds, and the day on
// which it ends, which is the earliest day of the export itself.
func (p *Plan) window() (period *goalpost.Period, end goalpost.Day, ok bool) {
	parse := func(layout, a, b string, inclusive goalpost.Day) (*goalpost.Period, goalpost.Day, bool) {
		x, err1 := time.Parse(layout, a)
		y, err2 := time.Parse(layout, b)
		if err1 != nil || err2 != nil || y.Before(x) {
			return nil, 0, false
		}
		last := goalpost.DayOf(y, time.UTC)
		return &goalpost.Period{Start: goalpost.DayOf(x, time.UTC), End: last + inclusive}, last, true
	}
	if m := metaWindow.FindStringSubmatch(p.Name); m != nil {
		return parse("Jan-02-2006", m[1], m[2], 1)
	}
	if m := twitterWindow.FindStringSubmatch(p.Name); m != nil {
		return parse("20060102", m[1], m[2], 0)
	}
	if m := xWindow.FindStringSubmatch(p.Name); m != nil {
		return parse("2006-01-02", m[1], m[2], 1)
	}
	return nil, 0, false
}

// observed settles the moment at which the counts were seen: as answered, as the file
// name says, else now. What was assumed is noted.
func (p *Plan) observed() {
	if !p.Answers.ObservedAt.IsZero() {
		return
	}
	if _, end, ok := p.window(); ok {
		p.Answers.ObservedAt = end.Start(p.zone())
		p.Notes = append(p.Notes, goalpost.NewNote("import.note.observed-file", goalpost.DayArg(end)))
		return
	}
	p.Answers.ObservedAt = p.options.Now.UTC()
	p.Notes = append(p.Notes, goalpost.NewNote("import.note.observed-now", goalpost.DayArg(p.localDay(p.options.Now))))
}

// ask adds a question that nobody answered.
func (p *Plan) ask(field, flag, key string, choices []string, args ...goalpost.Arg) {
	p.Questions = append(p.Questions, Question{Field: field, Flag: flag, Choices: choices, Why: goalpost.NewNote("error.import."+key, args...)})
}

// read streams the rows through the dialect.
func (p *Plan) read(ctx context.Context, sink func(goalpost.Batch) error) (goalpost.FileReport, error) {
	if p.NeedsMap {
		return goalpost.FileReport{}, ask("needs-map", "--map")
	}
	for _, q := range p.Questions {
		return goalpost.FileReport{}, &goalpost.Error{Kind: goalpost.Ask, Key: q.Why.Key, Args: q.Why.Args, Flag: q.Flag}
	}
	src, err := p.open()
	if err != nil {
		return goalpost.FileReport{}, err
	}
	defer src.close()
	out := newRecorder(sink, src)
	h := p.rows()
	for n := 0; ; n++ {
		if n%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return goalpost.FileReport{}, err
			}
		}
		rec, err := src.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return goalpost.FileReport{}, err
		}
		if rec.broken != "" {
			out.report(rec.broken, rec.line)
			continue
		}
		if blank(rec.fields) {
			rec.fields = nil
		}
		if err := h.row(rec, out); err != nil {
			return goalpost.FileReport{}, err
		}
	}
	h.done(out)
	if err := out.flush(); err != nil {
		return goalpost.FileReport{}, fmt.Errorf("ingest: %w", err)
	}
	window, _, _ := p.window()
	r := out.file(p, window)
	if r.Kept == 0 {
		if r.Rows == 0 {
			return r, refuse("no-rows")
		}
		e := refuse("nothing-kept", goalpost.NumberArg(float64(r.Rows)), goalpost.WordArg("import.reason."+r.Reasons[0].Reason))
		if len(r.Reasons[0].Lines) > 0 {
			e.Line = r.Reasons[0].Lines[0]
		}
		return r, e
	}
	return r, nil
}
