package web

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// ActivityBody is an activity as a program sends it.
type ActivityBody struct {
	Name     string    `json:"name"`
	Runs     []RunBody `json:"runs" nullable:"false" doc:"At least one."`
	Network  string    `json:"network" required:"false"`
	Region   string    `json:"region" required:"false"`
	Product  string    `json:"product" required:"false"`
	Media    string    `json:"media" required:"false" doc:"paid, earned, shared or owned."`
	Design   string    `json:"design" required:"false" doc:"observed, switchback or geo."`
	Cost     *float64  `json:"cost" required:"false" doc:"Of all runs together, in major units; null: not known."`
	Currency string    `json:"currency" required:"false" doc:"Of the cost; without: the organisation's."`
}

// RunBody is one run of an activity.
type RunBody struct {
	From  string `json:"from" doc:"First day, as 2026-01-31."`
	Until string `json:"until" required:"false" doc:"Last day; without: it ran for one day."`
}

// input is what was sent, by whom and when.
func (b ActivityBody) input(s *Server, c caller) assess.ActivityInput {
	in := assess.ActivityInput{Name: b.Name, Network: b.Network, Region: b.Region, Product: b.Product, Media: b.Media, Design: b.Design, Currency: b.Currency, By: c.user.Name, Now: s.Now()}
	for _, r := range b.Runs {
		in.Runs = append(in.Runs, assess.RunInput{From: r.From, Until: r.Until})
	}
	if b.Cost != nil {
		in.Cost = strconv.FormatFloat(*b.Cost, 'f', -1, 64)
	}
	return in
}

// runPlace is a field of the form that is a part of a run.
var runPlace = regexp.MustCompile(`^(from|until)-([0-9]+)$`)

// activityFault names the field of an activity as a program calls it.
func activityFault(err error) error {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return err
	}
	if m := runPlace.FindStringSubmatch(e.Field); m != nil {
		return renamed(err, map[string]string{e.Field: "runs[" + m[2] + "]." + m[1]})
	}
	return err
}

func activityPath(a goalpost.Activity) string {
	return "/activities/" + strconv.FormatInt(int64(a.ID), 10)
}

// apiActivities lists what we did.
func (s *Server) apiActivities(ctx context.Context, c caller, in *struct {
	Removed bool `query:"removed" doc:"Those that were removed, instead of all others."`
}) (reply, error) {
	list, err := assess.Activities(ctx, s.DB, c.org.ID, in.Removed)
	return reply{document: document.ActivitiesOf(list)}, err
}

// apiActivity shows one activity, also a removed one.
func (s *Server) apiActivity(ctx context.Context, c caller, in *struct {
	ID int64 `path:"activity"`
}) (reply, error) {
	a, err := s.DB.Activity(ctx, c.org.ID, goalpost.ActivityID(in.ID))
	return reply{document: document.ActivityOf(a)}, err
}

// requestKey is what a program may call a request.
var requestKey = regexp.MustCompile(`^[A-Za-z0-9._-]{1,200}$`)

// apiAddActivity enters an activity; the same request sent again enters nothing.
func (s *Server) apiAddActivity(ctx context.Context, c caller, in *struct {
	Key  string `header:"Idempotency-Key" doc:"Your own name for this request, of letters, digits, dots, dashes and underscores. The same request with the same key can be sent again: it enters nothing twice."`
	Body ActivityBody
}) (reply, error) {
	if in.Key != "" && !requestKey.MatchString(in.Key) {
		return reply{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.key", Field: "Idempotency-Key"}
	}
	a, created, err := assess.AddActivityOnce(ctx, s.DB, c.org, in.Body.input(s, c), in.Key)
	if err != nil {
		return reply{}, activityFault(err)
	}
	out := reply{document: document.ActivityOf(a), location: activityPath(a), status: http.StatusCreated}
	if !created {
		out.status = http.StatusOK
	}
	return out, nil
}

// apiChangeActivity replaces what is known of an activity.
func (s *Server) apiChangeActivity(ctx context.Context, c caller, in *struct {
	ID   int64 `path:"activity"`
	Body struct {
		ActivityBody
		Why   string `json:"why" doc:"Why it is changed; it stands in the history."`
		After *int   `json:"after" required:"false" doc:"How many entries its history had when you read it: if it has others now, nothing is changed and the answer is 409."`
	}
}) (reply, error) {
	change := in.Body.input(s, c)
	change.Why, change.After = in.Body.Why, in.Body.After
	a, err := assess.ChangeActivity(ctx, s.DB, c.org, goalpost.ActivityID(in.ID), change)
	return reply{document: document.ActivityOf(a)}, activityFault(err)
}

// apiRemoveActivity takes an activity out.
func (s *Server) apiRemoveActivity(ctx context.Context, c caller, in *struct {
	ID  int64  `path:"activity"`
	Why string `query:"why" doc:"Why it is removed; it stands in the history."`
}) (reply, error) {
	a, err := assess.RemoveActivity(ctx, s.DB, c.org, goalpost.ActivityID(in.ID), assess.ActivityInput{Why: in.Why, By: c.user.Name, Now: s.Now()})
	return reply{document: document.ActivityOf(a)}, err
}

// apiRestoreActivity brings a removed activity back.
func (s *Server) apiRestoreActivity(ctx context.Context, c caller, in *struct {
	ID int64 `path:"activity"`
}) (reply, error) {
	a, err := assess.RestoreActivity(ctx, s.DB, c.org, goalpost.ActivityID(in.ID), assess.ActivityInput{By: c.user.Name, Now: s.Now()})
	return reply{document: document.ActivityOf(a)}, err
}
