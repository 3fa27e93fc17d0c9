package web

import (
	"context"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"goalpost"
	"goalpost/browsertest"
)

var tokenField = regexp.MustCompile(`value="(goalpost_[^"]+)"`)

// An owner makes a token, which is shown once, sees when it was used, and removes it.
func TestTokensPage(t *testing.T) {
	for lang, w := range map[string]struct{ made, unused, used, removed, taken, empty, owner string }{
		"en": {"The token “Shop & Co” is made", "never used", "last used on 15 March 2026", "The token “Shop & Co” is removed", "There is already a token", "Please enter a name", "read, change, erase answers"},
		"de": {"Der Token „Shop & Co“ ist angelegt", "noch nie benutzt", "zuletzt benutzt am 15. März 2026", "Der Token „Shop & Co“ ist entfernt", "gibt es schon", "Bitte geben Sie einen Namen", "lesen, ändern, Antworten löschen"},
	} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t, nil)
			s.setUp(lang)
			page := "/" + lang + "/settings/tokens"
			if !strings.Contains(s.page("/"+lang+"/settings"), page) {
				t.Error("the settings do not lead to the tokens")
			}
			form := url.Values{"name": {"Shop & Co"}, "role": {"viewer"}}
			a := s.post(page, form)
			if a.status != 200 || !strings.Contains(textOf(a.body), w.made) || a.header.Get("Cache-Control") != "no-store" {
				t.Fatalf("%d %s", a.status, textOf(a.body))
			}
			found := tokenField.FindStringSubmatch(a.body)
			if found == nil {
				t.Fatalf("no token in %s", a.body)
			}
			token := html.UnescapeString(found[1])
			body := s.page(page)
			if strings.Contains(body, token[12:]) || !strings.Contains(textOf(body), w.unused) {
				t.Errorf("a token is shown once, its use always:\n%s", textOf(body))
			}
			if a := s.callAPI("GET", "/token", token, ""); a.status != 200 {
				t.Errorf("%d %s", a.status, a.body)
			}
			if text := textOf(s.page(page)); !strings.Contains(text, w.used) {
				t.Errorf("the day of the last use is missing:\n%s", text)
			}
			for _, wrong := range []struct {
				form url.Values
				says string
			}{{form, w.taken}, {url.Values{"name": {" "}, "role": {"viewer"}}, w.empty}, {url.Values{"name": {"x"}, "role": {"admin"}}, "viewer"}} {
				if a := s.post(page, wrong.form); a.status != 422 || !strings.Contains(textOf(a.body), wrong.says) || tokenField.MatchString(a.body) {
					t.Errorf("%v: %d %s", wrong.form, a.status, textOf(a.body))
				}
			}
			if a := s.post(page, url.Values{"name": {"Boss"}, "role": {"owner"}}); a.status != 200 || strings.Count(textOf(a.body), w.owner) != 2 {
				t.Errorf("a token of an owner says what it may: %d %s", a.status, textOf(a.body))
			}
			if a := s.post(page+"/1/remove", nil); a.status != 200 || !strings.Contains(textOf(a.body), w.removed) {
				t.Errorf("%d %s", a.status, textOf(a.body))
			}
			if a := s.post(page+"/1/remove", nil); a.status != 404 {
				t.Errorf("removed twice: %d", a.status)
			}
			if a := s.callAPI("GET", "/token", token, ""); a.status != 401 {
				t.Errorf("a removed token: %d %s", a.status, a.body)
			}
		})
	}
}

// Only owners let programs in, and only into their own organisation.
func TestTokensAreOfTheOwner(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	newToken(t, s, firstOrg, "Ours", goalpost.RoleViewer)
	for name, role := range map[string]goalpost.Role{"ed": goalpost.RoleEditor, "vi": goalpost.RoleViewer} {
		s.addUser(t, firstOrg, name, role)
		s.loginAs(t, name)
		if a := s.get("/en/settings/tokens"); a.status != 403 {
			t.Errorf("%s sees the tokens: %d", name, a.status)
		}
		if a := s.post("/en/settings/tokens", url.Values{"name": {"x"}, "role": {"editor"}}); a.status != 403 {
			t.Errorf("%s makes a token: %d", name, a.status)
		}
		if a := s.post("/en/settings/tokens/1/remove", nil); a.status != 403 {
			t.Errorf("%s removes a token: %d", name, a.status)
		}
		if strings.Contains(s.page("/en/settings"), "/settings/tokens") {
			t.Errorf("%s is led to the tokens", name)
		}
	}
	s.secondOrganisation(t)
	s.loginAs(t, "eve")
	if strings.Contains(s.page("/en/settings/tokens"), "Ours") {
		t.Error("a token of another organisation is shown")
	}
	if a := s.post("/en/settings/tokens/1/remove", nil); a.status != 404 {
		t.Errorf("a token of another organisation is removed: %d", a.status)
	}
	if list, err := s.server.DB.Tokens(context.Background(), firstOrg); err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
}

// The page of the tokens as a person uses it, in both languages.
func TestBrowserTokens(t *testing.T) {
	for _, lang := range []string{"en", "de"} {
		t.Run(lang, func(t *testing.T) {
			s := newSite(t, nil)
			s.setUp(lang)
			b := browsertest.New(t)
			b.Language(lang)
			b.Open(s.base + "/" + lang + "/login")
			b.Fill("#name", "anna")
			b.Fill("#password", testPassword)
			b.Follow("main form button")
			browse(t, b, s, "/"+lang+"/settings/tokens")
			b.Fill("#name", "Shop")
			b.Follow("main form button:not(.quiet)")
			check(t, b, "a token was made")
			picture(b, "tokens-"+lang)
			if token := b.Value("#token"); !strings.HasPrefix(token, "goalpost_1_") {
				t.Errorf("%q", token)
			} else if a := s.callAPI("GET", "/token", token, ""); a.status != 200 {
				t.Errorf("%d %s", a.status, a.body)
			}
			b.Follow("main li form button")
			check(t, b, "a token was removed")
		})
	}
}
