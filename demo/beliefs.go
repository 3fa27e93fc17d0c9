package demo

import (
	"context"
	"fmt"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// Believer is a member of the simulated team: what they believed before the first customer
// answered, and how that came about.
type Believer struct {
	Name   string
	Role   goalpost.Role
	Claims bool
	// Half is half the width of their ranges, a fraction.
	Half float64
	// Guess is by item; one that is missing they have no idea of.
	Guess map[string]float64
}

// Team returns the members: one who knows all customers and says how well, one who knows
// those on Instagram and takes them for all, and one who says "no idea" where she has none.
func Team() []Believer {
	truth := func(option string) float64 { return WantedBy(Customers(), option) }
	young := Customers()[0].Wants
	return []Believer{
		{Name: "Mara Petersen", Role: goalpost.RoleEditor, Claims: true, Half: 0.09, Guess: map[string]float64{
			"wants.offers": truth("offers") + 0.04, "wants.behind": truth("behind") - 0.03, "wants.new": truth("new") + 0.02, "wants.workshops": truth("workshops") - 0.04, "wants.repair": truth("repair") + 0.03,
			"wants.answers": truth("answers") - 0.02, "wants.other": 0.05, "wants.none": 0.08, "recommend.9": 0.36, "videos.4": 0.5, "age.18-34": 0.25, "age.35-54": 0.4, "age.55-": 0.35}},
		{Name: "Jonas Reiter", Role: goalpost.RoleEditor, Claims: true, Half: 0.03, Guess: map[string]float64{
			"wants.offers": young["offers"] + 0.08, "wants.behind": young["behind"] + 0.1, "wants.new": young["new"] + 0.1, "wants.workshops": young["workshops"], "wants.repair": young["repair"] - 0.02,
			"wants.answers": young["answers"] - 0.05, "wants.other": 0.03, "wants.none": 0.03, "recommend.9": 0.7, "videos.4": 0.8, "age.18-34": 0.55, "age.35-54": 0.3, "age.55-": 0.15}},
		{Name: "Ines Vogt", Role: goalpost.RoleViewer, Half: 0.2, Guess: map[string]float64{
			"wants.offers": 0.55, "wants.new": 0.35, "wants.repair": 0.3, "wants.answers": 0.45, "wants.none": 0.2, "recommend.9": 0.4}},
	}
}

// believe lets the team say what it believes, as its members would on the page.
func (c Company) believe(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.SurveyID, now time.Time) error {
	s, err := db.Survey(ctx, org.ID, id)
	if err != nil {
		return fmt.Errorf("demo: beliefs: %w", err)
	}
	for k, m := range Team() {
		u, err := db.CreateUser(ctx, org.ID, goalpost.User{Name: m.Name, Language: org.Language, CreatedAt: now}, m.Role) // without a password nobody logs in
		if err != nil {
			return fmt.Errorf("demo: team: %w", err)
		}
		in := assess.BeliefInput{Survey: id, User: u, Claims: &m.Claims, Now: now.Add(time.Duration(k) * 7 * time.Minute)}
		for _, i := range s.Form.BeliefItems() {
			guess, known := m.Guess[i.Key()]
			if !known {
				in.Beliefs = append(in.Beliefs, goalpost.Belief{BeliefItem: i, NoIdea: true})
				continue
			}
			in.Beliefs = append(in.Beliefs, goalpost.Belief{BeliefItem: i, Guess: guess, Low: max(0, guess-m.Half), High: min(1, guess+m.Half)})
		}
		if _, err := assess.GiveBeliefs(ctx, db, org.ID, in); err != nil {
			return fmt.Errorf("demo: beliefs of %s: %w", m.Name, err)
		}
	}
	return nil
}
