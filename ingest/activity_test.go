package ingest

import (
	"testing"

	"goalpost"
)

// Any table of activities is read or reported row by row; what is kept is within the
// limits of what can be entered.
func FuzzActivities(f *testing.F) {
	for _, s := range []string{
		"name,from,until,network,region,product,cost,currency,media,design\nSale,2025-03-01,2025-03-14,Instagram,north,lamp,\"1,250.50\",EUR,paid,geo\nOne,2025-04-01,,,,,,,,\n",
		"name;from;until;cost\nAktion;01.03.2025;14.03.2025;1.250,50\n", "name,from,until,cost\na,2199-12-31,2199-12-31,1e308\nb,1990-01-01,2199-12-31,-1\n", "name,from\n\x00\x1b,2025-02-30\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := read("activities.csv", data, Options{Answers: goalpost.Answers{Currency: "EUR"}})
		for _, x := range r.acts {
			a := x.Activity
			switch {
			case a.Name == "" || goalpost.TextFault(a.Name, goalpost.MaxActivityName)+goalpost.TextFault(a.Region, goalpost.MaxActivityName)+goalpost.TextFault(a.Product, goalpost.MaxActivityName) != "",
				a.Period.Days() < 1 || a.Period.Days() > goalpost.MaxRunDays, a.Media != "" && !a.Media.Valid(), a.Design != "" && !a.Design.Valid(), a.Network != "" && !a.Network.Valid(),
				a.CostMin < 0 || a.HasCost && (a.Currency == "" || goalpost.ToMajor(a.CostMin, a.Currency) > goalpost.MaxCost):
				t.Fatalf("line %d: %+v", x.Line, a)
			}
		}
	})
}
