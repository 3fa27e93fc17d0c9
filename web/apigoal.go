package web

import (
	"cmp"
	"context"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// apiTokenDocument says what a token is for.
type apiTokenDocument struct {
	Name         string        `json:"name"`
	Role         goalpost.Role `json:"role"`
	Organisation string        `json:"organisation"`
	TimeZone     string        `json:"time_zone"`
	Currency     string        `json:"currency"`
}

// apiToken says what the token is for that was sent.
func (s *Server) apiToken(_ context.Context, c caller, _ *struct{}) (reply, error) {
	return reply{document: apiTokenDocument{Name: c.token.Name, Role: c.token.Role, Organisation: c.org.Name, TimeZone: c.org.TimeZone, Currency: c.org.Currency}}, nil
}

// LookBack asks what was known on a day.
type LookBack struct {
	AsOf string `query:"as_of" doc:"Look back: only posts and days before this date."`
	Seen bool   `query:"seen" doc:"With as_of: only what had been seen before that date."`
}

func (q LookBack) day() (goalpost.Day, error) {
	if q.Seen && q.AsOf == "" {
		return 0, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.seen", Field: "seen"}
	}
	return optionalDay(q.AsOf, "as_of")
}

func (s *Server) judged(ctx context.Context, c caller, q LookBack) ([]assess.Judged, error) {
	asOf, err := q.day()
	if err != nil {
		return nil, err
	}
	list, err := assess.Goals(ctx, s.DB, c.org, assess.GoalsOptions{AsOf: asOf, Seen: q.Seen, Now: s.Now()})
	return list, renamed(err, map[string]string{"as-of": "as_of"})
}

// apiGoals lists the goals with their verdicts.
func (s *Server) apiGoals(ctx context.Context, c caller, in *LookBack) (reply, error) {
	list, err := s.judged(ctx, c, *in)
	return reply{document: document.GoalsOf(c.say, list)}, err
}

// apiGoal shows one goal with its verdict.
func (s *Server) apiGoal(ctx context.Context, c caller, in *struct {
	LookBack
	ID int64 `path:"goal"`
}) (reply, error) {
	list, err := s.judged(ctx, c, in.LookBack)
	if err != nil {
		return reply{}, err
	}
	for _, j := range list {
		if int64(j.Goal.ID) == in.ID {
			return reply{document: document.GoalOf(c.say, j)}, nil
		}
	}
	return reply{}, notFound()
}

// apiKPIs computes KPIs of a period.
func (s *Server) apiKPIs(ctx context.Context, c caller, in *struct {
	LookBack
	Codes    []string `query:"code,explode" maxItems:"100" doc:"Which KPIs; without: all that the data can supply."`
	From     string   `query:"from" doc:"First day; without: 30 days before the end."`
	Until    string   `query:"until" doc:"Last day; without: yesterday."`
	Accounts []string `query:"account,explode" maxItems:"100"`
	Networks []string `query:"network,explode" maxItems:"100"`
	Regions  []string `query:"region,explode" maxItems:"100"`
	Products []string `query:"product,explode" maxItems:"100"`
}) (reply, error) {
	q := assess.KPIsQuery{Codes: in.Codes, Accounts: in.Accounts, Networks: in.Networks, Regions: in.Regions, Products: in.Products, Seen: in.Seen, Now: s.Now()}
	var err error
	if q.AsOf, err = in.day(); err != nil {
		return reply{}, err
	}
	if q.From, err = optionalDay(in.From, "from"); err != nil {
		return reply{}, err
	}
	if q.Until, err = optionalDay(in.Until, "until"); err != nil {
		return reply{}, err
	}
	list, err := assess.KPIs(ctx, s.DB, c.org, q)
	return reply{document: document.KPIsOf(c.say, list)}, renamed(err, map[string]string{"kpi": "code"})
}

// Most posts of one answer, unless fewer are asked for.
const (
	apiPosts     = 100
	apiMostPosts = 1000
)

// apiPosts lists posts, a page at a time.
func (s *Server) apiPosts(ctx context.Context, c caller, in *struct {
	Search  string `query:"search" doc:"Part of the text."`
	Network string `query:"network"`
	Account string `query:"account"`
	From    string `query:"from" doc:"First day."`
	Until   string `query:"until" doc:"Last day."`
	Sort    string `query:"sort" doc:"published, a metric or a rate; with - before it the largest first. Without: the newest first."`
	Limit   int    `query:"limit" doc:"At most 1000; without: 100."`
	Offset  int    `query:"offset" doc:"How many are left out first."`
}) (reply, error) {
	q := assess.PostsQuery{Search: in.Search, Network: in.Network, Account: in.Account, Sort: strings.TrimPrefix(in.Sort, "-"), Descending: in.Sort == "" || in.Sort == "published" || strings.HasPrefix(in.Sort, "-"), Limit: in.Limit, Offset: in.Offset}
	for field, n := range map[string]int{"limit": in.Limit, "offset": in.Offset} {
		if n < 0 || field == "limit" && n > apiMostPosts {
			return reply{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: field}
		}
	}
	if q.Limit == 0 {
		q.Limit = apiPosts
	}
	days, err := readDays(in.From, in.Until)
	if err != nil {
		return reply{}, err
	}
	q.Period = days
	list, total, err := assess.Posts(ctx, s.DB, c.org.ID, q)
	return reply{document: document.PostsOf(list, total)}, err
}

// readDays reads the ends of a time, both inclusive; without one of them it is open.
func readDays(from, until string) (p goalpost.Period, err error) {
	if from == "" && until == "" {
		return p, nil
	}
	const farPast, farFuture = "1990-01-01", "2200-12-31"
	if p.Start, err = optionalDay(cmp.Or(from, farPast), "from"); err != nil {
		return p, err
	}
	if p.End, err = optionalDay(cmp.Or(until, farFuture), "until"); err != nil {
		return p, err
	}
	if p.End++; p.End <= p.Start {
		return p, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.range.backwards", Field: "until"}
	}
	return p, nil
}

// apiSeriesList lists all series.
func (s *Server) apiSeriesList(ctx context.Context, c caller, _ *struct{}) (reply, error) {
	list, err := assess.SeriesList(ctx, s.DB, c.org.ID)
	return reply{document: document.SeriesListOf(list)}, err
}

// apiSeries shows the values of one series.
func (s *Server) apiSeries(ctx context.Context, c caller, in *struct {
	ID    int64  `path:"series"`
	From  string `query:"from" doc:"First day."`
	Until string `query:"until" doc:"Last day."`
}) (reply, error) {
	var p assess.SeriesPeriod
	var err error
	if p.From, err = optionalDay(in.From, "from"); err != nil {
		return reply{}, err
	}
	if p.Until, err = optionalDay(in.Until, "until"); err != nil {
		return reply{}, err
	}
	series, values, err := assess.SeriesValues(ctx, s.DB, c.org.ID, goalpost.SeriesID(in.ID), p)
	return reply{document: document.SeriesOf(series, values)}, err
}
