package main

import (
	"encoding/json"
	"sync"

	"github.com/vbauerster/mpb/v8/decor"

	"goalpost"
	"goalpost/assess"
)

// progress shows how far an import is.
type progress struct {
	*meter
	mu   sync.Mutex
	last assess.Progress
}

// startProgress begins; stop must follow.
func (p *program) startProgress(name string, size int64) *progress {
	s := &progress{}
	s.meter = p.startMeter(name, size, s.said, decor.Any(func(decor.Statistics) string { return " " + s.rows() }))
	return s
}

// update is told by the import how far it is.
func (s *progress) update(now assess.Progress) {
	s.mu.Lock()
	s.last = now
	s.mu.Unlock()
	s.at(now.Bytes)
}

func (s *progress) state() assess.Progress {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// rows says how many rows were read, or that another import runs first.
func (s *progress) rows() string {
	now := s.state()
	if now.Waiting {
		return s.p.say.T("cli.import.waiting")
	}
	return s.p.say.Number(float64(now.Rows))
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

// said is how far the import is.
func (s *progress) said() string {
	now := s.state()
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
