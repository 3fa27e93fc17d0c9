package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"goalpost"
)

// PostFilter says which posts are counted by which metric. Empty lists mean all.
type PostFilter struct {
	Accounts    []goalpost.AccountID
	Networks    []goalpost.Network
	Period      goalpost.Period
	SeenBefore  time.Time       // zero: the newest counts; else those known before
	Numerator   goalpost.Metric // a post metric; "posts" or "" count one each
	Denominator goalpost.Metric // "": none; "posts": one per post
}

// PostDay is the posts of an account and day.
type PostDay struct {
	Account   goalpost.AccountID
	Network   goalpost.Network
	Day       goalpost.Day
	Posts     int // all
	NumPosts  int // with the numerator
	BothPosts int // with numerator and denominator
	Num       float64
	BothNum   float64 // numerator over the posts that have both
	BothDen   float64
	RatioSum  float64 // sum over posts of numerator / denominator, denominators > 0
	Largest   float64 // largest numerator of a post
	// ObservedFrom and ObservedUntil are the oldest and the newest of the moments at
	// which the posts' counts were seen.
	ObservedFrom, ObservedUntil time.Time
}

// The places that stand for no metric.
const (
	placeOne  = -1 // one per post
	placeNone = -2
)

func place(m goalpost.Metric, empty int) int {
	switch m {
	case "":
		return empty
	case goalpost.SeriesPosts:
		return placeOne
	default:
	}
	if i := slices.Index(postMetrics, m); i >= 0 {
		return i
	}
	return placeNone
}

// PostDays counts the posts published in a period, by account and day, ordered by both.
func (db *DB) PostDays(ctx context.Context, org goalpost.OrgID, f PostFilter) ([]PostDay, error) {
	query, args := "post.PostDays", []any{org, f.Period.Start, f.Period.End, place(f.Numerator, placeOne), place(f.Denominator, placeNone)}
	if !f.SeenBefore.IsZero() {
		query, args = "post.PostDaysSeen", append(args, f.SeenBefore.UnixMicro())
	}
	var list []PostDay
	err := db.rows(ctx, query, func(r *sql.Rows) error {
		var d PostDay
		var from, until int64
		if err := r.Scan(&d.Account, &d.Network, &d.Day, &d.Posts, &d.NumPosts, &d.BothPosts, &d.Num, &d.BothNum, &d.BothDen, &d.RatioSum, &d.Largest, &from, &until); err != nil {
			return err
		}
		d.ObservedFrom, d.ObservedUntil = micros(from), micros(until)
		if within(f.Accounts, d.Account) && within(f.Networks, d.Network) {
			list = append(list, d)
		}
		return nil
	}, args...)
	return list, err
}

// within reports whether a list is empty or holds x.
func within[T comparable](list []T, x T) bool { return len(list) == 0 || slices.Contains(list, x) }

// MeasuredMetrics returns the metrics that at least one post has.
func (db *DB) MeasuredMetrics(ctx context.Context, org goalpost.OrgID) ([]goalpost.Metric, error) {
	var list []goalpost.Metric
	err := db.rows(ctx, "post.MeasuredMetrics", func(r *sql.Rows) error {
		var n [15]int64
		dest := make([]any, len(n))
		for i := range n {
			dest[i] = &n[i]
		}
		if err := r.Scan(dest...); err != nil {
			return err
		}
		for i, m := range postMetrics {
			if n[i] > 0 {
				list = append(list, m)
			}
		}
		return nil
	}, org)
	return list, err
}

// UndatedPosts returns how many posts have no date and count in no period.
func (db *DB) UndatedPosts(ctx context.Context, org goalpost.OrgID) (int, error) {
	var n int
	err := db.row(ctx, "SELECT COUNT(*) FROM post_latest WHERE org_id = $1 AND published_on = $2", "post", []any{org, goalpost.NoDay}, &n)
	return n, err
}

// PostQuery asks for a page of posts.
type PostQuery struct {
	Search     string // part of the text
	Network    goalpost.Network
	Account    goalpost.AccountID
	Period     goalpost.Period // zero: all, also posts without a date
	Sort       string          // "published" (or ""), a metric's code, or the code of a rate
	Descending bool
	Limit      int // 0: all
	Offset     int
}

