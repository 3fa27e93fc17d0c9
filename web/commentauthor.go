package web

import (
	"net/http"
	"strings"

	"goalpost"
)

// CommentPage is a comment as its author sees it, under the link that only they have.
type CommentPage struct {
	Page
	Question          string
	Back              string // the public comments
	Thanks            string // right after it was sent or changed
	Link              string // shown once: right after it was sent
	State             string
	Reason            string
	Public, Waiting   goalpost.CommentText
	Reply, Team       string
	Gone              bool // nothing is left
	Off               string
	CanEdit           bool
	Action            string
	Name, Text        string // in the form
	Deleting, LinkSay string
}

// secretPage keeps the address of an author's page to its author: no cache, no referrer,
// no search engine.
func secretPage(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
}

// loggedPath is a path as it may stand in a log: without the secret of an author's link, of
// a respondent's answer or of an invitation.
func loggedPath(path string) string {
	if rest, found := strings.CutPrefix(path, surveyPath); found {
		slug, below, _ := strings.Cut(rest, "/")
		if in, found := strings.CutPrefix(below, embedPart+"/"); found {
			slug, below = slug+"/"+embedPart, in
		}
		for _, secret := range []string{"r/", "i/"} {
			if strings.HasPrefix(below, secret) {
				return surveyPath + slug + "/" + secret + "***"
			}
		}
	}
	before, _, found := strings.Cut(path, "/comment/")
	if !found {
		return path
	}
	return before + "/comment/***"
}

// authorOf finds the comment of an author's link.
func (s *Server) authorOf(w http.ResponseWriter, r *http.Request) (goalpost.OrgID, goalpost.Poll, goalpost.Comment, error) {
	secretPage(w)
	org, poll, err := s.publicPoll(r)
	if err != nil {
		return 0, poll, goalpost.Comment{}, err
	}
	hash := linkHash(r.PathValue("secret"))
	if hash == "" {
		return 0, poll, goalpost.Comment{}, notFound()
	}
	c, err := s.DB.CommentByLink(r.Context(), org, poll.ID, hash)
	if goalpost.IsKind(err, goalpost.NotFound) {
		err = notFound()
	}
	return org, poll, c, err
}

// comment shows authors what became of their comment.
func (s *Server) comment(w http.ResponseWriter, r *http.Request) error {
	org, poll, c, err := s.authorOf(w, r)
	if err != nil {
		return err
	}
	return s.showComment(w, r, org, poll, c, c.Newest(), nil)
}

func (s *Server) showComment(w http.ResponseWriter, r *http.Request, orgID goalpost.OrgID, poll goalpost.Poll, c goalpost.Comment, typed goalpost.CommentText, problem error) error {
	org, err := s.DB.Organisation(r.Context(), orgID)
	if err != nil {
		return err
	}
	p := CommentPage{Page: s.newPage(r, nil, ""), Question: poll.Question.In(langOf(r)), Name: typed.Name, Text: typed.Text}
	p.Framed, p.Secret = isFramed(r), true
	if p.Framed {
		framed(w)
	}
	form, secret := p.form(poll), r.PathValue("secret")
	p.Title = p.T("web.comment.yours." + form)
	p.Action, p.Back = p.pollHref(poll, "/comment/"+secret), p.pollHref(poll, "/comments")
	p.Gone = c.State == goalpost.CommentDeleted
	if q := r.URL.Query(); !p.Gone && r.Method == http.MethodGet {
		if q.Get("new") != "" {
			p.Thanks = p.T("web.comment.thanks." + form)
			p.Link, p.LinkSay = s.outsideURL()+p.Href("/p/"+poll.Slug+"/comment/"+secret), p.T("web.comment.link."+form)
		} else if q.Get("changed") != "" {
			p.Thanks = p.T("web.comment.kept")
		}
	}
	p.Public, p.Waiting = c.Public, c.Waiting
	p.State = p.T("web.comment.author." + string(c.State))
	if c.State != goalpost.CommentApproved && c.IsPublic() {
		p.State = p.T("web.comment.author." + string(c.State) + "-change")
	}
	if c.State == goalpost.CommentRefused && c.Reason != "" {
		p.Reason = c.Reason
	}
	if c.IsPublic() && c.Reply.Text != "" {
		p.Reply, p.Team = c.Reply.Text, org.Name
	}
	p.CanEdit, p.Deleting = poll.Comments && !p.Gone, p.T("web.comment.delete.sure")
	if !poll.Comments && !p.Gone {
		p.Off = p.T("web.comment.off")
	}
	status := http.StatusOK
	if problem != nil {
		if status = http.StatusUnprocessableEntity; goalpost.IsKind(problem, goalpost.Unavailable) {
			status = http.StatusServiceUnavailable
			w.Header().Set("Retry-After", retryAfter)
		}
		if err := p.refuse(problem); err != nil {
			return err
		}
	}
	return s.render(w, status, "comment", p)
}

// changeComment takes another text of the author, or deletes the comment for good. Who
// has the link may; no log-in stands behind it, so another site has nothing to misuse.
func (s *Server) changeComment(w http.ResponseWriter, r *http.Request) error {
	org, poll, c, err := s.authorOf(w, r)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	p := s.newPage(r, nil, "")
	p.Framed = isFramed(r)
	to := p.pollHref(poll, "/comment/"+r.PathValue("secret"))
	switch {
	case c.State == goalpost.CommentDeleted: // sent twice
	case r.PostForm.Get("do") == "delete":
		if _, _, err := s.DB.EraseComments(r.Context(), org, c.ID); err != nil && !goalpost.IsKind(err, goalpost.NotFound) {
			return err
		}
	case !poll.Comments:
		return goalpost.Errorf(goalpost.Conflict, "error.comment.off")
	default:
		typed := goalpost.CommentText{Name: r.PostForm.Get("name"), Text: r.PostForm.Get("text")}
		n := goalpost.NewComment{CommentText: typed.Clean(), At: s.Now().UTC()}
		if err := n.Check(); err != nil {
			return s.showComment(w, r, org, poll, c, typed, err)
		}
		if err := s.textFlags(r.Context(), org, &n); err != nil {
			return err
		}
		err := s.DB.EditComment(r.Context(), org, c.ID, n)
		if goalpost.IsKind(err, goalpost.Unavailable) {
			return s.showComment(w, r, org, poll, c, typed, err) // with what was typed
		}
		if err != nil {
			return err
		}
		to = withQuery(to, "changed", "1")
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
