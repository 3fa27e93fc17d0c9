package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"goalpost"
	"goalpost/browsertest"
	"goalpost/store"
)

const privateAddress = "Secret.Person@hidden.example"

var commentField = regexp.MustCompile(`(?s)/comments[^"]*"><h3>.*?name="id" value="([^"]*)".*?name="made" value="([^"]*)".*?name="secret" value="([^"]*)"`)

// commentForm opens the public page and returns the form of it, filled in.
func (s *site) commentForm(t *testing.T, path, name, text string) url.Values {
	t.Helper()
	m := commentField.FindStringSubmatch(s.page(path))
	if m == nil {
		t.Fatalf("no form for a comment on %s", path)
	}
	return url.Values{"id": {m[1]}, "made": {fmt.Sprint(testNow.Add(-time.Minute).Unix())}, "secret": {m[3]}, "name": {name}, "email": {privateAddress}, "text": {text}}
}

// sendComment sends a comment as a stranger and returns the path of its author's link.
func (s *site) sendComment(t *testing.T, name, text string) string {
	t.Helper()
	a := s.post("/en/p/goals/comments", s.commentForm(t, "/en/p/goals", name, text))
	to := a.header.Get("Location")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(to, "/en/p/goals/comment/") || !strings.HasSuffix(to, "?new=1") {
		t.Fatalf("%d %s %s", a.status, to, textOf(a.body))
	}
	return strings.TrimSuffix(to, "?new=1")
}

// moderate decides as the team does.
func (s *site) moderate(t *testing.T, id int, form url.Values) answer {
	t.Helper()
	if form.Get("version") == "" {
		form.Set("version", "1")
	}
	return s.post(fmt.Sprint("/en/polls/1/comments/", id), form)
}

func (s *site) asStranger(do func()) {
	team := s.client
	s.client = newClient()
	do()
	s.client = team
}

// contains fails for each text that is missing, and for each that must not be there.
func contains(t *testing.T, where, page string, want, absent []string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("%s: no %q in\n%s", where, w, textOf(page))
		}
	}
	for _, a := range absent {
		if strings.Contains(strings.ToLower(page), strings.ToLower(a)) {
			t.Errorf("%s: %q is in\n%s", where, a, textOf(page))
		}
	}
}

