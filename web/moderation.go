package web

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"goalpost"
)

// ModerationPage is where a person reads comments before readers do.
type ModerationPage struct {
	Page
	Question string
	Back     string
	States   []MenuItem // with their numbers; the current one
	List     []ModerationItem
	Empty    string
	Newer    string
	Older    string
}

// ModerationItem is one comment as the team sees it.
type ModerationItem struct {
	Anchor, Action, Return    string
	Version                   int
	Name, When, Text          string
	Public                    string // what readers see meanwhile, of a changed comment
	Email                     string // whether there is an address; never which
	Flags                     []string
	Decided                   string
	Reason                    string
	Reply                     string
	Approve, Refuse, TakeBack bool
}

// moderationStates are the lists of the page in their order.
var moderationStates = []goalpost.CommentState{goalpost.CommentHeld, goalpost.CommentApproved, goalpost.CommentRefused}

const moderatedAPage = 50

// moderation lists the comments of a poll: those that wait, unless others are asked for.
func (s *Server) moderation(w http.ResponseWriter, r *http.Request, v visitor) error {
	poll, err := s.pollOf(r, v)
	if err != nil {
		return err
	}
	counts, err := s.DB.CommentCounts(r.Context(), v.org.ID, poll.ID)
	if err != nil {
		return err
	}
	p := ModerationPage{Page: s.newPage(r, &v, "web.moderation.title"), Question: poll.Question.In(langOf(r))}
	p.Back = p.Href("/polls/" + strconv.FormatInt(int64(poll.ID), 10))
	state := goalpost.CommentHeld
	for _, st := range moderationStates {
		if r.URL.Query().Get("state") == string(st) {
			state = st
		}
	}
	for _, st := range moderationStates {
		m := MenuItem{Href: p.Back + "/comments?state=" + string(st), Text: p.say("web.moderation.state."+string(st), goalpost.NumberArg(float64(counts[st])))}
		if st == state {
			m.Current = "page"
		}
		p.States = append(p.States, m)
	}
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || page < 0 || page > 1_000_000 {
		page = 0
	}
	list, err := s.DB.Comments(r.Context(), v.org.ID, poll.ID, state, moderatedAPage, page*moderatedAPage)
	if err != nil {
		return err
	}
	for _, c := range list {
		p.List = append(p.List, p.moderated(c, v.org, p.Back))
	}
	if len(list) == 0 {
		p.Empty = p.T("web.moderation.empty." + string(state))
	}
	self := p.Back + "/comments?state=" + string(state) + "&page="
	if page > 0 {
		p.Newer = self + strconv.Itoa(page-1)
	}
	if (page+1)*moderatedAPage < counts[state] {
		p.Older = self + strconv.Itoa(page+1)
	}
	return s.render(w, http.StatusOK, "moderation", p)
}

func (p Page) moderated(c goalpost.Comment, org goalpost.Organisation, base string) ModerationItem {
	id := strconv.FormatInt(int64(c.ID), 10)
	newest := c.Newest()
	m := ModerationItem{Anchor: "comment-" + id, Action: base + "/comments/" + id, Return: string(c.State), Version: c.Version, Name: newest.Name, Text: newest.Text,
		When: p.say("web.moderation.sent", goalpost.PlainArg(int(c.ID)), goalpost.TextArg(p.printer.Time(c.At, org.Zone()))), Reply: c.Reply.Text, Reason: c.Reason,
		Approve: c.State != goalpost.CommentApproved, Refuse: c.State != goalpost.CommentRefused, TakeBack: c.State != goalpost.CommentHeld}
	if c.IsPublic() && c.Waiting.Text != "" {
		m.Public = c.Public.Name + ": " + c.Public.Text
	}
	m.Email = p.T("web.moderation.no-email")
	if c.HasEmail {
		m.Email = p.T("web.moderation.email")
	}
	for _, f := range c.Flags {
		m.Flags = append(m.Flags, p.T("web.comment.flag."+f))
	}
	if c.State != goalpost.CommentHeld && c.DecidedBy != "" {
		m.Decided = p.say("web.moderation.decided."+string(c.State), goalpost.TextArg(c.DecidedBy), goalpost.TextArg(p.printer.Time(c.DecidedAt, org.Zone())))
	}
	return m
}

// moderate decides about a comment or answers it.
func (s *Server) moderate(w http.ResponseWriter, r *http.Request, v visitor) error {
	poll, err := s.pollOf(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.PathValue("comment"), 10, 64)
	if err != nil {
		return notFound()
	}
	c, err := s.DB.Comment(r.Context(), v.org.ID, goalpost.CommentID(id))
	if err != nil || c.Poll != poll.ID {
		return notFound()
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		version = 0 // no version of any comment: a decision on it is refused
	}
	d := goalpost.CommentDecision{Version: version, By: v.user.Name, At: s.Now().UTC()}
	switch r.PostForm.Get("do") {
	case "approve":
		d.State = goalpost.CommentApproved
	case "refuse":
		d.State, d.Reason = goalpost.CommentRefused, team(r.PostForm.Get("reason"))
	case "back":
		d.State = goalpost.CommentHeld
	case "reply":
		err = s.reply(r, v, c)
	default:
		return goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	if utf8.RuneCountInString(d.Reason) > goalpost.MaxReason {
		return goalpost.Errorf(goalpost.Invalid, "error.comment.reason-long", goalpost.NumberArg(goalpost.MaxReason))
	}
	if err == nil && d.State != "" {
		err = s.DB.DecideComment(r.Context(), v.org.ID, c.ID, d)
	}
	if err != nil {
		return err
	}
	to := "/" + langOf(r) + "/polls/" + strconv.FormatInt(int64(poll.ID), 10) + "/comments"
	if from := goalpost.CommentState(r.PostForm.Get("return")); from == goalpost.CommentApproved || from == goalpost.CommentRefused {
		to += "?state=" + string(from)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// team is a text of the team, cleaned as those of readers are.
func team(text string) string { return goalpost.CommentText{Text: text}.Clean().Text }

func (s *Server) reply(r *http.Request, v visitor, c goalpost.Comment) error {
	text := team(r.PostForm.Get("reply"))
	if utf8.RuneCountInString(text) > goalpost.MaxCommentText {
		return goalpost.Errorf(goalpost.Invalid, "error.comment.text-long", goalpost.NumberArg(goalpost.MaxCommentText), goalpost.NumberArg(float64(utf8.RuneCountInString(text))))
	}
	return s.DB.ReplyToComment(r.Context(), v.org.ID, c.ID, goalpost.Reply{Text: text, By: v.user.Name, At: s.Now().UTC()})
}

// setComments says whether readers may comment, and with what.
func (s *Server) setComments(w http.ResponseWriter, r *http.Request, v visitor) error {
	poll, err := s.pollOf(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	if err := s.DB.SetPollComments(r.Context(), v.org.ID, poll.ID, r.PostForm.Get("comments") != "", strings.TrimSpace(r.PostForm.Get("email_required")) != ""); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/polls/"+strconv.FormatInt(int64(poll.ID), 10), http.StatusSeeOther)
	return nil
}
