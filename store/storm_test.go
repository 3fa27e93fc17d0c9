package store

import (
	"fmt"
	"testing"
	"time"
)

// storm is how many comments a machine has sent to a poll.
const storm = 20_000

// fill writes the comments of a storm at once: one text, one origin, all of them waiting.
func fill(t *testing.T, db *DB, at time.Time) {
	t.Helper()
	if err := db.do(ctx, func(t *tx) error {
		_, err := t.exec(`WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < $1)
INSERT INTO comment (org_id, id, poll_id, form_id, link, at, state, version, changed_at, name, text, waiting_name, waiting_text, same, origin, flags, reason, decided_by, decided_at, reply, reply_by, reply_at)
SELECT 1, 1000 + i, 1, 'storm-' || i, 'storm-' || i, $2, 'held', 1, $2, '', '', 'x', $3, $4, 'here', '', '', '', 0, '', '', 0 FROM k`, storm, at.UnixMicro(), fmt.Sprintf("%02000d", 0), sameText("buy"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Twenty thousand comments of one origin that wait, of this hour or of earlier ones, slow
// down neither the next comment, which holds up everything else that is written, nor the
// page of readers. Where each of them was read every time, this took a minute.
func TestCommentStorm(t *testing.T) {
	for name, at := range map[string]time.Time{"this hour": when, "earlier": when.Add(-2 * time.Hour)} {
		db := open(t, Options{})
		org := asked(t, db)
		fill(t, db, at)
		began := time.Now()
		const further = 100
		for i := range further {
			c := written(t, fmt.Sprint("ada", i), "buy", "")
			c.Origin = "here"
			add(t, db, org, c)
			if list, n, err := db.PublicComments(ctx, org, 1, 20, 0); err != nil || n != 0 || len(list) != 0 {
				t.Fatalf("%d %d %v", n, len(list), err)
			}
		}
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("%s: %d further comments and pages took %v", name, further, took)
		}
	}
}
