package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goalpost"
)

func asError(err error) (*goalpost.Error, bool) { return errors.AsType[*goalpost.Error](err) }

// PollsPage lists the polls of the team and makes new ones.
type PollsPage struct {
	Page
	Polls    []PollLine
	HasQuick bool // the reader's question is not asked yet
	Slug     string
	English  string
	German   string
	Options  string
	Forms    []Option
}

// PollLine is one poll.
type PollLine struct {
	Href, Question, Public, Votes, State string
	Waits                                string // comments to be read; empty for none
}

// polls lists the polls.
func (s *Server) polls(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.showPolls(w, r, v, PollsPage{}, nil)
}

func (s *Server) showPolls(w http.ResponseWriter, r *http.Request, v visitor, p PollsPage, problem error) error {
	p.Page = s.newPage(r, &v, "web.polls.title")
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	list, err := s.DB.Polls(r.Context(), v.org.ID)
	if err != nil {
		return err
	}
	p.HasQuick = !slices.ContainsFunc(list, func(x goalpost.Poll) bool { return x.StudyCode == "goals" })
	for _, poll := range list {
		votes, err := s.DB.CountVotes(r.Context(), v.org.ID, poll.ID)
		if err != nil {
			return err
		}
		state := "web.polls.open"
		if poll.Closed {
			state = "web.polls.closed"
		}
		counts, err := s.DB.CommentCounts(r.Context(), v.org.ID, poll.ID)
		if err != nil {
			return err
		}
		waits := ""
		if n := counts[goalpost.CommentHeld]; n > 0 {
			waits = p.say("web.moderation.waiting", goalpost.NumberArg(float64(n)))
		}
		p.Polls = append(p.Polls, PollLine{Waits: waits, Href: p.Href("/polls/" + strconv.FormatInt(int64(poll.ID), 10)), Question: poll.Question.In(p.lang), Public: p.Href("/p/" + poll.Slug),
			Votes: p.printer.Number(float64(votes)), State: p.T(state)})
	}
	for _, f := range []string{goalpost.FormalAddress, goalpost.FamiliarAddress} {
		p.Forms = append(p.Forms, Option{Value: f, Text: p.T("web.polls.address." + f), Selected: f == r.PostForm.Get("address")})
	}
	return s.render(w, status, "polls", p)
}

// addPoll makes the reader's question or another poll.
func (s *Server) addPoll(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	form := PollsPage{Slug: get("slug"), English: get("question_en"), German: get("question_de"), Options: get("options")}
	var poll goalpost.Poll
	if r.PostForm.Get("quick") != "" {
		poll = goalpost.ReadersQuestion(get("address"))
		if slug := get("slug"); slug != "" {
			poll.Slug = slug
		}
	} else {
		poll = goalpost.Poll{Slug: form.Slug, Address: get("address"), Other: get("other") != "", AskRole: get("role") != "", AskSize: get("size") != "", AskCountry: get("country") != "", Comments: get("comments") != "", EmailRequired: get("email_required") != "", Question: goalpost.Text{}}
		for language, text := range map[string]string{"en": form.English, "de": form.German} {
			if text != "" {
				poll.Question[language] = text
			}
		}
		poll.Options = readOptions(form.Options)
	}
	poll.CreatedAt, poll.By = s.Now().UTC(), v.user.Name
	if err := poll.Check(); err != nil {
		return s.showPolls(w, r, v, form, err)
	}
	made, err := s.DB.CreatePoll(r.Context(), v.org.ID, poll)
	if err != nil {
		if e, ok := asError(err); ok && e.Kind == goalpost.Conflict {
			return s.showPolls(w, r, v, form, err)
		}
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/polls/"+strconv.FormatInt(int64(made.ID), 10), http.StatusSeeOther)
	return nil
}

// readOptions takes one answer a line, "English | Deutsch".
func readOptions(text string) []goalpost.Item {
	var list []goalpost.Item
	for line := range strings.Lines(text) {
		english, german, both := strings.Cut(strings.TrimSpace(line), "|")
		if english = strings.TrimSpace(english); english == "" {
			continue
		}
		if german = strings.TrimSpace(german); !both || german == "" {
			german = english
		}
		list = append(list, goalpost.Item{Code: "o" + strconv.Itoa(len(list)+1), Label: goalpost.Text{"en": english, "de": german}})
	}
	return list
}

func (s *Server) pollOf(r *http.Request, v visitor) (goalpost.Poll, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return goalpost.Poll{}, notFound()
	}
	return s.DB.Poll(r.Context(), v.org.ID, goalpost.PollID(id))
}

// closePoll ends a poll or opens it again.
func (s *Server) closePoll(w http.ResponseWriter, r *http.Request, v visitor) error {
	poll, err := s.pollOf(r, v)
	if err != nil {
		return err
	}
	if err := s.DB.ClosePoll(r.Context(), v.org.ID, poll.ID, !poll.Closed); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/polls/"+strconv.FormatInt(int64(poll.ID), 10), http.StatusSeeOther)
	return nil
}
