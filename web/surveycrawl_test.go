package web

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// plantedAddress is one of a thousand.
func plantedAddress(n int) string { return fmt.Sprintf("planted.%03d@hidden.example", n) }

// plantedMark stands in each of them, and nowhere else.
const plantedMark = "hidden.example"

// plantedSite has two surveys, one of them not anonymous, with answers, systems that are
// told of them, and a thousand addresses: of people who want the results, whose answer is
// known or not, and of people who were invited.
func plantedSite(t *testing.T) (s *site, told *receiver) {
	t.Helper()
	told = newReceiver(t, http.StatusNoContent)
	s = newSite(t, func(s *Server) {
		s.hookEvery = 5 * time.Millisecond
		var err error
		if s.AllowPrivate, err = ParseAllowedHosts([]string{"127.0.0.1"}); err != nil {
			t.Fatal(err)
		}
	})
	s.setUp("en")
	ctx := context.Background()
	n := 0
	for _, slug := range []string{"wishes", "named"} {
		a := s.readingSurvey(t, func(v *goalpost.Survey) { v.Slug, v.Settings.Anonymous = slug, slug == "wishes" })
		if _, _, err := assess.AddHook(ctx, s.server.DB, firstOrg, assess.HookInput{Survey: a.Survey.ID, URL: told.URL, Secret: [32]byte{5}, By: "anna", Now: testNow}); err != nil {
			t.Fatal(err)
		}
		user, err := s.server.DB.UserByName(ctx, "anna")
		if err != nil {
			t.Fatal(err)
		}
		believed := assess.BeliefInput{Survey: a.Survey.ID, User: user, Beliefs: []goalpost.Belief{{BeliefItem: a.Survey.Form.BeliefItems()[0], Guess: 0.5, Low: 0.4, High: 0.6}}, Now: testNow}
		if _, err := assess.GiveBeliefs(ctx, s.server.DB, firstOrg, believed); err != nil {
			t.Fatal(err)
		}
		s.someAnswers(t, a)
		for range 350 {
			c := goalpost.SurveyContact{ID: readingID(1000 + n), Survey: a.Survey.ID, Email: email(t, plantedAddress(n)), Results: n%2 == 0, Prize: n%2 == 1, SettingVersion: 1, Day: 20000}
			if slug == "named" {
				c.Answer = readingID(n % 30)
			}
			if err := s.server.DB.AddSurveyContact(ctx, firstOrg, c); err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	for _, typed := range []string{plantedAddress(n), "planted at " + plantedMark} { // one as it should be, one that is refused
		form := s.contactForm(t, typed)
		if got := s.post("/s/wishes/contact?lang=en", form); got.status != http.StatusSeeOther && got.status != http.StatusUnprocessableEntity {
			t.Fatalf("%d\n%s", got.status, textOf(got.body))
		}
	}
	list := "Name,E-Mail,Group\n"
	for n++; n < 1000; n++ {
		list += fmt.Sprintf("Person %d,%s,north\n", n, plantedAddress(n))
	}
	s.invite(t, list, url.Values{"use-0": {"keep"}, "use-1": {"email"}, "use-2": {"ignore"}})
	until(t, "the other system is told", func() bool { return len(told.list()) == 2*24 })
	until(t, "it is noted", func() bool {
		due, err := s.server.DB.DueDeliveries(ctx, firstOrg, 2, testNow.AddDate(1, 0, 0), testNow.AddDate(1, 0, 0), 9)
		return err == nil && len(due) == 0
	})
	return s, told
}

func email(t *testing.T, text string) goalpost.PrivateEmail {
	t.Helper()
	e, err := goalpost.ParsePrivateEmail(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// crawl looks at everything that somebody may look at, and notes where an address stands.
type crawl struct {
	*site
	t     *testing.T
	token string
	seen  map[string]bool
	found map[string]bool
}

// look notes where an address stands; what is packed is unpacked.
func (c *crawl) look(where, text string) {
	c.t.Helper()
	if strings.HasPrefix(text, "PK\x03\x04") {
		z, err := zip.NewReader(strings.NewReader(text), int64(len(text)))
		if err != nil {
			c.t.Fatalf("%s: %v", where, err)
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				c.t.Fatalf("%s: %v", where, err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				c.t.Fatalf("%s: %v", where, err)
			}
			c.look(where, string(b))
		}
		return
	}
	if strings.Contains(strings.ToLower(html.UnescapeString(text)), plantedMark) {
		c.found[where] = true
	}
}

var linkOfPage = regexp.MustCompile(`(?:href|src)="(/(?:en|de|s)/[^"#]*)"`)

// pages looks at pages, which must be there, and at all that their links lead to.
func (c *crawl) pages(from []string, follow bool) {
	c.t.Helper()
	most := 2000
	if testing.Short() {
		most = 300
	}
	for queue := slices.Clone(from); len(queue) > 0; queue = queue[1:] {
		path := html.UnescapeString(queue[0])
		if c.seen[path] || len(c.seen) >= most {
			continue
		}
		got := c.get(path)
		c.seen[path] = true
		nothing := strings.Contains(path, "/understanding.") && got.status == http.StatusNotFound // too few answers for a figure
		if got.status >= 500 || follow && got.status != http.StatusOK && !nothing && slices.Contains(from, path) {
			c.t.Errorf("%s: %d", path, got.status)
		}
		c.look(path, got.body)
		for name, values := range got.header {
			c.look(path, name+": "+strings.Join(values, " "))
		}
		for _, m := range linkOfPage.FindAllStringSubmatch(got.body, -1) {
			if !follow {
				break
			}
			queue = append(queue, m[1])
		}
	}
}

// api asks everything that the API answers to a program that may change things.
func (c *crawl) api() {
	c.t.Helper()
	var d struct {
		Paths map[string]map[string]json.RawMessage
	}
	all := c.callAPI(http.MethodGet, "/openapi.json", "", "")
	if err := json.Unmarshal([]byte(all.body), &d); err != nil {
		c.t.Fatal(err)
	}
	c.look("/api/v1/openapi.json", all.body)
	for path, methods := range d.Paths {
		if methods["get"] == nil {
			continue
		}
		for _, n := range []string{"1", "2"} {
			at := strings.NewReplacer("{answer}", readingID(3), "{version}", "1").Replace(path)
			at = regexp.MustCompile(`\{[a-z_]+\}`).ReplaceAllString(at, n)
			got := c.callAPI(http.MethodGet, at, c.token, "")
			if strings.Contains(at, "/surveys") && got.status != http.StatusOK {
				c.t.Errorf("%s: %d %s", at, got.status, got.body)
			}
			c.seen["/api/v1"+at] = true
			c.look("/api/v1"+at, got.body)
		}
	}
}

// disk looks into every file.
func (c *crawl) disk() {
	c.t.Helper()
	err := filepath.WalkDir(c.server.DataDir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		c.look("file "+filepath.Base(path), string(bytes.ToValidUTF8(b, nil)))
		return err
	})
	if err != nil {
		c.t.Error(err)
	}
}

// parameters are what stands in the addresses of pages, for a survey with a list of people.
var parameters = map[string]string{"{id}": "1", "{slug}": "wishes", "{survey}": "wishes", "{channel}": "ig", "{question}": "why", "{option}": "news", "{rid}": readingID(3), "{hook}": "1", "{file}": "why.csv"}

// surveyAddresses are all addresses of pages and files about surveys, as they are served.
func surveyAddresses(t *testing.T, more map[string]string) (list []string) {
	t.Helper()
	fill := func(pattern string) string {
		for _, values := range []map[string]string{more, parameters} {
			for name, value := range values {
				pattern = strings.ReplaceAll(pattern, name, value)
			}
		}
		if strings.ContainsAny(pattern, "{}") {
			t.Errorf("the test does not know what to put into %s", pattern)
		}
		return pattern
	}
	for file, pattern := range map[string]string{"routes.go": `"GET (/(?:surveys|settings|polls)[^"]*)"`, "surveyroutes.go": `"GET "\+surveyPath\+"([^"]*)"`} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			switch {
			case strings.HasPrefix(m[1], "/polls/"): // there is none
			case file == "surveyroutes.go":
				list = append(list, fill(surveyPath+m[1])+"?lang=en", fill(surveyPath+m[1])+"?lang=de")
			default:
				list = append(list, "/en"+fill(m[1]), "/de"+fill(m[1]))
			}
		}
	}
	if len(list) < 80 {
		t.Errorf("only %d addresses are known", len(list))
	}
	return list
}

// A thousand addresses stand on no page, in no file, no answer of the API, no message to
// another system and no line of the log, and in the database not in clear. Where somebody
// writes an address into an answer it does stand there, and is found.
func TestAddressesOfRespondentsAreNowhere(t *testing.T) {
	s, told := plantedSite(t)
	file := s.sendList(t, "E-Mail,Name\n"+plantedAddress(3)+",Somebody\n")
	link := s.links(t, "new")[1]
	token := newToken(t, s, firstOrg, "Shop", goalpost.RoleEditor)
	from := surveyAddresses(t, map[string]string{"{id}/add": "1/add?type=text", "/invitations/{file}": strings.TrimPrefix(file, "/en/surveys/1"), "{token}": link[len(link)-1][strings.LastIndex(link[len(link)-1], "/")+1:],
		"/r/{rid}/{secret}": "/r/" + readingID(25) + "/resume-secret-25"})
	s.callAPI(http.MethodGet, "/token", token, "") // that it was used today is noted, once
	everything := func(follow bool) *crawl {
		c := &crawl{site: s, t: t, token: token, seen: map[string]bool{}, found: map[string]bool{}}
		before := s.dump(t)
		c.pages(from, follow)
		c.api()
		for _, m := range told.list() {
			c.look("message", m.body)
		}
		if after := s.dump(t); after != before {
			t.Error("a GET wrote")
		}
		c.look("log", s.log.String())
		if got := s.post(file+"/discard", nil); got.status >= 400 && follow { // a list that waits for its columns is there, until it is read or left
			t.Errorf("discard: %d", got.status)
		}
		c.disk()
		return c
	}
	clean := everything(true)
	for where := range clean.found {
		t.Errorf("%s holds an address", where)
	}
	t.Logf("%d addresses of pages and of the API were looked at", len(clean.seen))
	found := s.post("/en/settings/person", url.Values{"email": {plantedAddress(123)}, "do": {"find"}})
	contains(t, "found", found.body, []string{"1 e-mail address from surveys"}, []string{plantedMark})

	a, err := assess.Asked(context.Background(), s.server.DB, "wishes")
	if err != nil {
		t.Fatal(err)
	}
	s.answered(t, a, 77, `{"more":{"text":"Write to `+plantedAddress(999)+`"}}`, true)
	until(t, "the other system is told", func() bool { return len(told.list()) == 2*24+1 })
	s.server.Log.Info("Somebody writes " + plantedAddress(999) + " to the log")
	control := everything(false)
	for _, where := range []string{"/en/surveys/1/answers/open", "/en/surveys/1/answers.csv", "/en/surveys/1/answers.xlsx", "/en/surveys/1/answers.json", "/api/v1/surveys/1/answers", "/api/v1/surveys/1/open-answers", "message", "log"} {
		if !control.found[where] {
			t.Errorf("an address is not found at %s: this test shows nothing", where)
		}
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(control.found)), func(where string) bool { return strings.HasPrefix(where, "file ") }) {
		t.Error("an address is not found on disk: this test shows nothing")
	}
}
