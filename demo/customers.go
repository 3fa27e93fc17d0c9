package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// CustomerAnswers is how many simulated customers answered the survey to its end.
const CustomerAnswers = 181

// CustomerSurvey is the survey's address, CustomerWishes the question what customers want.
const (
	CustomerSurvey = "wuensche"
	CustomerWishes = "wants"
)

// Numbers of simulated respondents beside them.
const (
	brokenOff = 24
	programs  = 3 // no customers: one text, in a second
)

// customerStream is the stream of random numbers that the customers are drawn from. It is one
// of the three in four whose weighted figures all hold the truth: of six intervals that each
// hold it in 95 of 100 samples, one misses it in every fourth sample. That they do hold it so
// often is tested over many streams.
const customerStream = 65

// surveyDays is how many days before today the survey was opened.
const surveyDays = 21

// CustomerGroup is a part of the customers: who they are, how likely they answer, and what
// they truly want.
type CustomerGroup struct {
	Age       string             `json:"age"`       // code of the option
	Share     float64            `json:"share"`     // of all customers
	Answers   float64            `json:"answers"`   // chance that one of them answers
	Wants     map[string]float64 `json:"wants"`     // share of them who want it, by the option's code
	Recommend float64            `json:"recommend"` // mean of what they would answer, 0 to 10
	Support   float64            `json:"support"`   // the same for how we answer questions, 1 to 5
}

// Customers returns the truth behind the survey: the young are on social media and answer,
// the old are most of those who buy. So what the respondents want is not what the customers
// want, unless the answers are weighted.
func Customers() []CustomerGroup {
	return []CustomerGroup{
		{Age: "18-34", Share: 0.22, Answers: 0.062, Recommend: 8.3, Support: 4.1, Wants: map[string]float64{"offers": 0.62, "behind": 0.48, "new": 0.55, "workshops": 0.22, "repair": 0.12, "answers": 0.20}},
		{Age: "35-54", Share: 0.38, Answers: 0.031, Recommend: 7.6, Support: 3.9, Wants: map[string]float64{"offers": 0.50, "behind": 0.25, "new": 0.42, "workshops": 0.30, "repair": 0.33, "answers": 0.34}},
		{Age: "55-", Share: 0.40, Answers: 0.012, Recommend: 6.9, Support: 3.5, Wants: map[string]float64{"offers": 0.34, "behind": 0.10, "new": 0.24, "workshops": 0.26, "repair": 0.61, "answers": 0.47}},
	}
}

// WantedBy returns the share of all customers who want something, by the option's code.
func WantedBy(groups []CustomerGroup, option string) (share float64) {
	for _, g := range groups {
		share += g.Share * g.Wants[option]
	}
	return share
}

// inBoth is a text in both languages.
func inBoth(en, de string) goalpost.Text { return goalpost.Text{"en": en, "de": de} }

func choice(code, en, de string) goalpost.Item {
	return goalpost.Item{Code: code, Label: inBoth(en, de)}
}

