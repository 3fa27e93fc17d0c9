package assess

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/ingest"
	"goalpost/store"
)

// What becomes of a column of a list of people.
const (
	InvitedIgnore = "ignore"
	InvitedEmail  = "email"
	InvitedKeep   = "keep"
)

// InvitedUses are what a column can be used for.
func InvitedUses() []string { return []string{InvitedIgnore, InvitedEmail, InvitedKeep} }

// hiddenSample stands for an e-mail address, which no page shows.
const hiddenSample = "***"

// invitedSamples is how many values of a column are shown.
const invitedSamples = 3

// InvitedColumn is one column of a list of people, and what it seems to be for. Nothing is
// kept that nobody asked to keep.
type InvitedColumn struct {
	Header  string
	Samples []string
	Use     string
}

// InvitationProposal is what a list of people holds.
type InvitationProposal struct {
	Rows    int
	Columns []InvitedColumn
}

// InvitationReport is what became of the rows of a list.
type InvitationReport struct {
	Rows    int
	Added   int
	Known   int // the survey has invited them before
	Reasons []WaveReason
}

// invitedRows reads a list row by row. A list whose first row holds an address has no
// header: its columns are numbered.
func invitedRows(ctx context.Context, name string, r io.ReaderAt, size int64, header func([]string), row func(ingest.Row)) error {
	first, rows := true, 0
	err := ingest.Rows(ctx, ingest.Source{Name: name, R: r, Size: size}, "", func(x ingest.Row) error {
		if rows++; rows > goalpost.MaxInvitations+1 {
			return tooManyInvited(x.Line)
		}
		if !first {
			row(x)
			return nil
		}
		first = false
		names := make([]string, len(x.Cells))
		bare := slices.ContainsFunc(x.Cells, isAddress)
		for i, c := range x.Cells {
			names[i] = strings.TrimSpace(strings.TrimPrefix(c, "\ufeff"))
			if bare || names[i] == "" || slices.Contains(names[:i], names[i]) {
				names[i] = "column_" + strconv.Itoa(i+1)
			}
		}
		header(names)
		if bare {
			row(x)
		}
		return nil
	})
	if err == nil && first {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.import.empty", File: name}
	}
	return err
}

func tooManyInvited(line int) error {
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.many", Line: line, Args: []goalpost.Arg{goalpost.NumberArg(goalpost.MaxInvitations)}}
}

func isAddress(cell string) bool {
	e, err := goalpost.ParsePrivateEmail(cell)
	return err == nil && !e.IsEmpty()
}

// ProposeInvitations looks at a list of people. It fails with Invalid when no column holds
// e-mail addresses.
func ProposeInvitations(ctx context.Context, name string, r io.ReaderAt, size int64) (p InvitationProposal, err error) {
	var addresses []int
	err = invitedRows(ctx, name, r, size, func(header []string) {
		for _, h := range header {
			p.Columns = append(p.Columns, InvitedColumn{Header: h, Use: InvitedIgnore})
		}
		addresses = make([]int, len(header))
	}, func(row ingest.Row) {
		p.Rows++
		for i, c := range row.Cells[:min(len(row.Cells), len(p.Columns))] {
			if isAddress(c) {
				addresses[i]++
			}
			col := &p.Columns[i]
			if c = strings.TrimSpace(c); c == "" || len(col.Samples) == invitedSamples {
				continue
			}
			if strings.Contains(c, "@") {
				c = hiddenSample
			}
			col.Samples = append(col.Samples, c)
		}
	})
	if err != nil {
		return p, err
	}
	most := 0
	for i, n := range addresses {
		if n > addresses[most] {
			most = i
		}
	}
	if addresses[most] == 0 {
		return p, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.no-email", File: name}
	}
	p.Columns[most].Use = InvitedEmail
	return p, nil
}

// Invite reads a list of people by what its columns are used for, in their order, and
// keeps those whom the survey has not invited before. Of each row only the address and the
// columns that are to be kept are kept.
func Invite(ctx context.Context, db *store.DB, org goalpost.OrgID, survey goalpost.SurveyID, name string, r io.ReaderAt, size int64, uses []string, now time.Time) (report InvitationReport, err error) {
	email, keep, err := invitedColumns(uses)
	if err != nil {
		return report, err
	}
	l := listReader{survey: survey, email: email, keep: keep, seen: map[goalpost.PrivateEmail]bool{}, reasons: map[string]int{}}
	err = invitedRows(ctx, name, r, size, func(h []string) { l.header = h }, l.row)
	if err != nil {
		return l.report, err
	}
	return l.add(ctx, db, org, now)
}

