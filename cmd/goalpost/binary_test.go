package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"goalpost"
	"goalpost/document"
	"goalpost/gptest/need"
	"goalpost/store"
)

// built is the real program, made once for all tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "goalpost-binary-")
	if err != nil {
		return "", err
	}
	binaryRoot = dir
	binary := filepath.Join(dir, "goalpost")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

// binaryRoot is removed when the tests are done.
var binaryRoot string

// build returns the path of the real program.
func build(t *testing.T) string {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

var link = regexp.MustCompile(`http://\S+`)

// started is a server that a test talks to.
type started struct {
	cmd    *exec.Cmd
	link   string // the first one that it printed
	output *bytes.Buffer
}

// start runs the program until it prints a link.
func start(t *testing.T, binary string, env []string, args ...string) started {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), env...)
	var all bytes.Buffer
	cmd.Stderr = &all
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if l := link.FindString(lines.Text()); l != "" {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return started{cmd, l, &all}
		}
	}
	_ = cmd.Wait()
	t.Fatalf("no link was printed: %s", all.String())
	return started{}
}

// end sends a signal and waits.
func (s started) end(t *testing.T, sig os.Signal) error {
	t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(20 * time.Second):
		t.Fatalf("does not end after %s", sig)
		return nil
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// The demo is there in less than ten seconds, says that it is simulated, and leaves
// nothing behind, whichever way it is ended.
func TestDemoLeavesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program several times")
	}
	binary := build(t)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			tmp, began := t.TempDir(), time.Now()
			s := start(t, binary, []string{"TMPDIR=" + tmp}, "demo", "--listen", "127.0.0.1:0", "--language", "en")
			status, page := get(t, s.link)
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("the first page\ngot:  after %s\nwant: within 10 s", took)
			}
			if status != http.StatusOK || !strings.Contains(strings.ToLower(page), "simulated") {
				t.Errorf("\ngot:  %d %.200s\nwant: 200 and the word simulated", status, page)
			}
			if err := s.end(t, sig); err != nil {
				t.Errorf("\ngot:  %v, %s\nwant: exit 0", err, s.output)
			}
			left, err := os.ReadDir(tmp)
			if err != nil || len(left) > 0 {
				t.Errorf("\ngot:  %v %v\nwant: nothing left", left, err)
			}
		})
	}
	t.Run("after one that was killed, beside one that runs", func(t *testing.T) {
		tmp := t.TempDir()
		folders := func() []os.DirEntry {
			list, err := os.ReadDir(tmp)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		demo := func() started { return start(t, binary, []string{"TMPDIR=" + tmp}, "demo", "--listen", "127.0.0.1:0") }
		killed, running := demo(), demo()
		if err := killed.end(t, os.Kill); err == nil || len(folders()) != 2 {
			t.Errorf("\ngot:  %v, %d folders\nwant: killed, 2 folders", err, len(folders()))
		}
		next := demo()
		if list := folders(); len(list) != 2 {
			t.Errorf("\ngot:  %v\nwant: the folders of the two that run", list)
		}
		for _, s := range []started{running, next} {
			if err := s.end(t, os.Interrupt); err != nil {
				t.Errorf("\ngot:  %v, %s\nwant: exit 0", err, s.output)
			}
		}
		if list := folders(); len(list) > 0 {
			t.Errorf("\ngot:  %v\nwant: nothing left", list)
		}
	})
	t.Run("while it imports", func(t *testing.T) {
		tmp := t.TempDir()
		cmd := exec.Command(binary, "demo", "--listen", "127.0.0.1:0")
		cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(150 * time.Millisecond)
		if err := (started{cmd: cmd}).end(t, os.Interrupt); err != nil {
			t.Errorf("\ngot:  %v\nwant: exit 0", err)
		}
		if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
			t.Errorf("\ngot:  %v %v\nwant: nothing left", left, err)
		}
	})
}

// The first start prints a complete link; a second server is refused politely, and
// commands work beside the first.
func TestServe(t *testing.T) {
	binary, data := build(t), filepath.Join(t.TempDir(), "data")
	s := start(t, binary, nil, "serve", "--data", data, "--listen", "127.0.0.1:0", "--language", "en")
	if !strings.Contains(s.link, "/setup?token=") {
		t.Fatalf("\ngot:  %s\nwant: a link with a token", s.link)
	}
	if status, page := get(t, s.link); status != http.StatusOK || !strings.Contains(page, "<form") {
		t.Errorf("\ngot:  %d %.200s\nwant: the set-up", status, page)
	}
	if status, _ := get(t, s.link+"x"); status != http.StatusForbidden {
		t.Errorf("a wrong token\ngot:  %d\nwant: 403", status)
	}
	addr := strings.TrimSuffix(strings.TrimPrefix(s.link[:strings.Index(s.link, "/setup")], "http://"), "/")
	r := call(t, "serve", "--data", filepath.Join(t.TempDir(), "other"), "--listen", addr).expect(t, 2)
	if !strings.Contains(r.stderr, "--listen") || !strings.Contains(r.stderr, addr) {
		t.Errorf("\ngot:  %q\nwant: the address and the flag", r.stderr)
	}
	call(t, "import", fixture(t, "sales.csv", smallSales), "--currency", "EUR", "--data", data).expect(t, 0)
	if err := s.end(t, syscall.SIGTERM); err != nil {
		t.Errorf("\ngot:  %v, %s\nwant: exit 0", err, s.output)
	}
}

// The demo takes the next port where the usual one is taken, but not where one was
// asked for.
func TestDemoPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	call(t, "demo", "--listen", l.Addr().String()).expect(t, 2)
	first, err := (&demoCommand{}).listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := (&demoCommand{}).listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if first.Addr().String() == second.Addr().String() {
		t.Errorf("\ngot:  %s twice\nwant: two ports", first.Addr())
	}
}

