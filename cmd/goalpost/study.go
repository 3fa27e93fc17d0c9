package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/store"
	"goalpost/web"
)

// studyCommand shows what others published, and own studies beside it.
type studyCommand struct {
	List     studyList     `cmd:"" default:"withargs" help:"study-list"`
	Show     studyShow     `cmd:"" help:"study-show"`
	Import   studyImport   `cmd:"" help:"study-import"`
	Check    studyCheck    `cmd:"" help:"study-check"`
	Report   studyReport   `cmd:"" help:"study-report"`
	Own      studyOwn      `cmd:"" help:"study-own"`
	Answer   studyAnswer   `cmd:"" help:"study-answer"`
	Template studyTemplate `cmd:"" help:"study-template"`
}

// withStudies opens the data directory if one is named; without it there is only what
// ships with the program.
func (p *program) withStudies(do func(db *store.DB, org goalpost.OrgID) error) error {
	if p.flags.Data == "" {
		return do(nil, 0)
	}
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error { return do(db, org.ID) })
}

type studyList struct{}

// Run lists the studies.
func (studyList) Run(p *program) error {
	return p.withStudies(func(db *store.DB, org goalpost.OrgID) error {
		list, err := assess.Studies(p, db, org)
		if err != nil {
			return err
		}
		d, rows := document.StudiesOf(p.say, list), [][]string{}
		for _, e := range d.Studies {
			rows = append(rows, []string{e.ID, e.Title, plain(e.Waves), plain(e.Questions), plain(e.Figures), plain(e.Version)})
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(d)
		case "csv":
			return p.writeCSV([]string{"id", "title", "waves", "questions", "figures", "version"}, rows)
		}
		return p.writeTable([]column{{key: "cli.column.id"}, {key: "cli.column.title", flex: true}, {key: "cli.column.waves", right: true}, {key: "cli.column.questions", right: true},
			{key: "cli.column.figures", right: true}, {key: "cli.column.version", right: true}}, rows)
	})
}

func readStudyFile(p *program, path string) (s goalpost.Study, err error) {
	err = withFile(path, func(name string, f *os.File, size int64) (err error) {
		s, err = assess.ReadStudy(p, name, f, size)
		return err
	})
	return s, err
}

// studyCheck looks for figures that cannot be as they were printed.
type studyCheck struct {
	Study string `arg:"" help:"study-check-study"`
}

// Run checks a file or a known study. A hint is no error: the exit code is 0.
func (c *studyCheck) Run(p *program) error {
	s, err := c.read(p)
	if err != nil {
		return err
	}
	return p.checkStudy(s)
}

// checkStudy says what speaks against the figures of a study.
func (p *program) checkStudy(s goalpost.Study) error {
	type hint struct {
		Question string `json:"question"`
		Sentence string `json:"sentence"`
		Code     string `json:"code"`
	}
	hints := []hint{}
	for _, q := range assess.ViewStudy(s, nil).Questions {
		for _, n := range q.Hints {
			hints = append(hints, hint{q.Code, p.say.Note(n), n.Key})
		}
	}
	switch p.flags.Output {
	case "json":
		return p.writeJSON(map[string]any{"id": s.ID, "figures": len(s.Figures), "hints": hints})
	case "csv":
		var rows [][]string
		for _, h := range hints {
			rows = append(rows, []string{h.Question, h.Code, h.Sentence})
		}
		return p.writeCSV([]string{"question", "code", "sentence"}, rows)
	}
	if len(hints) == 0 {
		return p.paragraph("", p.say.T("cli.study.sound", goalpost.NumberArg(float64(len(s.Figures)))))
	}
	for _, h := range hints {
		if err := p.paragraph("", h.Question+": "+h.Sentence); err != nil {
			return err
		}
	}
	return p.paragraph("", p.say.T("cli.study.hints"))
}

// read takes a file if there is one of this name, else a known study.
func (c *studyCheck) read(p *program) (goalpost.Study, error) {
	if _, err := os.Stat(c.Study); err == nil {
		return readStudyFile(p, c.Study)
	}
	var s goalpost.Study
	err := p.withStudies(func(db *store.DB, org goalpost.OrgID) error {
		h, err := assess.Study(p, db, org, c.Study)
		if err == nil {
			s = h.Current().Study
		}
		return err
	})
	return s, err
}

// studyReport writes the report on a study into a folder.
type studyReport struct {
	ID      string `arg:"" help:"study-id"`
	Out     string `required:"" placeholder:"DIR" help:"study-out"`
	Version int    `placeholder:"N" help:"study-version"`
}

// Run writes a page with its figures and tables that needs no server.
func (c *studyReport) Run(p *program) error {
	return p.withStudies(func(db *store.DB, org goalpost.OrgID) error {
		h, err := assess.Study(p, db, org, c.ID)
		if err != nil {
			return err
		}
		v, err := versionOf(h, c.Version)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(c.Out, 0o700); err != nil {
			return fileError(c.Out, err)
		}
		view, err := assess.ViewStudyVersion(p, db, org, h, v)
		if err != nil {
			return err
		}
		names, err := web.WriteStudyReport(c.Out, h, v, view, p.say.Language(), time.UTC)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"id": v.Study.ID, "version": v.Version, "files": names})
		case "csv":
			rows := [][]string{}
			for _, n := range names {
				rows = append(rows, []string{n})
			}
			return p.writeCSV([]string{"file"}, rows)
		}
		return p.paragraph("", p.say.T("cli.study.report", goalpost.TextArg(filepath.Join(c.Out, "index.html")), goalpost.NumberArg(float64(len(names)))))
	})
}

