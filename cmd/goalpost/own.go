package main

import (
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/locale"
	"goalpost/store"
)

// studyAnswer keeps what the organisation itself answers.
type studyAnswer struct {
	ID       string   `arg:"" help:"study-id"`
	Wave     string   `placeholder:"NAME" help:"own-wave"`
	Question string   `required:"" placeholder:"CODE" help:"own-question"`
	Option   []string `placeholder:"CODE,…" help:"own-option"`
	None     bool     `env:"-" help:"own-none"`
	Number   string   `placeholder:"N" help:"own-number"`
	Why      string   `placeholder:"TEXT" help:"own-why"`
}

// Run keeps the answer; one that says the same as before is not kept again.
func (c *studyAnswer) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		now := p.now()
		number := locale.PlainNumber(p.say.Language(), c.Number)
		if p.say.Language() == locale.German {
			number = strings.Replace(number, ",", ".", 1)
		}
		in := assess.OwnInput{Study: c.ID, Wave: strings.TrimSpace(c.Wave), By: p.userName, Why: c.Why, Now: now,
			Answers: []assess.OwnEntry{{Question: c.Question, Options: c.Option, None: c.None, Number: number}}}
		if in.Wave == "" {
			in.Wave = assess.QuarterName(now, org.Zone())
		}
		added, err := assess.AnswerStudy(p, db, org, in)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(map[string]any{"study": c.ID, "wave": in.Wave, "question": c.Question, "added": len(added)})
		case "csv":
			return p.writeCSV([]string{"study", "wave", "question", "added"}, [][]string{{c.ID, in.Wave, c.Question, plain(len(added))}})
		}
		if len(added) == 0 {
			return p.paragraph("", p.say.T("cli.own.same", goalpost.TextArg(c.Question), goalpost.TextArg(in.Wave)))
		}
		return p.paragraph("", p.say.T("cli.own.kept", goalpost.TextArg(c.Question), goalpost.NumberArg(float64(len(added))), goalpost.TextArg(in.Wave)))
	})
}

// studyOwn shows the own answers beside the trade's figures.
type studyOwn struct {
	ID string `arg:"" help:"study-id"`
}

// Run prints the comparison in full.
func (c *studyOwn) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		v, err := assess.Own(p, db, org, c.ID, p.now())
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(document.OwnOf(p.say, v))
		case "csv":
			return p.ownCSV(v)
		}
		return p.ownTable(v, org)
	})
}

// ownCSV prints one row an own tick, a published figure, or a state of a goal.
func (p *program) ownCSV(v assess.OwnView) error {
	var rows [][]string
	for _, q := range v.Questions {
		for _, o := range q.Options {
			row := func(side, moment string, cells ...string) {
				rows = append(rows, append([]string{q.Code, o.Option.Code, p.say.Option(o.Option), side, moment}, cells...))
			}
			for i, t := range o.Ticks {
				switch a, ok := q.Answer(v.Waves[i]); {
				case ok && a.Number != nil:
					row("own", v.Waves[i], number(*a.Number), "", "", "", "", "", "", "", "")
				case t != nil:
					row("own", v.Waves[i], plain(*t), "", "", "", "", "", "", "", "")
				}
			}
			for _, f := range o.Figures {
				row("trade", f.Reference, numberOr(f.Mean), numberOr(f.Share), numberOr(f.Lo), numberOr(f.Hi), numberOr(f.Published), numberOr(f.PublishedMax), plain(f.Approximate), string(f.BaseKind), strings.Join(f.Flags, " "))
			}
		}
	}
	if v.Goals != nil {
		for _, k := range v.Goals.History.Kinds {
			for i, s := range k.States {
				if s != "" {
					rows = append(rows, []string{v.Goals.Question.Code, k.Kind, p.say.Word("goal." + k.Kind), "goal", v.Goals.History.Moments[i].Label, string(s), "", "", "", "", "", "", "", ""})
				}
			}
		}
	}
	return p.writeCSV([]string{"question", "option", "label", "side", "moment", "answer", "share", "lo", "hi", "published", "published_max", "approximate", "base_kind", "flags"}, rows)
}

// ownTable prints each question with both sides, then the goals over time.
func (p *program) ownTable(v assess.OwnView, org goalpost.Organisation) error {
	if err := p.print("%s\n", oneLine(p.say.T("cli.own.title", goalpost.TextArg(v.Study.Title.In(string(p.say.Language()))), goalpost.TextArg(org.Name)))); err != nil {
		return err
	}
	if err := p.paragraph("", p.say.T("web.own.no-share")); err != nil {
		return err
	}
	for _, q := range v.Questions {
		if err := p.ownQuestionLines(v, q, org); err != nil {
			return err
		}
	}
	if v.Goals == nil {
		return nil
	}
	return p.ownGoals(v.Goals)
}

