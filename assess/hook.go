package assess

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/store"
)

// HookInput is a system that is to be told of complete answers.
type HookInput struct {
	Survey goalpost.SurveyID
	URL    string
	Secret [32]byte // random
	By     string
	Now    time.Time
}

// hookSecretPrefix tells what a text is that somebody finds.
const hookSecretPrefix = "gph_"

// AddHook keeps a system that is told of a survey's complete answers, and returns the
// secret that its messages are signed with: it is shown once.
func AddHook(ctx context.Context, db *store.DB, org goalpost.OrgID, in HookInput) (h goalpost.Hook, secret string, err error) {
	h = goalpost.Hook{Survey: in.Survey, URL: strings.TrimSpace(in.URL), MadeAt: in.Now.UTC(), By: in.By}
	if err := checkHookURL(h.URL); err != nil {
		return h, "", err
	}
	secret = hookSecretPrefix + hex.EncodeToString(in.Secret[:])
	if h, err = db.AddHook(ctx, org, h, secret); err != nil {
		return h, "", fmt.Errorf("assess hook: %w", err)
	}
	return h, secret, nil
}

// maxHookURL is how long the address of another system can be.
const maxHookURL = 2000

// checkHookURL returns what is wrong with the address of another system. Names and
// passwords do not belong there: addresses are shown.
func checkHookURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil || u.Fragment != "" || goalpost.TextFault(s, maxHookURL) != "" {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.hook.url", Field: "url", Err: err}
	}
	return nil
}

// Kinds of message to other systems.
const (
	HookAnswer = "answer.complete"
	HookTest   = "test" // sent by hand; it holds no answer
)

// hookDocument is the body of a message: an answer as the team reads it. Neither e-mail
// address nor receipt, secret or hash of a network is in it.
type hookDocument struct {
	Kind     string                            `json:"kind"`
	Survey   goalpost.SurveyID                 `json:"survey"`
	Slug     string                            `json:"slug"`
	Answer   string                            `json:"answer,omitempty"`
	Version  int                               `json:"form_version,omitempty"`
	Channel  string                            `json:"channel,omitempty"`
	Campaign string                            `json:"campaign,omitempty"`
	Language string                            `json:"language,omitempty"`
	Begun    *time.Time                        `json:"begun_at,omitempty"` // in anonymous surveys the day
	Flags    []string                          `json:"flags,omitempty"`
	Replies  map[string]goalpost.QuestionReply `json:"replies,omitempty"`
}

// HookMessage is a message as it is sent.
type HookMessage struct {
	URL       string
	Body      []byte
	Signature string
	ID        string // the same at each try, so that the receiver can tell that it had it
	// DayOnly is true where the survey is anonymous: of the message then only the day is
	// kept, because it is sent in the moment in which somebody answers.
	DayOnly bool
}

// MessageOf makes the message of a delivery from the answer as it stands now. It fails with
// NotFound when the answer was erased, or its system removed, since the message was put
// into the outbox.
func MessageOf(ctx context.Context, db *store.DB, org goalpost.OrgID, d goalpost.Delivery, now time.Time) (m HookMessage, err error) {
	s, err := db.Survey(ctx, org, d.Survey)
	if err != nil {
		return m, err
	}
	m.DayOnly = s.Settings.Anonymous
	h, secret, err := db.Hook(ctx, org, d.Hook)
	if err != nil {
		return m, err
	}
	a, err := db.Answer(ctx, org, d.Survey, d.Answer)
	if err != nil {
		return m, err
	}
	if a.State == goalpost.AnswerErased {
		return m, goalpost.Errorf(goalpost.NotFound, "error.not-found", goalpost.TextArg("answer"))
	}
	doc := hookDocument{Kind: d.Kind, Survey: s.ID, Slug: s.Slug, Answer: a.ID, Version: a.Version, Channel: a.Channel, Campaign: a.Campaign, Language: a.Language, Begun: &a.BegunAt, Flags: a.Flags, Replies: a.Replies}
	signed, err := signedMessage(h, secret, doc, now)
	signed.DayOnly = m.DayOnly
	return signed, err
}

// TestMessage makes a message that shows whether a system can be reached.
func TestMessage(ctx context.Context, db *store.DB, org goalpost.OrgID, id goalpost.HookID, now time.Time) (m HookMessage, err error) {
	h, secret, err := db.Hook(ctx, org, id)
	if err != nil {
		return m, err
	}
	s, err := db.Survey(ctx, org, h.Survey)
	if err != nil {
		return m, err
	}
	return signedMessage(h, secret, hookDocument{Kind: HookTest, Survey: s.ID, Slug: s.Slug}, now)
}

func signedMessage(h goalpost.Hook, secret string, doc hookDocument, now time.Time) (HookMessage, error) {
	body, err := json.Marshal(doc)
	if err != nil {
		return HookMessage{}, fmt.Errorf("assess hook: %w", err)
	}
	return HookMessage{URL: h.URL, Body: body, Signature: SignHook(secret, now, body), ID: doc.Kind + ":" + strconv.FormatInt(int64(h.ID), 10) + ":" + doc.Answer}, nil
}

// SignHook signs a body at a moment: "t=SECONDS,v1=HEX", HMAC-SHA-256 under the secret of
// the seconds since 1970, a full stop and the body.
func SignHook(secret string, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = mac.Write([]byte(seconds + ".")) // a hash never fails
	_, _ = mac.Write(body)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// How often a message is tried: first soon, then ever more seldom, for about three days.
const (
	firstRetry = 30 * time.Second
	lastRetry  = 6 * time.Hour
	maxTries   = 20
)

// LongestRetry is more than any message waits for its next try.
const LongestRetry = 2 * lastRetry

// Tried returns a delivery after a try. The next tries of different messages are spread, so
// that they do not all come at once when a system is there again.
// With dayOnly the last one leaves only its day.
func Tried(d goalpost.Delivery, problem goalpost.DeliveryProblem, now time.Time, dayOnly bool) goalpost.Delivery {
	d.Tries++
	d.At, d.Problem = now.UTC(), problem
	switch {
	case problem == goalpost.NoProblem:
		d.State = goalpost.DeliverySent
	case d.Tries >= maxTries:
		d.State = goalpost.DeliveryFailed
	default:
		wait := min(lastRetry, firstRetry<<(d.Tries-1))
		d.At = d.At.Add(time.Duration((0.8 + 0.4*jitter(d)) * float64(wait)))
	}
	if dayOnly && d.State != goalpost.DeliveryWaiting {
		d.At = d.At.Truncate(24 * time.Hour)
	}
	return d
}

// jitter is a number from 0 to 1 that differs between messages and tries.
func jitter(d goalpost.Delivery) float64 {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, d.Answer, " ", d.Hook, " ", d.Tries) // a hash never fails
	return float64(h.Sum32()) / math.MaxUint32
}
