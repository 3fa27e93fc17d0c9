package web

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"

	"goalpost"
	"goalpost/assess"
)

// maxInvitedFile is how large a list of people may be.
const maxInvitedFile = 32 << 20

// linkColumn is the header of the links in the list for the mail tool.
const linkColumn = "survey_link"

// InvitationsPage is the list of people who were invited to a survey.
type InvitationsPage struct {
	Page
	Tabs       SurveyTabs
	Name, Back string
	Done       string
	Facts      []Fact
	Unreadable string
	Anonymous  string // what is known of who answered
	Invited    string // whether others can answer, too
	Action     string
	Help       string
	CanOwn     bool
	Links      string // address, empty where nobody can get one
	Who        []Option
	Waiting    string // how many people have no link yet
	Forget     string // address
}

// invitations shows what became of the list, and takes a new one.
func (s *Server) invitations(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	return s.showInvitations(w, r, v, x, nil)
}

func (s *Server) showInvitations(w http.ResponseWriter, r *http.Request, v visitor, x goalpost.Survey, problem error) error {
	p := InvitationsPage{Page: s.newPage(r, &v, ""), Name: x.Form.Title.In(langOf(r)), CanOwn: v.rank >= owner}
	p.Tabs = p.tabsOf(v, x.ID, "invitations")
	p.Title = p.say("web.invited.page", goalpost.TextArg(p.Name))
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	counts, err := assess.Invitations(r.Context(), s.DB, v.org.ID, x.ID)
	if err != nil {
		return err
	}
	p.Action, p.Back = p.Href(channelsPath(x, "/invitations")), p.surveyHref(x.ID, "")
	p.Help = p.say("web.invited.file.help", goalpost.PlainArg(maxInvitedFile>>20))
	if key := "web.invited.done." + r.URL.Query().Get("done"); problem == nil && p.printer.Has(key) {
		p.Done = p.T(key)
	}
	p.invitationFacts(counts, x, v)
	p.Anonymous, p.Invited = p.T("web.invited.named"), p.T("web.invited.anybody")
	if x.Settings.Anonymous {
		p.Anonymous = p.T("web.invited.anonymous")
	}
	if x.Settings.Invited {
		p.Invited = p.T("web.invited.only")
	}
	if p.CanOwn && counts.Open() > 0 && counts.Unreadable == 0 {
		p.Links = p.Action + "/links"
		p.Who = []Option{{Value: "new", Text: p.say("web.invited.who.new", goalpost.NumberArg(float64(counts.Unlinked))), Selected: counts.Unlinked > 0},
			{Value: "open", Text: p.say("web.invited.who.open", goalpost.NumberArg(float64(counts.Open()))), Selected: counts.Unlinked == 0}}
	}
	if p.CanOwn && counts.Invited > counts.Forgotten {
		p.Forget = p.Action + "/forget"
	}
	return s.render(w, status, "surveyinvitations", p)
}

func (p *InvitationsPage) invitationFacts(c assess.InvitationResult, x goalpost.Survey, v visitor) {
	if c.Invited == 0 {
		return
	}
	number := func(n int) string { return p.printer.Number(float64(n)) }
	p.Facts = []Fact{{Name: p.T("web.invited.count"), Text: number(c.Invited)}}
	if x.Settings.Invited {
		p.Facts = append(p.Facts, Fact{Name: p.T("web.invited.begun"), Text: number(c.Begun)})
	}
	p.Facts = append(p.Facts, Fact{Name: p.T("web.invited.complete"), Text: p.say("web.invited.rate", goalpost.TextArg(number(c.Complete)), goalpost.TextArg(p.printer.PercentDecimals(c.Rate, 0)))},
		Fact{Name: p.T("web.invited.unlinked"), Text: number(c.Unlinked)})
	if !c.LinkedAt.IsZero() {
		p.Facts = append(p.Facts, Fact{Name: p.T("web.invited.linked"), Text: p.printer.Time(c.LinkedAt, v.org.Zone())})
	}
	if c.Forgotten > 0 {
		p.Facts = append(p.Facts, Fact{Name: p.T("web.invited.forgotten"), Text: number(c.Forgotten)})
	}
	if c.Unreadable > 0 {
		p.Unreadable = p.say("web.invited.unreadable", goalpost.NumberArg(float64(c.Unreadable)))
	}
}

