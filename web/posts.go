package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// postsPerPage is how many posts a page lists.
const postsPerPage = 50

// PostsPage lists posts with their newest counts.
type PostsPage struct {
	Page
	NoPosts    bool
	Query      string
	Networks   []Option
	Sort       string
	Count      string
	Definition string
	Heads      []PostHead
	Rows       []PostLine
	Previous   string
	Next       string
	CSV        string
}

// PostHead is the head of a column; Sorted is the value of aria-sort.
type PostHead struct {
	Text   string
	Href   string
	Num    bool
	Sorted string
	Arrow  string
}

// PostLine is one post.
type PostLine struct {
	Text    string
	Link    string
	Network string
	Date    string
	Cells   []Fact
}

// postView is what the address asks for.
type postView struct {
	search     string
	network    goalpost.Network
	sort       string // "published", a metric or a rate
	descending bool
	page       int // from 1
}

// readPosts takes the view from an address; what cannot be read is left out.
func readPosts(q url.Values) postView {
	v := postView{search: strings.TrimSpace(q.Get("q")), network: goalpost.Network(q.Get("network")), sort: "published", descending: true, page: 1}
	if !v.network.Valid() {
		v.network = ""
	}
	if len(v.search) > 200 {
		v.search = strings.ToValidUTF8(v.search[:200], "")
	}
	name, down := strings.CutPrefix(q.Get("sort"), "-")
	if slices.Contains(store.PostSorts(), name) {
		v.sort, v.descending = name, down
	}
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 && n < 1_000_000 {
		v.page = n
	}
	return v
}

// query is the view as an address, with what is not as usual.
func (v postView) query() url.Values {
	q := url.Values{}
	if v.search != "" {
		q.Set("q", v.search)
	}
	if v.network != "" {
		q.Set("network", string(v.network))
	}
	if s := v.order(); s != "-published" {
		q.Set("sort", s)
	}
	if v.page > 1 {
		q.Set("page", strconv.Itoa(v.page))
	}
	return q
}

func (v postView) order() string {
	if v.descending {
		return "-" + v.sort
	}
	return v.sort
}

func (v postView) href(p Page) string {
	if q := v.query().Encode(); q != "" {
		return p.Href("/posts") + "?" + q
	}
	return p.Href("/posts")
}

func (v postView) ask(limit int) store.PostQuery {
	return store.PostQuery{Search: v.search, Network: v.network, Sort: v.sort, Descending: v.descending, Limit: limit, Offset: (v.page - 1) * limit}
}

// postColumns are the columns for what was measured on any post: metrics, then the
// rates that can be made of them.
func postColumns(measured []goalpost.Metric) []string {
	var out []string
	has := func(m goalpost.Metric) bool { return slices.Contains(measured, m) }
	for _, m := range []goalpost.Metric{goalpost.Impressions, goalpost.Views, goalpost.Reach, goalpost.Engagements} {
		if has(m) {
			out = append(out, string(m))
		}
	}
	if !has(goalpost.Engagements) {
		return out
	}
	if has(goalpost.Reach) {
		out = append(out, "engagement_rate_by_reach")
	}
	if has(goalpost.Impressions) {
		out = append(out, "engagement_rate_by_impressions")
	}
	if has(goalpost.Views) && !has(goalpost.Reach) && !has(goalpost.Impressions) {
		out = append(out, "engagement_rate_by_views")
	}
	return out
}

// posts lists posts: searched, of one network, sorted, in pages.
func (s *Server) posts(w http.ResponseWriter, r *http.Request, v visitor) error {
	ctx := r.Context()
	p := PostsPage{Page: s.newPage(r, &v, "web.posts.title")}
	view := readPosts(r.URL.Query())
	measured, err := s.DB.MeasuredMetrics(ctx, v.org.ID)
	if err != nil {
		return err
	}
	rows, total, err := s.DB.Posts(ctx, v.org.ID, view.ask(postsPerPage))
	if err != nil {
		return err
	}
	all := total
	if total == 0 || view.search != "" || view.network != "" {
		if _, all, err = s.DB.Posts(ctx, v.org.ID, store.PostQuery{Limit: 1}); err != nil {
			return err
		}
	}
	p.NoPosts, p.Query, p.Sort = all == 0, view.search, view.query().Get("sort")
	p.Count = p.say("web.posts.count", goalpost.NumberArg(float64(total)), goalpost.NumberArg(float64(all)))
	p.Networks = append(p.Networks, Option{Text: p.T("web.posts.network.all"), Selected: view.network == ""})
	for _, n := range goalpost.Networks() {
		p.Networks = append(p.Networks, Option{Value: string(n), Text: p.T("network." + string(n)), Selected: n == view.network})
	}
	columns := postColumns(measured)
	p.heads(view, columns)
	p.Definition = p.postDefinition(columns)
	for _, row := range rows {
		p.Rows = append(p.Rows, p.postLine(row, columns, v.org.Zone()))
	}
	csv := view
	csv.page = 1
	p.CSV = p.Href("/posts.csv") + "?" + csv.query().Encode()
	p.pages(view, total)
	return s.render(w, http.StatusOK, "posts", p)
}

