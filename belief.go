package goalpost

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// BeliefRange is how likely the answer lies in the range of a belief, as the form asks for
// it: four chances in five.
const BeliefRange = 0.8

// beliefTop is how many of the highest grades of a scale a belief is about.
const beliefTop = 2

// BeliefItem is something that a belief is about: the share of respondents who choose an
// option, or who give one of the two highest grades. Everything is a share of people, so
// that all of a form is asked in one unit.
type BeliefItem struct {
	Question string `json:"question"`
	Option   string `json:"option,omitempty"` // of a ranking: who puts it first
	From     *int   `json:"from,omitempty"`   // of a scale: who gives this grade or a higher one
}

// Key names an item in forms and documents: "wants.offers", "videos.4".
func (i BeliefItem) Key() string {
	if i.From != nil {
		return i.Question + "." + strconv.Itoa(*i.From)
	}
	return i.Question + "." + i.Option
}

// BeliefItems returns what a team can have beliefs about, in the order of the form: every
// option of the closed questions that counts, and the highest grades of scales. Of a question
// with two options the first says all.
func (f Form) BeliefItems() []BeliefItem {
	var list []BeliefItem
	for _, q := range f.Questions {
		list = append(list, q.BeliefItems()...)
	}
	return list
}

// BeliefItems returns those of one question; none where it is open.
func (q SurveyQuestion) BeliefItems() []BeliefItem {
	var list []BeliefItem
	switch q.Type {
	case SingleChoice, MultipleChoice, RankingQuestion:
		for _, o := range q.Options {
			if o.Role != RoleDontKnow && o.Role != RoleNoOpinion {
				list = append(list, BeliefItem{Question: q.Code, Option: o.Code})
			}
		}
		if q.Type != MultipleChoice && len(list) == 2 {
			list = list[:1]
		}
	case ScaleQuestion:
		if q.Scale != nil {
			list = append(list, gradesFrom(q.Code, q.Scale.Low, q.Scale.High))
		}
	case NPSQuestion:
		list = append(list, gradesFrom(q.Code, NPSLowest, NPSHighest))
	default: // texts, numbers and consents are not guessed
	}
	return list
}

// gradesFrom is the item of a scale: its two highest grades, of a short scale the highest.
func gradesFrom(code string, low, high int) BeliefItem {
	from := high
	if high-low > beliefTop {
		from = high - beliefTop + 1
	}
	return BeliefItem{Question: code, From: &from}
}

// Belief is what somebody thought the share of an item to be, as fractions.
type Belief struct {
	BeliefItem
	NoIdea bool    `json:"no_idea,omitempty"`
	Guess  float64 `json:"guess"`
	Low    float64 `json:"low"` // four chances in five that the answer lies between
	High   float64 `json:"high"`
}

// check returns what is wrong with a belief.
func (b Belief) check() *Error {
	switch {
	case b.NoIdea && (b.Guess != 0 || b.Low != 0 || b.High != 0):
		return beliefError(b.Key(), "both")
	case b.NoIdea:
		return nil
	case !(b.Guess >= 0 && b.Guess <= 1):
		return beliefError(b.Key()+".guess", "share")
	case !(b.Low >= 0 && b.Low <= 1):
		return beliefError(b.Key()+".low", "share")
	case !(b.High >= 0 && b.High <= 1):
		return beliefError(b.Key()+".high", "share")
	case b.Low > b.Guess:
		return beliefError(b.Key()+".low", "low")
	case b.High < b.Guess:
		return beliefError(b.Key()+".high", "high")
	}
	return nil
}

func beliefError(field, key string, args ...Arg) *Error {
	return &Error{Kind: Invalid, Key: "error.belief." + key, Field: field, Args: args}
}

// BeliefSheet is what one member of the team believed that respondents answer. It is given
// once and never changed.
type BeliefSheet struct {
	Survey SurveyID `json:"survey"`
	User   UserID   `json:"user"`
	By     string   `json:"by"`
	// Claims is what the member answered to "we understand our customers"; nil for nothing.
	Claims      *bool            `json:"claims"`
	FormVersion int              `json:"form_version"`
	Asked       []SurveyQuestion `json:"asked"` // the questions as they stood
	Beliefs     []Belief         `json:"beliefs"`
	MadeAt      time.Time        `json:"made_at"`
	Late        bool             `json:"late"` // an answer had come in: it is shown and never scored
	// SHA256 is that of the sheet's JSON without it.
	SHA256 string `json:"-"`
	// Broken is true where what lies in the database is not what was sent.
	Broken bool `json:"-"`
}

// Check returns the first of what is wrong with a sheet for a form.
func (s BeliefSheet) Check(f Form) error {
	if list := s.Problems(f); len(list) > 0 {
		return list[0]
	}
	return nil
}

// Problems returns all that is wrong with a sheet for a form: it has to say something, of
// every item of the form once, and of nothing else.
func (s BeliefSheet) Problems(f Form) []*Error {
	var list []*Error
	items, seen, said := f.BeliefItems(), map[string]bool{}, s.Claims != nil
	for _, b := range s.Beliefs {
		key := b.Key()
		switch {
		case !slices.ContainsFunc(items, func(i BeliefItem) bool { return i.Key() == key }):
			list = append(list, beliefError(key, "unknown", TextArg(key)))
		case seen[key]:
			list = append(list, beliefError(key, "twice", TextArg(key)))
		default:
			if err := b.check(); err != nil {
				list = append(list, err)
			}
		}
		seen[key], said = true, said || !b.NoIdea
	}
	for _, i := range items {
		if !seen[i.Key()] {
			list = append(list, beliefError(i.Key(), "missing", TextArg(i.Key())))
		}
	}
	if !said {
		list = append(list, beliefError("", "nothing"))
	}
	return list
}

// Belief returns the belief about an item, if it was asked as it is asked now.
func (s BeliefSheet) Belief(i BeliefItem, now Form) (Belief, bool) {
	is, asks := now.Question(i.Question)
	was := slices.IndexFunc(s.Asked, func(q SurveyQuestion) bool { return q.Code == i.Question })
	at := slices.IndexFunc(s.Beliefs, func(b Belief) bool { return b.Key() == i.Key() })
	if !asks || was < 0 || at < 0 || is.Version != s.Asked[was].Version {
		return Belief{}, false
	}
	// Before the first answer a change makes no new version. Later one that a person declared
	// to ask the same keeps it.
	kept := slices.ContainsFunc(now.Kept, func(k KeptTrend) bool { return k.Question == i.Question && k.Version > s.FormVersion })
	if !kept && !is.Same(s.Asked[was]) {
		return Belief{}, false
	}
	return s.Beliefs[at], true
}

// Seal returns the sheet as it is kept, and with its hash.
func (s BeliefSheet) Seal() (sealed BeliefSheet, body []byte, err error) {
	body, err = json.Marshal(s)
	if err != nil {
		return s, nil, fmt.Errorf("goalpost: beliefs: %w", err)
	}
	s.SHA256 = hashOf(body)
	return s, body, nil
}

// UnsealBelief reads a sheet as it was kept, and looks whether it is still the one that was
// sent.
func UnsealBelief(body []byte, sha256 string) (s BeliefSheet, err error) {
	if err := json.Unmarshal(body, &s); err != nil {
		return s, fmt.Errorf("goalpost: beliefs: %w", err)
	}
	s.SHA256, s.Broken = sha256, hashOf(body) != sha256
	return s, nil
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// BeliefGiver is a member who said what they believe, without what it is.
type BeliefGiver struct {
	User   UserID
	Name   string
	MadeAt time.Time
	Late   bool
}
