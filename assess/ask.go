package assess

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// Weak signals on an answer: how fast nobody reads a question, and when a page is old.
const (
	fastQuestion = 500 * time.Millisecond
	fastAnswer   = 2 * time.Second
	staleAnswer  = 24 * time.Hour
)

// answerGrace is how long after the end of a survey the answers are taken of those who had
// begun before.
const answerGrace = 24 * time.Hour

// AskedSurvey is a survey with what is needed to take answers: it can be kept and used as
// long as nobody changes the survey.
type AskedSurvey struct {
	Org    goalpost.OrgID
	Zone   *time.Location // of the organisation
	Name   string         // of the organisation
	Survey goalpost.Survey
	forms  map[int]goalpost.Form
	secret string
}

// Asked reads the survey of a public address. Drafts are NotFound: nobody but the team sees
// them.
func Asked(ctx context.Context, db *store.DB, slug string) (*AskedSurvey, error) {
	org, id, err := db.SurveyBySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	a, err := AskedByTeam(ctx, db, org, id)
	if err == nil && a.Survey.State == goalpost.SurveyDraft {
		err = goalpost.Errorf(goalpost.NotFound, "error.not-found", goalpost.TextArg("survey"))
	}
	return a, err
}

// AskedByTeam reads a survey for its team, drafts too.
func AskedByTeam(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID) (*AskedSurvey, error) {
	o, err := db.Organisation(ctx, org)
	if err != nil {
		return nil, fmt.Errorf("assess survey %d: %w", id, err)
	}
	a := &AskedSurvey{Org: org, Zone: o.Zone(), Name: o.Name, forms: map[int]goalpost.Form{}}
	if a.Survey, err = db.Survey(ctx, org, id); err != nil {
		return nil, err
	}
	forms, err := db.SurveyForms(ctx, org, id)
	if err != nil {
		return nil, fmt.Errorf("assess survey %d: %w", id, err)
	}
	for _, f := range forms {
		a.forms[f.Version] = f.Form
	}
	if a.secret, err = db.SurveySecret(ctx, org, id); err != nil {
		return nil, fmt.Errorf("assess survey %d: %w", id, err)
	}
	return a, nil
}

// Previewed returns the survey with another form in the place of the newest: the one that a
// team works on. It is for looking at, not for taking answers.
func (a *AskedSurvey) Previewed(f goalpost.Form) *AskedSurvey {
	p := *a
	p.forms = maps.Clone(a.forms)
	p.forms[a.Survey.FormVersion], p.Survey.Form = f, f
	return &p
}

// Form returns a version of the form, and which it is: the newest where there is no such
// version.
func (a *AskedSurvey) Form(version int) (goalpost.Form, int) {
	if f, ok := a.forms[version]; ok {
		return f, version
	}
	return a.Survey.Form, a.Survey.FormVersion
}

// Phase returns what somebody finds who opens the public page now.
func (a *AskedSurvey) Phase(ctx context.Context, db *store.DB, now time.Time) (goalpost.SurveyPhase, error) {
	phase := a.Survey.Phase(now)
	if limit := a.Survey.Settings.Limit; phase == goalpost.PhaseOpen && limit > 0 {
		n, err := db.SurveyCount(ctx, a.Org, a.Survey.ID)
		if err != nil {
			return "", fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
		}
		if n >= limit {
			return goalpost.PhaseFull, nil
		}
	}
	return phase, nil
}

// AnswerInput is what a respondent's page sends.
type AnswerInput struct {
	ID         string // UUID of version 4
	Secret     string // to resume with; any text
	Rev        int64
	Version    int
	Raw        []byte // JSON: the replies by the question's code, all that was answered so far
	Done       bool
	Page       string // what the page was signed with: see SignPage
	Work       string // what the page computed: see Worked
	Trap       bool   // a field was filled in that people do not see
	Reused     bool   // another answer came with the same page
	Elsewhere  bool   // the browser says that a page of another site sent it
	Invitation string // token
	Language   string
	Device     goalpost.DeviceClass
	Network    string // keyed hash of the connection; no address
	Now        time.Time
}

