package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"goalpost"
)

// invitedPeople are people of a list.
func invitedPeople(t *testing.T, survey goalpost.SurveyID, emails ...string) []goalpost.Invitation {
	t.Helper()
	var list []goalpost.Invitation
	for i, e := range emails {
		list = append(list, goalpost.Invitation{Survey: survey, Email: address(t, e), Columns: map[string]string{"Name": fmt.Sprintf("Person-%d-of-the-list", i)}})
	}
	return list
}

// invitationTries are what another organisation tries with the invitations of a survey that
// has one, with the token whose hash is "theirs".
func invitationTries(db *DB, other goalpost.OrgID, s goalpost.SurveyID, invited goalpost.Invitation, refused func(error) error, empty func(int, error) error) map[string]func() error {
	return map[string]func() error{
		"AddInvitations": func() error {
			_, err := db.AddInvitations(ctx, other, s, []goalpost.Invitation{invited}, when)
			return refused(err)
		},
		"InvitationsOf":    func() error { l, n, err := db.InvitationsOf(ctx, other, invited.Email); return empty(len(l)+n, err) },
		"InvitationCounts": func() error { c, err := db.InvitationCounts(ctx, other, s); return empty(c.Invited+c.Begun, err) },
		"OpenInvitations":  func() error { l, err := db.OpenInvitations(ctx, other, s, "", 10, false); return empty(len(l), err) },
		"AddInvitationTokens": func() error {
			return refused(db.AddInvitationTokens(ctx, other, s, map[string]string{invited.ID: "x"}, when))
		},
		"InvitationByToken": func() error { _, err := db.InvitationByToken(ctx, other, s, "theirs"); return refused(err) },
		"EraseInvitation":   func() error { return refused(db.EraseInvitation(ctx, other, s, invited.ID)) },
		"ForgetInvited":     func() error { return refused(db.ForgetInvited(ctx, other, s)) },
	}
}

