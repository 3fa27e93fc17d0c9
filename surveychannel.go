package goalpost

import (
	"slices"
	"strconv"
)

// ChannelMail and ChannelPaper are the codes of the channels that links in mails and on
// paper say they come from, where a survey has them.
const (
	ChannelMail  = "mail"
	ChannelPaper = "paper"
)

// ProposedChannels are channels that a survey may stand on, with short names for their
// links.
func ProposedChannels() []Channel {
	return []Channel{{Code: "fb", Network: Facebook}, {Code: "ig", Network: Instagram}, {Code: "x", Network: X}, {Code: "yt", Network: YouTube},
		{Code: "tt", Network: TikTok}, {Code: "li", Network: LinkedIn}, {Code: "ma", Network: Mastodon}, {Code: "bs", Network: Bluesky},
		{Code: "pi", Network: Pinterest}, {Code: "th", Network: Threads}, {Code: "web", Network: Web}, {Code: "shop", Network: Shop},
		{Code: ChannelMail, Network: Other}, {Code: ChannelPaper, Network: Other}}
}

// FreeChannel returns a short name that no channel has yet: the proposed one, else with a
// number behind it.
func (s SurveySettings) FreeChannel(code string) string {
	for n := 1; ; n++ {
		free := code
		if n > 1 {
			free = code + "-" + strconv.Itoa(n)
		}
		if _, taken := s.Channel(free); !taken {
			return free
		}
	}
}

// CanBeSent reports whether the question can be answered by a link in a mail: it has few
// answers, and one click gives one of them.
func (q SurveyQuestion) CanBeSent() bool {
	switch q.Type {
	case SingleChoice, MultipleChoice:
		return len(q.Options) <= maxSentOptions
	case ScaleQuestion, NPSQuestion:
		return true
	default:
		return false
	}
}

// maxSentOptions is how many links a mail shows: nobody reads more of them.
const maxSentOptions = 12

// SentOptions are the answers that a question's links in a mail can give, by their codes.
func (q SurveyQuestion) SentOptions() []Item {
	var list []Item
	grades := func(low, high int, label func(int) Text) {
		for v := low; v <= high; v++ {
			list = append(list, Item{Code: strconv.Itoa(v), Label: label(v)})
		}
	}
	switch {
	case q.Type == NPSQuestion:
		grades(NPSLowest, NPSHighest, func(int) Text { return nil })
	case q.Type == ScaleQuestion && q.Scale != nil:
		grades(q.Scale.Low, q.Scale.High, q.Scale.Grade)
	}
	return append(list, q.Options...)
}

// ReplyOf is the reply that a link in a mail gives; ok is false where there is no such
// answer.
func (q SurveyQuestion) ReplyOf(option string) (r QuestionReply, ok bool) {
	if !q.CanBeSent() || !slices.ContainsFunc(q.SentOptions(), func(o Item) bool { return o.Code == option }) {
		return r, false
	}
	if _, known := q.Option(option); known {
		r.Choices = []string{option}
		return r, true
	}
	v, err := strconv.ParseFloat(option, 64)
	if err != nil {
		return r, false
	}
	r.Number = &v
	return r, true
}
