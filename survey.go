package goalpost

import (
	"maps"
	"slices"
	"time"
)

// SurveyID is a survey of an organisation.
type SurveyID int64

// SurveyState says what the team decided about a survey.
type SurveyState string

// States of a survey.
const (
	SurveyDraft  SurveyState = "draft"  // only the team sees it
	SurveyOpen   SurveyState = "open"   // takes answers, from its opening to its closing date
	SurveyPaused SurveyState = "paused" // takes no new respondents for now
	SurveyClosed SurveyState = "closed"
)

// SurveyPhase says what somebody finds who opens the public page.
type SurveyPhase string

// Phases of a survey.
const (
	PhaseDraft   SurveyPhase = "draft"
	PhaseWaiting SurveyPhase = "waiting" // before the opening date
	PhaseOpen    SurveyPhase = "open"
	PhasePaused  SurveyPhase = "paused"
	PhaseFull    SurveyPhase = "full" // as many complete answers as the limit says
	PhaseClosed  SurveyPhase = "closed"
)

// Survey asks customers. What respondents see is its Form, how it runs its Settings; both
// have versions that are kept, so that what somebody answered and agreed to can be read
// for ever.
type Survey struct {
	ID             SurveyID       `json:"id"`
	Slug           string         `json:"slug"` // of its public address; unique in the installation
	State          SurveyState    `json:"state"`
	Form           Form           `json:"form"`
	FormVersion    int            `json:"form_version"`
	Settings       SurveySettings `json:"settings"`
	SettingVersion int            `json:"setting_version"`
	// Revision counts every change of the survey, its form and its settings.
	Revision  int64     `json:"revision"`
	Answered  bool      `json:"answered"` // its newest form has answers: a change makes a new version
	CreatedAt time.Time `json:"created_at"`
	By        string    `json:"by"`
	ClosedAt  time.Time `json:"closed_at,omitzero"` // when somebody closed it
}

// Close sets the state, and since when the survey is closed if it is.
func (s *Survey) Close(state SurveyState, now time.Time) {
	switch {
	case state != SurveyClosed:
		s.ClosedAt = time.Time{}
	case s.State != SurveyClosed:
		s.ClosedAt = now.UTC()
	}
	s.State = state
}

// Ended returns when a survey ended: its closing date, or when somebody closed it before;
// ok is false while it goes on.
func (s Survey) Ended(now time.Time) (at time.Time, ok bool) {
	at = s.Settings.ClosesAt
	if s.State == SurveyClosed && (at.IsZero() || s.ClosedAt.Before(at)) {
		at = s.ClosedAt
	}
	return at, !at.IsZero() && !now.Before(at)
}

// ErasesAt returns from when on single answers are erased; ok is false where they are kept
// for ever, or the survey goes on.
func (s Survey) ErasesAt(now time.Time) (at time.Time, ok bool) {
	end, ended := s.Ended(now)
	if !ended || s.Settings.KeepDays == 0 {
		return time.Time{}, false
	}
	return end.AddDate(0, 0, s.Settings.KeepDays), true
}

// FormVersion is a form as it stood from a moment on.
type FormVersion struct {
	Form    Form
	Version int // from 1
	At      time.Time
	By      string
}

// Form is what respondents see of a survey.
type Form struct {
	Languages []string `json:"languages"` // ISO 639-1; the first is the one that every text has
	Title     Text     `json:"title"`
	Intro     Text     `json:"intro,omitempty"`
	Thanks    Text     `json:"thanks,omitempty"`
	// OneByOne shows one question at a time; else a page ends where a question says so.
	OneByOne  bool             `json:"one_by_one,omitempty"`
	Questions []SurveyQuestion `json:"questions"`
	// Kept are the questions that were changed and that a person declared to ask the same
	// as before, so that their trend goes on.
	Kept []KeptTrend `json:"kept,omitempty"`
}

