package ingest

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"goalpost"
)

// translated are headers of Meta's exports in other languages (Swedish seen in real
// importers; German reconstructed: a hint, no more).
var translated = map[string]string{
	"publicerings-id": "post id", "konto-id": "account id", "kontonamn": "account name", "kontots användarnamn": "account username", "sid-id": "page id", "sidnamn": "page name",
	"beskrivning": "description", "publiceringstid": "publish time", "inläggstyp": "post type", "permalänk": "permalink", "visningar": "views", "räckvidd": "reach",
	"gilla-markeringar": "likes", "kommentarer": "comments", "delningar": "shares", "följer": "follows", "sparade objekt": "saves", "reaktioner": "reactions",
	"beitrags-id": "post id", "konto-benutzername": "account username", "kontoname": "account name", "seiten-id": "page id", "seitenname": "page name",
	"beschreibung": "description", "dauer (sek.)": "duration (sec)", "veröffentlichungszeitpunkt": "publish time", "beitragstyp": "post type", "datenkommentar": "data comment",
	"reichweite": "reach", "„gefällt mir“-angaben": "likes", "geteilte inhalte": "shares", "kommentare": "comments", "gespeicherte beiträge": "saves",
}

// translate gives the English names of translated headers, if the header is one of
// Meta's; other files keep their own words.
func translate(header []string) []string {
	out := make([]string, len(header))
	meta := false
	for i, h := range header {
		n := normalHeader(h)
		out[i] = n
		meta = meta || n == "publicerings-id" || n == "beitrags-id"
	}
	if !meta {
		return out
	}
	for i, n := range out {
		if e, ok := translated[n]; ok {
			out[i] = e
		} else if n == "aufrufe" {
			out[i] = "views"
		}
	}
	return out
}

// field says which column holds which metric.
type field struct {
	column int
	metric goalpost.Metric
}

// pairs resolves names of columns to metrics; "a|b" are alternatives.
func pairs(c columns, list ...string) []field {
	var out []field
	for i := 0; i+1 < len(list); i += 2 {
		if k := c.of(strings.Split(list[i], "|")...); k >= 0 {
			out = append(out, field{k, goalpost.Metric(list[i+1])})
		}
	}
	return out
}

// posts reads rows that are posts each.
type posts struct {
	p       *Plan
	header  []string
	started bool
	fields  []field
	account func(fields []string) goalpost.AccountRef
	id      int
	text    []int // first that is not empty
	link    int
	kind    int
	when    int
	breakup int // Meta's Date column; −1 elsewhere
	zone    *time.Location
	order   string
	// instant gives the exact time of a post from its id; nil where ids do not say.
	instant func(id string) (time.Time, bool)
	entity  bool // texts hold HTML entities
}

// platform plans a file of posts or of an X account's days.
func (p *Plan) platform(c columns, head []record) error {
	p.observed()
	zone := time.UTC
	switch p.Dialect {
	case DialectFacebook, DialectInstagram:
		return p.metaContent(c, head)
	case DialectXOverview:
		return p.xOverview(c)
	}
	h := posts{p: p, header: p.Header, id: c.of("tweet id", "post id"), text: []int{c.of("tweet text", "post text")}, link: c.of("tweet permalink", "post link", "link"),
		kind: -1, when: c.of("time", "date"), breakup: -1, zone: zone, order: "mdy", instant: snowflake, entity: p.Dialect == DialectTwitter}
	if p.Dialect == DialectTwitter {
		h.fields = pairs(c, "impressions", "impressions", "engagements", "engagements", "retweets", "shares", "replies", "comments", "likes", "likes",
			"url clicks", "link_clicks", "follows", "follows", "user profile clicks", "profile_visits", "media views", "media_views")
	} else {
		h.fields = pairs(c, "impressions", "impressions", "likes", "likes", "engagements", "engagements", "bookmarks", "saves", "shares|share", "share_menu",
			"new follows", "follows", "replies", "comments", "reposts", "shares", "profile visits", "profile_visits", "url clicks", "link_clicks")
	}
	fallback := goalpost.AccountRef{Network: goalpost.X, Name: p.Answers.Account}
	link := h.link
	h.account = func(fields []string) goalpost.AccountRef {
		if name := handle(cell(fields, link)); name != "" {
			return goalpost.AccountRef{Network: goalpost.X, Name: name}
		}
		return fallback
	}
	if p.Answers.Account == "" && (len(head) < 2 || handle(cell(head[1].fields, link)) == "") {
		p.ask("account", "--account", "ask-account", nil)
	}
	if len(head) > 1 {
		p.noteAccount(handle(cell(head[1].fields, link)))
	}
	p.rows = func() handler { c := h; return &c }
	return nil
}

var handlePattern = regexp.MustCompile(`^https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/([A-Za-z0-9_]{1,15})/status/`)

// handle returns the account of a link to a post on X.
func handle(link string) string {
	if m := handlePattern.FindStringSubmatch(link); m != nil && m[1] != "i" {
		return m[1]
	}
	return ""
}

