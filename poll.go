package goalpost

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// PollID is a poll of an organisation.
type PollID int64

// Forms of address in German.
const (
	FormalAddress   = "sie"
	FamiliarAddress = "du"
)

// Poll is a public question to readers, with several answers.
type Poll struct {
	ID         PollID
	Slug       string `json:"slug"` // of its public address; unique in the installation
	Question   Text   `json:"question"`
	Address    string `json:"address"` // in German: "sie" or "du"
	Options    []Item `json:"options"` // by the catalogue's codes, or with labels of their own
	Other      bool   `json:"other"`   // a text of one's own may be added
	AskRole    bool   `json:"ask_role"`
	AskSize    bool   `json:"ask_size"`
	AskCountry bool   `json:"ask_country"`
	// Study is the question of a study whose figures stand beside the results, by the
	// study's id and the question's code; empty for none.
	Study     string `json:"study,omitempty"`
	StudyCode string `json:"study_code,omitempty"`
	// Comments says whether readers may comment below the poll, also below a closed one;
	// what was approved stays on the page when that ends.
	Comments      bool      `json:"comments,omitempty"`
	EmailRequired bool      `json:"email_required,omitempty"`
	Closed        bool      `json:"closed"`
	CreatedAt     time.Time `json:"created_at"`
	By            string    `json:"by"`
}

// Vote is one reader's answers. ID is made with the page, so that the same page sent
// twice is one vote.
type Vote struct {
	ID      string // UUID, version 4
	Choices []string
	Other   string
	Role    string // of PollRoles
	Size    string // of PollSizes
	Country string // ISO 3166-1, two letters
	At      time.Time
	Origin  string   // keyed hashes of where it came from, to find repeats; no address
	Flags   []string // weak signals that it may be no vote of a person, or a second one
}

// networkEnd ends the part of an origin that stands for the connection to the internet.
const networkEnd = "."

// NewOrigin joins the hash of a connection to the internet, empty where nothing tells
// one from another, and the hash of that connection with the program used on it.
func NewOrigin(network, program string) string { return network + networkEnd + program }

// Network stands for the connection to the internet that a vote came by, as far as it is
// known; empty where it is not.
func (v Vote) Network() string {
	network, _, both := strings.Cut(v.Origin, networkEnd)
	if !both {
		return v.Origin // kept before the two were told apart
	}
	return network
}

// Flags of votes. They never refuse a vote.
const (
	FlagRepeated = "repeated" // from the same origin as another vote
	FlagFast     = "fast"     // sent sooner than a person reads
	FlagTrap     = "trap"     // a field was filled in that people do not see
	FlagStale    = "stale"    // the page was older than a day
)

// VoteFlags are the flags that a vote may carry.
func VoteFlags() []string { return []string{FlagRepeated, FlagFast, FlagTrap, FlagStale} }

// PollRoles are the answers to who is answering.
func PollRoles() []string {
	return []string{"social", "marketing", "management", "agency", "other"}
}

// PollSizes are the sizes of companies, in people.
func PollSizes() []string { return []string{"1", "2-9", "10-49", "50-249", "250-"} }

// Limits of a poll.
const (
	MaxPollOptions = 40
	maxOther       = 200 // letters
)

var (
	pollSlug = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$`)
	voteID   = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	country  = regexp.MustCompile(`^[A-Z]{2}$`)
)

// ReadersQuestion is the question that the article on the Pivot study ends with, over
// the goals of the catalogue.
func ReadersQuestion(address string) Poll {
	p := Poll{Slug: "goals", Address: address, Other: true, AskRole: true, AskSize: true, AskCountry: true, Comments: true, Study: "pivot-sosm", StudyCode: "goals",
		Question: Text{"en": "Which goals do you and your company mainly pursue on social media?", "de": "Welche Ziele verfolgen Sie und Ihr Unternehmen auf Social Media vor allem?"}}
	if address == FamiliarAddress {
		p.Question["de"] = "Welche Ziele verfolgst du und dein Unternehmen auf Social Media vor allem?"
	}
	for _, k := range GoalKinds() {
		if k.Code != "other" {
			p.Options = append(p.Options, Item{Code: k.Code})
		}
	}
	for _, code := range []string{"none", "dont_know", "no_answer"} {
		p.Options = append(p.Options, Item{Code: code})
	}
	return p
}

// Check returns what is wrong with a poll, as an Error that names the field.
func (p Poll) Check() error {
	switch {
	case !pollSlug.MatchString(p.Slug):
		return &Error{Kind: Invalid, Key: "error.poll.slug", Field: "slug", Args: []Arg{TextArg(p.Slug)}}
	case p.Question["en"] == "" && p.Question["de"] == "":
		return &Error{Kind: Invalid, Key: "error.poll.question", Field: "question"}
	case p.Address != FormalAddress && p.Address != FamiliarAddress:
		return &Error{Kind: Invalid, Key: "error.poll.address", Field: "address"}
	case len(p.Options) < 2 || len(p.Options) > MaxPollOptions:
		return &Error{Kind: Invalid, Key: "error.poll.options", Field: "options", Args: []Arg{NumberArg(MaxPollOptions)}}
	}
	if err := firstOf(texts("question", p.Question), options("", p.Options)); err != nil {
		return err
	}
	return nil
}

// Alone are the options that exclude all others.
func Alone() []string { return []string{"none", "dont_know", "no_answer"} }

// CheckVote returns what is wrong with a vote. What a person may leave out is empty.
func (p Poll) CheckVote(v Vote) error {
	invalid := func(key, field string, args ...Arg) error {
		return &Error{Kind: Invalid, Key: "error.vote." + key, Field: field, Args: args}
	}
	if !voteID.MatchString(v.ID) {
		return invalid("page", "")
	}
	if len(v.Choices) == 0 && v.Other == "" {
		return invalid("nothing", "choice")
	}
	for i, c := range v.Choices {
		known := slices.ContainsFunc(p.Options, func(o Item) bool { return o.Code == c })
		if !known || slices.Contains(v.Choices[:i], c) {
			return invalid("option", "choice", TextArg(c))
		}
		if slices.Contains(Alone(), c) && (len(v.Choices) > 1 || v.Other != "") {
			return invalid("alone", "choice")
		}
	}
	switch {
	case v.Other != "" && !p.Other, utf8.RuneCountInString(v.Other) > maxOther, plainText("", v.Other) != nil:
		return invalid("other", "other", NumberArg(maxOther))
	case v.Role != "" && !slices.Contains(PollRoles(), v.Role), v.Size != "" && !slices.Contains(PollSizes(), v.Size):
		return invalid("page", "")
	case v.Country != "" && !country.MatchString(v.Country):
		return invalid("country", "country", TextArg(strings.TrimSpace(v.Country)))
	}
	return nil
}
