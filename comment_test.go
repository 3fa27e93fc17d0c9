package goalpost_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"goalpost"
)

func email(t *testing.T, s string) goalpost.PrivateEmail {
	t.Helper()
	e, err := goalpost.ParsePrivateEmail(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// An address is hidden however it is printed, logged or encoded, alone or inside
// something else.
func TestPrivateEmailIsHidden(t *testing.T) {
	e := email(t, "ada@example.com")
	holder := struct {
		Name  string
		Email goalpost.PrivateEmail
		List  []goalpost.PrivateEmail
		Map   map[string]*goalpost.PrivateEmail
	}{"Ada", e, []goalpost.PrivateEmail{e}, map[string]*goalpost.PrivateEmail{"a": &e}}
	comment := goalpost.NewComment{Email: e}
	var said []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %v", "%20v"} {
		for _, v := range []any{e, &e, holder, &holder, comment, []any{e}} {
			args := []any{v}
			if verb == "%T %v" {
				args = []any{v, v}
			}
			said = append(said, fmt.Sprintf(verb, args...))
		}
	}
	said = append(said, fmt.Sprint(e), fmt.Sprintln(holder), fmt.Errorf("failed with %v", holder).Error(), e.String(), e.GoString())
	for _, make := range []func(*bytes.Buffer) slog.Handler{
		func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		slog.New(make(&b)).Info("sent", "email", e, "pointer", &e, "holder", holder, "comment", comment)
		said = append(said, b.String())
		if !strings.Contains(b.String(), "***") {
			t.Errorf("an address logs as\n%s", b.String())
		}
	}
	for _, v := range []any{e, &e, holder, comment} {
		if b, err := json.Marshal(v); err == nil {
			t.Errorf("%T became JSON: %s", v, b)
		}
	}
	for _, encode := range []func() error{
		func() error { return gob.NewEncoder(&bytes.Buffer{}).Encode(e) },
		func() error { return xml.NewEncoder(&bytes.Buffer{}).Encode(e) },
	} {
		if encode() == nil {
			t.Error("an address was encoded")
		}
	}
	hex := fmt.Sprintf("%x", "ada@")
	for _, s := range said {
		if low := strings.ToLower(s); strings.Contains(low, "example") || strings.Contains(low, "ada@") || strings.Contains(low, hex) {
			t.Errorf("the address is told: %s", s)
		}
	}
	if e.Reveal() != "ada@example.com" {
		t.Error("the address is lost")
	}
}

// Only what encrypts, compares, answers the person, the command that prints the list of those
// who want to be written to, and what hands a list to the mail tool of an owner, may ask for
// the address itself.
func TestRevealIsRare(t *testing.T) {
	allowed := []string{"assess/person.go", "cmd/goalpost/surveycontacts.go", "privateemail.go", "store/email.go", "web/surveyinvitations.go"}
	var found []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte("Reveal()")) {
			found = append(found, filepath.ToSlash(path))
		}
		return err
	})
	if slices.Sort(found); err != nil || !slices.Equal(found, allowed) {
		t.Errorf("\ngot:  %v %v\nwant: %v", found, err, allowed)
	}
}

