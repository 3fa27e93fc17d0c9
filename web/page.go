package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"goalpost"
	"goalpost/locale"
)

//go:embed tmpl
var templateFiles embed.FS

// templates are the pages by name, each together with the layout.
type templates struct {
	pages map[string]*template.Template
}

// shared are the files that every page includes.
var shared = []string{"tmpl/layout.gohtml", "tmpl/verdict.gohtml", "tmpl/commentlist.gohtml", "tmpl/field.gohtml", "tmpl/respondents.gohtml", "tmpl/surveymeta.gohtml", "tmpl/surveyhead.gohtml", "tmpl/contactform.gohtml"}

func loadTemplates() (*templates, error) {
	t := &templates{pages: map[string]*template.Template{}}
	names, err := fs.Glob(templateFiles, "tmpl/*.gohtml")
	if err != nil {
		return nil, fmt.Errorf("web: templates: %w", err)
	}
	for _, name := range names {
		if slices.Contains(shared, name) {
			continue
		}
		page, err := template.ParseFS(templateFiles, append([]string{name}, shared...)...)
		if err != nil {
			return nil, fmt.Errorf("web: template %s: %w", name, err)
		}
		t.pages[strings.TrimSuffix(path.Base(name), ".gohtml")] = page
	}
	return t, nil
}

// Page is what every page shows around its own content.
type Page struct {
	Title     string
	Theme     string // "", light, dark
	Simulated bool
	HasTruth  bool   // there is a page on how the simulated figures were made
	Unsettled bool   // an import is running: figures may show a part of its rows
	Refresh   bool   // reload by itself where there are no scripts
	Framed    bool   // inside a page of another site
	Secret    bool   // its address is for one person: no form in the head carries it on
	Alone     bool   // a file of its own, without menu and scripts
	Printed   string // organisation and date, on paper only
	LoggedIn  bool
	CanLogOut bool
	CanEdit   bool
	Problems  []Problem
	Share     *Share // for links to a public page; nil on all others

	printer *locale.Printer
	lang    string
	here    string // path and query
	nav     string // the menu's current entry
	assets  *assets
}

// Share is what other sites show of a link to a public page (Open Graph), and where the
// page stands in both languages.
type Share struct {
	Title, Text, URL, OtherURL, Image string
}

// Problem is something in a form that has to be put right. Field is the id of its
// field, empty if there is none.
type Problem struct {
	Field string
	Text  string
}

// Option is one choice of a select or of check boxes.
type Option struct {
	Value    string
	Text     string
	Selected bool
}

// MenuItem is one entry of the menu; Current is empty, "page" or "true".
type MenuItem struct {
	Href    string
	Text    string
	Current string
}

// Fact is a named value.
type Fact struct {
	Name string
	Text string
	Hash bool // set in a narrow face
}

// newPage starts a page with the key of its title; v is nil when nobody is logged in.
func (s *Server) newPage(r *http.Request, v *visitor, title string) Page {
	lang := langOf(r)
	p := Page{Theme: themeOf(r), printer: printerFor(lang, v), lang: lang, here: r.URL.RequestURI(), assets: s.assets, Simulated: s.Demo, HasTruth: s.Demo && s.Truth != nil}
	if title != "" {
		p.Title = p.T(title)
	}
	if v != nil {
		p.LoggedIn, p.CanLogOut, p.CanEdit = true, !s.Demo, v.rank >= editor
		p.Simulated = p.Simulated || v.org.Simulated
		p.Printed = p.say("web.print.line", goalpost.TextArg(v.org.Name), goalpost.DayArg(goalpost.DayOf(s.Now(), v.org.Zone())))
	}
	for _, section := range []string{"goals", "effects", "posts", "kpis", "studies", "surveys", "polls", "import", "settings"} {
		if strings.HasPrefix(r.URL.Path, "/"+lang+"/"+section) {
			p.nav = section
		}
	}
	if strings.HasPrefix(r.URL.Path, "/"+lang+"/activities") {
		p.nav = "effects" // they are what effects are looked for of
	}
	p.Unsettled = v != nil && v.unsettled && p.nav != "import" // the import's own pages say more
	return p
}

// printerFor writes in the page's language, and as in the organisation's country
// if that is one of the language.
func printerFor(lang string, v *visitor) *locale.Printer {
	region := ""
	if v != nil {
		if l, r := locale.Split(v.org.Language); string(l) == lang {
			region = r
		}
	}
	return locale.New(locale.Language(lang), region)
}

// T is the text of a key in the page's language.
func (p Page) T(key string) string { return p.printer.T(key) }

// say is the text of a key with arguments.
func (p Page) say(key string, args ...goalpost.Arg) string {
	return p.printer.Note(goalpost.NewNote(key, args...))
}

// Lang is the page's language and region, for the html element.
func (p Page) Lang() string { return p.printer.Tag() }

// Asset is the address of a static file.
func (p Page) Asset(name string) string {
	if p.Alone {
		return name
	}
	return p.assets.path(name)
}

// Href is the address of a page in the page's language.
func (p Page) Href(to string) string { return "/" + p.lang + to }

// Home is the address that the name in the head leads to.
func (p Page) Home() string { return p.Href("/goals") }

// Here is the address of the page itself.
func (p Page) Here() string { return p.here }

// OtherLang is the language that can be switched to.
func (p Page) OtherLang() string {
	if p.lang == "de" {
		return "en"
	}
	return "de"
}

