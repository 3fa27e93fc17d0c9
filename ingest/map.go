package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"goalpost"
)

// Map says what the columns of a table mean. As JSON:
//
//	{
//	  "kind": "series",
//	  "columns": [
//	    {"column": "Datum", "as": "date"},
//	    {"column": "Umsatz", "as": "revenue", "currency": "EUR"},
//	    {"column": "Filiale", "as": "region"}
//	  ],
//	  "date_order": "dmy", "decimal": ",", "grain": "day"
//	}
//
// Columns that are not listed, or are listed as "ignore", are not read.
type Map struct {
	Kind    string   `json:"kind"`            // "series", "posts" or "activities"
	Sheet   string   `json:"sheet,omitempty"` // of a workbook; empty: the only one, or the one with these columns
	Columns []Column `json:"columns"`

	DateOrder string           `json:"date_order,omitempty"` // "dmy", "mdy", "ymd"; empty: by the values
	Grain     goalpost.Grain   `json:"grain,omitempty"`      // "day", "week"; empty: by the dates
	Decimal   string           `json:"decimal,omitempty"`    // "." or ","; empty: by the values
	TimeZone  string           `json:"time_zone,omitempty"`  // of the times in the file
	Currency  string           `json:"currency,omitempty"`   // of amounts whose column does not say it
	Account   string           `json:"account,omitempty"`    // whose figures they are
	Network   goalpost.Network `json:"network,omitempty"`
}

// Column says what one column means. As is a role, or the code of the metric whose
// values the column holds.
type Column struct {
	Column   string           `json:"column"` // as the header says; compared without case
	As       string           `json:"as"`
	Currency string           `json:"currency,omitempty"` // of a metric: it is an amount of money
	Account  string           `json:"account,omitempty"`  // of a metric, where it differs from the map's
	Network  goalpost.Network `json:"network,omitempty"`
	Region   string           `json:"region,omitempty"` // of a metric: all values are of this region
	Product  string           `json:"product,omitempty"`
}

// Kinds of table.
const (
	KindSeries     = "series"
	KindPosts      = "posts"
	KindActivities = "activities"
)

// Roles of a column. Every other word of letters, digits and underscores is the
// code of a metric.
const (
	AsIgnore    = "ignore"
	AsDate      = "date"
	AsRegion    = "region"
	AsProduct   = "product"
	AsAccount   = "account"
	AsNetwork   = "network"
	AsCurrency  = "currency"
	AsID        = "id"
	AsText      = "text"
	AsPermalink = "permalink"
	AsKind      = "kind"
	AsName      = "name"
	AsFrom      = "from"
	AsUntil     = "until"
	AsCost      = "cost"
	AsMedia     = "media"
	AsDesign    = "design"
)

// rolesOf says which roles a kind of table has; metrics come on top for series
// and posts.
var rolesOf = map[string][]string{
	KindSeries:     {AsIgnore, AsDate, AsRegion, AsProduct, AsAccount, AsNetwork, AsCurrency},
	KindPosts:      {AsIgnore, AsDate, AsAccount, AsNetwork, AsID, AsText, AsPermalink, AsKind},
	KindActivities: {AsIgnore, AsName, AsFrom, AsUntil, AsNetwork, AsRegion, AsProduct, AsMedia, AsDesign, AsCost, AsCurrency},
}

// Roles returns the roles that a column can have in a kind of table, beside metrics.
func Roles(kind string) []string { return slices.Clone(rolesOf[kind]) }

// isRole reports whether a word is a role in any kind of table, so that it cannot
// be the code of a metric.
func isRole(as string) bool {
	for _, roles := range rolesOf {
		if slices.Contains(roles, as) {
			return true
		}
	}
	return false
}

const maxMapSize = 1 << 20 // bytes; a map of 16,384 columns stays below

// ParseMap reads a map from JSON and checks it by itself; whether its columns are
// there is checked with the file. Unknown fields are refused by name.
func ParseMap(data []byte) (*Map, error) {
	if len(data) > maxMapSize {
		return nil, refuse("map-too-large")
	}
	var m Map
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, mapSyntax(data, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, refuse("map-json")
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	return &m, nil
}

// mapSyntax says what is wrong with the JSON of a map.
func mapSyntax(data []byte, err error) error {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); {
	case unknown:
		name = strings.Trim(name, `"`)
		e := refuse("map-unknown-field", goalpost.TextArg(name))
		e.Field = name
		return e
	case errors.As(err, &wrongType):
		e := refuse("map-type", goalpost.TextArg(wrongType.Field))
		e.Field, e.Err = wrongType.Field, err
		return e
	case errors.As(err, &syntax):
		e := refuse("map-json")
		e.Line = 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		e.Err = err
		return e
	}
	e := refuse("map-json")
	e.Err = err
	return e
}

