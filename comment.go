package goalpost

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// CommentID is a comment of an organisation.
type CommentID int64

// CommentState says where the newest text of a comment is.
type CommentState string

// States of a comment. A comment whose author changed it is held again, while the text
// that was approved before stays on the page.
const (
	CommentHeld     CommentState = "held"     // waits until a person has read it
	CommentApproved CommentState = "approved" // on the page
	CommentRefused  CommentState = "refused"  // a person decided against it
	CommentDeleted  CommentState = "deleted"  // by its author or on request: nothing of it is left but its number
)

// CommentText is what readers see of a comment.
type CommentText struct {
	Name string
	Text string
}

// Comment is what a reader wrote below a poll. The e-mail address is no part of it.
type Comment struct {
	ID   CommentID
	Poll PollID
	At   time.Time
	// Version counts the texts that the author sent, from 1: a decision names the one that
	// was read.
	Version   int
	State     CommentState
	Public    CommentText // on the page; empty when there is none
	Waiting   CommentText // held or refused; empty when the newest text is on the page
	ChangedAt time.Time   // when the author sent the newest text
	HasEmail  bool
	Flags     []string
	Reason    string // why it was refused, for the author; may be empty
	DecidedBy string
	DecidedAt time.Time
	Reply     Reply
}

// Reply is the team's answer to a comment.
type Reply struct {
	Text string
	By   string
	At   time.Time
}

// IsPublic reports whether readers see something of the comment.
func (c Comment) IsPublic() bool { return c.Public.Text != "" }

// Newest is the text that the author sent last.
func (c Comment) Newest() CommentText {
	if c.Waiting.Text != "" {
		return c.Waiting
	}
	return c.Public
}

// NewComment is a comment as it is sent. FormID is made with the page, so that the same
// page sent twice is one comment; Link is the hash of the secret in the author's link.
type NewComment struct {
	FormID string
	Link   string
	CommentText
	Email  PrivateEmail
	At     time.Time
	Origin string   // a keyed hash of where it came from, which lasts a day; no address
	Flags  []string // weak signals; those of earlier comments are added when it is kept
}

// Flags of comments beside FlagFast, FlagTrap and FlagStale. They never refuse a comment.
const (
	FlagLinks = "links"     // there are links in it
	FlagEmail = "email"     // an e-mail address stands in its name or text, where all could read it
	FlagSame  = "same_text" // another comment says the same
	FlagRate  = "rate"      // several comments from the same origin within an hour
	FlagName  = "team_name" // the name is that of the team or of one of its people
)

// Limits of a comment, in letters.
const (
	MaxCommentName = 80
	MaxCommentText = 5000
	MaxReason      = 500
)

// CommentDecision is what a person decided about the version of a comment that was read.
type CommentDecision struct {
	Version int
	State   CommentState // CommentApproved, CommentRefused, or CommentHeld to take a decision back
	Reason  string
	By      string
	At      time.Time
}

// linkInText finds addresses, and what is written for other programs to make links of.
var linkInText = regexp.MustCompile(`(?i)(https?:|www\.|\[url|href\s*=|\b[a-z0-9-]+\.(com|net|org|info|biz|ru|cn|top|xyz|shop|online|site|club|io|de|at|ch|eu)\b)`)

// emailInText finds e-mail addresses, whatever letters they have.
var emailInText = regexp.MustCompile(`[^\s@<>()]+@[^\s@<>()]+\.[\p{L}]{2,}`)

// HasEmail reports whether an e-mail address stands in what readers would see.
func (t CommentText) HasEmail() bool { return emailInText.MatchString(t.Name + "\n" + t.Text) }

// HasLink reports whether a text leads to another site.
func (t CommentText) HasLink() bool { return linkInText.MatchString(t.Name + "\n" + t.Text) }

// Clean takes out what cannot be seen and could mislead: control characters, and those
// that turn the direction of what stands around them. Lines are kept in the text, at most
// one empty one in a row; a name is one line.
func (t CommentText) Clean() CommentText {
	var lines []string
	for line := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(t.Text)) {
		line = strings.TrimRightFunc(visible(line), unicode.IsSpace)
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	return CommentText{Name: strings.Join(strings.Fields(visible(t.Name)), " "), Text: strings.TrimSpace(strings.Join(lines, "\n"))}
}

// maxMarks is how many marks one letter may carry: more pile up over the lines around it.
const maxMarks = 4

// visible drops control characters, marks of direction, invisible ones but the two that
// join letters and emoji, and piles of marks.
func visible(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			if marks++; marks > maxMarks {
				return -1
			}
			return r
		}
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case r == '\u200c' || r == '\u200d': // Persian words and emoji need them
			return r
		case r == utf8.RuneError, r == '\u00ad', r == '\u115f', r == '\u1160', r == '\u2800', r == '\u3164', r == '\uffa0', unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		}
		marks = 0 // of a letter that is seen: what is dropped does not part marks
		return r
	}, s)
}

// Check returns what is wrong with a cleaned text.
func (t CommentText) Check() error {
	invalid := func(key, field string, args ...Arg) error {
		return &Error{Kind: Invalid, Key: "error.comment." + key, Field: field, Args: args}
	}
	switch {
	case !Readable(t.Name):
		return invalid("name", "name")
	case utf8.RuneCountInString(t.Name) > MaxCommentName:
		return invalid("name-long", "name", NumberArg(MaxCommentName))
	case !Readable(t.Text):
		return invalid("text", "text")
	case utf8.RuneCountInString(t.Text) > MaxCommentText:
		return invalid("text-long", "text", NumberArg(MaxCommentText), NumberArg(float64(utf8.RuneCountInString(t.Text))))
	}
	return nil
}

// Readable reports whether there is anything to see.
func Readable(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.M, r) })
}

// CheckComment returns what is wrong with a comment that is sent.
func (p Poll) CheckComment(c NewComment) error {
	switch {
	case !voteID.MatchString(c.FormID) || c.Link == "":
		return &Error{Kind: Invalid, Key: "error.comment.page", Field: "text"}
	case p.EmailRequired && c.Email.IsEmpty():
		return &Error{Kind: Invalid, Key: "error.comment.email-required", Field: "email"}
	}
	return c.Check()
}

// NamesTeam reports whether a name could be taken for one of the team: it is one of
// theirs, or holds the name of the organisation, whatever the letters look like.
func (t CommentText) NamesTeam(organisation string, people []string) bool {
	name := plainName(t.Name)
	if org := plainName(organisation); org != "" && strings.Contains(name, org) {
		return true
	}
	return slices.ContainsFunc(people, func(p string) bool { return plainName(p) == name })
}

// lookAlike are letters of other scripts that look like Latin ones.
var lookAlike = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ѕ", "s", "ј", "j", "к", "k", "м", "m", "т", "t", "н", "h", "в", "b",
	"α", "a", "ο", "o", "ρ", "p", "ν", "v", "ι", "i", "κ", "k", "τ", "t", "υ", "u", "0", "o", "1", "l", "ı", "i")

// plainName is a name by its letters alone.
func plainName(s string) string {
	s = lookAlike.Replace(strings.ToLower(s))
	return lookAlike.Replace(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s))
}
