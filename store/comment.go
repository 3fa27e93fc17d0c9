package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"goalpost"
)

// From so many comments of one origin within an hour on, a further one is flagged.
const (
	rateComments = 3
	rateWindow   = time.Hour
)

// sameText is a hash by which a text is found again, whatever its spaces and capitals.
func sameText(text string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(text), " "))))
	return hex.EncodeToString(sum[:12])
}

// AddComment keeps a comment, held; when it returns, the comment and its e-mail address
// are on disk. added is false when the same page was sent before with the same text: that
// comment counts. It fails with Conflict when the page was sent before with another text,
// and with Unavailable, at once, when too many others wait to be written, or when the
// address cannot be encrypted.
func (db *DB) AddComment(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID, c goalpost.NewComment) (id goalpost.CommentID, added bool, err error) {
	var key personalKey
	if !c.Email.IsEmpty() {
		if key, err = db.keyFile.first(); err != nil {
			return 0, false, err
		}
	}
	err = db.doUnlessBusy(ctx, func(t *tx) error {
		added = false
		var there int64
		if err := t.mustFind("poll", "SELECT id FROM poll WHERE org_id = $1 AND id = $2", []any{org, poll}, &there); err != nil {
			return err
		}
		if id, added, err = t.sentBefore(org, poll, c); err != nil || !added {
			return err
		}
		flags, err := t.commentFlags(org, 0, c)
		if err != nil {
			return err
		}
		next, err := t.next("SELECT COALESCE(MAX(id), 0) + 1 FROM comment WHERE org_id = $1", org)
		if err != nil {
			return err
		}
		id = goalpost.CommentID(next)
		return t.overwriting(func() error { // also here: making room moves other comments
			return t.insertComment(org, poll, id, c, flags, key)
		})
	})
	if err != nil {
		return 0, false, err
	}
	return id, added, nil
}

// insertComment writes a comment and its sealed address.
func (t *tx) insertComment(org goalpost.OrgID, poll goalpost.PollID, id goalpost.CommentID, c goalpost.NewComment, flags []string, key personalKey) error {
	if _, err := t.exec("comment.Add", org, id, poll, c.FormID, c.Link, c.At.UnixMicro(), c.Name, c.Text, sameText(c.Text), c.Origin, strings.Join(flags, " ")); err != nil {
		return err
	}
	if c.Email.IsEmpty() {
		return nil
	}
	_, err := t.exec("INSERT INTO comment_email (org_id, comment_id, key_id, sealed) VALUES ($1, $2, $3, $4)", org, id, key.id, key.seal(org, id, c.Email))
	return err
}

// sentBefore looks for the comment of the same page. Whoever has the page's id but not
// its secret, or writes another text, is not told which comment it was.
func (t *tx) sentBefore(org goalpost.OrgID, poll goalpost.PollID, c goalpost.NewComment) (id goalpost.CommentID, fresh bool, err error) {
	var link, same, state string
	found, err := t.row("SELECT id, link, same, state FROM comment WHERE org_id = $1 AND poll_id = $2 AND form_id = $3", []any{org, poll, c.FormID}, &id, &link, &same, &state)
	if err != nil || !found {
		return 0, true, err
	}
	if link != c.Link || (state != string(goalpost.CommentDeleted) && same != sameText(c.Text)) {
		return 0, false, &goalpost.Error{Kind: goalpost.Conflict, Key: "error.comment.sent", Field: "text"}
	}
	return id, false, nil
}

// commentFlags adds the signals that come from other comments.
func (t *tx) commentFlags(org goalpost.OrgID, self goalpost.CommentID, c goalpost.NewComment) ([]string, error) {
	flags := slices.Clone(c.Flags)
	var there int64 // no more is read than decides: a storm of comments would make each one slower
	same, err := t.row("SELECT id FROM comment WHERE org_id = $1 AND same = $2 AND id <> $3 LIMIT 1", []any{org, sameText(c.Text), self}, &there)
	if err != nil {
		return nil, err
	}
	if same {
		flags = append(flags, goalpost.FlagSame)
	}
	if c.Origin == "" {
		return flags, nil
	}
	var others int
	if _, err := t.row("SELECT COUNT(*) FROM (SELECT id FROM comment WHERE org_id = $1 AND origin = $2 AND at > $3 AND id <> $4 LIMIT $5) AS recent",
		[]any{org, c.Origin, c.At.Add(-rateWindow).UnixMicro(), self, rateComments}, &others); err != nil {
		return nil, err
	}
	if others >= rateComments {
		flags = append(flags, goalpost.FlagRate)
	}
	return flags, nil
}

// mustFind reads one row that has to be there.
func (t *tx) mustFind(what, query string, args []any, dest ...any) error {
	found, err := t.row(query, args, dest...)
	if err == nil && !found {
		err = notFound(what)
	}
	return err
}

