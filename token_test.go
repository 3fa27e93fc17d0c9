package goalpost_test

import (
	"strings"
	"testing"

	"goalpost"
)

func TestTokenText(t *testing.T) {
	secret := [32]byte{1, 2, 250}
	text := goalpost.TokenText(7, secret)
	org, hash, ok := goalpost.ParseToken(text)
	if !ok || org != 7 || len(hash) != 64 || strings.Contains(text, hash) {
		t.Fatalf("%s: %d %q %v", text, org, hash, ok)
	}
	if _, other, _ := goalpost.ParseToken(goalpost.TokenText(8, secret)); other == hash {
		t.Error("two organisations share a hash")
	}
	for _, none := range []string{"", "goalpost_", "goalpost_7", "goalpost_7_", text + "x", text[:len(text)-1], "Goalpost" + text[8:], "goalpost_x_" + text[11:], "goalpost_-7_" + text[11:], "goalpost_0_" + text[11:], " " + text} {
		if _, _, ok := goalpost.ParseToken(none); ok {
			t.Errorf("%q passes for a token", none)
		}
	}
}
