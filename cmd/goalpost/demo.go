package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"goalpost"
	"goalpost/demo"
	"goalpost/store"
	"goalpost/web"
)

// demoCommand shows a simulated company.
type demoCommand struct {
	Listen string `placeholder:"ADDR" help:"demo-listen"`
	Today  string `placeholder:"DATE" help:"demo-today"`
	Seed   uint64 `default:"2026" help:"demo-seed"`
	Keep   string `placeholder:"DIR" help:"demo-keep"`
}

// Run writes the files of the company into a temporary folder, imports them and
// serves the pages until it is interrupted. Nothing stays behind.
func (c *demoCommand) Run(p *program) (err error) {
	today, now, err := c.clock(p)
	if err != nil {
		return err
	}
	if c.Keep != "" {
		return c.writeOnly(p, today)
	}
	l, err := c.listen(p)
	if err != nil {
		return err
	}
	defer func() {
		if e := l.Close(); err == nil && !errors.Is(e, net.ErrClosed) {
			err = e
		}
	}()
	dir, remove, err := demoDir()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	err = c.show(p, l, dir, today, now)
	if p.interrupted(err) {
		return nil // that is how a demo ends
	}
	return err
}

// clock is the day that the company lives in, and the time since: the real one, or
// the morning of --today.
func (c *demoCommand) clock(p *program) (goalpost.Day, func() time.Time, error) {
	zone, err := time.LoadLocation(demo.Zone)
	if err != nil {
		return 0, nil, err
	}
	if c.Today == "" {
		return goalpost.DayOf(p.now(), zone), p.now, nil
	}
	today, err := day(c.Today, "--today")
	if err != nil {
		return 0, nil, err
	}
	const morning = 9 * time.Hour
	started, begin := p.now(), today.Start(zone).Add(morning)
	return today, func() time.Time { return begin.Add(p.now().Sub(started)) }, nil
}

// listen takes the address asked for; without one, the next free port where the
// usual one is taken, because a demo has no bookmark to keep.
func (c *demoCommand) listen(ctx context.Context) (net.Listener, error) {
	l, err := listen(ctx, c.Listen)
	if c.Listen != "" || !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	const first, last = 8081, 8099
	for port := first; port <= last; port++ {
		if l, other := listen(ctx, "127.0.0.1:"+strconv.Itoa(port)); other == nil {
			return l, nil
		}
	}
	return nil, err
}

// writeOnly writes the company's files into a folder and tells the truth behind
// them, for whoever wants to import them by hand.
func (c *demoCommand) writeOnly(p *program, today goalpost.Day) error {
	if err := os.MkdirAll(c.Keep, 0o700); err != nil {
		return fileError(c.Keep, err)
	}
	company, err := demo.Write(c.Keep, c.Seed, today)
	if err != nil {
		return err
	}
	if p.flags.Output == "json" {
		return p.writeJSON(company)
	}
	for _, f := range company.Files {
		if err := p.print("%s\n", filepath.Join(c.Keep, f.Name)); err != nil {
			return err
		}
	}
	notes := *p
	notes.stdout = p.stderr // stdout lists the files, for programs
	return notes.print("%s\n", p.say.T("cli.demo.import", goalpost.TextArg(fmt.Sprintf("goalpost import --data DIR --account %s --currency %s %s", company.Name, company.Currency, filepath.Join(c.Keep, "*")))))
}

// show simulates, imports and serves.
func (c *demoCommand) show(p *program, l net.Listener, dir string, today goalpost.Day, now func() time.Time) (err error) {
	files, data := filepath.Join(dir, "files"), filepath.Join(dir, "data")
	if err := os.Mkdir(files, 0o700); err != nil {
		return err
	}
	company, err := demo.Write(files, c.Seed, today)
	if err != nil {
		return err
	}
	db, err := store.Open(p, data, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := demo.Load(p, db, files, company, p.say.Tag(), nil); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s := &web.Server{DB: db, Log: log, Now: now, Listen: l.Addr().String(), Demo: true, Truth: truthOf(company), DataDir: data}
	lines := []string{p.say.T("cli.demo.address", goalpost.TextArg(company.Name), goalpost.TextArg(address(l))),
		p.say.T("cli.demo.truth", goalpost.PlainArg(int(c.Seed)))}
	for _, e := range company.Effects {
		lines = append(lines, "  "+p.say.T("cli.demo.effect", goalpost.TextArg(e.Activity), goalpost.TextArg(e.Region), goalpost.TextArg(p.say.Period(e.Period)),
			goalpost.TextArg("+"+p.say.Percent(e.Relative))))
	}
	lines = append(lines, p.say.T("cli.demo.end"))
	return p.serve(s, l, strings.Join(lines, "\n"))
}

// truthOf is what the page on the simulation says.
func truthOf(c demo.Company) *web.Simulation {
	t := &web.Simulation{Seed: c.Seed, Period: c.Period, Outage: c.Outage, Launch: c.Launch}
	for _, e := range c.Effects {
		t.Effects = append(t.Effects, web.SimulatedEffect{Activity: e.Activity, Region: e.Region, Network: e.Network, Period: e.Period, Relative: e.Relative, Cost: e.Cost})
	}
	t.Wishes = &web.SimulatedWishes{Slug: demo.CustomerSurvey, Question: demo.CustomerWishes, Shares: map[string]float64{}}
	customers := demo.Customers()
	for option := range customers[0].Wants {
		t.Wishes.Shares[option] = demo.WantedBy(customers, option)
	}
	return t
}
