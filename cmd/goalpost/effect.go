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
	File     string   `arg:"" help:"${h_effect_file}"`
	Date     string   `placeholder:"COLUMN" env:"-" help:"${h_effect_date}"`
	Y        string   `placeholder:"COLUMN" env:"-" help:"${h_effect_y}"`
	X        []string `placeholder:"COLUMN,…" env:"-" help:"${h_effect_x}"`
	From     string   `placeholder:"DATE" env:"-" help:"${h_effect_from}"`
	Until    string   `placeholder:"DATE" env:"-" help:"${h_effect_until}"`
	PreFrom  string   `placeholder:"DATE" env:"-" help:"${h_effect_pre_from}"`
	PreUntil string   `placeholder:"DATE" env:"-" help:"${h_effect_pre_until}"`
	Active   string   `placeholder:"COLUMN" env:"-" help:"${h_effect_active}"`
	Name     string   `placeholder:"TEXT" env:"-" help:"${h_effect_name}"`

	Method         string  `default:"auto" enum:"auto,bma,causalimpact" help:"${h_effect_method}"`
	Level          float64 `default:"0.95" help:"${h_effect_level}"`
	Seed           uint64  `default:"1" help:"${h_effect_seed}"`
	Iterations     int     `placeholder:"1000" help:"${h_effect_iterations}"`
	Chains         int     `placeholder:"1" help:"${h_effect_chains}"`
	Seasons        int     `placeholder:"7" help:"${h_effect_seasons}"`
	SeasonDuration int     `placeholder:"1" help:"${h_effect_season_duration}"`
	PriorLevelSD   float64 `name:"prior-level-sd" placeholder:"0.01" help:"${h_effect_prior_level_sd}"`
	Dynamic        bool    `name:"dynamic-regression" env:"-" help:"${h_effect_dynamic}"`

	SmallestEffect *float64 `placeholder:"N" env:"-" help:"${h_effect_smallest}"`
	Margin         *float64 `placeholder:"0.3" env:"-" help:"${h_effect_margin}"`
	Cost           *float64 `placeholder:"N" env:"-" help:"${h_effect_cost}"`
	Currency       string   `placeholder:"EUR" help:"${h_effect_currency}"`

	Decimal   string `placeholder:"." env:"-" help:"${h_effect_decimal}"`
	DateOrder string `placeholder:"dmy|mdy|ymd" env:"-" help:"${h_effect_date_order}"`
	Sheet     string `placeholder:"NAME" env:"-" help:"${h_effect_sheet}"`

	SVG  string `name:"svg" placeholder:"FILE" env:"-" help:"${h_effect_svg}"`
	HTML string `name:"html" placeholder:"FILE" env:"-" help:"${h_effect_html}"`
}

// Run reads the table, computes and prints.
func (c *effectCommand) Run(p *program) error {
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
	if c.SmallestEffect != nil && !(*c.SmallestEffect > 0 && *c.SmallestEffect < 1e300) {
		return flag("positive", "--smallest-effect", goalpost.TextArg(number(*c.SmallestEffect)))
	}
	return c.checkWorth(flag)
}

func (c *effectCommand) checkWorth(flag func(key, flag string, args ...goalpost.Arg) error) error {
	c.Currency = strings.ToUpper(strings.TrimSpace(c.Currency))
	switch {
	case c.Cost != nil && (c.Margin == nil || c.Currency == ""), c.Margin != nil && c.Currency == "":
		return flag("cost-margin", "--cost")
	case c.Margin != nil && !(*c.Margin > 0 && *c.Margin < 1e300):
		return flag("positive", "--margin", goalpost.TextArg(number(*c.Margin)))
	case c.Cost != nil && !(*c.Cost >= 0 && *c.Cost < 1e300):
		return flag("positive", "--cost", goalpost.TextArg(number(*c.Cost)))
	case c.Currency != "" && !isCurrency(c.Currency):
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.currency", Flag: "--currency", Args: []goalpost.Arg{goalpost.TextArg(c.Currency)}}
	}
	return nil
}

func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// input reads the table.
func (c *effectCommand) input(p *program) (in assess.EffectInput, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return in, fileError(c.File, err)
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return in, fileError(c.File, err)
	}
	source := ingest.Source{Name: filepath.Base(c.File), R: f, Size: info.Size()}
	in, err = assess.ReadEffectTable(p, source, assess.EffectTable{Date: c.Date, Y: c.Y, X: c.X, Active: c.Active, From: c.From, Until: c.Until, PreFrom: c.PreFrom, PreUntil: c.PreUntil,
		Decimal: c.Decimal, DateOrder: c.DateOrder, Sheet: c.Sheet, EveryControl: c.Method == goalpost.MethodCausalImpact})
	if err != nil {
		return in, err
	}
	in.Bare = true
	in.Activity, in.Method, in.Level, in.Seed, in.SmallestEffect = c.Name, c.Method, c.Level, c.Seed, c.SmallestEffect
	in.Sampler = assess.SamplerOptions{Iterations: c.Iterations, Chains: c.Chains, Seasons: c.Seasons, SeasonDuration: c.SeasonDuration, PriorLevelSD: c.PriorLevelSD}
	if c.Margin != nil {
		in.Worth = &assess.EffectWorth{Margin: *c.Margin, Currency: c.Currency}
		if c.Cost != nil {
			in.Worth.Cost = *c.Cost
		}
	}
	return in, nil
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
