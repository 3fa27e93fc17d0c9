package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// sent is one submission of a page, which was acknowledged in the end.
type sent struct {
	form    url.Values
	path    string
	comment bool
	changed bool // through its author's link, later on
	tries   int
	link    string // where the answer led to: of a comment, its author's page
}

var choices = regexp.MustCompile(`name="choice" value="([^"]+)"`)

// hidden takes the hidden fields of the first form of a page.
func hidden(page string, names ...string) (url.Values, error) {
	form := url.Values{}
	for _, n := range names {
		m := regexp.MustCompile(`name="` + n + `" value="([^"]+)"`).FindStringSubmatch(page)
		if m == nil {
			return nil, fmt.Errorf("readers: the page has no %q", n)
		}
		form.Set(n, m[1])
	}
	return form, nil
}

// reader is one client without cookies that does not follow redirects.
type reader struct {
	s      *server
	client *http.Client
	rng    *rand.Rand
}

func newReader(s *server, seed, stream uint64) *reader {
	return &reader{s: s, rng: rand.New(rand.NewPCG(seed, stream)), client: &http.Client{Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// page fetches a page, again and again while the program is down.
func (r *reader) page(ctx context.Context, path string) (string, error) {
	for {
		resp, err := r.do(ctx, http.MethodGet, path, nil)
		if err == nil {
			text, err := body(resp)
			if err == nil && resp.StatusCode == http.StatusOK {
				return text, nil
			}
			if err == nil && resp.StatusCode != http.StatusServiceUnavailable {
				return "", fmt.Errorf("readers: GET %s: %d", path, resp.StatusCode)
			}
		}
		if err := pause(ctx); err != nil {
			return "", err
		}
	}
}

func (r *reader) do(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.s.address(path), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r.client.Do(req)
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(50 * time.Millisecond):
		return nil
	}
}

// write fills in a page: the question, or in four of ten cases a comment.
func (r *reader) write(ctx context.Context, n int64) (*sent, error) {
	if r.rng.IntN(10) < 4 {
		return r.comment(ctx, n)
	}
	return r.vote(ctx)
}

// vote fills the page in; every tenth reader is a machine that fills every field.
func (r *reader) vote(ctx context.Context) (*sent, error) {
	text, err := r.page(ctx, "/en/p/goals")
	if err != nil {
		return nil, err
	}
	form, err := hidden(text, "id", "made")
	if err != nil {
		return nil, err
	}
	all := choices.FindAllStringSubmatch(text, -1)
	for _, i := range r.rng.Perm(len(all) - 3)[:1+r.rng.IntN(4)] { // the last three exclude all others
		form.Add("choice", all[i][1])
	}
	if r.rng.IntN(10) == 0 {
		form.Set("website", "https://buy.example")
		form.Set("other", "Buy at https://buy.example")
	}
	return &sent{form: form, path: "/en/p/goals"}, nil
}

// send posts a page until it is acknowledged, as a person would who reloads it.
func (r *reader) send(ctx context.Context, m *sent) (busy int, err error) {
	for {
		m.tries++
		resp, err := r.do(ctx, http.MethodPost, m.path, m.form)
		if err == nil {
			text, err := body(resp)
			switch {
			case err != nil: // cut off: nobody knows whether it was kept
			case resp.StatusCode == http.StatusSeeOther:
				m.link = resp.Header.Get("Location")
				return busy, nil
			case resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusTooManyRequests:
				busy++
				if resp.Header.Get("Retry-After") == "" {
					return busy, fmt.Errorf("readers: %d without Retry-After", resp.StatusCode)
				}
			default:
				return busy, fmt.Errorf("readers: POST %s: %d: %.300s", m.path, resp.StatusCode, text)
			}
		}
		if err := pause(ctx); err != nil {
			return busy, err
		}
	}
}
