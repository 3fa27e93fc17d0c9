package main

import (
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// postsCommand lists posts with their newest counts.
type postsCommand struct {
	Search  string `placeholder:"TEXT" help:"${h_posts_search}"`
	Network string `placeholder:"NAME" help:"${h_scope_network}"`
	Account string `placeholder:"NAME" help:"${h_scope_account}"`
	From    string `placeholder:"DATE" help:"${h_from}"`
	Until   string `placeholder:"DATE" help:"${h_until}"`
	Sort    string `default:"published" help:"${h_posts_sort}"`
	Limit   int    `default:"0" help:"${h_posts_limit}"`
}

// postEntry is a post in JSON. Counts that were not measured are left out.
type postEntry struct {
	ID          string          `json:"id"`
	Network     string          `json:"network"`
	Account     string          `json:"account"`
	PublishedOn *goalpost.Day   `json:"published_on"` // null if the date is not known
	PublishedAt *time.Time      `json:"published_at"` // null if only the day is known
	Kind        string          `json:"kind"`
	Text        string          `json:"text"`
	Permalink   string          `json:"permalink"`
	Counts      goalpost.Counts `json:"counts"`
	Derived     bool            `json:"engagements_derived"`
	ObservedAt  time.Time       `json:"observed_at"`
}

// Run lists the posts; all of them unless --limit says otherwise.
func (c *postsCommand) Run(p *program) error {
	days, err := period(c.From, c.Until)
	if err != nil {
		return err
	}
	if c.Limit < 0 {
		return usage("--limit cannot be negative")
	}
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		q := store.PostQuery{Search: c.Search, Period: days, Sort: strings.TrimPrefix(c.Sort, "-"), Limit: c.Limit}
		q.Descending = c.Sort == "published" || strings.HasPrefix(c.Sort, "-")
		if err := c.narrow(p, db, org, &q); err != nil {
			return err
		}
		list, total, err := db.Posts(p, org.ID, q)
		if err != nil {
			return err
		}
		return c.show(p, list, total)
	})
}

// narrow turns the names of --network and --account into a query.
func (c *postsCommand) narrow(p *program, db *store.DB, org goalpost.Organisation, q *store.PostQuery) error {
	scope, err := assess.ScopeOf(p, db, org.ID, list(c.Account), list(c.Network))
	if err != nil {
		return err
	}
	if len(scope.Networks) > 0 {
		q.Network = scope.Networks[0]
	}
	if len(scope.Accounts) > 1 {
		return &goalpost.Error{Kind: goalpost.Ask, Key: "error.flag.account-ambiguous", Flag: "--account", Args: []goalpost.Arg{goalpost.TextArg(c.Account)}}
	}
	if len(scope.Accounts) == 1 {
		q.Account = scope.Accounts[0]
	}
	return nil
}

// list is a list of one name, or of none.
func list(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

func (c *postsCommand) show(p *program, posts []store.PostRow, total int) error {
	switch p.flags.Output {
	case "json":
		out := []postEntry{}
		for _, row := range posts {
			out = append(out, entryOf(row))
		}
		return p.writeJSON(map[string]any{"posts": out, "total": total})
	case "csv":
		header := []string{"id", "network", "account", "published_on", "kind", "text", "permalink", "observed_at"}
		for _, m := range goalpost.PostMetrics() {
			header = append(header, string(m))
		}
		var rows [][]string
		for _, row := range posts {
			e := entryOf(row)
			cells := []string{e.ID, e.Network, e.Account, dayText(e.PublishedOn), e.Kind, e.Text, e.Permalink, e.ObservedAt.Format(time.RFC3339)}
			for _, m := range goalpost.PostMetrics() {
				cells = append(cells, countText(row.Counts, m))
			}
			rows = append(rows, cells)
		}
		return p.writeCSV(header, rows)
	}
	if len(posts) == 0 {
		return p.print("%s\n", p.say.T("cli.posts.none"))
	}
	var rows [][]string
	for _, row := range posts {
		e := entryOf(row)
		rows = append(rows, []string{dayText(e.PublishedOn), p.say.Word("network." + e.Network), e.Text,
			countText(row.Counts, goalpost.Reach), countText(row.Counts, goalpost.Engagements)})
	}
	err := p.writeTable([]column{{key: "cli.column.published"}, {key: "cli.column.network"}, {key: "cli.column.text", flex: true},
		{key: "metric.reach", right: true}, {key: "metric.engagements", right: true}}, rows)
	if err != nil || total <= len(posts) {
		return err
	}
	return p.print("%s\n", p.say.T("cli.posts.more", goalpost.NumberArg(float64(total-len(posts)))))
}

func entryOf(row store.PostRow) postEntry {
	e := postEntry{ID: row.ExternalID, Network: string(row.Network), Account: row.AccountName, Kind: row.Kind, Text: row.Text, Permalink: row.Permalink,
		Counts: row.Counts, Derived: row.Derived, ObservedAt: row.ObservedAt.UTC()}
	if e.Counts == nil {
		e.Counts = goalpost.Counts{}
	}
	if row.PublishedOn != goalpost.NoDay {
		e.PublishedOn = &row.PublishedOn
	}
	if !row.PublishedAt.IsZero() && !row.DayOnly {
		e.PublishedAt = &row.PublishedAt
	}
	return e
}

func dayText(d *goalpost.Day) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func countText(c goalpost.Counts, m goalpost.Metric) string {
	v, ok := c[m]
	if !ok {
		return ""
	}
	return strconv.FormatInt(v, 10)
}