// addInvited takes a list and goes on to what its columns are for.
func (s *Server) addInvited(w http.ResponseWriter, r *http.Request, v visitor) error {
	s.waves.prune(s.Now())
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	f, _, err := s.receiveOne(w, r, v, maxInvitedFile)
	if err != nil {
		return s.showInvitations(w, r, v, x, err)
	}
	f.survey = x.ID
	if _, err := s.proposeInvited(r, *f); err != nil {
		_ = os.Remove(f.path) // it is no use
		return s.showInvitations(w, r, v, x, err)
	}
	s.waves.add(f)
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/invitations/"+f.id), http.StatusSeeOther)
	return nil
}

func (s *Server) proposeInvited(r *http.Request, f upload) (p assess.InvitationProposal, err error) {
	err = s.readUpload(f, func(file *os.File) (err error) {
		p, err = assess.ProposeInvitations(r.Context(), f.name, file, f.size)
		return err
	})
	return p, err
}

// InvitedMapPage asks which columns of a list are kept, or says what became of its rows.
type InvitedMapPage struct {
	Page
	File, Rows, Back, Action, Discard string
	Columns                           []InvitedColumnForm
	Sentence                          string // what became of the rows
	Reasons                           []string
}

// InvitedColumnForm is one column of the list.
type InvitedColumnForm struct {
	Field, Header, Samples string
	Uses                   []Option
}

// invitedFile finds the list that an address names.
func (s *Server) invitedFile(r *http.Request, v visitor) (goalpost.Survey, upload, error) {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return x, upload{}, err
	}
	f, err := s.waves.get(v.org.ID, r.PathValue("file"))
	if err == nil && f.survey != x.ID {
		err = notFound()
	}
	return x, f, err
}

// invitedMap shows the columns of a list, or what became of it.
func (s *Server) invitedMap(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, f, err := s.invitedFile(r, v)
	if err != nil {
		return err
	}
	return s.showInvitedMap(w, r, v, x, f, nil, nil)
}

func (s *Server) showInvitedMap(w http.ResponseWriter, r *http.Request, v visitor, x goalpost.Survey, f upload, form url.Values, problem error) error {
	p := InvitedMapPage{Page: s.newPage(r, &v, "web.invited.map"), File: f.name}
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	p.Back = p.Href(channelsPath(x, "/invitations"))
	p.Action = p.Back + "/" + f.id
	p.Discard = p.Action + "/discard"
	if f.invited != nil {
		p.Title = p.T("web.invited.kept")
		p.invitedReport(*f.invited)
		return s.render(w, status, "surveyinvitedmap", p)
	}
	proposal, err := s.proposeInvited(r, f)
	if err != nil {
		return err
	}
	p.Rows = p.say("web.invited.rows", goalpost.NumberArg(float64(proposal.Rows)))
	for i, c := range proposal.Columns {
		col := InvitedColumnForm{Field: "use-" + strconv.Itoa(i), Header: c.Header, Samples: p.sampleText(c.Samples)}
		use := c.Use
		if form != nil {
			use = form.Get(col.Field)
		}
		for _, u := range assess.InvitedUses() {
			col.Uses = append(col.Uses, Option{Value: u, Text: p.T("web.invited.use." + u), Selected: u == use})
		}
		p.Columns = append(p.Columns, col)
	}
	return s.render(w, status, "surveyinvitedmap", p)
}

// invitedReport says what became of the rows.
func (p *InvitedMapPage) invitedReport(report assess.InvitationReport) {
	p.Sentence = p.say("web.invited.added", goalpost.NumberArg(float64(report.Added)))
	if report.Known > 0 {
		p.Reasons = append(p.Reasons, p.say("web.invited.known", goalpost.NumberArg(float64(report.Known))))
	}
	for _, x := range report.Reasons {
		p.Reasons = append(p.Reasons, p.say("web.invited.reason."+x.Reason, goalpost.NumberArg(float64(x.Count)), goalpost.PlainArg(x.Line)))
	}
}

