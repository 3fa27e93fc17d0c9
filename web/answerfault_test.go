package web

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"goalpost/store"
)

// Clients that stop in the middle of their answer are told so after a while; the others are
// served meanwhile, however many stop.
func TestClientsThatHang(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	ts := httptest.NewUnstartedServer(nil)
	ts.Config = s.server.HTTPServer(s.handler.Load().(http.Handler))
	if limit := ts.Config.ReadTimeout; limit <= 0 || limit > 2*time.Minute || ts.Config.WriteTimeout <= 0 || ts.Config.ReadHeaderTimeout <= 0 {
		t.Errorf("the program waits for ever: %v, %v, %v", limit, ts.Config.WriteTimeout, ts.Config.ReadHeaderTimeout)
	}
	ts.Config.ReadTimeout = 2 * time.Second
	ts.Start()
	defer ts.Close()
	const hang = 100
	var all [hang]net.Conn
	for i := range all {
		conn, err := net.Dial("tcp", ts.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := fmt.Fprintf(conn, "PUT /api/v1/p/wishes/r/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"rev\":1,", respondent(1000+i)); err != nil {
			t.Fatal(err)
		}
		all[i] = conn
	}
	served := s
	served.site = &site{t: t, base: ts.URL}
	for i := range 20 {
		served.mustPut(2+i, answered(1, "news", "", true))
	}
	for _, conn := range all {
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		said, _ := io.ReadAll(conn) // it ends by being closed
		if !bytes.HasPrefix(said, []byte("HTTP/1.1 408 ")) {
			t.Errorf("said: %s", said)
		}
	}
	if got := s.kept(); len(got) != 20 {
		t.Errorf("%d kept", len(got))
	}
}

// A clock that jumps a year ahead and back again neither loses an answer nor stops the
// next.
func TestClockJumps(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	var clock testClock
	s.with(func(s *Server) { s.Now = clock.now })
	for i, by := range []time.Duration{0, 366 * 24 * time.Hour, -366 * 24 * time.Hour, time.Second, -time.Second, 0} {
		clock.since.Store(int64(by))
		if d := s.mustPut(1+i, answered(1, "news", "", true), "X-Forwarded-For", "198.51.100.7"); d.State != "complete" || d.Receipt == "" {
			t.Errorf("%v: %+v", by, d)
		}
		if d := s.mustPut(1, answered(1, "news", "", true)); d.State != "complete" {
			t.Errorf("the first again, at %v: %+v", by, d)
		}
	}
	if got := s.kept(); len(got) != 6 {
		t.Errorf("%d kept", len(got))
	}
}

// Where the disk is full, nothing is acknowledged that is not kept, and what was kept can
// be read.
func TestAnswersOnFullDisk(t *testing.T) {
	s := answerSite(t, store.Options{MaxPages: 400}, nil)
	promised, full := map[string]bool{}, 0
	for i := 0; full < 5 && i < 2000; i++ {
		a, err := s.put(1+i, answered(1, "news", strings.Repeat("long ", 500), true))
		switch {
		case err != nil:
			t.Fatal(err)
		case a.status == http.StatusOK:
			promised[respondent(1+i)] = true
		case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
			full++
		default:
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if full < 5 || len(promised) < 10 {
		t.Fatalf("%d promised, %d refused: the disk was not full", len(promised), full)
	}
	for _, a := range s.kept() {
		delete(promised, a.ID)
	}
	if len(promised) > 0 {
		t.Errorf("%d promised answers are lost", len(promised))
	}
}

// Before the disk is full answers are refused, with one line in the log however many come.
func TestLittleRoom(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	free := uint64(100 << 20)
	var clock testClock
	s.with(func(s *Server) {
		s.Now, s.room = clock.now, func() (uint64, uint64, bool) { return free, 1 << 30, true }
	})
	for i := range 3 {
		clock.pass(2 * time.Second)
		if a, err := s.put(1+i, answered(1, "news", "", true)); err != nil || a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%d %s %v", a.status, a.body, err)
		}
	}
	if n := strings.Count(s.log.String(), "disk is nearly full"); n != 1 {
		t.Errorf("%d lines in the log: %s", n, s.log)
	}
	free = 500 << 20
	clock.pass(2 * time.Second)
	s.mustPut(1, answered(1, "news", "", true))
	if got := s.kept(); len(got) != 1 {
		t.Errorf("%d kept", len(got))
	}
}

// Whatever happens in whatever order, what was acknowledged is kept as it was sent.
func TestAcknowledgedIsKept(t *testing.T) {
	for seed := range uint64(4) {
		s := answerSite(t, store.Options{}, nil)
		rng := rand.New(rand.NewPCG(seed, 9))
		room := true
		var clock testClock
		s.with(func(s *Server) {
			s.Now, s.room = clock.now, func() (uint64, uint64, bool) {
				if room {
					return 1 << 40, 1 << 40, true
				}
				return 0, 1 << 40, true
			}
		})
		promised := map[string]string{} // the newest text that was acknowledged
		rev := map[int]int{}
		for range 300 {
			switch rng.IntN(12) {
			case 0:
				room = !room
			case 1:
				clock.pass(time.Duration(rng.IntN(7_200_000)-3_600_000) * time.Millisecond)
			case 2:
				s.restart()
			case 3: // cut off in the middle
				n := 1 + rng.IntN(30)
				conn, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				_, _ = fmt.Fprintf(conn, "PUT /api/v1/p/wishes/r/%s HTTP/1.1\r\nHost: x\r\nResume-Secret: secret %d\r\nContent-Length: 300\r\n\r\n{\"rev\":99", respondent(n), n)
				_ = conn.Close()
			default:
				n := 1 + rng.IntN(30)
				rev[n]++
				text := fmt.Sprintf("%d of %d", rev[n], n)
				a, err := s.put(n, answered(rev[n], "news", text, false))
				if err != nil {
					t.Fatal(err)
				}
				if a.status == http.StatusOK {
					promised[respondent(n)] = text
				}
			}
		}
		kept := map[string]string{}
		for _, a := range s.kept() {
			if _, twice := kept[a.ID]; twice {
				t.Errorf("seed %d: %s is there twice", seed, a.ID)
			}
			kept[a.ID] = a.Replies["more"].Text
		}
		if len(promised) < 10 {
			t.Errorf("seed %d: only %d were acknowledged", seed, len(promised))
		}
		for id, text := range promised {
			if kept[id] != text {
				t.Errorf("seed %d: %s\ngot:  %q\nwant: %q", seed, id, kept[id], text)
			}
		}
	}
}

// When more come than can be written, those beyond the queue are refused at once, and told
// when to come again; of the others each is kept.
func TestTooManyAtOnce(t *testing.T) {
	s := answerSite(t, store.Options{}, nil)
	other, err := sql.Open("sqlite", "file:"+filepath.Join(s.server.DataDir, store.File))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil { // another program writes, and nobody else can
		t.Fatal(err)
	}
	const n, queue = 400, 256
	var taken, refused atomic.Int64
	began := time.Now()
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			a, err := s.put(1+i, answered(1, "news", "", true))
			switch {
			case err != nil:
				t.Error(err)
			case a.status == http.StatusOK:
				taken.Add(1)
			case a.status == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
				refused.Add(1)
			default:
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	until(t, "those beyond the queue are refused", func() bool { return refused.Load() >= n-queue-1 })
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("they waited %s", took)
	}
	if taken.Load() > 0 {
		t.Errorf("%d are acknowledged though nothing can be written", taken.Load())
	}
	if _, err := lock.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	if got := len(s.kept()); int64(got) != taken.Load() || got < queue {
		t.Errorf("%d acknowledged, %d refused, %d kept", taken.Load(), refused.Load(), got)
	}
}
