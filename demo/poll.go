package demo

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// readers is how many simulated readers answered the public question.
const readers = 63

// wanted is how likely a simulated reader ticks a goal.
var wanted = map[string]float64{"reach": 0.45, "awareness": 0.40, "brand": 0.55, "engagement": 0.60, "traffic": 0.35, "leads": 0.30, "sales": 0.42, "support": 0.20, "insight": 0.12, "employer": 0.25}

// askReaders asks the readers' question on the company's blog, and lets simulated
// readers answer and comment in the two weeks before today. The same company gives the same votes.
func (c Company) askReaders(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) error {
	poll := goalpost.ReadersQuestion(goalpost.FormalAddress)
	asked := now.AddDate(0, 0, -14)
	poll.CreatedAt, poll.By = asked.UTC(), importer
	poll, err := db.CreatePoll(ctx, org.ID, poll)
	if err != nil {
		return fmt.Errorf("demo: poll: %w", err)
	}
	rng := rand.New(rand.NewPCG(c.Seed, 11))
	for i := range readers {
		at := asked.Add(time.Duration((float64(i) + rng.Float64()) / readers * float64(now.Sub(asked))))
		if _, err := db.AddVote(ctx, org.ID, poll.ID, voteOf(rng, poll, at)); err != nil {
			return fmt.Errorf("demo: vote: %w", err)
		}
	}
	return c.letComment(ctx, db, org, poll.ID, rng, now)
}

// remark is a simulated reader's comment and what the team made of it.
type remark struct {
	name, text string
	daysAgo    int
	approved   bool
	reply      string
}

// remarks are in the language of the organisation.
var remarks = map[string][]remark{
	"de": {{"Kerstin", "Bei uns ist es vor allem der Kundensupport. Verkaufsziele haben wir nach zwei Jahren aufgegeben, weil sie niemand messen konnte.", 11, true, "Danke! Wie messen Sie den Support?"},
		{"Thomas M.", "„Engagement“ als Ziel finde ich schwierig: Wofür denn?", 8, true, ""},
		{"Lampenfan", "Gute Frage. Mehr dazu auf meiner Seite: https://lampen.example", 1, false, ""}},
	"en": {{"Kerstin", "For us it is support above all. We gave up on sales goals after two years, because nobody could measure them.", 11, true, "Thank you! How do you measure support?"},
		{"Thomas M.", "I find engagement hard to accept as a goal: what for?", 8, true, ""},
		{"Lampfan", "Good question. More on my site: https://lamps.example", 1, false, ""}},
}

// letComment lets three simulated readers comment: the team approved two, answered one,
// and has not read the third.
func (c Company) letComment(ctx context.Context, db *store.DB, org goalpost.Organisation, poll goalpost.PollID, rng *rand.Rand, now time.Time) error {
	language := "en"
	if strings.HasPrefix(org.Language, "de") {
		language = "de"
	}
	for _, r := range remarks[language] {
		at := now.AddDate(0, 0, -r.daysAgo).UTC()
		sent := goalpost.NewComment{FormID: uuidOf(rng), Link: linkOf(rng), CommentText: goalpost.CommentText{Name: r.name, Text: r.text}, At: at}
		if sent.HasLink() {
			sent.Flags = []string{goalpost.FlagLinks}
		}
		id, _, err := db.AddComment(ctx, org.ID, poll, sent)
		if err == nil && r.approved {
			err = db.DecideComment(ctx, org.ID, id, goalpost.CommentDecision{Version: 1, State: goalpost.CommentApproved, By: analyst, At: at.Add(3 * time.Hour)})
		}
		if err == nil && r.reply != "" {
			err = db.ReplyToComment(ctx, org.ID, id, goalpost.Reply{Text: r.reply, By: analyst, At: at.Add(4 * time.Hour)})
		}
		if err != nil {
			return fmt.Errorf("demo: comment: %w", err)
		}
	}
	return nil
}

// linkOf is the hash of an author's link that nobody has.
func linkOf(rng *rand.Rand) string {
	var b [32]byte
	for i := 0; i < len(b); i += 8 {
		binary.LittleEndian.PutUint64(b[i:], rng.Uint64())
	}
	return hex.EncodeToString(b[:])
}

// voteOf is one simulated reader.
func voteOf(rng *rand.Rand, poll goalpost.Poll, at time.Time) goalpost.Vote {
	pick := func(list []string) string { return list[rng.IntN(len(list))] }
	v := goalpost.Vote{ID: uuidOf(rng), At: at.UTC(), Role: pick(goalpost.PollRoles()), Size: pick(goalpost.PollSizes()), Country: pick([]string{"DE", "DE", "DE", "CH", "AT"})}
	for _, o := range poll.Options {
		if rng.Float64() < wanted[o.Code] {
			v.Choices = append(v.Choices, o.Code)
		}
	}
	if len(v.Choices) == 0 {
		v.Choices = []string{"none"}
	}
	if rng.IntN(20) == 0 {
		v.Flags = []string{goalpost.FlagFast}
	}
	return v
}

// uuidOf makes a UUID of version 4 from simulated chance.
func uuidOf(rng *rand.Rand) string {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], rng.Uint64())
	binary.LittleEndian.PutUint64(b[8:], rng.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
