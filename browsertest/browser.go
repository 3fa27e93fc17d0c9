// Package browsertest drives a real Chromium through pages in tests, and fails
// the test on anything that the page writes to the console as an error: an
// exception, a resource that is missing, a breach of the content security
// policy. It is a thin cover over chromedp, so that a change of chromedp's
// interface is repaired here and nowhere else. It is for tests only.
package browsertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"goalpost/gptest/need"
)

// patience is how long one step waits for the page before the test fails. It is
// generous: pages answer in milliseconds, but the machine may be busy.
const patience = 20 * time.Second

// Browser is a Chromium with one open tab and an empty profile. A test uses it
// from one goroutine. Its methods fail the test at once when a step does not
// succeed. Windows that a page opens are not watched.
type Browser struct {
	t        testing.TB
	ctx      context.Context
	width    int64 // of the viewport, in CSS pixels; 0 is the browser's own
	dark     bool
	print    bool
	scripts  bool // whether pages may run scripts
	marked   int  // markers written to the console so far
	watching watch
}

// watch collects what the page writes to the console.
type watch struct {
	sync.Mutex
	problems []string
	allowed  []string
	marks    chan string // the markers of settle, as they arrive
}

// New starts a browser and closes it at the end of the test. Without a Chromium
// the test is skipped, or fails under GOALPOST_REQUIRE=all (see need.Chromium).
// At the end the test fails for each error in the console that was not allowed.
func New(t testing.TB) *Browser {
	t.Helper()
	// Not DefaultExecAllocatorOptions only: a browser in a test must not call home,
	// and Chromium refuses to run as root inside its sandbox.
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(need.Chromium(t)),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en-US"),
		chromedp.WindowSize(1280, 900),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	quiet := func(string, ...any) {} // of chromedp itself; what the page says is watched
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	b := &Browser{t: t, ctx: ctx, scripts: true}
	b.watching.marks = make(chan string, 100)

	// The first run starts the browser, which lives as long as this context does.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		cancel()
		stop()
		t.Fatalf("browsertest: the browser does not start: %v", err)
	}
	done := b.watch()
	t.Cleanup(func() {
		for _, p := range b.problems() {
			t.Errorf("browsertest: console: %s", p)
		}
		cancel()
		stop()
		<-done
	})
	return b
}

// watch reads the console until the page is closed.
func (b *Browser) watch() (done chan struct{}) {
	messages := chromedp.Console(b.ctx)
	done = make(chan struct{})
	go func() {
		defer close(done)
		for m, err := range messages {
			if err != nil {
				return
			}
			b.watching.add(m)
		}
	}()
	return done
}

// Tab opens another page of the same browser: it shares what sites keep on the device.
func (b *Browser) Tab() *Browser {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	tab := &Browser{t: b.t, ctx: ctx, scripts: true}
	tab.watching.marks = make(chan string, 100)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		cancel()
		b.t.Fatalf("browsertest: another tab does not open: %v", err)
	}
	done := tab.watch()
	b.t.Cleanup(func() {
		for _, p := range tab.problems() {
			b.t.Errorf("browsertest: console: %s", p)
		}
		cancel()
		<-done
	})
	return tab
}

// Allow ignores errors in the console that contain the text. A page that answers
// 422 is an error to the console ("status of 422"), but may be what is tested.
func (b *Browser) Allow(text string) {
	b.watching.Lock()
	defer b.watching.Unlock()
	b.watching.allowed = append(b.watching.allowed, text)
}

// problems waits until the console is read up to now and returns the errors in
// it that are not allowed. It forgets them.
func (b *Browser) problems() []string {
	b.settle()
	w := &b.watching
	w.Lock()
	defer w.Unlock()
	var found []string
	for _, p := range w.problems {
		if !w.allows(p) {
			found = append(found, p)
		}
	}
	w.problems = nil
	return found
}

// settle writes a marker to the console and waits until it arrives: everything
// that the page wrote before has then arrived, too.
func (b *Browser) settle() {
	b.marked++
	mark := fmt.Sprintf("browsertest mark %d", b.marked)
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void]("console.debug("+quote(mark)+")")); err != nil {
		return
	}
	for {
		select {
		case got := <-b.watching.marks:
			if got == mark {
				return
			}
		case <-ctx.Done():
			b.t.Errorf("browsertest: the console does not answer")
			return
		}
	}
}

func (w *watch) add(m chromedp.ConsoleMessage) {
	switch {
	case m.Type == chromedp.ConsoleDebug && strings.HasPrefix(m.Text, "browsertest mark "):
		w.marks <- m.Text
		return
	case m.Type == chromedp.ConsoleError, m.Type == chromedp.ConsoleException, m.Type == "assert":
	case strings.Contains(m.Text, "Content Security Policy"): // whatever its level
	default:
		return
	}
	text := m.String()
	if m.URL != "" {
		text += " (" + m.URL + ")"
	}
	w.Lock()
	defer w.Unlock()
	w.problems = append(w.problems, text)
}

func (w *watch) allows(problem string) bool {
	for _, text := range w.allowed {
		if strings.Contains(problem, text) {
			return true
		}
	}
	return false
}
