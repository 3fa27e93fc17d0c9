package main

import (
	"encoding/json"
	"sync"

	"goalpost"
)

// doneShare shows how far a computation is.
type doneShare struct {
	*meter
	mu   sync.Mutex
	done float64 // 0 to 1
}

// shareParts is how finely a bar moves.
const shareParts = 1000

// startShare begins; stop must follow.
func (p *program) startShare(name string) *doneShare {
	s := &doneShare{}
	s.meter = p.startMeter(name, shareParts, s.said)
	return s
}

// update is told the share that is done.
func (s *doneShare) update(done float64) {
	s.mu.Lock()
	s.done = done
	s.mu.Unlock()
	s.at(int64(done * (shareParts - 1)))
}

// shareEvent is a line of progress for programs: one JSON object.
type shareEvent struct {
	Event string  `json:"event"` // "progress"
	File  string  `json:"file"`
	Done  float64 `json:"done"` // 0 to 1
}

// said is how far the computation is.
func (s *doneShare) said() string {
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
