package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"goalpost"
)

// AppendBatch stores some rows of a loading import, seen at observedAt, in one short
// transaction. known is how many posts and activities say nothing that another import
// did not say; for values of series Overlap tells it at the end. Every import keeps its
// own rows, also those that are known: undoing one leaves the other.
func (db *DB) AppendBatch(ctx context.Context, org goalpost.OrgID, id goalpost.ImportID, b goalpost.Batch, observedAt time.Time) (known int, err error) {
	db.mu.Lock()
	im := db.imports[importKey{org, id}]
	if im == nil {
		im = &importing{accounts: map[goalpost.AccountRef]goalpost.AccountID{}, networks: map[goalpost.AccountID]goalpost.Network{}, series: map[goalpost.SeriesKey]*loadingSeries{}, nextPost: -1}
		db.imports[importKey{org, id}] = im
	}
	db.mu.Unlock()
	err = db.do(ctx, func(t *tx) error {
		a := appender{tx: t, im: im, org: org, id: id, at: toMicros(observedAt)}
		if err := a.begin(); err != nil {
			return err
		}
		for i := range b.Posts {
			if err := a.post(&b.Posts[i]); err != nil {
				return fmt.Errorf("store: line %d: %w", b.Posts[i].Line, err)
			}
		}
		if err := a.values(b.Values); err != nil {
			return err
		}
		for i := range b.Activities {
			if err := a.activity(&b.Activities[i]); err != nil {
				return fmt.Errorf("store: line %d: %w", b.Activities[i].Line, err)
			}
		}
		known = a.known
		return nil
	})
	if err != nil {
		db.forget(org, id) // ids given in a transaction that was taken back are not kept
	}
	return known, err
}

// appender writes the rows of one batch.
type appender struct {
	*tx
	im    *importing
	org   goalpost.OrgID
	id    goalpost.ImportID
	at    int64
	known int
	args  [23]any
}

func (a *appender) begin() error {
	var state string
	found, err := a.row("SELECT state FROM import WHERE org_id = $1 AND id = $2", []any{a.org, a.id}, &state)
	if err != nil {
		return err
	}
	if !found || (state != string(goalpost.ImportLoading) && state != string(goalpost.ImportRebuild)) {
		return notFound("import")
	}
	if a.im.nextPost >= 0 {
		return nil
	}
	var twins int64
	if _, err := a.row("SELECT COUNT(*) FROM import WHERE org_id = $1 AND observed_at = $2 AND id <> $3 AND state = 'done'", []any{a.org, a.at, a.id}, &twins); err != nil {
		return err
	}
	a.im.twin = twins > 0
	a.im.nextPost, err = a.next("SELECT COALESCE(MAX(id), 0) + 1 FROM post WHERE org_id = $1", a.org)
	return err
}

func (a *appender) accountOf(ref goalpost.AccountRef) (goalpost.AccountID, error) {
	if ref == (goalpost.AccountRef{}) {
		return 0, nil
	}
	if id, ok := a.im.accounts[ref]; ok {
		return id, nil
	}
	id, err := a.account(a.org, ref)
	if err != nil {
		return 0, err
	}
	a.im.accounts[ref], a.im.networks[id] = id, ref.Network
	return id, nil
}

// post stores a post and what was counted on it.
func (a *appender) post(r *goalpost.PostRecord) error {
	account, err := a.accountOf(r.Account)
	if err != nil {
		return err
	}
	p := &r.Post
	var published any
	if !p.PublishedAt.IsZero() {
		published = p.PublishedAt.UnixMicro()
	}
	id := a.im.nextPost
	added, err := a.exec("post.Add", a.org, id, account, p.ExternalID, p.Text, p.Permalink, p.Kind, published, p.PublishedOn, bit(p.DayOnly), a.at)
	if err != nil {
		return err
	}
	if added == 1 {
		a.im.nextPost++
		if err := a.snapshot(id, r); err != nil {
			return err
		}
		return a.latest(latestRow{on: p.PublishedOn, post: id, account: account, network: r.Account.Network, when: published, at: a.at, counts: r.Counts, derived: r.EngagementsDerived})
	}
	return a.seenBefore(account, r)
}

// seenBefore adds a snapshot to a post that is there, and brings its newest counts
// up to date.
func (a *appender) seenBefore(account goalpost.AccountID, r *goalpost.PostRecord) error {
	var id int64
	if _, err := a.row("SELECT id FROM post WHERE org_id = $1 AND account_id = $2 AND external_id = $3",
		[]any{a.org, account, r.Post.ExternalID}, &id); err != nil {
		return err
	}
	if a.im.twin {
		same, err := a.sameCounts(id, r)
		if err != nil {
			return err
		}
		if same {
			a.known++
		}
	}
	if err := a.snapshot(id, r); err != nil {
		return err
	}
	if err := a.disagree(id, r); err != nil {
		return err
	}
	return a.refold(a.org, id)
}

