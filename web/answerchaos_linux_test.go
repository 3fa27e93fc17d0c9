package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// faultyDir names the directory of data in which a child of TestAcknowledgedWhateverBreaks
// serves until it is killed.
const faultyDir = "GOALPOST_TEST_FAULTY"

// TestFaultyServer is the child: it serves over the data, and does to itself what it reads
// on its standard input: its clock jumps, its disk is full.
func TestFaultyServer(t *testing.T) {
	dir := os.Getenv(faultyDir)
	if dir == "" {
		return // only TestAcknowledgedWhateverBreaks starts it for real
	}
	signal.Ignore(syscall.SIGXFSZ) // a full disk is an error of the write, not a signal
	db, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := ParseAllowedHosts([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	clock := &testClock{}
	s := &Server{DB: db, Log: slog.New(slog.DiscardHandler), Now: clock.now, DataDir: dir, AllowPrivate: allowed, hookEvery: 10 * time.Millisecond,
		room: func() (uint64, uint64, bool) { return 1 << 40, 1 << 40, true }}
	h, err := s.Handler()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := s.HTTPServer(h)
	go func() { _ = server.Serve(l) }()               // it ends by being closed
	say := func(what ...any) { fmt.Println(what...) } //nolint:forbidigo // the parent reads it
	say("at", l.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); say("done") {
		what, number, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		switch what {
		case "clock":
			clock.since.Store(n)
		case "disk":
			limitFiles(t, dir, n)
		case "stop":
			if err := errors.Join(server.Close(), db.Close()); err != nil {
				t.Error(err)
			}
			return
		}
	}
}

// limitFiles lets files grow until the log of the database is so many bytes longer than
// now, below 0 without end.
func limitFiles(t *testing.T, dir string, more int64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = limit.Max
	if more >= 0 {
		info, err := os.Stat(filepath.Join(dir, store.File+"-wal"))
		if err != nil {
			t.Fatal(err)
		}
		limit.Cur = uint64(info.Size() + more)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
}

// faulty is the child as its parent sees it.
type faulty struct {
	t     *testing.T
	dir   string
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	base  string
	clock time.Duration
	full  bool
}

func (f *faulty) start() {
	f.t.Helper()
	f.cmd = exec.Command(os.Args[0], "-test.run=^TestFaultyServer$") //nolint:gosec // this test binary
	f.cmd.Env = append(os.Environ(), faultyDir+"="+f.dir)
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		f.t.Fatal(err)
	}
	if f.in, err = f.cmd.StdinPipe(); err != nil {
		f.t.Fatal(err)
	}
	if err := f.cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	cmd := f.cmd
	f.t.Cleanup(func() { _ = cmd.Process.Kill() })
	f.lines, f.full = bufio.NewScanner(out), false
	f.base = "http://" + f.reads("at ")
	f.tell("clock", int64(f.clock))
}

// reads waits for a line and returns what follows its first word.
func (f *faulty) reads(word string) string {
	f.t.Helper()
	var said []string
	for f.lines.Scan() {
		if rest, found := strings.CutPrefix(f.lines.Text(), word); found {
			return rest
		}
		said = append(said, f.lines.Text())
	}
	f.t.Fatalf("the server ended: %s", strings.Join(said, "\n"))
	return ""
}

func (f *faulty) tell(what string, n int64) {
	f.t.Helper()
	if _, err := fmt.Fprintln(f.in, what, n); err != nil {
		f.t.Fatal(err)
	}
	if what != "stop" {
		f.reads("done")
	}
}

func (f *faulty) kill() {
	_ = f.cmd.Process.Kill()
	_ = f.cmd.Wait() // it was killed: the error says so
}

func (f *faulty) stop() {
	f.t.Helper()
	f.tell("stop", 0)
	if err := f.cmd.Wait(); err != nil {
		f.t.Errorf("it does not end well: %v", err)
	}
}

// revision is what one page sent under a number.
type revision struct {
	text string
	done bool
}

// correspondent is what one respondent's page sent, and what it was told is kept.
type correspondent struct {
	n        int
	sent     map[int64]revision
	rev      int64 // highest that was sent
	promised int64 // highest that is kept for certain
	complete int64 // the one that is complete, and stays so
	receipt  string
}

// chaos are respondents who write to a server that breaks again and again.
type chaos struct {
	t    *testing.T
	mu   sync.Mutex
	rng  *rand.Rand
	all  []*correspondent
	said map[int]int // answers of the server by their status, 0 for none
}

// next chooses what somebody sends now: something new, something older, or the same again.
func (c *chaos) next() (p *correspondent, rev int64, body string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p = c.all[c.rng.IntN(len(c.all))]
	if p.rev == 0 || c.rng.IntN(3) > 0 {
		p.rev++
		p.sent[p.rev] = revision{fmt.Sprintf("%d of %d %s", p.rev, p.n, strings.Repeat("and so on ", c.rng.IntN(400))), c.rng.IntN(8) == 0}
	}
	rev = 1 + c.rng.Int64N(p.rev)
	if c.rng.IntN(2) == 0 {
		rev = p.rev
	}
	x := p.sent[rev]
	return p, rev, answered(int(rev), "news", x.text, x.done)
}

// put sends something, and notes what is promised.
func (c *chaos) put(client *http.Client, base string) {
	p, rev, body := c.next()
	r, err := http.NewRequest(http.MethodPut, base+"/api/v1/p/wishes/r/"+respondent(p.n), strings.NewReader(body))
	if err != nil {
		c.t.Error(err)
		return
	}
	r.Header.Set("Resume-Secret", fmt.Sprint("secret ", p.n))
	status, d := 0, keptDocument{}
	if res, err := client.Do(r); err == nil {
		err = json.NewDecoder(res.Body).Decode(&d)
		_ = res.Body.Close()
		if err == nil { // else it was cut off: nothing is promised
			status = res.StatusCode
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said[status]++
	switch status {
	case 0, http.StatusServiceUnavailable:
	case http.StatusOK, http.StatusConflict:
		if status == http.StatusOK && d.Rev < rev && p.sent[rev].text != p.sent[d.Rev].text {
			c.t.Errorf("%d: %d is acknowledged, kept is %d", p.n, rev, d.Rev)
		}
		p.promised = max(p.promised, d.Rev)
		if d.State != string(goalpost.AnswerComplete) {
			return
		}
		if p.complete != 0 && (p.complete != d.Rev || p.receipt != d.Receipt) {
			c.t.Errorf("%d: %d was complete, now it is %d", p.n, p.complete, d.Rev)
		}
		p.complete, p.receipt = d.Rev, d.Receipt
	default:
		c.t.Errorf("%d: status %d", p.n, status)
	}
}

// burst sends a few at once and returns what waits for them.
func (c *chaos) burst(base string, n int) (wait func()) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
			c.put(client, base)
		})
	}
	return all.Wait
}

