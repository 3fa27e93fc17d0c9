package web

import (
	"crypto/sha256"
	"sync"

	"goalpost/assess"
)

// maxSentPages is how many pages are remembered for certain, and half of all that are.
const maxSentPages = 100_000

// sentPages remembers which answer came with which page, so that somebody who fetches one
// page, waits and computes for it, and sends a thousand answers with it, is seen: neither
// speed, connection nor computation tells then. It is in memory only, because it would say
// when somebody opened an anonymous survey.
type sentPages struct {
	mu          sync.Mutex
	now, before map[pageKey]pageKey // hash of the page, hash of the answer's id
}

type pageKey [12]byte

func newSentPages() *sentPages { return &sentPages{now: map[pageKey]pageKey{}} }

func pageKeyOf(parts ...string) (k pageKey) {
	h := sha256.New()
	for _, part := range parts {
		_, _ = h.Write([]byte(part + "\x00")) // a hash never fails
	}
	copy(k[:], h.Sum(nil))
	return k
}

// reused reports whether another answer came with the same page before. Pages that are not
// signed are flagged for that, and not remembered.
func (p *sentPages) reused(a *assess.AskedSurvey, in assess.AnswerInput) bool {
	page, signed := a.ReadPage(in.Page)
	if !signed || page.Once == "" {
		return false
	}
	key, by := pageKeyOf(a.Survey.Slug, in.Page), pageKeyOf(in.ID)
	p.mu.Lock()
	defer p.mu.Unlock()
	first, known := p.now[key]
	if !known {
		if first, known = p.before[key]; !known {
			first = by
		}
		if len(p.now) >= maxSentPages {
			p.before, p.now = p.now, map[pageKey]pageKey{}
		}
		p.now[key] = first
	}
	return first != by
}