// snowflake returns the time that an id of X holds: milliseconds since
// 2010-11-04T01:42:54.657Z above 22 bits.
func snowflake(id string) (time.Time, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1<<40 {
		return time.Time{}, false
	}
	t := time.UnixMilli(n>>22 + 1288834974657).UTC()
	return t, t.Year() < 2200
}

// metaContent plans a content export of Facebook or Instagram.
func (p *Plan) metaContent(c columns, head []record) error {
	h := posts{p: p, header: p.Header, id: c.of("post id"), text: []int{c.of("description"), c.of("title")}, link: c.of("permalink"), kind: c.of("post type"),
		when: c.of("publish time", "posted"), breakup: c.of("date"), order: "mdy"}
	if p.Answers.DateOrder != "" {
		h.order = p.Answers.DateOrder
	}
	if p.Answers.TimeZone == "" {
		p.Answers.TimeZone = "America/Los_Angeles" // 135 of 135 posts of two organisations outside America
		p.Notes = append(p.Notes, goalpost.NewNote("import.note.zone-pacific"))
	}
	zone, err := time.LoadLocation(p.Answers.TimeZone)
	if err != nil {
		return fieldError("time-zone", "time_zone", p.Answers.TimeZone)
	}
	h.zone = zone
	network := goalpost.Facebook
	name, number := c.of("page name"), c.of("page id")
	if p.Dialect == DialectInstagram {
		network, number = goalpost.Instagram, c.of("account id")
		if name = c.of("account username"); name < 0 {
			name = c.of("account name")
		}
		h.fields = pairs(c, "views", "views", "impressions", "impressions", "reach", "reach", "likes", "likes", "shares", "shares", "comments", "comments",
			"saves", "saves", "follows", "follows", "duration (sec)", "duration_s")
	} else {
		h.fields = pairs(c, "impressions", "impressions", "views", "views", "reach", "reach", "reactions", "likes", "comments", "comments", "shares", "shares",
			"total clicks", "clicks", "link clicks", "link_clicks", "reactions, comments and shares", "engagements", "duration (sec)", "duration_s")
	}
	h.account = func(fields []string) goalpost.AccountRef {
		return goalpost.AccountRef{Network: network, Name: cell(fields, name), ExternalID: cell(fields, number)}
	}
	for _, rec := range head[1:] {
		if isDaily(cell(rec.fields, h.breakup)) {
			return refuse("twin-meta-by-day")
		}
	}
	p.noteAccount(cell(head[1].fields, name))
	p.rows = func() handler { c := h; return &c }
	return nil
}

// noteAccount says that the file names its profiles itself where another one was given:
// one export can hold the posts of several.
func (p *Plan) noteAccount(named string) {
	if given := strings.TrimPrefix(p.Answers.Account, "@"); given != "" && named != "" && !strings.EqualFold(given, named) {
		p.Notes = append(p.Notes, goalpost.NewNote("import.note.account-in-file", goalpost.TextArg(given), goalpost.TextArg(named)))
	}
}

// isDaily reports whether a cell of Meta's column Date is a day instead of "Lifetime".
func isDaily(s string) bool {
	_, ok := date(s, "mdy", false)
	return ok
}

var spreadsheetID = regexp.MustCompile(`^\d(?:[.,]\d+)?[Ee]\+?\d+$`)

// start looks for the header row; the rows above it are titles.
func (h *posts) start(fields []string) bool {
	if h.started {
		// A header again: several exports were pasted together.
		return normalHeader(cell(fields, h.id)) == normalHeader(cell(h.header, h.id)) && normalHeader(cell(fields, h.when)) == normalHeader(cell(h.header, h.when))
	}
	if len(fields) == 0 {
		return true
	}
	h.started = normalHeader(cell(fields, h.id)) == normalHeader(cell(h.header, h.id)) && cell(h.header, h.id) != ""
	return true
}

func (h *posts) row(rec record, out *recorder) error {
	if h.start(rec.fields) || len(rec.fields) == 0 {
		return nil
	}
	f := rec.fields
	id := strings.TrimPrefix(cell(f, h.id), "'")
	first := strings.ToLower(cell(f, 0))
	switch {
	case id == "" && (first == "total" || first == "gesamt"):
		out.report("total_row", rec.line)
		return nil
	case id == "":
		out.report("error_row", rec.line)
		return nil
	case spreadsheetID.MatchString(id):
		out.report("spreadsheet_id", rec.line)
		return nil
	case strings.Trim(id, "0123456789_-") != "" || len(id) > 64:
		out.report("bad_id", rec.line)
		return nil
	}
	if isDaily(cell(f, h.breakup)) {
		e := refuse("twin-meta-by-day")
		e.Line = rec.line
		return e
	}
	r := goalpost.PostRecord{Line: rec.line, Account: h.account(f), Counts: make(goalpost.Counts, len(h.fields)+1)}
	if r.Account.Name == "" && r.Account.ExternalID == "" {
		out.report("no_account", rec.line)
		return nil
	}
	if column, bad := h.counts(rec, &r); bad != "" {
		out.bad(bad, rec, h.p.Header, column)
		return nil
	}
	written, ok := h.times(f, id, &r)
	if !ok {
		out.bad("bad_date", rec, h.p.Header, h.when)
		return nil
	}
	r.Post.ExternalID, r.Post.Permalink, r.Post.Kind = id, cell(f, h.link), kindOf(cell(f, h.kind))
	for _, i := range h.text {
		if t := cell(f, i); t != "" && r.Post.Text == "" {
			r.Post.Text = t
		}
	}
	if h.entity {
		r.Post.Text = html.UnescapeString(r.Post.Text)
	}
	for m, v := range r.Counts {
		out.add(m, float64(v))
	}
	r.EngagementsDerived = goalpost.DeriveEngagements(r.Counts)
	out.day(written)
	out.post(r.Account, r.Post.PublishedOn)
	out.batch.Posts = append(out.batch.Posts, r)
	return out.keep()
}

