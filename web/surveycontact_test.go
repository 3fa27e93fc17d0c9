package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"goalpost"
	"goalpost/store"
)

var hiddenValue = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)">`)

// contactForm opens the page for an address and fills in what a person would.
func (s *site) contactForm(t *testing.T, email string) url.Values {
	t.Helper()
	form := url.Values{"email": {email}, "results": {"1"}, "agreed": {"1"}}
	for _, m := range hiddenValue.FindAllStringSubmatch(s.page("/s/wishes/contact?lang=en"), -1) {
		form.Set(m[1], strings.ReplaceAll(m[2], "&#43;", "+"))
	}
	return form
}

// A respondent leaves an address, once however often the form is sent; what is missing is
// asked for, and what was typed is not shown again.
func TestSurveyContact(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	a := s.readingSurvey(t, nil)
	receipt := s.answered(t, a, 1, `{"why":{"choices":["news"]}}`, true).Receipt
	s.asStranger(func() {
		contains(t, "form", s.page("/s/wishes/contact?lang=de"), []string{"E-Mail-Adresse hinterlassen", "Sie dürfen mir schreiben.", "Nichts führt vom einen zum anderen"}, []string{"Set-Cookie"})
		for name, c := range map[string]struct {
			change func(url.Values)
			want   int
			says   string
		}{
			"no address":     {func(f url.Values) { f.Del("email") }, 422, "An e-mail address is missing"},
			"no address yet": {func(f url.Values) { f.Set("email", "nobody-at-all") }, 422, "is no e-mail address"},
			"not agreed":     {func(f url.Values) { f.Del("agreed") }, 422, "Please tick that this is agreed to"},
			"for nothing":    {func(f url.Values) { f.Del("results") }, 422, "what the address is for"},
			"no page":        {func(f url.Values) { f.Set("render_token", "x.y") }, 422, "not complete"},
			"another text":   {func(f url.Values) { f.Set("setting", "7") }, 409, "changed meanwhile"},
		} {
			form := s.contactForm(t, privateAddress)
			c.change(form)
			got := s.post("/s/wishes/contact?lang=en", form)
			if got.status != c.want {
				t.Errorf("%s: %d, want %d", name, got.status, c.want)
			}
			contains(t, name, got.body, []string{c.says}, []string{"hidden.example", "nobody-at-all"})
		}
		form := s.contactForm(t, privateAddress)
		form.Set("receipt", receipt)
		for range 2 {
			if got := s.post("/s/wishes/contact?lang=en", form); got.status != http.StatusSeeOther || len(got.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%d %v", got.status, got.header)
			}
		}
		contains(t, "thanks", s.page("/s/wishes/contact?done=1&lang=de"), []string{"Ihre Adresse ist gespeichert"}, nil)
	})
	list, _, err := s.server.DB.SurveyContacts(context.Background(), firstOrg, 1)
	if err != nil || len(list) != 1 || list[0].Answer != "" || !list[0].Results || list[0].Prize || list[0].SettingVersion != 1 {
		t.Errorf("in an anonymous survey: %+v %v", list, err)
	}
	if got := s.get("/s/nothing/contact"); got.status != http.StatusNotFound {
		t.Errorf("no such survey: %d", got.status)
	}
}

// The page after the last question asks for the address in a form of its own: in an
// anonymous survey nothing in it leads to the answer.
func TestContactAfterTheLastQuestion(t *testing.T) {
	for _, anonymous := range []bool{true, false} {
		s := newSite(t, nil)
		s.setUp("en")
		a := s.readingSurvey(t, func(v *goalpost.Survey) { v.Settings.Anonymous = anonymous })
		receipt := s.answered(t, a, 1, `{"why":{"choices":["news"]}}`, true).Receipt
		s.asStranger(func() {
			page := s.page("/s/wishes/r/" + readingID(1) + "/resume-secret-1?lang=de")
			contains(t, "thanks", page, []string{receipt, "Sie dürfen mir schreiben.", `action="/s/wishes/contact?lang=de"`}, []string{"Set-Cookie"})
			_, apart, _ := strings.Cut(page, `action="/s/wishes/contact`)
			if strings.Contains(apart, receipt) == anonymous || strings.Contains(apart, readingID(1)) {
				t.Errorf("anonymous %t: %s", anonymous, apart)
			}
			form := url.Values{"email": {privateAddress}, "results": {"1"}, "agreed": {"1"}}
			for _, m := range hiddenValue.FindAllStringSubmatch(apart, -1) {
				form.Set(m[1], strings.ReplaceAll(m[2], "&#43;", "+"))
			}
			if got := s.post("/s/wishes/contact?lang=de", form); got.status != http.StatusSeeOther {
				t.Errorf("%d\n%s", got.status, textOf(got.body))
			}
		})
		list, _, err := s.server.DB.SurveyContacts(context.Background(), firstOrg, 1)
		if err != nil || len(list) != 1 || (list[0].Answer == "") != anonymous {
			t.Errorf("anonymous %t: %+v %v", anonymous, list, err)
		}
	}
}

