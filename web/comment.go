package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"goalpost"
)

// fastComment is how fast nobody writes a comment.
const fastComment = 5 * time.Second

// Numbers of comments on a page: below the question, and on a page of their own.
const (
	commentsBelow = 20
	commentsAPage = 100
)

// retryAfter is what a client that met a full queue waits, in seconds.
const retryAfter = "5"

// CommentsView are the comments below a poll, with the form for another one.
type CommentsView struct {
	Page
	Heading      string
	List         []CommentView
	All          string // address of the page with all of them; empty when all are here
	Newer, Older string
	Open         bool // another one can be sent
	Closed       string
	Intro        string
	EmailHelp    string
	Required     bool // an e-mail address has to be given
	Action       string
	Form         CommentForm
}

// CommentForm is what stands in the form. The secret becomes that of the author's link:
// whoever sends the page has it, nobody else.
type CommentForm struct {
	ID, Secret        string
	Made              int64
	Name, Email, Text string
}

// CommentView is one comment as readers see it.
type CommentView struct {
	ID                string
	Name, When, Text  string
	Reply, Team, Date string // the team's answer, who the team is, and when
}

// CommentsPage is a page with the comments of a poll alone.
type CommentsPage struct {
	Page
	Question string
	Back     string
	Comments CommentsView
}

// newCommentForm makes a form that was never sent.
func (s *Server) newCommentForm() CommentForm {
	return CommentForm{ID: newUUID(), Secret: newSecret(), Made: s.Now().Unix()}
}