// OtherName is the name of that language, in itself.
func (p Page) OtherName() string {
	if p.lang == "de" {
		return "English"
	}
	return "Deutsch"
}

// OtherHref is this page in the other language.
func (p Page) OtherHref() string {
	u, err := url.Parse(p.here)
	if err != nil || !strings.HasPrefix(u.Path, "/"+p.lang+"/") {
		return "/" + p.OtherLang() + "/goals"
	}
	u.Path = "/" + p.OtherLang() + strings.TrimPrefix(u.Path, "/"+p.lang)
	u.RawPath = ""
	return u.RequestURI()
}

// Menu is the menu in the head.
func (p Page) Menu() []MenuItem {
	var items []MenuItem
	for _, section := range []string{"goals", "effects", "posts", "kpis", "studies", "surveys", "polls", "import", "settings"} {
		m := MenuItem{Href: p.Href("/" + section), Text: p.T("web.nav." + section)}
		if p.nav == section {
			m.Current = "page"
		}
		items = append(items, m)
	}
	return items
}

// Themes are the choices of the theme.
func (p Page) Themes() []Option {
	var out []Option
	for _, t := range []string{"auto", "light", "dark"} {
		out = append(out, Option{Value: t, Text: p.T("web.theme." + t), Selected: t == p.Theme || t == "auto" && p.Theme == ""})
	}
	return out
}

// SimulatedText says on every page that the company does not exist.
func (p Page) SimulatedText() string { return p.T("web.simulated") }

// problem adds something that has to be put right.
func (p *Page) problem(field, key string, args ...goalpost.Arg) {
	p.Problems = append(p.Problems, Problem{Field: field, Text: p.say(key, args...)})
}

// refuse adds a user's error to the page; any other error is returned.
func (p *Page) refuse(err error) error {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok || e.Kind == goalpost.NotFound || e.Kind == goalpost.Forbidden {
		return err
	}
	if key := "web.entry." + e.Field; e.File == "" && e.Field != "" && p.printer.Has(key) {
		plain := *e
		plain.Field = ""
		p.Problems = append(p.Problems, Problem{Field: e.Field, Text: p.T(key) + ": " + p.printer.Error(&plain)})
		return nil
	}
	p.Problems = append(p.Problems, Problem{Field: e.Field, Text: p.printer.Error(e)})
	return nil
}

// refused is refuse with the status of the page that shows the problem again; without a
// problem nothing is wrong.
func (p *Page) refused(problem error) (status int, err error) {
	switch {
	case problem == nil:
		return http.StatusOK, nil
	case goalpost.IsKind(problem, goalpost.Unavailable):
		return http.StatusServiceUnavailable, p.refuse(problem)
	}
	return http.StatusUnprocessableEntity, p.refuse(problem)
}

// render writes a page. Nothing is sent before the whole page is made, so that an
// error never follows half a page.
func (s *Server) render(w http.ResponseWriter, status int, name string, data any) error {
	return s.renderIn(w, status, "layout", name, data)
}

// renderIn is render with another page around the content.
func (s *Server) renderIn(w http.ResponseWriter, status int, layout, name string, data any) error {
	t, ok := s.templates.pages[name]
	if !ok {
		return fmt.Errorf("web: no template %q", name)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, layout, data); err != nil {
		return fmt.Errorf("web: render %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client went away; there is nobody to tell
	return nil
}

// ErrorPage says what went wrong and where to go on.
type ErrorPage struct {
	Page
	Sentence string
	Where    string // file, line, field
	Back     string // address of where to go on
	BackText string
}

// writeError answers with an error as a page, or as a problem document (RFC 9457)
// where JSON was asked for.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, status int, e *goalpost.Error) {
	p := ErrorPage{Page: s.newPage(r, nil, "web.error.title")}
	p.Sentence = p.printer.Error(e)
	p.Secret = loggedPath(r.URL.Path) != r.URL.Path
	p.Back, p.BackText = p.Home(), p.T("web.error.home")
	if _, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); strings.HasPrefix(path, "import") {
		p.Back, p.BackText = p.Href("/import"), p.T("web.batch.back")
	}
	if e.Key == "error.web.set-up-done" {
		p.Back, p.BackText = p.Href("/login"), p.T("web.login.title")
	}
	if status == http.StatusNotFound {
		p.Title = p.T("web.error.not-found")
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") || isAPI(r.URL.Path) {
		writeProblem(w, problemOf(p.printer, status, e))
		return
	}
	if err := s.render(w, status, "error", p); err != nil {
		s.Log.ErrorContext(r.Context(), "error page failed", "err", err)
		http.Error(w, http.StatusText(status), status)
	}
}

// themeCookie keeps the chosen colours of one browser.
const themeCookie = "goalpost_theme"

func themeOf(r *http.Request) string {
	c, err := r.Cookie(themeCookie)
	if err != nil || (c.Value != "light" && c.Value != "dark") {
		return ""
	}
	return c.Value
}

// setTheme keeps the chosen colours and goes back.
func (s *Server) setTheme(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	c := &http.Cookie{Name: themeCookie, Value: r.PostForm.Get("theme"), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.secure()}
	if c.Value != "light" && c.Value != "dark" {
		c.Value, c.MaxAge = "", -1
	}
	http.SetCookie(w, c)
	http.Redirect(w, r, localPath(r.PostForm.Get("back"), "/"+langOf(r)+"/goals"), http.StatusSeeOther)
	return nil
}

// parseForm reads a form; one that is too large or broken is the sender's fault.
func parseForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.form", Err: err}
	}
	return nil
}