// invitedOne invites one person, with a token.
func invitedOne(t *testing.T, db *DB, org goalpost.OrgID, s goalpost.SurveyID) goalpost.Invitation {
	t.Helper()
	if n, err := db.AddInvitations(ctx, org, s, invitedPeople(t, s, "ada@example.com"), when); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	list, err := db.OpenInvitations(ctx, org, s, "", 10, false)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if err := db.AddInvitationTokens(ctx, org, s, map[string]string{list[0].ID: "theirs"}, when); err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// A person is invited once, found by address, has several links of which each spends the
// invitation, and leaves nothing behind.
func TestInvitations(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, sent := askedSurvey(t, db, org)
	if n, err := db.AddInvitations(ctx, org, s.ID, invitedPeople(t, s.ID, "ada@example.com", "bob@example.com", "Ada@Example.com"), when); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if n, err := db.AddInvitations(ctx, org, s.ID, invitedPeople(t, s.ID, "BOB@example.com", "cy@example.com"), when); err != nil || n != 1 {
		t.Errorf("%d of one new person, %v", n, err)
	}
	list, err := db.OpenInvitations(ctx, org, s.ID, "", 10, true)
	if err != nil || len(list) != 3 || list[0].Columns["Name"] == "" {
		t.Fatal(list, err)
	}
	ada := list[slices.IndexFunc(list, func(i goalpost.Invitation) bool { return i.Email.Same(address(t, "ada@example.com")) })]
	for _, token := range []string{"first", "reminder"} {
		if err := db.AddInvitationTokens(ctx, org, s.ID, map[string]string{ada.ID: token}, when); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := db.InvitationCounts(ctx, org, s.ID); err != nil || c.Invited != 3 || c.Unlinked != 2 || c.Complete != 0 || c.Begun != 1 || !c.LinkedAt.Equal(when) {
		t.Errorf("%+v, %v", c, err)
	}
	if after, err := db.OpenInvitations(ctx, org, s.ID, list[0].ID, 10, false); err != nil || len(after) != 2 {
		t.Errorf("after the first: %v, %v", after, err)
	}
	send := func(rid, token string, named bool) goalpost.AnswerState {
		t.Helper()
		in := sent
		in.ID, in.Invited, in.Invitation, in.Named, in.Day = rid, true, token, named, 20000
		kept, err := db.KeepAnswer(ctx, org, s.ID, in)
		if err != nil {
			t.Fatal(err)
		}
		return kept.State
	}
	if got := send("00000003-0000-4000-8000-000000000003", "unknown", false); got != goalpost.AnswerUninvited {
		t.Errorf("an unknown token: %s", got)
	}
	if got := send("00000004-0000-4000-8000-000000000004", "reminder", false); got != goalpost.AnswerComplete {
		t.Errorf("the second link: %s", got)
	}
	if got := send("00000005-0000-4000-8000-000000000005", "first", false); got != goalpost.AnswerUninvited {
		t.Errorf("the first link after the second: %s", got)
	}
	found, unreadable, err := db.InvitationsOf(ctx, org, address(t, "ADA@example.com"))
	if err != nil || unreadable != 0 || len(found) != 1 || found[0].UsedDay != 20000 || found[0].Answer != "" {
		t.Errorf("%+v, %d, %v", found, unreadable, err)
	}
	if err := db.EraseInvitation(ctx, org, s.ID, ada.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := db.InvitationByToken(ctx, org, s.ID, "first"); !goalpost.IsKind(err, goalpost.NotFound) {
		t.Errorf("a link of somebody who was erased: %v", err)
	}
	if n, err := db.InvitationCounts(ctx, org, s.ID); err != nil || n.Invited != 2 {
		t.Errorf("%+v, %v", n, err)
	}
}

// Where the survey is not anonymous, the answer is known, and goes with the invitation.
func TestNamedInvitation(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, sent := askedSurvey(t, db, org)
	one := invitedOne(t, db, org, s.ID)
	sent.ID, sent.Invitation, sent.Named, sent.Day = "00000004-0000-4000-8000-000000000004", "theirs", true, 20000
	if kept, err := db.KeepAnswer(ctx, org, s.ID, sent); err != nil || kept.State != goalpost.AnswerComplete {
		t.Fatal(kept, err)
	}
	if found, _, err := db.InvitationsOf(ctx, org, one.Email); err != nil || len(found) != 1 || found[0].Answer != sent.ID {
		t.Errorf("%+v, %v", found, err)
	}
	if err := db.EraseAnswer(ctx, org, s.ID, sent.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := db.InvitationByToken(ctx, org, s.ID, "theirs"); !goalpost.IsKind(err, goalpost.NotFound) {
		t.Errorf("an erased person's link: %v", err)
	}
}

// One token, ten answers at once: one counts.
func TestInvitationSpentOnce(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, sent := askedSurvey(t, db, org)
	invitedOne(t, db, org, s.ID)
	states := make([]goalpost.AnswerState, 10)
	var all sync.WaitGroup
	for i := range states {
		all.Go(func() {
			in := sent
			in.ID, in.Invited, in.Invitation, in.Day = fmt.Sprintf("0000000%d-0000-4000-8000-00000000000a", i), true, "theirs", 20000
			kept, err := db.KeepAnswer(ctx, org, s.ID, in)
			if err != nil {
				t.Error(err)
			}
			states[i] = kept.State
		})
	}
	all.Wait()
	complete := 0
	for _, state := range states {
		if state == goalpost.AnswerComplete {
			complete++
		}
	}
	if complete != 1 {
		t.Errorf("%d complete answers: %v", complete, states)
	}
}

// Names, addresses and tokens are not on disk any more once they were deleted; addresses
// never are in the clear.
func TestForgetInvited(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, _ := askedSurvey(t, db, org)
	one := invitedOne(t, db, org, s.ID)
	onDisk := func() []byte {
		t.Helper()
		var all []byte
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(filepath.Join(db.Dir(), File+suffix))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, b...)
		}
		return all
	}
	disk := onDisk()
	if bytes.Contains(disk, []byte("ada@")) || !bytes.Contains(disk, []byte("Person-0-of-the-list")) {
		t.Error("the address is on disk in the clear, or the name is not, so that this test shows nothing")
	}
	if err := db.ForgetInvited(ctx, org, s.ID); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(onDisk(), []byte("Person-0-of-the-list")) {
		t.Error("a deleted name is on disk")
	}
	if c, err := db.InvitationCounts(ctx, org, s.ID); err != nil || c.Invited != 1 || c.Forgotten != 1 || c.Open() != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if i, err := db.InvitationByToken(ctx, org, s.ID, "theirs"); err != nil || i.ID != one.ID {
		t.Errorf("a link that was sent: %+v, %v", i, err)
	}
	if found, _, err := db.InvitationsOf(ctx, org, one.Email); err != nil || len(found) != 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

// Without the key nothing can be sent, nobody is invited twice, and all else goes on.
func TestInvitationsWithoutKey(t *testing.T) {
	db := open(t, Options{})
	org := organisation(t, db)
	s, _ := askedSurvey(t, db, org)
	one := invitedOne(t, db, org, s.ID)
	other := filepath.Join(t.TempDir(), "other.key")
	db.keyFile = &keyFile{path: other}
	if c, err := db.InvitationCounts(ctx, org, s.ID); err != nil || c.Unreadable != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if err := os.WriteFile(other, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := db.InvitationCounts(ctx, org, s.ID); err != nil || c.Unreadable != 1 {
		t.Errorf("with a broken key file: %+v, %v", c, err)
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	_, err := db.OpenInvitations(ctx, org, s.ID, "", 10, false)
	if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != "error.invitation.key" || strings.Contains(err.Error(), "ada") {
		t.Errorf("%v", err)
	}
	if _, err := db.AddInvitations(ctx, org, s.ID, invitedPeople(t, s.ID, "bob@example.com"), when); !goalpost.IsKind(err, goalpost.Unavailable) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(other); !errors.Is(err, os.ErrNotExist) {
		t.Error("another key was made beside addresses that it does not open")
	}
	if _, n, err := db.InvitationsOf(ctx, org, one.Email); err != nil || n != 1 {
		t.Errorf("%d unreadable, %v", n, err)
	}
	if n, _, err := db.UnreadableEmails(ctx, org); err != nil || n != 1 {
		t.Errorf("%d unreadable, %v", n, err)
	}
	if _, err := db.InvitationByToken(ctx, org, s.ID, "theirs"); err != nil {
		t.Errorf("a link needs no key: %v", err)
	}
}
