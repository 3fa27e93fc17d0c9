package store

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"goalpost"
)

// killedDir names the directory in which a child of TestKill writes until it is killed.
const killedDir = "GOALPOST_TEST_KILLED"

// TestKillWriter is the child: it imports, undoes, makes goals and saves verdicts, and
// says on its standard output what has returned, so is promised to be on disk.
func TestKillWriter(t *testing.T) {
	dir := os.Getenv(killedDir)
	if dir == "" {
		return // only TestKill starts it for real
	}
	db, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	org := organisation(t, db)
	say := func(what string, id any) { fmt.Println("promised", what, id) } //nolint:forbidigo // the parent reads it
	say("organisation", org)
	poll, err := db.CreatePoll(ctx, org, goalpost.Poll{Slug: "goals"})
	if err != nil {
		t.Fatal(err)
	}
	email, err := goalpost.ParsePrivateEmail("ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		id := load(t, db, org, fmt.Sprintf("file-%d", i), when.Add(time.Duration(i)*time.Hour), batch(60, int64(i)))
		say("import", id)
		if _, err := db.AddVote(ctx, org, poll.ID, goalpost.Vote{ID: fmt.Sprint("vote-", i), Choices: []string{"reach"}, At: when}); err != nil {
			t.Fatal(err)
		}
		say("vote", i)
		c := goalpost.NewComment{FormID: fmt.Sprint("form-", i), Link: fmt.Sprint("link-", i), CommentText: goalpost.CommentText{Name: "Ada", Text: fmt.Sprint("comment ", i)}, Email: email, At: when}
		if _, _, err := db.AddComment(ctx, org, poll.ID, c); err != nil {
			t.Fatal(err)
		}
		say("comment", i)
		g, err := db.CreateGoal(ctx, org, "engagement", goalpost.GoalVersion{KPI: "engagements", Why: "new", By: "Ada", At: when})
		if err != nil {
			t.Fatal(err)
		}
		say("goal", g.ID)
		if i%3 == 2 {
			if err := db.UndoImport(ctx, org, id, "Ada", when); err != nil {
				t.Fatal(err)
			}
			say("undo", id)
		}
	}
}

// A process is killed at random moments while it writes. What a call returned from is
// there afterwards; what it had not returned from is there wholly or not at all.
func TestKill(t *testing.T) {
	times := 5
	if os.Getenv("GOALPOST_LONG") == "1" {
		times = 60
	}
	if testing.Short() {
		t.Skip("starts a process that is killed, several times")
	}
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	promises := 0
	for range times {
		dir := t.TempDir()
		promised := killed(t, dir, 100*time.Millisecond+time.Duration(rng.Int64N(int64(900*time.Millisecond))))
		for _, ids := range promised {
			promises += len(ids)
		}
		db, err := Open(ctx, dir, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		keepsPromises(t, db, promised)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if promises < 5*times {
		t.Errorf("only %d calls returned before the kill: the test shows nothing", promises)
	}
}

// killed runs the child for a while after its first promise, kills it and returns the
// ids that it promised, by what they are of.
func killed(t *testing.T, dir string, after time.Duration) map[string][]int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKillWriter$") //nolint:gosec // this test binary
	cmd.Env = append(os.Environ(), killedDir+"="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	promised, lines := map[string][]int64{}, bufio.NewScanner(out)
	var other []string
	for lines.Scan() {
		var what string
		var id int64
		if n, _ := fmt.Sscanf(lines.Text(), "promised %s %d", &what, &id); n != 2 {
			other = append(other, lines.Text())
			continue
		}
		if len(promised) == 0 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		promised[what] = append(promised[what], id)
	}
	_ = cmd.Wait() // killed
	if len(promised) == 0 || strings.Contains(strings.Join(other, "\n"), "FAIL") {
		t.Fatalf("the child ended by itself: %s", strings.Join(other, "\n"))
	}
	return promised
}

func keepsPromises(t *testing.T, db *DB, promised map[string][]int64) {
	t.Helper()
	org := goalpost.OrgID(promised["organisation"][0])
	if problems, err := db.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("the check finds %v, %v", problems, err)
	}
	state := map[int64]goalpost.ImportState{}
	imports, err := db.Imports(ctx, org)
	if err != nil {
		t.Fatal(err)
	}
	want := 0.0 // 60 posts with the counts of the newest import that is done
	for _, imp := range imports {
		state[int64(imp.ID)] = imp.State
		if imp.State == goalpost.ImportLoading {
			t.Errorf("import %d is still loading", imp.ID)
		}
		var first int64
		if _, err := fmt.Sscanf(imp.File, "file-%d", &first); err == nil && imp.State == goalpost.ImportDone {
			want = max(want, float64(60*first+60*59/2))
		}
	}
	for _, id := range promised["import"] {
		if s := state[id]; s != goalpost.ImportDone && s != goalpost.ImportUndone {
			t.Errorf("import %d was promised and is %q", id, s)
		}
	}
	for _, id := range promised["undo"] {
		if s := state[id]; s != goalpost.ImportUndone {
			t.Errorf("import %d was undone and is %q", id, s)
		}
	}
	if got, _ := impressions(t, db, org, time.Time{}); got != want {
		t.Errorf("\ngot:  %g impressions\nwant: %g", got, want)
	}
	keepsVotesAndComments(t, db, org, promised)
	for _, id := range promised["goal"] {
		if _, err := db.Goal(ctx, org, goalpost.GoalID(id)); err != nil {
			t.Errorf("goal %d was promised: %v", id, err)
		}
	}
}

// keepsVotesAndComments looks for every vote and comment that was promised, and for the
// e-mail address with each comment: it is of the same transaction.
func keepsVotesAndComments(t *testing.T, db *DB, org goalpost.OrgID, promised map[string][]int64) {
	t.Helper()
	votes, err := db.Votes(ctx, org, 1)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, v := range votes {
		there[v.ID] = true
	}
	for _, i := range promised["vote"] {
		if !there[fmt.Sprint("vote-", i)] {
			t.Errorf("vote %d was promised", i)
		}
	}
	for _, i := range promised["comment"] {
		c, err := db.CommentByLink(ctx, org, 1, fmt.Sprint("link-", i))
		if err != nil || c.Waiting.Text != fmt.Sprint("comment ", i) || !c.HasEmail {
			t.Errorf("comment %d was promised: %+v %v", i, c, err)
		}
	}
	if n, _, err := db.UnreadableEmails(ctx, org); err != nil || n > 0 {
		t.Errorf("%d addresses cannot be read: the key was not on disk before them (%v)", n, err)
	}
}
