package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"goalpost"
)

// Kinds of event in the log of what respondents sent.
const (
	eventSaved   = "saved"
	eventTooLate = "saved_late" // so too, of somebody who began while nobody could
	eventDone    = "done"
	eventLate    = "late_edit" // another answer, after the answer was complete
	eventErased  = "erased"
)

// outboxAnswer is the kind of a message that tells of a complete answer.
const outboxAnswer = "answer.complete"

// maxRevisions is how often one respondent's answer can be saved: a page saves at each
// change, and a program that saves for ever fills the disk.
const maxRevisions = 2000

// maxLateEdits is how many other answers are kept in the log after one was complete. They
// change nothing any more, and their revision need not grow: without an end they are a way
// to fill the disk as one respondent.
const maxLateEdits = 50

// SentAnswer is what a respondent's page sends: all that was answered so far.
type SentAnswer struct {
	goalpost.Answer          // of State only whether it is finished counts
	Done            bool     // the last page was sent
	Counted         []string // options that the replies chose, as question and option in turn
	Secret          string   // hash of the secret that the answer is resumed with
	Network         string   // keyed hash of the connection, to find repeats; no address
	Hash            string   // SHA-256 of what was answered
	Raw             []byte   // what was sent, as it was sent
	Body            []byte   // JSON of Replies; nil: it is made
	Revision        int64    // of the survey that the page was checked against
	Open            bool     // the survey takes new respondents
	// Grace is true where answers are still taken of those who had begun while the survey was
	// open; Begun, where a new one is known to be of somebody who had.
	Grace  bool
	Begun  bool
	Limit  int // of complete answers; 0 for none
	Quotas []goalpost.Quota
	// Invited is true where only one answer for each invitation counts; Invitation is the
	// hash of the token that came along. Named is true where the invitation then says whose
	// answer it is.
	Invited    bool
	Invitation string
	Named      bool
	Day        goalpost.Day // of the organisation
	At         time.Time    // of the log; in anonymous surveys the beginning of the day
}

// KeptAnswer is what became of what was sent.
type KeptAnswer struct {
	goalpost.Answer      // as it is kept
	New             bool // of a respondent of whom there was nothing
	Known           bool // the same was sent before, or something newer: nothing was changed
	Other           bool // Known, but with other content: of the same revision, or a later one
	Conflict        bool // the answer is complete, and something else was sent: it is in the log alone
	Stale           bool // the survey was changed since the page was checked: check and send again
}

// answerRow is what is kept of an answer that decides about what is sent.
type answerRow struct {
	answer goalpost.Answer
	secret string
	hash   string
}

// KeepAnswer keeps what a respondent sent. When it returns, it is on disk: answer, log,
// counts and messages to other systems in one transaction. What has a lower or equal
// revision than what is kept changes nothing. It fails with Forbidden when the secret is
// another one, with NotFound when survey or form version are not there, and with
// Unavailable, at once, when too many others wait to be written.
func (db *DB) KeepAnswer(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, in SentAnswer) (kept KeptAnswer, err error) {
	if in.Body == nil {
		if in.Body, err = json.Marshal(in.Replies); err != nil {
			return kept, fmt.Errorf("store: answer: %w", err)
		}
	}
	err = db.doAnswer(ctx, func(t *tx) error {
		kept = KeptAnswer{}
		b, err := t.batchOf(org, id)
		if err != nil {
			return err
		}
		if kept.Stale = b.revision != in.Revision; kept.Stale {
			return nil
		}
		if err := t.markAnswered(b, org, id, in.Version); err != nil {
			return err
		}
		// A page saves many times: only the first time the answer is likely to be new, and is
		// written without looking. Not so where being complete uses something up.
		if in.Rev <= 1 && in.Invitation == "" {
			var added bool
			if kept, added, err = t.addAnswer(b, org, id, in); err != nil || added {
				return err
			}
		}
		was, found, err := t.answerRow(org, id, in.ID)
		if err != nil {
			return err
		}
		if found {
			kept, err = t.changeAnswer(b, org, id, was, in)
			return err
		}
		kept, _, err = t.addAnswer(b, org, id, in)
		return err
	})
	return kept, err
}

func (t *tx) answerRow(org goalpost.OrgID, id goalpost.SurveyID, rid string) (was answerRow, found bool, err error) {
	x := answerFields{}
	found, err = t.row("answer.Kept", []any{org, id, rid}, append(x.dest(), &was.secret, &was.hash)...)
	if err == nil && found {
		was.answer, err = x.answer()
	}
	return was, found, err
}

