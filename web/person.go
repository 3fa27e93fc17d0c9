package web

import (
	"net/http"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// PersonPage answers a person who wants to know, or to be forgotten. The address that was
// asked for is never shown again, so that it stands on no page.
type PersonPage struct {
	Page
	Number string
	Found  string
	List   []Fact
	Done   []string
}

// person asks whom it is about.
func (s *Server) person(w http.ResponseWriter, r *http.Request, v visitor) error {
	return s.render(w, http.StatusOK, "person", PersonPage{Page: s.newPage(r, &v, "web.person.title")})
}

// answerPerson finds, exports or erases what is kept of a person.
func (s *Server) answerPerson(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	p := PersonPage{Page: s.newPage(r, &v, "web.person.title"), Number: strings.TrimSpace(r.PostForm.Get("comment"))}
	q, err := readPerson(r.PostForm.Get("email"), p.Number)
	if err == nil && r.PostForm.Get("do") == "erase" && r.PostForm.Get("sure") == "" {
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.person.sure", Field: "sure"}
	}
	var found assess.Person
	if err == nil {
		found, err = assess.FindPerson(r.Context(), s.DB, v.org.ID, q)
	}
	if err != nil {
		return s.refusePerson(w, p, err)
	}
	switch r.PostForm.Get("do") {
	case "export":
		w.Header().Set("Content-Disposition", `attachment; filename="person.json"`)
		return writeJSON(w, found)
	case "erase":
		erased, err := assess.ErasePerson(r.Context(), s.DB, v.org.ID, q)
		if err != nil {
			return err
		}
		p.Number = ""
		p.Done = append(p.Done, p.say("web.person.erased", goalpost.NumberArg(float64(len(erased.Comments)))))
		if erased.Contacts+erased.Invitations+erased.Answers > 0 {
			p.Done = append(p.Done, p.say("web.person.surveys-erased", goalpost.NumberArg(float64(erased.Contacts)), goalpost.NumberArg(float64(erased.Answers)), goalpost.NumberArg(float64(erased.Invitations))))
		}
		p.Done = append(p.Done, p.T("web.person.backups"))
		if erased.Unreadable > 0 {
			p.Done = append(p.Done, p.say("web.person.unreadable", goalpost.NumberArg(float64(erased.Unreadable))))
		}
		if !erased.LogEmptied {
			p.Done = append(p.Done, p.T("web.person.log"))
		}
		return s.render(w, http.StatusOK, "person", p)
	}
	p.Found = p.say("web.person.found", goalpost.NumberArg(float64(len(found.Comments))))
	for _, c := range found.Comments {
		p.List = append(p.List, Fact{Name: p.say("web.person.comment", goalpost.PlainArg(int(c.ID)), goalpost.TextArg(p.printer.Time(c.SentAt, v.org.Zone()))), Text: c.Name + ": " + c.Text})
	}
	p.surveys(found)
	return s.render(w, http.StatusOK, "person", p)
}

// surveys lists what an address was left for in surveys, and how many answers it leads to.
func (p *PersonPage) surveys(found assess.Person) {
	if len(found.Contacts)+len(found.Invitations) == 0 {
		return
	}
	parts := []string{p.say("web.person.contacts", goalpost.NumberArg(float64(len(found.Contacts)))), p.say("web.person.invitations", goalpost.NumberArg(float64(len(found.Invitations)))), p.say("web.person.answers", goalpost.NumberArg(float64(len(found.Answers))))}
	p.Found += "; " + strings.Join(parts, "; ")
	for _, c := range found.Contacts {
		why := "web.person.for-results"
		switch {
		case c.Results && c.Prize:
			why = "web.person.for-both"
		case c.Prize:
			why = "web.person.for-prize"
		}
		p.List = append(p.List, Fact{Name: p.say("web.person.contact", goalpost.TextArg(c.Title.In(p.lang)), goalpost.TextArg(c.Day)), Text: p.T(why)})
	}
	for _, i := range found.Invitations {
		used := "web.person.invited-open"
		if i.UsedDay != "" {
			used = "web.person.invited-used"
		}
		p.List = append(p.List, Fact{Name: p.say("web.person.invitation", goalpost.TextArg(i.Title.In(p.lang))), Text: p.T(used)})
	}
}

// refusePerson says on the page that nothing was found, or what was wrong.
func (s *Server) refusePerson(w http.ResponseWriter, p PersonPage, err error) error {
	e, said := asError(err)
	if !said {
		return err
	}
	p.Problems = append(p.Problems, Problem{Field: e.Field, Text: p.printer.Error(e)})
	return s.render(w, statusOf[e.Kind], "person", p)
}

// readPerson reads whom it is about.
func readPerson(email, number string) (q assess.PersonRequest, err error) {
	if q.Email, err = goalpost.ParsePrivateEmail(email); err != nil {
		return q, err
	}
	if number != "" {
		id, err := strconv.ParseInt(strings.TrimPrefix(number, "#"), 10, 64)
		if err != nil || id < 1 {
			return q, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.person.number", Field: "comment"}
		}
		q.Comments = []goalpost.CommentID{goalpost.CommentID(id)}
	}
	if q.Email.IsEmpty() && len(q.Comments) == 0 {
		return q, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.person.who", Field: "email"}
	}
	return q, nil
}
