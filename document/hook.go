package document

import (
	"strconv"
	"time"

	"goalpost"
	"goalpost/locale"
)

// Hooks are the systems that are told of a survey's complete answers.
type Hooks struct {
	Survey goalpost.SurveyID `json:"survey"`
	Hooks  []Hook            `json:"hooks" nullable:"false"`
}

// Hook is a system that is told. The secret that its messages are signed with is shown once,
// when it is added.
type Hook struct {
	Hook      goalpost.HookID `json:"hook"`
	URL       string          `json:"url"`
	Off       bool            `json:"off" doc:"It is told of nothing, also not later."`
	CreatedAt time.Time       `json:"created_at"`
	By        string          `json:"by"`
	Sent      int             `json:"sent"`
	Waiting   int             `json:"waiting"`
	Failed    int             `json:"failed" doc:"Given up."`
	Last      []HookDelivery  `json:"last" nullable:"false" doc:"The last messages, the newest first."`
}

// HookDelivery is the message about one answer to one system.
type HookDelivery struct {
	Answer   string                   `json:"answer"`
	Kind     string                   `json:"kind"`
	State    goalpost.DeliveryState   `json:"state"`
	Tries    int                      `json:"tries"`
	At       time.Time                `json:"at" doc:"Of the last try, or of the next one; in anonymous surveys the beginning of the day."`
	Problem  goalpost.DeliveryProblem `json:"problem" doc:"Of the last try; empty: none."`
	Sentence string                   `json:"sentence"`
}

// HookMade is a system that was added, with its secret.
type HookMade struct {
	Hook
	Secret string `json:"secret" doc:"What its messages are signed with. It is shown only now."`
}

// HookTest is what became of a message that was sent by hand.
type HookTest struct {
	Hook     goalpost.HookID          `json:"hook"`
	Arrived  bool                     `json:"arrived"`
	Problem  goalpost.DeliveryProblem `json:"problem" doc:"Empty: none."`
	Sentence string                   `json:"sentence"`
}

// HookOf makes the document of a system. Of an anonymous survey's messages only the day is
// said: they go when somebody answers.
func HookOf(say *locale.Printer, h goalpost.Hook, counts goalpost.DeliveryCounts, last []goalpost.Delivery, dayOnly bool) Hook {
	d := Hook{Hook: h.ID, URL: h.URL, Off: h.Off, CreatedAt: h.MadeAt, By: h.By, Sent: counts.Sent, Waiting: counts.Waiting, Failed: counts.Failed, Last: []HookDelivery{}}
	for _, x := range last {
		one := HookDelivery{Answer: x.Answer, Kind: x.Kind, State: x.State, Tries: x.Tries, At: x.At, Problem: x.Problem, Sentence: DeliveryProblem(say, x.Problem)}
		if dayOnly {
			one.At = x.At.UTC().Truncate(24 * time.Hour)
		}
		d.Last = append(d.Last, one)
	}
	return d
}

// HookTestOf says what became of a test.
func HookTestOf(say *locale.Printer, h goalpost.Hook, problem goalpost.DeliveryProblem) HookTest {
	d := HookTest{Hook: h.ID, Arrived: problem == goalpost.NoProblem, Problem: problem, Sentence: say.T("survey.hook.test.done", goalpost.TextArg(h.URL))}
	if !d.Arrived {
		d.Sentence = say.T("survey.hook.test.failed", goalpost.TextArg(h.URL), goalpost.TextArg(DeliveryProblem(say, problem)))
	}
	return d
}

// DeliveryProblem says why a message did not arrive; nothing where it did.
func DeliveryProblem(say *locale.Printer, d goalpost.DeliveryProblem) string {
	if d == goalpost.NoProblem {
		return ""
	}
	if status, err := strconv.Atoi(string(d)); err == nil {
		return say.T("survey.hook.problem.status", goalpost.TextArg(strconv.Itoa(status)))
	}
	return say.T("survey.hook.problem." + string(d))
}
