package web

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A person who presses the button several times keeps one wave, and is told so each time.
func TestWaveKeptOnce(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	to := s.sendFile(t, "/en/studies-wave", "t.csv", "Role,Goals [Sales],Goals [Brand]\n"+strings.Repeat("Boss,x,\nStaff,,x\n", 5000), nil).header.Get("Location")
	form := untouched(t, s.page(to))
	form.Set("title_en", "Mine")
	form.Set("id", "mine")
	var presses sync.WaitGroup
	for range 4 {
		presses.Go(func() {
			if a := s.post(to, form); a.status != http.StatusSeeOther && (a.status != http.StatusOK || !strings.Contains(a.body, "as version 1 of the study")) {
				t.Errorf("%d %s", a.status, textOf(a.body))
			}
		})
	}
	presses.Wait()
	contains(t, "report", textOf(s.page(to)), []string{"10,000 respondents are kept, as version 1"}, nil)
}

// A table of respondents that nobody came back for is gone after a day, whether or not
// somebody uploads another one.
func TestForgottenWaveIsGone(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	send := func() string {
		to := s.sendFile(t, "/en/studies-wave", "t.csv", "mail,Role\nann@example.org,Boss\nbob@example.org,Staff\n", nil).header.Get("Location")
		return to[strings.LastIndex(to, "/")+1:]
	}
	old, fresh := send(), send()
	s.server.waves.change(old, func(f *upload) { f.at = f.at.Add(-uploadKept) })
	tick := make(chan time.Time)
	ended := make(chan struct{})
	go func() { s.server.tidy(tick); close(ended) }()
	tick <- testNow
	s.server.stop()
	<-ended
	left, err := os.ReadDir(filepath.Join(s.server.DataDir, "wave", "upload"))
	if err != nil || len(left) != 1 || left[0].Name() != fresh {
		t.Errorf("%v are left, %v", left, err)
	}
}

// A crowd that asks for one picture waits for one drawing; a poll's picture is kept too.
func TestPicturesAreDrawnOnce(t *testing.T) {
	var c pictures
	var drawn atomic.Int64
	var crowd sync.WaitGroup
	for range 50 {
		crowd.Go(func() {
			b, err := c.png("key", func() ([]byte, error) {
				drawn.Add(1)
				time.Sleep(20 * time.Millisecond) // others come meanwhile
				return []byte("picture"), nil
			})
			if string(b) != "picture" || err != nil {
				t.Errorf("%q %v", b, err)
			}
		})
	}
	crowd.Wait()
	if drawn.Load() != 1 {
		t.Errorf("drawn %d times", drawn.Load())
	}
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 60)
	one, again, other := s.page("/en/p/goals/results.png"), s.page("/en/p/goals/results.png"), s.page("/de/p/goals/results.png")
	if n := len(s.server.pictures.kept); n != 2 || one != again || one == other || !strings.HasPrefix(one, "\x89PNG") {
		t.Errorf("%d pictures are kept", n)
	}
}
