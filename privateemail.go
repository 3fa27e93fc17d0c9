package goalpost

import (
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
)

// PrivateEmail is an e-mail address that is never published. It prints and logs as ***
// and refuses to become JSON or text, so that no page, log line or export can hold it by
// oversight; the one place that needs the address itself calls Reveal.
type PrivateEmail struct{ address string }

// MaxEmail is the longest address in bytes (RFC 5321, section 4.5.3.1.3).
const MaxEmail = 254

// hidden is what is written instead of an address.
const hidden = "***"

// errPrivate is what whoever wants to write an address down gets.
var errPrivate = errors.New("goalpost: an e-mail address is private and is not written")

// plausible is an address that mail can be sent to: no spaces, no control characters, no
// list of several, a host with a dot.
var plausible = regexp.MustCompile(`^[^\s\p{C}@<>(),:;"\\\[\]]{1,64}@[^\s\p{C}@<>(),:;"\\\[\]]+\.[^\s\p{C}@<>(),:;"\\\[\].]{2,}$`)

// ParsePrivateEmail reads an address as a person types it. The empty text is the empty
// address. The error names the field and never holds what was typed.
func ParsePrivateEmail(s string) (PrivateEmail, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return PrivateEmail{}, nil
	}
	if len(s) > MaxEmail || !plausible.MatchString(s) {
		return PrivateEmail{}, &Error{Kind: Invalid, Key: "error.comment.email", Field: "email"}
	}
	return PrivateEmail{s}, nil
}

// Reveal returns the address itself. Only what encrypts it and what compares it may ask,
// and the command that prints the list of those who want to be written to.
func (e PrivateEmail) Reveal() string { return e.address }

// IsEmpty reports whether there is no address.
func (e PrivateEmail) IsEmpty() bool { return e.address == "" }

// Same reports whether two addresses are those of one mailbox. Large and small letters
// are one: no provider gives two people addresses that differ by them alone.
func (e PrivateEmail) Same(other PrivateEmail) bool {
	return e.address != "" && strings.EqualFold(e.address, other.address)
}

// Folded is the address by which a mailbox is found again, among others of its kind: as in
// Same, letters of both sizes are one.
func (e PrivateEmail) Folded() PrivateEmail { return PrivateEmail{strings.ToLower(e.address)} }

// String hides the address.
func (e PrivateEmail) String() string { return hidden }

// GoString hides the address.
func (e PrivateEmail) GoString() string { return hidden }

// Format hides the address under every verb, also those that look inside a struct.
func (e PrivateEmail) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the address in logs.
func (e PrivateEmail) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON refuses.
func (e PrivateEmail) MarshalJSON() ([]byte, error) { return nil, errPrivate }

// MarshalText refuses.
func (e PrivateEmail) MarshalText() ([]byte, error) { return nil, errPrivate }

// MarshalBinary refuses.
func (e PrivateEmail) MarshalBinary() ([]byte, error) { return nil, errPrivate }
