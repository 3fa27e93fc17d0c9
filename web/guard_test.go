package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func request(host, remote string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/en/goals", nil)
	r.Host, r.RemoteAddr = host, remote
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// A request is local only under this machine's own name with our port, and never
// through a proxy: a rebinding page sends its own name.
func TestIsLocal(t *testing.T) {
	for _, c := range []struct {
		host    string
		listen  string
		headers []string
		want    bool
	}{
		{"localhost:8080", "127.0.0.1:8080", nil, true},
		{"LOCALHOST:8080", "127.0.0.1:8080", nil, true},
		{"127.0.0.1:8080", "127.0.0.1:8080", nil, true},
		{"127.9.9.9:8080", "0.0.0.0:8080", nil, true},
		{"[::1]:8080", "[::]:8080", nil, true},
		{"[::ffff:127.0.0.1]:8080", "127.0.0.1:8080", nil, true},
		{"localhost", "127.0.0.1:80", nil, true},
		{"localhost", "127.0.0.1:8080", nil, false},
		{"localhost:9090", "127.0.0.1:8080", nil, false},
		{"evil.example:8080", "127.0.0.1:8080", nil, false},
		{"localhost.evil.example:8080", "127.0.0.1:8080", nil, false},
		{"localhost:8080.evil.example", "127.0.0.1:8080", nil, false},
		{"127.0.0.1.nip.io:8080", "127.0.0.1:8080", nil, false},
		{"127.1:8080", "127.0.0.1:8080", nil, false},
		{"2130706433:8080", "127.0.0.1:8080", nil, false},
		{"0.0.0.0:8080", "0.0.0.0:8080", nil, false},
		{"192.168.1.5:8080", "0.0.0.0:8080", nil, false},
		{"[::1%25eth0]:8080", "[::1]:8080", nil, false},
		{"", "127.0.0.1:8080", nil, false},
		{":8080", "127.0.0.1:8080", nil, false},
		{"localhost:", "127.0.0.1:8080", nil, false},
		{"localhost:8080", "127.0.0.1:8080", []string{"Forwarded", "host=localhost"}, false},
		{"localhost:8080", "127.0.0.1:8080", []string{"X-Forwarded-For", "127.0.0.1"}, false},
		{"localhost:8080", "127.0.0.1:8080", []string{"X-Forwarded-Host", "localhost:8080"}, false},
		{"localhost:8080", "127.0.0.1:8080", []string{"X-Forwarded-Anything", ""}, false},
		{"evil.example", "127.0.0.1:8080", []string{"X-Forwarded-Host", "localhost:8080"}, false},
	} {
		s := &Server{Listen: c.listen, TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
		if got := s.isLocal(request(c.host, "127.0.0.1:5555", c.headers...)); got != c.want {
			t.Errorf("Host %q at %s with %v\ngot:  %v\nwant: %v", c.host, c.listen, c.headers, got, c.want)
		}
	}
}

// Forwarded headers count only when a trusted proxy sent them, and of its list only
// what the proxy itself added.
func TestPeerOf(t *testing.T) {
	for _, c := range []struct {
		name    string
		remote  string
		headers []string
		ip      string
		host    string
		https   bool
	}{
		{"direct", "203.0.113.9:1", nil, "203.0.113.9", "goals.example", false},
		{"a stranger claims to be a proxy", "203.0.113.9:1", []string{"X-Forwarded-For", "10.0.0.1", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https"},
			"203.0.113.9", "goals.example", false},
		{"trusted proxy", "10.0.0.2:1", []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Host", "public.example", "X-Forwarded-Proto", "https"},
			"203.0.113.9", "public.example", true},
		{"client wrote a false beginning", "10.0.0.2:1", []string{"X-Forwarded-For", "1.2.3.4, 203.0.113.9"}, "203.0.113.9", "goals.example", false},
		{"two proxies", "10.0.0.2:1", []string{"X-Forwarded-For", "203.0.113.9, 10.0.0.3"}, "203.0.113.9", "goals.example", false},
		{"two headers", "10.0.0.2:1", []string{"X-Forwarded-For", "1.2.3.4", "X-Forwarded-For", "203.0.113.9"}, "203.0.113.9", "goals.example", false},
		{"host sent twice", "10.0.0.2:1", []string{"X-Forwarded-Host", "a.example", "X-Forwarded-Host", "b.example"}, "10.0.0.2", "goals.example", false},
		{"rubbish", "10.0.0.2:1", []string{"X-Forwarded-For", "<script>"}, "10.0.0.2", "goals.example", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &Server{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
			p := s.peerOf(request("goals.example", c.remote, c.headers...))
			if p.ip.String() != c.ip || p.host != c.host || p.https != c.https {
				t.Errorf("\ngot:  %s %s %v\nwant: %s %s %v", p.ip, p.host, p.https, c.ip, c.host, c.https)
			}
		})
	}
}

// Set-up answers under the public host too, but not because somebody says so.
func TestIsPublic(t *testing.T) {
	s := &Server{PublicURL: "https://goals.example", TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, c := range []struct {
		r    *http.Request
		want bool
	}{
		{request("goals.example", "203.0.113.9:1"), true},
		{request("evil.example", "203.0.113.9:1"), false},
		{request("evil.example", "203.0.113.9:1", "X-Forwarded-Host", "goals.example"), false},
		{request("127.0.0.1:8080", "10.0.0.2:1", "X-Forwarded-Host", "goals.example"), true},
		{request("goals.example", "10.0.0.2:1", "X-Forwarded-Host", "evil.example"), false},
	} {
		if got := s.isPublic(c.r); got != c.want {
			t.Errorf("%s %v\ngot:  %v\nwant: %v", c.r.Host, c.r.Header, got, c.want)
		}
	}
	if (&Server{}).isPublic(request("", "203.0.113.9:1")) {
		t.Error("without a public URL nothing is public")
	}
}

// Where to go after the log-in is one of our own pages, whatever the address says.
func TestLocalPath(t *testing.T) {
	for _, c := range []struct{ to, want string }{
		{"/en/goals/3?as-of=2026-01-01", "/en/goals/3?as-of=2026-01-01"},
		{"/de/import", "/de/import"},
		{"", "home"},
		{"https://evil.example/en/goals", "home"},
		{"//evil.example/en/goals", "home"},
		{"/\\evil.example/en/goals", "home"},
		{"/en/\\evil.example", "home"},
		{"\\\\evil.example", "home"},
		{"/en//evil.example", "home"},
		{"/en", "home"},
		{"javascript:alert(1)", "home"},
		{"/en/goals\r\nSet-Cookie: a=b", "home"},
		{"/static/app.css", "home"},
		{"http:/en/goals", "home"},
		{"/en/../../evil", "home"},
	} {
		if got := localPath(c.to, "home"); got != c.want {
			t.Errorf("localPath(%q)\ngot:  %q\nwant: %q", c.to, got, c.want)
		}
	}
}
