package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/ingest"
	"goalpost/web"
)

// effectCommand says what an activity changed in a column of any table. It needs no data
// directory.
type effectCommand struct {
	File     string   `arg:"" help:"effect-file"`
	Date     string   `placeholder:"COLUMN" env:"-" help:"effect-date"`
	Y        string   `placeholder:"COLUMN" env:"-" help:"effect-y"`
	X        []string `placeholder:"COLUMN,…" env:"-" help:"effect-x"`
	From     string   `placeholder:"DATE" env:"-" help:"effect-from"`
	Until    string   `placeholder:"DATE" env:"-" help:"effect-until"`
	PreFrom  string   `placeholder:"DATE" env:"-" help:"effect-pre-from"`
	PreUntil string   `placeholder:"DATE" env:"-" help:"effect-pre-until"`
	Active   string   `placeholder:"COLUMN" env:"-" help:"effect-active"`
	Where    []string `placeholder:"COLUMN=VALUE" sep:"none" env:"-" help:"effect-where"`
	Sum      bool     `env:"-" help:"effect-sum"`
	Name     string   `placeholder:"TEXT" env:"-" help:"effect-name"`

	Method         string  `default:"auto" enum:"auto,bma,causalimpact" help:"effect-method"`
	Level          float64 `default:"0.95" help:"effect-level"`
	Seed           uint64  `default:"1" help:"effect-seed"`
	Iterations     int     `placeholder:"1000" help:"effect-iterations"`
	Chains         int     `placeholder:"1" help:"effect-chains"`
	Seasons        int     `placeholder:"7" help:"effect-seasons"`
	SeasonDuration int     `placeholder:"1" help:"effect-season-duration"`
	PriorLevelSD   float64 `name:"prior-level-sd" placeholder:"0.01" help:"effect-prior-level-sd"`
	Dynamic        bool    `name:"dynamic-regression" env:"-" help:"effect-dynamic"`

	SmallestEffect string `placeholder:"N" env:"-" help:"effect-smallest"`
	Margin         string `placeholder:"0.3" env:"-" help:"effect-margin"`
	Cost           string `placeholder:"N" env:"-" help:"effect-cost"`
	Currency       string `placeholder:"EUR" help:"effect-currency"`

	Decimal   string `placeholder:"." env:"-" help:"effect-decimal"`
	DateOrder string `placeholder:"dmy|mdy|ymd" env:"-" help:"effect-date-order"`
	Sheet     string `placeholder:"NAME" env:"-" help:"effect-sheet"`

	SVG  string `name:"svg" placeholder:"FILE" env:"-" help:"effect-svg"`
	HTML string `name:"html" placeholder:"FILE" env:"-" help:"effect-html"`

	smallest, margin, cost *float64
}

// Run reads the table, computes and prints.
func (c *effectCommand) Run(p *program) error {
	if err := c.amounts(p.say.Language()); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	in, err := c.input(p)
	if err != nil {
		return err
	}
	name := filepath.Base(c.File)
	bar := p.startShare(name)
	in.Progress = bar.update
	begin := p.now()
	report, err := assess.Effect(p, in)
	bar.stop()
	if err != nil {
		return inTable(err, name, c.Y)
	}
	report.Diagnostics.Seconds = p.now().Sub(begin).Seconds()
	if err := c.pictures(p, report); err != nil {
		return err
	}
	switch p.flags.Output {
	case "json":
		return p.writeJSON(document.EffectOf(p.say, report))
	case "csv":
		return p.effectCSV(report)
	}
	return p.effectTable(report)
}

// inTable adds the file and the column to an error of the computation.
func inTable(err error, file, column string) error {
	if e, ok := err.(*goalpost.Error); ok && e.File == "" && e.Flag == "" { //nolint:errorlint // Effect does not wrap what the user can act on
		e.File, e.Field = file, column
	}
	return err
}

// check refuses flags that do not go together or are out of range.
func (c *effectCommand) check() error {
	flag := func(key, flag string, args ...goalpost.Arg) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.effect." + key, Flag: flag, Args: args}
	}
	if c.Dynamic {
		return flag("dynamic", "--dynamic-regression")
	}
	for _, n := range []struct {
		flag        string
		value       float64
		least, most float64
	}{{"--iterations", float64(c.Iterations), 10, 1e6}, {"--chains", float64(c.Chains), 1, 64}, {"--seasons", float64(c.Seasons), 1, 1000},
		{"--season-duration", float64(c.SeasonDuration), 1, 1000}, {"--prior-level-sd", c.PriorLevelSD, 1e-6, 100}} {
		switch {
		case n.value == 0:
		case !(n.value >= n.least && n.value <= n.most):
			return flag("range", n.flag, goalpost.TextArg(number(n.value)), goalpost.NumberArg(n.least), goalpost.NumberArg(n.most))
		case c.Method != goalpost.MethodCausalImpact && c.Seasons < 2, c.Method == goalpost.MethodBMA:
			return flag("sampler-only", n.flag)
		}
	}
	for _, n := range []struct {
		flag  string
		value *float64
		zero  bool
	}{{"--smallest-effect", c.smallest, false}, {"--margin", c.margin, false}, {"--cost", c.cost, true}} {
		switch {
		case n.value == nil:
		case !(*n.value > 0 || n.zero && *n.value == 0):
			return flag("positive", n.flag, goalpost.TextArg(number(*n.value)))
		case *n.value > mostAmount:
			return flag("range", n.flag, goalpost.TextArg(number(*n.value)), goalpost.NumberArg(0), goalpost.NumberArg(mostAmount))
		}
	}
	return c.checkWorth(flag)
}