func scanComment(r interface{ Scan(...any) error }) (c goalpost.Comment, err error) {
	var at, changed, decided, replied int64
	var flags string
	err = r.Scan(&c.ID, &c.Poll, &at, &c.Version, &c.State, &c.Public.Name, &c.Public.Text, &c.Waiting.Name, &c.Waiting.Text, &changed, &c.HasEmail,
		&flags, &c.Reason, &c.DecidedBy, &decided, &c.Reply.Text, &c.Reply.By, &replied)
	c.At, c.ChangedAt, c.DecidedAt, c.Reply.At, c.Flags = micros(at), micros(changed), micros(decided), micros(replied), strings.Fields(flags)
	return c, err
}

// Comments returns the comments of a poll in one state, newest first.
func (db *DB) Comments(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID, state goalpost.CommentState, limit, offset int) ([]goalpost.Comment, error) {
	var list []goalpost.Comment
	err := db.rows(ctx, "comment.Comments", func(r *sql.Rows) error {
		c, err := scanComment(r)
		list = append(list, c)
		return err
	}, org, poll, state, limit, offset)
	return list, err
}

// PublicComments returns what readers see of a poll's comments, newest first. What waits,
// flags and names of the team are not in it.
func (db *DB) PublicComments(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID, limit, offset int) (list []goalpost.Comment, total int, err error) {
	err = db.rows(ctx, "comment.PublicComments", func(r *sql.Rows) error {
		c, err := scanComment(r)
		list = append(list, c)
		return err
	}, org, poll, limit, offset)
	if err != nil {
		return nil, 0, err
	}
	err = db.row(ctx, "SELECT COUNT(*) FROM comment WHERE org_id = $1 AND poll_id = $2 AND text <> ''", "poll", []any{org, poll}, &total)
	return list, total, err
}

// CommentCounts returns how many comments of a poll are in each state.
func (db *DB) CommentCounts(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID) (map[goalpost.CommentState]int, error) {
	counts := map[goalpost.CommentState]int{}
	err := db.rows(ctx, "SELECT state, COUNT(*) FROM comment WHERE org_id = $1 AND poll_id = $2 GROUP BY state", func(r *sql.Rows) error {
		var state goalpost.CommentState
		var n int
		err := r.Scan(&state, &n)
		counts[state] = n
		return err
	}, org, poll)
	return counts, err
}

// Comment returns one comment.
func (db *DB) Comment(ctx context.Context, org goalpost.OrgID, id goalpost.CommentID) (c goalpost.Comment, err error) {
	found := false
	err = db.rows(ctx, "comment.One", func(r *sql.Rows) error {
		c, err = scanComment(r)
		found = true
		return err
	}, org, id)
	if err == nil && !found {
		err = notFound("comment")
	}
	return c, err
}

// CommentByLink finds the comment of an author's link by the hash of its secret.
func (db *DB) CommentByLink(ctx context.Context, org goalpost.OrgID, poll goalpost.PollID, link string) (goalpost.Comment, error) {
	var id goalpost.CommentID
	if err := db.row(ctx, "SELECT id FROM comment WHERE org_id = $1 AND link = $2 AND poll_id = $3", "comment", []any{org, link, poll}, &id); err != nil {
		return goalpost.Comment{}, err
	}
	return db.Comment(ctx, org, id)
}

// changeComment runs a change of one comment that is not deleted, by db.do or
// db.doUnlessBusy. What the change replaces is overwritten in the file.
func (db *DB) changeComment(ctx context.Context, do func(context.Context, func(*tx) error) error, org goalpost.OrgID, id goalpost.CommentID, change func(t *tx, c goalpost.Comment) error) error {
	return do(ctx, func(t *tx) error {
		var c goalpost.Comment
		found := false
		err := t.rows("comment.One", func(r *sql.Rows) (err error) {
			c, err = scanComment(r)
			found = true
			return err
		}, org, id)
		if err == nil && (!found || c.State == goalpost.CommentDeleted) {
			err = notFound("comment")
		}
		if err != nil {
			return err
		}
		return t.overwriting(func() error { return change(t, c) })
	})
}

// overwriting runs statements that remove what people wrote. The writer's connection puts
// zeros over everything that is removed or moved (PRAGMA secure_delete), where otherwise
// the bytes stay in the file until their place is needed; without that nothing is done.
func (t *tx) overwriting(do func() error) error {
	var on int
	if _, err := t.row("PRAGMA secure_delete", nil, &on); err != nil {
		return err
	}
	if on != 1 {
		return errNoOverwriting
	}
	return do()
}

// errNoOverwriting says that what is removed would stay in the file.
var errNoOverwriting = errors.New("store: the connection does not overwrite what is removed")

