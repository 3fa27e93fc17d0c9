package main

import (
	"cmp"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/store"
)

// surveyCommand asks customers.
type surveyCommand struct {
	List     surveyList     `cmd:"" default:"withargs" help:"survey-list"`
	Show     surveyShow     `cmd:"" help:"survey-show"`
	Import   surveyImport   `cmd:"" help:"survey-import"`
	Export   surveyExport   `cmd:"" help:"survey-export"`
	Copy     surveyCopy     `cmd:"" help:"survey-copy"`
	Open     surveyOpen     `cmd:"" help:"survey-open"`
	Pause    surveyPause    `cmd:"" help:"survey-pause"`
	Close    surveyClose    `cmd:"" help:"survey-close"`
	Answers  surveyAnswers  `cmd:"" help:"survey-answers"`
	Contacts surveyContacts `cmd:"" help:"survey-contacts"`
}

type surveyList struct{}

// Run lists the surveys.
func (surveyList) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		list, err := assess.SurveysOverview(p, db, org.ID, p.now())
		if err != nil {
			return err
		}
		d := document.SurveysOf(p.say, list)
		switch p.flags.Output {
		case "json":
			return p.writeJSON(d)
		case "csv":
			rows := [][]string{}
			for _, e := range d.Surveys {
				rows = append(rows, []string{plain(e.Survey), e.Slug, e.Title, string(e.State), string(e.Phase), plain(e.Complete), plain(e.Questions), plain(e.FormVersion), e.CreatedAt.Format(time.RFC3339), e.By})
			}
			return p.writeCSV([]string{"survey", "slug", "title", "state", "phase", "complete", "questions", "form_version", "created_at", "by"}, rows)
		}
		if len(d.Surveys) == 0 {
			return p.paragraph("", p.say.T("cli.survey.none"))
		}
		var rows [][]string
		for _, e := range d.Surveys {
			rows = append(rows, []string{plain(e.Survey), e.Slug, e.Title, p.say.T("survey.phase." + string(e.Phase)), plain(e.Complete), plain(e.Questions)})
		}
		return p.writeTable([]column{{key: "cli.column.id", right: true}, {key: "cli.column.slug"}, {key: "cli.column.title", flex: true}, {key: "cli.column.state"}, {key: "cli.column.answers", right: true}, {key: "cli.column.questions", right: true}}, rows)
	})
}

// withSurvey finds a survey by its number or short name.
func (p *program) withSurvey(name string, do func(db *store.DB, org goalpost.Organisation, s goalpost.Survey) error) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		s, err := assess.FindSurvey(p, db, org.ID, name)
		if err != nil {
			return err
		}
		return do(db, org, s)
	})
}

// surveyDocument is a survey in full, with how it stands.
func (p *program) surveyDocument(db *store.DB, org goalpost.Organisation, s goalpost.Survey) (document.Survey, error) {
	o, err := assess.OverviewOf(p, db, org.ID, s, p.now())
	return document.SurveyOf(p.say, o), err
}

type surveyShow struct {
	Survey string `arg:"" help:"survey-name"`
}

// Run shows one survey.
func (c *surveyShow) Run(p *program) error {
	return p.withSurvey(c.Survey, func(db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
		d, err := p.surveyDocument(db, org, s)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(d)
		case "csv":
			return p.writeCSV([]string{"code", "version", "type", "wording", "required", "options"}, questionRows(p, s.Form, func(t goalpost.QuestionType) string { return string(t) }))
		}
		return p.surveyTable(d, org)
	})
}

// questionRows are the questions of a form, one a row.
func questionRows(p *program, f goalpost.Form, kind func(goalpost.QuestionType) string) [][]string {
	rows := [][]string{}
	for _, q := range f.Questions {
		var options []string
		for _, o := range q.Options {
			options = append(options, o.Code)
		}
		rows = append(rows, []string{q.Code, plain(q.Version), kind(q.Type), q.Wording.In(string(p.say.Language())), plain(q.Required), strings.Join(options, " ")})
	}
	return rows
}

