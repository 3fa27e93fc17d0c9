package web

import (
	"strings"
	"testing"
)

// An export that Goalpost knows but does not read by itself leads to the column map
// that the refusal asks for; one that no map can read stays refused.
func TestKnownExportsAreMapped(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	a := s.upload("en", map[string]string{"linkedin.csv": "Post title,Post link,Created date,Impressions,Likes\nTide,https://linkedin.com/p/1,03/14/2025,120,4\nEbb,https://linkedin.com/p/2,03/15/2025,99,3\n"})
	at := a.header.Get("Location")
	if !strings.Contains(at, "/import/file/") {
		t.Fatalf("%d %s\n%s", a.status, at, a.body)
	}
	if body := s.page(at); !strings.Contains(body, "Post link") || !strings.Contains(body, "Impressions") {
		t.Errorf("no columns to map:\n%s", body)
	}
	a = s.upload("en", map[string]string{"audience.csv": "Facebook followers by gender and age\nAge,Women,Men\n18-24,2.5%,0.3%\n"})
	if body := s.page(a.header.Get("Location")); !strings.Contains(body, "no figures of posts or days") {
		t.Errorf("not refused:\n%s", body)
	}
}
