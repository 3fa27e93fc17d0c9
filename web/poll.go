package web

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
	"goalpost/store"
)

// Weak signals on a vote: how fast nobody reads, and when a page is old.
const (
	fastVote  = 3 * time.Second
	staleVote = 24 * time.Hour
)

// PollPage is the public question.
type PollPage struct {
	Page
	Question string
	Intro    string
	Action   string
	ID       string // made with the page: sent twice it is one vote
	Made     int64
	Options  []Option
	Other    bool
	OtherVal string
	Roles    []Option // empty: not asked
	Sizes    []Option
	Lands    []Option
	Closed   string
	Results  string // address
	Comments CommentsView
}

// publicPoll finds the poll of an address.
func (s *Server) publicPoll(r *http.Request) (goalpost.OrgID, goalpost.Poll, error) {
	org, p, err := s.DB.PollBySlug(r.Context(), r.PathValue("slug"))
	if goalpost.IsKind(err, goalpost.NotFound) {
		err = notFound()
	}
	return org, p, err
}

// framed lets a page be shown inside a page of another site.
func framed(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Security-Policy", strings.Replace(contentSecurityPolicy, "frame-ancestors 'none'", "frame-ancestors *", 1))
	h.Del("X-Frame-Options")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// isFramed reports whether a public page is meant to stand inside another one.
func isFramed(r *http.Request) bool { return r.URL.Query().Get("framed") != "" }

// pollHref is the public address of a poll, kept inside a frame where it is in one.
func (p Page) pollHref(poll goalpost.Poll, path string) string {
	href := p.Href("/p/" + poll.Slug + path)
	if p.Framed {
		href += "?framed=1"
	}
	return href
}

// poll asks the question.
func (s *Server) poll(w http.ResponseWriter, r *http.Request) error {
	org, poll, err := s.publicPoll(r)
	if err != nil {
		return err
	}
	return s.showPoll(w, r, org, poll, goalpost.Vote{ID: newUUID()}, s.Now().Unix(), nil)
}

// newUUID makes a UUID of version 4 (RFC 9562, section 5.4): no time is in it.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func (s *Server) showPoll(w http.ResponseWriter, r *http.Request, org goalpost.OrgID, poll goalpost.Poll, v goalpost.Vote, made int64, problem error) error {
	p := PollPage{Page: s.newPage(r, nil, ""), ID: v.ID, Made: made, Other: poll.Other, OtherVal: v.Other}
	p.Framed = isFramed(r)
	if p.Framed {
		framed(w)
	}
	p.Question = poll.Question.In(p.lang)
	p.Title = p.Question
	p.Intro = p.T("web.poll.intro." + p.form(poll))
	p.Action, p.Results = p.pollHref(poll, ""), p.pollHref(poll, "/results")
	if poll.Closed {
		p.Closed = p.T("web.poll.closed")
	}
	for _, o := range poll.Options {
		p.Options = append(p.Options, Option{Value: o.Code, Text: p.pollOption(poll, o), Selected: slices.Contains(v.Choices, o.Code)})
	}
	choice := func(prefix string, codes []string, selected string) []Option {
		list := []Option{{Text: p.T("web.poll.no-answer"), Selected: selected == ""}}
		for _, c := range codes {
			list = append(list, Option{Value: c, Text: p.T(prefix + c), Selected: c == selected})
		}
		return list
	}
	if poll.AskRole {
		p.Roles = choice("web.poll.role.", goalpost.PollRoles(), v.Role)
	}
	if poll.AskSize {
		p.Sizes = choice("web.poll.size.", goalpost.PollSizes(), v.Size)
	}
	if poll.AskCountry {
		p.Lands = []Option{{Text: p.T("web.poll.no-answer"), Selected: v.Country == ""}}
		for _, c := range p.printer.Countries() {
			p.Lands = append(p.Lands, Option{Value: c.Code, Text: c.Name, Selected: c.Code == v.Country})
		}
	}
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	if p.Comments, err = s.commentsOf(r, p.Page, org, poll, 0, commentsBelow, s.newCommentForm()); err != nil {
		return err
	}
	return s.render(w, status, "poll", p)
}

// form is how readers are addressed in German.
func (p Page) form(poll goalpost.Poll) string { return poll.Address }