// Ctrl-C in the middle of an import leaves nothing of it.
func TestInterruptedImport(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	big := bigSales(t, 60_000)
	ctx, cancel := context.WithCancel(t.Context())
	var out, errs bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		o := outside{stdout: &out, stderr: &errs, env: func(string) string { return "" }, now: time.Now, userName: "ada", width: 80, progressEvery: time.Hour}
		ended <- run(ctx, []string{"import", big, "--currency", "EUR", "--data", data, "--language", "en"}, o)
	}()
	waitUntilWriting(t, data)
	cancel()
	if code := <-ended; code != exitFailed || !strings.Contains(errs.String(), "Interrupted") || strings.Count(errs.String(), "\n") != 1 {
		t.Fatalf("\ngot:  exit %d, %q\nwant: exit 1, one line", code, errs.String())
	}
	r := call(t, "import", big, "--currency", "EUR", "--data", data, "--output", "json").expect(t, 0)
	if f := read[goalpost.Report](t, r).Files[0]; f.Kept != 60_000 || f.AlreadyKnown != 0 {
		t.Errorf("\ngot:  %d kept, %d known\nwant: 60000 new rows", f.Kept, f.AlreadyKnown)
	}
}

// waitUntilWriting waits until an import has stored some of its rows.
func waitUntilWriting(t *testing.T, data string) {
	t.Helper()
	const some = 1 << 20 // bytes of the write-ahead log
	for range 2000 {
		if info, err := os.Stat(filepath.Join(data, store.File+"-wal")); err == nil && info.Size() > some {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatal("the import does not write")
}

// Two imports at once into an empty directory: both are there afterwards, in one
// organisation.
func TestTwoImportsAtOnce(t *testing.T) {
	binary, data := build(t), filepath.Join(t.TempDir(), "data")
	first := exec.Command(binary, "import", bigSales(t, 5_000), "--currency", "EUR", "--data", data)
	second := exec.Command(binary, "import", fixture(t, "other.csv", "date,leads\n2025-01-01,3\n2025-01-02,4\n"), "--data", data)
	for _, cmd := range []*exec.Cmd{first, second} {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	for _, cmd := range []*exec.Cmd{first, second} {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v: %v", cmd.Args, err)
		}
	}
	imports := read[struct {
		Imports []document.Import `json:"imports"`
	}](t, call(t, "imports", "--data", data, "--output", "json").expect(t, 0)).Imports
	if len(imports) != 2 {
		t.Errorf("\ngot:  %d imports\nwant: 2", len(imports))
	}
}

// bigSales writes a table of n days and products.
func bigSales(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("date,orders,revenue,region,product\n")
	first := goalpost.NewDay(2024, time.January, 1)
	for i := range n {
		fmt.Fprintf(&b, "%s,%d,%d.50,North,Lamp %d\n", first+goalpost.Day(i/100), i%7, i%1000, i%100)
	}
	return fixture(t, "sales.csv", b.String())
}

// kill -9 at a random moment of an import: afterwards the import is wholly there or
// can be repeated without doubles. 20 times, 100 times in the long tests.
func TestKilledImport(t *testing.T) {
	times := 20
	if os.Getenv("GOALPOST_LONG") == "1" {
		times = 100
	}
	if testing.Short() {
		t.Skip("starts the real program many times")
	}
	binary, big := build(t), bigSales(t, 12_000)
	arguments := func(data string) []string {
		return []string{"import", big, "--currency", "EUR", "--data", data, "--output", "json"}
	}
	clean, began := filepath.Join(t.TempDir(), "clean"), time.Now()
	if out, err := exec.Command(binary, arguments(clean)...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	want := sums(t, clean)
	seed := uint64(time.Now().UnixNano())
	rng := rand.New(rand.NewPCG(seed, 0))
	cut := 0
	for range times {
		data := filepath.Join(t.TempDir(), "data")
		cmd := exec.Command(binary, arguments(data)...)
		began := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		moment := time.Duration(rng.Int64N(int64(whole)))
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-time.After(moment):
			_ = cmd.Process.Kill() // SIGKILL; it may have ended this very moment
			if _, killed := errors.AsType[*exec.ExitError](<-ended); killed {
				cut++
			}
		case err := <-ended: // the first one was slow: from now on earlier moments
			if err != nil {
				t.Fatal(err)
			}
			whole = time.Since(began)
		}
		call(t, arguments(data)...).expect(t, 0)
		if got := sums(t, data); got != want {
			t.Fatalf("seed %d, killed after %s\ngot:  %s\nwant: %s", seed, moment, got, want)
		}
		call(t, "doctor", "--data", data).expect(t, 0)
	}
	if cut < times/4 {
		t.Errorf("only %d of %d imports were cut off: the test shows nothing", cut, times)
	}
}

// sums is what a data directory counts.
func sums(t *testing.T, data string) string {
	t.Helper()
	return call(t, "kpi", "orders", "revenue", "--from", "2024-01-01", "--until", "2024-12-31", "--data", data, "--output", "csv").expect(t, 0).stdout
}

// The real exports give what an independent count gave.
func TestSharedExports(t *testing.T) {
	if testing.Short() {
		t.Skip("imports some 20 real files, each twice")
	}
	data := filepath.Join(need.Shared(t), "data")
	python, err := exec.LookPath("python3")
	if err != nil {
		need.Skip(t, "needs python3 for the independent count")
	}
	cmd := exec.CommandContext(t.Context(), python, filepath.Join(data, "check_import.py"), build(t), filepath.Join(data, "MANIFEST.csv"), data,
		"--dialect", "^(meta-(content|daily|audience)|x-|twitter|custom|notes|header)", "--together", "-v")
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
