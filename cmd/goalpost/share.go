package main

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/ingest"
)

// sampleFlags say how respondents were chosen and weighted, for any table with one row each.
type sampleFlags struct {
	Weight  string   `placeholder:"COLUMN" env:"-" help:"share-weight"`
	Strata  string   `placeholder:"COLUMN,…" env:"-" help:"share-strata"`
	Cluster string   `placeholder:"COLUMN[+…]" env:"-" help:"share-cluster"`
	FPC     string   `name:"fpc" placeholder:"COLUMN[+…]" env:"-" help:"share-fpc"`
	Nest    bool     `env:"-" help:"share-nest"`
	Lonely  string   `default:"fail" enum:"fail,remove,adjust,average" env:"-" help:"share-lonely"`
	Domain  []string `placeholder:"COLUMN=VALUE" sep:"none" env:"-" help:"share-domain"`
	Where   []string `placeholder:"COLUMN=VALUE" sep:"none" env:"-" help:"share-where"`

	Replicates       []string `placeholder:"'rep*'" env:"-" help:"share-replicates"`
	ReplicateType    string   `placeholder:"JK1|JKn|BRR|…" env:"-" help:"share-replicate-type"`
	ReplicateFactors bool     `env:"-" help:"share-replicate-factors"`
	ScaleFactor      float64  `placeholder:"N" env:"-" help:"share-scale-factor"`
	RScales          string   `name:"rscales" placeholder:"N,…" env:"-" help:"share-rscales"`
	FayRho           float64  `placeholder:"0.5" env:"-" help:"share-fay-rho"`
	AboutMean        bool     `env:"-" help:"share-about-mean"`
	DF               float64  `name:"df" placeholder:"N" env:"-" help:"share-df"`
	Bootstrap        int      `placeholder:"N" env:"-" help:"share-bootstrap"`
	Seed             uint64   `default:"1" help:"share-seed"`
	Jackknife        bool     `env:"-" help:"share-jackknife"`

	Margins      string  `placeholder:"FILE" env:"-" help:"share-margins"`
	PostStratify bool    `name:"poststratify" env:"-" help:"share-poststratify"`
	KeepMissing  bool    `env:"-" help:"share-keep-missing"`
	Cap          float64 `placeholder:"5" env:"-" help:"share-cap"`
	Trim         string  `placeholder:"LO,HI" env:"-" help:"share-trim"`

	SampleKind string `placeholder:"KIND" env:"-" help:"share-sample-kind"`
	Invited    int    `placeholder:"N" env:"-" help:"share-invited"`

	Level   float64 `default:"0.95" help:"share-level"`
	Decimal string  `placeholder:"." env:"-" help:"share-decimal"`
	Sheet   string  `placeholder:"NAME" env:"-" help:"share-sheet"`
}

// shareCommand estimates shares of a table. It needs no data directory.
type shareCommand struct {
	File     string   `arg:"" help:"share-file"`
	Question []string `placeholder:"COLUMN,…" env:"-" help:"share-question"`
	Multiple bool     `env:"-" help:"share-multiple"`
	Blank    string   `placeholder:"no|missing" env:"-" help:"share-blank"`
	NPS      bool     `name:"nps" env:"-" help:"share-nps"`
	Scale    int      `placeholder:"5" env:"-" help:"share-scale"`
	Mean     bool     `env:"-" help:"share-mean"`

	By      string `placeholder:"COLUMN" env:"-" help:"share-by"`
	Changes bool   `env:"-" help:"share-changes"`
	Person  string `placeholder:"COLUMN" env:"-" help:"share-person"`
	Cross   string `placeholder:"COLUMN" env:"-" help:"share-cross"`

	Interval string `default:"auto" enum:"auto,wilson,beta,logit,asin,wald,likelihood" env:"-" help:"share-interval"`
	Publish  bool   `env:"-" help:"share-publish"`

	sampleFlags `embed:""`
}

