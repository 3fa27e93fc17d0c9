package assess

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"goalpost"
	"goalpost/store"
)

// tallyBatch is how many answers are read at once.
const tallyBatch = 2000

// sameTextLeast is from how many letters on two people hardly write the same by chance.
const sameTextLeast = 20

// SurveyTally counts the answers to one survey. It keeps what each answer added, so that
// an answer that changes, is flagged later or is erased is taken out again, and every
// answer is read once. It can be used by several goroutines.
type SurveyTally struct {
	mu         sync.Mutex
	change     int64 // of the last answer that was read
	ids        map[tallyKey]int32
	all, clean []int // by id; clean without flagged answers
	answers    map[string]*tallied
	texts      map[uint64][]*tallied // by a hash of what was written
}

// tallyKind is what is counted.
type tallyKind uint8

const (
	tallyState    tallyKind = iota // Option: state
	tallyFlag                      // Option: flag, of complete answers
	tallyChannel                   // Question: channel, Option: campaign; all that were begun
	tallyChannelC                  // complete
	tallyLanguage
	tallyLanguageC
	tallyDevice
	tallyDeviceC
	tallySeconds  // Number: seconds, of complete answers
	tallyForm     // Version: of the form
	tallyFormC    // complete
	tallyAsked    // Version: of the form, Question
	tallyAnswered // so too
	tallyLast     // last question that somebody answered who did not finish; "" for none
	tallyGave     // Version: of the question's trend, Question; complete answers from here on
	tallyBase
	tallyInvalid
	tallyOption
	tallyFirst // of a ranking
	tallyNumber
	tallyText
)

// tallyKey names one count.
type tallyKey struct {
	kind     tallyKind
	version  int
	question string
	option   string
	number   float64
}

// tallied is what one answer added.
type tallied struct {
	ids     []int32
	texts   []uint64
	flagged bool // by a flag of its own
	apart   bool // left out of clean
	same    bool // another answer has the same text
}

// NewSurveyTally returns an empty tally.
func NewSurveyTally() *SurveyTally {
	return &SurveyTally{ids: map[tallyKey]int32{}, answers: map[string]*tallied{}, texts: map[uint64][]*tallied{}}
}

// Read reads the answers that came or changed since the last time.
func (t *SurveyTally) Read(ctx context.Context, db *store.DB, a *AskedSurvey) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		list, err := db.AnswersSince(ctx, a.Org, a.Survey.ID, t.change, tallyBatch)
		if err != nil {
			return fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
		}
		for _, x := range list {
			t.put(a, x)
			t.change = x.Change
		}
		if len(list) < tallyBatch {
			return nil
		}
	}
}

// Change is the number of the newest change that was read.
func (t *SurveyTally) Change() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.change
}

// SameText reports whether another answer has the same text as this one.
func (t *SurveyTally) SameText(rid string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.answers[rid]
	return x != nil && x.same
}

// sameTexts returns the ids of all answers whose text another one has.
func (t *SurveyTally) sameTexts() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var list []string
	for rid, x := range t.answers {
		if x.same {
			list = append(list, rid)
		}
	}
	slices.Sort(list)
	return list
}

// put counts an answer in place of what it was before.
func (t *SurveyTally) put(a *AskedSurvey, x goalpost.Answer) {
	if old := t.answers[x.ID]; old != nil {
		t.add(old, -1)
		for _, h := range old.texts {
			t.texts[h] = slices.DeleteFunc(t.texts[h], func(o *tallied) bool { return o == old })
			if len(t.texts[h]) == 1 {
				t.recheck(t.texts[h][0])
			}
			if len(t.texts[h]) == 0 {
				delete(t.texts, h)
			}
		}
	}
	form, _ := a.Form(x.Version)
	n := &tallied{flagged: len(x.Flags) > 0}
	for _, k := range contribution(form, x) {
		n.ids = append(n.ids, t.id(k))
	}
	n.texts = textHashes(form, x)
	n.apart = n.flagged
	t.answers[x.ID] = n
	t.add(n, 1)
	for _, h := range n.texts {
		if t.texts[h] = append(t.texts[h], n); len(t.texts[h]) == 2 {
			t.recheck(t.texts[h][0])
		}
	}
	t.recheck(n)
}

func (t *SurveyTally) id(k tallyKey) int32 {
	id, known := t.ids[k]
	if !known {
		id = int32(len(t.all)) //nolint:gosec // a survey has far fewer different counts
		t.ids[k] = id
		t.all, t.clean = append(t.all, 0), append(t.clean, 0)
	}
	return id
}

func (t *SurveyTally) add(x *tallied, n int) {
	for _, id := range x.ids {
		t.all[id] += n
		if !x.apart {
			t.clean[id] += n
		}
	}
}

