package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progressEvery is how often a line of progress is written where there is no terminal.
const progressEvery = 10 * time.Second

// meter shows how far something is: a bar on a terminal, else a line now and then, with
// --output json as an event of its own. What is short writes nothing.
type meter struct {
	p    *program
	name string
	line func() string // how far it is, in words or as an event

	bars   *mpb.Progress
	bar    *mpb.Bar
	end    chan struct{}
	ending sync.WaitGroup
}

// startMeter begins; stop must follow. total is where the bar ends, beside what stands at
// its right end.
func (p *program) startMeter(name string, total int64, line func() string, beside ...decor.Decorator) *meter {
	m := &meter{p: p, name: oneLine(name), line: line, end: make(chan struct{})}
	if p.terminal && p.flags.Output != "json" {
		m.bars = mpb.New(mpb.WithOutput(p.stderr), mpb.WithWidth(min(p.width, 100)))
		m.bar = m.bars.AddBar(total, mpb.PrependDecorators(decor.Name(cut(m.name, 40), decor.WCSyncSpaceR)),
			mpb.AppendDecorators(append([]decor.Decorator{decor.Percentage(decor.WCSyncSpace)}, beside...)...), mpb.BarRemoveOnComplete())
		return m
	}
	m.ending.Go(m.lines)
	return m
}

// at moves the bar.
func (m *meter) at(n int64) {
	if m.bar != nil {
		m.bar.SetCurrent(n)
	}
}

func (m *meter) lines() {
	tick := time.NewTicker(m.p.progressEvery)
	defer tick.Stop()
	for {
		select {
		case <-m.end:
			return
		case <-tick.C:
			_, _ = fmt.Fprintln(m.p.stderr, m.line())
		}
	}
}

// stop ends the bar or the lines.
func (m *meter) stop() {
	close(m.end)
	m.ending.Wait()
	if m.bar != nil {
		m.bar.Abort(true)
		m.bars.Wait()
	}
}