// sameCounts reports whether another finished import saw the same at the same moment.
func (a *appender) sameCounts(id int64, r *goalpost.PostRecord) (bool, error) {
	same := false
	err := a.rows("snapshot.OfPost", func(rows *sql.Rows) error {
		s, err := scanSnapshot(rows)
		if err != nil || s.at != a.at || s.imp == a.id || len(s.counts) != len(r.Counts) {
			return err
		}
		for m, v := range r.Counts {
			if s.counts[m] != v {
				return nil
			}
		}
		same = true
		return nil
	}, a.org, id)
	return same, err
}

func (a *appender) snapshot(id int64, r *goalpost.PostRecord) error {
	args := append(a.args[:0], a.org, id, a.at, a.id)
	args = appendCounts(args, r.Counts)
	_, err := a.exec("snapshot.Add", append(args, bit(r.EngagementsDerived))...)
	return err
}

var postMetrics = goalpost.PostMetrics()

func appendCounts(args []any, c goalpost.Counts) []any {
	for _, m := range postMetrics {
		if v, ok := c[m]; ok {
			args = append(args, v)
		} else {
			args = append(args, nil)
		}
	}
	return args
}

// latestRow is a row of post_latest.
type latestRow struct {
	on      goalpost.Day
	post    int64
	account goalpost.AccountID
	network goalpost.Network
	when    any // published_at, nil when unknown
	at      int64
	counts  goalpost.Counts
	derived bool
}

func (a *appender) latest(l latestRow) error { return a.addLatest(a.org, l, a.args[:0]) }

func (t *tx) addLatest(org goalpost.OrgID, l latestRow, args []any) error {
	args = append(args, org, l.account, l.on, l.post, string(l.network), l.when, l.at)
	args = appendCounts(args, l.counts)
	_, err := t.exec("post.AddLatest", append(args, bit(l.derived))...)
	return err
}

// refold makes a post's newest counts from its snapshots: for each metric the newest
// one that has it. A post without snapshots goes.
func (t *tx) refold(org goalpost.OrgID, id int64) error {
	var l latestRow
	l.post, l.counts = id, goalpost.Counts{}
	var snapshots []snapshotRow
	err := t.rows("snapshot.OfPost", func(r *sql.Rows) error {
		s, err := scanSnapshot(r)
		if err != nil {
			return err
		}
		snapshots = append(snapshots, s)
		l.at = s.at
		for m, v := range s.counts {
			l.counts[m] = v
			if m == goalpost.Engagements {
				l.derived = s.derived
			}
		}
		return nil
	}, org, id)
	if err != nil {
		return err
	}
	var before goalpost.Day
	found, err := t.row("SELECT account_id, published_on FROM post WHERE org_id = $1 AND id = $2", []any{org, id}, &l.account, &before)
	if err != nil || !found {
		return err
	}
	if _, err := t.exec("DELETE FROM post_latest WHERE org_id = $1 AND account_id = $2 AND published_on = $3 AND post_id = $4", org, l.account, before, id); err != nil {
		return err
	}
	if len(snapshots) == 0 {
		if _, err := t.exec("DELETE FROM post_said WHERE org_id = $1 AND post_id = $2", org, id); err != nil {
			return err
		}
		_, err := t.exec("DELETE FROM post WHERE org_id = $1 AND id = $2", org, id)
		return err
	}
	if err := t.resay(org, id, snapshots); err != nil {
		return err
	}
	if _, err := t.row("SELECT p.published_on, p.published_at, a.network FROM post p JOIN account a ON a.org_id = p.org_id AND a.id = p.account_id WHERE p.org_id = $1 AND p.id = $2",
		[]any{org, id}, &l.on, &l.when, &l.network); err != nil {
		return err
	}
	return t.addLatest(org, l, nil)
}

type snapshotRow struct {
	at      int64
	imp     goalpost.ImportID
	counts  goalpost.Counts
	derived bool
}

func scanSnapshot(r *sql.Rows) (snapshotRow, error) {
	var s snapshotRow
	var v [15]sql.NullInt64
	dest := []any{&s.at, &s.imp}
	for i := range v {
		dest = append(dest, &v[i])
	}
	err := r.Scan(append(dest, &s.derived)...)
	s.counts = countsOf(v[:])
	return s, err
}

func countsOf(v []sql.NullInt64) goalpost.Counts {
	c := goalpost.Counts{}
	for i, m := range postMetrics {
		if v[i].Valid {
			c[m] = v[i].Int64
		}
	}
	return c
}