func (p *program) ownQuestionLines(v assess.OwnView, q assess.OwnQuestion, org goalpost.Organisation) error {
	if err := p.print("\n"); err != nil {
		return err
	}
	if err := p.paragraph("", q.Code+": "+q.Current().Wording.In(string(p.say.Language()))+" ("+p.say.Word("question."+string(q.Current().Type))+")"); err != nil {
		return err
	}
	var lines, apart []string
	for _, a := range q.Answers {
		lines = append(lines, p.say.T("web.own.corrected.line", goalpost.TextArg(a.Wave), goalpost.TextArg(p.say.Time(a.At, org.Zone())), goalpost.TextArg(a.By), goalpost.TextArg(p.ownChoices(q, a))))
	}
	if len(q.Answers) == 0 {
		lines = append(lines, p.say.T("cli.own.nothing", goalpost.TextArg(q.Code)))
	}
	for _, o := range q.Options {
		for _, f := range o.Figures {
			lines = append(lines, p.figureLine(q, f))
			for _, s := range p.say.Notes(f.Apart) {
				if f.Newest && !slices.Contains(apart, s) {
					apart = append(apart, s)
				}
			}
		}
	}
	lines = slices.Concat(lines, apart, p.say.Notes(q.Doubts), p.say.Notes(q.Claims))
	if len(q.Outside) > 0 {
		lines = append(lines, p.say.T("web.own.outside", goalpost.TextArg(p.kindWords(q.Outside))))
	}
	for _, l := range lines {
		if err := p.paragraph("   ", l); err != nil {
			return err
		}
	}
	return nil
}

// figureLine is a figure in words with what is odd about it, and for the newest of its
// option the own answer.
func (p *program) figureLine(q assess.OwnQuestion, f assess.OwnFigure) string {
	line := p.say.Note(f.Sentence)
	for _, flag := range f.Flags {
		if flag != "probably_expected" { // the name of the moment says it
			line += " [" + p.say.Flag(flag) + "]"
		}
	}
	if f.Newest && len(q.Answers) > 0 {
		line += " " + p.say.Note(f.You)
	}
	return line
}

func (p *program) kindWords(codes []string) string {
	var words []string
	for _, c := range codes {
		words = append(words, p.say.Word("goal."+c))
	}
	return strings.Join(words, ", ")
}

func (p *program) ownChoices(q assess.OwnQuestion, a goalpost.OwnAnswer) string {
	if a.Number != nil {
		return p.say.Number(*a.Number)
	}
	var words []string
	for _, c := range a.Choices {
		words = append(words, p.say.Option(q.Option(c)))
	}
	if len(words) == 0 {
		key := "web.own.none"
		if q.Form == goalpost.FormYesNo {
			switch q.Current().Options[0].Code {
			case "yes":
				key = "web.own.no"
			case "no":
				key = "web.own.yes"
			}
		}
		return p.say.T(key)
	}
	return strings.Join(words, ", ")
}

// ownGoals prints the states of goals over time and every change.
func (p *program) ownGoals(b *assess.GoalsBeside) error {
	h := b.History
	if err := p.print("\n%s\n", p.say.T("web.own.goals")); err != nil {
		return err
	}
	if len(h.Moves) == 0 {
		return p.paragraph("   ", p.say.T("web.own.goals.none"))
	}
	var rows [][]string
	for _, k := range h.Kinds {
		for i, s := range k.States {
			if s != "" && (i == 0 || s != k.States[i-1]) {
				rows = append(rows, []string{p.say.Word("goal." + k.Kind), h.Moments[i].Label, lastOfRun(h, k, i), p.say.Word("own.state." + string(s))})
			}
		}
	}
	if err := p.writeTable([]column{{key: "cli.column.goal", flex: true}, {key: "cli.column.from-moment"}, {key: "cli.column.until-moment"}, {key: "cli.column.state"}}, rows); err != nil {
		return err
	}
	var lines []string
	if len(h.Added) > 0 {
		lines = append(lines, p.say.T("web.own.goals.added", goalpost.TextArg(p.kindWords(h.Added))))
	}
	if len(h.Dropped) > 0 {
		lines = append(lines, p.say.T("web.own.goals.dropped", goalpost.TextArg(p.kindWords(h.Dropped))))
	}
	for _, m := range h.Moves {
		what := strings.Join(p.say.Notes(m.What), "; ")
		lines = append(lines, p.say.T("cli.own.move", goalpost.DayArg(m.Day), goalpost.TextArg(p.say.Arg(m.Name)+" #"+strconv.FormatInt(int64(m.Goal), 10)), goalpost.TextArg(what), goalpost.TextArg(m.By), goalpost.TextArg(strings.TrimSpace(m.Why))))
	}
	for _, l := range lines {
		if err := p.paragraph("   ", l); err != nil {
			return err
		}
	}
	return nil
}

// lastOfRun is the last moment up to which a state that begins at i stays.
func lastOfRun(h assess.GoalHistory, k assess.KindHistory, i int) string {
	last := i
	for last+1 < len(k.States) && k.States[last+1] == k.States[i] {
		last++
	}
	return h.Moments[last].Label
}
