// Command answers measures how many answers of respondents a second the program takes so
// that each is on disk before it is acknowledged: a server with the real handler and a
// crowd of clients, two processes on loopback. Beside it, in the same run, the same rows
// written into the same tables with the plain driver, in groups of the same size.
//
//	go run ./bench/answers [-clients 64] [-seconds 10] [-paced 60] [-rate 1000] [-profile FILE]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Bars of the design.
const (
	barAnswers = 10_000
	barRatio   = 0.3
	barP99     = 25 * time.Millisecond
)

func main() {
	clients := flag.Int("clients", 64, "clients at the same time, each with one connection")
	seconds := flag.Int("seconds", 10, "how long they send as fast as they can")
	paced := flag.Int("paced", 60, "how many seconds they send at -rate")
	rate := flag.Int("rate", 1000, "answers a second of the paced part")
	profile := flag.String("profile", "", "write a profile of the server's processor time to this file")
	serve := flag.String("serve", "", "only serve this data directory (used by the program itself)")
	flag.Parse()
	var err error
	if *serve != "" {
		err = serveUntilClosed(context.Background(), *serve, *profile)
	} else {
		err = measure(context.Background(), options{*clients, *rate, time.Duration(*seconds) * time.Second, time.Duration(*paced) * time.Second, *profile})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type options struct {
	clients, rate  int
	seconds, paced time.Duration
	profile        string
}

func measure(ctx context.Context, o options) (err error) {
	dir, err := os.MkdirTemp("", "goalpost-answers-")
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := startServer(ctx, filepath.Join(dir, "served"), o.profile)
	if err != nil {
		return err
	}
	defer s.stop()
	fast, err := s.crowd(o.clients, 0, o.seconds)
	if err != nil {
		return err
	}
	steady, err := s.crowd(o.clients, o.rate, o.paced)
	if err != nil {
		return err
	}
	rss := s.residentMB()
	peak := s.stop()
	raw, err := rawInserts(ctx, filepath.Join(dir, "raw"), o.clients, o.seconds)
	if err != nil {
		return err
	}
	kept, err := countAnswers(ctx, filepath.Join(dir, "served"))
	if err != nil {
		return err
	}
	ratio := fast.perSecond() / raw
	fmt.Printf("%-44s %12s %10s %10s %10s\n", "", "answers/s", "p50 ms", "p99 ms", "max ms")
	fast.print(fmt.Sprintf("over HTTP, %d clients as fast as they can", o.clients))
	steady.print(fmt.Sprintf("over HTTP, paced, %.0f s", o.paced.Seconds()))
	fmt.Printf("%-44s %12.0f\n", fmt.Sprintf("plain driver, the same rows, %d a commit", o.clients), raw)
	fmt.Printf("ratio %.2f; memory of the server %.0f MB, at most %.0f MB; %d acknowledged, %d kept\n", ratio, rss, peak, fast.n+steady.n, kept)
	if fast.perSecond() < barAnswers && ratio < barRatio {
		err = errors.Join(err, fmt.Errorf("answers: below %d a second and below %.1f of the plain driver", barAnswers, barRatio))
	}
	if p := steady.quantile(0.99); p > barP99 {
		err = errors.Join(err, fmt.Errorf("answers: p99 of the paced part is %v, the bar is %v", p, barP99))
	}
	if kept != fast.n+steady.n {
		err = errors.Join(err, errors.New("answers: not each acknowledged answer is kept once"))
	}
	return err
}