// valuesAtOnce is how many rows series.AddValues inserts.
const valuesAtOnce = 50

// sameDay is what the rows of one batch say of one series and day, added.
type sameDay struct {
	series *loadingSeries
	key    goalpost.SeriesKey
	day    goalpost.Day
	value  float64
	rows   []goalpost.ValueRecord // of the batch, side by side
}

// values stores values of series. Rows with the same series and day that follow each
// other are added first, fifty of the rest go into one statement.
func (a *appender) values(list []goalpost.ValueRecord) error {
	var days []sameDay
	for i := range list {
		r := &list[i]
		key := r.Key
		var err error
		if key.Account, err = a.accountOf(r.Account); err != nil {
			return fmt.Errorf("store: line %d: %w", r.Line, err)
		}
		if n := len(days); n > 0 && days[n-1].day == r.Day && days[n-1].key == key {
			days[n-1].value += r.Value
			days[n-1].rows = days[n-1].rows[:len(days[n-1].rows)+1]
			continue
		}
		s := a.im.series[key]
		if s == nil {
			if s, err = a.seriesOf(key); err != nil {
				return fmt.Errorf("store: line %d: %w", r.Line, err)
			}
			a.im.series[key] = s
		}
		days = append(days, sameDay{series: s, key: key, day: r.Day, value: r.Value, rows: list[i : i+1]})
	}
	args := make([]any, 0, 7*valuesAtOnce)
	for len(days) >= valuesAtOnce {
		args = args[:0]
		for _, d := range days[:valuesAtOnce] {
			quantity, minor := a.amount(d)
			args = append(args, a.org, d.series.id, d.day, a.at, a.id, quantity, minor)
		}
		if _, err := a.exec("series.AddValues", args...); err != nil {
			return err
		}
		days = days[valuesAtOnce:]
	}
	for _, d := range days {
		quantity, minor := a.amount(d)
		if _, err := a.exec("series.AddValue", a.org, d.series.id, d.day, a.at, a.id, quantity, minor); err != nil {
			return err
		}
	}
	return nil
}

// amount returns a value as a quantity or in minor units, and remembers what is needed
// to compare it with other imports.
func (a *appender) amount(d sameDay) (quantity, minor any) {
	before, known := d.series.before[d.day]
	if known {
		d.series.add(d.day, d.value, d.rows[0].Line)
	}
	for _, r := range d.rows {
		if known && same(before.value, d.value) {
			a.im.known.add(r.Line)
		} else {
			a.im.fresh.add(r.Line)
		}
	}
	if d.key.IsMoney() {
		return nil, goalpost.ToMinor(d.value, d.key.Currency)
	}
	return d.value, nil
}

// seriesOf finds a series or makes it, with the newest values of other imports.
func (a *appender) seriesOf(k goalpost.SeriesKey) (*loadingSeries, error) {
	s := &loadingSeries{}
	found, err := a.row("SELECT id FROM series WHERE org_id = $1 AND metric = $2 AND account_id = $3 AND network = $4 AND region = $5 AND product = $6 AND grain = $7 AND currency = $8",
		[]any{a.org, string(k.Metric), k.Account, string(k.Network), k.Region, k.Product, string(k.Grain), k.Currency}, &s.id)
	if err != nil {
		return nil, err
	}
	if found {
		s.at, s.before = a.at, map[goalpost.Day]seenValue{}
		err := a.rows("series.Newest", func(r *sql.Rows) error {
			var day goalpost.Day
			var at int64
			v, err := scanValue(r, k.Currency, &day, &at)
			s.before[day] = seenValue{value: v, at: at}
			return err
		}, a.org, s.id, a.id)
		return s, err
	}
	id, err := a.next("SELECT COALESCE(MAX(id), 0) + 1 FROM series WHERE org_id = $1", a.org)
	if err != nil {
		return nil, err
	}
	s.id = goalpost.SeriesID(id)
	_, err = a.exec("INSERT INTO series (org_id, id, account_id, network, metric, region, product, grain, currency) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		a.org, s.id, k.Account, string(k.Network), string(k.Metric), k.Region, k.Product, string(k.Grain), k.Currency)
	return s, err
}

// scanValue reads day, quantity, amount_minor and observed_at; the amount is one number in
// major units.
func scanValue(r *sql.Rows, currency string, day *goalpost.Day, at *int64) (float64, error) {
	var quantity sql.NullFloat64
	var minor sql.NullInt64
	if err := r.Scan(day, &quantity, &minor, at); err != nil {
		return 0, err
	}
	if minor.Valid {
		return goalpost.ToMajor(minor.Int64, currency), nil
	}
	return quantity.Float64, nil
}