// keepInvited keeps the columns that a person chose, and removes the file.
func (s *Server) keepInvited(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	s.keeping.Lock()
	defer s.keeping.Unlock()
	x, f, err := s.invitedFile(r, v)
	if err != nil {
		return err
	}
	if f.invited == nil {
		var uses []string
		for i := 0; r.PostForm.Has("use-" + strconv.Itoa(i)); i++ {
			uses = append(uses, r.PostForm.Get("use-"+strconv.Itoa(i)))
		}
		var report assess.InvitationReport
		err = s.readUpload(f, func(file *os.File) (err error) {
			report, err = assess.Invite(r.Context(), s.DB, v.org.ID, x.ID, f.name, file, f.size, uses, s.Now())
			return err
		})
		if err != nil {
			return s.showInvitedMap(w, r, v, x, f, r.PostForm, err)
		}
		if err := os.Remove(f.path); err != nil {
			s.Log.Error("upload not removed", "path", f.path, "err", err)
		}
		s.waves.change(f.id, func(u *upload) { u.state, u.invited = uploadDone, &report })
	}
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/invitations/"+f.id), http.StatusSeeOther)
	return nil
}

// discardInvited forgets a list that waits.
func (s *Server) discardInvited(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, f, err := s.invitedFile(r, v)
	if err != nil {
		return err
	}
	s.waves.drop(f.id)
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/invitations"), http.StatusSeeOther)
	return nil
}

// confirmed reports whether the box of a form was ticked without which it does nothing.
func confirmed(r *http.Request, key, field string) error {
	if r.PostForm.Get("confirm") == "" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: key, Field: field}
	}
	return nil
}

// invitedLinks makes new links and hands them, with the addresses, to the owner's browser:
// the one place where addresses leave, because the mails are sent by another tool. A link
// is in the answer alone; of it only a hash is kept.
func (s *Server) invitedLinks(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	unlinked := r.PostForm.Get("who") != "open"
	err = confirmed(r, "error.invitation.confirm", "confirm")
	var headers []string
	if err == nil { // it opens every address, so that nothing fails half-way for want of a key
		headers, err = assess.InvitedHeaders(r.Context(), s.DB, v.org.ID, x.ID, unlinked)
	}
	if err != nil {
		return s.showInvitations(w, r, v, x, err)
	}
	headers = slices.DeleteFunc(headers, func(h string) bool { return h == "email" || h == linkColumn })
	secretPage(w)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	attach(w, "invitations-"+x.Slug+".csv")
	c := csv.NewWriter(w)
	row := append([]string{"email"}, headers...)
	for i := range row {
		row[i] = escapeFormula(row[i])
	}
	err = c.Write(append(row, linkColumn))
	if err == nil {
		err = assess.InvitationLinks(r.Context(), s.DB, v.org.ID, x.ID, unlinked, s.Now(), func(l assess.InvitationLink) error {
			row := []string{escapeFormula(l.Email.Reveal())}
			for _, h := range headers {
				row = append(row, escapeFormula(l.Columns[h]))
			}
			return c.Write(append(row, s.linkOf(x, "i/"+l.Token)))
		})
	}
	c.Flush()
	if err := errors.Join(err, c.Error()); err != nil && r.Context().Err() == nil {
		s.Log.ErrorContext(r.Context(), "list of links not finished", "survey", x.ID, "err", err)
		panic(http.ErrAbortHandler) // a list that ends early must not look complete
	}
	return nil
}

// forgetInvited removes names and addresses.
func (s *Server) forgetInvited(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	if err := confirmed(r, "error.invitation.forget", "forget"); err != nil {
		return s.showInvitations(w, r, v, x, err)
	}
	if err := s.DB.ForgetInvited(r.Context(), v.org.ID, x.ID); err != nil {
		return fmt.Errorf("web: forget invited: %w", err)
	}
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/invitations?done=forgotten"), http.StatusSeeOther)
	return nil
}
