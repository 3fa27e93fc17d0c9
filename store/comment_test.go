package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
)

// asked makes an organisation with a poll.
func asked(t testing.TB, db *DB) goalpost.OrgID {
	t.Helper()
	org := organisation(t, db)
	if _, err := db.CreatePoll(ctx, org, goalpost.Poll{Slug: fmt.Sprint("poll-", org), Comments: true}); err != nil {
		t.Fatal(err)
	}
	return org
}

func address(t testing.TB, s string) goalpost.PrivateEmail {
	t.Helper()
	e, err := goalpost.ParsePrivateEmail(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// written is a comment whose form and link end with a name.
func written(t testing.TB, name, text, email string) goalpost.NewComment {
	t.Helper()
	return goalpost.NewComment{FormID: "form-" + strings.TrimPrefix(name, "marker-name-"), Link: "link-" + strings.TrimPrefix(name, "marker-name-"), CommentText: goalpost.CommentText{Name: name, Text: text}, Email: address(t, email), At: when}
}

func add(t testing.TB, db *DB, org goalpost.OrgID, c goalpost.NewComment) goalpost.CommentID {
	t.Helper()
	id, added, err := db.AddComment(ctx, org, 1, c)
	if err != nil || !added {
		t.Fatalf("%v %v", added, err)
	}
	return id
}

func decide(t testing.TB, db *DB, org goalpost.OrgID, id goalpost.CommentID, version int, s goalpost.CommentState) {
	t.Helper()
	if err := db.DecideComment(ctx, org, id, goalpost.CommentDecision{Version: version, State: s, Reason: "because", By: "Bob", At: when}); err != nil {
		t.Fatal(err)
	}
}

func keyOf(err error) string {
	if e, ok := errors.AsType[*goalpost.Error](err); ok {
		return e.Key
	}
	return fmt.Sprint(err)
}

// The way of a comment: held, approved, changed and held again while the approved text
// stays, refused, taken back, deleted.
func TestComment(t *testing.T) {
	db := open(t, Options{})
	org := asked(t, db)
	id := add(t, db, org, written(t, "ada", "first", ""))
	state := func(want goalpost.CommentState, public, waiting string) {
		t.Helper()
		c, err := db.Comment(ctx, org, id)
		list, n, err2 := db.PublicComments(ctx, org, 1, 10, 0)
		if err != nil || err2 != nil || c.State != want || c.Public.Text != public || c.Waiting.Text != waiting {
			t.Errorf("\ngot:  %+v %v %v\nwant: %s %q %q", c, err, err2, want, public, waiting)
		}
		if n != len(list) || (public != "") != (n == 1) || (n == 1 && (list[0].Public.Text != public || list[0].Waiting.Text != "" || list[0].DecidedBy != "")) {
			t.Errorf("readers see %+v", list)
		}
	}
	state(goalpost.CommentHeld, "", "first")
	decide(t, db, org, id, 1, goalpost.CommentApproved)
	state(goalpost.CommentApproved, "first", "")
	change := func(text string) {
		t.Helper()
		if err := db.EditComment(ctx, org, id, written(t, "ada", text, "")); err != nil {
			t.Fatal(err)
		}
	}
	change("first") // nothing changed
	state(goalpost.CommentApproved, "first", "")
	change("second")
	state(goalpost.CommentHeld, "first", "second")
	if err := db.DecideComment(ctx, org, id, goalpost.CommentDecision{Version: 1, State: goalpost.CommentApproved, At: when}); keyOf(err) != "error.comment.changed" {
		t.Errorf("a text that nobody read was approved: %v", err)
	}
	decide(t, db, org, id, 2, goalpost.CommentRefused)
	state(goalpost.CommentRefused, "first", "second")
	decide(t, db, org, id, 2, goalpost.CommentHeld)
	state(goalpost.CommentHeld, "first", "second")
	decide(t, db, org, id, 2, goalpost.CommentApproved)
	state(goalpost.CommentApproved, "second", "")
	if err := db.ReplyToComment(ctx, org, id, goalpost.Reply{Text: "Thank you", By: "Bob", At: when}); err != nil {
		t.Fatal(err)
	}
	if c, err := db.Comment(ctx, org, id); err != nil || c.Reply != (goalpost.Reply{Text: "Thank you", By: "Bob", At: when}) || c.Reason != "because" {
		t.Errorf("%+v %v", c, err)
	}
	decide(t, db, org, id, 2, goalpost.CommentHeld)
	state(goalpost.CommentHeld, "", "second")
	if n, clean, err := db.EraseComments(ctx, org, id); n != 1 || !clean || err != nil {
		t.Errorf("%d %v %v", n, clean, err)
	}
	c, err := db.CommentByLink(ctx, org, 1, "link-ada")
	if want := (goalpost.Comment{ID: id, Poll: 1, State: goalpost.CommentDeleted, Flags: []string{}}); err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("\ngot:  %+v %v\nwant: %+v", c, err, want)
	}
	for name, err := range map[string]error{
		"edit":   db.EditComment(ctx, org, id, written(t, "ada", "again", "")),
		"decide": db.DecideComment(ctx, org, id, goalpost.CommentDecision{State: goalpost.CommentApproved, At: when}),
		"reply":  db.ReplyToComment(ctx, org, id, goalpost.Reply{Text: "x", At: when}),
		"erase":  func() error { _, _, err := db.EraseComments(ctx, org, id); return err }(),
	} {
		if keyOf(err) != "error.not-found" {
			t.Errorf("%s of a deleted comment: %v", name, err)
		}
	}
	if _, added, err := db.AddComment(ctx, org, 1, written(t, "ada", "first", "")); added || err != nil {
		t.Errorf("the same page brought a deleted comment back: %v %v", added, err)
	}
}

// The same page sent twice, also at once, is one comment; another text or another secret
// is told nothing.
func TestCommentSentTwice(t *testing.T) {
	db := open(t, Options{})
	org := asked(t, db)
	c := written(t, "ada", "first", "ada@example.com")
	var wg sync.WaitGroup
	ids, fresh := make([]goalpost.CommentID, 20), make([]bool, 20)
	for i := range ids {
		wg.Go(func() {
			var err error
			if ids[i], fresh[i], err = db.AddComment(ctx, org, 1, c); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	made := 0
	for i := range ids {
		if ids[i] != ids[0] {
			t.Errorf("two comments: %v", ids)
		}
		if fresh[i] {
			made++
		}
	}
	if made != 1 {
		t.Errorf("%d were added", made)
	}
	other, stranger := c, c
	other.Text, stranger.Link = "second", "guessed"
	for name, c := range map[string]goalpost.NewComment{"another text": other, "another secret": stranger} {
		if id, added, err := db.AddComment(ctx, org, 1, c); id != 0 || added || keyOf(err) != "error.comment.sent" {
			t.Errorf("%s: %d %v %v", name, id, added, err)
		}
	}
}

// Signals of other comments flag and never refuse.
func TestCommentFlags(t *testing.T) {
	db := open(t, Options{})
	org := asked(t, db)
	flags := func(name, text, origin string, at time.Time) []string {
		t.Helper()
		c := written(t, name, text, "")
		c.Origin, c.At, c.Flags = origin, at, []string{goalpost.FlagFast}
		got, err := db.Comment(ctx, org, add(t, db, org, c))
		if err != nil {
			t.Fatal(err)
		}
		return got.Flags
	}
	for i, c := range []struct {
		text, origin string
		at           time.Time
		want         []string
	}{
		{"one", "here", when, []string{goalpost.FlagFast}},
		{" ONE ", "there", when, []string{goalpost.FlagFast, goalpost.FlagSame}},
		{"two", "here", when, []string{goalpost.FlagFast}},
		{"three", "here", when, []string{goalpost.FlagFast}},
		{"four", "here", when, []string{goalpost.FlagFast, goalpost.FlagRate}},
		{"five", "here", when.Add(2 * time.Hour), []string{goalpost.FlagFast}},
		{"six", "", when, []string{goalpost.FlagFast}},
	} {
		if got := flags(fmt.Sprint(i), c.text, c.origin, c.at); !slices.Equal(got, c.want) {
			t.Errorf("%s\ngot:  %v\nwant: %v", c.text, got, c.want)
		}
	}
}

// raw are all bytes of the data directory.
func raw(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all = append(all, data...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// An address stands nowhere in clear, neither in the database nor in its log; whoever
// asks with it finds their comments and nobody else's.
func TestEmailIsEncrypted(t *testing.T) {
	db := open(t, Options{})
	org := asked(t, db)
	for i := range 50 {
		add(t, db, org, written(t, fmt.Sprint("n", i), fmt.Sprint("text ", i), fmt.Sprintf("Secret.Person%d@Hidden.example", i%10)))
	}
	add(t, db, org, written(t, "none", "no address", ""))
	for _, clear := range []string{"secret.person", "hidden.example"} {
		if bytes.Contains(bytes.ToLower(raw(t, db.Dir())), []byte(clear)) {
			t.Errorf("%q stands in the database", clear)
		}
	}
	if !bytes.Contains(raw(t, db.Dir()), []byte("text 7")) {
		t.Error("the text of a comment is not found either: this test shows nothing")
	}
	ids, unreadable, err := db.CommentsOf(ctx, org, address(t, " secret.PERSON3@hidden.example "))
	if err != nil || unreadable != 0 || !slices.Equal(ids, []goalpost.CommentID{4, 14, 24, 34, 44}) {
		t.Errorf("\ngot:  %v %d %v", ids, unreadable, err)
	}
	if info, err := os.Stat(db.Dir() + ".key"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v %v", info, err)
	}
	var sizes [2]int
	if err := db.row(ctx, "SELECT MIN(LENGTH(sealed)), MAX(LENGTH(sealed)) FROM comment_email WHERE org_id = $1", "email", []any{org}, &sizes[0], &sizes[1]); err != nil || sizes[0] != sizes[1] {
		t.Errorf("lengths tell the address: %v %v", sizes, err)
	}
}

// A sealed address moved to another comment, or changed in one bit, does not open.
func TestSealedEmailStaysWhereItIs(t *testing.T) {
	db := open(t, Options{})
	org, other := asked(t, db), asked(t, db)
	mine, theirs := add(t, db, org, written(t, "ada", "a", "ada@example.com")), add(t, db, org, written(t, "eve", "b", "eve@example.com"))
	move := func(query string, args ...any) {
		t.Helper()
		if err := db.do(ctx, func(x *tx) error { _, err := x.exec(query, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	move("UPDATE comment_email SET sealed = (SELECT sealed FROM comment_email WHERE org_id = $1 AND comment_id = $2) WHERE org_id = $1 AND comment_id = $3", org, mine, theirs)
	move("INSERT INTO comment_email (org_id, comment_id, key_id, sealed) SELECT $1, comment_id, key_id, sealed FROM comment_email WHERE org_id = $2 AND comment_id = $3", other, org, mine)
	if ids, unreadable, err := db.CommentsOf(ctx, org, address(t, "ada@example.com")); err != nil || unreadable != 1 || !slices.Equal(ids, []goalpost.CommentID{mine}) {
		t.Errorf("moved to another comment: %v %d %v", ids, unreadable, err)
	}
	if ids, unreadable, err := db.CommentsOf(ctx, other, address(t, "ada@example.com")); err != nil || unreadable != 1 || len(ids) != 0 {
		t.Errorf("moved to another organisation: %v %d %v", ids, unreadable, err)
	}
	k, err := db.keyFile.first()
	if err != nil {
		t.Fatal(err)
	}
	sealed := k.seal(org, mine, address(t, "ada@example.com"))
	if e, err := k.open(org, mine, sealed); err != nil || e.Reveal() != "ada@example.com" {
		t.Errorf("%v", err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := k.open(org, mine, changed); err == nil {
			t.Fatalf("byte %d can be changed", i)
		}
	}
	for _, cut := range [][]byte{nil, sealed[:12], sealed[:len(sealed)-1]} {
		if _, err := k.open(org, mine, cut); err == nil {
			t.Errorf("%d bytes open", len(cut))
		}
	}
}

// Nothing that was erased, or replaced by its author, stands in the file or in its log,
// however often pages were rearranged meanwhile.
func TestErasedBytesAreGone(t *testing.T) {
	db := open(t, Options{})
	org := asked(t, db)
	long := strings.Repeat("and so on, ", 300) // over several pages
	var ids []goalpost.CommentID
	for i := range 200 {
		text := fmt.Sprintf("marker-first-%03d ", i)
		if i%7 == 0 {
			text += long
		}
		ids = append(ids, add(t, db, org, written(t, fmt.Sprintf("marker-name-%03d", i), text, "gone@example.com")))
	}
	for i, id := range ids {
		decide(t, db, org, id, 1, goalpost.CommentApproved)
		if i%2 == 0 {
			if err := db.EditComment(ctx, org, id, written(t, fmt.Sprintf("marker-name-%03d", i), fmt.Sprintf("marker-second-%03d ", i)+long[:11*(i%40)], "")); err != nil {
				t.Fatal(err)
			}
			decide(t, db, org, id, 2, goalpost.CommentApproved)
		}
		if err := db.ReplyToComment(ctx, org, id, goalpost.Reply{Text: fmt.Sprintf("marker-reply-%03d", i), By: "Bob", At: when}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Contains(raw(t, db.Dir()), []byte("marker-second-010")) {
		t.Fatal("the marker is not found before: this test shows nothing")
	}
	var erased []goalpost.CommentID
	for i, id := range ids {
		if i%3 != 1 {
			erased = append(erased, id)
		}
	}
	if n, clean, err := db.EraseComments(ctx, org, erased...); n != len(erased) || !clean || err != nil {
		t.Fatalf("%d %v %v", n, clean, err)
	}
	after := raw(t, db.Dir())
	for i := range ids {
		for _, kind := range []string{"name", "first", "second", "reply"} {
			marker := fmt.Sprintf("marker-%s-%03d", kind, i)
			there := bytes.Contains(after, []byte(marker))
			kept := i%3 == 1 && (kind == "name" || kind == "reply" || (kind == "second") == (i%2 == 0))
			if there != kept {
				t.Errorf("%s\ngot:  %v\nwant: %v", marker, there, kept)
			}
		}
	}
	if ids, _, err := db.CommentsOf(ctx, org, address(t, "gone@example.com")); err != nil || len(ids) != 200-len(erased) {
		t.Errorf("%d addresses are left, %v", len(ids), err)
	}
}

// Without its key a restored store opens, says so, and takes new comments; with the old
// key's line added to the new file everybody is found again.
func TestKeyIsMissing(t *testing.T) {
	db := open(t, Options{})
	org := asked(t, db)
	add(t, db, org, written(t, "ada", "a", "ada@example.com"))
	backup, dir := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "again")
	if err := db.Backup(ctx, backup); err != nil {
		t.Fatal(err)
	}
	oldKey, err := os.ReadFile(db.Dir() + ".key")
	if err != nil {
		t.Fatal(err)
	}
	line := strings.TrimSpace(string(oldKey[bytes.LastIndex(oldKey, []byte(keyLine))+len(keyLine):]))
	if copied, err := os.ReadFile(backup); err != nil || bytes.Contains(copied, []byte(line)) || len(line) < 40 {
		t.Errorf("the key is in the backup, or there is none: %q %v", line, err)
	}
	if err := Restore(ctx, backup, dir); err != nil {
		t.Fatal(err)
	}
	again, err := Open(ctx, dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	unread := func(db *DB, want int) {
		t.Helper()
		if n, path, err := db.UnreadableEmails(ctx, org); n != want || path != dir+".key" || err != nil {
			t.Errorf("\ngot:  %d %s %v\nwant: %d", n, path, err, want)
		}
	}
	unread(again, 1)
	if _, err := os.Stat(dir + ".key"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a key was made before it was needed: %v", err)
	}
	if ids, n, err := again.CommentsOf(ctx, org, address(t, "ada@example.com")); len(ids) != 0 || n != 1 || err != nil {
		t.Errorf("%v %d %v", ids, n, err)
	}
	add(t, again, org, written(t, "eve", "b", "eve@example.com"))
	unread(again, 1)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	newKey, err := os.ReadFile(dir + ".key")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+".key", append(newKey, oldKey...), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, err = Open(ctx, dir, Options{}); err != nil {
		t.Fatal(err)
	}
	unread(again, 0)
	for _, who := range []string{"ada@example.com", "eve@example.com"} {
		if ids, n, err := again.CommentsOf(ctx, org, address(t, who)); len(ids) != 1 || n != 0 || err != nil {
			t.Errorf("%v %d %v", ids, n, err)
		}
	}
}

// A key that is damaged or that others can read is not used, and no comment is lost
// silently for it; one inside the data directory is refused at the start.
func TestKeyFileRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, path := range map[string]string{"inside": filepath.Join(dir, "key"), "the directory": dir, "below": filepath.Join(dir, "a", "b")} {
		if _, err := Open(ctx, dir, Options{KeyFile: path}); keyOf(err) != "error.key.inside" {
			t.Errorf("%s: %v", name, err)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, dir, Options{KeyFile: filepath.Join(link, "key")}); keyOf(err) != "error.key.inside" {
		t.Errorf("inside by a link: %v", err)
	}
	good := keyLine + strings.Repeat("A", 43) + "\n"
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		want string
	}{
		"empty":        {"", 0o600, "error.key.damaged"},
		"cut off":      {good[:30], 0o600, "error.key.damaged"},
		"another file": {"ssh-rsa AAAA\n", 0o600, "error.key.damaged"},
		"open":         {good, 0o644, "error.key.open"},
		"sound":        {"# a key\n\n" + good, 0o600, "<nil>"},
	} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		db := open(t, Options{KeyFile: path})
		org := asked(t, db)
		_, added, err := db.AddComment(ctx, org, 1, written(t, "ada", "a", "ada@example.com"))
		if keyOf(err) != c.want || added != (err == nil) {
			t.Errorf("%s\ngot:  %v\nwant: %s", name, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "AAAA") {
			t.Errorf("%s: the error tells the key: %v", name, err)
		}
		if list, err := db.Comments(ctx, org, 1, goalpost.CommentHeld, 10, 0); err != nil || len(list) != map[bool]int{true: 1}[added] {
			t.Errorf("%s: %d comments, %v", name, len(list), err)
		}
		if _, added, err := db.AddComment(ctx, org, 1, written(t, "bob", "without", "")); !added || err != nil {
			t.Errorf("%s: without an address a comment needs no key: %v", name, err)
		}
	}
	db := open(t, Options{KeyFile: filepath.Join(t.TempDir(), "no", "such", "folder", "key")})
	org := asked(t, db)
	if _, _, err := db.AddComment(ctx, org, 1, written(t, "ada", "a", "ada@example.com")); keyOf(err) != "error.key.unwritable" {
		t.Errorf("%v", err)
	}
}

// Two processes that need the key at once make one.
func TestKeyIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	ids := make([]string, 16)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			f := &keyFile{path: path}
			k, err := f.first()
			if err != nil {
				t.Error(err)
			}
			ids[i] = k.id
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] || len(id) != 16 {
			t.Fatalf("%v", ids)
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".goalpost*")); err != nil || len(left) > 0 {
		t.Errorf("parts are left: %v %v", left, err)
	}
}
