package main

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
	"goalpost/locale"
	"goalpost/store"
)

// activitiesCommand lists, adds and changes what we did.
type activitiesCommand struct {
	List   activitiesList   `cmd:"" default:"withargs" help:"activities-list"`
	Add    activitiesAdd    `cmd:"" help:"activities-add"`
	Change activitiesChange `cmd:"" help:"activities-change"`
}

// activityFlags are what can be said about an activity.
type activityFlags struct {
	Name     string   `placeholder:"TEXT" help:"activity-name"`
	From     string   `placeholder:"DATE" help:"activity-from"`
	Until    string   `placeholder:"DATE" help:"activity-until"`
	Run      []string `name:"run" placeholder:"DATE..DATE" help:"activity-run"`
	Network  string   `placeholder:"NAME" help:"activity-network"`
	Region   string   `placeholder:"NAME" help:"activity-region"`
	Product  string   `placeholder:"NAME" help:"activity-product"`
	Media    string   `placeholder:"KIND" help:"activity-media"`
	Design   string   `placeholder:"KIND" help:"activity-design"`
	Cost     string   `placeholder:"N" help:"activity-cost"`
	Currency string   `placeholder:"CODE" help:"activity-currency"`
	Why      string   `placeholder:"TEXT" help:"activity-why"`
}

// over puts what the flags say over what is there.
func (f activityFlags) over(p *program, in assess.ActivityInput) assess.ActivityInput {
	for _, x := range []struct {
		flag string
		to   *string
	}{{f.Name, &in.Name}, {f.Network, &in.Network}, {f.Region, &in.Region}, {f.Product, &in.Product}, {f.Media, &in.Media}, {f.Design, &in.Design},
		{locale.PlainNumber(p.say.Language(), f.Cost), &in.Cost}, {f.Currency, &in.Currency}} {
		*x.to = cmp.Or(x.flag, *x.to)
	}
	var runs []assess.RunInput
	if f.From != "" || f.Until != "" {
		runs = append(runs, assess.RunInput{From: f.From, Until: f.Until})
	}
	for _, r := range f.Run {
		from, until, _ := strings.Cut(r, "..")
		runs = append(runs, assess.RunInput{From: from, Until: until})
	}
	if runs != nil {
		in.Runs = runs
	}
	in.Why, in.By, in.Now = f.Why, p.userName, p.now()
	return in
}

// activitiesAdd adds an activity.
type activitiesAdd struct{ activityFlags }

// Run keeps the activity.
func (c *activitiesAdd) Run(p *program) error {
	return p.withNewOrg(func(db *store.DB, org goalpost.Organisation) error {
		a, err := assess.AddActivity(p, db, org, c.over(p, assess.ActivityInput{}))
		if err != nil {
			return err
		}
		return p.activitySaved(a, "cli.activities.added")
	})
}

// activitiesChange changes, removes or brings back an activity.
type activitiesChange struct {
	ID      int64 `arg:"" name:"id" help:"activity-id"`
	Remove  bool  `env:"-" xor:"what" help:"activity-remove"`
	Restore bool  `env:"-" xor:"what" help:"activity-restore"`
	activityFlags
}

// Run adds a version to the activity.
func (c *activitiesChange) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		id := goalpost.ActivityID(c.ID)
		a, err := db.Activity(p, org.ID, id)
		if err != nil {
			return activityError(err, c.ID)
		}
		in := c.over(p, assess.ActivityInputOf(a))
		change, key := assess.ChangeActivity, "cli.activities.changed"
		switch {
		case c.Remove:
			change, key = assess.RemoveActivity, "cli.activities.removed"
		case c.Restore:
			change, key = assess.RestoreActivity, "cli.activities.restored"
		}
		if a, err = change(p, db, org, id, in); err != nil {
			return err
		}
		return p.activitySaved(a, key)
	})
}

