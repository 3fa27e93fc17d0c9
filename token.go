package goalpost

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// TokenID is a token of an organisation.
type TokenID int64

// Token lets a program in. The text that the program sends is known to the program alone.
type Token struct {
	ID      TokenID
	Name    string // of the program
	Role    Role
	MadeAt  time.Time
	MadeBy  string
	UsedDay Day // in the organisation's time zone; 0: never used
}

// Parts of the text of a token: goalpost_ORGANISATION_SECRET. The organisation says where
// to look it up; the beginning lets scanners for leaked secrets find it.
const (
	tokenBeginning = "goalpost_"
	tokenBytes     = 32
)

// TokenText writes a token of an organisation; secret are 32 random bytes.
func TokenText(org OrgID, secret [tokenBytes]byte) string {
	return tokenBeginning + strconv.FormatInt(int64(org), 10) + "_" + base64.RawURLEncoding.EncodeToString(secret[:])
}

// ParseToken returns the organisation that a token names, and what is kept of the token;
// ok is false for a text that can be none.
func ParseToken(text string) (org OrgID, hash string, ok bool) {
	rest, found := strings.CutPrefix(text, tokenBeginning)
	number, secret, cut := strings.Cut(rest, "_")
	id, err := strconv.ParseInt(number, 10, 64)
	if !found || !cut || err != nil || id < 1 || len(secret) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return 0, "", false
	}
	sum := sha256.Sum256([]byte(text))
	return OrgID(id), hex.EncodeToString(sum[:]), true
}