// DecideComment puts what waits on the page, refuses it, or takes a decision back. It
// fails with Conflict when the author has sent another text since the decision was made.
func (db *DB) DecideComment(ctx context.Context, org goalpost.OrgID, id goalpost.CommentID, d goalpost.CommentDecision) error {
	return db.changeComment(ctx, db.do, org, id, func(t *tx, c goalpost.Comment) error {
		if d.Version != c.Version {
			return goalpost.Errorf(goalpost.Conflict, "error.comment.changed")
		}
		newest := c.Newest()
		switch d.State {
		case goalpost.CommentApproved:
			c.Public, c.Waiting = newest, goalpost.CommentText{}
		case goalpost.CommentRefused, goalpost.CommentHeld:
			if c.State == goalpost.CommentApproved { // the text on the page is the one that was decided about
				c.Public, c.Waiting = goalpost.CommentText{}, newest
			}
		default:
			return goalpost.Errorf(goalpost.Invalid, "error.web.form")
		}
		_, err := t.exec("UPDATE comment SET state = $3, name = $4, text = $5, waiting_name = $6, waiting_text = $7, reason = $8, decided_by = $9, decided_at = $10 WHERE org_id = $1 AND id = $2",
			org, id, d.State, c.Public.Name, c.Public.Text, c.Waiting.Name, c.Waiting.Text, d.Reason, d.By, d.At.UnixMicro())
		return err
	})
}

// ReplyToComment keeps the team's answer; an empty text takes it back.
func (db *DB) ReplyToComment(ctx context.Context, org goalpost.OrgID, id goalpost.CommentID, r goalpost.Reply) error {
	return db.changeComment(ctx, db.do, org, id, func(t *tx, _ goalpost.Comment) error {
		at := r.At.UnixMicro()
		if r.Text == "" {
			r.By, at = "", 0
		}
		_, err := t.exec("UPDATE comment SET reply = $3, reply_by = $4, reply_at = $5 WHERE org_id = $1 AND id = $2", org, id, r.Text, r.By, at)
		return err
	})
}

// EditComment keeps another text of the author, held; what was approved stays until then.
// It fails with Unavailable, at once, when too many others wait to be written.
func (db *DB) EditComment(ctx context.Context, org goalpost.OrgID, id goalpost.CommentID, c goalpost.NewComment) error {
	return db.changeComment(ctx, db.doUnlessBusy, org, id, func(t *tx, before goalpost.Comment) error {
		if before.Newest() == c.CommentText {
			return nil // sent twice, or nothing changed
		}
		flags, err := t.commentFlags(org, id, c)
		if err != nil {
			return err
		}
		_, err = t.exec("UPDATE comment SET state = 'held', version = version + 1, changed_at = $3, waiting_name = $4, waiting_text = $5, same = $6, flags = $7, reason = '' WHERE org_id = $1 AND id = $2",
			org, id, c.At.UnixMicro(), c.Name, c.Text, sameText(c.Text), strings.Join(flags, " "))
		return err
	})
}

// EraseComments removes comments with everything that is kept of their authors, and
// returns how many there were. clean reports whether the log of the database is emptied
// as well; else that happens when no reader is in the way.
func (db *DB) EraseComments(ctx context.Context, org goalpost.OrgID, ids ...goalpost.CommentID) (n int, clean bool, err error) {
	err = db.do(ctx, func(t *tx) error {
		n = 0
		return t.overwriting(func() error {
			for _, id := range ids {
				var there int64
				if err := t.mustFind("comment", "SELECT id FROM comment WHERE org_id = $1 AND id = $2 AND state <> 'deleted'", []any{org, id}, &there); err != nil {
					return err
				}
				if _, err := t.exec("comment.Scrub", org, id); err != nil {
					return err
				}
				if _, err := t.exec("DELETE FROM comment_email WHERE org_id = $1 AND comment_id = $2", org, id); err != nil {
					return err
				}
				n++
			}
			return t.scrub(commentTables)
		})
	})
	if err != nil || n == 0 {
		return 0, false, err
	}
	return n, db.emptyLog(ctx), nil
}

// EmptyLog empties the log of the database after something was erased; false while a reader
// is in the way.
func (db *DB) EmptyLog(ctx context.Context) bool { return db.emptyLog(ctx) }

// emptyLog brings the write-ahead log into the file and cuts it to nothing: it holds
// what was written before it was erased. Where a reader is in the way it is tried again
// until it is done, because the log is else written over only as far as new rows need it.
func (db *DB) emptyLog(ctx context.Context) bool {
	const patience = 3 * time.Second
	done := db.tryEmptyLog(ctx, patience)
	if !done {
		db.emptyLater.Store(true)
	}
	return done
}

// tryEmptyLog tries it for a time, in which nobody else can write.
func (db *DB) tryEmptyLog(ctx context.Context, patience time.Duration) bool {
	c, err := sql.Open("sqlite", dsn(filepath.Join(db.dir, File), []string{fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds())}))
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }() // nothing was written through it
	var busy, logged, moved int
	err = c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &moved)
	return err == nil && busy == 0
}
