package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// answerDocument is the body that a respondent's page sends: everything that was answered
// so far. Later ones replace earlier ones.
type answerDocument struct {
	Rev        int64           `json:"rev"`
	Version    int             `json:"version"`
	Answers    json.RawMessage `json:"answers"`
	Done       bool            `json:"done"`
	Page       string          `json:"render_token"`
	Work       string          `json:"pow"`
	Trap       string          `json:"website"`
	Language   string          `json:"language"`
	Invitation string          `json:"invitation"`
}

// keptDocument is what it gets back: a 200 means that it is on disk.
type keptDocument struct {
	Receipt  string            `json:"receipt"`
	Rev      int64             `json:"rev"`
	State    string            `json:"state"`
	Full     []goalpost.Quota  `json:"full,omitempty"`    // of over_quota: the groups that have no place left
	Answers  answersDocument   `json:"answers,omitempty"` // of a 409, or where the same or a later revision is kept already: what counts instead
	Problems []problemOfAnswer `json:"problems"`
}

type answersDocument map[string]goalpost.QuestionReply

// problemOfAnswer is what a person may want to put right; it is kept all the same.
type problemOfAnswer struct {
	Question string `json:"question"`
	Key      string `json:"key"`
	Sentence string `json:"sentence"`
}

// putAnswer takes answers from pages with scripts and from programs. It is for strangers:
// no token and no session, and nothing of the connection is kept but a hash that nobody can
// turn back after a day.
func (s *Server) putAnswer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	a, res, err := s.takeAnswer(w, r)
	say := locale.New(locale.Language(langOf(r)), "")
	if err != nil {
		p := s.apiProblem(r, say, err)
		for name, values := range p.GetHeaders() {
			w.Header()[name] = values
		}
		if p.Status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", retryAfter)
		}
		writeProblem(w, p.problemDocument)
		return
	}
	d := keptDocument{Receipt: res.Receipt, Rev: res.Rev, State: string(res.State), Problems: []problemOfAnswer{}}
	status := http.StatusOK
	switch {
	case res.State == goalpost.AnswerErased:
		status = http.StatusGone
	case res.Conflict:
		status, d.Answers = http.StatusConflict, res.Replies
	}
	if res.Other && !res.State.Finished() { // what else was saved, so that the page does not undo it
		d.Answers = res.Replies
	}
	for _, p := range res.Problems {
		d.Problems = append(d.Problems, problemOfAnswer{Question: p.Question, Key: p.Err.Key, Sentence: say.Error(unplaced(p.Err))})
	}
	if d.Full, err = a.FullQuotas(r.Context(), s.DB, res.Answer); err != nil {
		s.Log.WarnContext(r.Context(), "full quotas not read", "err", err) // the answer is on disk all the same
	}
	body, err := json.Marshal(d)
	if err != nil {
		s.Log.ErrorContext(r.Context(), "answer not written as JSON", "err", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who went away may ask again
}

// unplaced is an error without its field: the page shows it at the question.
func unplaced(e *goalpost.Error) *goalpost.Error {
	bare := *e
	bare.Field = ""
	return &bare
}

// takeAnswer reads what was sent and keeps it.
func (s *Server) takeAnswer(w http.ResponseWriter, r *http.Request) (a *assess.AskedSurvey, res assess.AnswerResult, err error) {
	body, err := readAnswerBody(w, r)
	if err != nil {
		return nil, res, err
	}
	var d answerDocument
	if err := json.Unmarshal(body, &d); err != nil {
		return nil, res, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.json", Err: err}
	}
	if len(d.Answers) == 0 {
		d.Answers = json.RawMessage("{}")
	}
	slug := r.PathValue("survey")
	return s.sendAnswer(r.Context(), slug, assess.AnswerInput{ID: r.PathValue("rid"), Secret: r.Header.Get("Resume-Secret"), Rev: d.Rev, Version: d.Version, Raw: d.Answers,
		Done: d.Done, Page: d.Page, Work: d.Work, Trap: d.Trap != "", Invitation: d.Invitation, Language: d.Language, Device: deviceOf(r.UserAgent()),
		Network: s.networkOf(r, slug), Now: s.Now()})
}

// readAnswerBody reads a whole body, however it is called: what a person answered is not
// refused for a missing header.
func readAnswerBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	const usual = 8 << 10 // whoever announces much and sends nothing gets no more room than that
	var b bytes.Buffer
	if r.ContentLength > 0 {
		b.Grow(int(min(r.ContentLength, usual)) + bytes.MinRead)
	}
	_, err := io.Copy(&b, http.MaxBytesReader(w, r.Body, goalpost.MaxAnswerBytes))
	if err == nil {
		return b.Bytes(), nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.large", Args: []goalpost.Arg{goalpost.NumberArg(goalpost.MaxAnswerBytes >> 10)}, Err: err}
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.slow", Err: err}
	}
	return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.cut-off", Err: err}
}

// networkOf stands for the connection and program that an answer came by: a hash under a
// key that lives for a day and in memory only.
func (s *Server) networkOf(r *http.Request, slug string) string {
	ip := s.peerOf(r).ip
	if !ip.IsValid() || ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() {
		return ""
	}
	return s.originHash("survey "+slug, connectionOf(ip), r.UserAgent())
}

// deviceOf is all that is kept of the program.
func deviceOf(agent string) goalpost.DeviceClass {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(agent, w) {
				return true
			}
		}
		return false
	}
	switch {
	case has("Mobi", "Android", "iPhone", "iPad"):
		return goalpost.DevicePhone
	case has("Mozilla/", "Opera/"):
		return goalpost.DeviceDesk
	}
	return goalpost.DeviceProgram
}