func (p *program) surveyTable(d document.Survey, org goalpost.Organisation) error {
	lines := []string{d.Title, p.say.T("cli.survey.stands", goalpost.TextArg(d.Slug), goalpost.TextArg(p.say.T("survey.phase."+string(d.Phase))), goalpost.NumberArg(float64(d.Complete)), goalpost.NumberArg(float64(d.Minutes)))}
	moment := func(t time.Time) goalpost.Arg {
		return goalpost.TextArg(t.In(org.Zone()).Format("2006-01-02 15:04"))
	}
	if !d.Settings.OpensAt.IsZero() {
		lines = append(lines, p.say.T("cli.survey.opens", moment(d.Settings.OpensAt)))
	}
	if !d.Settings.ClosesAt.IsZero() {
		lines = append(lines, p.say.T("cli.survey.closes", moment(d.Settings.ClosesAt)))
	}
	for _, q := range d.Quotas {
		key := "cli.survey.quota"
		if q.Full {
			key = "cli.survey.quota.full"
		}
		lines = append(lines, p.say.T(key, goalpost.TextArg(q.Question+"/"+q.Option), goalpost.NumberArg(float64(q.Complete)), goalpost.NumberArg(float64(q.Limit))))
	}
	for _, l := range d.Languages {
		if n := len(d.Missing[l]); n > 0 {
			lines = append(lines, p.say.T("cli.survey.missing", goalpost.WordArg("language."+l), goalpost.NumberArg(float64(n))))
		}
	}
	for _, l := range lines {
		if err := p.paragraph("", l); err != nil {
			return err
		}
	}
	rows := questionRows(p, d.Form, func(t goalpost.QuestionType) string { return p.say.T("survey.type." + string(t)) })
	for i := range rows {
		rows[i] = append(rows[i][:1:1], rows[i][2], rows[i][3], rows[i][1])
	}
	if err := p.print("\n"); err != nil {
		return err
	}
	return p.writeTable([]column{{key: "cli.column.code"}, {key: "cli.column.type"}, {key: "cli.column.question", flex: true}, {key: "cli.column.version", right: true}}, rows)
}

type surveyExport struct {
	Survey string `arg:"" help:"survey-name"`
	Out    string `placeholder:"FILE" help:"survey-out"`
}

// Run writes the plain form of a survey; with --output json it is the document of show.
func (c *surveyExport) Run(p *program) error {
	return p.withSurvey(c.Survey, func(db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
		if p.flags.Output == "json" {
			d, err := p.surveyDocument(db, org, s)
			if err != nil {
				return err
			}
			return p.writeJSON(d)
		}
		data, err := assess.WriteSurvey(s, org, func(key string) string { return p.say.T(key) })
		if err != nil {
			return err
		}
		if c.Out == "" {
			return p.print("%s", data)
		}
		if err := os.WriteFile(filepath.Clean(c.Out), data, 0o600); err != nil {
			return fileError(c.Out, err)
		}
		return p.paragraph("", p.say.T("cli.survey.exported", goalpost.TextArg(s.Slug), goalpost.TextArg(c.Out)))
	})
}

type surveyOpen struct {
	Survey string `arg:"" help:"survey-name"`
}

// Run opens a survey.
func (c *surveyOpen) Run(p *program) error { return p.surveyState(c.Survey, goalpost.SurveyOpen) }

type surveyPause struct {
	Survey string `arg:"" help:"survey-name"`
}

// Run pauses a survey.
func (c *surveyPause) Run(p *program) error { return p.surveyState(c.Survey, goalpost.SurveyPaused) }

type surveyClose struct {
	Survey string `arg:"" help:"survey-name"`
}

// Run closes a survey.
func (c *surveyClose) Run(p *program) error { return p.surveyState(c.Survey, goalpost.SurveyClosed) }

// surveyState changes the state of a survey and says what respondents find now.
func (p *program) surveyState(name string, state goalpost.SurveyState) error {
	return p.withSurvey(name, func(db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
		s, err := assess.SetSurveyState(p, db, org.ID, s.ID, state, p.userName, p.now())
		if err != nil {
			return err
		}
		d, err := p.surveyDocument(db, org, s)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(d)
		case "csv":
			return p.writeCSV([]string{"survey", "slug", "state", "phase"}, [][]string{{plain(d.Survey), d.Slug, string(d.State), string(d.Phase)}})
		}
		return p.paragraph("", p.say.T("cli.survey.now", goalpost.TextArg(d.Slug), goalpost.TextArg(p.say.T("survey.phase."+string(d.Phase)))))
	})
}

// surveyImport makes a survey of a plain file.
type surveyImport struct {
	File    string   `arg:"" help:"survey-file"`
	Slug    string   `env:"-" placeholder:"NAME" help:"survey-slug"`
	Replace string   `env:"-" placeholder:"ID" help:"survey-replace"`
	Keep    []string `env:"-" placeholder:"CODE" help:"survey-keep"`
	DryRun  bool     `help:"survey-dry"`
}

// Run keeps the survey as a draft, or changes the one that is named.
func (c *surveyImport) Run(p *program) error {
	var name string
	var data []byte
	err := withFile(c.File, func(base string, f *os.File, _ int64) (err error) {
		const most = 2 << 20 // the reader says what is too large
		name = base
		if data, err = io.ReadAll(io.LimitReader(f, most)); err != nil {
			err = fileError(c.File, err)
		}
		return err
	})
	if err != nil {
		return err
	}
	local := goalpost.Organisation{TimeZone: p.localZone()}
	s, err := assess.ReadSurvey(name, data, local)
	if err != nil { // before anything is kept
		return err
	}
	open := p.withNewOrg
	switch {
	case c.DryRun && c.Replace == "" && p.flags.Data == "":
		return c.create(p, nil, local, s)
	case c.DryRun || c.Replace != "":
		open = p.withOrg
	}
	return open(func(db *store.DB, org goalpost.Organisation) error {
		s, err := assess.ReadSurvey(name, data, org) // its times are those of the organisation
		if err != nil {
			return err
		}
		if c.Replace != "" {
			return c.replace(p, db, org, s)
		}
		return c.create(p, db, org, s)
	})
}

