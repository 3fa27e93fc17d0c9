package assess

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// ActivityInput is an activity as a person entered it.
type ActivityInput struct {
	Name     string
	Runs     []RunInput // at least one
	Network  string
	Region   string
	Product  string
	Media    string
	Design   string
	Cost     string // of all runs together; empty: not said
	Currency string // ISO 4217; empty: the organisation's
	Why      string // of a change
	After    *int   // versions there were when the change was made; nil: not said
	By       string
	Now      time.Time
}

// RunInput is one run of an activity: its first and its last day, as typed. Without a
// last day it ran for one day.
type RunInput struct{ From, Until string }

// ActivityInputOf writes an activity as a person would have entered it, so that a form or a
// command can change a part of it.
func ActivityInputOf(a goalpost.Activity) ActivityInput {
	in := ActivityInput{Name: a.Name, Network: string(a.Network), Region: a.Region, Product: a.Product, Media: string(a.Media), Design: string(a.Design), Currency: a.Currency}
	for _, r := range a.Runs {
		in.Runs = append(in.Runs, RunInput{From: r.Start.String(), Until: r.Last().String()})
	}
	if a.HasCost {
		in.Cost = decimal(goalpost.ToMajor(a.CostMin, a.Currency), goalpost.MinorDigits(a.Currency))
	}
	return in
}

// decimal writes an amount with the digits of its currency; whole amounts have none.
func decimal(v float64, digits int) string {
	s := fmt.Sprintf("%.*f", digits, v)
	if digits > 0 {
		s = strings.TrimSuffix(s, "."+strings.Repeat("0", digits))
	}
	return s
}

// Activities returns what we did, newest first; removed ones are left out unless they are
// asked for.
func Activities(ctx context.Context, db *store.DB, org goalpost.OrgID, removed bool) ([]goalpost.Activity, error) {
	list, err := db.Activities(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess activities: %w", err)
	}
	list = slices.DeleteFunc(list, func(a goalpost.Activity) bool { return a.Removed() != removed })
	slices.Reverse(list)
	return list, nil
}

// AddActivity keeps what a person says that we did. The same activity twice is refused.
func AddActivity(ctx context.Context, db *store.DB, org goalpost.Organisation, in ActivityInput) (goalpost.Activity, error) {
	a, _, err := AddActivityOnce(ctx, db, org, in, "")
	return a, err
}

// AddActivityOnce is AddActivity for a program that sends its request again when it heard no
// answer: key is its own name for the request. created is false when an earlier one with the
// key made the activity.
func AddActivityOnce(ctx context.Context, db *store.DB, org goalpost.Organisation, in ActivityInput, key string) (a goalpost.Activity, created bool, err error) {
	v, err := in.version(org)
	if err != nil {
		return a, false, err
	}
	v.Version, v.At, v.By = 1, in.Now.UTC(), in.By
	list, err := Activities(ctx, db, org.ID, false)
	if err != nil {
		return a, false, err
	}
	request := store.ActivityRequest{Key: key, Hash: in.hash()}
	if key != "" { // after the list was read: what an earlier request made meanwhile is found here
		a, err = db.ActivityByRequest(ctx, org.ID, request)
		if !goalpost.IsKind(err, goalpost.NotFound) {
			return a, false, err
		}
	}
	for _, a := range list {
		if strings.EqualFold(a.Name, v.Name) && slices.Equal(a.Runs, v.Runs) && a.Network == v.Network && a.Region == v.Region && a.Product == v.Product {
			return a, false, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.activity.there-already", Field: "name", Args: []goalpost.Arg{goalpost.PlainArg(int(a.ID))}}
		}
	}
	a, created, err = db.CreateActivityOnce(ctx, org.ID, v, request)
	if err != nil {
		return a, false, fmt.Errorf("assess add activity: %w", err)
	}
	return a, created, nil
}

