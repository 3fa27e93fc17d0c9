package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// Systems that are slow and have always something due keep nobody else's message back.
func TestSlowHooksTakeTurns(t *testing.T) {
	s, _ := hooked(t, "127.0.0.1")
	var tries atomic.Int64
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries.Add(1)
		time.Sleep(40 * time.Millisecond)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(slow.Close)
	for i := range mostHooks {
		s.addHook(fmt.Sprint(slow.URL, "/", i))
	}
	well := newReceiver(t, http.StatusOK)
	s.addHook(well.URL)
	const answers = 30
	for n := 1; n <= answers; n++ {
		s.mustPut(n, answered(1, "offers", "", true))
	}
	until(t, "the last one is told", func() bool { return len(well.list()) >= answers })
	if n := tries.Load(); n > mostHooks*answers/2 {
		t.Errorf("it was told only after %d tries of the slow ones", n)
	}
}

// In an anonymous survey nothing says when somebody answered, not even when the message
// about it was sent.
func TestHookTimesOfAnonymousSurveys(t *testing.T) {
	s, clock := hooked(t, "127.0.0.1")
	well, ill := newReceiver(t, http.StatusOK), newReceiver(t, http.StatusGone)
	sent, _ := s.addHook(well.URL)
	failed, _ := s.addHook(ill.URL)
	clock.pass(83 * time.Minute)
	s.mustPut(1, answered(1, "offers", "", true))
	day := clock.now().UTC().Truncate(24 * time.Hour)
	for i := 0; s.last(failed).State != goalpost.DeliveryFailed && i < 40; i++ {
		tries := s.last(failed).Tries
		until(t, "another try", func() bool { return s.last(failed).Tries > tries || s.last(failed).State == goalpost.DeliveryFailed })
		clock.pass(12 * time.Hour)
	}
	until(t, "it is told", func() bool { return s.last(sent).State == goalpost.DeliverySent })
	if d := s.last(sent); !d.At.Equal(day) {
		t.Errorf("a message keeps its time: %v", d.At)
	}
	if d := s.last(failed); !d.At.Equal(d.At.Truncate(24 * time.Hour)) {
		t.Errorf("a message that was given up keeps its time: %v", d.At)
	}
}

// A survey tells so many systems and no more; each answer is a message to each.
func TestTooManyHooks(t *testing.T) {
	s, _ := hooked(t)
	add := func() error {
		_, _, err := assess.AddHook(context.Background(), s.server.DB, s.survey.Org, assess.HookInput{Survey: s.survey.Survey.ID, URL: "https://example.org/" + strings.Repeat("x", 3), By: "Ada", Now: testNow})
		return err
	}
	for range 20 {
		if err := add(); err != nil {
			t.Fatal(err)
		}
	}
	if err := add(); !goalpost.IsKind(err, goalpost.Invalid) {
		t.Errorf("one more: %v", err)
	}
}
