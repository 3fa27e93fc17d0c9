// Command dashboards measures the queries behind each page: a store of 20
// organisations with 10 M snapshots of posts and 600,000 daily values, one
// organisation asked, idle and while another one imports.
//
//	go run ./bench/dashboards [-snapshots 10000000] [-runs 200] [-data DIR]
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

const (
	orgs      = 20
	snapshots = 20 // of each post
	seriesN   = 30 // of each organisation, 1,000 days each
)

func main() {
	total := flag.Int("snapshots", 10_000_000, "snapshots of all organisations together")
	runs := flag.Int("runs", 200, "repetitions of each query")
	data := flag.String("data", "", "keep the store here and use it again; empty: a temporary one")
	flag.Parse()
	dir := *data
	if dir == "" {
		tmp, err := os.MkdirTemp("", "goalpost-bench-")
		must(err)
		defer func() { _ = os.RemoveAll(tmp) }()
		dir = tmp
	}
	ctx := context.Background()
	if _, err := os.Stat(filepath.Join(dir, store.File)); err != nil {
		fill(ctx, dir, *total/orgs/snapshots)
	}
	db, err := store.Open(ctx, dir, store.Options{})
	must(err)
	defer func() { _ = db.Close() }()
	info, err := os.Stat(filepath.Join(dir, store.File))
	must(err)
	fmt.Printf("%d snapshots, file %.0f MB\n\n", *total, float64(info.Size())/1e6)
	idle := measure(ctx, db, *runs)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() { importing(ctx, db, stop); close(done) }()
	time.Sleep(300 * time.Millisecond)
	busy := measure(ctx, db, *runs)
	close(stop)
	<-done
	fmt.Printf("%-44s %9s %9s %14s %7s\n", "query", "p50 ms", "p95 ms", "p95 importing", "ratio")
	for i, q := range queries() {
		fmt.Printf("%-44s %9.1f %9.1f %14.1f %7.1f\n", q.name, at(idle[i], .5), at(idle[i], .95), at(busy[i], .95), at(busy[i], .95)/max(.05, at(idle[i], .95)))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func at(sorted []time.Duration, p float64) float64 {
	return sorted[int(p*float64(len(sorted)-1))].Seconds() * 1000
}

type query struct {
	name string
	run  func(context.Context, *store.DB) error
}

const org = goalpost.OrgID(7)

func queries() []query {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	today := goalpost.DayOf(now, time.UTC)
	year := goalpost.Period{Start: today - 365, End: today}
	all := goalpost.Period{Start: 0, End: today}
	posts := func(p goalpost.Period, num, den goalpost.Metric) func(context.Context, *store.DB) error {
		return func(ctx context.Context, db *store.DB) error {
			_, err := db.PostDays(ctx, org, store.PostFilter{Period: p, Numerator: num, Denominator: den})
			return err
		}
	}
	page := func(q store.PostQuery) func(context.Context, *store.DB) error {
		q.Limit = 50
		return func(ctx context.Context, db *store.DB) error {
			_, _, err := db.Posts(ctx, org, q)
			return err
		}
	}
	return []query{
		{"goals: a KPI of a year from posts", posts(year, goalpost.Impressions, "")},
		{"goals: a rate of a year from posts", posts(year, goalpost.Engagements, goalpost.Reach)},
		{"goals: a KPI of all time from posts", posts(all, goalpost.Engagements, "")},
		{"goals: 5 series of 1,000 days", func(ctx context.Context, db *store.DB) error {
			for i := range 5 {
				if _, err := db.SeriesValues(ctx, org, store.SeriesFilter{Metric: goalpost.Metric(fmt.Sprint("series_", i)), Period: all}); err != nil {
					return err
				}
			}
			return nil
		}},
		{"goals: all goals and their verdicts", func(ctx context.Context, db *store.DB) error {
			if _, err := db.Goals(ctx, org); err != nil {
				return err
			}
			_, err := db.LatestVerdicts(ctx, org)
			return err
		}},
		{"goals: what the data give (alignment)", func(ctx context.Context, db *store.DB) error { _, err := assess.KPICodes(ctx, db, org); return err }},
		{"goal: earlier verdicts", func(ctx context.Context, db *store.DB) error { _, err := db.VerdictHistory(ctx, org, 1); return err }},
		{"posts: newest 50", page(store.PostQuery{Sort: "published", Descending: true})},
		{"posts: 50 best by rate, all time", page(store.PostQuery{Sort: "engagement_rate_by_reach", Descending: true})},
		{"posts: search in the text", page(store.PostQuery{Search: "tide 12", Sort: "published", Descending: true})},
		{"post: its curve", func(ctx context.Context, db *store.DB) error { _, err := db.PostSnapshots(ctx, org, 100); return err }},
		{"import: accounts and the ledger", func(ctx context.Context, db *store.DB) error {
			if _, err := db.Accounts(ctx, org); err != nil {
				return err
			}
			_, err := db.Imports(ctx, org)
			return err
		}},
	}
}

func measure(ctx context.Context, db *store.DB, runs int) [][]time.Duration {
	var out [][]time.Duration
	for _, q := range queries() {
		var list []time.Duration
		for range runs + 5 {
			start := time.Now()
			must(q.run(ctx, db))
			list = append(list, time.Since(start))
		}
		list = list[5:] // the first ones warm up
		slices.Sort(list)
		out = append(out, list)
	}
	return out
}

// importing imports small sales tables into another organisation until it is stopped.
func importing(ctx context.Context, db *store.DB, stop chan struct{}) {
	o, err := db.Organisation(ctx, 3)
	must(err)
	for n := 0; ; n++ {
		var b strings.Builder
		b.WriteString("date,orders,region\n")
		for i := range 50_000 {
			fmt.Fprintf(&b, "%s,%d,region %d-%d\n", goalpost.Day(15000+i/10), i%50, i%10, n)
		}
		text := b.String()
		_, err := assess.Import(ctx, db, o, assess.Input{Name: fmt.Sprintf("sales-%d.csv", n), R: strings.NewReader(text), Size: int64(len(text)), Now: time.Now()}, nil)
		must(err)
		select {
		case <-stop:
			return
		default:
		}
	}
}

// fill writes the rows as an import would have, but straight into the tables.
func fill(ctx context.Context, dir string, posts int) {
	db, err := store.Open(ctx, dir, store.Options{})
	must(err)
	for i := range orgs {
		o, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: fmt.Sprint("Organisation ", i), Language: "en", TimeZone: "UTC", Currency: "EUR", Adopted: true})
		must(err)
		g, err := db.CreateGoal(ctx, o.ID, "reach", goalpost.GoalVersion{Version: 1, At: time.Unix(1, 0)})
		must(err)
		for range 200 {
			must(db.SaveVerdict(ctx, o.ID, goalpost.Verdict{Goal: g.ID}, time.Unix(1, 0)))
		}
	}
	must(db.Close())
	raw, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.File)+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=cache_size(-200000)")
	must(err)
	raw.SetMaxOpenConns(1)
	defer func() { _ = raw.Close() }()
	start := time.Now()
	for o := 1; o <= orgs; o++ {
		fillOrg(raw, o, posts)
	}
	_, err = raw.Exec("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")
	must(err)
	fmt.Printf("filled in %.0f s\n", time.Since(start).Seconds())
}