// hash tells what was entered from anything else, whoever entered it and when.
func (in ActivityInput) hash() string {
	in.By, in.Now = "", time.Time{}
	text, _ := json.Marshal(in) // texts only: it cannot fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// ChangeActivity replaces what is known of an activity, and says why. What was there
// before stays in its history; rows of imported files stay as they are.
func ChangeActivity(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.ActivityID, in ActivityInput) (goalpost.Activity, error) {
	v, err := in.version(org)
	if err != nil {
		return goalpost.Activity{}, err
	}
	return addActivityVersion(ctx, db, org, id, in, func(a goalpost.Activity) (goalpost.ActivityVersion, error) {
		if a.Removed() {
			return v, goalpost.Errorf(goalpost.Conflict, "error.activity.removed", goalpost.PlainArg(int(id)))
		}
		v.Version = a.Version().Version
		return v, nil
	})
}

// RemoveActivity takes an activity out: it no longer counts beside others and no new
// analysis is made of it. RestoreActivity brings it back.
func RemoveActivity(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.ActivityID, in ActivityInput) (goalpost.Activity, error) {
	return addActivityVersion(ctx, db, org, id, in, func(a goalpost.Activity) (goalpost.ActivityVersion, error) {
		v := a.Version()
		v.Removed = true
		if a.Removed() {
			return v, goalpost.Errorf(goalpost.Conflict, "error.activity.removed", goalpost.PlainArg(int(id)))
		}
		return v, nil
	})
}

// RestoreActivity brings a removed activity back as it was.
func RestoreActivity(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.ActivityID, in ActivityInput) (goalpost.Activity, error) {
	return addActivityVersion(ctx, db, org, id, in, func(a goalpost.Activity) (goalpost.ActivityVersion, error) {
		if !a.Removed() {
			return goalpost.ActivityVersion{}, goalpost.Errorf(goalpost.Conflict, "error.activity.not-removed", goalpost.PlainArg(int(id)))
		}
		return a.Version(), nil
	})
}

// addActivityVersion adds the version that next makes of the activity in force. Every
// version after what was there says why, except one that brings an activity back.
func addActivityVersion(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.ActivityID, in ActivityInput, next func(goalpost.Activity) (goalpost.ActivityVersion, error)) (goalpost.Activity, error) {
	a, err := db.Activity(ctx, org.ID, id)
	if err != nil {
		return a, fmt.Errorf("assess activity %d: %w", id, err)
	}
	if in.After != nil && *in.After != len(a.Versions) {
		return a, goalpost.Errorf(goalpost.Conflict, "error.conflict")
	}
	v, err := next(a)
	if err != nil {
		return a, err
	}
	v.At, v.By, v.Why = in.Now.UTC(), in.By, strings.TrimSpace(in.Why)
	if v.Why == "" && !a.Removed() {
		return a, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.why-missing", Field: "why", Flag: "--why"}
	}
	if fault := goalpost.TextFault(v.Why, maxActivityText); fault != "" {
		return a, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity." + fault, Field: "why", Flag: "--why", Args: []goalpost.Arg{goalpost.NumberArg(maxActivityText)}}
	}
	a, err = db.AddActivityVersion(ctx, org.ID, id, v)
	if err != nil {
		return a, fmt.Errorf("assess activity %d: %w", id, err)
	}
	return a, nil
}

// Limits of what can be entered. maxRuns is a run every second day over two years.
const (
	maxActivityText = 1000
	maxRuns         = 365
)

// version reads what was entered.
func (in ActivityInput) version(org goalpost.Organisation) (goalpost.ActivityVersion, error) {
	v := goalpost.ActivityVersion{Name: strings.TrimSpace(in.Name), Region: strings.TrimSpace(in.Region), Product: strings.TrimSpace(in.Product),
		Network: goalpost.Network(lower(in.Network)), Media: goalpost.Media(lower(in.Media)), Design: goalpost.Design(lower(in.Design))}
	invalid := func(field, flag, key string, args ...goalpost.Arg) error {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity." + key, Field: field, Flag: flag, Args: args}
	}
	for _, f := range []struct{ text, field string }{{v.Name, "name"}, {v.Region, "region"}, {v.Product, "product"}} {
		if fault := goalpost.TextFault(f.text, goalpost.MaxActivityName); fault != "" {
			return v, invalid(f.field, "--"+f.field, fault, goalpost.NumberArg(goalpost.MaxActivityName))
		}
	}
	switch {
	case !goalpost.Readable(v.Name):
		return v, invalid("name", "--name", "no-name")
	case v.Network != "" && !v.Network.Valid():
		return v, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-network", Field: "network", Flag: "--network", Args: []goalpost.Arg{goalpost.TextArg(in.Network)}}
	case v.Media != "" && !v.Media.Valid():
		return v, invalid("media", "--media", "media", goalpost.TextArg(in.Media))
	case v.Design != "" && !v.Design.Valid():
		return v, invalid("design", "--design", "design", goalpost.TextArg(in.Design))
	}
	var err error
	if v.Runs, err = in.runs(); err != nil {
		return v, err
	}
	return v, in.cost(org, &v)
}

func lower(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// runs reads the days. Runs that overlap are a slip of the hand and refused; runs that
// follow each other directly are one.
func (in ActivityInput) runs() ([]goalpost.Period, error) {
	var runs []goalpost.Period
	for i, r := range in.Runs {
		if strings.TrimSpace(r.From) == "" && strings.TrimSpace(r.Until) == "" {
			continue
		}
		if strings.TrimSpace(r.Until) == "" {
			r.Until = r.From
		}
		p := goalpost.Period{}
		for _, f := range []struct {
			text, name string
			to         *goalpost.Day
		}{{r.From, "from", &p.Start}, {r.Until, "until", &p.End}} {
			d, err := goalpost.ReadDay(f.text)
			if err != nil {
				return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.unreadable-date", Field: runField(f.name, i), Flag: "--" + f.name, Args: []goalpost.Arg{goalpost.TextArg(f.text), goalpost.TextArg("--" + f.name)}}
			}
			*f.to = d
		}
		p.End++
		if p.End <= p.Start {
			return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.backwards", Field: runField("until", i), Flag: "--until"}
		}
		if p.Days() > goalpost.MaxRunDays {
			return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.run-long", Field: runField("until", i), Flag: "--until", Args: []goalpost.Arg{goalpost.NumberArg(goalpost.MaxRunDays / 366)}}
		}
		for _, q := range runs {
			if p.Start < q.End && q.Start < p.End {
				return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.overlap", Field: runField("from", i), Flag: "--run", Args: []goalpost.Arg{goalpost.DayArg(p.Start), goalpost.DayArg(p.Last()), goalpost.DayArg(q.Start), goalpost.DayArg(q.Last())}}
			}
		}
		runs = append(runs, p)
	}
	if len(runs) == 0 {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.no-days", Field: runField("from", 0), Flag: "--from"}
	}
	if len(runs) > maxRuns {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.many-runs", Field: runField("from", 0), Flag: "--run", Args: []goalpost.Arg{goalpost.NumberArg(maxRuns)}}
	}
	return goalpost.JoinRuns(runs), nil
}

// runField is the name of a field of run i of the form.
func runField(name string, i int) string { return fmt.Sprintf("%s-%d", name, i) }

// cost reads what the activity cost.
func (in ActivityInput) cost(org goalpost.Organisation, v *goalpost.ActivityVersion) error {
	if strings.TrimSpace(in.Cost) == "" {
		return nil
	}
	v.Currency = strings.ToUpper(strings.TrimSpace(in.Currency))
	if v.Currency == "" {
		v.Currency = org.Currency
	}
	if !goalpost.IsCurrency(v.Currency) {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.currency", Field: "currency", Flag: "--currency", Args: []goalpost.Arg{goalpost.TextArg(v.Currency)}}
	}
	x, err := readMoney(in.Cost)
	if err != nil || x < 0 || x > goalpost.MaxCost {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.activity.cost", Field: "cost", Flag: "--cost", Args: []goalpost.Arg{goalpost.TextArg(in.Cost)}}
	}
	minor := goalpost.ToMinor(x, v.Currency)
	v.CostMin = &minor
	return nil
}

// readMoney reads a plain number of money, without a percent sign.
func readMoney(text string) (float64, error) {
	t, err := ParseTarget(text, goalpost.KPI{Unit: goalpost.UnitMoney})
	return t.Value, err
}
