package goalpost

import "time"

// HookID is a system of an organisation that is told of complete answers.
type HookID int64

// Hook is a system that is told of complete answers: each of them is sent to its address,
// signed with a secret that both sides know.
type Hook struct {
	ID     HookID
	Survey SurveyID
	URL    string
	Off    bool
	MadeAt time.Time
	By     string
}

// DeliveryState says what became of a message to another system.
type DeliveryState string

// States of a delivery.
const (
	DeliveryWaiting DeliveryState = "waiting" // also between two tries
	DeliverySent    DeliveryState = "sent"
	DeliveryFailed  DeliveryState = "failed" // given up
)

// Delivery is the message about one answer to one system.
type Delivery struct {
	Hook    HookID
	Survey  SurveyID
	Answer  string
	Kind    string
	Tries   int
	At      time.Time // of the next try, or of the last one
	State   DeliveryState
	Problem DeliveryProblem // of the last try
}

// DeliveryProblem is why a message did not arrive: one of the words below, or the status
// that was answered with, such as "503".
type DeliveryProblem string

// Problems of a delivery.
const (
	NoProblem        DeliveryProblem = ""
	ProblemAddress   DeliveryProblem = "address"   // inside a private network, and not allowed
	ProblemConnect   DeliveryProblem = "connect"   // nobody there
	ProblemTimeout   DeliveryProblem = "timeout"   // too slow
	ProblemSecure    DeliveryProblem = "secure"    // its certificate is not trusted
	ProblemElsewhere DeliveryProblem = "elsewhere" // it sends us to another address
	ProblemKey       DeliveryProblem = "key"       // its secret cannot be read
)

// DeliveryCounts are how many messages to one system are in each state.
type DeliveryCounts struct{ Waiting, Sent, Failed int }
