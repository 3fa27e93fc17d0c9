package web

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// While another process holds the database, a crowd votes, comments and changes comments.
// Each is told that it was kept or when to come back, nothing else; nobody waits longer
// than the database is held; and what was said to be kept is there.
func TestFullQueue(t *testing.T) {
	s := newSite(t, nil)
	s.setUp("en")
	s.askReaders(t, 0)
	var link string
	s.asStranger(func() { link = s.sendComment(t, "Ada", "Words") })
	other, err := sql.Open("sqlite", "file:"+filepath.Join(s.server.DataDir, "goalpost.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	hold, err := other.Conn(context.Background())
	if err == nil {
		_, err = hold.ExecContext(context.Background(), "BEGIN IMMEDIATE")
	}
	if err != nil {
		t.Fatal(err)
	}
	const crowd = 700
	var votes, comments, changes, later, laterChanges atomic.Int64
	var held sync.Map
	var all sync.WaitGroup
	client := newClient()
	client.Transport = &http.Transport{MaxIdleConnsPerHost: crowd}
	kinds := []struct {
		path string
		kept *atomic.Int64
		form func(i int) url.Values
	}{
		{"/en/p/goals", &votes, func(int) url.Values { return url.Values{"id": {newUUID()}, "made": {"0"}, "choice": {"sales"}} }},
		{"/en/p/goals/comments", &comments, func(i int) url.Values {
			return url.Values{"id": {newUUID()}, "secret": {newSecret()}, "made": {"0"}, "name": {"Eve"}, "text": {fmt.Sprint("Words ", i)}, "email": {privateAddress}}
		}},
		{link, &changes, func(i int) url.Values {
			return url.Values{"do": {"change"}, "name": {"Ada"}, "text": {fmt.Sprint("Other ", i)}}
		}},
	}
	for i := range crowd {
		all.Go(func() {
			k := kinds[i%len(kinds)]
			form := k.form(i)
			r, err := client.PostForm(s.base+k.path, form)
			if err != nil {
				t.Error(err)
				return
			}
			page, _ := io.ReadAll(r.Body)
			_ = r.Body.Close()
			if r.StatusCode == http.StatusServiceUnavailable && k.path == "/en/p/goals" && !strings.Contains(string(page), `value="sales" checked`) {
				t.Errorf("a vote that is to come back lost what was chosen:\n%.2000s", page)
			}
			switch {
			case r.StatusCode == http.StatusSeeOther:
				k.kept.Add(1)
				if secret := form.Get("secret"); secret != "" {
					held.Store(linkHash(secret), true)
				}
			case r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") != "":
				later.Add(1)
				if k.path == link {
					laterChanges.Add(1)
				}
			default:
				t.Errorf("%s: %d %v", k.path, r.StatusCode, r.Header)
			}
		})
	}
	began := time.Now()
	for later.Load() < 50 && time.Since(began) < 8*time.Second {
		time.Sleep(10 * time.Millisecond)
	}
	refused := later.Load()
	if _, err := hold.ExecContext(context.Background(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if refused == 0 || laterChanges.Load() == 0 || votes.Load() == 0 || comments.Load() == 0 {
		t.Errorf("%d votes and %d comments were kept, %d were to come back while the database was held, %d with a change", votes.Load(), comments.Load(), refused, laterChanges.Load())
	}
	if n, err := s.server.DB.CountVotes(context.Background(), 1, 1); err != nil || int64(n) < votes.Load() {
		t.Errorf("%d votes are there, %d were kept, %v", n, votes.Load(), err)
	}
	held.Range(func(hash, _ any) bool {
		c, err := s.server.DB.CommentByLink(context.Background(), 1, 1, hash.(string))
		if err != nil || !strings.HasPrefix(c.Waiting.Text, "Words") || !c.HasEmail {
			t.Errorf("a comment that was kept is not there: %+v %v", c, err)
		}
		return true
	})
}
