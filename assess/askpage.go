package assess

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/bits"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// SignedPage is what a page of a survey says about itself, so that nobody else can: which
// version it shows, by which channel somebody came, and when it was made.
type SignedPage struct {
	Version  int       `json:"v"`
	Channel  string    `json:"c,omitempty"`
	Campaign string    `json:"k,omitempty"`
	At       time.Time `json:"t"`
	// Contact is true of the page that asks for an e-mail address: it proves no answer.
	Contact bool   `json:"m,omitempty"`
	Once    string `json:"n,omitempty"` // random, so that no two pages are signed alike; see SignPage
}

// SurveyUses is what a survey does with answers beyond what its settings say.
type SurveyUses struct {
	Invitations bool // people have links of their own
	Hooks       bool // other systems are told of complete answers
}

// Uses reads what respondents are told beside the settings.
func (a *AskedSurvey) Uses(ctx context.Context, db *store.DB) (u SurveyUses, err error) {
	invited, err := db.InvitationCounts(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return u, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	hooks, err := db.Hooks(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return u, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	u.Invitations = invited.Invited > 0 || a.Survey.Settings.Invited
	for _, h := range hooks {
		u.Hooks = u.Hooks || !h.Off
	}
	return u, nil
}

// mac returns the HMAC-SHA-256 of a text under the survey's secret, for one use.
func (a *AskedSurvey) mac(use, text string) []byte {
	h := hmac.New(sha256.New, []byte(a.secret))
	_, _ = h.Write([]byte(use + "\x00" + text)) // a hash never fails
	return h.Sum(nil)
}

// SignPage signs a page. What it was signed with is unlike that of any other: many answers
// that came with one of them were not sent by pages, but by somebody who fetched one.
func (a *AskedSurvey) SignPage(p SignedPage) string {
	const letters = 12 // 60 bits
	p.At, p.Once = p.At.UTC().Truncate(time.Second), rand.Text()[:letters]
	body, err := json.Marshal(p)
	if err != nil {
		return "" // it then counts as not signed
	}
	text := base64.RawURLEncoding.EncodeToString(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(a.mac("page", text)[:16])
}

// ReadPage reads what a page was signed with; ok is false when it was not signed by us.
func (a *AskedSurvey) ReadPage(signed string) (p SignedPage, ok bool) {
	text, sum, found := strings.Cut(signed, ".")
	given, err := base64.RawURLEncoding.DecodeString(sum)
	if !found || err != nil || !hmac.Equal(given, a.mac("page", text)[:16]) {
		return SignedPage{}, false
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(body, &p) != nil {
		return SignedPage{}, false
	}
	return p, true
}

// workBits is how many zero bits a page has to find: about a quarter of a million hashes,
// less than a second on a phone.
const workBits = 18

// Worked reports whether work is an answer to the small computation that a page does:
// SHA-256 of the page's signature, a colon and the work begins with workBits zero bits
// (after Back, A. (2002), Hashcash).
func Worked(page, work string) bool {
	sum := sha256.Sum256([]byte(page + ":" + work))
	return len(work) <= 20 && page != "" && bits.LeadingZeros32(binary.BigEndian.Uint32(sum[:])) >= workBits
}

// crockford is an alphabet without letters that look like digits (Crockford, D. (2002),
// Base32 encoding).
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// receiptBytes is how much of an answer's id, and of its signature, a receipt holds.
const receiptBytes = 5

// Receipt returns what a respondent sees and deletes the own answer with, without giving a
// name: 40 bits of the answer's id, so that it is found, and 40 bits of a signature, so
// that nobody can make one up. It reads ABCD-EFGH-JKMN-PQRS.
func (a *AskedSurvey) Receipt(rid string) string {
	id, err := hex.DecodeString(strings.ReplaceAll(rid, "-", ""))
	if err != nil || len(id) < receiptBytes {
		return ""
	}
	text := crockford.EncodeToString(append(id[:receiptBytes:receiptBytes], a.mac("receipt", rid)[:receiptBytes]...))
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
}

// AnswerOfReceipt finds the answer of a receipt; NotFound where there is none, or no more.
// Letters that are mistaken for others, spaces and hyphens are read as they were meant.
func (a *AskedSurvey) AnswerOfReceipt(ctx context.Context, db *store.DB, receipt string) (goalpost.Answer, error) {
	none := goalpost.Errorf(goalpost.NotFound, "error.answer.receipt")
	text := strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(receipt))
	code, err := crockford.DecodeString(text)
	if err != nil || len(code) != 2*receiptBytes {
		return goalpost.Answer{}, none
	}
	prefix := hex.EncodeToString(code[:receiptBytes])
	prefix = prefix[:8] + "-" + prefix[8:]
	list, err := db.AnswersBetween(ctx, a.Org, a.Survey.ID, prefix, prefix+"g")
	if err != nil {
		return goalpost.Answer{}, fmt.Errorf("assess receipt: %w", err)
	}
	for _, x := range list {
		if x.State != goalpost.AnswerErased && hmac.Equal(a.mac("receipt", x.ID)[:receiptBytes], code[receiptBytes:]) {
			return x, nil
		}
	}
	return goalpost.Answer{}, none
}
