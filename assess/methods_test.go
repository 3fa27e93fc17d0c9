package assess

import (
	"os"
	"strings"
	"testing"

	"goalpost"
)

// METHODS.md is the contract with those who check the numbers: every method that a
// verdict can carry has a heading there.
func TestEveryMethodIsDescribed(t *testing.T) {
	data, err := os.ReadFile("../METHODS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []string{MethodExact, MethodSum, MethodLevel, MethodSoFar, MethodNothing, MethodEffect, MethodShare, MethodMean, MethodNPS, MethodLift, MethodUnderstanding, goalpost.MethodBMA, goalpost.MethodCausalImpact, goalpost.MethodSwitched} {
		if !strings.Contains(string(data), "\n## "+m+"\n") {
			t.Errorf("METHODS.md has no heading %q", m)
		}
	}
}