// KeptTrend is one person's word that a changed question asks the same as before.
type KeptTrend struct {
	Question string `json:"question"`
	Version  int    `json:"version"` // of the form that changed it
	By       string `json:"by"`
}

// SurveyQuestion is a question of a form. Its Version is that of its trend: answers to the
// same code and version can be compared.
type SurveyQuestion struct {
	Question
	Help     Text `json:"help,omitempty"`     // below the question
	Required bool `json:"required,omitempty"` // the page asks again; what was sent without it is kept all the same
	NewPage  bool `json:"new_page,omitempty"` // a page begins here
	Shuffle  bool `json:"shuffle,omitempty"`  // options in an order of each respondent; see Item.Fixed
	// Min and Max are how many options may be chosen or ranked, or the smallest and the
	// largest number; nil for no bound.
	Min *float64 `json:"min,omitempty"`
	Max *float64 `json:"max,omitempty"`
	// Decimals is how many a number may have.
	Decimals int        `json:"decimals,omitempty"`
	Unit     Text       `json:"unit,omitempty"`
	Scale    *Scale     `json:"scale,omitempty"`
	Long     bool       `json:"long,omitempty"` // a text of several lines
	ShowIf   *Condition `json:"show_if,omitempty"`
}

// Scale are the grades of a scale question.
type Scale struct {
	Low    int       `json:"low"`
	High   int       `json:"high"`
	Look   ScaleLook `json:"look,omitempty"`
	Labels []Text    `json:"labels,omitempty"` // of every grade, or of the lowest and the highest, or none
}

// ScaleLook says how a scale is drawn.
type ScaleLook string

// Looks of a scale.
const (
	LookGrades ScaleLook = ""
	LookStars  ScaleLook = "stars"
)

// Grade returns the label of a grade; empty where it has none.
func (s Scale) Grade(v int) Text {
	switch n := s.High - s.Low + 1; {
	case v < s.Low || v > s.High:
		return nil
	case len(s.Labels) == n:
		return s.Labels[v-s.Low]
	case len(s.Labels) == 2 && v == s.Low:
		return s.Labels[0]
	case len(s.Labels) == 2 && v == s.High:
		return s.Labels[1]
	}
	return nil
}

// Grades of a Net Promoter Score: 0 to 6 detract, 7 and 8 are passive, 9 and 10 promote
// (Reichheld, F. (2003), The one number you need to grow).
const (
	NPSLowest  = 0
	NPSHighest = 10
)

// ItemRole says what an option is beside the others.
type ItemRole string

// Roles of an option. All but RoleOther exclude every other option.
const (
	RoleOption    ItemRole = ""
	RoleOther     ItemRole = "other"     // with a text of one's own
	RoleNone      ItemRole = "none"      // none of these
	RoleDontKnow  ItemRole = "dont_know" // not part of the base of shares and means
	RoleNoOpinion ItemRole = "no_answer" // would rather not say; not part of the base
)

// ItemRoles returns all roles.
func ItemRoles() []ItemRole {
	return []ItemRole{RoleOption, RoleOther, RoleNone, RoleDontKnow, RoleNoOpinion}
}

// Alone reports whether the option excludes all others.
func (r ItemRole) Alone() bool {
	return r == RoleNone || r == RoleDontKnow || r == RoleNoOpinion
}

// Stays reports whether the option stays at its place when the others are shuffled.
func (o Item) Stays() bool { return o.Fixed || o.Role != RoleOption }

// Channel is one place where a survey's link stands. Nothing about who came from there is
// kept but the channel's name.
type Channel struct {
	Code     string  `json:"code"` // in the link, short: "ig"
	Network  Network `json:"network"`
	Campaign string  `json:"campaign,omitempty"`
}

// Quota is how many complete answers with an option count; those beyond are kept apart.
type Quota struct {
	Question string `json:"question"`
	Option   string `json:"option"`
	Limit    int    `json:"limit"`
}