// The whole way of a comment over HTTP, and what each of the three sees on it.
func TestComment(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	public := []string{"/en/p/goals", "/de/p/goals/results", "/en/p/goals/comments", "/en/p/goals?framed=1"}
	readers := func(want, absent []string) {
		t.Helper()
		s.asStranger(func() {
			for _, path := range public {
				contains(t, path, s.page(path), want, append(absent, privateAddress))
			}
		})
	}
	var link string
	s.asStranger(func() {
		contains(t, "German", s.page("/de/p/goals"), []string{"Ihre E-Mail-Adresse wird nicht veröffentlicht"}, nil)
		contains(t, "English", s.page("/en/p/goals"), []string{"Your e-mail address will not be published"}, nil)
		link = s.sendComment(t, "Ada <b>", "First line\n<script>alert(1)</script> http://a.example")
		a := s.get(link + "?new=1")
		contains(t, "author", a.body, []string{"Waits until a person", link, "First line"}, []string{privateAddress, "<script>alert"})
		for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Content-Encoding": ""} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s\ngot:  %q\nwant: %q", name, got, want)
			}
		}
		contains(t, "the link is shown once", s.page(link), nil, []string{"A personal link", `action="/en/theme"`})
	})
	readers(nil, []string{"First line"})
	contains(t, "moderation", s.page("/en/polls/1/comments"), []string{"Waiting (1)", "There are links in it", "left an e-mail address", "&lt;script&gt;"}, []string{privateAddress, "<script>alert"})
	contains(t, "polls", s.page("/en/polls"), []string{"1 comment waits"}, nil)
	if a := s.moderate(t, 1, url.Values{"do": {"approve"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	if a := s.moderate(t, 1, url.Values{"do": {"reply"}, "reply": {"Thank you\u202e, Ada"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.status, textOf(a.body))
	}
	readers([]string{"First line\n&lt;script&gt;alert(1)", "Ada &lt;b&gt;", "Team", "Thank you, Ada", "Musterwerk"}, []string{"<script>alert", `href="http://a.example`})
	s.asStranger(func() {
		if a := s.post(link, url.Values{"do": {"change"}, "name": {"Ada"}, "text": {"Second text"}}); a.status != http.StatusSeeOther || a.header.Get("Location") != link+"?changed=1" {
			t.Errorf("change: %d %s", a.status, a.header.Get("Location"))
		}
		contains(t, "author", s.page(link), []string{"the earlier one stays", "Second text", "First line"}, nil)
	})
	readers([]string{"First line"}, []string{"Second text"})
	if a := s.moderate(t, 1, url.Values{"do": {"approve"}, "version": {"1"}}); a.status != http.StatusConflict {
		t.Errorf("a text that nobody read was approved: %d", a.status)
	}
	if a := s.moderate(t, 1, url.Values{"do": {"refuse"}, "version": {"2"}, "reason": {"No second thoughts"}}); a.status != http.StatusSeeOther {
		t.Errorf("%d", a.status)
	}
	s.asStranger(func() {
		contains(t, "author", s.page(link), []string{"The new text is not published", "No second thoughts"}, []string{"anna"})
	})
	readers([]string{"First line"}, []string{"Second text", "No second thoughts"})
	s.moderate(t, 1, url.Values{"do": {"back"}, "version": {"2"}})
	s.moderate(t, 1, url.Values{"do": {"approve"}, "version": {"2"}})
	readers([]string{"Second text"}, []string{"First line"})
	if a := s.post("/en/polls/1/close", nil); a.status != http.StatusSeeOther {
		t.Errorf("%d", a.status)
	}
	readers([]string{"Second text", "<textarea"}, nil)
	if a := s.post("/en/polls/1/comments", url.Values{}); a.status != http.StatusSeeOther {
		t.Errorf("comments off: %d", a.status)
	}
	s.asStranger(func() {
		contains(t, "ended", s.page("/en/p/goals/comments"), []string{"Second text", "No more comments"}, []string{"<textarea"})
		if a := s.post("/en/p/goals/comments", url.Values{"name": {"Eve"}}); a.status != http.StatusConflict {
			t.Errorf("a comment where they ended: %d", a.status)
		}
		if a := s.post(link, url.Values{"do": {"change"}, "name": {"Ada"}, "text": {"Third"}}); a.status != http.StatusConflict {
			t.Errorf("a change where they ended: %d", a.status)
		} else {
			contains(t, "the error", a.body, nil, []string{`action="/en/theme"`})
		}
		for range 2 {
			if a := s.post(link, url.Values{"do": {"delete"}}); a.status != http.StatusSeeOther {
				t.Errorf("delete: %d", a.status)
			}
		}
		deleted := s.page(link)
		contains(t, "author", deleted, []string{"Deleted"}, []string{"Second text", "Thank you"})
		contains(t, "author", textOf(deleted), nil, []string{"Ada"}) // three letters may stand in an address by chance
	})
	readers(nil, []string{"Second text", "Thank you, Ada"})
}

// The same page again leads to the same comment for who has its secret; for anybody else
// it is another form, and nobody's link.
func TestCommentSentTwice(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	s.client = newClient()
	form := s.commentForm(t, "/en/p/goals/results", "Ada", "Once")
	first, again := s.post("/en/p/goals/comments", form), s.post("/en/p/goals/comments", form)
	if again.status != http.StatusSeeOther || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("%d %s", again.status, again.header.Get("Location"))
	}
	for name, change := range map[string]func(url.Values){
		"another text":   func(f url.Values) { f.Set("text", "Twice") },
		"another secret": func(f url.Values) { f.Set("secret", newSecret()) },
	} {
		f := url.Values{}
		for k, v := range form {
			f[k] = slices.Clone(v)
		}
		change(f)
		a := s.post("/en/p/goals/comments", f)
		if a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, form.Get("secret")) || strings.Contains(a.body, form.Get("id")) || a.header.Get("Location") != "" {
			t.Errorf("%s: %d %s", name, a.status, textOf(a.body))
		}
		contains(t, name, a.body, []string{"sent once already", f.Get("text")}, nil)
	}
	for _, secret := range []string{"", "x", strings.Repeat("A", 43) + "=", strings.Repeat("A", 42), strings.Repeat("é", 43)} {
		f := s.commentForm(t, "/en/p/goals", "Ada", "weak")
		f.Set("secret", secret)
		if a := s.post("/en/p/goals/comments", f); a.status != http.StatusUnprocessableEntity {
			t.Errorf("secret %q: %d", secret, a.status)
		}
		if a := s.get("/en/p/goals/comment/" + url.PathEscape(secret)); a.status != http.StatusNotFound {
			t.Errorf("secret %q opens: %d", secret, a.status)
		}
	}
	if n := s.heldComments(t); n != 1 {
		t.Errorf("\ngot:  %d comments\nwant: 1", n)
	}
}

func (s *site) heldComments(t *testing.T) int {
	t.Helper()
	counts, err := s.server.DB.CommentCounts(context.Background(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	return counts[goalpost.CommentHeld]
}

// What is wrong is said beside the form, which keeps what was typed; signals flag and
// never refuse; the same device shows for a day only.
func TestCommentRefusedAndFlagged(t *testing.T) {
	clock := &testClock{}
	s := newSite(t, func(s *Server) { s.Now = clock.now })
	s.setUp("en")
	s.askReaders(t, 0)
	if a := s.post("/en/polls/1/comments", url.Values{"comments": {"1"}, "email_required": {"1"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	for name, c := range map[string]struct{ field, value, want string }{
		"no name":   {"name", "\u200b", "Write a name"},
		"no text":   {"text", " ", "Write a comment"},
		"long text": {"text", strings.Repeat("x", 5001), "up to 5,000 letters"},
		"long name": {"name", strings.Repeat("x", 81), "up to 80"},
		"no e-mail": {"email", "", "Write an e-mail address"},
		"no mail":   {"email", "nobody", "no e-mail address"},
		"header":    {"email", "a@b.example\r\nBcc: c@d.example", "no e-mail address"},
		"no page":   {"id", "1", "not complete"},
	} {
		form := s.commentForm(t, "/en/p/goals", "Ada", "Kept text")
		form.Set(c.field, c.value)
		a := s.post("/en/p/goals/comments", form)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s", name, a.status, textOf(a.body))
		}
		if c.field != "text" && !strings.Contains(a.body, "Kept text") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	big := s.commentForm(t, "/en/p/goals", "Ada", strings.Repeat("x", formLimit+1))
	if a := s.post("/en/p/goals/comments", big); a.status < 400 || a.status >= 500 {
		t.Errorf("an enormous body: %d", a.status)
	}
	if n := s.heldComments(t); n != 0 {
		t.Fatalf("%d comments were kept", n)
	}
	send := func(name, text, made, website string) {
		t.Helper()
		form := s.commentForm(t, "/en/p/goals", name, text)
		form.Set("made", made)
		form.Set("website", website)
		if a := s.post("/en/p/goals/comments", form); a.status != http.StatusSeeOther {
			t.Errorf("%s: %d %s", text, a.status, textOf(a.body))
		}
	}
	at := func(d time.Duration) string { return fmt.Sprint(clock.now().Add(-d).Unix()) }
	send("Ada", "one", at(time.Minute), "")
	send("anna", "ONE", at(time.Second), "http://spam.example")
	send("Musterwerk team", "three", at(48*time.Hour), "")
	send("Ada", "four", "nonsense", "")
	clock.pass(24 * time.Hour)
	send("Ada", "five", at(time.Minute), "")
	list, err := s.server.DB.Comments(context.Background(), 1, 1, goalpost.CommentHeld, 10, 0)
	if err != nil || len(list) != 5 {
		t.Fatalf("%d %v", len(list), err)
	}
	slices.Reverse(list)
	for i, want := range [][]string{nil, {"fast", "trap", "team_name", "same_text"}, {"stale", "team_name"}, {"stale", "rate"}, nil} {
		if got := list[i].Flags; !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s\ngot:  %v\nwant: %v", list[i].Waiting.Text, got, want)
		}
	}
}

// An address that somebody writes where all would read it is pointed out, under any
// domain; so is the team's name in wide, bold or accented letters.
func TestCommentSignalsOfLetters(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	for i, c := range []struct {
		name, text string
		want       string
	}{
		{"ann@hotmail.fr", "one", goalpost.FlagEmail},
		{"Ada", "write to ann@example.museum", goalpost.FlagEmail},
		{"Ｍｕｓｔｅｒｗｅｒｋ", "two", goalpost.FlagName},
		{"𝐌𝐮𝐬𝐭𝐞𝐫𝐰𝐞𝐫𝐤", "three", goalpost.FlagName},
		{"Müsterwerk", "four", goalpost.FlagName},
		{"Ada", "five @ eleven. Yes", ""},
	} {
		s.sendComment(t, c.name, c.text)
		got, err := s.server.DB.Comment(context.Background(), 1, goalpost.CommentID(i+1))
		if err != nil || slices.Contains(got.Flags, goalpost.FlagEmail) != (c.want == goalpost.FlagEmail) || slices.Contains(got.Flags, goalpost.FlagName) != (c.want == goalpost.FlagName) {
			t.Errorf("%s: %s\ngot:  %v %v\nwant: %s", c.name, c.text, got.Flags, err, c.want)
		}
	}
	contains(t, "moderation", s.page("/de/polls/1/comments"), []string{"Enthält eine E-Mail-Adresse"}, nil)
}

// The key that recognises a device lives one day and in memory only.
func TestOriginLivesADay(t *testing.T) {
	var o origins
	a, b, c := o.keyOf(100), o.keyOf(100), o.keyOf(101)
	var other origins
	if a != b || a == c || a == (origins{}).key || other.keyOf(100) == a {
		t.Error("the key must be the same within a day, and another one on the next and in another program")
	}
}

// Viewers do not read what waits; editors do not set or erase; strangers and other
// organisations do nothing at all.
func TestCommentRights(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	s.asStranger(func() { s.sendComment(t, "Ada", "Waiting words") })
	s.addUser(t, firstOrg, "victor", goalpost.RoleViewer)
	s.addUser(t, firstOrg, "edith", goalpost.RoleEditor)
	s.secondOrganisation(t)
	person := url.Values{"email": {privateAddress}, "do": {"export"}}
	try := func(who string, want map[string]int) {
		t.Helper()
		for call, status := range want {
			method, path, _ := strings.Cut(call, " ")
			a := answer{}
			if method == "GET" {
				a = s.get(path)
			} else {
				form := url.Values{"do": {"approve"}, "version": {"1"}}
				if strings.HasSuffix(path, "person") {
					form = person
				}
				a = s.post(path, form)
			}
			if a.status != status || (status != 200 && strings.Contains(a.body, "Waiting words")) {
				t.Errorf("%s %s\ngot:  %d\nwant: %d", who, call, a.status, status)
			}
		}
	}
	s.loginAs(t, "victor")
	try("viewer", map[string]int{"GET /en/polls/1": 200, "GET /en/polls/1/comments": 403, "POST /en/polls/1/comments/1": 403, "POST /en/polls/1/comments": 403, "GET /en/settings/person": 403, "POST /en/settings/person": 403})
	if strings.Contains(s.page("/en/polls/1"), "Read comments") {
		t.Error("a viewer is led to what they may not read")
	}
	s.loginAs(t, "edith")
	try("editor", map[string]int{"GET /en/polls/1/comments": 200, "POST /en/polls/1/comments": 403, "GET /en/settings/person": 403, "POST /en/settings/person": 403})
	s.loginAs(t, "eve")
	try("another organisation", map[string]int{"GET /en/polls/1/comments": 404, "POST /en/polls/1/comments/1": 404, "POST /en/polls/1/comments": 404, "POST /en/settings/person": 404})
	s.client = newClient()
	try("stranger", map[string]int{"GET /en/polls/1/comments": 303, "POST /en/polls/1/comments/1": 303, "POST /en/settings/person": 303})
	if n := s.heldComments(t); n != 1 {
		t.Errorf("somebody decided: %d wait", n)
	}
	s.loginAs(t, "eve")
	if a := s.post("/en/polls", url.Values{"slug": {"lunch"}, "question_en": {"Lunch?"}, "address": {"du"}, "options": {"Soup\nBread\n"}, "comments": {"1"}}); a.status != http.StatusSeeOther {
		t.Fatalf("%d", a.status)
	}
	if a := s.moderate(t, 1, url.Values{"do": {"approve"}}); a.status != http.StatusNotFound {
		t.Errorf("a comment of another organisation's poll with the same numbers: %d", a.status)
	}
	contains(t, "du", s.page("/de/p/lunch"), []string{"Deine E-Mail-Adresse wird nicht veröffentlicht"}, []string{"Ihre E-Mail"})
}

// Another site can send nothing on behalf of the team. An author's address is its own
// proof, also where the browser hides where it comes from.
func TestCommentFromAnotherSite(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	var link string
	s.asStranger(func() { link = s.sendComment(t, "Ada", "Words") })
	send := func(path string, form url.Values, origin, site string) int {
		r, err := http.NewRequest(http.MethodPost, s.base+path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		return s.do(r).status
	}
	for _, path := range []string{"/en/polls/1/comments/1", "/en/polls/1/comments", "/en/settings/person", "/en/p/goals/comments"} {
		if status := send(path, url.Values{"do": {"approve"}, "version": {"1"}}, "https://evil.example", "cross-site"); status != http.StatusForbidden {
			t.Errorf("%s: %d", path, status)
		}
	}
	if status := send(link, url.Values{"do": {"change"}, "name": {"Ada"}, "text": {"New"}}, "null", ""); status != http.StatusSeeOther {
		t.Errorf("the author without a referrer: %d", status)
	}
}

// No page, file, answer or log line tells an address, and no log a secret, whatever goes
// wrong; in the database it is not in clear.
func TestEmailIsNowhere(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 10)
	var links []string
	s.asStranger(func() {
		for i := range 3 {
			links = append(links, s.sendComment(t, fmt.Sprint("Reader ", i), fmt.Sprint("Text ", i)))
		}
	})
	s.moderate(t, 1, url.Values{"do": {"approve"}})
	s.moderate(t, 2, url.Values{"do": {"refuse"}, "reason": {"No"}})
	paths := []string{"/en/polls", "/en/polls/1", "/en/polls/1/comments", "/en/polls/1/comments?state=approved", "/en/polls/1/comments?state=refused", "/en/settings", "/en/settings/person",
		"/en/p/goals", "/en/p/goals/comments", "/en/p/goals/results", "/en/p/goals/results.csv", "/en/p/goals/results.svg", "/en/posts.csv", "/en/goals", links[0], links[1] + "?new=1", links[2]}
	before := s.dump(t)
	seen := map[string]bool{}
	href := regexp.MustCompile(`href="(/(?:en|de)/[^"#]*)"`)
	for len(paths) > 0 && len(seen) < 200 {
		path := paths[0]
		paths = paths[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		a := s.get(path)
		contains(t, path, a.body, nil, []string{privateAddress, "hidden.example"})
		for _, m := range href.FindAllStringSubmatch(a.body, -1) {
			paths = append(paths, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	if after := s.dump(t); after != before {
		t.Error("a GET wrote")
	}
	if len(seen) < 40 {
		t.Errorf("only %d pages seen", len(seen))
	}
	found := s.post("/en/settings/person", url.Values{"email": {privateAddress}, "do": {"find"}})
	contains(t, "found", found.body, []string{"3 comments found"}, []string{"hidden.example"})
	for name, form := range map[string]url.Values{"by number": {"comment": {"1"}, "do": {"export"}}, "not sure": {"email": {privateAddress}, "do": {"erase"}}, "unknown": {"email": {"x." + privateAddress}}, "neither": {}, "number": {"comment": {"-1"}}} {
		contains(t, name, s.post("/en/settings/person", form).body, nil, []string{"hidden.example"})
	}
	own := s.post("/en/settings/person", url.Values{"email": {privateAddress}, "do": {"export"}})
	contains(t, "the person's own export", own.body, []string{privateAddress, "Text 2", `"state": "refused"`}, nil)
	if own.header.Get("Cache-Control") != "no-store" {
		t.Error("the export may be cached")
	}
	if err := os.WriteFile(s.server.DataDir+".key", []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), s.server.DataDir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sound := s.server.DB
	s.use(db)
	s.asStranger(func() {
		form := s.commentForm(t, "/en/p/goals", "Late", "Without a key")
		a := s.post("/en/p/goals/comments", form)
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
			t.Errorf("%d %v", a.status, a.header)
		}
		contains(t, "without a key", a.body, []string{"cannot be kept at this moment", "Without a key"}, []string{s.server.DataDir})
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for _, link := range links {
			s.get(link)
			s.post(link, url.Values{"do": {"delete"}})
		}
	})
	s.use(sound)
	log := s.log.String()
	if !strings.Contains(log, "/comment/***") || !strings.Contains(log, "e-mail addresses of comments cannot be kept") {
		t.Errorf("the log does not tell what went wrong:\n%s", log)
	}
	secrets := []string{"hidden.example"}
	for _, link := range links {
		secrets = append(secrets, link[strings.LastIndex(link, "/")+1:])
	}
	contains(t, "log", log, nil, secrets)
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(s.server.DataDir, store.File+suffix))
		if err != nil {
			t.Fatal(err)
		}
		contains(t, "database", string(data), nil, secrets)
	}
}

// An owner erases a person: nothing of them is left, and the answer says where they still
// are.
func TestErasePerson(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	var link string
	s.asStranger(func() { link = s.sendComment(t, "Ada-to-forget", "Words-to-forget") })
	s.moderate(t, 1, url.Values{"do": {"approve"}})
	s.moderate(t, 1, url.Values{"do": {"reply"}, "reply": {"Reply-to-forget"}})
	form := url.Values{"email": {strings.ToUpper(privateAddress)}, "do": {"erase"}}
	if a := s.post("/en/settings/person", form); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without being sure: %d", a.status)
	}
	form.Set("sure", "1")
	a := s.post("/en/settings/person", form)
	contains(t, "erased", a.body, []string{"1 comment is erased", "Backups from before still hold them"}, []string{"to-forget"})
	if a := s.post("/en/settings/person", form); a.status != http.StatusNotFound {
		t.Errorf("again: %d", a.status)
	}
	for _, path := range []string{"/en/p/goals/comments", "/en/polls/1/comments?state=approved", link} {
		contains(t, path, s.page(path), nil, []string{"to-forget"})
	}
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(s.server.DataDir, store.File+suffix))
		if err != nil {
			t.Fatal(err)
		}
		contains(t, "database"+suffix, string(data), nil, []string{"to-forget"})
	}
}

// Many comments at once, each sent twice: what was answered with 303 is there once, and
// its author's link opens.
func TestCommentsAreNotLost(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	const n = 120
	var lost, taken atomic.Int64
	var workers sync.WaitGroup
	for w := range 8 {
		workers.Go(func() {
			client := newClient()
			for i := range n / 8 {
				form := url.Values{"id": {newUUID()}, "secret": {newSecret()}, "made": {"0"}, "name": {"Ada"}, "text": {fmt.Sprint("Words ", w, " ", i)}, "email": {privateAddress}}
				for range 2 {
					r, err := client.PostForm(s.base+"/en/p/goals/comments", form)
					if err != nil {
						t.Error(err)
						return
					}
					_ = r.Body.Close()
					if r.StatusCode != http.StatusSeeOther {
						lost.Add(1)
						continue
					}
					if to := r.Header.Get("Location"); !strings.Contains(to, form.Get("secret")) {
						t.Errorf("to %s", to)
					}
				}
				c, err := s.server.DB.CommentByLink(context.Background(), 1, 1, linkHash(form.Get("secret")))
				if err == nil && c.Waiting.Text == form.Get("text") {
					taken.Add(1)
				}
			}
		})
	}
	workers.Wait()
	if got := s.heldComments(t); int64(got) != taken.Load() || int64(n)-taken.Load() > lost.Load() {
		t.Errorf("%d are there, %d found by their link, %d answers were no", got, taken.Load(), lost.Load())
	}
}

// A queue that is full says when to come back, whatever was sent.
func TestFullQueueSaysWhenToRetry(t *testing.T) {
	s := newSite(t, nil)
	w := httptest.NewRecorder()
	s.server.handle(func(http.ResponseWriter, *http.Request) error {
		return goalpost.Errorf(goalpost.Unavailable, "error.store.busy")
	}).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/en/p/goals", nil))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// A reader comments, the team publishes and answers, the author changes and deletes: in
// both languages, once without scripts.
func TestBrowserComment(t *testing.T) {
	for _, c := range []struct {
		lang    string
		scripts bool
	}{{"en", true}, {"de", true}, {"de", false}} {
		name := c.lang
		if !c.scripts {
			name += " without scripts"
		}
		t.Run(name, func(t *testing.T) { walkComment(t, c.lang, c.scripts) })
	}
}

func walkComment(t *testing.T, lang string, scripts bool) {
	s := newSite(t, nil)
	s.setUp(lang)
	s.askReaders(t, 0)
	team, b := browsertest.New(t), browsertest.New(t)
	enter(team, s)
	for _, x := range []*browsertest.Browser{team, b} {
		x.Viewport(390, 844, true)
		if !scripts {
			x.ScriptsOff()
		}
	}
	look := func(x *browsertest.Browser, name string) {
		t.Helper()
		if scripts {
			check(t, x, name)
		}
		picture(x, "comment-"+name+"-"+lang)
	}
	sees := func(x *browsertest.Browser, want, absent string) {
		t.Helper()
		if text := x.Text("main"); !strings.Contains(text, want) || (absent != "" && strings.Contains(text, absent)) {
			t.Errorf("want %q and no %q in\n%s", want, absent, text)
		}
	}
	b.Open(s.base + "/" + lang + "/p/goals")
	look(b, "form")
	b.Fill("#name", "Ada")
	b.Fill("#email", privateAddress)
	b.Fill("#text", "The first words.")
	b.Follow("#comments form button")
	sees(b, "The first words.", privateAddress)
	look(b, "author")
	link := strings.TrimSuffix(b.URL(), "?new=1")
	if !b.Exists(".secret a") {
		t.Error("the link is not shown")
	}
	team.Open(s.base + "/" + lang + "/polls/1")
	look(team, "team")
	team.Open(s.base + "/" + lang + "/polls/1/comments")
	sees(team, "The first words.", privateAddress)
	team.Click("article details:last-of-type summary")
	look(team, "moderation")
	team.Fill("article textarea", "Thank you, Ada.")
	team.Follow("article button[value=reply]")
	team.Follow("article button[value=approve]")
	b.Open(s.base + "/" + lang + "/p/goals/results")
	sees(b, "The first words.", privateAddress)
	sees(b, "Thank you, Ada.", "")
	look(b, "public")
	b.Open(link)
	if b.Exists(".secret a") {
		t.Error("the link is shown again")
	}
	b.Fill("#text", "Other words.")
	b.Follow("button[value=change]")
	look(b, "held-again")
	b.Open(s.base + "/" + lang + "/p/goals")
	sees(b, "The first words.", "Other words.")
	team.Open(s.base + "/" + lang + "/polls/1/comments")
	look(team, "moderation-change")
	team.Follow("article button[value=approve]")
	b.Open(s.base + "/" + lang + "/p/goals/comments")
	sees(b, "Other words.", "The first words.")
	look(b, "all")
	b.Open(link)
	b.Click("details summary")
	b.Follow("button[value=delete]")
	sees(b, map[string]string{"en": "Deleted", "de": "Gelöscht"}[lang], "Other words.")
	look(b, "deleted")
	b.Open(s.base + "/" + lang + "/p/goals/comments")
	sees(b, "", "Other words.")
	team.Open(s.base + "/" + lang + "/settings/person")
	look(team, "person")
}
