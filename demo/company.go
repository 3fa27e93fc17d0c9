package demo

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"goalpost"
)

// Seed is the seed of the demo unless another is asked for.
const Seed = 2026

// Zone is the time zone of the company.
const Zone = "Europe/Berlin"

// What does not depend on the seed.
const (
	companyName     = "Hafenlicht"
	companyCurrency = "EUR"
	months          = 18 // simulated, up to the day before today
)

// Company is a simulated company: the files that were written for it and the truth
// behind them.
type Company struct {
	Name     string          `json:"name"`
	TimeZone string          `json:"time_zone"` // IANA name
	Currency string          `json:"currency"`  // ISO 4217
	Seed     uint64          `json:"seed"`
	Today    goalpost.Day    `json:"today"`  // the day on which the team looks at the figures
	Period   goalpost.Period `json:"period"` // what was simulated; ends the day before Today
	Files    []File          `json:"files"`  // in the order in which they are imported
	Effects  []Effect        `json:"effects"`
	Outage   goalpost.Period `json:"outage"` // days that the web analytics lost: missing, not zero
	Launch   goalpost.Day    `json:"launch"` // first day of the new product
	goals    []plan
	own      []ownAnswers
}

// File is one file of the company, with what a person would have to say about it.
type File struct {
	Name    string           `json:"name"` // base name inside the folder
	Answers goalpost.Answers `json:"answers"`
}

// Effect is what an activity truly did to the orders of a region.
type Effect struct {
	Activity string           `json:"activity"`
	Region   string           `json:"region"`
	Network  goalpost.Network `json:"network"`
	Period   goalpost.Period  `json:"period"`
	Relative float64          `json:"relative"` // 0.30: 30 % more orders than without it
	Cost     float64          `json:"cost"`     // major units
	Matters  string           `json:"matters"`  // from what size on the team said that it would count
}

// world is a company while it is simulated.
type world struct {
	Company
	rng   *rand.Rand
	zone  *time.Location
	posts map[goalpost.Network][]post
	days  []day // [T] one a day of Period
}

// Write simulates a company and writes its files into dir, which must exist. The
// same seed and day give the same bytes on every machine. It ends the day before
// today.
func Write(dir string, seed uint64, today goalpost.Day) (Company, error) {
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		return Company{}, fmt.Errorf("demo: %w", err)
	}
	t := today.Time()
	start := goalpost.NewDay(t.Year(), t.Month()-months, t.Day())
	w := &world{zone: zone, rng: rand.New(rand.NewPCG(seed, 1)), posts: map[goalpost.Network][]post{},
		Company: Company{Name: companyName, TimeZone: Zone, Currency: companyCurrency, Seed: seed, Today: today,
			Period: goalpost.Period{Start: start, End: today}, Launch: today - 17,
			Outage: goalpost.Period{Start: today - 330, End: today - 321}}}
	w.Effects = effectsBefore(today)
	w.simulate()
	w.plan()
	w.answerStudy()
	for _, f := range w.files() {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.data, 0o600); err != nil {
			return Company{}, fmt.Errorf("demo: %w", err)
		}
		w.Files = append(w.Files, f.File)
	}
	return w.Company, nil
}

// effectsBefore are the three activities: one whose effect is clear, one that did
// nothing, one whose effect is too small to be told from the ups and downs.
func effectsBefore(today goalpost.Day) []Effect {
	weeks := func(ago goalpost.Day, n int) goalpost.Period {
		return goalpost.Period{Start: today - ago, End: today - ago + goalpost.Day(7*n)}
	}
	return []Effect{
		{Activity: "Lighthouse giveaway", Region: "North", Network: goalpost.Instagram, Period: weeks(175, 3), Relative: 0.30, Cost: 4200, Matters: "15%"},
		{Activity: "Harbour banner", Region: "South", Network: goalpost.Facebook, Period: weeks(130, 3), Relative: 0, Cost: 5600, Matters: "15%"},
		{Activity: "Workshop stories", Region: "West", Network: goalpost.LinkedIn, Period: weeks(80, 2), Relative: 0.02, Cost: 1800, Matters: "5%"},
	}
}
