package web

import (
	"context"
	"strings"
	"testing"
	"time"

	"goalpost"
)

// Texts that a spreadsheet would run as a formula are escaped; numbers are not
// touched, because they are not texts.
func TestEscapeFormula(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Hello = world", "Hello = world"},
		{"=HYPERLINK(\"http://evil.example\")", "'=HYPERLINK(\"http://evil.example\")"},
		{"+1", "'+1"},
		{"-2+3", "'-2+3"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t'=1"},
		{"\r=1", "'\r'=1"},
		{"\n=1", "'\n'=1"},
		{"＝1", "'＝1"},
		{"äöü", "äöü"},
		{"where ; parts cells;=1+1", "where ; parts cells;'=1+1"},
		{"a; \"=1", "a; \"'=1"},
		{"two lines\n@SUM(A1)\r\n-1", "two lines\n'@SUM(A1)\r\n'-1"},
		{"a;b; c=1\nd", "a;b; c=1\nd"},
	} {
		if got := escapeFormula(c.in); got != c.want {
			t.Errorf("escapeFormula(%q)\ngot:  %q\nwant: %q", c.in, got, c.want)
		}
	}
}

// Numbers are read as the page's language writes them.
func TestEntered(t *testing.T) {
	rate, _ := goalpost.KPIByCode("engagement_rate_by_reach")
	count, _ := goalpost.KPIByCode("engagements")
	for _, c := range []struct {
		lang string
		t    goalpost.Target
		k    goalpost.KPI
		want string
	}{
		{"en", goalpost.Target{Kind: goalpost.TargetValue, Value: 5000}, count, "5000"},
		{"de", goalpost.Target{Kind: goalpost.TargetValue, Value: 0.025}, rate, "2,5%"},
		{"en", goalpost.Target{Kind: goalpost.TargetChange, Value: 0.1}, count, "+10%"},
		{"en", goalpost.Target{Kind: goalpost.TargetChange, Value: -0.07}, count, "-7%"},
	} {
		if got := entered(c.lang, c.t, c.k); got != c.want {
			t.Errorf("\ngot:  %q\nwant: %q", got, c.want)
		}
	}
}

func TestCleanName(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"sales.csv", "sales.csv"},
		{"../../etc/passwd", "....etcpasswd"},
		{"a\x00b\n.csv", "ab.csv"},
		{"  ", "file"},
		{strings.Repeat("ä", 300) + ".csv", strings.Repeat("ä", 196) + ".csv"},
	} {
		if got := cleanName(c.in); got != c.want {
			t.Errorf("cleanName(%q)\ngot:  %q\nwant: %q", c.in, got, c.want)
		}
	}
}

// A password fits its own hash only; foreign and costly hashes never fit.
func TestPassword(t *testing.T) {
	hash, err := HashPassword("correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash is not in PHC form: %s", hash)
	}
	again, err := HashPassword("correct horse battery")
	if err != nil || again == hash {
		t.Errorf("two hashes of one password must differ by their salt: %v", err)
	}
	costly := strings.Replace(hash, "m=19456", "m=4194304", 1)
	for _, c := range []struct {
		hash, password string
		want           bool
	}{
		{hash, "correct horse battery", true},
		{hash, "correct horse batterY", false},
		{hash, "", false},
		{"", "", false},
		{"$argon2id$v=19$m=19456,t=2,p=1$$", "", false},
		{"correct horse battery", "correct horse battery", false},
		{costly, "correct horse battery", false},
	} {
		if got := CheckPassword(c.hash, c.password); got != c.want {
			t.Errorf("CheckPassword(%q, %q)\ngot:  %v\nwant: %v", c.hash, c.password, got, c.want)
		}
	}
}

// An unknown user takes as long as a wrong password: both hash once.
func TestUnknownUserTakesAsLong(t *testing.T) {
	h, err := newHasher()
	if err != nil {
		t.Fatal(err)
	}
	hash, err := HashPassword("correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	fastest := func(hash string) time.Duration {
		best := time.Hour
		for range 7 {
			start := time.Now()
			if ok, err := h.fits(context.Background(), hash, "wrong password"); ok || err != nil {
				t.Fatalf("ok=%v err=%v", ok, err)
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	unknown, wrong := fastest(""), fastest(hash)
	if unknown < wrong/2 || unknown > wrong*2 {
		t.Errorf("unknown user %v, wrong password %v: the difference tells which names exist", unknown, wrong)
	}
}

func TestObservedAt(t *testing.T) {
	zone := time.FixedZone("", 3600)
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ in, want string }{
		{"2026-03-01", "2026-03-01T22:59:59Z"},
		{"2026-03-10", "2026-03-10T12:00:00Z"}, // not in the future
	} {
		got, err := observedAt(c.in, zone, now)
		if err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("observedAt(%s)\ngot:  %s %v\nwant: %s", c.in, got.Format(time.RFC3339), err, c.want)
		}
	}
	if _, err := observedAt("1/3/2026", zone, now); err == nil {
		t.Error("a date in another form must be refused")
	}
}