func (p *PostsPage) pages(view postView, total int) {
	if view.page > 1 {
		before := view
		before.page--
		p.Previous = before.href(p.Page)
	}
	if view.page*postsPerPage < total {
		after := view
		after.page++
		p.Next = after.href(p.Page)
	}
}

// heads are the column heads with links that sort.
func (p *PostsPage) heads(view postView, columns []string) {
	head := func(code, text string, num bool) PostHead {
		to := postView{search: view.search, network: view.network, sort: code, descending: true, page: 1}
		h := PostHead{Text: text, Num: num}
		if view.sort == code {
			h.Sorted, h.Arrow = "ascending", "▲"
			if view.descending {
				h.Sorted, h.Arrow = "descending", "▼"
			}
			to.descending = !view.descending
		}
		h.Href = to.href(p.Page)
		return h
	}
	p.Heads = []PostHead{{Text: p.T("web.posts.post")}, {Text: p.T("web.posts.network")}, head("published", p.T("web.posts.date"), false)}
	for _, c := range columns {
		p.Heads = append(p.Heads, head(c, p.columnName(c), true))
	}
}

// columnName is the name of a metric or of a rate.
func (p Page) columnName(code string) string {
	if slices.Contains(goalpost.PostMetrics(), goalpost.Metric(code)) {
		return p.printer.Word("metric." + code)
	}
	return p.printer.Word("kpi." + code)
}

// postDefinition says what the rates divide.
func (p Page) postDefinition(columns []string) string {
	parts := []string{p.T("web.posts.definition")}
	for _, c := range columns {
		if k, ok := goalpost.KPIByCode(c); ok && k.Denominator != "" {
			parts = append(parts, p.columnName(c)+": "+p.formula(k)+".")
		}
	}
	return strings.Join(parts, " ")
}

func (p Page) postLine(row store.PostRow, columns []string, zone *time.Location) PostLine {
	l := PostLine{Text: shorten(row.Text, 160), Link: webLink(row.Permalink), Network: p.T("network." + string(row.Network)), Date: "–"}
	if l.Text == "" {
		l.Text = p.say("web.posts.no-text", goalpost.TextArg(row.ExternalID))
	}
	if row.PublishedOn != goalpost.NoDay {
		l.Date = p.printer.Day(row.PublishedOn)
	}
	for _, c := range columns {
		text := "–"
		if k, _ := goalpost.KPIByCode(c); k.Denominator != "" {
			if x, ok := rateOf(k, row.Counts); ok {
				text = p.printer.PercentDecimals(x, 2) // all columns of this kind are rates
			}
		} else if n, ok := row.Counts[goalpost.Metric(c)]; ok {
			text = p.printer.Number(float64(n))
		}
		l.Cells = append(l.Cells, Fact{Name: p.columnName(c), Text: text})
	}
	return l
}

// rateOf is a rate of one post; ok is false where a part was not measured.
func rateOf(k goalpost.KPI, c goalpost.Counts) (x float64, ok bool) {
	num, hasNum := c[k.Numerator]
	den, hasDen := c[k.Denominator]
	if !hasNum || !hasDen || den <= 0 {
		return 0, false
	}
	return float64(num) / float64(den), true
}

// webLink is a link to the web, or nothing: a file may say anything.
func webLink(link string) string {
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" {
		return ""
	}
	return u.String()
}

// shorten cuts a text to so many characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n])) + " …"
	}
	return s
}

// postsCSV is the list for spreadsheets, without pages.
func (s *Server) postsCSV(w http.ResponseWriter, r *http.Request, v visitor) error {
	view := readPosts(r.URL.Query())
	view.page = 1
	rows, _, err := s.DB.Posts(r.Context(), v.org.ID, view.ask(0))
	if err != nil {
		return err
	}
	metrics := goalpost.PostMetrics()
	head := []string{"network", "account", "id", "published_on", "published_at", "kind", "text", "permalink", "observed_at"}
	for _, m := range metrics {
		head = append(head, string(m))
	}
	table := [][]string{head}
	for _, row := range rows {
		line := []string{string(row.Network), escapeFormula(row.AccountName), escapeFormula(row.ExternalID), "", "", escapeFormula(row.Kind),
			escapeFormula(row.Text), escapeFormula(row.Permalink), row.ObservedAt.UTC().Format(time.RFC3339)}
		if row.PublishedOn != goalpost.NoDay {
			line[3] = row.PublishedOn.String()
		}
		if !row.PublishedAt.IsZero() {
			line[4] = row.PublishedAt.UTC().Format(time.RFC3339)
		}
		for _, m := range metrics {
			cell := ""
			if n, ok := row.Counts[m]; ok {
				cell = strconv.FormatInt(n, 10)
			}
			line = append(line, cell)
		}
		table = append(table, line)
	}
	return writeCSV(w, "posts.csv", table)
}