// recheck sets again whether another answer has a text of this one.
func (t *SurveyTally) recheck(x *tallied) {
	same := slices.ContainsFunc(x.texts, func(h uint64) bool { return len(t.texts[h]) > 1 })
	if same == x.same {
		return
	}
	t.add(x, -1)
	flag := t.id(tallyKey{kind: tallyFlag, option: goalpost.FlagTexts})
	x.ids = slices.DeleteFunc(x.ids, func(id int32) bool { return id == flag })
	if same {
		x.ids = append(x.ids, flag)
	}
	x.same, x.apart = same, x.flagged || same
	t.add(x, 1)
}

// contribution is everything that an answer is counted under.
func contribution(form goalpost.Form, x goalpost.Answer) []tallyKey {
	keys := []tallyKey{{kind: tallyState, option: string(x.State)}}
	if x.State == goalpost.AnswerErased {
		return keys
	}
	complete := x.State == goalpost.AnswerComplete
	both := func(kind tallyKind, k tallyKey) {
		k.kind = kind
		keys = append(keys, k)
		if complete {
			k.kind = kind + 1
			keys = append(keys, k)
		}
	}
	both(tallyChannel, tallyKey{question: x.Channel, option: x.Campaign})
	both(tallyLanguage, tallyKey{option: x.Language})
	both(tallyDevice, tallyKey{option: string(x.Device)})
	both(tallyForm, tallyKey{version: x.Version})
	keys = append(keys, reached(form, x)...)
	if !complete {
		return keys
	}
	for _, f := range x.Flags {
		keys = append(keys, tallyKey{kind: tallyFlag, option: f})
	}
	if x.Seconds > 0 {
		keys = append(keys, tallyKey{kind: tallySeconds, number: float64(x.Seconds)})
	}
	for i, shown := range form.Shown(x.Replies) {
		if q := form.Questions[i]; shown {
			keys = append(keys, replyKeys(q, x.Replies[q.Code])...)
		}
	}
	return keys
}

// reached is how far somebody came: through all that was asked, or to the last question
// with a reply.
func reached(form goalpost.Form, x goalpost.Answer) []tallyKey {
	var keys []tallyKey
	shown := form.Shown(x.Replies)
	last := -1
	for i, q := range form.Questions {
		if shown[i] && !x.Replies[q.Code].IsEmpty() {
			last = i
		}
	}
	if !x.State.Finished() {
		code := ""
		if last >= 0 {
			code = form.Questions[last].Code
		}
		keys = append(keys, tallyKey{kind: tallyLast, version: x.Version, question: code})
	} else {
		last = len(form.Questions) - 1
	}
	for i := range last + 1 {
		if !shown[i] {
			continue
		}
		q := form.Questions[i]
		keys = append(keys, tallyKey{kind: tallyAsked, version: x.Version, question: q.Code})
		if !x.Replies[q.Code].IsEmpty() {
			keys = append(keys, tallyKey{kind: tallyAnswered, version: x.Version, question: q.Code})
		}
	}
	return keys
}

// replyKeys is what the reply to one question is counted under.
func replyKeys(q goalpost.SurveyQuestion, r goalpost.QuestionReply) []tallyKey {
	at := tallyKey{version: q.Version, question: q.Code}
	key := func(kind tallyKind) tallyKey { k := at; k.kind = kind; return k }
	switch {
	case r.IsEmpty():
		return nil
	case !q.Valid(r):
		return []tallyKey{key(tallyGave), key(tallyInvalid)}
	}
	keys := []tallyKey{key(tallyGave)}
	if q.Counts(r) {
		keys = append(keys, key(tallyBase))
	}
	for i, c := range r.Choices {
		k := key(tallyOption)
		k.option = c
		keys = append(keys, k)
		if i == 0 && q.Type == goalpost.RankingQuestion {
			k.kind = tallyFirst
			keys = append(keys, k)
		}
	}
	if r.Number != nil {
		k := key(tallyNumber)
		k.number = *r.Number
		keys = append(keys, k)
	}
	if r.Text != "" {
		keys = append(keys, key(tallyText))
	}
	return keys
}

// textHashes are hashes of the long texts of a finished answer, whatever their spaces and
// capitals.
func textHashes(form goalpost.Form, x goalpost.Answer) []uint64 {
	var list []uint64
	if x.State != goalpost.AnswerComplete {
		return nil
	}
	for _, q := range form.Questions {
		text := strings.ToLower(strings.Join(strings.Fields(x.Replies[q.Code].Text), " "))
		if utf8.RuneCountInString(text) < sameTextLeast {
			continue
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(q.Code + "\x00" + text)) // a hash never fails
		if sum := h.Sum64(); !slices.Contains(list, sum) {
			list = append(list, sum)
		}
	}
	return list
}