// activityError names the activity that there is not.
func activityError(err error, id int64) error {
	if e, ok := errors.AsType[*goalpost.Error](err); ok && e.Key == "error.not-found" {
		return goalpost.Errorf(goalpost.NotFound, "error.flag.no-activity", goalpost.PlainArg(int(id)))
	}
	return err
}

// activitySaved says what was done.
func (p *program) activitySaved(a goalpost.Activity, key string) error {
	switch p.flags.Output {
	case "json":
		return p.writeJSON(document.ActivityOf(a))
	case "csv":
		return p.writeCSV(activityHeader, activityRows(a))
	}
	return p.print("%s\n", p.say.T(key, goalpost.PlainArg(int(a.ID)), goalpost.TextArg(oneLine(a.Name)), goalpost.TextArg(p.say.Period(a.Period)), goalpost.PlainArg(len(a.Versions))))
}

// activitiesList lists what we did.
type activitiesList struct {
	Removed bool `env:"-" help:"activities-removed"`
}

var activityHeader = []string{"activity", "name", "from", "until", "network", "region", "product", "media", "design", "cost", "currency", "imported", "removed"}

// activityRows writes one row a run; what all runs cost together stands in the first.
func activityRows(a goalpost.Activity) [][]string {
	e := document.ActivityOf(a)
	var rows [][]string
	for i, r := range e.Runs {
		cost, currency := "", ""
		if i == 0 && e.Cost != nil {
			cost, currency = number(*e.Cost), e.Currency
		}
		rows = append(rows, []string{plain(e.Activity), e.Name, r.From.String(), r.Until.String(), string(e.Network), e.Region, e.Product, string(e.Media), string(e.Design), cost, currency, plain(len(e.Imports) > 0), plain(e.Removed)})
	}
	return rows
}

// Run lists the activities.
func (c *activitiesList) Run(p *program) error {
	return p.withOrg(func(db *store.DB, org goalpost.Organisation) error {
		list, err := assess.Activities(p, db, org.ID, c.Removed)
		if err != nil {
			return err
		}
		switch p.flags.Output {
		case "json":
			return p.writeJSON(document.ActivitiesOf(list))
		case "csv":
			var rows [][]string
			for _, a := range list {
				rows = append(rows, activityRows(a)...)
			}
			return p.writeCSV(activityHeader, rows)
		}
		return p.activitiesTable(list)
	})
}

func (p *program) activitiesTable(list []goalpost.Activity) error {
	if len(list) == 0 {
		return p.print("%s\n", p.say.T("cli.activities.none"))
	}
	var rows [][]string
	for _, a := range list {
		var where []string
		if a.Network != "" {
			where = append(where, p.say.Word("network."+string(a.Network)))
		}
		where = slices.DeleteFunc(append(where, a.Region, a.Product), func(s string) bool { return s == "" })
		cost := p.say.T("cli.unknown")
		if a.HasCost {
			cost = p.say.Money(goalpost.ToMajor(a.CostMin, a.Currency), a.Currency)
		}
		source := p.say.T("web.activities.source.imported")
		if n := len(a.Versions); n > 0 {
			source = p.say.T("web.activities.source.entered", goalpost.TextArg(a.Versions[0].By))
			if len(a.Imports) > 0 {
				source = p.say.T("web.activities.source.changed", goalpost.TextArg(a.Versions[n-1].By))
			}
		}
		days := p.say.T("web.activities.runs", goalpost.NumberArg(float64(len(a.Runs))), goalpost.TextArg(p.say.Period(a.Period)))
		rows = append(rows, []string{plain(a.ID), a.Name, days, strings.Join(where, " · "), cost, source})
	}
	return p.writeTable([]column{{key: "cli.column.id", right: true}, {key: "cli.column.activity", flex: true}, {key: "cli.column.days", flex: true}, {key: "cli.column.where", flex: true},
		{key: "cli.column.cost", right: true}, {key: "cli.column.source", flex: true}}, rows)
}
