package web

import (
	"context"
	"sync"

	"goalpost"
)

// orgTurns lets one at a time of an organisation do what takes much of the machine, so that
// who asks for it very often waits for himself, and not everybody for him.
type orgTurns struct {
	mu   sync.Mutex
	held map[goalpost.OrgID]chan struct{}
}

// take returns when it is the turn of a further one of an organisation; done ends it.
func (t *orgTurns) take(ctx context.Context, org goalpost.OrgID) (done func(), err error) {
	t.mu.Lock()
	if t.held == nil {
		t.held = map[goalpost.OrgID]chan struct{}{}
	}
	turn, ok := t.held[org]
	if !ok {
		turn = make(chan struct{}, 1)
		t.held[org] = turn
	}
	t.mu.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
