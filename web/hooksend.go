package web

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"goalpost"
	"goalpost/assess"
)

// Limits of a message to another system.
const (
	hookTimeout  = 10 * time.Second
	maxHookReply = 64 << 10 // bytes that are read of what it says; nothing of it is kept
)

// AllowedHosts are what webhooks may reach inside private networks.
type AllowedHosts struct {
	Names    []string
	Networks []netip.Prefix
}

// ParseAllowedHosts reads names of hosts, addresses and networks.
func ParseAllowedHosts(list []string) (a AllowedHosts, err error) {
	for _, text := range list {
		text = strings.ToLower(strings.TrimSpace(text))
		if network, err := netip.ParsePrefix(text); err == nil {
			a.Networks = append(a.Networks, network.Masked())
			continue
		}
		if ip, err := netip.ParseAddr(text); err == nil {
			a.Networks = append(a.Networks, netip.PrefixFrom(ip.Unmap(), ip.Unmap().BitLen()))
			continue
		}
		if text == "" || strings.ContainsAny(text, "/:@ *") {
			return a, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.allow-private", Flag: "--allow-private", Args: []goalpost.Arg{goalpost.TextArg(text)}}
		}
		a.Names = append(a.Names, text)
	}
	return a, nil
}

// notPublic are networks that the standard library calls neither private nor local, and
// that lead into somebody's own: shared and reserved ones (RFC 6890), and those of IPv6
// that hold an address of IPv4.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("::ffff:0:0:0/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// isPublicAddress reports whether an address is of the open internet.
func isPublicAddress(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// errPrivate says that an address is inside a private network and not allowed.
var errPrivate = errors.New("web: the address is not public")

// hookClient sends messages to other systems: no proxy, no redirects, and no private
// address, looked at when the connection is made, whatever the name was before.
func hookClient(allowed AllowedHosts) *http.Client {
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		d := &net.Dialer{Timeout: hookTimeout, Control: func(_, addr string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(addr)
			if err != nil {
				return errPrivate
			}
			return allowed.check(host, to.Addr())
		}}
		return d.DialContext(ctx, network, addr)
	}
	return &http.Client{Timeout: hookTimeout, Transport: &http.Transport{DialContext: dial, TLSHandshakeTimeout: hookTimeout, DisableKeepAlives: true, MaxResponseHeaderBytes: maxHookReply},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (a AllowedHosts) check(host string, ip netip.Addr) error {
	if isPublicAddress(ip) {
		return nil
	}
	for _, name := range a.Names {
		if strings.EqualFold(strings.TrimSuffix(host, "."), name) {
			return nil
		}
	}
	for _, p := range a.Networks {
		if p.Contains(ip.Unmap().WithZone("")) {
			return nil
		}
	}
	return errPrivate
}

// sendHook sends a message once and says why it did not arrive.
func (s *Server) sendHook(ctx context.Context, m assess.HookMessage) goalpost.DeliveryProblem {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return goalpost.ProblemConnect
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Goalpost")
	r.Header.Set("Goalpost-Signature", m.Signature)
	r.Header.Set("Goalpost-Message", m.ID)
	res, err := s.hookClient.Do(r)
	if err != nil {
		return hookProblem(err)
	}
	_, _ = io.CopyN(io.Discard, res.Body, maxHookReply) // what it says is not needed
	_ = res.Body.Close()
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return goalpost.NoProblem
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return goalpost.ProblemElsewhere
	}
	return goalpost.DeliveryProblem(strconv.Itoa(res.StatusCode))
}

func hookProblem(err error) goalpost.DeliveryProblem {
	if errors.Is(err, errPrivate) {
		return goalpost.ProblemAddress
	}
	if t, ok := errors.AsType[net.Error](err); ok && t.Timeout() {
		return goalpost.ProblemTimeout
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return goalpost.ProblemSecure
	}
	return goalpost.ProblemConnect
}

// sayProblem says why a message did not arrive.
func (p Page) sayProblem(d goalpost.DeliveryProblem) string {
	if status, err := strconv.Atoi(string(d)); err == nil {
		return p.say("survey.hook.problem.status", goalpost.TextArg(strconv.Itoa(status)))
	}
	return p.T(fmt.Sprint("survey.hook.problem.", d))
}
