package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/httprate"
	"golang.org/x/text/language"

	"goalpost"
)

// sessionDays is how long a log-in lasts. There is no idle time-out: it would make
// every GET write.
const sessionDays = 14

// What a session holds.
const (
	sessionUser = "user" // int64
	sessionOrg  = "org"  // int64
	sessionSeal = "seal" // of the password in force at log-in
)

// Roles in the order of what they may do.
const (
	viewer = iota
	editor
	owner
)

// visitor is who makes a request and for which organisation.
type visitor struct {
	user goalpost.User // ID 0 in the demo
	org  goalpost.Organisation
	rank int // viewer, editor or owner
	// unsettled: an import of the organisation is running.
	unsettled bool
}

// pageHandler answers a request of somebody who may make it.
type pageHandler func(w http.ResponseWriter, r *http.Request, v visitor) error

func (s *Server) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Store = s.DB.SessionStore()
	m.HashTokenInStore = true
	m.Lifetime = sessionDays * 24 * time.Hour
	m.Cookie.Name = "goalpost_session"
	if s.secure() {
		m.Cookie.Name = "__Host-goalpost_session"
		m.Cookie.Secure = true
	}
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Path = "/"
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		s.handle(func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP(w, r)
	}
	return m
}

// sealOf marks a password without giving its hash away; changing the password ends
// every session that carries the old seal.
func sealOf(u goalpost.User) string {
	sum := sha256.Sum256([]byte(u.PasswordHash))
	return hex.EncodeToString(sum[:8])
}

// enter makes a session for a user.
func (s *Server) enter(ctx context.Context, u goalpost.User, org goalpost.OrgID) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionUser, int64(u.ID))
	s.sessions.Put(ctx, sessionOrg, int64(org))
	s.sessions.Put(ctx, sessionSeal, sealOf(u))
	return nil
}

// visitorOf returns who makes the request; ok is false if nobody is logged in.
func (s *Server) visitorOf(r *http.Request) (v visitor, ok bool, err error) {
	ctx := r.Context()
	if s.Demo {
		v.org, err = s.DB.Organisation(ctx, firstOrg)
		v.user.Name, v.rank = "demo", owner
		return v, err == nil, err
	}
	id := s.sessions.GetInt64(ctx, sessionUser)
	if id == 0 || s.Now().After(s.sessions.Deadline(ctx)) {
		return v, false, nil
	}
	v.user, err = s.DB.User(ctx, goalpost.UserID(id))
	if goalpost.IsKind(err, goalpost.NotFound) {
		return v, false, nil
	}
	if err != nil || !sameSecret(sealOf(v.user), s.sessions.GetString(ctx, sessionSeal)) {
		return v, false, err
	}
	org := goalpost.OrgID(s.sessions.GetInt64(ctx, sessionOrg))
	roles, err := s.DB.OrganisationsOf(ctx, v.user.ID)
	if err != nil {
		return v, false, err
	}
	role, member := roles[org]
	if !member {
		return v, false, nil
	}
	v.rank = rankOf(role)
	v.org, err = s.DB.Organisation(ctx, org)
	return v, err == nil, err
}

func rankOf(r goalpost.Role) int {
	switch r {
	case goalpost.RoleOwner:
		return owner
	case goalpost.RoleEditor:
		return editor
	default:
		return viewer
	}
}

// member lets a handler answer only people who are logged in and may do at least
// what rank allows. Others are sent to the log-in and back.
func (s *Server) member(rank int, h pageHandler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, ok, err := s.visitorOf(r)
		if err != nil {
			return err
		}
		if !ok {
			to := "/" + langOf(r) + "/login"
			if r.Method == http.MethodGet {
				to += "?next=" + url.QueryEscape(r.URL.RequestURI())
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return nil
		}
		if v.rank < rank {
			return goalpost.Errorf(goalpost.Forbidden, "error.web.role")
		}
		if v.unsettled, err = s.DB.Unsettled(r.Context(), v.org.ID); err != nil {
			return err
		}
		return h(w, r, v)
	}
}

// clientKey is what log-in attempts are counted by.
func (s *Server) clientKey(r *http.Request) (string, error) {
	return httprate.CanonicalizeIP(s.peerOf(r).ip.WithZone("").String()), nil
}

func tooMany(http.ResponseWriter, *http.Request) error {
	return goalpost.Errorf(goalpost.Unavailable, "error.web.too-many")
}

