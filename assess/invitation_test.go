package assess_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"goalpost"
	"goalpost/assess"
)

// Lists come with and without a header, with the separator of German spreadsheets and with
// a mark of their encoding; addresses are never shown.
func TestProposeInvitations(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "name,mail\nAda,ada@example.com\n", "1: name(ignore: Ada) mail(email: ***)"},
		{"german", "\ufeffName;E-Mail\nAda;ada@example.com\nBo;bo@example.com\n", "2: Name(ignore: Ada Bo) E-Mail(email: *** ***)"},
		{"bare", "Ada,ada@example.com\nBo,bo@example.com\n", "2: column_1(ignore: Ada Bo) column_2(email: *** ***)"},
		{"two of them", "a,b\nx@example.com,\ny@example.com,z@example.com\n", "2: a(email: *** ***) b(ignore: ***)"},
		{"unnamed", "mail,,mail\nada@example.com,1,2\n", "1: mail(email: ***) column_2(ignore: 1) column_3(ignore: 2)"},
		{"in a text", "note,mail\nask bob@example.com first,ada@example.com\n", "1: note(ignore: ***) mail(email: ***)"},
	} {
		p, err := assess.ProposeInvitations(t.Context(), "people.csv", strings.NewReader(c.text), int64(len(c.text)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := fmt.Sprintf("%d:", p.Rows)
		for _, x := range p.Columns {
			got += " " + x.Header + "(" + x.Use + ": " + strings.Join(x.Samples, " ") + ")"
		}
		if got != c.want {
			t.Errorf("%s\ngot:  %s\nwant: %s", c.name, got, c.want)
		}
	}
	for text, want := range map[string]string{"": "error.import.empty", "name\nAda\n": "error.invitation.no-email"} {
		_, err := assess.ProposeInvitations(t.Context(), "people.csv", strings.NewReader(text), int64(len(text)))
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != want {
			t.Errorf("%q\ngot:  %v\nwant: %s", text, err, want)
		}
	}
}

// More people than a survey can invite are refused before anybody is.
func TestInviteTooMany(t *testing.T) {
	db, a := askedSurvey(t, nil)
	var b strings.Builder
	b.WriteString("mail\n")
	for i := range goalpost.MaxInvitations + 1 {
		fmt.Fprintf(&b, "p%d@example.com\n", i)
	}
	_, err := assess.Invite(t.Context(), db, a.Org, a.Survey.ID, "people.csv", strings.NewReader(b.String()), int64(b.Len()), []string{assess.InvitedEmail}, fieldDay)
	if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.invitation.many" {
		t.Errorf("%v", err)
	}
	if c, err := db.InvitationCounts(t.Context(), a.Org, a.Survey.ID); err != nil || c.Invited != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// A thousand people: everybody gets one link of 130 bits, none of which is kept, and each
// leads to its person.
func TestInvitationLinks(t *testing.T) {
	db, a := askedSurvey(t, nil)
	const people = 1234
	var b strings.Builder
	b.WriteString("Group,mail,Salary\n")
	for i := range people {
		fmt.Fprintf(&b, "g%d,p%d@example.com,9%d\n", i%3, i, i)
	}
	report, err := assess.Invite(t.Context(), db, a.Org, a.Survey.ID, "people.csv", strings.NewReader(b.String()), int64(b.Len()), []string{assess.InvitedKeep, assess.InvitedEmail, assess.InvitedIgnore}, fieldDay)
	if err != nil || report.Added != people || len(report.Reasons) != 0 {
		t.Fatalf("%+v, %v", report, err)
	}
	if headers, err := assess.InvitedHeaders(t.Context(), db, a.Org, a.Survey.ID, true); err != nil || strings.Join(headers, ",") != "Group" {
		t.Errorf("%v, %v", headers, err)
	}
	seen, person := map[string]bool{}, map[string]bool{}
	err = assess.InvitationLinks(t.Context(), db, a.Org, a.Survey.ID, true, fieldDay, func(l assess.InvitationLink) error {
		seen[l.Token], person[l.Email.Reveal()] = true, true
		if len(l.Token) != 26 || len(l.Columns) != 1 {
			t.Errorf("%d letters, columns %v", len(l.Token), l.Columns)
		}
		i, err := a.Invitation(t.Context(), db, l.Token)
		if err == nil && i.ID != l.ID {
			t.Error("a link leads to somebody else")
		}
		return err
	})
	if err != nil || len(seen) != people || len(person) != people {
		t.Errorf("%d links for %d people, %v", len(seen), len(person), err)
	}
	stopped := errors.New("the browser went away")
	handed := 0
	err = assess.InvitationLinks(t.Context(), db, a.Org, a.Survey.ID, false, fieldDay, func(assess.InvitationLink) error {
		if handed++; handed == 3 {
			return stopped
		}
		return nil
	})
	if !errors.Is(err, stopped) || handed != 3 {
		t.Errorf("%d, %v", handed, err)
	}
	r, err := assess.Invitations(t.Context(), db, a.Org, a.Survey.ID)
	if err != nil || r.Invited != people || r.Unlinked != 0 || !r.HasRate || r.Rate != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
