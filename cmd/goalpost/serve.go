package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
	"goalpost/web"
)

// defaultListen is where pages are served unless told otherwise: on this machine only.
const defaultListen = "127.0.0.1:8080"

// serveCommand serves pages and API.
type serveCommand struct {
	Listen       string   `placeholder:"ADDR" help:"serve-listen"`
	PublicURL    string   `name:"public-url" placeholder:"URL" help:"serve-public-url"`
	TrustedProxy []string `placeholder:"CIDR" help:"serve-trusted-proxy"`
	AllowPrivate []string `placeholder:"HOST" help:"serve-allow-private"`
}

// Run serves until it is interrupted. Before anybody has set the installation up it
// prints the link for that, with a token that is made anew at every start.
func (c *serveCommand) Run(p *program) error {
	if err := checkPublicURL(c.PublicURL); err != nil {
		return err
	}
	proxies, err := readProxies(c.TrustedProxy)
	if err != nil {
		return err
	}
	allowed, err := web.ParseAllowedHosts(c.AllowPrivate)
	if err != nil {
		return err
	}
	return p.withData(true, func(db *store.DB) error {
		l, err := listen(p, c.Listen)
		if err != nil {
			return err
		}
		s := &web.Server{DB: db, Log: slog.New(slog.NewTextHandler(p.stderr, nil)), Now: p.now, Listen: l.Addr().String(), PublicURL: c.PublicURL,
			TrustedProxies: proxies, AllowPrivate: allowed, DataDir: p.flags.Data}
		open, err := setUpIsOpen(p, db)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		base := address(l)
		if c.PublicURL != "" {
			base = strings.TrimRight(c.PublicURL, "/") + "/"
		}
		text := p.say.T("cli.serve.address", goalpost.TextArg(base))
		if open {
			s.SetupToken = rand.Text()
			text = p.say.T("cli.serve.setup", goalpost.TextArg(base+"setup?token="+s.SetupToken))
		}
		missing, err := p.missingKey(db)
		if err != nil {
			return errors.Join(err, l.Close())
		}
		if missing != "" {
			_, _ = fmt.Fprintln(p.stderr, oneLine(missing)) // nobody reads a closed stderr
		}
		return p.serve(s, l, text)
	})
}

// checkPublicURL refuses an address that no link could be made from.
func checkPublicURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.public-url", Flag: "--public-url", Args: []goalpost.Arg{goalpost.TextArg(s)}}
	}
	return nil
}

// readProxies takes networks, and addresses of single proxies.
func readProxies(list []string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, text := range list {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			var one netip.Addr
			if one, err = netip.ParseAddr(text); err == nil {
				network, err = one.Prefix(one.BitLen())
			}
		}
		if err != nil {
			return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.trusted-proxy", Flag: "--trusted-proxy", Args: []goalpost.Arg{goalpost.TextArg(text)}, Err: err}
		}
		proxies = append(proxies, network)
	}
	return proxies, nil
}

// setUpIsOpen reports whether no person has set the installation up yet.
func setUpIsOpen(ctx context.Context, db *store.DB) (bool, error) {
	list, err := db.Organisations(ctx)
	if err != nil {
		return false, err
	}
	return len(list) == 0 || !list[0].Adopted, nil
}

// listen takes an address, and says so politely where it is not free.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	if addr == "" {
		addr = defaultListen
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.flag.listen-taken", Flag: "--listen", Args: []goalpost.Arg{goalpost.TextArg(addr)}, Err: err}
	}
	return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.flag.listen", Flag: "--listen", Args: []goalpost.Arg{goalpost.TextArg(addr)}, Err: err}
}

// address is the link to a listener that works on this machine.
func address(l net.Listener) string {
	a, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return "http://" + l.Addr().String() + "/"
	}
	host := a.IP.String()
	if a.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(a.Port)) + "/"
}

// serve answers requests until the program is interrupted, then lets running ones
// end. text is printed once everything is ready.
func (p *program) serve(s *web.Server, l net.Listener, text string) error {
	h, err := s.Handler()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(p)
	var daily sync.WaitGroup
	defer daily.Wait()
	defer cancel()
	server := s.HTTPServer(h)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	if err := p.print("%s\n", text); err != nil {
		return errors.Join(err, server.Close())
	}
	daily.Go(func() { p.judgeDaily(ctx, s.DB, s.Log, s.Now) })
	select {
	case err := <-ended:
		return err
	case <-p.Done():
	}
	const patience = 5 * time.Second
	last, done := context.WithTimeout(context.WithoutCancel(p), patience)
	defer done()
	if err := server.Shutdown(last); err != nil {
		return server.Close()
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// judgeDaily makes the verdicts of every organisation at the start and whenever a
// new day has begun in its time zone.
func (p *program) judgeDaily(ctx context.Context, db *store.DB, log *slog.Logger, now func() time.Time) {
	const look = 10 * time.Minute
	judged := map[goalpost.OrgID]goalpost.Day{}
	for {
		list, err := db.Organisations(ctx)
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "daily verdicts", "err", err)
		}
		for _, org := range list {
			today := goalpost.DayOf(now(), org.Zone())
			if judged[org.ID] == today {
				continue
			}
			if err := assess.Refresh(ctx, db, org, now()); err != nil {
				if ctx.Err() == nil {
					log.ErrorContext(ctx, "daily verdicts", "organisation", org.ID, "err", err)
				}
				continue
			}
			judged[org.ID] = today
		}
		wait := time.NewTimer(look)
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-wait.C:
		}
	}
}