// SurveySettings say how a survey runs.
type SurveySettings struct {
	Address string `json:"address"` // in German: FormalAddress or FamiliarAddress
	// Anonymous surveys keep no key between answers and people: days instead of times, and
	// neither invitations nor e-mail addresses lead to an answer.
	Anonymous bool `json:"anonymous"`
	Invited   bool `json:"invited,omitempty"` // only who has an invitation
	// PublicResults shows anybody the shares of closed answers, in steps of five answers.
	PublicResults bool       `json:"public_results,omitempty"`
	Sample        SampleKind `json:"sample_kind"`
	Asked         int        `json:"asked,omitempty"` // how many people could have answered, 0 if not known
	OpensAt       time.Time  `json:"opens_at,omitzero"`
	ClosesAt      time.Time  `json:"closes_at,omitzero"`
	Limit         int        `json:"limit,omitempty"` // of complete answers; 0 for none
	Quotas        []Quota    `json:"quotas,omitempty"`
	Channels      []Channel  `json:"channels,omitempty"`
	// What is said instead of the questions; empty for the program's own words.
	Before Text `json:"before,omitempty"`
	Paused Text `json:"paused,omitempty"`
	Full   Text `json:"full,omitempty"`
	After  Text `json:"after,omitempty"`
	// Frames are the sites that may show the survey inside their pages: "https://example.org".
	Frames []string `json:"frames,omitempty"`
	// Results and Prize ask for an e-mail address after the last question.
	Results bool `json:"results,omitempty"` // to be told the results
	Prize   bool `json:"prize,omitempty"`   // to win something
	Consent Text `json:"consent,omitempty"` // what somebody agrees to who gives it
	// Responsible and Privacy stand on the survey's privacy page: who asks, with an address,
	// and what is to be said beside what the settings say by themselves.
	Responsible Text `json:"responsible,omitempty"`
	Privacy     Text `json:"privacy,omitempty"`
	// KeepDays is after how many days from closing single answers are erased; 0 for never.
	KeepDays int  `json:"keep_days,omitempty"`
	Work     bool `json:"work,omitempty"` // the page does a small computation: a signal against programs
	// Study and Wave are where the answers count in a study in waves; empty for nowhere.
	Study string `json:"study,omitempty"`
	Wave  string `json:"wave,omitempty"`
}

// Phase returns what somebody finds who opens the public page. Whether the limit is
// reached only the store knows.
func (s Survey) Phase(now time.Time) SurveyPhase {
	switch {
	case s.State == SurveyDraft:
		return PhaseDraft
	case s.State == SurveyClosed, !s.Settings.ClosesAt.IsZero() && !now.Before(s.Settings.ClosesAt):
		return PhaseClosed
	case s.State == SurveyPaused:
		return PhasePaused
	case !s.Settings.OpensAt.IsZero() && now.Before(s.Settings.OpensAt):
		return PhaseWaiting
	}
	return PhaseOpen
}

// Message returns what the team wants to be said in a phase; nil for the program's words.
func (s SurveySettings) Message(p SurveyPhase) Text {
	return map[SurveyPhase]Text{PhaseWaiting: s.Before, PhasePaused: s.Paused, PhaseFull: s.Full, PhaseClosed: s.After}[p]
}

// Channel returns the channel of a code.
func (s SurveySettings) Channel(code string) (Channel, bool) {
	for _, c := range s.Channels {
		if c.Code == code {
			return c, true
		}
	}
	return Channel{}, false
}

// Question returns the question of a code.
func (f Form) Question(code string) (SurveyQuestion, bool) {
	for _, q := range f.Questions {
		if q.Code == code {
			return q, true
		}
	}
	return SurveyQuestion{}, false
}

// Pages returns the questions page by page, by their place in the form.
func (f Form) Pages() [][]int {
	var pages [][]int
	for i, q := range f.Questions {
		if i == 0 || f.OneByOne || q.NewPage {
			pages = append(pages, nil)
		}
		last := len(pages) - 1
		pages[last] = append(pages[last], i)
	}
	return pages
}