// Run reads the table, estimates and prints.
func (c *shareCommand) Run(p *program) error {
	t, err := c.table()
	if err != nil {
		return err
	}
	var report assess.ShareReport
	err = c.sources(c.File, &t, func(source ingest.Source) (err error) {
		report, err = assess.Share(p, source, t)
		return err
	})
	if err != nil {
		return err
	}
	switch p.flags.Output {
	case "json":
		return p.writeJSON(document.ShareOf(p.say, report))
	case "csv":
		return p.shareCSV(report)
	}
	return p.shareTable(report)
}

// shareFault is an error of a flag.
func shareFault(key, flag string, args ...goalpost.Arg) error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.share." + key, Flag: flag, Args: args}
}

// table reads the flags.
func (c *shareCommand) table() (assess.ShareTable, error) {
	t, err := c.sample()
	if err != nil {
		return t, err
	}
	t.Questions, t.Multiple, t.Blank, t.NPS, t.Scale, t.Mean = c.Question, c.Multiple, c.Blank, c.NPS, c.Scale, c.Mean
	t.By, t.Changes, t.Person, t.Cross, t.Publish, t.Interval = c.By, c.Changes, c.Person, c.Cross, c.Publish, c.Interval
	kinds := 0
	for _, on := range []bool{c.Multiple, c.NPS, c.Scale != 0, c.Mean} {
		if on {
			kinds++
		}
	}
	const leastLevels, mostLevels = 2, 11
	switch {
	case kinds > 1:
		return t, shareFault("kinds", "--question")
	case c.Scale != 0 && (c.Scale < leastLevels || c.Scale > mostLevels):
		return t, shareFault("scale", "--scale", goalpost.PlainArg(leastLevels), goalpost.PlainArg(mostLevels))
	case c.Blank != "" && c.Blank != "no" && c.Blank != "missing":
		return t, shareFault("blank-flag", "--blank")
	case c.Blank != "" && !c.Multiple:
		return t, shareFault("blank-multiple", "--blank")
	case c.Changes && c.By == "":
		return t, shareFault("changes-by", "--changes")
	}
	return t, nil
}

// sampleKind reads how the respondents came about.
func sampleKind(text string) (goalpost.SampleKind, error) {
	if text == "" {
		return goalpost.SampleUnknown, nil
	}
	want := goalpost.SampleKind(strings.ReplaceAll(strings.ToLower(text), "-", "_"))
	var names []string
	for _, k := range goalpost.SampleKinds() {
		if k == want {
			return k, nil
		}
		names = append(names, strings.ReplaceAll(string(k), "_", "-"))
	}
	return "", shareFault("sample-kind", "--sample-kind", goalpost.TextArg(text), goalpost.TextArg(strings.Join(names, ", ")))
}

// sample reads the flags that say how respondents were chosen.
func (c *sampleFlags) sample() (assess.ShareTable, error) {
	t := assess.ShareTable{Level: c.Level, Where: c.Where, Domain: c.Domain, Decimal: c.Decimal, Sheet: c.Sheet}
	d := assess.ShareDesign{Weight: c.Weight, Cluster: stages(c.Cluster), FPC: stages(c.FPC), Nested: c.Nest, Lonely: c.Lonely, Replicates: c.Replicates, Factors: c.ReplicateFactors, Scale: c.ScaleFactor,
		FayRho: c.FayRho, AboutMean: c.AboutMean, DF: c.DF, Bootstrap: c.Bootstrap, Seed: c.Seed, Jackknife: c.Jackknife, PostStratify: c.PostStratify, KeepMissing: c.KeepMissing, Cap: c.Cap}
	for _, stage := range stages(c.Strata) {
		var columns []string
		for column := range strings.SplitSeq(stage, ",") {
			if column = strings.TrimSpace(column); column != "" && column != "1" {
				columns = append(columns, column)
			}
		}
		d.Strata = append(d.Strata, columns)
	}
	var err error
	if d.ReplicateType, err = replicateType(c.ReplicateType); err != nil {
		return t, err
	}
	if d.Each, err = numbersOf(c.RScales, "--rscales"); err != nil {
		return t, err
	}
	if d.Trim, err = c.limits(); err != nil {
		return t, err
	}
	if t.SampleKind, err = sampleKind(c.SampleKind); err != nil {
		return t, err
	}
	t.Design, t.Invited = d, c.Invited
	return t, c.check()
}

