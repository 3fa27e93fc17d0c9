package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
	"goalpost/store"
)

// ActivitiesPage lists what we did.
type ActivitiesPage struct {
	Page
	Rows         []ActivityRow
	RemovedTitle string
	Removed      []ActivityRow
}

// ActivityRow is one activity.
type ActivityRow struct {
	Name, Days, Where, Cost, Source string
	Why                             string // it was removed
	Href                            string // address of its form
	Restore                         string // address that brings it back
	Effect                          string // address of the question what it did
}

// activities lists what we did, newest first.
func (s *Server) activities(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := ActivitiesPage{Page: s.newPage(r, &v, "web.activities.title")}
	for _, removed := range []bool{false, true} {
		list, err := assess.Activities(r.Context(), s.DB, v.org.ID, removed)
		if err != nil {
			return err
		}
		for _, a := range list {
			row := p.activityRow(a)
			if removed {
				row.Why = a.Versions[len(a.Versions)-1].Why
				p.Removed = append(p.Removed, row)
			} else {
				p.Rows = append(p.Rows, row)
			}
		}
	}
	p.RemovedTitle = p.say("web.activities.removed", goalpost.NumberArg(float64(len(p.Removed))))
	return s.render(w, http.StatusOK, "activities", p)
}

func (p Page) activityRow(a goalpost.Activity) ActivityRow {
	row := ActivityRow{Name: a.Name, Days: p.say("web.activities.runs", goalpost.NumberArg(float64(len(a.Runs))), goalpost.TextArg(p.printer.Period(a.Period))), Where: p.activityWhere(a), Cost: p.T("web.activities.cost.unknown")}
	base := p.Href("/activities/" + strconv.FormatInt(int64(a.ID), 10))
	row.Href, row.Restore = base+"/change", base+"/restore"
	row.Effect = p.Href("/effects/new?activity=" + strconv.FormatInt(int64(a.ID), 10))
	if a.HasCost {
		row.Cost = p.printer.Money(goalpost.ToMajor(a.CostMin, a.Currency), a.Currency)
		if a.CostPartly {
			row.Cost = p.say("web.activities.cost.partly", goalpost.TextArg(row.Cost))
		}
	}
	switch n := len(a.Versions); {
	case n == 0:
		row.Source = p.T("web.activities.source.imported")
	case len(a.Imports) > 0:
		row.Source = p.say("web.activities.source.changed", goalpost.TextArg(a.Versions[n-1].By))
	default:
		row.Source = p.say("web.activities.source.entered", goalpost.TextArg(a.Versions[0].By))
	}
	return row
}

// activityWhere says on which network, where and for what an activity ran.
func (p Page) activityWhere(a goalpost.Activity) string {
	var parts []string
	if a.Network != "" {
		parts = append(parts, p.printer.Word("network."+string(a.Network)))
	}
	parts = append(parts, cmp.Or(a.Region, p.T("web.activities.everywhere")))
	if a.Product != "" {
		parts = append(parts, a.Product)
	}
	return strings.Join(parts, " · ")
}

// ActivityFormPage makes or changes an activity.
type ActivityFormPage struct {
	Page
	Intro, Note    string
	Action, Submit string
	Remove         string // address; empty for a new one
	Change         bool
	In             assess.ActivityInput
	Runs, More     []RunFields
	Networks       []Option
	Medias         []Option
	Designs        []Option
	Regions        []string
	Products       []string
	History        []ActivityVersionRow
}

// RunFields are the fields of one run.
type RunFields struct {
	N           int // from 0
	Title       string
	First, Last string // labels
	From, Until string
}

// ActivityVersionRow is one version of an activity.
type ActivityVersionRow struct{ Head, Text, Why string }

// blankRuns is how many runs can be added at once.
const blankRuns = 8

// newActivity shows an empty form.
func (s *Server) newActivity(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showActivity(w, r, v, assess.ActivityInput{Currency: v.org.Currency}, nil, nil)
}

// addActivity keeps what a person entered.
func (s *Server) addActivity(w http.ResponseWriter, r *http.Request, v visitor) error {
	in, err := s.readActivity(r, v)
	if err != nil {
		return err
	}
	if _, err := assess.AddActivity(r.Context(), s.DB, v.org, plainCost(r, in)); err != nil {
		return s.showActivity(w, r, v, in, nil, err)
	}
	return s.toActivities(w, r)
}

func (s *Server) toActivities(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/"+langOf(r)+"/activities", http.StatusSeeOther)
	return nil
}