// step lets something happen, whatever comes next.
func (c *chaos) step(f *faulty) {
	c.mu.Lock()
	what, n, much := c.rng.IntN(20), 1+c.rng.IntN(12), c.rng.Int64N(1<<40)
	c.mu.Unlock()
	switch what {
	case 0:
		wait := c.burst(f.base, 2*n)
		time.Sleep(time.Duration(much % int64(15*time.Millisecond)))
		f.kill()
		wait()
		f.start()
	case 1:
		wait := c.burst(f.base, n)
		f.stop()
		wait()
		f.start()
	case 2:
		const year = 365 * 24 * time.Hour
		f.clock = time.Duration(much)*time.Microsecond%(2*year) - year
		f.tell("clock", int64(f.clock))
	case 3, 4:
		more := int64(-1)
		if f.full = !f.full; f.full {
			more = much % (64 << 10)
		}
		f.tell("disk", more)
	case 5: // cut off in the middle
		if conn, err := net.Dial("tcp", strings.TrimPrefix(f.base, "http://")); err == nil {
			_, _ = fmt.Fprintf(conn, "PUT /api/v1/p/wishes/r/%s HTTP/1.1\r\nHost: x\r\nResume-Secret: secret %d\r\nContent-Length: 300\r\n\r\n{\"rev\":99", respondent(n), n)
			_ = conn.Close()
		}
	default:
		c.burst(f.base, n)()
	}
}

// broken compares what is kept with what was promised, and returns each promise that is
// not kept.
func (c *chaos) broken(kept map[string]goalpost.Answer) (list []string) {
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	for _, p := range c.all {
		a, there := kept[respondent(p.n)]
		switch {
		case !there && p.promised > 0:
			say("%d: %d was acknowledged, and nothing is there", p.n, p.promised)
		case !there:
		case a.Rev < p.promised:
			say("%d: %d was acknowledged, kept is %d", p.n, p.promised, a.Rev)
		case a.Replies["more"].Text != strings.TrimSpace(p.sent[a.Rev].text):
			say("%d: %d is not kept as it was sent", p.n, a.Rev)
		case p.complete != 0 && (a.State != goalpost.AnswerComplete || a.Rev != p.complete):
			say("%d: %d was complete, kept is %d, %s", p.n, p.complete, a.Rev, a.State)
		case (a.State == goalpost.AnswerComplete) != p.sent[a.Rev].done:
			say("%d: %d is %s", p.n, a.Rev, a.State)
		}
	}
	return list
}

