package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"goalpost"
)

// Nothing that a respondent sent stands in the file or in its log after it was erased,
// however often it was saved, grew and was moved meanwhile; of the others everything does.
func TestErasedAnswerBytesAreGone(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	long := strings.Repeat("and so on, ", 300) // over several pages
	const n = 150
	for rev := range 4 {
		for i := 2; i < n; i++ {
			text := fmt.Sprintf("marker-%03d-%d %s", i, rev, long[:11*((i*7+rev*40)%290)])
			keepAnswer(t, db, org, s, i, int64(rev+1), text, rev == 3)
		}
	}
	for i := 2; i < n; i++ {
		if err := db.TagAnswer(ctx, org, s.ID, answerID(i), "more", []string{fmt.Sprintf("tag-%03d", i)}, "Ada", when); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 { // another text, with which the old place is given back
			if err := db.TagAnswer(ctx, org, s.ID, answerID(i), "more", []string{fmt.Sprintf("again-%03d", i)}, "Ada", when); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !bytes.Contains(raw(t, db.Dir()), []byte("marker-010-1")) {
		t.Fatal("the marker is not found before: this test shows nothing")
	}
	gone := func(i int) bool { return i%3 != 1 }
	for i := 2; i < n; i++ {
		if gone(i) {
			if err := db.EraseAnswer(ctx, org, s.ID, answerID(i), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	after := raw(t, db.Dir())
	for i := 2; i < n; i++ {
		for _, marker := range []string{fmt.Sprintf("marker-%03d-3", i), fmt.Sprintf("marker-%03d-0", i)} {
			if there := bytes.Contains(after, []byte(marker)); there == gone(i) {
				t.Errorf("%s is there: %v", marker, there)
			}
		}
		if bytes.Contains(after, fmt.Appendf(nil, "tag-%03d", i)) != (!gone(i) && i%2 == 1) {
			t.Errorf("tag %d", i)
		}
	}
	if n, err := db.SurveyCount(ctx, org, s.ID); err != nil || n != 1+50-1 {
		t.Errorf("%d are counted, %v", n, err)
	}
}

// Messages to other systems about an answer go with it, sent or not.
func TestErasedAnswerIsNotTold(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	if err := db.do(ctx, func(x *tx) error {
		_, err := x.exec("INSERT INTO hook (org_id, id, survey_id, url, key_id, sealed, off, made_at, made_by) VALUES ($1, 1, $3, 'https://example.com', '', $2, 0, 0, 'Ada')", org, []byte{}, s.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	keepAnswer(t, db, org, s, 2, 1, "two", true)
	keepAnswer(t, db, org, s, 3, 1, "three", true)
	waiting := func() (n int) {
		t.Helper()
		if err := db.row(ctx, "SELECT COUNT(*) FROM outbox WHERE org_id = $1", "outbox", []any{org}, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if waiting() != 2 {
		t.Fatalf("%d messages wait: this test shows nothing", waiting())
	}
	if err := db.EraseAnswer(ctx, org, s.ID, answerID(2), nil); err != nil {
		t.Fatal(err)
	}
	if waiting() != 1 {
		t.Errorf("%d messages wait", waiting())
	}
}

// At the end of their time all single answers go, with everything that leads to people;
// figures and counts stay, and what was sent again stays away.
func TestEraseAnswers(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	for i := 2; i < 40; i++ {
		keepAnswer(t, db, org, s, i, 1, fmt.Sprintf("marker-%03d", i), true)
	}
	last, err := db.AnswersSince(ctx, org, s.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	n, clean, err := db.EraseAnswers(ctx, org, s.ID, []byte(`{"Complete":39}`), when)
	if n != 39 || !clean || err != nil {
		t.Fatalf("%d %v %v", n, clean, err)
	}
	after := raw(t, db.Dir())
	for _, word := range []string{"marker-", "Tide", `"sea"`} {
		if bytes.Contains(after, []byte(word)) {
			t.Errorf("%s is still there", word)
		}
	}
	since, err := db.AnswersSince(ctx, org, s.ID, last[len(last)-1].Change, 100)
	if err != nil || len(since) != 39 || since[0].State != goalpost.AnswerErased {
		t.Errorf("readers see %d of 39 erasures, %v", len(since), err)
	}
	if count, err := db.SurveyCount(ctx, org, s.ID); err != nil || count != 39 {
		t.Errorf("counted: %d, %v", count, err)
	}
	if list, _, err := db.SurveyContacts(ctx, org, s.ID); err != nil || len(list) != 0 {
		t.Errorf("%d addresses, %v", len(list), err)
	}
	if n, _, err := db.EraseAnswers(ctx, org, s.ID, []byte(`{"Complete":0}`), when); n != 0 || err != nil {
		t.Errorf("again: %d %v", n, err)
	}
	if body, at, err := db.SurveyFigures(ctx, org, s.ID); err != nil || string(body) != `{"Complete":39}` || !at.Equal(when) {
		t.Errorf("figures: %s %v %v", body, at, err)
	}
	events, err := db.AnswerEvents(ctx, org, s.ID, answerID(2))
	if err != nil || len(events) != 1 || events[0].Kind != "erased" {
		t.Errorf("log: %v %v", events, err)
	}
}

// Tags: what stays keeps who gave it; another list replaces the first.
func TestTagAnswer(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	if err := db.TagAnswer(ctx, org, s.ID, answerID(1), "more", []string{"sea", "ship"}, "Bob", when.Add(1)); err != nil {
		t.Fatal(err)
	}
	list, err := db.AnswerTags(ctx, org, s.ID)
	if err != nil || len(list) != 2 || list[0].By != "Ada" || list[1].Tag != "ship" || list[1].By != "Bob" {
		t.Fatalf("%+v %v", list, err)
	}
	if err := db.EraseAnswer(ctx, org, s.ID, answerID(1), nil); err != nil {
		t.Fatal(err)
	}
	err = db.TagAnswer(ctx, org, s.ID, answerID(1), "more", []string{"late"}, "Bob", when)
	if e, said := errors.AsType[*goalpost.Error](err); !said || e.Kind != goalpost.NotFound {
		t.Errorf("an erased answer is tagged: %v", err)
	}
}

// An address of a respondent stands nowhere in clear, is found by itself only, once for
// each form, and does not open in another place.
func TestSurveyContact(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s := keptSurvey(t, db, org)
	c := goalpost.SurveyContact{ID: answerID(5), Survey: s.ID, Email: address(t, "Secret.Person@Hidden.example"), Prize: true, SettingVersion: 1, Day: 7}
	for range 2 {
		if err := db.AddSurveyContact(ctx, org, c); err != nil {
			t.Fatal(err)
		}
	}
	if bytes.Contains(bytes.ToLower(raw(t, db.Dir())), []byte("hidden.example")) {
		t.Error("an address stands in the database")
	}
	list, unreadable, err := db.ContactsOf(ctx, org, address(t, "secret.person@hidden.example"))
	if err != nil || unreadable != 0 || len(list) != 1 || list[0].ID != c.ID || list[0].Day != 7 || !list[0].Prize || list[0].Results {
		t.Errorf("%+v %d %v", list, unreadable, err)
	}
	if results, prize, err := db.CountSurveyContacts(ctx, org, s.ID); err != nil || results != 1 || prize != 1 {
		t.Errorf("%d %d %v", results, prize, err)
	}
	if err := db.do(ctx, func(x *tx) error {
		_, err := x.exec("UPDATE survey_contact SET sealed = (SELECT sealed FROM survey_contact WHERE org_id = $1 AND id = $2) WHERE org_id = $1 AND id = $3", org, answerID(9), c.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if list, unreadable, err := db.SurveyContacts(ctx, org, s.ID); err != nil || unreadable != 1 || len(list) != 1 {
		t.Errorf("moved to another row it opens: %+v %d %v", list, unreadable, err)
	}
	if n, clean, err := db.EraseSurveyContacts(ctx, org, s.ID, c.ID); n != 1 || !clean || err != nil {
		t.Errorf("%d %v %v", n, clean, err)
	}
}

// What people wrote stands in tables that are cleaned when somebody is erased, and in no
// index, of which copies of a row could be left behind.
func TestIndexesHoldNobodysWords(t *testing.T) {
	db := open(t, Options{})
	plain := strings.Fields("org_id survey_id rid id change hook_id kind next_at network invitation_id comment_id poll_id state at form_id link origin same") // the last two are hashes
	seen := 0
	for _, table := range append(slices.Clone(answerTables), commentTables...) {
		err := db.rows(ctx, "SELECT m.name, x.name FROM sqlite_schema m, pragma_index_info(m.name) x WHERE m.type = 'index' AND m.tbl_name = $1 AND m.rootpage > 0", func(r *sql.Rows) error {
			var index, column string
			err := r.Scan(&index, &column)
			seen++
			if !slices.Contains(plain, column) {
				t.Errorf("%s, an index of %s, holds %s", index, table, column)
			}
			return err
		}, table)
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 20 {
		t.Errorf("only %d columns of indexes found", seen)
	}
}

// How long one erasure takes among a hundred thousand answers, in which nothing else is
// written.
func BenchmarkEraseAnswer(b *testing.B) {
	db, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	org, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: "Tide", Language: "en", TimeZone: "UTC", Currency: "EUR"})
	if err != nil {
		b.Fatal(err)
	}
	s := keptSurvey(b, db, org.ID)
	const n, writers = 100_000, 64
	long := strings.Repeat("and so on, ", 30)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := 2 + w; i < n; i += writers {
				keepAnswer(b, db, org.ID, s, i, 1, long[:i%len(long)], true)
			}
		})
	}
	all.Wait()
	i := 2
	for b.Loop() {
		if err := db.EraseAnswer(ctx, org.ID, s.ID, answerID(i), nil); err != nil {
			b.Fatal(err)
		}
		i += 7
	}
}
