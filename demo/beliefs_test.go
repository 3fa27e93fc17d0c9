package demo

import (
	"testing"
	"time"

	"goalpost/assess"
)

// The one who knows all customers scores highest, the one who takes those on Instagram for all
// would have done better to say "no idea", and who says so where she has none stands between.
// Without the weights to all customers the first would look worse than she is.
func TestTeamIsScoredAsItWasMade(t *testing.T) {
	db, org := load(t, Seed, today)
	a, err := assess.Asked(t.Context(), db, "wuensche")
	if err != nil {
		t.Fatal(err)
	}
	u, err := assess.UnderstandingOfSurvey(t.Context(), db, org.ID, a.Survey.ID, today.Start(org.Zone()).Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if u.State != assess.UnderstandingScored || u.WeightSet == "" || len(u.Report.Members) != len(Team()) || len(u.Entered) != len(Customers()) {
		t.Fatalf("%s, weights %q, %d members, %d entered", u.State, u.WeightSet, len(u.Report.Members), len(u.Entered))
	}
	good, sure, humble := u.Report.Members[0], u.Report.Members[1], u.Report.Members[2]
	if !(*good.Lo > *humble.Hi && *humble.Lo > 0 && *sure.Hi < *humble.Lo && *sure.Score < 0) {
		t.Errorf("scores: %.0f, %.0f, %.0f", *good.Score, *sure.Score, *humble.Score)
	}
	if *sure.Beside.RangeFactor < 3 || sure.Beside.Covered > 3 || good.Beside.Covered < 8 || humble.Beside.Guessed >= good.Beside.Guessed {
		t.Errorf("companions: %+v, %+v, %+v", good.Beside, sure.Beside, humble.Beside)
	}
	if u.Claim.Claiming != 2 || u.Claim.Denying != 1 || u.Claim.Last == nil || u.Claim.Last.Survey != a.Survey.ID {
		t.Errorf("claim: %+v", u.Claim)
	}
	for _, s := range u.Sheets {
		if s.Late || s.Broken {
			t.Errorf("%s: late %v, broken %v", s.By, s.Late, s.Broken)
		}
	}
}