// JSON returns the map as ParseMap reads it; equal maps give equal bytes.
func (m *Map) JSON() []byte {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil // strings only: cannot happen
	}
	return data
}

// check returns what is wrong with a map, whatever the file.
func (m *Map) check() error {
	if _, known := rolesOf[m.Kind]; !known {
		return fieldError("map-kind", "kind", m.Kind)
	}
	if !slices.Contains([]string{"", "dmy", "mdy", "ymd"}, m.DateOrder) {
		return fieldError("date-order", "date_order", m.DateOrder)
	}
	if !slices.Contains([]goalpost.Grain{"", goalpost.Daily, goalpost.Weekly}, m.Grain) {
		return fieldError("map-grain", "grain", string(m.Grain))
	}
	if !slices.Contains([]string{"", ".", ","}, m.Decimal) {
		return fieldError("map-decimal", "decimal", m.Decimal)
	}
	if _, err := time.LoadLocation(m.TimeZone); err != nil {
		return fieldError("time-zone", "time_zone", m.TimeZone)
	}
	if m.Currency != "" && !goalpost.IsCurrency(m.Currency) {
		return fieldError("currency", "currency", m.Currency)
	}
	if m.Network != "" && !m.Network.Valid() {
		return fieldError("network", "network", string(m.Network))
	}
	return m.checkColumns()
}

// checkColumns returns what is wrong with the columns of a map.
func (m *Map) checkColumns() error {
	metrics, used, seen := 0, map[string]string{}, map[string]bool{}
	for _, c := range m.Columns {
		name := normalHeader(c.Column)
		switch {
		case name == "":
			return refuse("map-column-name")
		case seen[name]:
			return fieldError("map-column-twice", c.Column, c.Column)
		case c.Currency != "" && !goalpost.IsCurrency(c.Currency):
			return fieldError("currency", c.Column, c.Currency)
		case c.Network != "" && !c.Network.Valid():
			return fieldError("network", c.Column, string(c.Network))
		}
		seen[name] = true
		if slices.Contains(rolesOf[m.Kind], c.As) {
			if used[c.As] != "" && c.As != AsIgnore {
				e := fieldError("map-role-twice", c.Column, c.As)
				e.Args = append(e.Args, goalpost.TextArg(used[c.As]))
				return e
			}
			used[c.As] = c.Column
			continue
		}
		if err := m.checkMetric(c); err != nil {
			return err
		}
		metrics++
	}
	switch {
	case m.Kind == KindSeries && used[AsDate] == "":
		return refuse("map-no-date")
	case m.Kind == KindSeries && metrics == 0:
		return refuse("map-no-metric")
	case m.Kind == KindPosts && metrics == 0 && used[AsID] == "":
		return refuse("map-no-metric")
	case m.Kind == KindActivities && (used[AsName] == "" || used[AsFrom] == ""):
		return refuse("map-no-activity")
	}
	return nil
}

func (m *Map) checkMetric(c Column) error {
	switch {
	case m.Kind == KindActivities || isRole(c.As) || !isMetricCode(c.As):
		e := fieldError("map-role", c.Column, c.As)
		e.Args = append(e.Args, goalpost.TextArg(strings.Join(rolesOf[m.Kind], ", ")))
		return e
	case m.Kind == KindPosts && !slices.Contains(goalpost.PostMetrics(), goalpost.Metric(c.As)):
		e := fieldError("map-post-metric", c.Column, c.As)
		var names []string
		for _, p := range goalpost.PostMetrics() {
			names = append(names, string(p))
		}
		e.Args = append(e.Args, goalpost.TextArg(strings.Join(names, ", ")))
		return e
	}
	return nil
}

const maxMetricCode = 64 // letters of a metric's code

// isMetricCode reports whether a word can be the code of a metric.
func isMetricCode(s string) bool {
	if s == "" || len(s) > maxMetricCode {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter, later := c >= 'a' && c <= 'z', c == '_' || c >= '0' && c <= '9'
		if !letter && (!later || i == 0) {
			return false
		}
	}
	return true
}

// find returns the column with a role, or nil.
func (m *Map) find(as string) *Column {
	for i := range m.Columns {
		if m.Columns[i].As == as {
			return &m.Columns[i]
		}
	}
	return nil
}
