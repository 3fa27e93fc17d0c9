package browsertest

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
)

// axeScript is axe-core 4.14.1, see testdata/README.md.
//
//go:embed testdata/axe.min.js
var axeScript string

// axeRules are the rules of axe that a page must pass: WCAG 2.2 at level AA, and
// what its authors hold to be good practice.
const axeRules = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`

// Violation is a rule of axe that the page breaks.
type Violation struct {
	ID     string // of the rule, such as "color-contrast"
	Impact string // minor, moderate, serious or critical
	Help   string // what the rule asks for
	Nodes  []struct {
		HTML           string
		FailureSummary string
	}
}

// String returns the violation in one line for each element.
func (v Violation) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&s, "\n  %s: %s", n.HTML, strings.Join(strings.Fields(n.FailureSummary), " "))
	}
	return s.String()
}

// Axe examines the page as it is now and returns the rules of accessibility that
// it breaks. What axe cannot decide, such as contrast inside an SVG, is left out.
// It works under any content security policy. Where scripts are forbidden they
// are allowed while axe runs; the page's own scripts were not loaded and stay off.
func (b *Browser) Axe() []Violation {
	b.t.Helper()
	if !b.scripts {
		allow := func(on bool) {
			command(b, "switch scripts", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		}
		allow(true)
		defer allow(false)
	}
	// The script's own value is thrown away: it is a function, which has no JSON.
	b.Eval("typeof axe === 'undefined' && (() => {"+axeScript+"\n})(), true", nil)
	var result struct {
		Violations []Violation
		Passes     int
	}
	b.Eval(`axe.run(document, {runOnly: `+axeRules+`, resultTypes: ["violations"]}).then(r => ({violations: r.violations, passes: r.passes.length}))`, &result)
	if result.Passes == 0 {
		b.fail("run axe", fmt.Errorf("no rule applied: the page is empty, or axe did not run"))
	}
	return result.Violations
}
