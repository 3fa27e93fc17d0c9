package main

import (
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/store"
)

// postsCommand lists posts with their newest counts.
type postsCommand struct {
	Search  string `placeholder:"TEXT" help:"posts-search"`
	Network string `placeholder:"NAME" help:"scope-network"`
	Account string `placeholder:"NAME" help:"scope-account"`
	From    string `placeholder:"DATE" help:"from"`
	Until   string `placeholder:"DATE" help:"until"`
	Sort    string `default:"published" help:"posts-sort"`
	Limit   int    `default:"0" help:"posts-limit"`
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
		list, total, err := assess.Posts(p, db, org.ID, assess.PostsQuery{Search: c.Search, Network: c.Network, Account: c.Account, Period: days,
			Sort: strings.TrimPrefix(c.Sort, "-"), Descending: c.Sort == "published" || strings.HasPrefix(c.Sort, "-"), Limit: c.Limit})
		if err != nil {
			return err
		}
		return c.show(p, list, total)
	})
}

func (c *postsCommand) show(p *program, posts []assess.PostRow, total int) error {
	switch p.flags.Output {
	case "json":
		return p.writeJSON(document.PostsOf(posts, total))
	case "csv":
		header := []string{"id", "network", "account", "published_on", "kind", "text", "permalink", "observed_at"}
		for _, m := range goalpost.PostMetrics() {
			header = append(header, string(m))
		}
		var rows [][]string
		for _, row := range posts {
			e := document.PostOf(row)
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
		e := document.PostOf(row)
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