// readActivity takes the form's values as they were typed.
func (s *Server) readActivity(r *http.Request, v visitor) (assess.ActivityInput, error) {
	if err := parseForm(r); err != nil {
		return assess.ActivityInput{}, err
	}
	f := typed(r.PostForm)
	in := assess.ActivityInput{Name: f.get("name"), Network: f.get("network"), Region: f.get("region"), Product: f.get("product"), Media: f.get("media"), Design: f.get("design"),
		Cost: f.get("cost"), Currency: f.get("currency"), Why: f.get("why"), By: v.user.Name, Now: s.Now()}
	in.Runs = runsOf(r.PostForm)
	return in, nil
}

// runsOf reads the fields of all runs in their order.
func runsOf(form url.Values) []assess.RunInput {
	var runs []assess.RunInput
	for i := 0; form.Has("from-" + strconv.Itoa(i)); i++ {
		n := strconv.Itoa(i)
		runs = append(runs, assess.RunInput{From: strings.TrimSpace(form.Get("from-" + n)), Until: strings.TrimSpace(form.Get("until-" + n))})
	}
	return runs
}

// plainCost reads the cost as the page's language writes numbers.
func plainCost(r *http.Request, in assess.ActivityInput) assess.ActivityInput {
	in.Cost = locale.PlainNumber(locale.Language(langOf(r)), in.Cost)
	return in
}

// activityOf reads the activity that an address names.
func (s *Server) activityOf(r *http.Request, v visitor) (goalpost.Activity, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return goalpost.Activity{}, notFound()
	}
	return s.DB.Activity(r.Context(), v.org.ID, goalpost.ActivityID(id))
}

// activityForm shows what is known of an activity.
func (s *Server) activityForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.activityOf(r, v)
	if err != nil {
		return err
	}
	if a.Removed() {
		return goalpost.Errorf(goalpost.Conflict, "error.activity.removed", goalpost.PlainArg(int(a.ID)))
	}
	in := assess.ActivityInputOf(a)
	in.Cost = locale.EnteredNumber(locale.Language(langOf(r)), in.Cost)
	in.Currency = cmp.Or(in.Currency, v.org.Currency)
	return s.showActivity(w, r, v, in, &a, nil)
}

// changeActivity keeps another version.
func (s *Server) changeActivity(w http.ResponseWriter, r *http.Request, v visitor) error {
	in, err := s.readActivity(r, v)
	if err != nil {
		return err
	}
	a, err := s.activityOf(r, v)
	if err != nil {
		return err
	}
	if _, err := assess.ChangeActivity(r.Context(), s.DB, v.org, a.ID, plainCost(r, in)); err != nil {
		return s.showActivity(w, r, v, in, &a, err)
	}
	return s.toActivities(w, r)
}