// Missing returns, by language, the fields whose text exists in another language but not
// in this one, such as "questions[2].wording".
func (f Form) Missing() map[string][]string {
	missing := map[string][]string{}
	f.eachText(func(field string, t Text) {
		if len(t) == 0 {
			return
		}
		for _, l := range f.Languages {
			if t[l] == "" {
				missing[l] = append(missing[l], field)
			}
		}
	})
	return missing
}

// Minutes is about how long the survey takes, from how much there is to read and to
// answer: 240 words a minute (Brysbaert, M. (2019), J. Mem. Lang. 109), 4 seconds for a
// choice and 25 for a text of one's own; at least 1.
func (f Form) Minutes(language string) int {
	const words, choice, text = 240.0, 4.0, 25.0
	seconds := 60 / words * float64(wordsOf(f.Intro.In(language)))
	for _, q := range f.Questions {
		read := wordsOf(q.Wording.In(language)) + wordsOf(q.Help.In(language))
		for _, o := range q.Options {
			read += wordsOf(o.Label.In(language))
		}
		seconds += 60 / words * float64(read)
		switch {
		case q.Type == TextQuestion && q.Long:
			seconds += text
		case q.Type == RankingQuestion:
			seconds += choice * float64(len(q.Options))
		default:
			seconds += choice
		}
	}
	return max(1, int(seconds/60+0.5))
}

// Copy returns a survey like this one that nobody has answered: a draft with the same form
// and settings, but for its dates and the wave that it was asked in.
func (s Survey) Copy(slug string) Survey {
	c := Survey{Slug: slug, State: SurveyDraft, Form: s.Form.clone(), Settings: s.Settings.clone()}
	c.Form.Kept = nil
	c.Settings.OpensAt, c.Settings.ClosesAt, c.Settings.Wave = time.Time{}, time.Time{}, ""
	return c
}

func (f Form) clone() Form {
	f.Languages = slices.Clone(f.Languages)
	f.Title, f.Intro, f.Thanks = maps.Clone(f.Title), maps.Clone(f.Intro), maps.Clone(f.Thanks)
	f.Kept = slices.Clone(f.Kept)
	f.Questions = slices.Clone(f.Questions)
	for i := range f.Questions {
		f.Questions[i] = f.Questions[i].clone()
	}
	return f
}

func (q SurveyQuestion) clone() SurveyQuestion {
	q.Wording, q.Base, q.Note = maps.Clone(q.Wording), maps.Clone(q.Base), maps.Clone(q.Note)
	q.Help, q.Unit = maps.Clone(q.Help), maps.Clone(q.Unit)
	q.Options = slices.Clone(q.Options)
	for i := range q.Options {
		q.Options[i].Label = maps.Clone(q.Options[i].Label)
	}
	q.Min, q.Max = clonePointer(q.Min), clonePointer(q.Max)
	if q.Scale = clonePointer(q.Scale); q.Scale != nil {
		q.Scale.Labels = slices.Clone(q.Scale.Labels)
		for i := range q.Scale.Labels {
			q.Scale.Labels[i] = maps.Clone(q.Scale.Labels[i])
		}
	}
	if q.ShowIf = clonePointer(q.ShowIf); q.ShowIf != nil {
		q.ShowIf.Rules = slices.Clone(q.ShowIf.Rules)
		for i := range q.ShowIf.Rules {
			r := &q.ShowIf.Rules[i]
			r.Is, r.Not, r.Min, r.Max = slices.Clone(r.Is), slices.Clone(r.Not), clonePointer(r.Min), clonePointer(r.Max)
		}
	}
	return q
}

func (s SurveySettings) clone() SurveySettings {
	s.Quotas, s.Channels, s.Frames = slices.Clone(s.Quotas), slices.Clone(s.Channels), slices.Clone(s.Frames)
	for _, t := range []*Text{&s.Before, &s.Paused, &s.Full, &s.After, &s.Consent, &s.Responsible, &s.Privacy} {
		*t = maps.Clone(*t)
	}
	return s
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
