package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"goalpost"
	"goalpost/assess"
)

// every is how often a line of progress is written where there is no terminal.
const every = 10 * time.Second

// progress shows how far an import is: a bar on a terminal, else a line every ten
// seconds, with --output json as an event of its own. A short import writes nothing.
type progress struct {
	p    *program
	name string

	mu   sync.Mutex
	last assess.Progress

	bars   *mpb.Progress
	bar    *mpb.Bar
	end    chan struct{}
	ending sync.WaitGroup
}

// startProgress begins; stop must follow.
func (p *program) startProgress(name string, size int64) *progress {
	s := &progress{p: p, name: oneLine(name), end: make(chan struct{})}
	if p.terminal && p.flags.Output != "json" {
		s.bars = mpb.New(mpb.WithOutput(p.stderr), mpb.WithWidth(min(p.width, 100)))
		s.bar = s.bars.AddBar(size, mpb.PrependDecorators(decor.Name(cut(s.name, 40), decor.WCSyncSpaceR)),
			mpb.AppendDecorators(decor.Percentage(decor.WCSyncSpace), decor.Any(func(decor.Statistics) string { return " " + s.rows() })),
			mpb.BarRemoveOnComplete())
		return s
	}
	s.ending.Go(s.lines)
	return s
}

// update is told by the import how far it is.
func (s *progress) update(now assess.Progress) {
	s.mu.Lock()
	s.last = now
	s.mu.Unlock()
	if s.bar != nil {
		s.bar.SetCurrent(now.Bytes)
	}
}

// rows says how many rows were read, or that another import runs first.
func (s *progress) rows() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last.Waiting {
		return s.p.say.T("cli.import.waiting")
	}
	return s.p.say.Number(float64(s.last.Rows))
}

// lines writes a line every ten seconds until the import ends.
func (s *progress) lines() {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-s.end:
			return
		case <-tick.C:
			_, _ = fmt.Fprintln(s.p.stderr, s.line())
		}
	}
}

// progressEvent is a line of progress for programs: one JSON object.
type progressEvent struct {
	Event   string `json:"event"` // "progress"
	File    string `json:"file"`
	Waiting bool   `json:"waiting"` // another import runs first
	Bytes   int64  `json:"bytes"`   // read
	Size    int64  `json:"size"`    // of the file
	Rows    int    `json:"rows"`    // read
}

func (s *progress) line() string {
	s.mu.Lock()
	now := s.last
	s.mu.Unlock()
	if s.p.flags.Output == "json" {
		event, err := json.Marshal(progressEvent{Event: "progress", File: s.name, Waiting: now.Waiting, Bytes: now.Bytes, Size: now.Size, Rows: now.Rows})
		if err == nil { // no value of it can fail
			return string(event)
		}
	}
	if now.Waiting {
		return s.name + ": " + s.p.say.T("cli.import.waiting")
	}
	read := "0 %"
	if now.Size > 0 {
		read = s.p.say.Percent(float64(now.Bytes) / float64(now.Size))
	}
	return s.p.say.T("cli.import.progress", goalpost.TextArg(s.name), goalpost.TextArg(read), goalpost.NumberArg(float64(now.Rows)))
}

// stop ends the bar or the lines.
func (s *progress) stop() {
	close(s.end)
	s.ending.Wait()
	if s.bar != nil {
		s.bar.Abort(true)
		s.bars.Wait()
	}
}
