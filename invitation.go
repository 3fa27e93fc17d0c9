package goalpost

import "time"

// Invitation is one person of a list who is asked to answer a survey, once.
type Invitation struct {
	ID     string // random
	Survey SurveyID
	Email  PrivateEmail
	// Columns are what else was kept of the person's row, by the header of the column.
	Columns map[string]string
	MadeAt  time.Time
	UsedDay Day    // when an answer came with it; 0 for not yet
	Answer  string // id of that answer; always empty in anonymous surveys
}

// Used reports whether an answer came with the invitation.
func (i Invitation) Used() bool { return i.UsedDay != 0 }

// InvitationCounts are what became of a list, after AAPOR (2023), Standard Definitions,
// as far as a survey by e-mail can know it: which mails did not arrive only the mail tool
// knows.
type InvitationCounts struct {
	Invited   int // people on the list
	Complete  int // invitations that an answer came with
	Unlinked  int // not answered, and nobody has a link yet
	Forgotten int // whose address was deleted
	// Begun are all answers of the survey that are there, complete or not: the invitation
	// is known only of those that were sent off.
	Begun    int
	LinkedAt time.Time // when links were last made; zero for never
	// Unreadable are addresses that no key opens.
	Unreadable int
}

// Open is how many of the list have not answered and can still be reached.
func (c InvitationCounts) Open() int { return c.Invited - c.Complete - c.Forgotten }

// Limits of a list of people.
const (
	MaxInvitations       = 100_000 // of a survey
	MaxInvitedColumns    = 20
	MaxInvitationLetters = 200 // of a cell that is kept
)
