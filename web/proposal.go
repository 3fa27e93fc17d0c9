package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
)

// sampleValues is how many values of a column are shown.
const sampleValues = 3

// ProposalPage asks what a file does not say and has the column map confirmed.
type ProposalPage struct {
	Page
	File      string
	Dialect   string
	Action    string
	NeedsMap  bool
	Notes     []string
	Questions []QuestionField

	QuestionsTitle string
	Kinds          []Option
	Grains         []Option
	Decimals       []Option
	Columns        []ColumnRow
}

// QuestionField is one question with its choices.
type QuestionField struct {
	Name    string
	Label   string
	Why     string
	Type    string // of the input
	Value   string
	Options []Option
	List    []string // suggestions
	Free    bool     // may stay empty: only some choices of the columns need it
}

// ColumnRow is one column of a table and what it is taken for.
type ColumnRow struct {
	Index   int
	Header  string
	Samples string
	Roles   []Option
	Metrics []Option
	Name    string   // of an own number
	Sums    []Option // whether an own number is added or a level
}

// mapForm is what was chosen for a table.
type mapForm struct {
	kind, grain, decimal string
	columns              []assess.ProposedColumn
	own                  map[int]ownNumber
}

// fileOf reads the upload that an address names, as long as it waits for answers.
func (s *Server) fileOf(r *http.Request, v visitor) (upload, error) {
	f, err := s.uploads.get(v.org.ID, r.PathValue("file"))
	if err != nil {
		return f, err
	}
	if f.state != uploadAsking {
		return f, notFound()
	}
	return f, nil
}

// proposal shows what Goalpost makes of a file and asks the rest.
func (s *Server) proposal(w http.ResponseWriter, r *http.Request, v visitor) error {
	f, err := s.fileOf(r, v)
	if err != nil {
		return err
	}
	proposal, err := s.inspect(r.Context(), v.org, f)
	if err != nil {
		return err
	}
	return s.showProposal(w, r, v, f, proposal, mapForm{kind: proposal.Kind, columns: proposal.Columns}, nil)
}

func (s *Server) showProposal(w http.ResponseWriter, r *http.Request, v visitor, f upload, proposal assess.Proposal, m mapForm, problem error) error {
	p := ProposalPage{Page: s.newPage(r, &v, "web.proposal.title"), File: f.name, NeedsMap: proposal.NeedsMap}
	p.Action = p.Href("/import/file/" + f.id)
	p.Dialect = p.dialect(proposal.Dialect)
	status := http.StatusOK
	var err error
	if problem != nil {
		status = http.StatusUnprocessableEntity
		if err := p.refuse(problem); err != nil {
			return err
		}
	}
	for _, q := range proposal.Questions {
		if q.Field == "decimal" && p.NeedsMap {
			p.Notes = append(p.Notes, p.printer.Note(q.Why)) // it is chosen with the columns
			continue
		}
		field := p.question(q, answersOf(f.answers, proposal.Before), v.org)
		if q.Field == "account" {
			if field.List, err = s.accountNames(r.Context(), v.org.ID); err != nil {
				return err
			}
		}
		p.Questions = append(p.Questions, field)
	}
	p.QuestionsTitle = p.T("web.proposal.questions")
	if p.NeedsMap {
		if err := s.columnFields(r.Context(), v.org, &p, m, answersOf(f.answers, proposal.Before)); err != nil {
			return err
		}
	}
	p.Notes = append(p.printer.Notes(p.askExported(proposal.Notes)), p.Notes...)
	return s.render(w, status, "proposal", p)
}