// addAnswer keeps a new answer; added is false, and nothing was written, when there is one
// of its respondent.
func (t *tx) addAnswer(b *surveyBatch, org goalpost.OrgID, id goalpost.SurveyID, in SentAnswer) (kept KeptAnswer, added bool, err error) {
	if err := in.mayRevise(); err != nil {
		return kept, false, err
	}
	a := in.Answer
	open := in.Open || in.Grace && in.Begun
	if a.State, err = t.stateOf(b, org, id, in, open); err != nil {
		return kept, false, err
	}
	if in.Network != "" {
		var other string
		repeated, err := t.row("SELECT rid FROM answer WHERE org_id = $1 AND survey_id = $2 AND network = $3 AND network <> '' AND rid <> $4 LIMIT 1", []any{org, id, in.Network, a.ID}, &other)
		if err != nil {
			return kept, false, err
		}
		if repeated && !slices.Contains(a.Flags, goalpost.FlagRepeated) {
			a.Flags = append(slices.Clone(a.Flags), goalpost.FlagRepeated)
		}
	}
	a.Change = b.last + 1
	a.Seq, a.ChangedAt = a.Change, a.BegunAt
	n, err := t.exec("answer.Add", org, id, a.ID, a.Change, a.Rev, a.Version, string(a.State), a.Channel, a.Campaign, a.Language, string(a.Device),
		a.BegunAt.UnixMicro(), a.Seconds, strings.Join(a.Flags, " "), in.Network, in.Secret, in.Hash, string(in.Body))
	if err != nil || n == 0 {
		return kept, false, err
	}
	kind := kindOf(in)
	if !open && !in.Done {
		kind = eventTooLate
	}
	if err := t.writeEvent(org, id, a.Change, in, kind); err != nil {
		return kept, false, err
	}
	return KeptAnswer{Answer: a, New: true}, true, t.finish(b, org, id, a, in)
}

func (t *tx) changeAnswer(b *surveyBatch, org goalpost.OrgID, id goalpost.SurveyID, was answerRow, in SentAnswer) (kept KeptAnswer, err error) {
	a := was.answer
	kept.Answer = a
	switch {
	case a.State == goalpost.AnswerErased:
		kept.Known = true
		return kept, nil
	case was.secret != in.Secret:
		return kept, goalpost.Errorf(goalpost.Forbidden, "error.answer.secret")
	case was.hash == in.Hash && a.State.Finished():
		kept.Known = true
		return kept, nil
	case a.State.Finished():
		kept.Conflict = true
		return kept, t.keepLate(b, org, id, in)
	case in.Rev <= a.Rev:
		kept.Known, kept.Other = true, was.hash != in.Hash
		return kept, nil
	}
	if err := in.mayRevise(); err != nil {
		return kept, err
	}
	open := in.Open
	if !open && in.Grace {
		if open, err = t.begunInTime(org, id, in.ID); err != nil {
			return kept, err
		}
	}
	if a.State, err = t.stateOf(b, org, id, in, open); err != nil {
		return kept, err
	}
	a.Change = b.last + 1
	if err := t.writeEvent(org, id, a.Change, in, kindOf(in)); err != nil {
		return kept, err
	}
	a.Rev, a.Version, a.Replies, a.Language, a.ChangedAt, a.Seconds = in.Rev, in.Version, in.Replies, in.Language, in.BegunAt, in.Seconds
	for _, f := range in.Flags {
		if !slices.Contains(a.Flags, f) {
			a.Flags = append(a.Flags, f)
		}
	}
	if _, err := t.exec("answer.Update", org, id, a.ID, a.Change, a.Rev, a.Version, string(a.State), a.Language, a.ChangedAt.UnixMicro(), a.Seconds,
		strings.Join(a.Flags, " "), in.Hash, string(in.Body)); err != nil {
		return kept, err
	}
	return KeptAnswer{Answer: a}, t.finish(b, org, id, a, in)
}

// begunInTime reports whether an answer that is kept was begun while the survey was open:
// the log says so where it was not, for the time may be kept as a day.
func (t *tx) begunInTime(org goalpost.OrgID, id goalpost.SurveyID, rid string) (bool, error) {
	var event int64
	late, err := t.row("SELECT id FROM answer_event WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND kind = 'saved_late' LIMIT 1", []any{org, id, rid}, &event)
	return !late, err
}

// keepLate writes what was sent after an answer was complete to the log.
func (t *tx) keepLate(b *surveyBatch, org goalpost.OrgID, id goalpost.SurveyID, in SentAnswer) error {
	var n int
	if _, err := t.row("SELECT COUNT(*) FROM answer_event WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND kind = 'late_edit'", []any{org, id, in.ID}, &n); err != nil {
		return err
	}
	if n >= maxLateEdits {
		return goalpost.Errorf(goalpost.Unavailable, "error.answer.revisions", goalpost.NumberArg(maxLateEdits))
	}
	if err := in.mayRevise(); err != nil {
		return err
	}
	if err := t.writeEvent(org, id, b.last+1, in, eventLate); err != nil {
		return err
	}
	b.last++
	return nil
}

