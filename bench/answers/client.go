package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// result is how long each acknowledged answer took.
type result struct {
	n    int
	took time.Duration
	each []time.Duration // sorted
}

func (r result) perSecond() float64 { return float64(r.n) / r.took.Seconds() }

func (r result) quantile(p float64) time.Duration {
	if len(r.each) == 0 {
		return 0
	}
	return r.each[min(len(r.each)-1, int(p*float64(len(r.each))))]
}

func (r result) print(name string) {
	ms := func(p float64) float64 { return r.quantile(p).Seconds() * 1000 }
	fmt.Printf("%-44s %12.0f %10.1f %10.1f %10.1f\n", name, r.perSecond(), ms(0.5), ms(0.99), ms(1))
}

// crowd sends complete answers for a while: as fast as each of the clients can, or rate a
// second together. Then the time of an answer counts from when it was due, so that a slow
// one is not hidden by those that wait behind it.
func (s *server) crowd(clients, rate int, for_ time.Duration) (result, error) {
	var next atomic.Int64
	parts, faults := make([][]time.Duration, clients), make([]error, clients)
	began := time.Now()
	var wait sync.WaitGroup
	for i := range clients {
		wait.Go(func() {
			faults[i] = s.client(func(send func() error) error {
				for {
					due := time.Now()
					if rate > 0 {
						due = began.Add(time.Duration(next.Add(1)) * time.Second / time.Duration(rate))
						time.Sleep(time.Until(due))
					}
					if due.Sub(began) > for_ {
						return nil
					}
					if err := send(); err != nil {
						return err
					}
					parts[i] = append(parts[i], time.Since(due))
				}
			})
		})
	}
	wait.Wait()
	r := result{took: time.Since(began), each: slices.Concat(parts...)}
	r.n = len(r.each)
	slices.Sort(r.each)
	return r, errors.Join(faults...)
}

// client opens one connection and hands use what sends one complete answer over it.
func (s *server) client(use func(send func() error) error) error {
	conn, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", s.addr)
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	return use(func() error {
		if _, err := io.WriteString(conn, s.request()); err != nil {
			return fmt.Errorf("answers: %w", err)
		}
		return acknowledged(in)
	})
}

// request is one answer of a respondent of its own, as a page sends it.
func (s *server) request() string {
	rid := newID()
	body := `{"rev":1,"version":1,"language":"en","done":true,"render_token":"` + s.page + `","answers":` + replies() + `}`
	return "PUT /api/v1/p/" + slug + "/r/" + rid + " HTTP/1.1\r\nHost: " + s.addr + "\r\nUser-Agent: Mozilla/5.0 (Linux; Android 15) Mobile\r\nAccept-Encoding: gzip\r\n" +
		"X-Forwarded-For: " + fmt.Sprintf("%d.%d.%d.%d", 20+rand.N(80), rand.N(256), rand.N(256), rand.N(256)) + "\r\n" + //nolint:gosec // not a secret
		"Content-Type: application/json\r\nResume-Secret: " + rid + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + body
}

func newID() string {
	a, b := rand.Uint64(), rand.Uint64() //nolint:gosec // not a secret
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&0xffffffffffff)
}

func replies() string {
	n := rand.IntN(10) //nolint:gosec // not a secret
	return fmt.Sprintf(`{"why":{"choices":["offers"]},"where":{"choices":["instagram","shop"]},"content":{"number":%d},"nps":{"number":%d},"visits":{"number":%d},`+
		`"more":{"text":"Please more of the small boats, and the blue paint that was there last spring, number %d."},"order":{"choices":["quality","price","speed"]},"agree":{"choices":["yes"]}}`,
		1+n%5, n, n*3, n)
}

// acknowledged reads a response and fails unless it is a 200 that says "complete".
func acknowledged(in *bufio.Reader) error {
	status, err := in.ReadString('\n')
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	length := 0
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return fmt.Errorf("answers: %w", err)
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if name == "" {
			break
		}
		if strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(value); err != nil {
				return fmt.Errorf("answers: %w", err)
			}
		}
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	if !strings.Contains(status, " 200 ") || !strings.Contains(string(body), `"complete"`) {
		return fmt.Errorf("answers: %s %s", strings.TrimSpace(status), body)
	}
	return nil
}