// create makes a draft; a dry run needs no data.
func (c *surveyImport) create(p *program, db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
	s.Slug = cmp.Or(c.Slug, s.Slug)
	switch {
	case len(c.Keep) > 0:
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyform.keep-new", Flag: "--keep"}
	case s.Slug == "":
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.surveyform.no-slug", Flag: "--slug"}
	case c.DryRun:
		return c.dryCreate(p, db, org, s)
	}
	in := assess.SurveyInput{Survey: s, By: p.userName, Now: p.now()}
	_, _ = rand.Read(in.Secret[:]) // it never fails (crypto/rand)
	s, created, err := assess.CreateSurveyOnce(p, db, org.ID, in)
	if err != nil {
		return err
	}
	d, err := p.surveyDocument(db, org, s)
	if err != nil {
		return err
	}
	return p.imported(document.SurveyChange{Survey: d, Created: created, Changed: created, Trends: []document.SurveyTrend{}}, false)
}

func (c *surveyImport) dryCreate(p *program, db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
	known, err := false, s.Check()
	if err == nil && db != nil {
		_, known, err = assess.KnownSurvey(p, db, org.ID, s)
	}
	if err != nil {
		return err
	}
	s.State, s.FormVersion, s.SettingVersion, s.CreatedAt, s.By = goalpost.SurveyDraft, 1, 1, p.now().UTC(), p.userName
	d := document.SurveyOf(p.say, assess.SurveyOverview{Survey: s, Phase: goalpost.PhaseDraft})
	return p.imported(document.SurveyChange{Survey: d, Created: !known, Changed: !known, Trends: []document.SurveyTrend{}}, true)
}

func (c *surveyImport) replace(p *program, db *store.DB, org goalpost.Organisation, s goalpost.Survey) error {
	there, err := assess.FindSurvey(p, db, org.ID, c.Replace)
	if err != nil {
		return err
	}
	if c.Slug == "" && s.Slug != "" && s.Slug != there.Slug { // printed codes would lead nowhere
		return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.surveyform.other-slug", Flag: "--slug", Args: []goalpost.Arg{goalpost.TextArg(s.Slug), goalpost.TextArg(there.Slug)}}
	}
	s.Slug = cmp.Or(c.Slug, there.Slug)
	r, err := assess.ReplaceSurvey(p, db, org.ID, there.ID, assess.SurveyReplacement{Survey: s, Keep: c.Keep, DryRun: c.DryRun, By: p.userName, Now: p.now()})
	if err != nil {
		return err
	}
	d, err := p.surveyDocument(db, org, r.Survey)
	if err != nil {
		return err
	}
	return p.imported(document.SurveyChange{Survey: d, Changed: r.Changed, NewVersion: r.NewVersion, Trends: document.SurveyTrendsOf(p.say, r.Trends)}, c.DryRun)
}

// imported says what became of a file, or would.
func (p *program) imported(d document.SurveyChange, dry bool) error {
	switch p.flags.Output {
	case "json":
		return p.writeJSON(d)
	case "csv":
		rows := [][]string{}
		for _, t := range d.Trends {
			rows = append(rows, []string{plain(d.Survey.Survey), d.Survey.Slug, t.Question, t.Trend, strings.Join(t.Changes, " ")})
		}
		return p.writeCSV([]string{"survey", "slug", "question", "trend", "changes"}, rows)
	}
	key := "changed"
	switch {
	case d.Created:
		key = "created"
	case !d.Changed:
		key = "same"
	case d.NewVersion:
		key = "version"
	}
	if dry {
		key = "dry-" + key
	}
	lines := []string{p.say.T("cli.survey."+key, goalpost.TextArg(d.Survey.Slug), goalpost.PlainArg(int(d.Survey.Survey)), goalpost.PlainArg(d.Survey.FormVersion))}
	lost := false
	for _, t := range d.Trends {
		lines, lost = append(lines, t.Sentence), lost || t.Trend == assess.TrendLost
	}
	if lost {
		lines = append(lines, p.say.T("cli.survey.keep"))
	}
	for _, l := range d.Survey.Languages {
		if n := len(d.Survey.Missing[l]); n > 0 {
			lines = append(lines, p.say.T("cli.survey.missing", goalpost.WordArg("language."+l), goalpost.NumberArg(float64(n))))
		}
	}
	for _, l := range lines {
		if err := p.paragraph("", l); err != nil {
			return err
		}
	}
	return nil
}
