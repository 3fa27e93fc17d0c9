package store

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"goalpost"
)

// Whoever sends another answer again and again after it was complete, always with the same
// revision, does not fill the disk with it: what does not fit is refused, not dropped.
func TestLateEditsAreBounded(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	keepAnswer(t, db, org, s, 2, 1, "first", true)
	refused := 0
	for i := range maxLateEdits + 20 {
		text := fmt.Sprint("other ", i)
		in := SentAnswer{Done: true, Secret: "hash", Hash: text, Raw: []byte(`{"more":{"text":"` + text + `"}}`), Revision: s.Revision, Open: true, At: when}
		in.Answer = goalpost.Answer{ID: answerID(2), Rev: 1, Version: s.FormVersion, Language: "en", BegunAt: when, Replies: map[string]goalpost.QuestionReply{"more": {Text: text}}}
		kept, err := db.KeepAnswer(ctx, org, s.ID, in)
		if e, said := errors.AsType[*goalpost.Error](err); said && e.Kind == goalpost.Unavailable {
			refused++
		} else if err != nil || !kept.Conflict {
			t.Fatalf("%d: %+v %v", i, kept, err)
		}
	}
	events, err := db.AnswerEvents(ctx, org, s.ID, answerID(2))
	if err != nil || len(events) != 1+maxLateEdits || refused != 20 {
		t.Errorf("%d events, %d refused, %v", len(events), refused, err)
	}
	keepAnswer(t, db, org, s, 3, 1, "of somebody else", true)
}

// Of the log of an answer as much is read as a page shows, however much a stranger sent.
func TestLastAnswerEvents(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	for rev := range 5 {
		keepAnswer(t, db, org, s, 2, int64(rev+1), strings.Repeat("ü", 100+rev), false)
	}
	last, err := db.LastAnswerEvents(ctx, org, s.ID, answerID(2), 3, 30)
	if err != nil || len(last) != 3 || last[0].Rev != 5 || last[2].Rev != 3 || len([]rune(last[0].Raw)) != 30 {
		t.Errorf("%+v %v", last, err)
	}
}

// In no page of the tables with answers, nor of their indexes, a copy is left of anything
// that was moved or removed: not of tags, nor of what stood for a connection.
func TestErasedAnswerIsInNoIndex(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	hash := func(i int) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(strconv.Itoa(i)))) }
	id := func(i int) string { return hash(i)[:8] + fmt.Sprintf("-0000-4000-8000-%012x", i) } // in an order that is none
	for i := 2; i < 200; i++ {
		in := SentAnswer{Done: true, Secret: "hash", Hash: "x", Raw: []byte(`{}`), Revision: s.Revision, Open: true, At: when, Network: hash(-i)}
		in.Answer = goalpost.Answer{ID: id(i), Rev: 1, Version: s.FormVersion, Language: "en", BegunAt: when}
		if _, err := db.KeepAnswer(ctx, org, s.ID, in); err != nil {
			t.Fatal(err)
		}
		for _, tag := range []string{"a" + hash(i)[:i%60], "b" + hash(i)[:i%50]} {
			if err := db.TagAnswer(ctx, org, s.ID, id(i), "more", []string{tag}, "Ada", when); err != nil {
				t.Fatal(err)
			}
		}
		if i%20 == 0 || i == 199 {
			if err := db.EraseAnswer(ctx, org, s.ID, id(i-3), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	err := db.do(ctx, func(x *tx) error {
		return x.rows("SELECT m.tbl_name, s.name, p.pgno, p.data FROM dbstat s JOIN sqlite_dbpage p ON p.pgno = s.pageno JOIN sqlite_schema m ON m.name = s.name WHERE s.pagetype <> 'overflow'", func(r *sql.Rows) error {
			var table, name string
			var number int64
			var page []byte
			err := r.Scan(&table, &name, &number, &page)
			if _, dirty := withoutRemains(number, page); dirty && slices.Contains(answerTables, table) {
				t.Errorf("page %d of %s holds more than its rows", number, name)
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What was erased leaves the log of the database also when somebody was reading meanwhile,
// once they have done.
func TestErasedDuringAReadLeavesTheLog(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	reader, err := sql.Open("sqlite", dsn(filepath.Join(db.Dir(), File), nil))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }() // it was only read
	keepAnswer(t, db, org, s, 2, 1, "marker-two", true)
	read, err := reader.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := read.QueryRowContext(ctx, "SELECT COUNT(*) FROM answer").Scan(&n); err != nil || n == 0 {
		t.Fatal(n, err)
	}
	if err := db.EraseAnswer(ctx, org, s.ID, answerID(2), nil); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw(t, db.Dir()), []byte("marker-two")) {
		t.Fatal("the reader is in nobody's way: this test shows nothing")
	}
	if err := read.Rollback(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); bytes.Contains(raw(t, db.Dir()), []byte("marker-two")); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the log still holds the erased answer")
		}
	}
}