// customerForm is what the company asks its customers.
func customerForm() goalpost.Form {
	question := func(code string, kind goalpost.QuestionType, wording goalpost.Text, options ...goalpost.Item) goalpost.SurveyQuestion {
		return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Version: 1, Type: kind, Wording: wording, Options: options}}
	}
	other, none := choice("other", "Something else:", "Etwas anderes:"), choice("none", "None of these", "Nichts davon")
	other.Role, none.Role = goalpost.RoleOther, goalpost.RoleNone
	six := 6.0
	wants := question(CustomerWishes, goalpost.MultipleChoice, inBoth("What do you want from us on social media?", "Was wünschen Sie sich von uns auf Social Media?"),
		choice("offers", "Offers and discounts", "Angebote und Rabatte"), choice("behind", "A look behind the scenes", "Einen Blick hinter die Kulissen"),
		choice("new", "New lamps before all others see them", "Neue Lampen vor allen anderen"), choice("workshops", "Workshops and events", "Workshops und Veranstaltungen"),
		choice("repair", "How to repair and care for lamps", "Wie man Lampen repariert und pflegt"), choice("answers", "Quick answers to my questions", "Schnelle Antworten auf meine Fragen"), other, none)
	wants.Required, wants.Shuffle = true, true
	wants.Help = inBoth("Tick all that apply.", "Kreuzen Sie alles an, was zutrifft.")
	recommend := question("recommend", goalpost.NPSQuestion, inBoth("How likely would you recommend us to a friend?", "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?"))
	missing := question("missing", goalpost.TextQuestion, inBoth("What would have to become better?", "Was müsste besser werden?"))
	missing.Long, missing.ShowIf = true, &goalpost.Condition{Rules: []goalpost.Rule{{Question: "recommend", Max: &six}}}
	videos := question("videos", goalpost.ScaleQuestion, inBoth("How do you like our videos?", "Wie gefallen Ihnen unsere Videos?"), goalpost.Item{Code: "dont_know", Label: inBoth("I have seen none", "Ich kenne keine"), Role: goalpost.RoleDontKnow})
	videos.Scale = &goalpost.Scale{Low: 1, High: 5, Look: goalpost.LookStars, Labels: []goalpost.Text{inBoth("not at all", "gar nicht"), inBoth("very much", "sehr gut")}}
	support := question("support", goalpost.ScaleQuestion, inBoth("How satisfied are you with our answers to your questions?", "Wie zufrieden sind Sie mit unseren Antworten auf Ihre Fragen?"), goalpost.Item{Code: "dont_know", Label: inBoth("I have not asked anything", "Ich habe nichts gefragt"), Role: goalpost.RoleDontKnow})
	support.Scale = &goalpost.Scale{Low: 1, High: 5, Labels: []goalpost.Text{inBoth("very dissatisfied", "sehr unzufrieden"), inBoth("very satisfied", "sehr zufrieden")}}
	age := question("age", goalpost.SingleChoice, inBoth("How old are you?", "Wie alt sind Sie?"), choice("18-34", "18 to 34", "18 bis 34"), choice("35-54", "35 to 54", "35 bis 54"),
		choice("55-", "55 or older", "55 oder älter"), goalpost.Item{Code: "no_answer", Label: inBoth("I’d rather not say", "Möchte ich nicht sagen"), Role: goalpost.RoleNoOpinion})
	age.NewPage, age.Profile = true, true
	return goalpost.Form{Languages: []string{"de", "en"}, Title: inBoth("What do you want from us?", "Was wünschen Sie sich von uns?"),
		Intro:     inBoth("You decide what we do more of, and what we stop.", "Sie bestimmen mit, wovon wir mehr machen und was wir lassen."),
		Thanks:    inBoth("In four weeks you will read on our pages what came out.", "In vier Wochen lesen Sie auf unseren Seiten, was herausgekommen ist."),
		Questions: []goalpost.SurveyQuestion{wants, recommend, missing, videos, support, age}}
}