// Whatever breaks, in whatever order – the program is killed, stopped and started, its clock
// jumps by up to a year, its disk is full and free again, connections are cut – what was
// acknowledged is kept as it was sent, counted once, and told to another system.
func TestAcknowledgedWhateverBreaks(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process that is killed, many times")
	}
	seeds, steps := 2, 80
	if os.Getenv("GOALPOST_LONG") == "1" {
		seeds, steps = 25, 200
	}
	seed, said := uint64(time.Now().UnixNano()), map[int]int{}
	for i := range uint64(seeds) {
		c := &chaos{t: t, rng: rand.New(rand.NewPCG(seed+i, 0)), said: said}
		for n := range 30 {
			c.all = append(c.all, &correspondent{n: 1 + n, sent: map[int64]revision{}})
		}
		c.run(steps)
		if t.Failed() {
			t.Fatalf("seed %d", seed+i)
		}
	}
	if said[http.StatusOK] < 50*seeds || said[0] == 0 || said[http.StatusServiceUnavailable] == 0 || said[http.StatusConflict] == 0 {
		t.Errorf("not everything happened, this test shows nothing: %v", said)
	}
	t.Logf("answers of the server by status, 0 for none: %v", said)
}

// run lets so many things happen over data of its own, and checks what is left.
func (c *chaos) run(steps int) {
	t, ctx := c.t, context.Background()
	told := newReceiver(t, http.StatusNoContent)
	defer told.Close()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := openSurvey(ctx, db, nil)
	if err != nil {
		t.Fatal(err)
	}
	hook, _, err := assess.AddHook(ctx, db, a.Org, assess.HookInput{Survey: a.Survey.ID, URL: told.URL, Secret: [32]byte{5}, By: "Ada", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	f := &faulty{t: t, dir: dir}
	f.start()
	for range steps {
		c.step(f)
	}
	f.kill()
	f.clock = 0
	f.start() // what waits is sent now
	said := func() map[string]bool {
		ids := map[string]bool{}
		for _, m := range told.list() {
			ids[m.id[strings.LastIndex(m.id, ":")+1:]] = true
		}
		return ids
	}
	if db, err = store.Open(ctx, dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	complete := c.check(db, a)
	until(t, "the other system is told of all that is complete", func() bool { return len(said()) >= len(complete) })
	f.stop()
	for id := range said() {
		if !complete[id] {
			t.Errorf("it was told of %s, which is not complete", id)
		}
	}
	due, err := db.DueDeliveries(ctx, a.Org, hook.ID, testNow.AddDate(9, 0, 0), testNow.AddDate(9, 0, 0), 1000)
	if err != nil || len(due) > 0 {
		t.Errorf("messages wait: %v %v", due, err)
	}
}

// check looks for each promise, and that the check would see a broken one.
func (c *chaos) check(db *store.DB, a *assess.AskedSurvey) (complete map[string]bool) {
	t, ctx := c.t, context.Background()
	if problems, err := db.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("the check finds %v, %v", problems, err)
	}
	list, err := db.AnswersSince(ctx, a.Org, a.Survey.ID, 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	kept, complete := map[string]goalpost.Answer{}, map[string]bool{}
	for _, x := range list {
		if _, twice := kept[x.ID]; twice {
			t.Errorf("%s is there twice", x.ID)
		}
		kept[x.ID] = x
		if x.State == goalpost.AnswerComplete {
			complete[x.ID] = true
		}
	}
	broken := c.broken(kept)
	for _, says := range broken {
		t.Error(says)
	}
	if n, err := db.SurveyCount(ctx, a.Org, a.Survey.ID); err != nil || n != len(complete) {
		t.Errorf("%d are counted, %d are complete, %v", n, len(complete), err)
	}
	for _, p := range c.all {
		if p.complete == 0 || len(broken) > 0 {
			continue
		}
		if got := a.Receipt(respondent(p.n)); got != p.receipt {
			t.Errorf("%d: receipt %s, want %s", p.n, p.receipt, got)
		}
		delete(kept, respondent(p.n))
		if len(c.broken(kept)) != 1 {
			t.Errorf("%d: a loss is not seen: this test shows nothing", p.n)
		}
		break
	}
	return complete
}