// newSecret makes what an author's link ends with: 256 random bits.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // it never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// linkHash is what is kept of a secret, empty for what is none. The hash is looked up, so
// that the time of the answer tells nothing about the secret.
func linkHash(secret string) string {
	b, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(b) != 32 {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// commentsOf is the part of a page that shows comments; empty where there are none
// and none can be sent.
func (s *Server) commentsOf(r *http.Request, p Page, orgID goalpost.OrgID, poll goalpost.Poll, page, size int, form CommentForm) (CommentsView, error) {
	org, err := s.DB.Organisation(r.Context(), orgID)
	if err != nil {
		return CommentsView{}, err
	}
	list, total, err := s.DB.PublicComments(r.Context(), orgID, poll.ID, size, page*size)
	if err != nil {
		return CommentsView{}, err
	}
	v := CommentsView{Page: p, Open: poll.Comments, Required: poll.EmailRequired, Form: form, Action: p.pollHref(poll, "/comments")}
	v.Heading = p.T("web.comment.heading")
	if total > 0 {
		v.Heading = p.say("web.comment.number", goalpost.NumberArg(float64(total)))
	}
	v.Intro, v.EmailHelp = p.T("web.comment.intro."+p.form(poll)), p.T("web.comment.email.help."+p.form(poll))
	if !poll.Comments && total > 0 {
		v.Closed = p.T("web.comment.closed")
	}
	slices.Reverse(list) // as in a blog: the oldest first
	for _, c := range list {
		v.List = append(v.List, p.comment(c, org))
	}
	if total > size && size == commentsBelow {
		v.All = v.Action
	}
	if size == commentsAPage {
		at := func(page int) string { return withQuery(v.Action, "page", strconv.Itoa(page)) }
		if page > 0 {
			v.Newer = at(page - 1)
		}
		if (page+1)*size < total {
			v.Older = at(page + 1)
		}
	}
	return v, nil
}

// withQuery adds a value to an address that may have some.
func withQuery(href, name, value string) string {
	sep := "?"
	if strings.Contains(href, "?") {
		sep = "&"
	}
	return href + sep + name + "=" + value
}

func (p Page) comment(c goalpost.Comment, org goalpost.Organisation) CommentView {
	v := CommentView{ID: "comment-" + strconv.FormatInt(int64(c.ID), 10), Name: c.Public.Name, Text: c.Public.Text, When: p.printer.Time(c.At, org.Zone())}
	if c.Reply.Text != "" {
		v.Reply, v.Team, v.Date = c.Reply.Text, org.Name, p.printer.Time(c.Reply.At, org.Zone())
	}
	return v
}

// comments shows all comments of a poll, a hundred a page.
func (s *Server) comments(w http.ResponseWriter, r *http.Request) error {
	org, poll, err := s.publicPoll(r)
	if err != nil {
		return err
	}
	return s.showComments(w, r, org, poll, http.StatusOK, s.newCommentForm(), nil)
}

func (s *Server) showComments(w http.ResponseWriter, r *http.Request, org goalpost.OrgID, poll goalpost.Poll, status int, form CommentForm, problem error) error {
	p := CommentsPage{Page: s.newPage(r, nil, ""), Question: poll.Question.In(langOf(r))}
	p.Framed, p.Title = isFramed(r), p.Question
	if p.Framed {
		framed(w)
	}
	p.Back = p.pollHref(poll, "/results")
	if !poll.Closed {
		p.Back = p.pollHref(poll, "")
	}
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || page < 0 || page > 1_000_000 || r.Method == http.MethodPost {
		page = 0
	}
	if problem != nil {
		if err := p.refuse(problem); err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store") // what was typed stands in it
	}
	if p.Comments, err = s.commentsOf(r, p.Page, org, poll, page, commentsAPage, form); err != nil {
		return err
	}
	return s.render(w, status, "comments", p)
}

// addComment takes a reader's comment. A 303 to the author's page means that the comment
// is on disk. The same page sent again leads to the same page, for who has its secret.
func (s *Server) addComment(w http.ResponseWriter, r *http.Request) error {
	org, poll, err := s.publicPoll(r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	if !poll.Comments {
		return goalpost.Errorf(goalpost.Conflict, "error.comment.off")
	}
	form, c, err := s.readComment(r, org, poll)
	if err == nil {
		err = poll.CheckComment(c)
	}
	if err == nil {
		_, _, err = s.DB.AddComment(r.Context(), org, poll.ID, c)
	}
	e, said := asError(err)
	switch {
	case err == nil:
		p := s.newPage(r, nil, "")
		p.Framed = isFramed(r)
		http.Redirect(w, r, withQuery(p.pollHref(poll, "/comment/"+form.Secret), "new", "1"), http.StatusSeeOther)
		return nil
	case !said:
		return err
	case e.Kind == goalpost.Unavailable:
		w.Header().Set("Retry-After", retryAfter)
		return s.showComments(w, r, org, poll, http.StatusServiceUnavailable, form, s.withoutPath(r.Context(), e))
	case e.Kind == goalpost.Conflict, strings.HasSuffix(e.Key, ".page"):
		form.ID, form.Secret = newUUID(), newSecret() // sent once more it is a comment of its own
	}
	return s.showComments(w, r, org, poll, http.StatusUnprocessableEntity, form, err)
}

// withoutPath keeps to the log what only the operator of the server can mend.
func (s *Server) withoutPath(ctx context.Context, e *goalpost.Error) error {
	if !strings.HasPrefix(e.Key, "error.key.") {
		return e
	}
	s.Log.ErrorContext(ctx, "e-mail addresses of comments cannot be kept", "err", e)
	return &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.comment.email-unavailable", Field: "email"}
}

// readComment takes the form's values and the weak signals.
func (s *Server) readComment(r *http.Request, org goalpost.OrgID, poll goalpost.Poll) (CommentForm, goalpost.NewComment, error) {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	form := CommentForm{ID: get("id"), Secret: get("secret"), Name: r.PostForm.Get("name"), Email: get("email"), Text: r.PostForm.Get("text")}
	c := goalpost.NewComment{FormID: form.ID, Link: linkHash(form.Secret), CommentText: goalpost.CommentText{Name: form.Name, Text: form.Text}.Clean(), At: s.Now().UTC(), Origin: s.origin(r, poll)}
	made, err := strconv.ParseInt(get("made"), 10, 64)
	if err != nil {
		made = 0
	}
	form.Made = made
	c.Flags = s.ageFlags(made, fastComment)
	if get("website") != "" {
		c.Flags = append(c.Flags, goalpost.FlagTrap)
	}
	if err := s.textFlags(r.Context(), org, &c); err != nil {
		return form, c, err
	}
	c.Email, err = goalpost.ParsePrivateEmail(form.Email)
	return form, c, err
}

// ageFlags tells from when a page was made whether a person can have filled it in.
func (s *Server) ageFlags(made int64, fast time.Duration) []string {
	switch age := s.Now().Sub(time.Unix(made, 0)); {
	case age < fast:
		return []string{goalpost.FlagFast}
	case age > staleVote:
		return []string{goalpost.FlagStale}
	}
	return nil
}

// textFlags adds the signals that a text gives.
func (s *Server) textFlags(ctx context.Context, id goalpost.OrgID, c *goalpost.NewComment) error {
	if c.HasLink() {
		c.Flags = append(c.Flags, goalpost.FlagLinks)
	}
	if c.HasEmail() {
		c.Flags = append(c.Flags, goalpost.FlagEmail)
	}
	org, err := s.DB.Organisation(ctx, id)
	if err != nil {
		return err
	}
	members, err := s.DB.Members(ctx, id)
	if err != nil {
		return err
	}
	var people []string
	for _, m := range members {
		people = append(people, norm.NFKD.String(m.Name))
	}
	plain := goalpost.CommentText{Name: norm.NFKD.String(c.Name)} // wide, bold and accented letters too
	if plain.NamesTeam(norm.NFKD.String(org.Name), people) {
		c.Flags = append(c.Flags, goalpost.FlagName)
	}
	return nil
}