func TestParsePrivateEmail(t *testing.T) {
	for _, s := range []string{"ada@example.com", " Ada.Lovelace+x@mail.example.co.uk ", "jürgen@müller.example", "o'neil@example.com"} {
		if e, err := goalpost.ParsePrivateEmail(s); err != nil || e.Reveal() != strings.TrimSpace(s) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if e, err := goalpost.ParsePrivateEmail("  "); err != nil || !e.IsEmpty() {
		t.Errorf("nothing: %v", err)
	}
	for _, s := range []string{"ada", "ada@", "@example.com", "ada@localhost", "a b@example.com", "ada@exa mple.com", "ada@example.com, eve@example.com", "Ada <ada@example.com>",
		"ada@example.com\r\nBcc: eve@example.com", "ada@@example.com", "ada\x00@example.com", "ada\u202e@example.com", "ada@example.", strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("b", 260) + ".com"} {
		_, err := goalpost.ParsePrivateEmail(s)
		e, ok := errors.AsType[*goalpost.Error](err)
		if !ok || e.Field != "email" {
			t.Errorf("%q\ngot:  %v\nwant: an error of the field", s, err)
			continue
		}
		if strings.Contains(fmt.Sprintf("%v %+v", err, e), "example") {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
	if a, b := email(t, "Ada@Example.com"), email(t, "ada@example.COM"); !a.Same(b) || a.Same(email(t, "adb@example.com")) || (goalpost.PrivateEmail{}).Same(goalpost.PrivateEmail{}) {
		t.Error("comparison of addresses")
	}
}

func TestCommentClean(t *testing.T) {
	for _, c := range []struct{ name, text, wantName, wantText string }{
		{" Ada \t Lovelace\r\nBcc: x ", "a\r\nb\rc\n\n\n\nd  \n", "Ada Lovelace Bcc: x", "a\nb\nc\n\nd"},
		{"\u202eadA\u2066", "x\u200b\u200fy\ufeff\u0000\u0007z", "adA", "xyz"},
		{"نا\u200cم", "👩\u200d💻 ok", "نا\u200cم", "👩\u200d💻 ok"},
		{"Z" + strings.Repeat("\u0301", 50), "é" + strings.Repeat("\u0489", 50), "Z" + strings.Repeat("\u0301", 4), "é" + strings.Repeat("\u0489", 4)},
		{"\xff\xfeAda", "a\xffb", "Ada", "ab"},
		{"<b>Ada</b>", "<script>alert(1)</script>", "<b>Ada</b>", "<script>alert(1)</script>"},
		{"\u2800\u3164", "\u200b\u00ad\n \u2028", "", ""},
	} {
		got := goalpost.CommentText{Name: c.name, Text: c.text}.Clean()
		if got.Name != c.wantName || got.Text != c.wantText || got != got.Clean() {
			t.Errorf("\ngot:  %q\nwant: %q %q", got, c.wantName, c.wantText)
		}
	}
}

// What was cleaned stays what it is, is valid, and has nothing left that turns the
// direction of the page.
func FuzzCommentClean(f *testing.F) {
	for _, s := range []string{"Ada", "a\r\n\r\n\r\nb", "\u202e\u2066x", "👩\u200d💻", "Z\u0301\u0301\u0301\u0301\u0301\u0301", "\xff"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		got := goalpost.CommentText{Name: name, Text: text}.Clean()
		if got != got.Clean() || !utf8.ValidString(got.Name+got.Text) || strings.ContainsAny(got.Name+got.Text, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\r") || strings.Contains(got.Name, "\n") {
			t.Errorf("%q %q became %q", name, text, got)
		}
	})
}

func TestCheckComment(t *testing.T) {
	good := goalpost.NewComment{FormID: "11111111-1111-4111-8111-111111111111", Link: "x", CommentText: goalpost.CommentText{Name: "Ada", Text: "Hello"}}
	if err := (goalpost.Poll{}).CheckComment(good); err != nil {
		t.Error(err)
	}
	for key, change := range map[string]func(*goalpost.NewComment){
		"page":           func(c *goalpost.NewComment) { c.FormID = "1" },
		"name":           func(c *goalpost.NewComment) { c.Name = "" },
		"name-long":      func(c *goalpost.NewComment) { c.Name = strings.Repeat("ä", 81) },
		"text":           func(c *goalpost.NewComment) { c.Text = "\u0301" },
		"text-long":      func(c *goalpost.NewComment) { c.Text = strings.Repeat("ä", 5001) },
		"email-required": func(c *goalpost.NewComment) {},
	} {
		c := good
		change(&c)
		err := goalpost.Poll{EmailRequired: key == "email-required"}.CheckComment(c)
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.comment."+key {
			t.Errorf("%s: %v", key, err)
		}
	}
	c := good
	c.Name, c.Text = strings.Repeat("ä", 80), strings.Repeat("ä", 5000)
	if err := (goalpost.Poll{}).CheckComment(c); err != nil {
		t.Errorf("the longest: %v", err)
	}
}

func TestCommentSignals(t *testing.T) {
	for text, want := range map[string]bool{"see http://x.example": true, "WWW.x": true, "buy at cheap-pills.shop now": true, "<a href = x>": true, "[url=x]": true,
		"We sell. And engage.": false, "z.B. so, d.h. anders": false, "3.5 % more": false, "e.g. in 2012.": false} {
		if got := (goalpost.CommentText{Text: text}).HasLink(); got != want {
			t.Errorf("%q\ngot:  %v", text, got)
		}
	}
	for name, want := range map[string]bool{"anna": true, "ANNA": true, "а n n а": true, "Musterwerk Team": true, "Must3rwerk": false, "MUSTERWЕRK": true, "Annabel": false, "": false} {
		if got := (goalpost.CommentText{Name: name}).NamesTeam("Musterwerk", []string{"anna"}); got != want {
			t.Errorf("%q\ngot:  %v", name, got)
		}
	}
}
