package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
)

var (
	ctx  = context.Background()
	when = time.Date(2025, 8, 1, 12, 0, 0, 0, time.UTC)
)

func open(t testing.TB, o Options) *DB {
	t.Helper()
	db, err := Open(ctx, t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func organisation(t testing.TB, db *DB) goalpost.OrgID {
	t.Helper()
	o, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: "Harbour", Language: "en", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	return o.ID
}

// batch makes n posts of one account and n values of two series.
func batch(n int, impressions int64) goalpost.Batch {
	var b goalpost.Batch
	for i := range n {
		day := goalpost.NewDay(2025, 1, 1) + goalpost.Day(i%100)
		b.Posts = append(b.Posts, goalpost.PostRecord{Line: i + 2, Account: goalpost.AccountRef{Network: goalpost.Facebook, Name: "Harbour"},
			Post:   goalpost.Post{ExternalID: fmt.Sprint("p", i), Text: "Tide", PublishedAt: day.Time(), PublishedOn: day},
			Counts: goalpost.Counts{goalpost.Impressions: impressions + int64(i), goalpost.Engagements: int64(i)}})
		b.Values = append(b.Values, goalpost.ValueRecord{Line: i + 2, Key: goalpost.SeriesKey{Metric: goalpost.Revenue, Region: "north", Grain: goalpost.Daily, Currency: "EUR"}, Day: day, Value: 1.10})
	}
	return b
}

func load(t testing.TB, db *DB, org goalpost.OrgID, sha string, at time.Time, b goalpost.Batch) goalpost.ImportID {
	t.Helper()
	id, err := db.BeginImport(ctx, org, goalpost.Import{File: sha, Dialect: "table", SHA256: sha, Answers: goalpost.Answers{ObservedAt: at}, StartedAt: when, By: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.PutRaw(ctx, org, sha, strings.NewReader(strings.Repeat(sha, 1000)), int64(1000*len(sha))); err != nil {
		t.Fatal(err)
	}
	if _, err := db.AppendBatch(ctx, org, id, b, at); err != nil {
		t.Fatal(err)
	}
	if err := db.FinishImport(ctx, org, id, goalpost.FileReport{Kept: len(b.Posts)}, when); err != nil {
		t.Fatal(err)
	}
	return id
}

var all = goalpost.Period{Start: 0, End: 1 << 20}

func impressions(t testing.TB, db *DB, org goalpost.OrgID, before time.Time) (sum float64, posts int) {
	t.Helper()
	days, err := db.PostDays(ctx, org, PostFilter{Period: all, SeenBefore: before, Numerator: goalpost.Impressions})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		sum, posts = sum+d.Num, posts+d.Posts
	}
	return sum, posts
}

// Rows of one import with the same series and day are added; a later observation
// replaces for reading; undone, the earlier one is back.
func TestValuesAddReplaceUndo(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	load(t, db, org, "a", when, batch(200, 0)) // every day twice
	second := load(t, db, org, "b", when.Add(time.Hour), goalpost.Batch{Values: []goalpost.ValueRecord{{Key: goalpost.SeriesKey{Metric: goalpost.Revenue, Region: "north", Grain: goalpost.Daily, Currency: "EUR"}, Day: goalpost.NewDay(2025, 1, 1), Value: 9.99}}})
	check := func(want float64) {
		t.Helper()
		list, err := db.SeriesValues(ctx, org, SeriesFilter{Metric: goalpost.Revenue, Period: all})
		if err != nil || len(list) != 100 {
			t.Fatalf("%d values, %v", len(list), err)
		}
		if list[0].Value != want || list[1].Value != 2.20 {
			t.Errorf("\ngot:  %g %g\nwant: %g 2.2", list[0].Value, list[1].Value, want)
		}
	}
	check(9.99)
	if err := db.UndoImport(ctx, org, second, "Ada", when); err != nil {
		t.Fatal(err)
	}
	check(2.20)
	var e *goalpost.Error
	if err := db.UndoImport(ctx, org, second, "Ada", when); !errors.As(err, &e) || e.Kind != goalpost.Conflict {
		t.Errorf("undone twice: %v", err)
	}
	imp, err := db.Import(ctx, org, second)
	if err != nil || imp.State != goalpost.ImportUndone || imp.UndoneBy != "Ada" {
		t.Errorf("the ledger: %v %+v", err, imp)
	}
}

// Values of an import that is not finished do not count yet.
func TestValuesCountWhenTheirImportIsDone(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	id, err := db.BeginImport(ctx, org, goalpost.Import{File: "a", SHA256: "a", Answers: goalpost.Answers{ObservedAt: when}, StartedAt: when})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.AppendBatch(ctx, org, id, batch(200, 0), when); err != nil {
		t.Fatal(err)
	}
	count := func(want int) {
		t.Helper()
		list, err := db.SeriesValues(ctx, org, SeriesFilter{Metric: goalpost.Revenue, Period: all})
		if err != nil || len(list) != want {
			t.Errorf("%d values, want %d, %v", len(list), want, err)
		}
		busy, err := db.Unsettled(ctx, org)
		if err != nil || busy != (want == 0) {
			t.Errorf("unsettled: %v %v", busy, err)
		}
	}
	count(0)
	if err := db.FinishImport(ctx, org, id, goalpost.FileReport{}, when); err != nil {
		t.Fatal(err)
	}
	count(100)
}

// The newest counts hold for each metric, in whatever order exports arrive; what was
// known before can be asked for; undo goes back.
func TestNewestCounts(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	early, late := when, when.Add(48*time.Hour)
	load(t, db, org, "late", late, batch(10, 1000))
	b := batch(10, 0)
	for i := range b.Posts {
		b.Posts[i].Counts[goalpost.Clicks] = 7 // only the older export has clicks
	}
	load(t, db, org, "early", early, b)
	sum, posts := impressions(t, db, org, time.Time{})
	if sum != 10045 || posts != 10 {
		t.Errorf("newest\ngot:  %g of %d\nwant: 10045 of 10", sum, posts)
	}
	rows, _, err := db.Posts(ctx, org, PostQuery{Sort: "impressions", Descending: true, Limit: 1})
	if err != nil || len(rows) != 1 || rows[0].Counts[goalpost.Clicks] != 7 || rows[0].Counts[goalpost.Impressions] != 1009 {
		t.Errorf("a metric that the newer export lacks: %v %+v", err, rows)
	}
	if sum, _ := impressions(t, db, org, late); sum != 45 {
		t.Errorf("known before\ngot:  %g\nwant: 45", sum)
	}
	imports, err := db.Imports(ctx, org)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range imports {
		if i.File == "late" {
			if err := db.UndoImport(ctx, org, i.ID, "Ada", when); err != nil {
				t.Fatal(err)
			}
		}
	}
	if sum, posts := impressions(t, db, org, time.Time{}); sum != 45 || posts != 10 {
		t.Errorf("undone\ngot:  %g of %d\nwant: 45 of 10", sum, posts)
	}
}

// A job that fails is taken back alone; the others of its commit stay.
func TestGroupCommit(t *testing.T) {
	db := open(t, Options{})
	var wg sync.WaitGroup
	errs := make([]error, 200)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = db.CreateUser(ctx, 1, goalpost.User{Name: fmt.Sprint("user", i/2), CreatedAt: when}, goalpost.RoleViewer)
		})
	}
	wg.Wait()
	failed := 0
	for _, err := range errs {
		if err != nil {
			failed++
		}
	}
	members, err := db.Members(ctx, 1)
	if err != nil || failed != 100 || len(members) != 100 {
		t.Errorf("%d failed, %d users, %v", failed, len(members), err)
	}
}

