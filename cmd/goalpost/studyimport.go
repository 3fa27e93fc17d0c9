package main

import (
	"errors"
	"os"
	"path/filepath"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// studyImport keeps published figures of a file.
type studyImport struct {
	File string `arg:"" help:"study-file"`
	Map  string `placeholder:"MAP.json" help:"study-map"`
	Why  string `placeholder:"TEXT" help:"study-why"`

	DryRun bool   `help:"study-dry"`
	Study  string `placeholder:"ID" help:"study-into"`
}

// Run reads the file and keeps it as a study, or as a correction of one.
func (c *studyImport) Run(p *program) error {
	if c.Map != "" {
		return c.wave(p)
	}
	if c.DryRun {
		figures, err := c.holdsFigures(p)
		if err != nil {
			return err
		}
		if !figures {
			return c.propose(p)
		}
	}
	s, err := readStudyFile(p, c.File)
	if err != nil {
		return err
	}
	if c.DryRun {
		return p.checkStudy(s)
	}
	return p.withNewOrg(func(db *store.DB, org goalpost.Organisation) error {
		v, added, err := assess.ImportStudy(p, db, org.ID, s, p.userName, c.Why, p.now())
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"id": s.ID, "version": v.Version, "added": added, "figures": len(s.Figures)})
		case "csv":
			return p.writeCSV([]string{"id", "version", "added", "figures"}, [][]string{{s.ID, plain(v.Version), plain(added), plain(len(s.Figures))}})
		}
		key := "cli.study.imported"
		if !added {
			key = "cli.study.known"
		}
		return p.paragraph("", p.say.T(key, goalpost.TextArg(s.ID), goalpost.PlainArg(v.Version), goalpost.NumberArg(float64(len(s.Figures)))))
	})
}

// wave keeps the answers of single respondents.
func (c *studyImport) wave(p *program) error {
	data, err := os.ReadFile(filepath.Clean(c.Map))
	if err != nil {
		return fileError(c.Map, err)
	}
	m, err := assess.ParseWaveMap(filepath.Base(c.Map), data)
	if err != nil {
		return err
	}
	var list []goalpost.Response
	var report assess.WaveReport
	err = withFile(c.File, func(name string, f *os.File, size int64) (err error) {
		list, report, err = assess.ReadWaveFile(p, name, f, size, m)
		return err
	})
	if err != nil {
		return err
	}
	if c.DryRun {
		return p.waveReport(goalpost.StudyVersion{Study: goalpost.Study{ID: m.Study}}, m, report)
	}
	return p.withNewOrg(func(db *store.DB, org goalpost.Organisation) error {
		v, err := assess.ImportWave(p, db, org.ID, m, list, p.userName, c.Why, p.now())
		if err != nil {
			return err
		}
		return p.waveReport(v, m, report)
	})
}

// waveReport says what became of the rows.
func (p *program) waveReport(v goalpost.StudyVersion, m assess.WaveMap, r assess.WaveReport) error {
	switch p.flags.Output {
	case "json":
		return p.writeJSON(map[string]any{"id": v.Study.ID, "version": v.Version, "wave": m.Wave.ID, "report": r})
	case "csv":
		rows := [][]string{}
		for _, reason := range r.Reasons {
			rows = append(rows, []string{reason.Column, reason.Reason, reason.Value, plain(reason.Count), plain(reason.Line), plain(reason.Row)})
		}
		return p.writeCSV([]string{"column", "reason", "value", "count", "line", "row"}, rows)
	}
	key := "cli.study.wave"
	if v.Version == 0 {
		key = "cli.study.wave-dry"
	}
	lines := []string{p.say.T(key, goalpost.TextArg(v.Study.ID), goalpost.PlainArg(v.Version), goalpost.TextArg(m.Wave.ID), goalpost.NumberArg(float64(r.Kept)))}
	if r.Reported > 0 {
		lines = append(lines, p.say.T("cli.study.wave-reported", goalpost.NumberArg(float64(r.Reported))))
	}
	for _, q := range m.Questions {
		if n := r.Answered[q.Code]; n < r.Kept {
			lines = append(lines, p.say.T("cli.study.wave-fewer", goalpost.TextArg(q.Code), goalpost.NumberArg(float64(n)), goalpost.NumberArg(float64(r.Kept))))
		}
	}
	for _, reason := range r.Reasons {
		lines = append(lines, p.say.T("cli.study.wave-reason."+reason.Reason, goalpost.TextArg(reason.Column), goalpost.TextArg(reason.Value), goalpost.NumberArg(float64(reason.Count)), goalpost.PlainArg(reason.Line)))
	}
	for _, l := range lines {
		if err := p.paragraph("", l); err != nil {
			return err
		}
	}
	return nil
}

// withFile opens a file for reading.
func withFile(path string, do func(name string, f *os.File, size int64) error) (err error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return fileError(path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return fileError(path, err)
	}
	return do(filepath.Base(path), f, info.Size())
}

// holdsFigures tells a file of published figures from one of respondents.
func (c *studyImport) holdsFigures(p *program) (figures bool, err error) {
	err = withFile(c.File, func(name string, f *os.File, size int64) (err error) {
		figures, err = assess.IsStudyTable(p, name, f, size)
		return err
	})
	return figures, err
}

// propose prints a map for a table with one row a respondent, to be checked, completed
// and given with --map.
func (c *studyImport) propose(p *program) error {
	var known goalpost.Study
	if c.Study != "" {
		err := p.withStudies(func(db *store.DB, org goalpost.OrgID) error {
			h, err := assess.Study(p, db, org, c.Study)
			if err == nil {
				known = h.Current().Study
			}
			var e *goalpost.Error
			if errors.As(err, &e) && e.Kind == goalpost.NotFound { // the wave begins it
				return nil
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	var proposal assess.WaveProposal
	language := string(p.say.Language())
	err := withFile(c.File, func(name string, f *os.File, size int64) (err error) {
		proposal, err = assess.ProposeWave(p, name, f, size, known, language)
		return err
	})
	if err != nil {
		return err
	}
	head := assess.WaveHead{Study: c.Study, Wave: goalpost.Wave{ID: p.now().Format("2006"), Sample: goalpost.SampleUnknown}, Kind: goalpost.ReferenceCurrent}
	if head.Study == "" {
		head.Study = "my-study"
	}
	if known.ID != "" {
		head.Study = known.ID
	} else {
		head.TitleEN = head.Study
	}
	m, _ := assess.MapOf(head, proposal.Choices)
	return p.writeJSON(m)
}
