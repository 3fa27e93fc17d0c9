package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
)

// team is the owner, logged in.
type team struct{ *reader }

// setUp makes the organisation through the printed link.
func setUp(ctx context.Context, s *server) (*team, error) {
	t := &team{newReader(s, 0, 0)}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("readers: %w", err)
	}
	t.client.Jar = jar
	u, err := url.Parse(s.link)
	if err != nil {
		return nil, fmt.Errorf("readers: %w", err)
	}
	return t, t.post(ctx, "/en/setup", url.Values{"token": {u.Query().Get("token")}, "organisation": {"Readers"}, "language": {"en"}, "currency": {"EUR"},
		"time_zone": {"Europe/Berlin"}, "name": {"Owner"}, "password": {"correct horse battery"}})
}

// makePoll asks the reader's question and lets readers comment, with an e-mail address.
func (t *team) makePoll(ctx context.Context) error {
	if err := t.post(ctx, "/en/polls", url.Values{"quick": {"1"}, "address": {"sie"}}); err != nil {
		return err
	}
	return t.post(ctx, "/en/polls/1/comments", url.Values{"comments": {"on"}, "email_required": {"on"}})
}

// post sends a form that must be accepted.
func (t *team) post(ctx context.Context, path string, form url.Values) error {
	resp, err := t.do(ctx, http.MethodPost, path, form)
	if err != nil {
		return fmt.Errorf("readers: %w", err)
	}
	text, err := body(resp)
	if err != nil || resp.StatusCode != http.StatusSeeOther {
		return errors.Join(fmt.Errorf("readers: POST %s: %d: %.300s", path, resp.StatusCode, text), err)
	}
	return nil
}
