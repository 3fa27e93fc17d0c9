package assess

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"goalpost"
	"goalpost/ingest"
	"goalpost/store"
)

// Mappable reports whether a file was refused as an export that Goalpost knows but
// does not read by itself, and is a plain table that a column map can read. Looked at
// again with Input.AsTable it gets a proposal.
func Mappable(err error) bool {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return false
	}
	which, is := strings.CutPrefix(path.Ext(e.Key), ".twin-")
	return is && !slices.Contains([]string{"audience", "meta-by-day", "facebook-video"}, which)
}

// Propose is Inspect that also proposes a column map for an export that is known and not
// read by itself: it is what the refusal asks for.
func Propose(ctx context.Context, db *store.DB, org goalpost.Organisation, in Input) (Proposal, error) {
	p, err := Inspect(ctx, db, org, in)
	if err == nil || !Mappable(err) {
		return p, err
	}
	in.AsTable = true
	if p, again := Inspect(ctx, db, org, in); again == nil {
		return p, nil
	}
	return p, err
}

// RoleMetric marks a column whose values are a metric's.
const RoleMetric = "metric"

// Roles returns what a column of a table can be taken for, in the order of the
// page's choice; a metric comes first.
func Roles() []string {
	roles := []string{RoleMetric}
	for _, kind := range []string{ingest.KindSeries, ingest.KindPosts, ingest.KindActivities} {
		for _, r := range ingest.Roles(kind) {
			if !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
	}
	return roles
}

// MapKinds returns what a table can hold.
func MapKinds() []string {
	return []string{ingest.KindSeries, ingest.KindPosts, ingest.KindActivities}
}

// SeriesMetrics returns the metrics that the page offers for a column; any other
// word of letters, digits and underscores makes a series of that name.
func SeriesMetrics() []string {
	return []string{"revenue", "orders", "sessions", "sessions_social", "users", "leads", "conversions", "tickets", "new_customers", "applications",
		"spend", "followers", "follows", "unfollows", "reach", "impressions", "views", "engagements", "likes", "comments", "shares", "saves", "clicks", "link_clicks", "profile_visits", "attributed_revenue"}
}

// MetricNamed returns the metric that a name in a header means, in English or German;
// "" if none does.
func MetricNamed(name string) string { return ingest.MetricNamed(name) }

// OwnMetric makes the code of an own series of the name that a person gave it. level says
// that it is a level, such as a number of members, whose days are never added.
func OwnMetric(name string, level bool) string {
	code := strings.TrimSuffix(ingest.MetricCode(name), goalpost.LevelSuffix)
	if code != "" && level {
		code += goalpost.LevelSuffix
	}
	return code
}

// OwnMetrics lists the organisation's series that the catalogue does not know.
func OwnMetrics(ctx context.Context, db *store.DB, org goalpost.OrgID) ([]string, error) {
	codes, err := KPICodes(ctx, db, org)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(codes, func(code string) bool {
		_, known := goalpost.KPIByCode(code)
		return known || slices.Contains(SeriesMetrics(), code)
	}), nil
}

// proposalOf says what a plan makes of a file.
func proposalOf(plan *ingest.Plan) Proposal {
	p := Proposal{File: plan.Name, Dialect: plan.Dialect, NeedsMap: plan.NeedsMap, Notes: plan.Notes, Answers: plan.Answers}
	for _, q := range plan.Questions {
		p.Questions = append(p.Questions, Question{Field: q.Field, Flag: q.Flag, Choices: q.Choices, Why: q.Why})
	}
	if plan.Map == nil {
		return p
	}
	p.Map, p.Kind = plan.Map.JSON(), plan.Map.Kind
	if plan.NeedsMap {
		p.Before.Network, p.Before.Account, p.Before.Currency = plan.Map.Network, plan.Map.Account, plan.Map.Currency
	}
	for i, h := range plan.Header {
		c := ProposedColumn{Header: h, Role: ingest.AsIgnore}
		for _, m := range plan.Map.Columns {
			if !strings.EqualFold(m.Column, h) {
				continue
			}
			if slices.Contains(ingest.Roles(plan.Map.Kind), m.As) {
				c.Role = m.As
			} else {
				c.Role, c.Metric = RoleMetric, m.As
			}
		}
		for _, row := range plan.Sample {
			if i < len(row) && len(c.Sample) < 3 {
				c.Sample = append(c.Sample, row[i])
			}
		}
		p.Columns = append(p.Columns, c)
	}
	return p
}

// BuildMap makes a column map of what a person confirmed on the page. What the form
// does not show (currency of a column, sheet) is kept from the proposal.
func BuildMap(p Proposal, kind string, columns []ProposedColumn, grain, decimal string) ([]byte, error) {
	m := &ingest.Map{Kind: kind}
	if len(p.Map) > 0 {
		// Not ParseMap: a proposal may lack what only a person can say, such as which column
		// is the number.
		if err := json.Unmarshal(p.Map, m); err != nil {
			return nil, fmt.Errorf("assess map: %w", err)
		}
	}
	before := m.Columns
	m.Kind, m.Columns = kind, nil
	if grain != "" {
		m.Grain = goalpost.Grain(grain)
	}
	if decimal != "" {
		m.Decimal = decimal
	}
	for _, c := range columns {
		as := c.Role
		if c.Role == RoleMetric {
			as = strings.TrimSpace(c.Metric)
			if as == "" {
				return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.metric-missing", File: p.File, Field: c.Header}
			}
		}
		column := ingest.Column{Column: c.Header, As: as}
		for _, old := range before {
			if strings.EqualFold(old.Column, c.Header) {
				column.Currency, column.Account, column.Network, column.Region, column.Product = old.Currency, old.Account, old.Network, old.Region, old.Product
			}
		}
		m.Columns = append(m.Columns, column)
	}
	data := m.JSON()
	if _, err := ingest.ParseMap(data); err != nil { // a name that is no metric, two dates
		return nil, err
	}
	return data, nil
}