// InvitedPerson is somebody of a list that a program sends.
type InvitedPerson struct {
	Email   string
	Columns map[string]string // all of them are kept
}

// InvitePeople keeps those of a list whom the survey has not invited before, as Invite does
// with a file. A line is a place in the list, from 1.
func InvitePeople(ctx context.Context, db *store.DB, org goalpost.OrgID, survey goalpost.SurveyID, people []InvitedPerson, now time.Time) (report InvitationReport, err error) {
	uses, header := []string{InvitedEmail}, []string{""}
	for i, p := range people {
		for name := range p.Columns {
			if strings.TrimSpace(name) == "" || goalpost.TextFault(name, goalpost.MaxInvitationLetters) != "" {
				return report, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.header", Field: fmt.Sprintf("people[%d].columns", i), Args: []goalpost.Arg{goalpost.NumberArg(goalpost.MaxInvitationLetters)}}
			}
			if !slices.Contains(header[1:], name) {
				header, uses = append(header, name), append(uses, InvitedKeep)
			}
		}
		if len(header) > 1+goalpost.MaxInvitedColumns {
			break // refused below
		}
	}
	email, keep, err := invitedColumns(uses)
	if err != nil {
		return report, err
	}
	l := listReader{survey: survey, email: email, keep: keep, header: header, seen: map[goalpost.PrivateEmail]bool{}, reasons: map[string]int{}}
	for i, p := range people {
		row := ingest.Row{Line: i + 1, Cells: []string{p.Email}}
		for _, name := range header[1:] {
			row.Cells = append(row.Cells, p.Columns[name])
		}
		l.row(row)
	}
	return l.add(ctx, db, org, now)
}

// add keeps the people of a list that was read.
func (l *listReader) add(ctx context.Context, db *store.DB, org goalpost.OrgID, now time.Time) (InvitationReport, error) {
	added, err := db.AddInvitations(ctx, org, l.survey, l.list, now)
	if err != nil {
		return l.report, fmt.Errorf("assess invitations: %w", err)
	}
	l.report.Added, l.report.Known = added, len(l.list)-added
	return l.report, nil
}

// UsesOf says what the columns of a proposal are used for: as proposed without names, else
// the one with the addresses and those that are kept by their headers.
func (p InvitationProposal) UsesOf(email string, keep []string) ([]string, error) {
	uses := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		if uses[i] = InvitedIgnore; c.Use == InvitedEmail && email == "" {
			uses[i] = InvitedEmail
		}
	}
	name := func(header, field, use string) error {
		i := slices.IndexFunc(p.Columns, func(c InvitedColumn) bool { return c.Header == header })
		if i < 0 {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.no-column", Field: field, Args: []goalpost.Arg{goalpost.TextArg(header)}}
		}
		if uses[i] != InvitedEmail {
			uses[i] = use
		}
		return nil
	}
	if email != "" {
		if err := name(email, "email", InvitedEmail); err != nil {
			return nil, err
		}
	}
	for _, header := range keep {
		if err := name(header, "keep", InvitedKeep); err != nil {
			return nil, err
		}
	}
	return uses, nil
}

// listReader turns rows into invitations.
type listReader struct {
	survey  goalpost.SurveyID
	email   int   // column
	keep    []int // columns
	header  []string
	list    []goalpost.Invitation
	seen    map[goalpost.PrivateEmail]bool
	report  InvitationReport
	reasons map[string]int // place in report.Reasons
}

func (l *listReader) leaveOut(reason string, line int) {
	at, there := l.reasons[reason]
	if !there {
		at = len(l.report.Reasons)
		l.reasons[reason] = at
		l.report.Reasons = append(l.report.Reasons, WaveReason{Reason: reason, Line: line, Row: true})
	}
	l.report.Reasons[at].Count++
}

func (l *listReader) row(row ingest.Row) {
	l.report.Rows++
	i := goalpost.Invitation{Survey: l.survey, Columns: map[string]string{}}
	cell := func(at int) string {
		if at >= len(row.Cells) {
			return ""
		}
		return strings.TrimSpace(row.Cells[at])
	}
	var err error
	i.Email, err = goalpost.ParsePrivateEmail(cell(l.email))
	who := i.Email.Folded()
	switch {
	case err != nil:
		l.leaveOut("address", row.Line)
		return
	case who.IsEmpty():
		l.leaveOut("empty", row.Line)
		return
	case l.seen[who]:
		l.leaveOut("twice", row.Line)
		return
	}
	for _, at := range l.keep {
		if at >= len(l.header) || cell(at) == "" {
			continue
		}
		if goalpost.TextFault(cell(at), goalpost.MaxInvitationLetters) != "" {
			l.leaveOut("text", row.Line)
			return
		}
		i.Columns[l.header[at]] = cell(at)
	}
	l.seen[who] = true
	l.list = append(l.list, i)
}

