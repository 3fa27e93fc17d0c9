package web

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/danielgtaylor/huma/v2"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// Addresses to which the file with a list of people is sent, below apiPath.
const (
	invitedFilePath = "/surveys/{survey}/invitations/file"
	invitedPlanPath = "/surveys/{survey}/invitations/plan"
)

// invitationOperations are what the team's programs do with the list of invited people. The
// addresses leave in one answer alone, to the token of an owner, as on the page.
func (s *Server) invitationOperations(a *apiBuilder) {
	apiRoute(a, operation{"GET /surveys/{survey}/invitations", "invitations-show", "invitations", "What became of the list of invited people; nobody is named", viewer, document.Invitations{}, 0}, s.apiInvitations)
	apiRoute(a, operation{"POST /surveys/{survey}/invitations", "invitations-add", "invitations", "Invite people; who is on the list already is not invited twice", editor, document.InvitationReport{}, 0}, s.apiInvite)
	apiRoute(a, operation{"POST " + invitedPlanPath, "invitations-plan", "invitations", "What the columns of a list seem to be; nothing is kept", editor, document.InvitationPlan{}, 0}, s.apiPlanInvited)
	apiRoute(a, operation{"POST " + invitedFilePath, "invitations-import", "invitations", "Invite the people of a CSV or XLSX list; only the columns that are named are kept", editor, document.InvitationReport{}, 0}, s.apiImportInvited)
	apiRoute(a, operation{"POST /surveys/{survey}/invitations/links", "invitations-links", "invitations", "New links with the addresses, as CSV for the mail tool; of a link only a hash is kept", owner, csvAnswer{}, 0}, s.apiInvitedLinks)
	apiRoute(a, operation{"DELETE /surveys/{survey}/invitations", "invitations-forget", "invitations", "Delete names and addresses of everybody on the list; answers stay", owner, document.Invitations{}, 0}, s.apiForgetInvited)
}

// invitedBody describes the form that carries a list of people.
func invitedBody() *huma.RequestBody {
	text := func(help string) *huma.Schema { return &huma.Schema{Type: "string", Description: help} }
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{
		"email": text("Header of the column with the addresses; without: the one that holds most of them."),
		"keep":  text("Header of a column that is kept, too; once for each. All others are forgotten."),
		"file":  {Type: "string", Format: "binary", Description: "The file; it comes last."},
	}}}}}
}

// apiInvitations counts what became of a list.
func (s *Server) apiInvitations(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	r, err := assess.Invitations(ctx, s.DB, c.org.ID, survey.ID)
	return reply{document: document.InvitationsOf(survey, r)}, err
}

// InvitedPerson is somebody whom a program invites.
type InvitedPerson struct {
	Email   string            `json:"email" doc:"Their address. It is kept encrypted."`
	Columns map[string]string `json:"columns" required:"false" doc:"What else is kept of them, for the mails."`
}

// apiInvite invites the people of a list.
func (s *Server) apiInvite(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		People []InvitedPerson `json:"people" nullable:"false"`
	}
}) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	people := make([]assess.InvitedPerson, len(in.Body.People))
	for i, p := range in.Body.People {
		people[i] = assess.InvitedPerson{Email: p.Email, Columns: p.Columns}
	}
	s.keeping.Lock() // two lists at once may name one person
	defer s.keeping.Unlock()
	report, err := assess.InvitePeople(ctx, s.DB, c.org.ID, survey.ID, people, s.Now())
	return reply{document: document.InvitationReportOf(c.say, report)}, renamed(err, map[string]string{"": "people"})
}

// receiveInvited streams a list of people to the disk, and returns it with what its columns
// are used for. Whoever calls it removes the file.
func (s *Server) receiveInvited(ctx context.Context, c caller, id int64) (f upload, p assess.InvitationProposal, uses []string, err error) {
	survey := goalpost.SurveyID(id)
	if _, err = s.DB.SurveyRevision(ctx, c.org.ID, survey); err != nil {
		return f, p, nil, err
	}
	email, keep := "", []string(nil)
	f, err = s.receiveForm(c, maxInvitedFile, func(_ *upload, name string, text []byte) error {
		switch name {
		case "email":
			email = string(text)
		case "keep":
			keep = append(keep, string(text))
		default:
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.unknown", Field: name}
		}
		return nil
	})
	if err != nil {
		return f, p, nil, err
	}
	f.survey = survey
	if p, err = s.proposeInvited(c.r, f); err == nil {
		uses, err = p.UsesOf(email, keep)
	}
	if err != nil {
		s.removeUpload(f)
	}
	return f, p, uses, err
}

// apiPlanInvited says what a list of people holds.
func (s *Server) apiPlanInvited(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	f, p, uses, err := s.receiveInvited(ctx, c, in.ID)
	if err != nil {
		return reply{}, err
	}
	s.removeUpload(f)
	for i := range p.Columns {
		p.Columns[i].Use = uses[i]
	}
	return reply{document: document.InvitationPlanOf(p)}, nil
}

// apiImportInvited invites the people of a file.
func (s *Server) apiImportInvited(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	f, _, uses, err := s.receiveInvited(ctx, c, in.ID)
	if err != nil {
		return reply{}, err
	}
	defer s.removeUpload(f)
	s.keeping.Lock()
	defer s.keeping.Unlock()
	var report assess.InvitationReport
	err = s.readUpload(f, func(file *os.File) (err error) {
		report, err = assess.Invite(ctx, s.DB, c.org.ID, f.survey, f.name, file, f.size, uses, s.Now())
		return err
	})
	return reply{document: document.InvitationReportOf(c.say, report)}, err
}

// csvAnswer stands for an answer that is a table and no document.
type csvAnswer struct{}

// apiInvitedLinks makes new links and answers with the list for the mail tool.
func (s *Server) apiInvitedLinks(ctx context.Context, c caller, in *struct {
	SurveyPath
	Body struct {
		Who string `json:"who" doc:"new: those who have no link yet. open: everybody who has not answered, for a reminder; earlier links stay good until one is used."`
	}
}) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	if in.Body.Who != "new" && in.Body.Who != "open" {
		return reply{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.value", Field: "who"}
	}
	unlinked := in.Body.Who == "new"
	headers, err := assess.InvitedHeaders(ctx, s.DB, c.org.ID, survey.ID, unlinked) // it opens every address, so that nothing fails half-way for want of a key
	if err != nil {
		return reply{}, err
	}
	var b bytes.Buffer // a list that ends early would look complete
	if err := s.writeLinks(ctx, &b, c.org.ID, survey, headers, unlinked); err != nil {
		return reply{}, fmt.Errorf("web: links of survey %d: %w", survey.ID, err)
	}
	return reply{file: &apiFile{mediaType: "text/csv; charset=utf-8", content: b.Bytes()}}, nil
}

// apiForgetInvited deletes names and addresses of a list.
func (s *Server) apiForgetInvited(ctx context.Context, c caller, in *SurveyPath) (reply, error) {
	survey, err := s.DB.Survey(ctx, c.org.ID, goalpost.SurveyID(in.ID))
	if err != nil {
		return reply{}, err
	}
	if err := s.DB.ForgetInvited(ctx, c.org.ID, survey.ID); err != nil {
		return reply{}, fmt.Errorf("web: forget invited: %w", err)
	}
	return s.apiInvitations(ctx, c, in)
}