func kindOf(in SentAnswer) string {
	if in.Done {
		return eventDone
	}
	return eventSaved
}

// stateOf decides what an answer is: begun until the last page was sent, then complete,
// unless the survey takes none, the limit or a quota is reached, or its invitation is
// missing or was used before. An invitation is used up by it.
func (t *tx) stateOf(b *surveyBatch, org goalpost.OrgID, id goalpost.SurveyID, in SentAnswer, open bool) (goalpost.AnswerState, error) {
	switch {
	case !in.Done:
		return goalpost.AnswerBegun, nil
	case !open:
		return goalpost.AnswerLate, nil
	}
	limits := in.Quotas
	if in.Limit > 0 {
		limits = append([]goalpost.Quota{{Limit: in.Limit}}, limits...)
	}
	for _, q := range limits {
		if q.Question != "" && !in.fallsUnder(q) {
			continue
		}
		n, err := t.complete(b, org, id, countKey{q.Question, q.Option})
		if err != nil {
			return "", err
		}
		if n >= q.Limit {
			return goalpost.AnswerOverQuota, nil
		}
	}
	if in.Invitation == "" {
		if in.Invited {
			return goalpost.AnswerUninvited, nil
		}
		return goalpost.AnswerComplete, nil
	}
	rid := ""
	if in.Named {
		rid = in.ID
	}
	n, err := t.exec("invitation.Use", org, id, in.Invitation, in.Day, rid)
	if err == nil && n == 0 && in.Invited {
		return goalpost.AnswerUninvited, nil
	}
	return goalpost.AnswerComplete, err
}

func (in SentAnswer) fallsUnder(q goalpost.Quota) bool {
	for i := 0; i+1 < len(in.Counted); i += 2 {
		if in.Counted[i] == q.Question && in.Counted[i+1] == q.Option {
			return true
		}
	}
	return false
}

// finish puts the messages about a complete answer into the outbox and counts it. It is
// the last of a job: what the batch knows must be true of what is kept.
func (t *tx) finish(b *surveyBatch, org goalpost.OrgID, id goalpost.SurveyID, a goalpost.Answer, in SentAnswer) error {
	if a.State == goalpost.AnswerComplete && b.hooked {
		if _, err := t.exec("answer.AddOutbox", org, id, a.ID, outboxAnswer, in.At.UnixMicro()); err != nil {
			return err
		}
	}
	if a.State == goalpost.AnswerComplete {
		b.addCount(in.Counted)
	}
	b.last = a.Change
	return nil
}

// count adds to the number of complete answers, of all and of those with an option.
func (t *tx) count(org goalpost.OrgID, id goalpost.SurveyID, counted []string, n int) error {
	if _, err := t.exec("answer.Count", org, id, "", "", n); err != nil {
		return err
	}
	for i := 0; i+1 < len(counted); i += 2 {
		if _, err := t.exec("answer.Count", org, id, counted[i], counted[i+1], n); err != nil {
			return err
		}
	}
	return nil
}

// mayRevise refuses a page that saves for ever.
func (in SentAnswer) mayRevise() error {
	if in.Rev > maxRevisions {
		return goalpost.Errorf(goalpost.Unavailable, "error.answer.revisions", goalpost.NumberArg(maxRevisions))
	}
	return nil
}

// writeEvent writes what was sent to the log, at its place in it.
func (t *tx) writeEvent(org goalpost.OrgID, id goalpost.SurveyID, change int64, in SentAnswer, kind string) error {
	_, err := t.exec("answer.AddEvent", org, id, change, in.ID, in.At.UnixMicro(), kind, in.Rev, in.Hash, string(in.Raw))
	return err
}

// EraseAnswer removes everything of one respondent but that somebody was there: answer,
// log, tags and messages. counted are the options that the answer was counted under. When it
// returns, the bytes are overwritten in the file.
func (db *DB) EraseAnswer(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, rid string, counted []string) error {
	err := db.do(ctx, func(t *tx) error {
		was, found, err := t.answerRow(org, id, rid)
		if err != nil {
			return err
		}
		if !found {
			return notFound("answer")
		}
		if was.answer.State == goalpost.AnswerErased {
			return nil
		}
		return t.overwriting(func() error {
			if err := t.eraseAnswer(org, id, was.answer, counted); err != nil {
				return err
			}
			return t.scrub(answerTables)
		})
	})
	if err != nil {
		return err
	}
	db.emptyLog(ctx) // where a reader is in the way, soon after it
	return nil
}

