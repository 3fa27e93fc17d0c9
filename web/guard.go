package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"goalpost"
)

// peer is who sent a request and under which name, after the forwarded headers
// were taken into account or left out: only those of a trusted proxy count.
type peer struct {
	ip    netip.Addr // the client; the zero Addr if it cannot be told
	host  string     // Host, or X-Forwarded-Host of a trusted proxy
	https bool       // the client speaks TLS, with us or with the trusted proxy
}

// peerOf tells who sent a request.
func (s *Server) peerOf(r *http.Request) peer {
	p := peer{host: r.Host, https: r.TLS != nil}
	if remote, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		p.ip = remote.Addr().Unmap()
	}
	if !s.trusts(p.ip) {
		return p
	}
	if h := single(r.Header, "X-Forwarded-Host"); h != "" {
		p.host = h
	}
	if strings.EqualFold(single(r.Header, "X-Forwarded-Proto"), "https") {
		p.https = true
	}
	p.ip = s.clientBehind(p.ip, r.Header.Values("X-Forwarded-For"))
	return p
}

// clientBehind returns the last address of X-Forwarded-For that is not a trusted
// proxy: what stands before it was written by the client and proves nothing.
func (s *Server) clientBehind(proxy netip.Addr, values []string) netip.Addr {
	hops := strings.Split(strings.Join(values, ","), ",")
	client := proxy
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return client
		}
		client = hop.Unmap()
		if !s.trusts(client) {
			return client
		}
	}
	return client
}

func (s *Server) trusts(ip netip.Addr) bool {
	for _, p := range s.TrustedProxies {
		if ip.IsValid() && p.Contains(ip) {
			return true
		}
	}
	return false
}

// single returns a header that was sent exactly once with one value.
func single(h http.Header, name string) string {
	v := h.Values(name)
	if len(v) != 1 || strings.Contains(v[0], ",") {
		return ""
	}
	return strings.TrimSpace(v[0])
}

// forwarded reports whether a request carries any header that says it came
// through a proxy.
func forwarded(h http.Header) bool {
	for name := range h {
		if name == "Forwarded" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// isLocal reports whether a request was made to this machine under its own name:
// Host is localhost or a loopback address with the port that we listen on, and no
// proxy stands between. A page of another site that points its name to 127.0.0.1
// sends its own name, and is refused.
func (s *Server) isLocal(r *http.Request) bool {
	if forwarded(r.Header) {
		return false
	}
	host, port := splitHost(r.Host)
	_, want, err := net.SplitHostPort(s.Listen)
	if err != nil || (port != want && (port != "" || want != "80")) {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Zone() == "" && ip.Unmap().IsLoopback()
}

// splitHost splits a Host header; port is empty without one.
func splitHost(h string) (host, port string) {
	if host, port, err := net.SplitHostPort(h); err == nil {
		return host, port
	}
	return strings.TrimSuffix(strings.TrimPrefix(h, "["), "]"), ""
}

// isPublic reports whether a request was made under the host of the public URL.
func (s *Server) isPublic(r *http.Request) bool {
	u, err := url.Parse(s.PublicURL)
	return err == nil && u.Host != "" && strings.EqualFold(s.peerOf(r).host, u.Host)
}

// guardDemo refuses what the demo, which has no password, must not answer.
func (s *Server) guardDemo(next http.Handler) http.Handler {
	if !s.Demo {
		return next
	}
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		if !s.isLocal(r) {
			return goalpost.Errorf(goalpost.Forbidden, "error.web.demo-host", goalpost.TextArg(s.Listen))
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// guardSetup refuses set-up under any name but this machine's own or the public one.
func (s *Server) guardSetup(r *http.Request) error {
	if !s.isLocal(r) && !s.isPublic(r) {
		return goalpost.Errorf(goalpost.Forbidden, "error.web.setup-host", goalpost.TextArg(s.Listen))
	}
	return nil
}

// secure reports whether cookies are sent only over TLS.
func (s *Server) secure() bool { return strings.HasPrefix(strings.ToLower(s.PublicURL), "https://") }
