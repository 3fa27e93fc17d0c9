package demo

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

var today = goalpost.NewDay(2026, time.November, 24)

// The same seed and day give the same bytes; another seed gives others.
func TestWriteRepeats(t *testing.T) {
	a, b, c := t.TempDir(), t.TempDir(), t.TempDir()
	first, err := Write(a, Seed, today)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Write(b, Seed, today); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(c, Seed+1, today); err != nil {
		t.Fatal(err)
	}
	if len(first.Files) != 13 {
		t.Fatalf("\ngot:  %d files\nwant: 13", len(first.Files))
	}
	same := 0
	for _, f := range first.Files {
		x, y, z := readFile(t, a, f.Name), readFile(t, b, f.Name), readFile(t, c, f.Name)
		if !bytes.Equal(x, y) {
			t.Errorf("%s: the second writing differs", f.Name)
		}
		if bytes.Equal(x, z) {
			same++ // activities do not depend on the seed
		}
	}
	if same != 1 {
		t.Errorf("\ngot:  %d files of another seed are the same\nwant: 1", same)
	}
}

func readFile(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Recovery: the effects that were built in are in the sales table, roughly. The
// orders of a region are held against those of the others, during the activity and
// in the eight weeks before.
func TestEffectsAreInTheSales(t *testing.T) {
	const (
		seeds    = 40
		oneSeed  = 0.20 // one company scatters with a standard deviation of about 0.055
		allSeeds = 0.03 // the mean of 40 with at most 0.01
	)
	average := make([]float64, 3)
	for seed := range uint64(seeds) {
		dir := t.TempDir()
		c, err := Write(dir, seed, today)
		if err != nil {
			t.Fatal(err)
		}
		orders := ordersOf(t, dir)
		for i, e := range c.Effects {
			before := goalpost.Period{Start: e.Period.Start - 56, End: e.Period.Start}
			got := ratio(c, orders, e, e.Period)/ratio(c, orders, e, before) - 1
			average[i] += got / seeds
			if i == 0 && math.Abs(got-e.Relative) > oneSeed {
				t.Errorf("seed %d: %s\ngot:  %.3f\nwant: about %.2f", seed, e.Activity, got, e.Relative)
			}
		}
	}
	for i, e := range effectsBefore(today) {
		if math.Abs(average[i]-e.Relative) > allSeeds {
			t.Errorf("%s, mean of %d seeds\ngot:  %.3f\nwant: about %.2f", e.Activity, seeds, average[i], e.Relative)
		}
	}
}

func ordersOf(t *testing.T, dir string) map[string]map[goalpost.Day]float64 {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(readFile(t, dir, "sales.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[goalpost.Day]float64{}
	for _, r := range rows[1:] {
		d, err := goalpost.ParseDay(r[0])
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(r[1])
		if err != nil {
			t.Fatal(err)
		}
		if out[r[3]] == nil {
			out[r[3]] = map[goalpost.Day]float64{}
		}
		if r[4] != newProduct {
			out[r[3]][d] += float64(n)
		}
	}
	return out
}

// ratio is the orders of an effect's region in a period by those of all other
// regions, without the days on which another activity ran.
func ratio(c Company, orders map[string]map[goalpost.Day]float64, e Effect, p goalpost.Period) float64 {
	own, others := 0.0, 0.0
	for d := p.Start; d < p.End; d++ {
		if slices.ContainsFunc(c.Effects, func(x Effect) bool { return x != e && x.Period.Contains(d) }) {
			continue
		}
		for region, days := range orders {
			if region == e.Region {
				own += days[d]
			} else {
				others += days[d]
			}
		}
	}
	return own / others
}

// Whatever the day, the demo shows each kind of verdict, and which goal has which.
func TestVerdicts(t *testing.T) {
	days := []goalpost.Day{today, goalpost.NewDay(2026, time.March, 1), goalpost.NewDay(2027, time.July, 31)}
	if testing.Short() {
		days = days[:1]
	}
	want := map[string]goalpost.Decision{"engagement": goalpost.AtRisk, "sales": goalpost.OnTrack, "traffic": goalpost.Reached, "leads": goalpost.OnTrack,
		"reach": goalpost.AtRisk, "launch": goalpost.CannotTell, "support": goalpost.AtRisk, "brand": goalpost.NotMeasured}
	for _, day := range days {
		t.Run(day.String(), func(t *testing.T) {
			db, org := load(t, Seed, day)
			now := day.Start(org.Zone()).Add(9 * time.Hour)
			goals, err := assess.Goals(t.Context(), db, org, assess.GoalsOptions{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			if len(goals) != len(want) {
				t.Errorf("\ngot:  %d goals\nwant: %d", len(goals), len(want))
			}
			moved := 0
			for _, g := range goals {
				if g.Verdict.Decision != want[g.Goal.Code] {
					t.Errorf("%s\ngot:  %s (%v, %v of %v)\nwant: %s", g.Goal.Code, g.Verdict.Decision, g.Verdict.Reason, g.Verdict.Estimate, g.Verdict.Target, want[g.Goal.Code])
				}
				if len(g.Goal.Versions) > 1 {
					moved++
				}
			}
			if moved != 3 {
				t.Errorf("\ngot:  %d moved goals\nwant: 3", moved)
			}
			openAgain(t, db, org, goals, now)
		})
	}
}

// openAgain opens every verdict that was given: the page of that day must say the same,
// of the same target. Figures that a network restated later may turn a decision; the page
// then says what was said.
func openAgain(t *testing.T, db *store.DB, org goalpost.Organisation, goals []assess.Judged, now time.Time) {
	t.Helper()
	given, differ := 0, 0
	for _, g := range goals {
		history, err := db.VerdictHistory(t.Context(), org.ID, g.Goal.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range history {
			d, err := assess.GoalDetail(t.Context(), db, org, g.Goal.ID, assess.GoalsOptions{AsOf: e.AsOf, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			v := d.Verdict
			given++
			if v.Decision != e.Decision {
				differ++
				t.Logf("%s as of %s: %s, was %s", g.Goal.Code, e.AsOf, v.Decision, e.Decision)
			}
			if (v.Target == nil) != (e.Target == nil) || (v.Target != nil && *v.Target != *e.Target) || d.Given == nil {
				t.Errorf("%s as of %s\ngot:  target %v, given %v\nwant: %v", g.Goal.Code, e.AsOf, v.Target, d.Given, e.Target)
			}
		}
	}
	if given == 0 || differ*20 > given {
		t.Errorf("%d of %d verdicts look different when they are opened again", differ, given)
	}
}

// Whatever the day, the company answered the study in two waves, corrected itself once,
// and has claims that its goals do not bear out.
func TestOwnAnswers(t *testing.T) {
	days := []goalpost.Day{today, goalpost.NewDay(2026, time.March, 1), goalpost.NewDay(2027, time.July, 31)}
	if testing.Short() {
		days = days[:1]
	}
	for _, day := range days {
		db, org := load(t, Seed, day)
		v, err := assess.Own(t.Context(), db, org, assess.PivotStudy, day.Start(org.Zone()).Add(9*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		q := v.Questions[0]
		if len(v.Waves) != 2 || len(q.Answers) != 2 || len(q.Corrected) != 1 || len(q.Claims) == 0 {
			t.Errorf("%s\ngot:  %v, %d answers, %d corrected, %v", day, v.Waves, len(q.Answers), len(q.Corrected), q.Claims)
		}
		h := v.Goals.History
		if len(h.Moments) < 3 || h.Shifted != 2 || len(h.Added) == 0 || len(h.Dropped) == 0 {
			t.Errorf("%s\ngot:  %d moments, %d moved, added %v, dropped %v", day, len(h.Moments), h.Shifted, h.Added, h.Dropped)
		}
	}
}

// companies are those that were loaded, by seed and day: loading one takes seconds, and far
// longer under the race detector, so that every test gets a copy.
var companies = struct {
	sync.Mutex
	dirs map[companyKey]string
}{dirs: map[companyKey]string{}}

type companyKey struct {
	seed uint64
	day  goalpost.Day
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range companies.dirs {
		if err := os.RemoveAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

func load(t *testing.T, seed uint64, day goalpost.Day) (*store.DB, goalpost.Organisation) {
	t.Helper()
	companies.Lock()
	defer companies.Unlock()
	key := companyKey{seed, day}
	if companies.dirs[key] == "" {
		companies.dirs[key] = loadInto(t, seed, day)
	}
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(companies.dirs[key], "data"))); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	list, err := db.Organisations(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %d organisations", err, len(list))
	}
	return db, list[0]
}

// loadInto loads a company into a folder of its own.
func loadInto(t *testing.T, seed uint64, day goalpost.Day) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "company")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Write(dir, seed, day)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(dir, "data"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	org, err := Load(t.Context(), db, dir, c, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("loaded in %s", time.Since(began))
	if !org.Simulated || !org.Adopted {
		t.Errorf("\ngot:  %+v\nwant: simulated and adopted", org)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Golden: what the importers make of the files. The sums are those of the files,
// counted here without the importers.
func TestLoadedSums(t *testing.T) {
	db, org := load(t, Seed, today)
	whole := goalpost.Period{Start: today - 600, End: today}
	dir := t.TempDir()
	if _, err := Write(dir, Seed, today); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, days := range ordersOf(t, dir) {
		for _, n := range days {
			sum += n
		}
	}
	r, err := assess.KPI(t.Context(), db, org, assess.KPIQuery{Code: "orders", Period: whole, Scope: goalpost.Scope{Products: []string{"Desk lamp", "Floor lamp", "Wall lamp"}}})
	if err != nil || r.Value == nil || *r.Value != sum {
		t.Errorf("orders\ngot:  %v %v\nwant: %v", r.Value, err, sum)
	}
	posts, total, err := db.Posts(t.Context(), org.ID, store.PostQuery{})
	if err != nil {
		t.Fatal(err)
	}
	networks := map[goalpost.Network]int{}
	twice := 0
	for _, p := range posts {
		networks[p.Network]++
		snapshots, err := db.PostSnapshots(t.Context(), org.ID, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(snapshots) > 1 {
			twice++
		}
	}
	if len(networks) != 4 || total < 1200 || twice < 30 {
		t.Errorf("\ngot:  %v, %d posts, %d seen twice\nwant: four networks, more than 1200 posts, more than 30 seen twice", networks, total, twice)
	}
	accounts, err := db.Accounts(t.Context(), org.ID)
	if err != nil || len(accounts) != 4 {
		t.Errorf("\ngot:  %v %v\nwant: four accounts", accounts, err)
	}
	outage, err := assess.KPI(t.Context(), db, org, assess.KPIQuery{Code: "sessions_social", Period: goalpost.Period{Start: today - 335, End: today - 315}})
	if err != nil || outage.MissingDays != 9 {
		t.Errorf("days that web analytics lost\ngot:  %d %v\nwant: 9 missing, not zero", outage.MissingDays, err)
	}
}

// Invariance: the readers' votes are the same each time, and each of them is one that
// the public page would take.
func TestReadersVote(t *testing.T) {
	var before []goalpost.Vote
	for range 2 {
		db, org := load(t, Seed, today)
		polls, err := db.Polls(t.Context(), org.ID)
		if err != nil || len(polls) != 1 {
			t.Fatalf("\ngot:  %d polls, %v\nwant: 1", len(polls), err)
		}
		votes, err := db.Votes(t.Context(), org.ID, polls[0].ID)
		if err != nil || len(votes) != readers {
			t.Fatalf("\ngot:  %d votes, %v\nwant: %d", len(votes), err, readers)
		}
		for _, v := range votes {
			if err := polls[0].CheckVote(v); err != nil {
				t.Errorf("vote %s: %v", v.ID, err)
			}
		}
		if before != nil && !reflect.DeepEqual(before, votes) {
			t.Errorf("\ngot:  %v\nwant: %v", votes, before)
		}
		before = votes
		counts, err := db.CommentCounts(t.Context(), org.ID, polls[0].ID)
		if err != nil || counts[goalpost.CommentApproved] != 2 || counts[goalpost.CommentHeld] != 1 {
			t.Errorf("\ngot:  %v, %v\nwant: two approved comments, one that waits", counts, err)
		}
	}
}