// spoken chooses among languages; making it takes longer than answering a request.
var spoken = language.NewMatcher([]language.Tag{language.English, language.German})

// langOf is the language of a request: that of the address, else the best of what
// the browser asks for.
func langOf(r *http.Request) string {
	for _, l := range languages {
		if r.PathValue("lang") == l || r.URL.Path == "/"+l || strings.HasPrefix(r.URL.Path, "/"+l+"/") {
			return l
		}
	}
	accepted := r.Header.Get("Accept-Language")
	if accepted == "" {
		return languages[0]
	}
	tags, _, err := language.ParseAcceptLanguage(accepted)
	if err != nil {
		return languages[0]
	}
	_, i, _ := spoken.Match(tags...)
	return languages[i]
}

// localPath returns an address of our own pages, or fallback: no other site, no
// other scheme, no address that a browser would read as one.
func localPath(to, fallback string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" || strings.ContainsAny(to, "\\\r\n\t") {
		return fallback
	}
	for _, l := range languages {
		if strings.HasPrefix(u.Path, "/"+l+"/") && path.Clean(u.Path) == strings.TrimSuffix(u.Path, "/") {
			return u.RequestURI()
		}
	}
	return fallback
}

// home sends to the goals, or to the log-in.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	lang := langOf(r)
	v, ok, err := s.visitorOf(r)
	if err != nil {
		return err
	}
	if ok && r.PathValue("lang") == "" {
		lang = pageLang(v, lang)
	}
	http.Redirect(w, r, "/"+lang+"/goals", http.StatusSeeOther)
	return nil
}

// pageLang is the language that a person is greeted in: their own, the
// organisation's, else what the browser asks for.
func pageLang(v visitor, fallback string) string {
	for _, want := range []string{v.user.Language, v.org.Language} {
		for _, l := range languages {
			if want == l || strings.HasPrefix(want, l+"-") {
				return l
			}
		}
	}
	return fallback
}

// loginForm shows the log-in.
func (s *Server) loginForm(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"), "")
	_, ok, err := s.visitorOf(r)
	if err != nil {
		return err
	}
	if ok {
		http.Redirect(w, r, localPath(next, "/"+langOf(r)+"/goals"), http.StatusSeeOther)
		return nil
	}
	p := LoginPage{Page: s.newPage(r, nil, "web.login.title"), Next: next}
	if p.NotSetUp, err = s.notSetUp(r.Context()); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "login", p)
}

// LoginPage is the log-in.
type LoginPage struct {
	Page
	NotSetUp bool
	Next     string // where to afterwards
	Name     string
}

// logIn checks name and password. A wrong name takes as long as a wrong password
// and reads the same.
func (s *Server) logIn(w http.ResponseWriter, r *http.Request) error {
	if s.Demo {
		return notFound()
	}
	if err := parseForm(r); err != nil {
		return err
	}
	name, password := strings.TrimSpace(r.PostForm.Get("name")), r.PostForm.Get("password")
	ctx := r.Context()
	u, err := s.DB.UserByName(ctx, name)
	if err != nil && !goalpost.IsKind(err, goalpost.NotFound) {
		return err
	}
	fits := false
	if len(password) <= MaxPassword {
		if fits, err = s.hasher.fits(ctx, u.PasswordHash, password); err != nil {
			return err
		}
	}
	if !fits {
		p := LoginPage{Page: s.newPage(r, nil, "web.login.title"), Next: localPath(r.PostForm.Get("next"), ""), Name: name}
		p.problem("name", "error.web.login")
		return s.render(w, http.StatusUnprocessableEntity, "login", p)
	}
	roles, err := s.DB.OrganisationsOf(ctx, u.ID)
	if err != nil {
		return err
	}
	if len(roles) == 0 {
		return goalpost.Errorf(goalpost.Forbidden, "error.web.no-organisation")
	}
	org, err := s.DB.Organisation(ctx, slices.Min(slices.Collect(maps.Keys(roles))))
	if err != nil {
		return err
	}
	if err := s.DB.SessionStore().DeleteExpired(ctx, s.Now()); err != nil {
		return err
	}
	if err := s.enter(ctx, u, org.ID); err != nil {
		return err
	}
	lang := pageLang(visitor{user: u, org: org}, langOf(r))
	http.Redirect(w, r, localPath(r.PostForm.Get("next"), "/"+lang+"/goals"), http.StatusSeeOther)
	return nil
}

// logOut ends the session.
func (s *Server) logOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/login", http.StatusSeeOther)
	return nil
}
