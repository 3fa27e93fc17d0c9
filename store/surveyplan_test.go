package store

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Whatever is asked of the tables that grow with every answer is found by an index that
// names more than the organisation: an organisation may have millions of answers, and some
// statements run while others wait to be written.
func TestAnswersAreFoundByAnIndex(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	keepOne(t, db, org)
	growing := regexp.MustCompile(`^(SCAN|SEARCH) (answer|answer_event|answer_tag|outbox|invitation|invitation_token|survey_contact|e|i|t)\b(.*)$`)
	whole := []string{ // one person is looked for in all that is encrypted, or keys are counted
		db.queries["contact.All"], db.queries["email.ByKey"], db.queries["invitation.Emails"],
	}
	statements := withoutFile(t, shortSQL(t))
	for name, text := range db.queries {
		if !strings.HasSuffix(name, "-postgres") {
			statements = append(statements, text)
		}
	}
	looked := 0
	for _, text := range statements {
		if slices.Contains(whole, text) || !regexp.MustCompile(`\b(answer|answer_event|answer_tag|outbox|invitation|invitation_token|survey_contact)\b`).MatchString(text) {
			continue
		}
		for _, detail := range planOf(t, db, text) {
			m := growing.FindStringSubmatch(detail)
			if m == nil {
				continue
			}
			looked++
			if m[1] == "SCAN" || !strings.Contains(m[3], "org_id=? AND ") {
				t.Errorf("%s\nthe plan: %s", text, detail)
			}
		}
	}
	if looked < 30 {
		t.Errorf("only %d steps looked at", looked)
	}
}

// planOf returns the steps of a statement; nothing of it is run.
func planOf(t *testing.T, db *DB, text string) (steps []string) {
	t.Helper()
	highest := 0
	for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		highest = max(highest, n)
	}
	args := make([]any, highest) // no value changes a plan here
	err := db.rows(context.Background(), "EXPLAIN QUERY PLAN "+text, func(r *sql.Rows) error {
		var id, parent, unused int
		var detail string
		err := r.Scan(&id, &parent, &unused, &detail)
		steps = append(steps, detail)
		return err
	}, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return steps
}
