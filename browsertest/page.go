package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Selectors are CSS; the first element that matches is meant.

// Open loads a page and returns its HTTP status once its load event has fired.
func (b *Browser) Open(url string) int {
	b.t.Helper()
	response := run(b, "open "+url, chromedp.NavigateResponse(url))
	if response == nil {
		return 0 // no HTTP, such as about:blank
	}
	return int(response.Status)
}

// URL returns the address of the page.
func (b *Browser) URL() string {
	b.t.Helper()
	return run(b, "read the address", chromedp.Location())
}

// Click clicks an element that is visible, with the mouse. It does not wait for
// what follows: use Follow for a link or button that loads a page, and WaitFor
// for one that changes the page.
func (b *Browser) Click(sel string) {
	b.t.Helper()
	b.still(sel)
	run(b, "click "+sel, chromedp.Click(chromedp.CSS(sel)))
}

// still brings an element into view at once and waits until it rests there: while a page
// scrolls smoothly, a click would hit what was in its place a moment before.
func (b *Browser) still(sel string) {
	b.t.Helper()
	var last string
	place := `(e => {
		if (e === null) return '';
		const r = e.getBoundingClientRect();
		if (r.width > 0 && (r.top < 0 || r.bottom > innerHeight)) e.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
		const p = e.getBoundingClientRect();
		return p.width > 0 ? [p.x, p.y, p.width, p.height].join() : '';
	})(` + first(sel) + ")"
	b.waitUntil("wait until "+sel+" rests", func(ctx context.Context) (bool, error) {
		now, err := chromedp.Run(ctx, chromedp.Evaluate[string](place))
		rests := err == nil && now != "" && now == last
		last = now
		return rests, err
	})
}

// Follow clicks an element and waits until the page that it leads to is loaded.
func (b *Browser) Follow(sel string) {
	b.t.Helper()
	b.Load(func() { b.Click(sel) })
}

// Load runs steps that load another page, such as Press("Enter") in a form, and
// waits until it is loaded.
func (b *Browser) Load(steps func()) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	loaded := chromedp.Events(ctx, page.LoadEventFired)
	steps()
	for _, err := range loaded {
		if err != nil {
			b.fail("wait for the next page", err)
		}
		return
	}
}

// Fill replaces what a field holds. Text is typed key by key; a field with its
// own editor, such as a date, is set to the value in HTML's own form (2026-01-31).
func (b *Browser) Fill(sel, text string) {
	b.t.Helper()
	b.WaitFor(sel)
	var kind string
	b.Eval(first(sel)+".type || ''", &kind)
	switch kind {
	case "date", "datetime-local", "month", "week", "time", "color", "range":
		b.change(sel, "e.value = "+quote(text))
		return
	case "textarea": // has no text node to clear while it is empty
		b.change(sel, "e.value = ''")
		run(b, "fill "+sel, chromedp.SendKeys(chromedp.CSS(sel), text))
		return
	}
	run(b, "fill "+sel, chromedp.Steps(chromedp.Focus(chromedp.CSS(sel)), chromedp.Clear(chromedp.CSS(sel)), chromedp.SendKeys(chromedp.CSS(sel), text)))
}

// Select chooses the option of a select element whose value or text is given.
func (b *Browser) Select(sel, option string) {
	b.t.Helper()
	b.WaitFor(sel)
	var found bool
	b.Eval("[..."+first(sel)+".options].some(o => o.value === "+quote(option)+" || o.text.trim() === "+quote(option)+")", &found)
	if !found {
		b.fail("select "+option+" in "+sel, errors.New("there is no such option"))
	}
	b.change(sel, "e.value = [...e.options].find(o => o.value === "+quote(option)+" || o.text.trim() === "+quote(option)+").value")
}

// change runs a statement on element e and sends the events of a user's change.
func (b *Browser) change(sel, statement string) {
	b.t.Helper()
	b.Eval("(e => { e.focus(); "+statement+"; for (const n of ['input', 'change']) e.dispatchEvent(new Event(n, {bubbles: true})); return true })("+first(sel)+")", nil)
}

// Upload gives files to a file field, which may be hidden.
func (b *Browser) Upload(sel string, files ...string) {
	b.t.Helper()
	for i, f := range files {
		abs, err := filepath.Abs(f)
		if err == nil {
			_, err = os.Stat(abs)
		}
		if err != nil {
			b.fail("upload "+f, err)
		}
		files[i] = abs
	}
	run(b, "upload to "+sel, chromedp.SetUploadFiles(chromedp.CSS(sel), files, chromedp.NodeReady))
}

// Text returns the visible text of an element, once it is there.
func (b *Browser) Text(sel string) string {
	b.t.Helper()
	b.WaitTrue("find "+sel, first(sel)+" !== null")
	var text string
	b.Eval(first(sel)+".innerText", &text)
	return strings.TrimSpace(text)
}

