package main

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost/assess"
	"goalpost/locale"
)

// Where there is no terminal a line says how far an import is; a short import
// writes nothing.
func TestProgressLine(t *testing.T) {
	var errs bytes.Buffer
	p := &program{flags: &commands{}, outside: outside{stderr: &errs, progressEvery: time.Hour}, say: locale.New(locale.English, "")}
	s := p.startProgress("big\x1b[2J.csv", 200)
	s.update(assess.Progress{Bytes: 50, Size: 200, Rows: 1200})
	if got, want := s.said(), "big [2J.csv: 25% read, 1,200 rows."; got != want {
		t.Errorf("\ngot:  %q\nwant: %q", got, want)
	}
	s.update(assess.Progress{Waiting: true})
	if got := s.said(); !strings.Contains(got, "waits") {
		t.Errorf("\ngot:  %q\nwant: that it waits", got)
	}
	s.stop()
	if errs.Len() > 0 {
		t.Errorf("\ngot:  %q\nwant: nothing", errs.String())
	}
}

// On a terminal a bar is drawn and taken away again.
func TestProgressBarEnds(t *testing.T) {
	p := &program{flags: &commands{}, outside: outside{stderr: io.Discard, terminal: true, width: 80, progressEvery: time.Hour}, say: locale.New(locale.English, "")}
	s := p.startProgress("big.csv", 200)
	s.update(assess.Progress{Bytes: 50, Size: 200, Rows: 1200})
	if s.bar.Current() != 50 {
		t.Errorf("\ngot:  %d\nwant: 50", s.bar.Current())
	}
	s.stop()
}

// With --output json the line is an event, also on a terminal.
func TestProgressEvent(t *testing.T) {
	p := &program{flags: &commands{Output: "json"}, outside: outside{stderr: io.Discard, terminal: true, width: 80, progressEvery: time.Hour}, say: locale.New(locale.English, "")}
	s := p.startProgress("big.csv", 200)
	defer s.stop()
	s.update(assess.Progress{Bytes: 50, Size: 200, Rows: 1200})
	if got, want := s.said(), `{"event":"progress","file":"big.csv","waiting":false,"bytes":50,"size":200,"rows":1200}`; got != want || s.bar != nil {
		t.Errorf("\ngot:  %s\nwant: %s, and no bar", got, want)
	}
}

// Where there is no terminal a line comes now and then until the end, and none after it.
func TestProgressLines(t *testing.T) {
	var errs lines
	p := &program{flags: &commands{}, outside: outside{stderr: &errs, progressEvery: time.Millisecond}, say: locale.New(locale.English, "")}
	s := p.startProgress("big.csv", 200)
	s.update(assess.Progress{Bytes: 100, Size: 200, Rows: 7})
	for errs.count("big.csv: 50% read, 7 rows.") < 2 {
		time.Sleep(time.Millisecond)
	}
	s.stop()
	n := errs.count("\n")
	time.Sleep(5 * time.Millisecond)
	if m := errs.count("\n"); m != n {
		t.Errorf("\ngot:  %d lines after the end\nwant: none", m-n)
	}
}

// lines collects what several goroutines write.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), what)
}