// PostRow is a post with its newest counts.
type PostRow struct {
	goalpost.Post
	AccountName string
	Network     goalpost.Network
	Counts      goalpost.Counts
	Derived     bool // engagements are the sum of their parts
	ObservedAt  time.Time
}

// rateSorts are the rates that posts can be sorted by, from place 100 on.
var rateSorts = []string{"engagement_rate_by_reach", "engagement_rate_by_impressions", "engagement_rate_by_views", "save_rate", "click_through_rate", "click_through_rate_link"}

// PostSorts returns what posts can be sorted by.
func PostSorts() []string {
	list := []string{"published"}
	for _, m := range postMetrics {
		list = append(list, string(m))
	}
	return append(list, rateSorts...)
}

// Posts returns a page of posts and how many there are in all.
func (db *DB) Posts(ctx context.Context, org goalpost.OrgID, q PostQuery) (list []PostRow, total int, err error) {
	sort := -1
	if i := slices.Index(rateSorts, q.Sort); i >= 0 {
		sort = 100 + i
	} else if q.Sort != "" && q.Sort != "published" {
		i := slices.Index(postMetrics, goalpost.Metric(q.Sort))
		if i < 0 {
			return nil, 0, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.posts.sort", Field: "sort", Flag: "--sort", Args: []goalpost.Arg{goalpost.TextArg(q.Sort), goalpost.TextArg(strings.Join(PostSorts(), ", "))}}
		}
		sort = i
	}
	if q.Period == (goalpost.Period{}) {
		q.Period = goalpost.Period{Start: goalpost.NoDay + 1, End: 1 << 30}
	}
	pattern := ""
	if q.Search != "" {
		pattern = "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(q.Search) + "%"
	}
	direction, limit := 1.0, q.Limit
	if q.Descending {
		direction = -1
	}
	if limit <= 0 {
		limit = 1 << 31
	}
	filter := []any{org, pattern, string(q.Network), q.Period.Start, q.Period.End}
	query := "post.Posts"
	if pattern != "" {
		query = "post.Search"
	}
	err = db.rows(ctx, query, func(r *sql.Rows) error {
		p, err := scanPost(r, &total)
		list = append(list, p)
		return err
	}, append(filter, sort, direction, q.Account, limit, q.Offset)...)
	if err == nil && (pattern == "" || len(list) == 0) { // a search beyond its last page has no row that counts
		err = db.row(ctx, "post.CountPosts", "post", append(filter[:5:5], q.Account), &total)
	}
	return list, total, err
}

func scanPost(r *sql.Rows, total *int) (PostRow, error) {
	var p PostRow
	var at sql.NullInt64
	var seen int64
	var v [15]sql.NullInt64
	dest := []any{total, &p.ID, &p.Account, &p.ExternalID, &p.Text, &p.Permalink, &p.Kind, &at, &p.PublishedOn, &p.DayOnly, &p.Network, &p.AccountName, &seen}
	for i := range v {
		dest = append(dest, &v[i])
	}
	if err := r.Scan(append(dest, &p.Derived)...); err != nil {
		return p, err
	}
	if at.Valid {
		p.PublishedAt = time.UnixMicro(at.Int64).UTC()
	}
	p.Counts, p.ObservedAt = countsOf(v[:]), micros(seen)
	return p, nil
}

// PostSnapshots returns everything that was counted on a post, oldest first.
func (db *DB) PostSnapshots(ctx context.Context, org goalpost.OrgID, post goalpost.PostID) ([]goalpost.Snapshot, error) {
	var list []goalpost.Snapshot
	err := db.rows(ctx, "snapshot.OfPost", func(r *sql.Rows) error {
		s, err := scanSnapshot(r)
		list = append(list, goalpost.Snapshot{Post: post, ObservedAt: micros(s.at), Counts: s.counts, EngagementsDerived: s.derived})
		return err
	}, org, post)
	return list, err
}