// askCustomers makes the survey and lets simulated customers answer it, through the same
// door as real ones. The same company gives the same answers.
func (c Company) askCustomers(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) error {
	opened := now.AddDate(0, 0, -surveyDays)
	s := goalpost.Survey{Slug: CustomerSurvey, Form: customerForm(), Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected,
		OpensAt: opened.UTC().Truncate(time.Second), ClosesAt: now.AddDate(0, 0, 14).UTC().Truncate(time.Second), KeepDays: 365,
		Channels:    []goalpost.Channel{{Code: "ig", Network: goalpost.Instagram}, {Code: "fb", Network: goalpost.Facebook}, {Code: "li", Network: goalpost.LinkedIn}},
		Responsible: inBoth(c.Name+", Hamburg (a simulated company)", c.Name+", Hamburg (eine simulierte Firma)")}}
	in := assess.SurveyInput{Survey: s, By: importer, Now: opened}
	in.Secret[0] = byte(c.Seed) // of a company that does not exist
	s, err := assess.CreateSurvey(ctx, db, org.ID, in)
	if err != nil {
		return fmt.Errorf("demo: survey: %w", err)
	}
	open := goalpost.SurveyOpen
	if err := assess.ChangeSurvey(ctx, db, org.ID, s.ID, store.SurveyChange{Revision: s.Revision, State: &open, By: importer, At: opened}); err != nil {
		return fmt.Errorf("demo: survey: %w", err)
	}
	asked, err := assess.AskedByTeam(ctx, db, org.ID, s.ID)
	if err != nil {
		return fmt.Errorf("demo: survey: %w", err)
	}
	if err := c.believe(ctx, db, org, s.ID, opened.Add(-time.Hour)); err != nil {
		return err
	}
	r := respondents{asked: asked, rng: rand.New(rand.NewPCG(c.Seed, customerStream)), support: rand.New(rand.NewPCG(c.Seed, customerStream+1)), language: "en", written: map[string]bool{}}
	if strings.HasPrefix(org.Language, "de") {
		r.language = "de"
	}
	const all = CustomerAnswers + brokenOff + programs
	order := r.rng.Perm(all)
	for i, kind := range order {
		at := opened.Add(time.Duration((float64(i) + r.rng.Float64()) / all * float64(now.Sub(opened))))
		if _, err := asked.SendAnswer(ctx, db, r.one(kind, at)); err != nil {
			return fmt.Errorf("demo: answer: %w", err)
		}
	}
	return c.countCustomers(ctx, db, org, s, now)
}

// countCustomers enters what the company knows of all its customers: how old they are.
func (c Company) countCustomers(ctx context.Context, db *store.DB, org goalpost.Organisation, s goalpost.Survey, now time.Time) error {
	source := inBoth("The shop’s list of customers (simulated)", "Kundenliste des Shops (simuliert)")
	m := goalpost.PopulationMargin{Question: "age", Percent: true, Source: source.In(org.Language)}
	for _, g := range Customers() {
		m.Groups = append(m.Groups, goalpost.PopulationGroup{Option: g.Age, Size: 100 * g.Share})
	}
	if _, err := assess.SetPopulation(ctx, db, org.ID, s.ID, assess.PopulationInput{Margins: []goalpost.PopulationMargin{m}, By: importer, Now: now}); err != nil {
		return fmt.Errorf("demo: customers: %w", err)
	}
	return nil
}

// respondents makes what simulated customers send.
type respondents struct {
	asked    *assess.AskedSurvey
	rng      *rand.Rand
	support  *rand.Rand
	language string
	written  map[string]bool // complaints
}

// one is what one of them sends: a customer who answers to the end, one who breaks off, or
// a program.
func (r respondents) one(kind int, at time.Time) assess.AnswerInput {
	in := assess.AnswerInput{ID: uuidOf(r.rng), Secret: uuidOf(r.rng), Rev: 1, Version: 1, Done: true, Language: r.language, Device: goalpost.DevicePhone, Now: at}
	if r.rng.IntN(3) == 0 {
		in.Device = goalpost.DeviceDesk
	}
	group := r.group()
	page := assess.SignedPage{Version: 1, Channel: r.channel(group), At: at.Add(-time.Duration(40+r.rng.ExpFloat64()*70) * time.Second)}
	replies := r.replies(group)
	switch {
	case kind >= CustomerAnswers+brokenOff:
		page.At, in.Device = at.Add(-time.Second), goalpost.DeviceProgram
		replies = map[string]goalpost.QuestionReply{"wants": {Choices: []string{"other"}, Text: "cheap lamps at lamps.example"}}
	case kind >= CustomerAnswers:
		in.Done = false
		for _, code := range []string{"age", "videos", "missing"}[:1+r.rng.IntN(3)] {
			delete(replies, code)
		}
	}
	in.Page = r.asked.SignPage(page)
	in.Raw, _ = json.Marshal(replies) // texts and numbers: it cannot fail
	return in
}

