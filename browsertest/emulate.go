package browsertest

import (
	"context"
	"errors"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Viewport sets the size of the visible part of pages in CSS pixels, as of a
// phone with a touch screen when mobile, else as of a window on a desk.
func (b *Browser) Viewport(width, height int, mobile bool) {
	b.t.Helper()
	b.width = int64(width)
	var options []chromedp.EmulateViewportOption
	if mobile {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
	}
	run(b, "set the viewport", chromedp.EmulateViewport(int64(width), int64(height), options...))
}

// Dark says whether the user prefers a dark page.
func (b *Browser) Dark(on bool) {
	b.t.Helper()
	b.dark = on
	b.media()
}

// PrintMedia says whether pages are laid out as for paper, to look at them with
// Screenshot; Print does it by itself.
func (b *Browser) PrintMedia(on bool) {
	b.t.Helper()
	b.print = on
	b.media()
}

func (b *Browser) media() {
	b.t.Helper()
	params := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}}
	if b.dark {
		params.Features[0].Value = "dark"
	}
	if b.print {
		params.Media = "print"
	}
	command(b, "set the medium", emulation.SetEmulatedMedia, params)
}

// Language sets the Accept-Language header of all later requests, such as "de".
func (b *Browser) Language(tag string) {
	b.t.Helper()
	command(b, "set the language", network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": tag}})
}

// Offline makes the browser say that it has no connection, or that it is back. Requests
// still go out: a test that needs them cut does that at its server.
func (b *Browser) Offline(on bool) {
	b.t.Helper()
	command(b, "set the connection", network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: on, DownloadThroughput: -1, UploadThroughput: -1})
}

// ScriptsOff forbids scripts in all pages that are loaded from now on. The
// methods of Browser go on working.
func (b *Browser) ScriptsOff() {
	b.t.Helper()
	b.scripts = false
	command(b, "forbid scripts", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// keys are the names that Press knows.
var keys = map[string]string{
	"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

// Press presses a key where the focus is: a name of a key ("Enter", "Tab",
// "Escape", "Space", "ArrowDown", …) or one character, after "Shift+", "Control+"
// or "Alt+" where these are held.
func (b *Browser) Press(key string) {
	b.t.Helper()
	var options []chromedp.KeyOption
	name := key
	for prefix, modifier := range map[string]chromedp.Modifier{"Shift+": kb.ModifierShift, "Control+": kb.ModifierCtrl, "Alt+": kb.ModifierAlt} {
		if strings.Contains(name, prefix) {
			name = strings.Replace(name, prefix, "", 1)
			options = append(options, chromedp.KeyModifiers(modifier))
		}
	}
	code, known := keys[name]
	if !known && len([]rune(name)) != 1 {
		b.fail("press "+key, errors.New("there is no key of this name"))
	}
	if !known {
		code = name
	}
	run(b, "press "+key, chromedp.KeyEvent(code, options...))
}

// command sends one command of the browser's protocol to the tab.
func command[P, R any](b *Browser, step string, c cdp.Command[P, R], params P) R {
	b.t.Helper()
	return run(b, step, func(ctx context.Context, t *chromedp.Target) (R, error) {
		return cdp.Call(ctx, t, c, params)
	})
}