// counts reads the metrics; the result names the column and what is wrong with it.
func (h *posts) counts(rec record, r *goalpost.PostRecord) (column int, bad string) {
	for _, c := range h.fields {
		s := cell(rec.fields, c.column)
		if isMissing(s) {
			continue
		}
		if c.column < len(rec.dates) && rec.dates[c.column] {
			return c.column, "date_for_number"
		}
		v, ok := whole(s, '.')
		if !ok {
			return c.column, "bad_number"
		}
		if belowZero(string(c.metric), float64(v)) {
			return c.column, "below_zero"
		}
		r.Counts[c.metric] = v
	}
	return -1, ""
}

// times settles when a post was published: by its id where that says it exactly,
// else by the file's text. written is the day as the file has it.
func (h *posts) times(f []string, id string, r *goalpost.PostRecord) (written goalpost.Day, ok bool) {
	m, ok := date(cell(f, h.when), h.order, h.p.layout.workbook)
	if !ok {
		return 0, false
	}
	written = m.date()
	r.Post.PublishedAt = m.in(h.zone).UTC()
	if h.instant != nil {
		if t, ok := h.instant(id); ok {
			r.Post.PublishedAt = t
			r.Post.PublishedOn = h.p.localDay(t)
			return written, true
		}
	}
	if !m.timed {
		r.Post.DayOnly, r.Post.PublishedOn = true, written
		return written, true
	}
	r.Post.PublishedOn = h.p.localDay(r.Post.PublishedAt)
	return written, true
}

func (h *posts) done(*recorder) {}

// kindOf makes a network's word for the kind of a post comparable.
func kindOf(s string) string {
	s = strings.ToLower(s)
	s = strings.TrimPrefix(s, "ig ")
	switch s {
	case "photos", "image", "foto":
		return "photo"
	case "videos":
		return "video"
	case "reels":
		return "reel"
	case "links":
		return "link"
	}
	return s
}

// xOverview plans the daily figures of an X account.
func (p *Plan) xOverview(c columns) error {
	if p.Answers.Account == "" {
		p.ask("account", "--account", "ask-account", nil)
	}
	h := days{p: p, header: p.Header, when: c.of("date"), account: goalpost.AccountRef{Network: goalpost.X, Name: p.Answers.Account}, network: goalpost.X,
		fields: pairs(c, "impressions", "impressions", "likes", "likes", "engagements", "engagements", "bookmarks", "saves", "shares", "share_menu", "new follows", "follows",
			"unfollows", "unfollows", "replies", "comments", "reposts", "shares", "profile visits", "profile_visits", "video views", "video_views", "media views", "media_views", "create post", "posts_created")}
	p.rows = func() handler { c := h; return &c }
	return nil
}

// days reads rows that are days of one account.
type days struct {
	p       *Plan
	header  []string
	started bool
	when    int
	account goalpost.AccountRef
	network goalpost.Network
	fields  []field
}

func (h *days) row(rec record, out *recorder) error {
	if len(rec.fields) == 0 {
		return nil
	}
	if normalHeader(cell(rec.fields, h.when)) == normalHeader(cell(h.header, h.when)) {
		h.started = true
		return nil
	}
	if !h.started {
		return nil
	}
	m, ok := date(cell(rec.fields, h.when), "mdy", h.p.layout.workbook)
	if !ok {
		out.bad("bad_date", rec, h.header, h.when)
		return nil
	}
	var list []goalpost.ValueRecord
	for _, f := range h.fields {
		s := cell(rec.fields, f.column)
		if isMissing(s) {
			continue
		}
		v, ok := number(s, '.')
		if !ok || (f.column < len(rec.dates) && rec.dates[f.column]) {
			out.bad("bad_number", rec, h.header, f.column)
			return nil
		}
		list = append(list, goalpost.ValueRecord{Line: rec.line, Account: h.account, Day: m.date(), Value: v,
			Key: goalpost.SeriesKey{Network: h.network, Metric: f.metric, Grain: goalpost.Daily}})
	}
	for _, v := range list {
		out.add(v.Key.Metric, v.Value)
	}
	out.day(m.date())
	out.batch.Values = append(out.batch.Values, list...)
	return out.keep()
}

func (h *days) done(*recorder) {}