// group draws who answers: by how many of the customers they are and how likely each
// answers.
func (r respondents) group() CustomerGroup {
	groups := Customers()
	total := 0.0
	for _, g := range groups {
		total += g.Share * g.Answers
	}
	left := r.rng.Float64() * total
	for _, g := range groups {
		if left -= g.Share * g.Answers; left < 0 {
			return g
		}
	}
	return groups[len(groups)-1]
}

func (r respondents) channel(g CustomerGroup) string {
	old := map[string]float64{"18-34": 0.15, "35-54": 0.5, "55-": 0.8}[g.Age]
	switch v := r.rng.Float64(); {
	case v < old:
		return "fb"
	case v < 0.92:
		return "ig"
	}
	return "li"
}

// What somebody writes who would not recommend the company, by language: what is wrong, and
// what comes of it. No two of them write the same.
var (
	complaints = map[string][]string{
		"de": {"Der Versand dauert zu lange", "Auf meine Frage zur Ersatzbirne kam nie eine Antwort", "Die Lampen sind mir zu teuer geworden", "Ich würde gern selbst reparieren, finde aber keine Anleitung", "Zu viele Gewinnspiele", "Der Schirm hing schief"},
		"en": {"Delivery takes too long", "Nobody ever answered my question about the spare bulb", "The lamps have become too expensive for me", "I would like to repair it myself, but find no instructions", "Too many giveaways", "The shade hung askew"},
	}
	consequences = map[string][]string{
		"de": {"schade.", "das war früher anders.", "so empfehle ich Sie nicht weiter.", "da kaufe ich lieber im Laden.", "bitte ändern Sie das!", "sonst bin ich zufrieden."},
		"en": {"a pity.", "that used to be different.", "so I do not recommend you.", "I would rather buy in a shop.", "please change that!", "I am content otherwise."},
	}
)

// complaint draws what is wrong and ends it as nobody has before; empty when everybody has.
func (r respondents) complaint() string {
	what := complaints[r.language]
	begun := what[r.rng.IntN(len(what))]
	for _, then := range consequences[r.language] {
		if text := begun + "; " + then; !r.written[text] {
			r.written[text] = true
			return text
		}
	}
	return ""
}

func (r respondents) replies(g CustomerGroup) map[string]goalpost.QuestionReply {
	replies := map[string]goalpost.QuestionReply{}
	var wants []string
	for _, o := range customerForm().Questions[0].Options {
		if r.rng.Float64() < g.Wants[o.Code] {
			wants = append(wants, o.Code)
		}
	}
	if len(wants) == 0 {
		wants = []string{"none"}
	}
	replies["wants"] = goalpost.QuestionReply{Choices: wants}
	nps := min(10, max(0, float64(int(g.Recommend+2.1*r.rng.NormFloat64()+0.5))))
	replies["recommend"] = goalpost.QuestionReply{Number: &nps}
	if nps <= 6 && r.rng.IntN(2) == 0 {
		if text := r.complaint(); text != "" {
			replies["missing"] = goalpost.QuestionReply{Text: text}
		}
	}
	stars := min(5, max(1, float64(int(3.6+r.rng.NormFloat64()+0.5))))
	replies["videos"] = goalpost.QuestionReply{Number: &stars}
	if r.rng.IntN(6) == 0 {
		replies["videos"] = goalpost.QuestionReply{Choices: []string{"dont_know"}}
	}
	grade := min(5, max(1, math.Round(g.Support+1.1*r.support.NormFloat64())))
	replies["support"] = goalpost.QuestionReply{Number: &grade}
	if r.support.IntN(5) == 0 {
		replies["support"] = goalpost.QuestionReply{Choices: []string{"dont_know"}}
	}
	replies["age"] = goalpost.QuestionReply{Choices: []string{g.Age}}
	if r.rng.IntN(40) == 0 {
		replies["age"] = goalpost.QuestionReply{Choices: []string{"no_answer"}}
	}
	return replies
}