// mostAmount is the largest amount that is computed with, as in the forms of the pages.
const mostAmount = 1e15

func (c *effectCommand) checkWorth(flag func(key, flag string, args ...goalpost.Arg) error) error {
	c.Currency = strings.ToUpper(strings.TrimSpace(c.Currency))
	switch {
	case c.cost != nil && (c.margin == nil || c.Currency == ""), c.margin != nil && c.Currency == "":
		return flag("cost-margin", "--cost")
	case c.Currency != "" && !goalpost.IsCurrency(c.Currency):
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.currency", Flag: "--currency", Args: []goalpost.Arg{goalpost.TextArg(c.Currency)}}
	}
	return nil
}

// input reads the table.
func (c *effectCommand) input(p *program) (in assess.EffectInput, err error) {
	info, err := os.Stat(c.File)
	switch {
	case err != nil:
		return in, fileError(c.File, err)
	case !info.Mode().IsRegular(): // opening a pipe that nobody writes to would never end
		return in, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.file.no-file", File: filepath.Base(c.File)}
	}
	if err := c.checkPictures(info); err != nil {
		return in, err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return in, fileError(c.File, err)
	}
	defer func() { _ = f.Close() }() // only read
	source := ingest.Source{Name: filepath.Base(c.File), R: f, Size: info.Size()}
	in, err = assess.ReadEffectTable(p, source, assess.EffectTable{Date: c.Date, Y: c.Y, X: c.X, Active: c.Active, From: c.From, Until: c.Until, PreFrom: c.PreFrom, PreUntil: c.PreUntil,
		Decimal: c.Decimal, DateOrder: c.DateOrder, Sheet: c.Sheet, EveryControl: c.Method == goalpost.MethodCausalImpact, Where: c.Where, Sum: c.Sum})
	if err != nil {
		return in, err
	}
	in.Bare = true
	in.Activity, in.Method, in.Level, in.Seed, in.SmallestEffect = c.Name, c.Method, c.Level, c.Seed, c.smallest
	in.Sampler = assess.SamplerOptions{Iterations: c.Iterations, Chains: c.Chains, Seasons: c.Seasons, SeasonDuration: c.SeasonDuration, PriorLevelSD: c.PriorLevelSD}
	if share := strings.HasSuffix(strings.TrimSpace(c.Margin), "%"); c.margin == nil || share {
		in.Currency = c.Currency // nothing but money has a share that is margin
	}
	if c.margin != nil {
		in.Worth = &assess.EffectWorth{Margin: *c.margin, Currency: c.Currency}
		if c.cost != nil {
			in.Worth.Cost = *c.cost
		}
	}
	return in, nil
}

// checkPictures refuses to write over the table, and the chart over the page.
func (c *effectCommand) checkPictures(table os.FileInfo) error {
	refused := func(key, flag, path string) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.effect." + key, Flag: flag, Args: []goalpost.Arg{goalpost.TextArg(path)}}
	}
	var found []os.FileInfo
	for _, o := range []struct{ flag, path string }{{"--svg", c.SVG}, {"--html", c.HTML}} {
		info, err := os.Stat(o.path)
		if o.path == "" || err != nil { // it is not there yet; what is wrong with it shows when it is written
			continue
		}
		if os.SameFile(info, table) {
			return refused("over-table", o.flag, o.path)
		}
		if found = append(found, info); len(found) > 1 && info.Mode().IsRegular() && os.SameFile(found[0], info) {
			return refused("one-picture", o.flag, o.path)
		}
	}
	if c.SVG != "" && c.HTML != "" && len(found) == 0 && filepath.Clean(c.SVG) == filepath.Clean(c.HTML) {
		return refused("one-picture", "--html", c.HTML)
	}
	return nil
}

// pictures writes the chart and the page.
func (c *effectCommand) pictures(p *program, r assess.EffectReport) error {
	if c.SVG != "" {
		if err := os.WriteFile(c.SVG, []byte(web.EffectSVG(p.say, r)), 0o644); err != nil { //nolint:gosec // a picture to be passed on
			return unwritable(c.SVG, err)
		}
	}
	if c.HTML == "" {
		return nil
	}
	var page bytes.Buffer
	if err := web.NewEffectFile(p.say, r, filepath.Base(c.File)).Write(&page); err != nil {
		return err
	}
	if err := os.WriteFile(c.HTML, page.Bytes(), 0o644); err != nil { //nolint:gosec // a page to be passed on
		return unwritable(c.HTML, err)
	}
	return nil
}

// unwritable says that a file cannot be written.
func unwritable(path string, err error) error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.file.unwritable", File: filepath.Base(path), Err: err}
}