func (t *tx) eraseAnswer(org goalpost.OrgID, id goalpost.SurveyID, a goalpost.Answer, counted []string) error {
	// The new event comes first: its number must not be one that readers have seen.
	change, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM answer_event WHERE org_id = $1 AND survey_id = $2", org, id)
	if err != nil {
		return err
	}
	if err := t.writeEvent(org, id, change, SentAnswer{Answer: goalpost.Answer{ID: a.ID}}, eventErased); err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM answer_event WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND kind <> 'erased'",
		"DELETE FROM answer_tag WHERE org_id = $1 AND survey_id = $2 AND rid = $3",
		"DELETE FROM outbox WHERE org_id = $1 AND survey_id = $2 AND rid = $3",
		"DELETE FROM survey_contact WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND rid <> ''",
		"DELETE FROM invitation_token WHERE org_id = $1 AND survey_id = $2 AND invitation_id IN (SELECT id FROM invitation WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND rid <> '')",
		"DELETE FROM invitation WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND rid <> ''",
	} {
		if _, err := t.exec(statement, org, id, a.ID); err != nil {
			return err
		}
	}
	if _, err := t.exec("answer.Erase", org, id, a.ID, change); err != nil {
		return err
	}
	if a.State == goalpost.AnswerComplete {
		return t.count(org, id, counted, -1)
	}
	return nil
}

// answerFields reads one answer.
type answerFields struct {
	a             goalpost.Answer
	begun, change int64
	flags, body   string
}

func (x *answerFields) dest() []any {
	a := &x.a
	return []any{&a.ID, &a.Seq, &a.Change, &a.Rev, &a.Version, &a.State, &a.Channel, &a.Campaign, &a.Language, &a.Device, &x.begun, &x.change, &a.Seconds, &x.flags, &x.body}
}

func (x *answerFields) answer() (goalpost.Answer, error) {
	x.a.BegunAt, x.a.ChangedAt, x.a.Flags = micros(x.begun), micros(x.change), strings.Fields(x.flags)
	if err := json.Unmarshal([]byte(x.body), &x.a.Replies); err != nil {
		return x.a, fmt.Errorf("store: answer %s: %w", x.a.ID, err)
	}
	return x.a, nil
}

// Answer returns one answer.
func (db *DB) Answer(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, rid string) (goalpost.Answer, error) {
	x := answerFields{}
	if err := db.row(ctx, "answer.One", "answer", []any{org, id, rid}, x.dest()...); err != nil {
		return goalpost.Answer{}, err
	}
	return x.answer()
}

// ResumeAnswer returns the answer of whoever has its secret, by the secret's hash; NotFound
// for everybody else.
func (db *DB) ResumeAnswer(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, rid, secret string) (goalpost.Answer, error) {
	var there string
	if err := db.row(ctx, "SELECT rid FROM answer WHERE org_id = $1 AND survey_id = $2 AND rid = $3 AND secret = $4 AND secret <> ''", "answer", []any{org, id, rid, secret}, &there); err != nil {
		return goalpost.Answer{}, err
	}
	return db.Answer(ctx, org, id, rid)
}

// AnswersSince returns up to limit answers that changed after a change, in the order of
// their changes: from 0 all answers. An answer that changes again comes again.
func (db *DB) AnswersSince(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, change int64, limit int) ([]goalpost.Answer, error) {
	return db.answers(ctx, "answer.Since", org, id, change, limit)
}

// AnswersBetween returns the answers whose ids lie from one text to below another.
func (db *DB) AnswersBetween(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID, from, below string) ([]goalpost.Answer, error) {
	return db.answers(ctx, "answer.Begins", org, id, from, below)
}

func (db *DB) answers(ctx context.Context, query string, args ...any) ([]goalpost.Answer, error) {
	var list []goalpost.Answer
	err := db.rows(ctx, query, func(r *sql.Rows) error {
		x := answerFields{}
		if err := r.Scan(x.dest()...); err != nil {
			return err
		}
		a, err := x.answer()
		list = append(list, a)
		return err
	}, args...)
	return list, err
}

// SurveyCount returns how many complete answers a survey has, erased ones left out.
func (db *DB) SurveyCount(ctx context.Context, org goalpost.OrgID, id goalpost.SurveyID) (n int, err error) {
	err = db.row(ctx, "SELECT COALESCE(SUM(n), 0) FROM survey_count WHERE org_id = $1 AND survey_id = $2 AND question = ''", "survey", []any{org, id}, &n)
	return n, err
}