// versionOf finds a version of a study; 0 means the newest.
func versionOf(h assess.StudyHistory, n int) (goalpost.StudyVersion, error) {
	v, ok := h.Version(n)
	if !ok {
		return v, &goalpost.Error{Kind: goalpost.NotFound, Key: "error.study.no-version", Flag: "--version", Args: []goalpost.Arg{goalpost.PlainArg(n), goalpost.PlainArg(h.Current().Version)}}
	}
	return v, nil
}

// studyTemplate prints a small study as a file that can be filled in.
type studyTemplate struct{}

// Run prints CSV, or JSON with --output json.
func (studyTemplate) Run(p *program) error {
	if p.flags.Output == "json" {
		return p.writeJSON(assess.StudyTemplate())
	}
	return p.writeCSV(assess.StudyColumns(), assess.StudyRows(assess.StudyTemplate()))
}

// studyShow shows one study.
type studyShow struct {
	ID      string `arg:"" help:"study-id"`
	Version int    `placeholder:"N" help:"study-version"`
	Raw     bool   `help:"study-raw"`
}

// Run prints the study in full.
func (c *studyShow) Run(p *program) error {
	return p.withStudies(func(db *store.DB, org goalpost.OrgID) error {
		h, err := assess.Study(p, db, org, c.ID)
		if err != nil {
			return err
		}
		v, err := versionOf(h, c.Version)
		if err != nil {
			return err
		}
		switch {
		case c.Raw && p.flags.Output == "csv":
			return p.writeCSV(assess.StudyColumns(), assess.StudyRows(v.Study))
		case c.Raw:
			return p.writeJSON(v.Study)
		}
		view, err := assess.ViewStudyVersion(p, db, org, h, v)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(document.StudyOf(p.say, h, v, view))
		case "csv":
			return p.studyCSV(view)
		}
		return p.studyTable(h, v, view)
	})
}

// studyCSV writes one row a result.
func (p *program) studyCSV(view assess.StudyView) error {
	var rows [][]string
	for _, q := range view.Questions {
		for _, r := range q.Results {
			base := ""
			if r.Base != nil {
				base = plain(*r.Base)
			}
			rows = append(rows, []string{q.Code, plain(r.Version), r.Wave, r.Reference, r.Option, p.say.Option(q.Option(r.Option)), numberOr(r.Share), numberOr(r.Lo), numberOr(r.Hi), numberOr(r.Published),
				numberOr(r.PublishedMax), plain(r.Approximate), numberOr(r.Mean), base, string(r.BaseKind), string(r.Quality), strings.Join(r.Flags, " "), r.Source})
		}
	}
	return p.writeCSV([]string{"question", "version", "wave", "reference", "option", "label", "share", "lo", "hi", "published", "published_max", "approximate", "mean", "base", "base_kind", "quality", "flags", "source"}, rows)
}

// studyTable prints each question with its figures and what can be concluded.
func (p *program) studyTable(h assess.StudyHistory, v goalpost.StudyVersion, view assess.StudyView) error {
	language := string(p.say.Language())
	if err := p.print("%s (%s)\n", oneLine(v.Study.Title.In(language)), oneLine(v.Study.Publisher)); err != nil {
		return err
	}
	if err := p.paragraph("", v.Study.Note.In(language)); err != nil {
		return err
	}
	if v.Version > 1 || len(h.Versions) > 1 {
		if err := p.paragraph("", p.say.T("cli.study.version", goalpost.PlainArg(v.Version), goalpost.PlainArg(h.Current().Version), goalpost.TextArg(v.Why))); err != nil {
			return err
		}
	}
	for _, q := range view.Questions {
		if err := p.questionTable(q); err != nil {
			return err
		}
	}
	return nil
}

func (p *program) questionTable(q assess.QuestionView) error {
	current := q.Current()
	if err := p.print("\n%s: %s (%s)\n", q.Code, oneLine(current.Wording.In(string(p.say.Language()))), p.say.Word("question."+string(current.Type))); err != nil {
		return err
	}
	var rows [][]string
	for _, r := range q.Results {
		flags := []string{}
		for _, f := range r.Flags {
			flags = append(flags, p.say.Flag(f))
		}
		base := p.say.Word("base." + string(r.BaseKind))
		if r.Base != nil {
			base = plain(*r.Base) + " " + base
		}
		rows = append(rows, []string{p.say.Reference(r.Reference), p.say.Option(q.Option(r.Option)), p.say.Published(r), p.say.ShareRange(r), base, strings.Join(flags, ", ")})
	}
	if err := p.writeTable([]column{{key: "cli.column.reference"}, {key: "cli.column.option"}, {key: "cli.column.published", right: true}, {key: "cli.column.interval", right: true}, {key: "cli.column.base", right: true}, {key: "cli.column.flags", flex: true}}, rows); err != nil {
		return err
	}
	var lines, doubts []string
	for _, c := range q.Changes {
		lines = append(lines, p.say.StudyChange(c, p.say.Option(q.Option(c.Option))))
		for _, d := range p.say.Notes(c.Cautions) {
			if !slices.Contains(doubts, d) {
				doubts = append(doubts, d) // most hold for all changes: once is enough
			}
		}
	}
	var unserved []string
	for _, u := range q.Unserved {
		unserved = append(unserved, p.say.Note(q.UnservedNote(u)))
	}
	for _, l := range slices.Concat(lines, doubts, unserved, p.say.Notes(q.Hints)) {
		if err := p.paragraph("   ", l); err != nil {
			return err
		}
	}
	return nil
}
