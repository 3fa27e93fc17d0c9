package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"goalpost/assess"
	"goalpost/locale"
)

// Where there is no terminal a line says how far an import is; a short import
// writes nothing.
func TestProgressLine(t *testing.T) {
	var errs bytes.Buffer
	p := &program{flags: &commands{}, outside: outside{stderr: &errs}, say: locale.New(locale.English, "")}
	s := p.startProgress("big\x1b[2J.csv", 200)
	s.update(assess.Progress{Bytes: 50, Size: 200, Rows: 1200})
	if got, want := s.line(), "big [2J.csv: 25% read, 1,200 rows."; got != want {
		t.Errorf("\ngot:  %q\nwant: %q", got, want)
	}
	s.update(assess.Progress{Waiting: true})
	if got := s.line(); !strings.Contains(got, "waits") {
		t.Errorf("\ngot:  %q\nwant: that it waits", got)
	}
	s.stop()
	if errs.Len() > 0 {
		t.Errorf("\ngot:  %q\nwant: nothing", errs.String())
	}
}

// On a terminal a bar is drawn and taken away again.
func TestProgressBarEnds(t *testing.T) {
	p := &program{flags: &commands{}, outside: outside{stderr: io.Discard, terminal: true, width: 80}, say: locale.New(locale.English, "")}
	s := p.startProgress("big.csv", 200)
	s.update(assess.Progress{Bytes: 50, Size: 200, Rows: 1200})
	if s.bar.Current() != 50 {
		t.Errorf("\ngot:  %d\nwant: 50", s.bar.Current())
	}
	s.stop()
}

// With --output json the line is an event, also on a terminal.
func TestProgressEvent(t *testing.T) {
	p := &program{flags: &commands{Output: "json"}, outside: outside{stderr: io.Discard, terminal: true, width: 80}, say: locale.New(locale.English, "")}
	s := p.startProgress("big.csv", 200)
	defer s.stop()
	s.update(assess.Progress{Bytes: 50, Size: 200, Rows: 1200})
	if got, want := s.line(), `{"event":"progress","file":"big.csv","waiting":false,"bytes":50,"size":200,"rows":1200}`; got != want || s.bar != nil {
		t.Errorf("\ngot:  %s\nwant: %s, and no bar", got, want)
	}
}