// AnswerResult is what became of it.
type AnswerResult struct {
	store.KeptAnswer
	Receipt  string
	Problems []goalpost.Problem // with what was sent; it is kept all the same
}

// errStale says that the survey was changed: it has to be read again.
var errStale = errors.New("assess: the survey was changed meanwhile")

// IsStale reports whether SendAnswer failed only because the AskedSurvey is not the newest.
func IsStale(err error) bool { return errors.Is(err, errStale) }

// SendAnswer keeps what a respondent sent; when it returns without an error, it is on disk.
// Nothing that was answered is refused for being wrong: it is kept, and the problems are
// named. It fails with Invalid for an id or replies that no page of ours makes, and as
// KeepAnswer of store does.
func (a *AskedSurvey) SendAnswer(ctx context.Context, db *store.DB, in AnswerInput) (r AnswerResult, err error) {
	if !goalpost.ValidAnswerID(in.ID) {
		return r, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.answer.id", Field: "rid", Args: []goalpost.Arg{goalpost.TextArg(in.ID)}}
	}
	if in.Rev < 0 {
		return r, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.answer.rev", Field: "rev"}
	}
	page, signed := a.ReadPage(in.Page)
	signed = signed && !page.Contact
	form, version := a.Form(in.Version)
	replies, shortened, err := readReplies(form, in.Raw)
	if err != nil {
		return r, err
	}
	sent := a.sent(in, form, version, page, signed)
	sent.Replies = replies
	if sent.Body, err = json.Marshal(replies); err != nil { // in the order of the codes
		return r, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	sent.Hash = hashText(strconv.Itoa(version) + " " + string(sent.Body))
	if shortened { // what is only in the log makes it another answer, too
		sent.Hash = hashText(sent.Hash + " " + string(in.Raw))
	}
	sent.Counted = countedOptions(form, a.Survey.Settings.Quotas, replies)
	if r.KeptAnswer, err = db.KeepAnswer(ctx, a.Org, a.Survey.ID, sent); err != nil {
		return r, err
	}
	if r.Stale {
		return r, errStale
	}
	r.Receipt = a.Receipt(in.ID)
	r.Problems = form.Problems(r.Replies, in.Done)
	return r, nil
}

// sent fills in what does not depend on the replies.
func (a *AskedSurvey) sent(in AnswerInput, form goalpost.Form, version int, page SignedPage, signed bool) store.SentAnswer {
	s := a.Survey.Settings
	now := in.Now.UTC()
	x := store.SentAnswer{Done: in.Done, Secret: hashText(in.Secret), Network: in.Network, Raw: in.Raw, Revision: a.Survey.Revision,
		Open: a.Survey.Phase(now) == goalpost.PhaseOpen, Limit: s.Limit, Quotas: s.Quotas, Invited: s.Invited, Named: !s.Anonymous, Day: goalpost.DayOf(now, a.Zone), At: now}
	if in.Secret == "" {
		x.Secret = ""
	}
	if in.Invitation != "" {
		x.Invitation = hashText(in.Invitation)
	}
	if s.Anonymous {
		x.At = now.Truncate(24 * time.Hour)
	}
	x.Answer = goalpost.Answer{ID: in.ID, Rev: in.Rev, Version: version, Language: in.Language, Device: in.Device, BegunAt: x.At}
	if !slices.Contains(form.Languages, in.Language) {
		x.Language = form.Languages[0]
	}
	x.Grace = a.grace(now)
	if signed {
		x.Begun = a.openAt(page.At)
		x.Channel, x.Campaign = page.Channel, page.Campaign
		x.Seconds = max(0, int(now.Sub(page.At).Round(time.Second)/time.Second))
	}
	x.Flags = a.flags(in, form, page, signed, now)
	return x
}

// grace reports whether the answers are taken of those who had begun, although the survey
// may take no new ones: as long as it pauses, and for a day after its end.
func (a *AskedSurvey) grace(now time.Time) bool {
	end, ended := a.Survey.Ended(now)
	return !ended || !now.After(end.Add(answerGrace))
}

// openAt reports whether somebody who got a page then could begin: pages are made for those
// alone who can answer, so that only the survey's end tells.
func (a *AskedSurvey) openAt(page time.Time) bool {
	end, ended := a.Survey.Ended(page)
	return !ended || page.Before(end)
}

// flags are weak signals that it may be no answer of a person.
func (a *AskedSurvey) flags(in AnswerInput, form goalpost.Form, page SignedPage, signed bool, now time.Time) []string {
	var flags []string
	flag := func(on bool, name string) {
		if on {
			flags = append(flags, name)
		}
	}
	took := now.Sub(page.At)
	flag(!signed || in.Elsewhere, goalpost.FlagNoPage)
	flag(in.Reused, goalpost.FlagRepeated)
	flag(signed && in.Done && took < fastAnswer+time.Duration(len(form.Questions))*fastQuestion, goalpost.FlagFast)
	flag(signed && took > staleAnswer, goalpost.FlagStale)
	flag(in.Trap, goalpost.FlagTrap)
	flag(a.Survey.Settings.Work && in.Done && !Worked(in.Page, in.Work), goalpost.FlagNoWork)
	return flags
}

// How much of one reply is kept beside the log. Both are far beyond what can be right, so
// that what is shortened stays as wrong as it was: tables and pages hold the replies of all
// respondents, and strangers decide how long theirs are.
const (
	mostReplyBytes   = 8 * goalpost.MaxLongText
	mostReplyChoices = 200
)

// readReplies reads what was sent. A reply that cannot be read, and one to a question that
// the form does not have, stays in the log alone, as does what a reply has too much of.
func readReplies(form goalpost.Form, raw []byte) (replies map[string]goalpost.QuestionReply, shortened bool, err error) {
	var all map[string]goalpost.QuestionReply
	if json.Unmarshal(raw, &all) != nil { // then what can be read of it
		var parts map[string]json.RawMessage
		if err := json.Unmarshal(raw, &parts); err != nil {
			return nil, false, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.answer.replies", Field: "answers", Err: err}
		}
		all = map[string]goalpost.QuestionReply{}
		for code, part := range parts {
			var r goalpost.QuestionReply
			if json.Unmarshal(part, &r) == nil {
				all[code] = r
			}
		}
	}
	replies = make(map[string]goalpost.QuestionReply, len(form.Questions))
	for i := range form.Questions {
		code := form.Questions[i].Code
		r, there := all[code]
		r.Text = strings.TrimSpace(r.Text)
		if len(r.Text) > mostReplyBytes {
			r.Text, shortened = strings.ToValidUTF8(r.Text[:mostReplyBytes], ""), true
		}
		if len(r.Choices) > mostReplyChoices {
			r.Choices, shortened = slices.Clone(r.Choices[:mostReplyChoices]), true
		}
		if there && !r.IsEmpty() {
			replies[code] = r
		}
	}
	return replies, shortened, nil
}

// countedOptions returns the options of quotas that replies fall under, question and option in
// turn.
func countedOptions(form goalpost.Form, quotas []goalpost.Quota, replies map[string]goalpost.QuestionReply) []string {
	var list []string
	for _, q := range form.QuotasOf(quotas, replies) {
		list = append(list, q.Question, q.Option)
	}
	return list
}

// EraseAnswer removes everything of one respondent but that somebody was there.
func (a *AskedSurvey) EraseAnswer(ctx context.Context, db *store.DB, rid string) error {
	was, err := db.Answer(ctx, a.Org, a.Survey.ID, rid)
	if err != nil {
		return err
	}
	form, _ := a.Form(was.Version)
	if err := db.EraseAnswer(ctx, a.Org, a.Survey.ID, rid, countedOptions(form, a.Survey.Settings.Quotas, was.Replies)); err != nil {
		return fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	return nil
}

func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