// pollOption is the text of an answer; those of the catalogue that speak to the reader
// follow the form of address.
func (p Page) pollOption(_ goalpost.Poll, o goalpost.Item) string { return p.printer.Option(o) }

// vote takes a reader's answers. A 303 to the results means that the vote is on disk.
func (s *Server) vote(w http.ResponseWriter, r *http.Request) error {
	org, poll, err := s.publicPoll(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	if poll.Closed {
		return goalpost.Errorf(goalpost.Conflict, "error.vote.closed")
	}
	v, made := s.readVote(r, poll)
	if err := poll.CheckVote(v); err != nil {
		if v.ID == "" || strings.HasSuffix(keyOf(err), ".page") {
			v.ID = newUUID()
		}
		return s.showPoll(w, r, org, poll, v, made, err)
	}
	kept, err := s.DB.AddVote(r.Context(), org, poll.ID, v)
	if goalpost.IsKind(err, goalpost.Unavailable) { // what was chosen stays, to be sent again
		w.Header().Set("Retry-After", retryAfter)
		return s.showPoll(w, r, org, poll, v, made, err)
	}
	if err != nil {
		return err
	}
	p := s.newPage(r, nil, "")
	p.Framed = isFramed(r)
	to := p.pollHref(poll, "/results")
	sep := "?"
	if p.Framed {
		sep = "&"
	}
	http.Redirect(w, r, to+sep+"thanks="+thanksFor(kept), http.StatusSeeOther)
	return nil
}

// thanksFor says which of the sentences after a vote is true.
func thanksFor(kept store.KeptVote) string {
	switch {
	case kept.Known:
		return "known"
	case kept.Repeated:
		return "again"
	}
	return "1"
}

// readVote takes the form's values and the weak signals.
func (s *Server) readVote(r *http.Request, poll goalpost.Poll) (goalpost.Vote, int64) {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	now := s.Now()
	v := goalpost.Vote{ID: get("id"), Choices: r.PostForm["choice"], Other: get("other"), Role: get("role"), Size: get("size"), Country: strings.ToUpper(get("country")), At: now.UTC(), Origin: s.origin(r, poll)}
	made, err := strconv.ParseInt(get("made"), 10, 64)
	if err != nil {
		made = 0
	}
	v.Flags = s.ageFlags(made, fastVote)
	if get("website") != "" {
		v.Flags = append(v.Flags, goalpost.FlagTrap)
	}
	return v, made
}

// origins holds the key of the hashes that find repeats. It lives one day and in memory
// only: afterwards nobody, with whatever they have, can go from a hash to an address, or
// from one day's to another's.
type origins struct {
	mu  sync.Mutex
	day goalpost.Day
	key [32]byte
}

func (o *origins) keyOf(day goalpost.Day) [32]byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.day != day {
		_, _ = rand.Read(o.key[:]) // it never fails (crypto/rand)
		o.day = day
	}
	return o.key
}

// origin stands for where a vote or a comment comes from: a keyed hash of the connection
// and one of the connection with the program. An address of the local network tells
// nothing about a connection: it is a proxy's as often as a person's.
func (s *Server) origin(r *http.Request, poll goalpost.Poll) string {
	ip, network := s.peerOf(r).ip, ""
	if ip.IsValid() && !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast() {
		network = s.originHash(poll.Slug, connectionOf(ip))
	}
	return goalpost.NewOrigin(network, s.originHash(poll.Slug, ip.String(), r.UserAgent()))
}

