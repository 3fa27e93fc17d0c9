package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"math"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"goalpost"
	"goalpost/store"
)

// testNow is when all tests take place.
var testNow = time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)

const (
	testToken    = "token-of-the-printed-link"
	testPassword = "a long enough sentence"
)

// site is a running server with a store of its own.
type site struct {
	t       *testing.T
	server  *Server
	handler atomic.Value // http.Handler
	base    string       // http://127.0.0.1:port
	client  *http.Client
	log     *bytes.Buffer
}

// newSite starts a server; change may set its fields before.
func newSite(t *testing.T, change func(*Server)) *site {
	t.Helper()
	dir := t.TempDir()
	db, err := store.Open(context.Background(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ts := httptest.NewUnstartedServer(nil)
	log := &bytes.Buffer{}
	s := &Server{DB: db, Log: slog.New(slog.NewTextHandler(log, nil)), Now: func() time.Time { return testNow },
		Listen: ts.Listener.Addr().String(), SetupToken: testToken, DataDir: dir}
	if change != nil {
		change(s)
	}
	running := &site{t: t, server: s, client: newClient(), log: log}
	running.restart()
	ts.Config = s.HTTPServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.handler.Load().(http.Handler).ServeHTTP(w, r)
	}))
	ts.Start()
	running.base = ts.URL
	t.Cleanup(func() { ts.Close(); s.Close() })
	return running
}

// restart makes the handler anew, as after a restart of the program: limits of
// attempts begin again, uploads are gone, log-ins stay.
func (s *site) restart() {
	s.t.Helper()
	if s.server.stop != nil {
		s.server.Close()
	}
	h, err := s.server.Handler()
	if err != nil {
		s.t.Fatal(err)
	}
	s.handler.Store(h)
}

// use puts the server onto another database, while nothing works on the present one.
func (s *site) use(db *store.DB) {
	s.t.Helper()
	s.server.Close()
	s.server.DB = db
	s.restart()
}

// addUser adds a user with the usual password.
func (s *site) addUser(t *testing.T, org goalpost.OrgID, name string, role goalpost.Role) {
	t.Helper()
	hash, err := HashPassword(testPassword)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.server.DB.CreateUser(context.Background(), org, goalpost.User{Name: name, PasswordHash: hash, Language: "en", CreatedAt: testNow}, role); err != nil {
		t.Fatal(err)
	}
}

// secondOrganisation is another one in the same installation, owned by eve.
func (s *site) secondOrganisation(t *testing.T) goalpost.Organisation {
	t.Helper()
	org, err := s.server.DB.CreateOrganisation(context.Background(), goalpost.Organisation{Name: "Other", Language: "en", TimeZone: "UTC", Currency: "USD", Adopted: true})
	if err != nil {
		t.Fatal(err)
	}
	s.addUser(t, org.ID, "eve", goalpost.RoleOwner)
	return org
}

// loginAs goes on as another user.
func (s *site) loginAs(t *testing.T, name string) {
	t.Helper()
	s.client = newClient()
	if a := s.post("/en/login", url.Values{"name": {name}, "password": {testPassword}}); a.status != http.StatusSeeOther {
		t.Fatalf("log-in as %s: %d", name, a.status)
	}
}