// Value returns what a field holds.
func (b *Browser) Value(sel string) string {
	b.t.Helper()
	b.WaitTrue("find "+sel, first(sel)+" !== null")
	var value string
	b.Eval(first(sel)+".value", &value)
	return value
}

// Exists says whether an element is in the page now, visible or not.
func (b *Browser) Exists(sel string) bool {
	b.t.Helper()
	return b.Count(sel) > 0
}

// Count returns how many elements are in the page now, visible or not.
func (b *Browser) Count(sel string) int {
	b.t.Helper()
	var n int
	b.Eval("document.querySelectorAll("+quote(sel)+").length", &n)
	return n
}

// Eval evaluates a JavaScript expression, waits for it when it is a promise, and
// decodes its JSON into result, a pointer, or nowhere when result is nil. It works
// under a content security policy without unsafe-eval, and without scripts.
func (b *Browser) Eval(expression string, result any) {
	b.t.Helper()
	value := run(b, "evaluate "+shorten(expression), chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise))
	if result == nil {
		return
	}
	if err := json.Unmarshal(value, result); err != nil {
		b.fail("evaluate "+shorten(expression), fmt.Errorf("%w in %q", err, value))
	}
}

// WaitFor waits until an element is visible.
func (b *Browser) WaitFor(sel string) {
	b.t.Helper()
	b.WaitTrue("wait for "+sel, "(e => e !== null && e.getClientRects().length > 0 && getComputedStyle(e).visibility === 'visible')("+first(sel)+")")
}

// WaitText waits until the visible text of an element contains a text.
func (b *Browser) WaitText(sel, text string) {
	b.t.Helper()
	b.WaitTrue("wait for "+quote(text)+" in "+sel, "("+first(sel)+"?.innerText ?? '').includes("+quote(text)+")")
}

// WaitTrue waits until a JavaScript expression is true.
func (b *Browser) WaitTrue(step, condition string) {
	b.t.Helper()
	b.waitUntil(step, func(ctx context.Context) (bool, error) { return chromedp.Run(ctx, chromedp.Evaluate[bool](condition)) })
}

// waitUntil waits until a page says that something is so. A page that is just
// being replaced cannot answer, which is no failure until the time is over.
func (b *Browser) waitUntil(step string, condition func(context.Context) (bool, error)) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		yes, err := condition(ctx)
		if yes && err == nil {
			return
		}
		if ctx.Err() != nil {
			b.fail(step, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Screenshot writes the whole page, from top to bottom, as a PNG to a file, whose
// directory is made if it is missing.
func (b *Browser) Screenshot(path string) {
	b.t.Helper()
	picture := run(b, "take a picture", chromedp.FullScreenshot(100))
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, picture, 0o644)
	}
	if err != nil {
		b.fail("write the picture", err)
	}
}

// Print returns the page as a PDF, as the browser would print it: on the paper
// that its style sheet asks for, else on A4, with backgrounds.
func (b *Browser) Print() []byte {
	b.t.Helper()
	a4 := chromedp.PaperSize{Width: 8.27, Height: 11.69}
	return run(b, "print", chromedp.PrintToPDF(chromedp.PDFPaper(a4), chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
}

// HorizontalScroll says whether the page is wider than the viewport, so that one
// would have to scroll to the side to read it.
func (b *Browser) HorizontalScroll() bool {
	b.t.Helper()
	var size struct{ Content, View int64 }
	b.Eval("(e => ({Content: e.scrollWidth, View: e.clientWidth}))(document.documentElement)", &size)
	// A page that does not adapt to a phone is laid out on a wider, zoomed-out view.
	return size.Content > size.View || (b.width > 0 && size.View > b.width)
}

// run runs one action with the usual patience and fails the test if it fails.
func run[T any](b *Browser, step string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		b.fail(step, err)
	}
	return v
}

// fail ends the test with the step, the reason, and what the page shows.
func (b *Browser) fail(step string, err error) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 2*time.Second)
	defer cancel()
	shown, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("location.href + ' shows: ' + (document.body?.innerText ?? '').slice(0, 400)"))
	if err == nil {
		err = context.DeadlineExceeded
	}
	b.t.Fatalf("browsertest: %s: %v\n%s", step, err, shown)
}

// first returns the JavaScript expression for the first element of a selector.
func first(sel string) string { return "document.querySelector(" + quote(sel) + ")" }

// quote returns a string as a JavaScript literal.
func quote(s string) string {
	literal, err := json.Marshal(s)
	if err != nil {
		return `""` // cannot be: every string has a JSON form
	}
	return string(literal)
}

func shorten(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}
