package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"goalpost"
)

// firstOrg is the organisation that set-up makes, or adopts if a first import did.
const firstOrg goalpost.OrgID = 1

// zones and currencies are offered first; any other IANA zone and ISO code can be typed.
var (
	zones = []string{"Europe/Berlin", "Europe/Vienna", "Europe/Zurich", "Europe/London", "Europe/Paris", "Europe/Madrid", "Europe/Rome",
		"Europe/Amsterdam", "Europe/Warsaw", "Europe/Istanbul", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
		"America/Sao_Paulo", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "UTC"}
	currencies = []string{"EUR", "CHF", "GBP", "USD", "PLN", "SEK", "DKK", "NOK", "CZK", "JPY", "AUD", "CAD"}
)

// SetupPage is the first-run set-up.
type SetupPage struct {
	Page
	Token string
	organisationForm
	Name string
}

// organisationForm is what can be set about an organisation.
type organisationForm struct {
	Organisation string
	Language     string
	TimeZone     string
	Currency     string
	Languages    []Option
	Zones        []string
	Currencies   []string
}

// fill adds the choices.
func (f *organisationForm) fill(p Page) {
	f.Zones, f.Currencies, f.Languages = zones, currencies, nil
	for _, l := range []string{"en", "de", "de-CH"} {
		f.Languages = append(f.Languages, Option{Value: l, Text: p.T("web.language." + l), Selected: l == f.Language})
	}
}

// read takes the form's values and reports what is wrong with them.
func (f *organisationForm) read(p *Page, form url.Values) {
	f.Organisation = strings.TrimSpace(form.Get("organisation"))
	f.Language = form.Get("language")
	f.TimeZone = strings.TrimSpace(form.Get("time_zone"))
	f.Currency = strings.ToUpper(strings.TrimSpace(form.Get("currency")))
	if f.Organisation == "" || utf8.RuneCountInString(f.Organisation) > 200 {
		p.problem("organisation", "error.web.organisation")
	}
	if f.Language != "en" && f.Language != "de" && f.Language != "de-CH" {
		p.problem("language", "error.web.language")
	}
	if !validZone(f.TimeZone) {
		p.problem("time_zone", "error.web.time-zone", goalpost.TextArg(f.TimeZone))
	}
	if !validCurrency(f.Currency) {
		p.problem("currency", "error.web.currency", goalpost.TextArg(f.Currency))
	}
	f.fill(*p)
}

// validZone reports whether a name is an IANA time zone; "Local" would mean the
// server's.
func validZone(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

func validCurrency(code string) bool {
	if len(code) != 3 {
		return false
	}
	for _, c := range code {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// notSetUp reports whether no person has set the installation up yet.
func (s *Server) notSetUp(ctx context.Context) (bool, error) {
	if s.Demo {
		return false, nil
	}
	org, err := s.DB.Organisation(ctx, firstOrg)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return true, nil
	}
	return err == nil && !org.Adopted, err
}

// mayEnterSetup refuses set-up once it was done, under a foreign name, and
// without the token of the printed link.
func (s *Server) mayEnterSetup(r *http.Request, token string) error {
	open, err := s.notSetUp(r.Context())
	if err != nil {
		return err
	}
	if !open && !s.Demo { // the link was kept, and its work is done
		return goalpost.Errorf(goalpost.NotFound, "error.web.set-up-done")
	}
	if !open || s.SetupToken == "" {
		return notFound()
	}
	if err := s.guardSetup(r); err != nil {
		return err
	}
	if !sameSecret(s.SetupToken, token) {
		return goalpost.Errorf(goalpost.Forbidden, "error.web.setup-token")
	}
	return nil
}

// setupLink leads the printed link to the page in the browser's language.
func (s *Server) setupLink(w http.ResponseWriter, r *http.Request) error {
	to := "/" + langOf(r) + "/setup"
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.Query().Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// setupForm shows the set-up.
func (s *Server) setupForm(w http.ResponseWriter, r *http.Request) error {
	token := r.URL.Query().Get("token")
	if err := s.mayEnterSetup(r, token); err != nil {
		return err
	}
	p := SetupPage{Page: s.newPage(r, nil, "web.setup.title"), Token: token}
	p.Language, p.Currency = langOf(r), "EUR"
	if p.Language == "de" {
		p.TimeZone = "Europe/Berlin"
	}
	p.fill(p.Page)
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, http.StatusOK, "setup", p)
}

// setUp makes or adopts the first organisation with its owner, and logs the owner in.
func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	token := r.PostForm.Get("token")
	s.setup.Lock()
	defer s.setup.Unlock()
	if err := s.mayEnterSetup(r, token); err != nil {
		return err
	}
	p := SetupPage{Page: s.newPage(r, nil, "web.setup.title"), Token: token}
	p.read(&p.Page, r.PostForm)
	p.Name = strings.TrimSpace(r.PostForm.Get("name"))
	if p.Name == "" || utf8.RuneCountInString(p.Name) > 100 {
		p.problem("name", "error.web.name")
	}
	password := r.PostForm.Get("password")
	if key := passwordProblem(password); key != "" {
		p.problem("password", key)
	}
	if len(p.Problems) > 0 {
		return s.render(w, http.StatusUnprocessableEntity, "setup", p)
	}
	hash, err := s.hasher.hash(r.Context(), password)
	if err != nil {
		return err
	}
	u, err := s.adopt(r.Context(), p, hash)
	if err != nil {
		return err
	}
	if err := s.enter(r.Context(), u, firstOrg); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+pageLang(visitor{user: u}, langOf(r))+"/goals", http.StatusSeeOther)
	return nil
}

// passwordProblem returns the key of what is wrong with a new password.
func passwordProblem(password string) string {
	switch {
	case utf8.RuneCountInString(password) < MinPassword:
		return "error.web.password-short"
	case len(password) > MaxPassword:
		return "error.web.password-long"
	}
	return ""
}

// adopt makes the first organisation, or takes over the one that a first import
// made, and its owner. The organisation counts as set up last, so that a set-up
// that is cut off can be repeated.
func (s *Server) adopt(ctx context.Context, p SetupPage, hash string) (goalpost.User, error) {
	u := goalpost.User{Name: p.Name, PasswordHash: hash, Language: p.Language, CreatedAt: s.Now().UTC()}
	org, err := s.DB.Organisation(ctx, firstOrg)
	if goalpost.IsKind(err, goalpost.NotFound) {
		org, err = s.DB.CreateOrganisation(ctx, goalpost.Organisation{Name: p.Organisation, Language: p.Language, TimeZone: p.TimeZone, Currency: p.Currency})
	}
	if err != nil {
		return u, err
	}
	created, err := s.DB.CreateUser(ctx, org.ID, u, goalpost.RoleOwner)
	switch {
	case goalpost.IsKind(err, goalpost.Conflict):
		before, err := s.DB.UserByName(ctx, p.Name)
		if err != nil {
			return u, err
		}
		u.ID = before.ID
		if err := s.DB.UpdateUser(ctx, u); err != nil {
			return u, err
		}
	case err != nil:
		return u, err
	default:
		u = created
	}
	org.Name, org.Language, org.TimeZone, org.Currency, org.Adopted = p.Organisation, p.Language, p.TimeZone, p.Currency, true
	return u, s.DB.UpdateOrganisation(ctx, org)
}
