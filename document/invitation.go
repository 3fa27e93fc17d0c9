package document

import (
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// Invitations are what became of the list of people who were invited to a survey. Nobody on
// it is named.
type Invitations struct {
	Survey     goalpost.SurveyID `json:"survey"`
	Invited    int               `json:"invited" doc:"People on the list."`
	Complete   int               `json:"complete" doc:"Invitations that a complete answer came with."`
	Rate       *float64          `json:"rate" doc:"The share of the list that answered completely."`
	Open       int               `json:"open" doc:"Have not answered, and can still be written to."`
	Unlinked   int               `json:"unlinked" doc:"Of those: nobody has a link for them yet."`
	Forgotten  int               `json:"forgotten" doc:"Whose address was deleted."`
	Begun      int               `json:"begun" doc:"All answers of the survey that are there, complete or not."`
	LinkedAt   *time.Time        `json:"linked_at,omitempty" doc:"When links were last made; absent: never."`
	Unreadable int               `json:"unreadable" doc:"Addresses that no key opens."`
	Anonymous  bool              `json:"anonymous" doc:"Nothing says who answered what."`
	Only       bool              `json:"invited_only" doc:"Nobody answers without an invitation."`
}

// InvitationsOf makes the document of a list.
func InvitationsOf(s goalpost.Survey, r assess.InvitationResult) Invitations {
	d := Invitations{Survey: s.ID, Invited: r.Invited, Complete: r.Complete, Open: r.Open(), Unlinked: r.Unlinked, Forgotten: r.Forgotten, Begun: r.Begun, Unreadable: r.Unreadable, Anonymous: s.Settings.Anonymous, Only: s.Settings.Invited}
	if r.HasRate {
		d.Rate = &r.Rate
	}
	if !r.LinkedAt.IsZero() {
		d.LinkedAt = &r.LinkedAt
	}
	return d
}

// InvitationPlan is what a list of people holds.
type InvitationPlan struct {
	Rows    int              `json:"rows"`
	Columns []InvitationCell `json:"columns" nullable:"false"`
}

// InvitationCell is one column of a list.
type InvitationCell struct {
	Column  string   `json:"column"`
	Use     string   `json:"use" doc:"email: it seems to hold the addresses. ignore: it is not kept unless you say so."`
	Samples []string `json:"samples" nullable:"false" doc:"Addresses are not shown."`
}

// InvitationPlanOf makes the document of a proposal.
func InvitationPlanOf(p assess.InvitationProposal) InvitationPlan {
	d := InvitationPlan{Rows: p.Rows, Columns: []InvitationCell{}}
	for _, c := range p.Columns {
		d.Columns = append(d.Columns, InvitationCell{c.Header, c.Use, OrEmpty(c.Samples)})
	}
	return d
}

// InvitationReport is what became of the rows of a list.
type InvitationReport struct {
	Rows    int                 `json:"rows"`
	Added   int                 `json:"added"`
	Known   int                 `json:"already_known" doc:"The survey has invited them before."`
	Reasons []InvitationLeftOut `json:"reasons" nullable:"false" doc:"Why rows were left out."`
}

// InvitationLeftOut is why some rows were left out.
type InvitationLeftOut struct {
	Reason   string `json:"reason"`
	Sentence string `json:"sentence"`
	Count    int    `json:"count"`
	Line     int    `json:"line" doc:"Of the first: in the file, or the place in the list."`
}

// InvitationReportOf makes the document of a report.
func InvitationReportOf(say *locale.Printer, r assess.InvitationReport) InvitationReport {
	d := InvitationReport{Rows: r.Rows, Added: r.Added, Known: r.Known, Reasons: []InvitationLeftOut{}}
	for _, x := range r.Reasons {
		d.Reasons = append(d.Reasons, InvitationLeftOut{x.Reason, say.T("web.invited.reason."+x.Reason, goalpost.NumberArg(float64(x.Count)), goalpost.PlainArg(x.Line)), x.Count, x.Line})
	}
	return d
}