// originHash is a keyed hash of where something comes from, for one page and one day.
func (s *Server) originHash(page string, parts ...string) string {
	key := s.origins.keyOf(goalpost.DayOf(s.Now(), time.UTC))
	h := hmac.New(sha256.New, key[:])
	_, _ = h.Write([]byte(page + "\x00" + strings.Join(parts, "\x00"))) // a hash never fails
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// connectionOf is the part of an address that a connection to the internet keeps: with
// IPv6 one gets at least 2⁶⁴ addresses (RFC 6177).
func connectionOf(ip netip.Addr) string {
	const household = 64
	if ip.Is6() {
		if p, err := ip.Prefix(household); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// PollResultsPage are the public results.
type PollResultsPage struct {
	Page
	Question string
	Thanks   string
	Sentence string // how many answers, and since when they count
	Soon     string
	Figure   FigureView
	Rows     []PollRow
	Few      string // answers whose number is hidden
	Beside   string // heading of the column of the study, empty for none
	Reasons  []string
	Method   string
	Vote     string // address of the question, empty when closed
	SVG, PNG string
	CSV      string
	Comments CommentsView
}

// PollRow is one answer with its numbers in words.
type PollRow struct {
	Option, Share, Range, Beside, Count string
}

// pollResults shows the shares, beside the study where the poll names one.
func (s *Server) pollResults(w http.ResponseWriter, r *http.Request) error {
	org, poll, err := s.publicPoll(r)
	if err != nil {
		return err
	}
	res, err := s.publicResults(r, org, poll)
	if err != nil {
		return err
	}
	q, ref, beside, err := assess.BesidePoll(r.Context(), s.DB, org, poll)
	if err != nil {
		return err
	}
	p := PollResultsPage{Page: s.newPage(r, nil, ""), Question: poll.Question.In(langOf(r))}
	p.Framed = isFramed(r)
	if p.Framed {
		framed(w)
	}
	p.Title = p.Question
	switch r.URL.Query().Get("thanks") {
	case "":
	case "known":
		p.Thanks = p.T("web.poll.known")
	case "again":
		p.Thanks = p.T("web.poll.again." + p.form(poll))
	default:
		p.Thanks = p.T("web.poll.thanks." + p.form(poll))
	}
	if !poll.Closed {
		p.Vote = p.pollHref(poll, "")
	}
	p.Method = p.T("web.poll.method")
	if p.Comments, err = s.commentsOf(r, p.Page, org, poll, 0, commentsBelow, s.newCommentForm()); err != nil {
		return err
	}
	if res.Soon {
		p.Soon, p.Method = p.say("web.poll.soon", goalpost.NumberArg(float64(res.Total))), p.T("web.poll.method.soon")
		return s.render(w, http.StatusOK, "pollresults", p)
	}
	p.Sentence = p.say("web.poll.sentence", goalpost.NumberArg(float64(res.N)))
	p.pollRows(res, q, ref, beside)
	p.Figure = p.pollFigure(poll, res, q, ref, beside)
	if beside {
		p.Beside = p.printer.Reference(ref)
		p.Reasons = p.notComparable()
	}
	return s.render(w, http.StatusOK, "pollresults", p)
}

// notComparable says why a poll and a study do not stand on one scale.
func (p Page) notComparable() []string {
	return []string{p.T("web.poll.apart.sample"), p.T("web.poll.apart.list"), p.T("web.poll.apart.time")}
}

// pollRows lists the answers, the most named first; those of fewer than three people
// share one sentence.
func (p *PollResultsPage) pollRows(res assess.PollResults, q assess.QuestionView, ref string, beside bool) {
	var few []string
	for _, o := range byShare(res.Options) {
		row := PollRow{Option: p.printer.Option(o.Option), Share: p.T("web.poll.few")}
		if o.Most {
			row.Share = p.T("web.poll.most")
		}
		if o.Share != nil {
			row.Share = p.printer.PercentDecimals(o.Share.Value, 0)
			row.Range = p.printer.Decimal(100*o.Share.Lo, 0) + "–" + p.printer.PercentDecimals(o.Share.Hi, 0)
		}
		r, published := q.Result(ref, o.Option.Code)
		if published = published && beside; published {
			row.Beside = p.printer.Published(r)
		}
		if o.Few && !published {
			few = append(few, row.Option)
			continue
		}
		p.Rows = append(p.Rows, row)
	}
	if len(few) > 0 {
		p.Few = p.say("web.poll.few.list", goalpost.TextArg(strings.Join(few, ", ")))
	}
}

// byShare sorts answers: nearly all, then by share, then few.
func byShare(list []assess.PollShare) []assess.PollShare {
	value := func(o assess.PollShare) float64 {
		switch {
		case o.Most:
			return 2
		case o.Share != nil:
			return o.Share.Value
		}
		return -1
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b assess.PollShare) int { return cmp.Compare(value(b), value(a)) })
	return sorted
}

// pollScene draws the shares; where a study stands beside them, its marks are rings of
// their own, and the caption says that the two cannot be compared.
func (p Page) pollScene(poll goalpost.Poll, res assess.PollResults, q assess.QuestionView, ref string, beside bool, width float64) chart.Scene {
	d := chart.SharesData{Title: poll.Question.In(p.lang), Percent: p.printer.Percent, Level: p.T("web.poll.level")}
	f := figures{page: p}
	if beside {
		d.Moments = append(d.Moments, chart.Moment{Label: p.say("web.poll.study", goalpost.ReferenceArg(ref)), Class: chart.Ring})
		d.Level = p.T("web.poll.level.apart")
	}
	d.Moments = append(d.Moments, chart.Moment{Label: p.say("web.poll.here", goalpost.NumberArg(float64(res.N))), Class: chart.Dot})
	var said []string
	for _, o := range byShare(res.Options) {
		row := chart.ShareRow{Label: p.printer.Option(o.Option)}
		if beside {
			row.Marks = append(row.Marks, f.mark(q, ref, o.Option.Code, &said))
		}
		m := chart.ShareMark{}
		if o.Share != nil {
			m = chart.ShareMark{Has: true, Value: o.Share.Value, HasRange: true, Lo: o.Share.Lo, Hi: o.Share.Hi}
			said = append(said, row.Label+": "+p.printer.PercentDecimals(o.Share.Value, 0))
		}
		row.Marks = append(row.Marks, m)
		if m.Has || (beside && row.Marks[0].Has) {
			d.Rows = append(d.Rows, row)
		}
	}
	d.Desc = strings.Join(said, "; ")
	return chart.DrawShares(d, width)
}

func (p Page) pollFigure(poll goalpost.Poll, res assess.PollResults, q assess.QuestionView, ref string, beside bool) FigureView {
	base := p.Href("/p/" + poll.Slug + "/results")
	return FigureView{Title: poll.Question.In(p.lang), Wide: inline(p.pollScene(poll, res, q, ref, beside, chart.Wide), "poll", false),
		Narrow: inline(p.pollScene(poll, res, q, ref, beside, chart.Narrow), "poll", true), SVG: base + ".svg", PNG: base + ".png", CSV: base + ".csv"}
}

// pollFile answers with the public results as a picture or a table, also for pages of
// other sites.
func (s *Server) pollFile(suffix string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		org, poll, err := s.publicPoll(r)
		if err != nil {
			return err
		}
		res, err := s.publicResults(r, org, poll)
		if err != nil {
			return err
		}
		if res.Soon {
			return notFound()
		}
		p := s.newPage(r, nil, "")
		name := "poll-" + poll.Slug
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		if suffix == "csv" {
			rows := [][]string{{"option", "label", "share", "lo", "hi", "n"}}
			for _, o := range res.Options {
				row := []string{o.Option.Code, escapeFormula(p.printer.Option(o.Option)), "", "", "", strconv.Itoa(res.N)}
				if o.Share != nil {
					row[2], row[3], row[4] = exact(o.Share.Value), exact(o.Share.Lo), exact(o.Share.Hi)
				}
				rows = append(rows, row)
			}
			return writeCSV(w, name+".csv", rows)
		}
		q, ref, beside, err := assess.BesidePoll(r.Context(), s.DB, org, poll)
		if err != nil {
			return err
		}
		scene := p.pollScene(poll, res, q, ref, beside, chart.Wide)
		if suffix != "png" {
			return s.writeScene(w, r, scene, name, suffix)
		}
		drawn := sha256.Sum256([]byte(scene.SVG())) // whatever changes the picture changes its key
		b, err := s.pictures.png(string(drawn[:]), func() ([]byte, error) { return s.draw(r.Context(), scene) })
		if err != nil {
			return err
		}
		writePNG(w, b, name)
		return nil
	}
}

// keyOf is the key of a user's error, empty for any other.
func keyOf(err error) string {
	if e, ok := asError(err); ok {
		return e.Key
	}
	return ""
}

// embedCode is what a blog puts into its page.
func (s *Server) embedCode(p Page, poll goalpost.Poll) string {
	u := url.URL{Path: p.Href("/p/" + poll.Slug), RawQuery: "framed=1"}
	return `<iframe src="` + s.outsideURL() + u.String() + `" width="100%" height="900" style="border:0" loading="lazy" title="` + escapeAttribute(poll.Question.In(p.lang)) + `"></iframe>`
}

// outsideURL is the address under which others reach the pages, without a slash at its
// end.
func (s *Server) outsideURL() string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	return "http://" + s.Listen
}

func escapeAttribute(text string) string {
	return strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace(text)
}