// stages splits columns of several stages.
func stages(text string) (list []string) {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	for s := range strings.SplitSeq(text, "+") {
		list = append(list, strings.TrimPrefix(strings.TrimSpace(s), "~"))
	}
	return list
}

func replicateType(text string) (assess.ReplicateType, error) {
	if text == "" {
		return "", nil
	}
	var names []string
	for _, k := range assess.ReplicateTypes() {
		if strings.EqualFold(string(k), text) {
			return k, nil
		}
		names = append(names, string(k))
	}
	return "", shareFault("replicate-kind", "--replicate-type", goalpost.TextArg(text), goalpost.TextArg(strings.Join(names, ", ")))
}

// numbersOf reads numbers divided by commas, with points.
func numbersOf(text, flag string) (list []float64, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
			return nil, shareFault("number", flag, goalpost.TextArg(part))
		}
		list = append(list, v)
	}
	return list, nil
}

// limits reads --trim LO,HI; either may be left out.
func (c *sampleFlags) limits() (*[2]float64, error) {
	if c.Trim == "" {
		return nil, nil
	}
	lo, hi, ok := strings.Cut(c.Trim, ",")
	out := [2]float64{0, math.Inf(1)}
	for k, text := range []string{lo, hi} {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || v < 0 {
			return nil, shareFault("number", "--trim", goalpost.TextArg(text))
		}
		out[k] = v
	}
	if !ok || out[0] >= out[1] {
		return nil, shareFault("trim-form", "--trim", goalpost.TextArg(c.Trim))
	}
	return &out, nil
}

// check refuses flags that do not go together or are out of range.
func (c *sampleFlags) check() error {
	made := 0
	for _, on := range []bool{len(c.Replicates) > 0, c.Jackknife, c.Bootstrap != 0} {
		if on {
			made++
		}
	}
	const fewest, most = 2, 10_000
	switch {
	case made > 1:
		return shareFault("one-replicate", "--replicates")
	case c.Bootstrap != 0 && (c.Bootstrap < fewest || c.Bootstrap > most):
		return shareFault("bootstrap", "--bootstrap", goalpost.PlainArg(fewest), goalpost.PlainArg(most))
	case !(c.Level >= 0.5 && c.Level <= 0.9999):
		return shareFault("level", "--level")
	case c.Margins == "" && (c.PostStratify || c.KeepMissing || c.Cap != 0):
		return shareFault("margins-flag", "--margins")
	case c.Cap != 0 && c.PostStratify:
		return shareFault("cap-rake", "--cap")
	case c.Cap != 0 && !(c.Cap > 1):
		return shareFault("cap", "--cap")
	case c.Invited < 0:
		return shareFault("invited", "--invited")
	case c.ScaleFactor < 0 || c.DF < 0:
		return shareFault("number", "--scale-factor", goalpost.TextArg(number(min(c.ScaleFactor, c.DF))))
	}
	return nil
}

// sources opens the table and, where it is named, the file of margins.
func (c *sampleFlags) sources(file string, t *assess.ShareTable, do func(ingest.Source) error) error {
	return withSource(file, func(source ingest.Source) error {
		if c.Margins == "" {
			return do(source)
		}
		return withSource(c.Margins, func(margins ingest.Source) error {
			t.Design.Margins = &margins
			return do(source)
		})
	})
}

// withSource opens a table.
func withSource(file string, do func(ingest.Source) error) error {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return fileError(file, err)
	case !info.Mode().IsRegular(): // opening a pipe that nobody writes to would never end
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.file.no-file", File: filepath.Base(file)}
	}
	f, err := os.Open(file)
	if err != nil {
		return fileError(file, err)
	}
	defer func() { _ = f.Close() }() // only read
	return do(ingest.Source{Name: filepath.Base(file), R: f, Size: info.Size()})
}
