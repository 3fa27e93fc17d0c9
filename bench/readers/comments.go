package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/store"
)

// domain ends every e-mail address of the crowd: it must be found nowhere.
const domain = "crowd.example"

// marker begins every comment of the crowd; with its number behind it, it is found
// again.
const marker = "reader-says-"

// comment fills in the form below the question; every fifth is spam.
func (r *reader) comment(ctx context.Context, n int64) (*sent, error) {
	text, err := r.page(ctx, "/en/p/goals/comments")
	if err != nil {
		return nil, err
	}
	form, err := hidden(text, "id", "made", "secret")
	if err != nil {
		return nil, err
	}
	form.Set("name", fmt.Sprintf("Reader %d", n))
	form.Set("email", fmt.Sprintf("reader.%d@%s", n, domain))
	form.Set("text", fmt.Sprintf("%s%d: our goals are our own", marker, n))
	if r.rng.IntN(5) == 0 {
		form.Set("text", fmt.Sprintf("%s%d buy at https://buy.example now", marker, n))
		form.Set("website", "https://buy.example")
	}
	return &sent{form: form, path: "/en/p/goals/comments", comment: true}, nil
}

var (
	moderated = regexp.MustCompile(`(?s)<article[^>]*moderated.*?</article>`)
	action    = regexp.MustCompile(`action="(/en/polls/1/comments/\d+)"`)
	version   = regexp.MustCompile(`name="version" value="(\d+)"`)
	said      = regexp.MustCompile(marker + `\d+`)
)

// approve publishes the comments of the first page that wait, and returns what they say.
func (t *team) approve(ctx context.Context) (map[string]bool, error) {
	text, err := t.page(ctx, "/en/polls/1/comments")
	if err != nil {
		return nil, err
	}
	approved := map[string]bool{}
	for _, article := range moderated.FindAllString(text, -1) {
		to, v, what := action.FindStringSubmatch(article), version.FindStringSubmatch(article), said.FindString(article)
		if to == nil || v == nil || what == "" {
			return nil, fmt.Errorf("readers: a comment without action, version or text: %.200s", article)
		}
		if err := t.post(ctx, to[1], url.Values{"version": {v[1]}, "do": {"approve"}}); err != nil {
			return nil, err
		}
		approved[what] = true
	}
	return approved, nil
}

// look approves some comments, lets some of their authors change them, and searches
// everything that anybody can fetch.
func (r *Report) look(ctx context.Context, s *server, t *team, all []*sent) error {
	approved, err := t.approve(ctx)
	if err != nil {
		return err
	}
	r.Approved = len(approved)
	one := newReader(s, r.Seed, 1<<32)
	changed := 0
	for _, m := range all {
		if !m.comment || !approved[said.FindString(m.form.Get("text"))] || changed == 5 {
			continue
		}
		if err := one.change(ctx, m); err != nil {
			return err
		}
		changed++
		m.changed = true
	}
	public, err := one.crawl(ctx, []string{"/en/p/goals", "/de/p/goals", "/en/p/goals/comments", "/en/p/goals/results", "/en/login"})
	if err != nil {
		return err
	}
	for path, text := range public {
		for _, what := range said.FindAllString(text, -1) {
			if !approved[what] {
				r.fault("%s shows %s, which nobody approved", path, what)
			}
		}
		if strings.Contains(text, "unread change") {
			r.fault("%s shows a change that nobody approved", path)
		}
	}
	inside, err := t.crawl(ctx, []string{"/en/goals", "/de/polls", "/en/polls/1", "/en/polls/1/comments", "/en/settings", "/en/settings/person"})
	if err != nil {
		return err
	}
	r.Pages = len(public) + len(inside)
	for _, pages := range []map[string]string{public, inside} {
		for path, text := range pages {
			if strings.Contains(text, domain) {
				r.fault("%s has an e-mail address", path)
			}
		}
	}
	return nil
}

