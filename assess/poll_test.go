package assess

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"goalpost"
)

// voteBy is a vote that came by a connection; "" where nothing is known of it.
func voteBy(network string, choices ...string) goalpost.Vote {
	votesMade++
	return goalpost.Vote{ID: fmt.Sprint("vote-", votesMade), Choices: choices, Origin: goalpost.NewOrigin(network, fmt.Sprint("program-", votesMade))}
}

var votesMade int

var smallPoll = goalpost.Poll{Options: []goalpost.Item{{Code: "sales"}, {Code: "brand"}, {Code: "cost"}}}

// Ten answers of ten connections are shown, then fifteen; where nothing is known of
// connections every answer is one.
func TestPublicPollMovesInSteps(t *testing.T) {
	for name, network := range map[string]func(i int) string{"ten connections": func(i int) string { return fmt.Sprint(i) }, "nothing known": func(int) string { return "" }} {
		var votes []goalpost.Vote
		for i := range 23 {
			votes = append(votes, voteBy(network(i), "sales"))
			want := 0
			if i+1 >= 10 {
				want = (i + 1) / 5 * 5
			}
			if r := PublicPoll(smallPoll, votes); r.N != want || r.Soon != (want == 0) {
				t.Errorf("%s, %d answers\ngot:  %d, soon %v\nwant: %d", name, i+1, r.N, r.Soon, want)
			}
		}
	}
}

// An attacker with one connection votes between others, as often as they like and
// whenever they like. Between two things that the public ever saw there are always
// answers by four others or more, and they can never lift a small number into sight.
func TestPublicPollResistsDifferencing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	steps := 0
	for range 300 {
		var votes []goalpost.Vote
		last := 0
		for i := range 60 {
			for range rng.IntN(7) {
				votes = append(votes, voteBy("attacker", "cost"))
				last, steps = checkStep(t, votes, last, steps)
			}
			votes = append(votes, voteBy(fmt.Sprint("reader-", i), "sales"))
			last, steps = checkStep(t, votes, last, steps)
		}
	}
	if steps < 300 {
		t.Errorf("only %d steps were seen: the results hardly move", steps)
	}
}

func checkStep(t *testing.T, votes []goalpost.Vote, last, steps int) (now, seen int) {
	t.Helper()
	r := PublicPoll(smallPoll, votes)
	if r.N == last {
		return last, steps
	}
	others := 0
	for _, v := range votes[last:r.N] {
		if v.Network() != "attacker" {
			others++
		}
	}
	if others < 4 {
		t.Fatalf("from %d to %d answers the results show %d others", last, r.N, others)
	}
	if cost := r.Options[2]; !cost.Few {
		t.Fatalf("one connection made a number of its own visible: %+v", cost)
	}
	return r.N, steps + 1
}

// A number is hidden by people, not by votes, on both sides.
func TestPublicPollHidesSmallNumbers(t *testing.T) {
	var votes []goalpost.Vote
	for i := range 8 {
		choices := []string{"sales"}
		if i < 3 {
			choices = append(choices, "brand")
		}
		votes = append(votes, voteBy(fmt.Sprint("reader-", i), choices...))
	}
	votes = append(votes, voteBy("reader-8", "cost"), voteBy("reader-9", "cost"), voteBy("reader-9", "cost"), voteBy("reader-8", "cost"), voteBy("reader-10", "sales"))
	votes = append(votes, voteBy("reader-11", "sales"), voteBy("reader-12", "sales"))
	r := PublicPoll(smallPoll, votes)
	if r.N != 15 {
		t.Fatalf("\ngot:  %d answers\nwant: 15", r.N)
	}
	sales, brand, cost := r.Options[0], r.Options[1], r.Options[2]
	if !sales.Most || sales.Share != nil {
		t.Errorf("two people did not name it\ngot:  %+v", sales)
	}
	if brand.Share == nil || brand.Count != 3 {
		t.Errorf("three people named it\ngot:  %+v", brand)
	}
	if !cost.Few || cost.Share != nil || cost.Count != 0 {
		t.Errorf("two people named it, four times\ngot:  %+v", cost)
	}
}

// The team sees all votes and those without a flag, each kind of flag with its number,
// and who answered in the order of the form.
func TestTeamPoll(t *testing.T) {
	var votes []goalpost.Vote
	for i, size := range []string{"250-", "2-9", "2-9", "", "1"} {
		v := voteBy(fmt.Sprint(i), "sales")
		v.Size, v.Country = size, []string{"AT", "DE", "DE", "", "CH"}[i]
		votes = append(votes, v)
	}
	votes[0].Flags = []string{goalpost.FlagFast, goalpost.FlagTrap}
	votes[1].Flags = []string{goalpost.FlagFast}
	r := TeamPoll(smallPoll, votes)
	if r.All.N != 5 || r.All.Options[0].Count != 5 || r.Unflagged.N != 3 || r.Unflagged.Options[0].Count != 3 || r.Public != 0 {
		t.Errorf("\ngot:  %+v", r)
	}
	if want := []FlagCount{{goalpost.FlagFast, 2}, {goalpost.FlagTrap, 1}}; !slices.Equal(r.Flags, want) {
		t.Errorf("\ngot:  %v\nwant: %v", r.Flags, want)
	}
	want := []PollGroup{{"size", "1", 1}, {"size", "2-9", 2}, {"size", "250-", 1}, {"country", "DE", 2}, {"country", "AT", 1}, {"country", "CH", 1}}
	if !slices.Equal(r.Groups, want) {
		t.Errorf("\ngot:  %v\nwant: %v", r.Groups, want)
	}
}