// In a survey that is not anonymous the receipt leads from the address to the answer, and
// whoever asks to be forgotten is forgotten with it.
func TestErasePersonOfSurvey(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	a := s.readingSurvey(t, func(v *goalpost.Survey) { v.Settings.Anonymous = false })
	receipt := s.answered(t, a, 1, `{"more":{"text":"planted-answer"}}`, true).Receipt
	s.answered(t, a, 2, `{"more":{"text":"somebody-else"}}`, true)
	s.asStranger(func() {
		form := s.contactForm(t, privateAddress)
		form.Set("receipt", receipt)
		if got := s.post("/s/wishes/contact", form); got.status != http.StatusSeeOther {
			t.Fatalf("%d\n%s", got.status, textOf(got.body))
		}
	})
	invite := func(address, name string) goalpost.Invitation {
		e, err := goalpost.ParsePrivateEmail(address)
		if err != nil {
			t.Fatal(err)
		}
		return goalpost.Invitation{Survey: 1, Email: e, Columns: map[string]string{"Name": name}}
	}
	list := []goalpost.Invitation{invite(privateAddress, "planted-name"), invite("other@example.com", "another-name")}
	if n, err := s.server.DB.AddInvitations(context.Background(), firstOrg, 1, list, testNow); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	ask := url.Values{"email": {strings.ToUpper(privateAddress)}, "do": {"find"}}
	contains(t, "found", s.post("/en/settings/person", ask).body, []string{"1 e-mail address from surveys", "1 invitation to surveys", "not answered yet", "1 answer to surveys", "wants to be told the results"}, []string{"hidden.example"})
	ask.Set("do", "export")
	contains(t, "export", s.post("/en/settings/person", ask).body, []string{"planted-answer", "planted-name", "You may write to me.", `"sent"`}, []string{"somebody-else", "another-name", "resume-secret"})
	ask.Set("do", "erase")
	ask.Set("sure", "1")
	contains(t, "erased", s.post("/en/settings/person", ask).body, []string{"Also erased: 1 e-mail address from surveys, 1 invitation and 1 answer."}, []string{"planted"})
	if again := s.post("/en/settings/person", ask); again.status != http.StatusNotFound {
		t.Errorf("again: %d", again.status)
	}
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(s.server.DataDir, store.File+suffix))
		if err != nil {
			t.Fatal(err)
		}
		contains(t, "database"+suffix, string(data), nil, []string{"planted"})
	}
	contains(t, "the other", s.page("/en/surveys/1/answers/open?question=more"), []string{"somebody-else"}, nil)
	if left, _, err := s.server.DB.InvitationsOf(context.Background(), firstOrg, list[1].Email); err != nil || len(left) != 1 {
		t.Errorf("the other's invitation: %v %v", left, err)
	}
}

// A thousand addresses stand on no page, in no file, no answer of the API and no log line,
// and in the database not in clear.
func TestAddressesOfRespondentsAreNowhere(t *testing.T) {
	s, _ := readingSite(t)
	ctx := context.Background()
	for i := range 1000 {
		email, err := goalpost.ParsePrivateEmail(fmt.Sprintf("planted.%03d@hidden.example", i))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.server.DB.AddSurveyContact(ctx, firstOrg, goalpost.SurveyContact{ID: readingID(i), Survey: 1, Email: email, Results: i%2 == 0, Prize: i%2 == 1, SettingVersion: 1, Day: 20000}); err != nil {
			t.Fatal(err)
		}
	}
	contains(t, "how many", s.page("/en/surveys/1"), []string{"500 for the results, 500 for the draw", "goalpost survey contacts wishes --results"}, nil)
	paths := []string{"/en/surveys/1", "/de/surveys/1", "/en/surveys/1/live", "/en/surveys/1/answers.csv", "/en/surveys/1/answers.json", "/en/surveys/1/answers.xlsx", "/en/surveys/1/answers.sav", "/en/surveys/1/answers.ddi", "/en/surveys/1/answers/open", "/s/wishes/contact", "/s/wishes/contact?done=1", "/en/settings/person", "/api/v1/openapi.json"}
	before := s.dump(t)
	seen := map[string]bool{}
	href := regexp.MustCompile(`href="(/(?:en|de|s)/[^"#]*)"`)
	for len(paths) > 0 && len(seen) < 200 {
		path := paths[0]
		paths = paths[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		got := s.get(path)
		contains(t, path, got.body, nil, []string{"hidden.example", "planted."})
		for _, m := range href.FindAllStringSubmatch(got.body, -1) {
			paths = append(paths, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d pages seen", len(seen))
	}
	if after := s.dump(t); after != before {
		t.Error("a GET wrote")
	}
	found := s.post("/en/settings/person", url.Values{"email": {"planted.123@hidden.example"}, "do": {"find"}})
	contains(t, "found", found.body, []string{"1 e-mail address from surveys"}, []string{"hidden.example"})
	contains(t, "log", s.log.String(), nil, []string{"hidden.example"})
	err := filepath.WalkDir(s.server.DataDir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), "hidden.example") {
			t.Errorf("%s holds an address", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
