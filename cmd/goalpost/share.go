package main

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"goalpost"
)

// share shows how far a computation is: a bar on a terminal, else a line every ten
// seconds, with --output json as an event of its own. A short one writes nothing.
type share struct {
	p    *program
	name string

	mu   sync.Mutex
	done float64

	bars   *mpb.Progress
	bar    *mpb.Bar
	end    chan struct{}
	ending sync.WaitGroup
}

// shareParts is how finely a bar moves.
const shareParts = 1000

// startShare begins; stop must follow.
func (p *program) startShare(name string) *share {
	s := &share{p: p, name: oneLine(name), end: make(chan struct{})}
	if p.terminal && p.flags.Output != "json" {
		s.bars = mpb.New(mpb.WithOutput(p.stderr), mpb.WithWidth(min(p.width, 100)))
		s.bar = s.bars.AddBar(shareParts, mpb.PrependDecorators(decor.Name(cut(s.name, 40), decor.WCSyncSpaceR)), mpb.AppendDecorators(decor.Percentage(decor.WCSyncSpace)), mpb.BarRemoveOnComplete())
		return s
	}
	s.ending.Go(s.lines)
	return s
}

// update is told the share that is done.
func (s *share) update(done float64) {
	s.mu.Lock()
	s.done = done
	s.mu.Unlock()
	if s.bar != nil {
		s.bar.SetCurrent(int64(done * (shareParts - 1)))
	}
}

func (s *share) lines() {
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

// shareEvent is a line of progress for programs: one JSON object.
type shareEvent struct {
	Event string  `json:"event"` // "progress"
	File  string  `json:"file"`
	Done  float64 `json:"done"` // 0 to 1
}

func (s *share) line() string {
	s.mu.Lock()
	done := s.done
	s.mu.Unlock()
	if s.p.flags.Output == "json" {
		event, err := json.Marshal(shareEvent{Event: "progress", File: s.name, Done: done})
		if err == nil { // no value of it can fail
			return string(event)
		}
	}
	return s.p.say.T("cli.effect.progress", goalpost.TextArg(s.name), goalpost.TextArg(s.p.say.PercentDecimals(done, 0)))
}

// stop ends the bar or the lines.
func (s *share) stop() {
	close(s.end)
	s.ending.Wait()
	if s.bar != nil {
		s.bar.Abort(true)
		s.bars.Wait()
	}
}