// showActivity shows the form; a is nil for a new activity.
func (s *Server) showActivity(w http.ResponseWriter, r *http.Request, v visitor, in assess.ActivityInput, a *goalpost.Activity, problem error) error {
	p := ActivityFormPage{Page: s.newPage(r, &v, "web.activity.new.title"), In: in, Change: a != nil, Action: "", Submit: "web.activity.add"}
	p.Intro, p.Action = p.T("web.activities.intro"), p.Href("/activities/new")
	if a != nil {
		base := p.Href("/activities/" + strconv.FormatInt(int64(a.ID), 10))
		p.Title, p.Intro = p.say("web.activity.change.title", goalpost.TextArg(a.Name)), p.T("web.activity.change.intro")
		p.Action, p.Remove, p.Submit = base+"/change", base+"/remove", "web.activity.save"
		if len(a.Imports) > 0 {
			p.Note = p.T("web.activity.change.imported")
		}
		p.history(*a, v)
	}
	p.Submit = p.T(p.Submit)
	status := http.StatusOK
	if problem != nil {
		status = http.StatusUnprocessableEntity
		if err := p.refuseActivity(problem); err != nil {
			return err
		}
	}
	p.runFields(in.Runs)
	p.choices(in)
	series, err := s.DB.SeriesList(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	for _, x := range series {
		if x.Region != "" && !slices.Contains(p.Regions, x.Region) {
			p.Regions = append(p.Regions, x.Region)
		}
		if x.Product != "" && !slices.Contains(p.Products, x.Product) {
			p.Products = append(p.Products, x.Product)
		}
	}
	slices.Sort(p.Regions)
	slices.Sort(p.Products)
	return s.render(w, status, "activityform", p)
}

// refuseActivity adds a user's error: a field of a run is named by its run.
func (p *ActivityFormPage) refuseActivity(problem error) error {
	e, ok := errors.AsType[*goalpost.Error](problem)
	if !ok {
		return problem
	}
	field, n, isRun := strings.Cut(e.Field, "-")
	if run, err := strconv.Atoi(n); isRun && err == nil {
		plain := *e
		plain.Field = ""
		p.Problems = append(p.Problems, Problem{Field: e.Field, Text: p.say("web.activity.run", goalpost.PlainArg(run+1)) + ", " + p.T("web.activity."+field) + ": " + p.printer.Error(&plain)})
		return nil
	}
	return p.refuse(problem)
}

// runFields shows what was typed, and blank runs behind a fold.
func (p *ActivityFormPage) runFields(runs []assess.RunInput) {
	for len(runs) > 1 && runs[len(runs)-1] == (assess.RunInput{}) {
		runs = runs[:len(runs)-1]
	}
	if len(runs) == 0 {
		runs = []assess.RunInput{{}}
	}
	for i, run := range runs {
		p.Runs = append(p.Runs, p.run(i, run))
	}
	for i := len(runs); i < len(runs)+blankRuns; i++ {
		p.More = append(p.More, p.run(i, assess.RunInput{}))
	}
}

func (p *ActivityFormPage) run(i int, run assess.RunInput) RunFields {
	return RunFields{N: i, Title: p.say("web.activity.run", goalpost.PlainArg(i+1)), First: p.T("web.activity.from"), Last: p.T("web.activity.until"), From: run.From, Until: run.Until}
}

func (p *ActivityFormPage) choices(in assess.ActivityInput) {
	p.Networks = []Option{{Text: p.T("web.activity.network.none")}}
	for _, n := range goalpost.Networks() {
		p.Networks = append(p.Networks, Option{Value: string(n), Text: p.printer.Word("network." + string(n)), Selected: string(n) == in.Network})
	}
	p.Medias = []Option{{Text: p.T("web.activity.media.none")}}
	for _, m := range goalpost.AllMedia() {
		p.Medias = append(p.Medias, Option{Value: string(m), Text: p.T("media." + string(m)), Selected: string(m) == in.Media})
	}
	for _, d := range goalpost.Designs() {
		p.Designs = append(p.Designs, Option{Value: string(d), Text: p.T("design." + string(d)), Selected: string(d) == in.Design})
	}
}

// history lists the versions, newest first.
func (p *ActivityFormPage) history(a goalpost.Activity, v visitor) {
	for i, x := range slices.Backward(a.Versions) {
		then := goalpost.Activity{ID: a.ID, Versions: a.Versions[:i+1]}
		then.Apply()
		row := p.activityRow(then)
		h := ActivityVersionRow{Head: p.say("web.activity.history.version", goalpost.PlainArg(x.Version), goalpost.DayArg(goalpost.DayOf(x.At, v.org.Zone())), goalpost.TextArg(x.By)),
			Text: strings.Join([]string{x.Name, row.Days, row.Where, row.Cost}, " · "), Why: x.Why}
		if x.Removed {
			h.Text = p.T("web.activity.history.removed")
		}
		p.History = append(p.History, h)
	}
}

// removeActivityForm asks why an activity is removed.
func (s *Server) removeActivityForm(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.activityOf(r, v)
	if err != nil {
		return err
	}
	return s.showRemoveActivity(w, r, v, a, "", nil)
}

func (s *Server) showRemoveActivity(w http.ResponseWriter, r *http.Request, v visitor, a goalpost.Activity, why string, problem error) error {
	p := RetirePage{Page: s.newPage(r, &v, "web.activity.remove.title"), Name: a.Name, Back: "", Why: why}
	p.Back = p.Href("/activities")
	p.Action = p.Back + "/" + strconv.FormatInt(int64(a.ID), 10) + "/remove"
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	return s.render(w, status, "activityremove", p)
}

// removeActivity takes an activity out.
func (s *Server) removeActivity(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.markActivity(w, r, v, assess.RemoveActivity)
}

// restoreActivity brings it back.
func (s *Server) restoreActivity(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.markActivity(w, r, v, assess.RestoreActivity)
}

// activityMark removes an activity or brings it back.
type activityMark func(context.Context, *store.DB, goalpost.Organisation, goalpost.ActivityID, assess.ActivityInput) (goalpost.Activity, error)

func (s *Server) markActivity(w http.ResponseWriter, r *http.Request, v visitor, mark activityMark) error {
	in, err := s.readActivity(r, v)
	if err != nil {
		return err
	}
	a, err := s.activityOf(r, v)
	if err != nil {
		return err
	}
	if _, err := mark(r.Context(), s.DB, v.org, a.ID, in); err != nil {
		return s.showRemoveActivity(w, r, v, a, in.Why, err)
	}
	return s.toActivities(w, r)
}