func fillOrg(raw *sql.DB, o, posts int) {
	tx, err := raw.Begin()
	must(err)
	prepare := func(text string) *sql.Stmt {
		s, err := tx.Prepare(text)
		must(err)
		return s
	}
	exec := func(s *sql.Stmt, args ...any) {
		_, err := s.Exec(args...)
		must(err)
	}
	exec(prepare("INSERT INTO account VALUES (?, 1, 'facebook', 'Harbour', 'harbour', '')"), o)
	exec(prepare("INSERT INTO import VALUES (?, 1, 'done', 'f', 'table', 'x', '{}', '', 1, 1, 1, 0, '', '', '{}')"), o)
	post := prepare("INSERT INTO post VALUES (?, ?, 1, ?, ?, '', 'photo', ?, ?, 0, ?)")
	snap := prepare("INSERT INTO snapshot VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, 0)")
	latest := prepare("INSERT INTO post_latest VALUES (?, 1, ?, ?, 'facebook', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, 0)")
	value := prepare("INSERT INTO series_value VALUES (?, ?, ?, 1, 1, ?, NULL)")
	series := prepare("INSERT INTO series VALUES (?, ?, 0, '', ?, '', '', 'day', '')")
	end := goalpost.NewDay(2026, 1, 1)
	for p := 1; p <= posts; p++ {
		on := end - 1 - goalpost.Day((posts-p)*1500/posts) // about four years
		at := on.Time().UnixMicro()
		exec(post, o, p, fmt.Sprint("p", p), fmt.Sprintf("Tide %d of %d", p, o), at, on, at+snapshots*86_400_000_000)
		for s := 1; s <= snapshots; s++ {
			x := int64(p*7%5000*s + s)
			c := []any{x * 10, x * 9, x * 8, x, x / 5, x / 9, x / 7, x / 2, x / 3, x + x/5 + x/9 + x/7}
			exec(snap, append([]any{o, p, at + int64(s)*86_400_000_000}, c...)...)
			if s == snapshots {
				exec(latest, append([]any{o, on, p, at, at + int64(s)*86_400_000_000}, c...)...)
			}
		}
	}
	for s := 1; s <= seriesN; s++ {
		exec(series, o, s, fmt.Sprint("series_", s-1))
		for d := range 1000 {
			exec(value, o, s, end-1000+goalpost.Day(d), float64(d*s%977))
		}
	}
	must(tx.Commit())
}