// A full disk is a clear error, and what was acknowledged stays.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	db, err := Open(ctx, dir, Options{MaxPages: 200})
	if err != nil {
		t.Fatal(err)
	}
	org := organisation(t, db)
	id, err := db.BeginImport(ctx, org, goalpost.Import{File: "big", SHA256: "x", Answers: goalpost.Answers{ObservedAt: when}, StartedAt: when})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		b := batch(500, 0)
		for j := range b.Posts {
			b.Posts[j].Post.ExternalID = fmt.Sprint(i, "-", j)
			b.Posts[j].Post.Text = strings.Repeat("x", 500)
		}
		if _, err = db.AppendBatch(ctx, org, id, b, when); err != nil {
			break
		}
	}
	var e *goalpost.Error
	if !errors.As(err, &e) || e.Key != "error.store.full" || e.Kind != goalpost.Unavailable {
		t.Fatalf("got: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(ctx, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if list, err := db.Imports(ctx, org); err != nil || len(list) != 0 {
		t.Errorf("the half import stayed: %v %+v", err, list)
	}
	if sum, posts := impressions(t, db, org, time.Time{}); posts != 0 {
		t.Errorf("%d posts stayed (%g)", posts, sum)
	}
}

// Two stores of one directory, as the command line beside a server.
func TestTwoProcessesWrite(t *testing.T) {
	dir := t.TempDir()
	a, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	org := organisation(t, a)
	b, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	var wg sync.WaitGroup
	for i, db := range []*DB{a, b} {
		wg.Go(func() {
			for j := range 50 {
				if _, err := db.CreateGoal(ctx, org, "reach", goalpost.GoalVersion{Version: 1, Name: fmt.Sprint(i, j), At: when}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if list, err := a.Goals(ctx, org); err != nil || len(list) != 100 {
		t.Errorf("%d goals, %v", len(list), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, File), []byte(strings.Repeat("this is a letter, not a database\n", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	var e *goalpost.Error
	if _, err := Open(ctx, dir, Options{}); !errors.As(err, &e) || e.Key != "error.store.foreign" {
		t.Errorf("another program's file: %v", err)
	}
	db := open(t, Options{})
	if err := db.do(ctx, func(t *tx) error {
		_, err := t.exec("INSERT INTO migration (number, name) VALUES (9999, 'later')")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, db.Dir(), Options{}); !errors.As(err, &e) || e.Key != "error.store.newer" {
		t.Errorf("a newer version's file: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, filepath.Join(file, "below"), Options{}); !errors.As(err, &e) || e.Key != "error.store.unwritable" {
		t.Errorf("a directory that cannot be: %v", err)
	}
}

// Every method, tried with another organisation's ids, neither shows nor changes
// anything. The list of methods is taken from the type, so that none is forgotten.
func TestOtherOrganisation(t *testing.T) {
	db := open(t, Options{})
	mine := organisation(t, db)
	other := organisation(t, db)
	imp := load(t, db, mine, "a", when, batch(50, 10))
	if err := db.SaveColumnMap(ctx, mine, "print", []byte("{}"), imp); err != nil {
		t.Fatal(err)
	}
	g, err := db.CreateGoal(ctx, mine, "reach", goalpost.GoalVersion{Version: 1, At: when})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.SaveVerdict(ctx, mine, goalpost.Verdict{Goal: g.ID}, when); err != nil {
		t.Fatal(err)
	}
	if err := db.AddStudyVersion(ctx, mine, goalpost.StudyVersion{Study: goalpost.Study{ID: "trade"}, Version: 1, At: when}, map[string][]goalpost.Response{"1": {{Weight: 1}}}); err != nil {
		t.Fatal(err)
	}
	if err := db.PublishStudy(ctx, mine, goalpost.StudyPublication{Study: "trade", Slug: "trade", From: 1, At: when}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := db.CreatePoll(ctx, mine, goalpost.Poll{Slug: "goals"}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.AddVote(ctx, mine, 1, goalpost.Vote{ID: "x", At: when}); err != nil {
		t.Fatal(err)
	}
	if err := db.AddOwnAnswers(ctx, mine, "trade", 0, []goalpost.OwnAnswer{{Question: "goals", Wave: "1", Choices: []string{"sales"}, At: when, By: "Ada"}}); err != nil {
		t.Fatal(err)
	}
	email, err := goalpost.ParsePrivateEmail("ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	sent := goalpost.NewComment{FormID: "form", Link: "link", CommentText: goalpost.CommentText{Name: "Ada", Text: "Tide"}, Email: email, At: when, Origin: "here"}
	if _, _, err := db.AddComment(ctx, mine, 1, sent); err != nil {
		t.Fatal(err)
	}
	if err := db.DecideComment(ctx, mine, 1, goalpost.CommentDecision{Version: 1, State: goalpost.CommentApproved, At: when}); err != nil {
		t.Fatal(err)
	}
	entered, err := db.CreateActivity(ctx, mine, campaign(1))
	if err != nil {
		t.Fatal(err)
	}
	plan := goalpost.AnalysisPlan{Version: 1, Activity: entered.ID, Name: "Tide sale", Runs: entered.Runs, Series: goalpost.SeriesRef{KPI: "revenue"}, At: when, By: "Ada"}
	analysis, err := db.CreateAnalysis(ctx, mine, plan)
	if err != nil {
		t.Fatal(err)
	}
	found := goalpost.AnalysisResult{Plan: 1, DataHash: "d", Decision: goalpost.Increase, ComputedAt: when, Report: []byte("{}")}
	if _, err := db.SaveAnalysisResult(ctx, mine, analysis.ID, found); err != nil {
		t.Fatal(err)
	}
	request := ActivityRequest{Key: "k", Hash: "h"}
	if _, created, err := db.CreateActivityOnce(ctx, mine, campaign(1), request); err != nil || !created {
		t.Fatal(created, err)
	}
	token, err := db.CreateToken(ctx, mine, goalpost.Token{Name: "Shop", Role: goalpost.RoleEditor, MadeAt: when}, "hash")
	if err != nil {
		t.Fatal(err)
	}
	user, err := db.CreateUser(ctx, mine, goalpost.User{Name: "Ada", CreatedAt: when}, goalpost.RoleOwner)
	if err != nil {
		t.Fatal(err)
	}
	empty := func(n int, err error) error {
		if err == nil && n != 0 {
			return fmt.Errorf("%d rows of another organisation", n)
		}
		return err
	}
	refused := func(err error) error {
		var e *goalpost.Error
		if !errors.As(err, &e) || e.Kind != goalpost.NotFound {
			return fmt.Errorf("not refused: %w", err)
		}
		return nil
	}
	keepOne(t, db, mine)
	asked, answered := askedSurvey(t, db, mine)
	if err := db.KeepWorkingForm(ctx, mine, asked.ID, asked.Revision, &WorkingForm{Form: asked.Form, At: when, By: "Ada"}); err != nil {
		t.Fatal(err)
	}
	// The other organisation must not even learn that the id is taken.
	tries := map[string]func() error{
		"Organisation": func() error {
			o, err := db.Organisation(ctx, other)
			return errors.Join(err, empty(int(o.ID-other), nil))
		},
		"UpdateOrganisation": func() error { return db.UpdateOrganisation(ctx, goalpost.Organisation{ID: other, Name: "Other"}) },
		"Members":            func() error { l, err := db.Members(ctx, other); return empty(len(l), err) },
		"CreateUser": func() error {
			_, err := db.CreateUser(ctx, other, goalpost.User{Name: "Bob", CreatedAt: when}, goalpost.RoleOwner)
			return err
		},
		"Role":       func() error { _, err := db.Role(ctx, other, user.ID); return refused(err) },
		"Accounts":   func() error { l, err := db.Accounts(ctx, other); return empty(len(l), err) },
		"Activities": func() error { l, err := db.Activities(ctx, other); return empty(len(l), err) },
		"Activity":   func() error { _, err := db.Activity(ctx, other, entered.ID); return refused(err) },
		"AddActivityVersion": func() error {
			_, err := db.AddActivityVersion(ctx, other, entered.ID, campaign(2))
			return refused(err)
		},
		"CreateActivity":    func() error { _, err := db.CreateActivity(ctx, other, campaign(1)); return err },
		"ActivityByRequest": func() error { _, err := db.ActivityByRequest(ctx, other, request); return refused(err) },
		"CreateActivityOnce": func() error { // their key is another than ours of the same name
			_, created, err := db.CreateActivityOnce(ctx, other, campaign(1), ActivityRequest{Key: "k", Hash: "theirs"})
			if err == nil && !created {
				err = errors.New("nothing was made")
			}
			return err
		},
		"Tokens":      func() error { l, err := db.Tokens(ctx, other); return empty(len(l), err) },
		"TokenByHash": func() error { _, err := db.TokenByHash(ctx, other, "hash"); return refused(err) },
		"UseToken":    func() error { return refused(db.UseToken(ctx, other, token.ID, 9)) },
		"RemoveToken": func() error { return refused(db.RemoveToken(ctx, other, token.ID)) },
		"CreateToken": func() error {
			_, err := db.CreateToken(ctx, other, goalpost.Token{Name: "Shop", Role: goalpost.RoleViewer, MadeAt: when}, "theirs")
			return err
		},
		"Analyses": func() error { l, err := db.Analyses(ctx, other); return empty(len(l), err) },
		"Analysis": func() error { _, err := db.Analysis(ctx, other, analysis.ID); return refused(err) },
		"AddAnalysisPlan": func() error {
			second := plan
			second.Version = 2
			_, err := db.AddAnalysisPlan(ctx, other, analysis.ID, second)
			return refused(err)
		},
		"AnalysisResults": func() error { l, err := db.AnalysisResults(ctx, other, analysis.ID); return empty(len(l), err) },
		"SaveAnalysisResult": func() error {
			_, err := db.SaveAnalysisResult(ctx, other, analysis.ID, found)
			return refused(err)
		},
		"CreateAnalysis": func() error { // whatever they have made themselves by now
			third := plan
			third.Activity = 77
			_, err := db.CreateAnalysis(ctx, other, third)
			return refused(err)
		},
		"Imports":           func() error { l, err := db.Imports(ctx, other); return empty(len(l), err) },
		"Import":            func() error { _, err := db.Import(ctx, other, imp); return refused(err) },
		"DoneImportsByHash": func() error { l, err := db.DoneImportsByHash(ctx, other, "a"); return empty(len(l), err) },
		"Unsettled": func() error {
			busy, err := db.Unsettled(ctx, other)
			if busy {
				return errors.Join(err, errors.New("an import of another organisation"))
			}
			return err
		},
		"BeginImport": func() error {
			id, err := db.BeginImport(ctx, other, goalpost.Import{SHA256: "z", StartedAt: when})
			if err != nil {
				return err
			}
			return db.AbandonImport(ctx, other, id)
		},
		"AppendBatch":     func() error { _, err := db.AppendBatch(ctx, other, imp+1, batch(1, 0), when); return refused(err) },
		"Overlap":         func() error { n, l := db.Overlap(other, imp+1); return empty(n+len(l), nil) },
		"FinishImport":    func() error { return refused(db.FinishImport(ctx, other, imp, goalpost.FileReport{}, when)) },
		"AbandonImport":   func() error { return refused(db.AbandonImport(ctx, other, imp)) },
		"UndoImport":      func() error { return refused(db.UndoImport(ctx, other, imp, "x", when)) },
		"ResetImport":     func() error { return refused(db.ResetImport(ctx, other, imp)) },
		"PutRaw":          func() error { return db.PutRaw(ctx, other, "b", strings.NewReader("x"), 1) },
		"OpenRaw":         func() error { _, err := db.OpenRaw(ctx, other, "a"); return refused(err) },
		"ColumnMap":       func() error { _, err := db.ColumnMap(ctx, other, "print"); return refused(err) },
		"SaveColumnMap":   func() error { return db.SaveColumnMap(ctx, other, "print", []byte("[]"), 1) },
		"Coverage":        func() error { l, err := db.Coverage(ctx, other); return empty(len(l), err) },
		"PostDays":        func() error { l, err := db.PostDays(ctx, other, PostFilter{Period: all}); return empty(len(l), err) },
		"MeasuredMetrics": func() error { l, err := db.MeasuredMetrics(ctx, other); return empty(len(l), err) },
		"UndatedPosts":    func() error { n, err := db.UndatedPosts(ctx, other); return empty(n, err) },
		"Posts":           func() error { l, n, err := db.Posts(ctx, other, PostQuery{}); return empty(len(l)+n, err) },
		"PostSnapshots":   func() error { l, err := db.PostSnapshots(ctx, other, 1); return empty(len(l), err) },
		"SeriesValues": func() error {
			l, err := db.SeriesValues(ctx, other, SeriesFilter{Metric: goalpost.Revenue, Period: all})
			return empty(len(l), err)
		},
		"SeriesList": func() error { l, err := db.SeriesList(ctx, other); return empty(len(l), err) },
		"Goals":      func() error { l, err := db.Goals(ctx, other); return empty(len(l), err) },
		"Goal":       func() error { _, err := db.Goal(ctx, other, g.ID); return refused(err) },
		"AddGoalVersion": func() error {
			_, err := db.AddGoalVersion(ctx, other, g.ID, goalpost.GoalVersion{Version: 2, At: when})
			return refused(err)
		},
		"Polls":      func() error { l, err := db.Polls(ctx, other); return empty(len(l), err) },
		"Poll":       func() error { _, err := db.Poll(ctx, other, 1); return refused(err) },
		"CountVotes": func() error { n, err := db.CountVotes(ctx, other, 1); return empty(n, err) },
		"Votes":      func() error { l, err := db.Votes(ctx, other, 1); return empty(len(l), err) },
		"AddVote": func() error {
			_, err := db.AddVote(ctx, other, 1, goalpost.Vote{ID: "x", At: when})
			return refused(err)
		},
		"SetPollComments": func() error { return refused(db.SetPollComments(ctx, other, 1, false, true)) },
		"AddComment":      func() error { _, _, err := db.AddComment(ctx, other, 1, sent); return refused(err) },
		"Comment":         func() error { _, err := db.Comment(ctx, other, 1); return refused(err) },
		"CommentByLink":   func() error { _, err := db.CommentByLink(ctx, other, 1, "link"); return refused(err) },
		"CommentCounts":   func() error { m, err := db.CommentCounts(ctx, other, 1); return empty(len(m), err) },
		"Comments": func() error {
			l, err := db.Comments(ctx, other, 1, goalpost.CommentApproved, 10, 0)
			return empty(len(l), err)
		},
		"PublicComments": func() error { l, n, err := db.PublicComments(ctx, other, 1, 10, 0); return empty(len(l)+n, err) },
		"CommentsOf":     func() error { l, n, err := db.CommentsOf(ctx, other, email); return empty(len(l)+n, err) },
		"UnreadableEmails": func() error {
			n, _, err := db.UnreadableEmails(ctx, other)
			return empty(n, err)
		},
		"DecideComment": func() error {
			return refused(db.DecideComment(ctx, other, 1, goalpost.CommentDecision{Version: 1, State: goalpost.CommentRefused, At: when}))
		},
		"EditComment":    func() error { return refused(db.EditComment(ctx, other, 1, sent)) },
		"ReplyToComment": func() error { return refused(db.ReplyToComment(ctx, other, 1, goalpost.Reply{Text: "x", At: when})) },
		"EraseComments":  func() error { _, _, err := db.EraseComments(ctx, other, 1); return refused(err) },
		"ClosePoll":      func() error { return refused(db.ClosePoll(ctx, other, 1, true)) },
		"CreatePoll": func() error {
			_, err := db.CreatePoll(ctx, other, goalpost.Poll{Slug: "theirs"})
			return err
		},
		"OwnAnswers": func() error { m, err := db.OwnAnswers(ctx, other, "trade"); return empty(len(m), err) },
		"AddOwnAnswers": func() error { // theirs begin at 0: what we answered neither counts nor collides
			return db.AddOwnAnswers(ctx, other, "trade", 0, []goalpost.OwnAnswer{{Question: "goals", Wave: "1", At: when, By: "Eve"}})
		},
		"PublishStudy": func() error {
			err := db.PublishStudy(ctx, other, goalpost.StudyPublication{Study: "trade", Slug: "trade", From: 1, At: when}, nil)
			var e *goalpost.Error
			if !errors.As(err, &e) || e.Kind != goalpost.Conflict {
				return fmt.Errorf("an address that another organisation has: %w", err)
			}
			return nil
		},
		"WithdrawStudy":     func() error { return refused(db.WithdrawStudy(ctx, other, "trade")) },
		"StudyPublications": func() error { l, err := db.StudyPublications(ctx, other); return empty(len(l), err) },
		"StudyResponses":    func() error { l, err := db.StudyResponses(ctx, other, "trade"); return empty(len(l), err) },
		"StudyVersions":     func() error { l, err := db.StudyVersions(ctx, other, ""); return empty(len(l), err) },
		"AddStudyVersion": func() error {
			return db.AddStudyVersion(ctx, other, goalpost.StudyVersion{Study: goalpost.Study{ID: "trade"}, Version: 2, At: when, Why: "theirs"}, map[string][]goalpost.Response{"1": {{Weight: 2}}})
		},
		"SaveVerdict":    func() error { return refused(db.SaveVerdict(ctx, other, goalpost.Verdict{Goal: g.ID}, when)) },
		"LatestVerdicts": func() error { l, err := db.LatestVerdicts(ctx, other); return empty(len(l), err) },
		"VerdictHistory": func() error { l, err := db.VerdictHistory(ctx, other, g.ID); return empty(len(l), err) },
		"CreateGoal": func() error {
			_, err := db.CreateGoal(ctx, other, "sales", goalpost.GoalVersion{Version: 1, At: when})
			return err
		},
	}
	maps.Copy(tries, surveyTries(db, other, asked, answered, refused, empty))
	maps.Copy(tries, invitationTries(db, other, asked.ID, invitedOne(t, db, mine, asked.ID), refused, empty))
	// Methods that belong to the installation, not to an organisation.
	installation := []string{"Backup", "Check", "Close", "CreateOrganisation", "Dir", "EmptyLog", "KeyFile", "LockImports", "Organisations", "OrganisationsOf", "PollBySlug", "Room", "SessionStore", "SurveyBySlug", "StudyBySlug", "UpdateUser", "User", "UserByName"}
	maps.Copy(tries, answerTries(db, other, refused, empty))
	defer stillAnswered(t, db, mine)
	read := keptSurvey(t, db, mine)
	maps.Copy(tries, readingTries(db, other, read, email))
	maps.Copy(tries, beliefTries(t, db, mine, other, read, refused, empty))
	surveyBefore := surveyPrint(t, db, mine, read.ID)
	before := fingerprint(t, db, mine)
	typ := reflect.TypeFor[*DB]()
	for i := range typ.NumMethod() {
		name := typ.Method(i).Name
		try, ok := tries[name]
		if !ok {
			if !strings.Contains(" "+strings.Join(installation, " ")+" ", " "+name+" ") {
				t.Errorf("%s is not tried with another organisation's ids", name)
			}
			continue
		}
		if strings.HasPrefix(name, "Create") || name == "AddStudyVersion" || name == "AddOwnAnswers" {
			continue // what makes something of its own comes last
		}
		delete(tries, name)
		if err := try(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, try := range tries {
		if !strings.HasPrefix(name, "Create") && name != "AddStudyVersion" && name != "AddOwnAnswers" {
			t.Errorf("there is no method %s", name)
		} else if err := try(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := surveyPrint(t, db, mine, read.ID); after != surveyBefore {
		t.Errorf("the survey changed\ngot:  %s\nwant: %s", after, surveyBefore)
	}
	if after := fingerprint(t, db, mine); after != before {
		t.Errorf("something changed\ngot:  %s\nwant: %s", after, before)
	}
}

func fingerprint(t *testing.T, db *DB, org goalpost.OrgID) string {
	t.Helper()
	o, err := db.Organisation(ctx, org)
	if err != nil {
		t.Fatal(err)
	}
	sum, posts := impressions(t, db, org, time.Time{})
	imports, err2 := db.Imports(ctx, org)
	goals, err3 := db.Goals(ctx, org)
	verdicts, err4 := db.VerdictHistory(ctx, org, 1)
	m, err5 := db.ColumnMap(ctx, org, "print")
	studies, err6 := db.StudyVersions(ctx, org, "trade")
	polls, err8 := db.Polls(ctx, org)
	votes, err9 := db.Votes(ctx, org, 1)
	if err := errors.Join(err8, err9); err != nil {
		t.Fatal(err)
	}
	own, err10 := db.OwnAnswers(ctx, org, "trade")
	comment, err11 := db.Comment(ctx, org, 1)
	email, err12 := goalpost.ParsePrivateEmail("ada@example.com")
	theirs, unreadable, err13 := db.CommentsOf(ctx, org, email)
	if err := errors.Join(err11, err12, err13); err != nil {
		t.Fatal(err)
	}
	activities, err15 := db.Activities(ctx, org)
	analyses, err16 := db.Analyses(ctx, org)
	found, err17 := db.AnalysisResults(ctx, org, 1)
	did, err18 := json.Marshal(activities) // a cost is a pointer
	if err := errors.Join(err15, err16, err17, err18); err != nil {
		t.Fatal(err)
	}
	tokens, err19 := db.Tokens(ctx, org)
	public, err14 := db.StudyPublications(ctx, org)
	responses, err7 := db.StudyResponses(ctx, org, "trade")
	if err := errors.Join(err, err2, err3, err4, err5, err6, err7, err10, err14, err19); err != nil {
		t.Fatal(err)
	}
	return surveyFingerprint(t, db, org) + fmt.Sprint(string(did), tokens, analyses, found, public, comment, theirs, unreadable, studies, responses, own, polls, votes, o, sum, posts, len(imports), imports[0].State, goals, len(verdicts), string(m))
}