// dump is a fingerprint of everything that is stored.
func (s *site) dump(t *testing.T) string {
	t.Helper()
	h := sha256.New()
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(filepath.Join(s.server.DataDir, store.File+suffix))
		if err != nil {
			t.Fatal(err)
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// newClient is a browser without scripts that follows nothing by itself.
func newClient() *http.Client {
	jar, _ := cookiejar.New(nil) // without options it cannot fail
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *site) do(r *http.Request) answer {
	s.t.Helper()
	res, err := s.client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{status: res.StatusCode, header: res.Header, body: string(b)}
}

func (s *site) get(path string) answer {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodGet, s.base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.do(r)
}

// page gets a page that must be there.
func (s *site) page(path string) string {
	s.t.Helper()
	a := s.get(path)
	if a.status != http.StatusOK {
		s.t.Fatalf("GET %s: %d %s\n%s", path, a.status, a.header.Get("Location"), a.body)
	}
	return a.body
}

// post sends a form as a browser does from our own page.
func (s *site) post(path string, form url.Values) answer {
	s.t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", s.base)
	return s.do(r)
}

// form is what a page or a program sends with files, and its type; fields are names and
// values, before the files.
func (s *site) form(files map[string]string, fields ...string) (*bytes.Buffer, string) {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	check := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	for i := 0; i+1 < len(fields); i += 2 {
		check(m.WriteField(fields[i], fields[i+1]))
	}
	for name, text := range files {
		w, err := m.CreateFormFile("file", name)
		check(err)
		_, err = io.WriteString(w, text)
		check(err)
	}
	check(m.Close())
	return &b, m.FormDataContentType()
}

// upload sends files as the import page does.
func (s *site) upload(lang string, files map[string]string) answer {
	s.t.Helper()
	b, kind := s.form(files)
	r, err := http.NewRequest(http.MethodPost, s.base+"/"+lang+"/import", b)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return s.do(r)
}

// setUp sets the site up and logs its owner in.
func (s *site) setUp(lang string) {
	s.t.Helper()
	a := s.post("/"+lang+"/setup", setupForm(lang))
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/"+lang+"/goals" {
		s.t.Fatalf("set-up: %d %s\n%s", a.status, a.header.Get("Location"), a.body)
	}
}

func setupForm(lang string) url.Values {
	return url.Values{"token": {testToken}, "organisation": {"Musterwerk"}, "language": {lang}, "time_zone": {"Europe/Berlin"},
		"currency": {"EUR"}, "name": {"anna"}, "password": {testPassword}}
}

// importFile imports a file that asks nothing, and returns the report's address.
func (s *site) importFile(name, text string) string {
	s.t.Helper()
	a := s.upload("en", map[string]string{name: text})
	if a.status != http.StatusSeeOther {
		s.t.Fatalf("upload: %d\n%s", a.status, a.body)
	}
	return s.await(a.header.Get("Location"))
}

// await follows a batch to the report of its only file.
func (s *site) await(batch string) string {
	s.t.Helper()
	for range 400 {
		a := s.get(batch)
		if a.status == http.StatusSeeOther {
			return strings.TrimSuffix(a.header.Get("Location"), "?known=1")
		}
		if a.status != http.StatusOK || strings.Contains(a.body, `class="wrong"`) || strings.Contains(batch, "/file/") {
			s.t.Fatalf("%s: %d\n%s", batch, a.status, a.body)
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatalf("%s: the import does not end", batch)
	return ""
}

// addGoal makes a goal and returns the address of its page.
func (s *site) addGoal(lang, kind string, form url.Values) string {
	s.t.Helper()
	a := s.post("/"+lang+"/goals/new?kind="+kind, form)
	if a.status != http.StatusSeeOther {
		s.t.Fatalf("add goal: %d\n%s", a.status, a.body)
	}
	return a.header.Get("Location")
}

// salesCSV is a table of sales of a shop with a weekly rhythm, from a day on.
func salesCSV(from goalpost.Day, days int) string {
	var b strings.Builder
	b.WriteString("date,orders,revenue\n")
	for i := range days {
		orders := 40 + int(12*math.Sin(2*math.Pi*float64(i)/7)) + i%5
		fmt.Fprintf(&b, "%s,%d,%d.50\n", from+goalpost.Day(i), orders, 55*orders)
	}
	return b.String()
}

// germanCSV is the same shop's table as a German spreadsheet writes it: it needs a map.
func germanCSV(from goalpost.Day, days int) string {
	var b strings.Builder
	b.WriteString("Tag;Anfragen gesamt;Notiz\n")
	for i := range days {
		d := (from + goalpost.Day(i)).Time()
		fmt.Fprintf(&b, "%02d.%02d.%d;%d;=1+1\n", d.Day(), d.Month(), d.Year(), 20+i%7)
	}
	return b.String()
}

var tags = regexp.MustCompile(`<[^>]*>`)

// textOf is what a person reads of a page.
func textOf(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

func decode[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}