// invitedColumns finds the column of the addresses and those that are kept.
func invitedColumns(uses []string) (email int, keep []int, err error) {
	email = -1
	for i, use := range uses {
		switch {
		case use == InvitedEmail && email >= 0:
			return 0, nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.one-email", Field: "use-" + strconv.Itoa(i)}
		case use == InvitedEmail:
			email = i
		case use == InvitedKeep:
			keep = append(keep, i)
		}
	}
	if email < 0 {
		return 0, nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.which-email", Field: "use-0"}
	}
	if len(keep) > goalpost.MaxInvitedColumns {
		return 0, nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.invitation.columns", Args: []goalpost.Arg{goalpost.NumberArg(goalpost.MaxInvitedColumns)}}
	}
	return email, keep, nil
}

// InvitationLink is one person who has not answered, with the token of a new link.
type InvitationLink struct {
	goalpost.Invitation
	Token string
}

// linksAtOnce is how many links are made in one transaction.
const linksAtOnce = 500

// InvitationLinks makes a new link for everybody on a survey's list who has not answered,
// with unlinked only for those who have none, and hands them over one by one. A token is
// 130 random bits; when it is handed over, its hash is on disk, and nothing else of it is
// kept. Links that were made before stay good until one of a person's is used.
func InvitationLinks(ctx context.Context, db *store.DB, org goalpost.OrgID, survey goalpost.SurveyID, unlinked bool, now time.Time, yield func(InvitationLink) error) error {
	after := ""
	for {
		list, err := db.OpenInvitations(ctx, org, survey, after, linksAtOnce, unlinked)
		if err != nil || len(list) == 0 {
			return err
		}
		hashes, links := map[string]string{}, make([]InvitationLink, len(list))
		for i, x := range list {
			links[i] = InvitationLink{Invitation: x, Token: strings.ToLower(rand.Text())}
			hashes[x.ID] = hashText(links[i].Token)
			after = x.ID
		}
		if err := db.AddInvitationTokens(ctx, org, survey, hashes, now); err != nil {
			return fmt.Errorf("assess invitations: %w", err)
		}
		for _, l := range links {
			if err := yield(l); err != nil {
				return err
			}
		}
	}
}

// InvitedHeaders returns the columns that were kept of a survey's list, in order.
func InvitedHeaders(ctx context.Context, db *store.DB, org goalpost.OrgID, survey goalpost.SurveyID, unlinked bool) ([]string, error) {
	seen, after := map[string]bool{}, ""
	for {
		list, err := db.OpenInvitations(ctx, org, survey, after, linksAtOnce, unlinked)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			break
		}
		for _, i := range list {
			for h := range i.Columns {
				seen[h] = true
			}
			after = i.ID
		}
	}
	var headers []string
	for h := range seen {
		headers = append(headers, h)
	}
	slices.Sort(headers)
	return headers, nil
}

// Invitation finds the invitation of a link; NotFound where there is none.
func (a *AskedSurvey) Invitation(ctx context.Context, db *store.DB, token string) (goalpost.Invitation, error) {
	return db.InvitationByToken(ctx, a.Org, a.Survey.ID, hashText(token))
}

// InvitationResult is what became of a list.
type InvitationResult struct {
	goalpost.InvitationCounts
	// Rate is the share of the list that answered completely, counted as AAPOR's response
	// rate 1 counts: those who did not answer are all taken to be people who could have.
	Rate    float64
	HasRate bool
}

// Invitations returns what became of the list of a survey.
func Invitations(ctx context.Context, db *store.DB, org goalpost.OrgID, survey goalpost.SurveyID) (InvitationResult, error) {
	c, err := db.InvitationCounts(ctx, org, survey)
	if err != nil {
		return InvitationResult{}, fmt.Errorf("assess invitations: %w", err)
	}
	r := InvitationResult{InvitationCounts: c, HasRate: c.Invited > 0}
	if r.HasRate {
		r.Rate = float64(c.Complete) / float64(c.Invited)
	}
	return r, nil
}
