package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"goalpost"
)

// CreatePoll makes a poll. It fails with Conflict when another poll of the
// installation has its address.
func (db *DB) CreatePoll(ctx context.Context, org goalpost.OrgID, p goalpost.Poll) (goalpost.Poll, error) {
	err := db.do(ctx, func(t *tx) error {
		var there int64
		if err := t.mustFind("organisation", "SELECT org_id FROM organisation WHERE org_id = $1", []any{org}, &there); err != nil {
			return err
		}
		taken, err := t.row("SELECT org_id FROM poll WHERE slug = $1", []any{p.Slug}, &there)
		if err != nil {
			return err
		}
		if taken {
			return &goalpost.Error{Kind: goalpost.Conflict, Key: "error.poll.taken", Field: "slug", Args: []goalpost.Arg{goalpost.TextArg(p.Slug)}}
		}
		id, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM poll WHERE org_id = $1", org)
		if err != nil {
			return err
		}
		p.ID = goalpost.PollID(id)
		body, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("store: poll: %w", err)
		}
		_, err = t.exec("INSERT INTO poll (org_id, id, slug, body) VALUES ($1, $2, $3, $4)", org, id, p.Slug, string(body))
		return err
	})
	return p, err
}

// ClosePoll ends a poll, or opens it again.
func (db *DB) ClosePoll(ctx context.Context, org goalpost.OrgID, id goalpost.PollID, closed bool) error {
	return db.changePoll(ctx, org, id, func(p *goalpost.Poll) { p.Closed = closed })
}

// SetPollComments says whether readers may comment, and whether with an e-mail address.
func (db *DB) SetPollComments(ctx context.Context, org goalpost.OrgID, id goalpost.PollID, on, emailRequired bool) error {
	return db.changePoll(ctx, org, id, func(p *goalpost.Poll) { p.Comments, p.EmailRequired = on, emailRequired })
}

// changePoll changes a poll that is there.
func (db *DB) changePoll(ctx context.Context, org goalpost.OrgID, id goalpost.PollID, change func(*goalpost.Poll)) error {
	return db.do(ctx, func(t *tx) error {
		var text string
		if err := t.mustFind("poll", "SELECT body FROM poll WHERE org_id = $1 AND id = $2", []any{org, id}, &text); err != nil {
			return err
		}
		p, err := readPoll(id, text)
		if err != nil {
			return fmt.Errorf("store: %w", err)
		}
		change(&p)
		body, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("store: poll: %w", err)
		}
		_, err = t.exec("UPDATE poll SET body = $3 WHERE org_id = $1 AND id = $2", org, id, string(body))
		return err
	})
}

// Polls returns the polls of an organisation, oldest first.
func (db *DB) Polls(ctx context.Context, org goalpost.OrgID) ([]goalpost.Poll, error) {
	var list []goalpost.Poll
	err := db.rows(ctx, "SELECT id, body FROM poll WHERE org_id = $1 ORDER BY id", func(r *sql.Rows) error {
		p, err := scanPoll(r)
		list = append(list, p)
		return err
	}, org)
	return list, err
}

func scanPoll(r interface{ Scan(...any) error }) (p goalpost.Poll, err error) {
	var id goalpost.PollID
	var body string
	if err := r.Scan(&id, &body); err != nil {
		return p, err
	}
	return readPoll(id, body)
}

func readPoll(id goalpost.PollID, body string) (p goalpost.Poll, err error) {
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, fmt.Errorf("poll %d: %w", id, err)
	}
	p.ID = id
	return p, nil
}

// Poll returns one poll.
func (db *DB) Poll(ctx context.Context, org goalpost.OrgID, id goalpost.PollID) (goalpost.Poll, error) {
	var body string
	if err := db.row(ctx, "SELECT body FROM poll WHERE org_id = $1 AND id = $2", "poll", []any{org, id}, &body); err != nil {
		return goalpost.Poll{}, err
	}
	return readPoll(id, body)
}

// PollBySlug finds the poll of a public address, and whose it is.
func (db *DB) PollBySlug(ctx context.Context, slug string) (goalpost.OrgID, goalpost.Poll, error) {
	var org goalpost.OrgID
	var id goalpost.PollID
	if err := db.row(ctx, "SELECT org_id, id FROM poll WHERE slug = $1", "poll", []any{slug}, &org, &id); err != nil {
		return 0, goalpost.Poll{}, err
	}
	p, err := db.Poll(ctx, org, id)
	return org, p, err
}

// KeptVote is what happened to a vote.
type KeptVote struct {
	Known    bool // the same page was sent before: the first counts
	Repeated bool // another vote came from the same origin
}

// AddVote keeps a vote; when it returns, the vote is on disk. A repeated origin becomes
// a flag. It fails with Unavailable, at once, when too many others wait to be written.
func (db *DB) AddVote(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID, v goalpost.Vote) (kept KeptVote, err error) {
	err = db.doUnlessBusy(ctx, func(t *tx) error {
		kept = KeptVote{}
		var there int64
		if err := t.mustFind("poll", "SELECT id FROM poll WHERE org_id = $1 AND id = $2", []any{org, poll}, &there); err != nil {
			return err
		}
		flags := slices.Clone(v.Flags)
		repeated, err := t.row("SELECT seq FROM vote WHERE org_id = $1 AND poll_id = $2 AND origin = $3 LIMIT 1", []any{org, poll, v.Origin}, &there)
		if err != nil {
			return err
		}
		if kept.Repeated = repeated && v.Origin != ""; kept.Repeated {
			flags = append(flags, goalpost.FlagRepeated)
		}
		seq, err := t.next("SELECT COALESCE(MAX(seq), 0) + 1 FROM vote WHERE org_id = $1 AND poll_id = $2", org, poll)
		if err != nil {
			return err
		}
		n, err := t.exec("poll.AddVote", org, poll, seq, v.ID, v.At.UnixMicro(), strings.Join(v.Choices, " "), v.Other, v.Role, v.Size, v.Country, v.Origin, strings.Join(flags, " "))
		kept.Known = n == 0
		return err
	})
	return kept, err
}

// CountVotes returns how many votes a poll has.
func (db *DB) CountVotes(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID) (n int, err error) {
	err = db.row(ctx, "SELECT COUNT(*) FROM vote WHERE org_id = $1 AND poll_id = $2", "poll", []any{org, poll}, &n)
	return n, err
}

// Votes returns the votes of a poll in the order in which they came.
func (db *DB) Votes(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID) ([]goalpost.Vote, error) {
	var list []goalpost.Vote
	err := db.rows(ctx, "SELECT id, at, choices, other, role, size, country, origin, flags FROM vote WHERE org_id = $1 AND poll_id = $2 ORDER BY seq", func(r *sql.Rows) error {
		var v goalpost.Vote
		var at int64
		var choices, flags string
		if err := r.Scan(&v.ID, &at, &choices, &v.Other, &v.Role, &v.Size, &v.Country, &v.Origin, &flags); err != nil {
			return err
		}
		v.At, v.Choices, v.Flags = micros(at), strings.Fields(choices), strings.Fields(flags)
		list = append(list, v)
		return nil
	}, org, poll)
	return list, err
}