// accountNames are the profiles that are known already.
func (s *Server) accountNames(ctx context.Context, org goalpost.OrgID) ([]string, error) {
	accounts, err := s.DB.Accounts(ctx, org)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, a := range accounts {
		if !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	return names, nil
}

// question makes a field of a question.
func (p Page) question(q assess.Question, a goalpost.Answers, org goalpost.Organisation) QuestionField {
	f := QuestionField{Name: q.Field, Label: p.T("web.question." + q.Field), Why: p.printer.Note(q.Why), Type: "text"}
	choices := q.Choices
	switch q.Field {
	case "account":
		f.Value = a.Account
	case "network":
		f.Value = string(a.Network)
		if len(choices) == 0 {
			for _, n := range goalpost.Networks() {
				choices = append(choices, string(n))
			}
		}
	case "time_zone":
		f.Value, f.List = a.TimeZone, zones
		if f.Value == "" {
			f.Value = org.TimeZone
		}
		choices = nil
	case "date_order":
		f.Value = a.DateOrder
		p.dateOrders(&f, q)
		return f
	case "currency":
		f.Value, f.List = a.Currency, currencies
		if f.Value == "" {
			f.Value = org.Currency
		}
	case "observed_at":
		f.Type = "date"
		choices = nil
	case "decimal":
		f.Options = p.words("web.decimal.", choices, "")
		return f
	}
	if q.Field == "network" && f.Value == "" {
		f.Options = append(f.Options, Option{Text: p.T("web.question.choose"), Selected: true})
	}
	for _, c := range choices {
		text := c
		for _, prefix := range []string{"network.", "web.date-order."} {
			if p.printer.Has(prefix + c) {
				text = p.T(prefix + c)
				break
			}
		}
		f.Options = append(f.Options, Option{Value: c, Text: text, Selected: c == f.Value})
	}
	return f
}

// words makes options whose texts have a common beginning of their key.
func (p Page) words(prefix string, values []string, selected string) []Option {
	var out []Option
	for _, v := range values {
		key := prefix + v
		switch v {
		case "":
			key = prefix + "auto"
		case ".":
			key = prefix + "point"
		case ",":
			key = prefix + "comma"
		}
		out = append(out, Option{Value: v, Text: p.T(key), Selected: v == selected})
	}
	return out
}

// confirm takes the answers. What is still open is asked again; else the import
// begins.
func (s *Server) confirm(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f, err := s.fileOf(r, v)
	if err != nil {
		return err
	}
	proposal, err := s.inspect(r.Context(), v.org, f)
	if err != nil {
		return err
	}
	m, err := readMap(r.PostForm, proposal)
	if err != nil {
		return s.showProposal(w, r, v, f, proposal, m, err)
	}
	if err := readAnswers(&f.answers, r.PostForm, v.org.Zone(), s.Now()); err != nil {
		return s.showProposal(w, r, v, f, proposal, m, err)
	}
	if proposal.NeedsMap && f.answers.Sheet != proposal.Answers.Sheet { // the columns that were shown are another sheet's
		s.uploads.change(f.id, func(u *upload) { u.answers = f.answers })
		http.Redirect(w, r, "/"+langOf(r)+"/import/file/"+f.id, http.StatusSeeOther)
		return nil
	}
	if proposal.NeedsMap || m.decimal != "" && len(proposal.Map) > 0 { // the decimal sign is kept with the map
		if f.columnMap, err = assess.BuildMap(proposal, m.kind, m.columns, m.grain, m.decimal); err != nil {
			return s.showProposal(w, r, v, f, proposal, m, err)
		}
	}
	after, err := s.inspect(r.Context(), v.org, f)
	if err != nil {
		return s.showProposal(w, r, v, f, proposal, m, err)
	}
	if asks(after) {
		after.NeedsMap, f.columnMap = proposal.NeedsMap, nil
		e := &goalpost.Error{Kind: goalpost.Ask, Key: "error.web.still-open"}
		s.uploads.change(f.id, func(u *upload) { u.answers = f.answers })
		return s.showProposal(w, r, v, f, after, m, e)
	}
	s.uploads.change(f.id, func(u *upload) { u.answers, u.columnMap = f.answers, f.columnMap })
	s.begin(v.org, f.id)
	http.Redirect(w, r, "/"+langOf(r)+"/import/batch/"+f.batch, http.StatusSeeOther)
	return nil
}

// discard throws away a file that waits for answers.
func (s *Server) discard(w http.ResponseWriter, r *http.Request, v visitor) error {
	f, err := s.fileOf(r, v)
	if err != nil {
		return err
	}
	s.uploads.drop(f.id)
	http.Redirect(w, r, "/"+langOf(r)+"/import", http.StatusSeeOther)
	return nil
}

// discardAll throws away every file that waits for answers.
func (s *Server) discardAll(w http.ResponseWriter, r *http.Request, v visitor) error {
	for _, f := range s.uploads.list(v.org.ID, "") {
		s.uploads.drop(f.id) // one that is being imported stays
	}
	http.Redirect(w, r, "/"+langOf(r)+"/import", http.StatusSeeOther)
	return nil
}

// readAnswers takes what the file does not say; empty fields keep what is known.
func readAnswers(a *goalpost.Answers, form url.Values, zone *time.Location, now time.Time) error {
	get := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	if v := get("account"); v != "" {
		a.Account = v
	}
	if v := get("network"); v != "" {
		a.Network = goalpost.Network(v)
		if !a.Network.Valid() {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.goal.unknown-network", Field: "network", Args: []goalpost.Arg{goalpost.TextArg(v)}}
		}
	}
	if v := get("time_zone"); v != "" {
		if !validZone(v) {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.time-zone", Field: "time_zone", Args: []goalpost.Arg{goalpost.TextArg(v)}}
		}
		a.TimeZone = v
	}
	if v := get("sheet"); v != "" {
		a.Sheet = v
	}
	if v := get("date_order"); v != "" {
		a.DateOrder = v
	}
	if v := strings.ToUpper(get("currency")); v != "" {
		if !validCurrency(v) {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.currency", Field: "currency", Args: []goalpost.Arg{goalpost.TextArg(v)}}
		}
		a.Currency = v
	}
	if v := get("observed_at"); v != "" {
		at, err := observedAt(v, zone, now)
		if err != nil {
			return err
		}
		a.ObservedAt = at
	}
	return nil
}