// change sends another text through the author's link.
func (r *reader) change(ctx context.Context, m *sent) error {
	link, _, _ := strings.Cut(m.link, "?")
	text, err := r.page(ctx, link)
	if err != nil {
		return err
	}
	form, err := hidden(text, "id")
	if err != nil {
		form = url.Values{}
	}
	form.Set("do", "change")
	form.Set("name", m.form.Get("name"))
	form.Set("text", m.form.Get("text")+" unread change")
	form.Set("email", m.form.Get("email"))
	resp, err := r.do(ctx, http.MethodPost, link, form)
	if err != nil {
		return fmt.Errorf("readers: %w", err)
	}
	answer, err := body(resp)
	if err != nil || resp.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("readers: change: %d: %.300s", resp.StatusCode, answer)
	}
	return nil
}

var hrefs = regexp.MustCompile(`(?:href|src|action)="(/[^"#]*)`)

// crawl fetches every address that the pages from the first ones on lead to, with their
// headers, up to a number that no visitor reaches.
func (r *reader) crawl(ctx context.Context, first []string) (map[string]string, error) {
	const most = 600
	pages := map[string]string{}
	for queue := first; len(queue) > 0 && len(pages) < most; queue = queue[1:] {
		path := queue[0]
		if _, ok := pages[path]; ok {
			continue
		}
		resp, err := r.do(ctx, http.MethodGet, path, nil)
		if err != nil {
			return nil, fmt.Errorf("readers: %w", err)
		}
		text, err := body(resp)
		if err != nil {
			return nil, fmt.Errorf("readers: %w", err)
		}
		pages[path] = fmt.Sprint(resp.Header) + text
		for _, m := range hrefs.FindAllStringSubmatch(text, -1) {
			queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
		if to := resp.Header.Get("Location"); strings.HasPrefix(to, "/") {
			queue = append(queue, to)
		}
	}
	return pages, nil
}

// compareComments looks for every acknowledged comment in what is on disk, through the
// link that only its author has.
func (r *Report) compareComments(ctx context.Context, db *store.DB, all []*sent) error {
	counts, err := db.CommentCounts(ctx, 1, 1)
	if err != nil {
		return fmt.Errorf("readers: %w", err)
	}
	kept := 0
	for _, n := range counts {
		kept += n
	}
	for _, m := range all {
		if !m.comment {
			continue
		}
		r.Comments++
		c, err := db.CommentByLink(ctx, 1, 1, hashOf(m.form.Get("secret")))
		if err != nil {
			r.fault("comment %s was acknowledged and is not there: %v", m.form.Get("text"), err)
			continue
		}
		sentText := goalpost.CommentText{Name: m.form.Get("name"), Text: m.form.Get("text")}
		if c.Public != sentText && c.Waiting != sentText || !c.HasEmail {
			r.fault("comment %s is not what was sent: %v", m.form.Get("text"), c)
		}
		if m.form.Get("website") != "" && !m.changed && (!slices.Contains(c.Flags, goalpost.FlagTrap) || !slices.Contains(c.Flags, goalpost.FlagLinks)) {
			r.fault("spam %s has no flags: %v", m.form.Get("text"), c.Flags)
		}
	}
	if kept != r.Comments {
		r.fault("%d comments are there, %d were acknowledged", kept, r.Comments)
	}
	return nil
}

// hashOf is what is kept of the secret of an author's link.
func hashOf(secret string) string {
	b, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// searchFiles looks for e-mail addresses in what the program printed, in its files, in
// a backup and in what its commands print.
func (r *Report) searchFiles(ctx context.Context, s *server) error {
	backup := filepath.Join(filepath.Dir(s.data), "backup.db")
	for _, args := range [][]string{{"backup", backup, "--data", s.data}, {"goals", "--data", s.data, "--output", "json"}, {"imports", "--data", s.data},
		{"study", "list", "--data", s.data}, {"doctor", "--data", s.data}} {
		out, err := exec.CommandContext(ctx, s.binary, args...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("readers: %v: %w\n%s", args, err, out)
		}
		r.search("what "+args[0]+" prints", out)
		r.Pages++
	}
	r.search("what the program printed", []byte(s.output()))
	files := []string{backup}
	err := filepath.WalkDir(s.data, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("readers: %w", err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("readers: %w", err)
		}
		r.search(filepath.Base(path), data)
	}
	return nil
}

func (r *Report) search(where string, data []byte) {
	if n := strings.Count(string(data), domain); n > 0 {
		r.fault("%s has %s e-mail addresses", where, strconv.Itoa(n))
	}
}
