package assess_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// fieldDay is when the tests of surveys take place.
var fieldDay = time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)

// askedSurvey makes an open survey with three questions in a store of its own.
func askedSurvey(t *testing.T, change func(*goalpost.Survey)) (*store.DB, *assess.AskedSurvey) {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	org, err := db.CreateOrganisation(t.Context(), goalpost.Organisation{Name: "Tide", TimeZone: "Europe/Berlin", Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	s := goalpost.Survey{Slug: "wishes", Form: goalpost.Form{Languages: []string{"en"}, Title: goalpost.Text{"en": "Wishes"}, Questions: []goalpost.SurveyQuestion{
		{Question: goalpost.Question{Code: "why", Type: goalpost.SingleChoice, Wording: goalpost.Text{"en": "Why?"}, Options: []goalpost.Item{{Code: "offers", Label: goalpost.Text{"en": "Offers"}}, {Code: "news", Label: goalpost.Text{"en": "News"}}}}, Required: true},
		{Question: goalpost.Question{Code: "nps", Type: goalpost.NPSQuestion, Wording: goalpost.Text{"en": "Recommend?"}}},
		{Question: goalpost.Question{Code: "more", Type: goalpost.TextQuestion, Wording: goalpost.Text{"en": "More?"}}},
	}}, Settings: goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected, Channels: []goalpost.Channel{{Code: "ig", Network: goalpost.Instagram, Campaign: "spring"}}}}
	if change != nil {
		change(&s)
	}
	s, err = assess.CreateSurvey(t.Context(), db, org.ID, assess.SurveyInput{Survey: s, Secret: [32]byte{7}, By: "Ada", Now: fieldDay})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := assess.Asked(t.Context(), db, "wishes"); err == nil {
		t.Fatal("a draft is public")
	}
	open := goalpost.SurveyOpen
	changeSurvey(t, db, org.ID, s.ID, store.SurveyChange{State: &open})
	return db, asked(t, db)
}

func asked(t *testing.T, db *store.DB) *assess.AskedSurvey {
	t.Helper()
	a, err := assess.Asked(t.Context(), db, "wishes")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func changeSurvey(t *testing.T, db *store.DB, org goalpost.OrgID, id goalpost.SurveyID, c store.SurveyChange) {
	t.Helper()
	s, err := db.Survey(t.Context(), org, id)
	if err != nil {
		t.Fatal(err)
	}
	c.Revision, c.By = s.Revision, "Ada"
	if c.At.IsZero() {
		c.At = fieldDay
	}
	if err := assess.ChangeSurvey(t.Context(), db, org, id, c); err != nil {
		t.Fatal(err)
	}
}

// rid is the id of a respondent of a test.
func rid(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n) }

// sentBy is what the page of respondent n sends a minute after it was made.
func sentBy(a *assess.AskedSurvey, n int, answers string, done bool) assess.AnswerInput {
	return assess.AnswerInput{ID: rid(n), Secret: fmt.Sprint("secret ", n), Rev: 1, Version: a.Survey.FormVersion, Raw: []byte(answers), Done: done,
		Page: a.SignPage(assess.SignedPage{Version: 1, Channel: "ig", Campaign: "spring", At: fieldDay.Add(-time.Minute)}), Language: "en", Device: goalpost.DevicePhone, Now: fieldDay}
}

func send(t *testing.T, db *store.DB, a *assess.AskedSurvey, in assess.AnswerInput) assess.AnswerResult {
	t.Helper()
	r, err := a.SendAnswer(t.Context(), db, in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func kept(t *testing.T, db *store.DB, a *assess.AskedSurvey) []goalpost.Answer {
	t.Helper()
	list, err := db.AnswersSince(t.Context(), a.Org, a.Survey.ID, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSendAnswer(t *testing.T) {
	db, a := askedSurvey(t, nil)
	first := sentBy(a, 1, `{"why":{"choices":["offers"]}}`, false)
	if r := send(t, db, a, first); r.State != goalpost.AnswerBegun || r.Known || len(r.Problems) != 0 {
		t.Errorf("saved: %+v", r)
	}
	if r := send(t, db, a, first); !r.Known {
		t.Errorf("the same again: %+v", r)
	}
	last := sentBy(a, 1, `{"why":{"choices":["offers"]},"nps":{"number":9},"more":{"text":" Shade "},"gone":{"text":"x"},"nonsense":7}`, true)
	last.Rev = 3
	r := send(t, db, a, last)
	if r.State != goalpost.AnswerComplete || r.Rev != 3 || len(r.Flags) != 0 || r.Channel != "ig" || r.Campaign != "spring" || r.Seconds != 60 {
		t.Errorf("sent: %+v", r)
	}
	if again := send(t, db, a, last); !again.Known || again.Receipt != r.Receipt || again.State != goalpost.AnswerComplete {
		t.Errorf("sent again: %+v", again)
	}
	other := sentBy(a, 1, `{"why":{"choices":["news"]}}`, true)
	other.Rev = 4
	if late := send(t, db, a, other); !late.Conflict || late.Replies["why"].Choices[0] != "offers" {
		t.Errorf("another answer after the end: %+v", late)
	}
	wrong := last
	wrong.Secret = "of somebody else"
	if _, err := a.SendAnswer(t.Context(), db, wrong); keyOf(err) != "error.answer.secret" {
		t.Errorf("wrong secret: %v", err)
	}
	list := kept(t, db, a)
	if len(list) != 1 || list[0].Replies["more"].Text != "Shade" || !list[0].BegunAt.Equal(time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("kept: %+v", list)
	}
	found, err := a.AnswerOfReceipt(t.Context(), db, strings.ToLower(strings.ReplaceAll(r.Receipt, "-", " ")))
	if err != nil || found.ID != rid(1) {
		t.Errorf("receipt %s: %v, %v", r.Receipt, found, err)
	}
	if n, err := db.SurveyCount(t.Context(), a.Org, a.Survey.ID); err != nil || n != 1 {
		t.Errorf("%d complete, %v", n, err)
	}
}

func keyOf(err error) string {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok {
		return ""
	}
	return e.Key
}

// A page that is saved later than a newer one of the same respondent changes nothing.
func TestRevisionsOutOfOrder(t *testing.T) {
	db, a := askedSurvey(t, nil)
	newer := sentBy(a, 1, `{"why":{"choices":["news"]}}`, false)
	newer.Rev = 8
	send(t, db, a, newer)
	older := sentBy(a, 1, `{"why":{"choices":["offers"]}}`, false)
	older.Rev = 7
	if r := send(t, db, a, older); !r.Known || r.Rev != 8 || r.Replies["why"].Choices[0] != "news" {
		t.Errorf("%+v", r)
	}
}

// Nothing that was answered is refused for being wrong.
func TestWrongRepliesAreKept(t *testing.T) {
	db, a := askedSurvey(t, nil)
	r := send(t, db, a, sentBy(a, 1, `{"nps":{"number":12},"more":[1,2]}`, true))
	if r.State != goalpost.AnswerComplete || len(r.Problems) != 2 {
		t.Errorf("%+v", r)
	}
	if got := kept(t, db, a); *got[0].Replies["nps"].Number != 12 {
		t.Errorf("%+v", got)
	}
	for name, raw := range map[string]string{"no JSON": "{", "a list": "[]", "nothing": ""} {
		if _, err := a.SendAnswer(t.Context(), db, sentBy(a, 2, raw, true)); keyOf(err) != "error.answer.replies" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Ten identical requests at once are one answer; a limit of 100 lets exactly 100 in.
func TestAnswersAtOnce(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		s.Settings.Quotas = []goalpost.Quota{{Question: "why", Option: "offers", Limit: 100}}
	})
	all := func(n int, in func(int) assess.AnswerInput) (results []assess.AnswerResult) {
		results = make([]assess.AnswerResult, n)
		var wait sync.WaitGroup
		for i := range n {
			wait.Go(func() {
				for {
					r, err := a.SendAnswer(context.Background(), db, in(i))
					if keyOf(err) == "error.store.busy" { // as a page does: later again
						time.Sleep(time.Millisecond)
						continue
					}
					if err != nil {
						t.Error(err)
					}
					results[i] = r
					return
				}
			})
		}
		wait.Wait()
		return results
	}
	fresh := 0
	for _, r := range all(10, func(int) assess.AnswerInput { return sentBy(a, 1, `{"why":{"choices":["news"]}}`, true) }) {
		if !r.Known {
			fresh++
		}
	}
	if fresh != 1 || len(kept(t, db, a)) != 1 {
		t.Errorf("%d of ten were new, %d kept", fresh, len(kept(t, db, a)))
	}
	in := map[goalpost.AnswerState]int{}
	for _, r := range all(500, func(i int) assess.AnswerInput { return sentBy(a, 10+i, `{"why":{"choices":["offers"]}}`, true) }) {
		in[r.State]++
	}
	if in[goalpost.AnswerComplete] != 100 || in[goalpost.AnswerOverQuota] != 400 {
		t.Errorf("%v", in)
	}
}

// Who began in time is taken although the survey ended or pauses meanwhile, also where only
// days are kept; who did not is kept apart, however often the page saves.
func TestGrace(t *testing.T) {
	closing := fieldDay.Add(time.Hour)
	const saved, rest = `{"why":{"choices":["offers"]}}`, `{"why":{"choices":["news"]}}`
	for name, c := range map[string]struct {
		state   goalpost.SurveyState // what somebody sets at closing; empty: the date closes it
		begun   time.Duration        // after closing, when the page saves for the first time
		page    time.Duration        // after closing, when the page was made
		unpaged bool                 // it is no page of ours
		done    time.Duration        // after closing, when the last page comes
		want    goalpost.AnswerState
	}{
		"begun in time":              {begun: -time.Minute, page: -2 * time.Minute, done: 23 * time.Hour, want: goalpost.AnswerComplete},
		"begun by a program":         {begun: -time.Minute, unpaged: true, done: 23 * time.Hour, want: goalpost.AnswerComplete},
		"more than a day later":      {begun: -time.Minute, page: -2 * time.Minute, done: 25 * time.Hour, want: goalpost.AnswerLate},
		"the page opened in time":    {begun: time.Minute, page: -2 * time.Minute, done: 2 * time.Minute, want: goalpost.AnswerComplete},
		"the page opened afterwards": {begun: time.Minute, page: time.Second, done: 2 * time.Minute, want: goalpost.AnswerLate},
		"a program afterwards":       {begun: time.Minute, unpaged: true, done: 2 * time.Minute, want: goalpost.AnswerLate},
		"closed by hand":             {state: goalpost.SurveyClosed, begun: -time.Minute, page: -2 * time.Minute, done: 23 * time.Hour, want: goalpost.AnswerComplete},
		"closed by hand, a day ago":  {state: goalpost.SurveyClosed, begun: -time.Minute, page: -2 * time.Minute, done: 25 * time.Hour, want: goalpost.AnswerLate},
		"closed by hand, afterwards": {state: goalpost.SurveyClosed, begun: time.Minute, unpaged: true, done: 2 * time.Minute, want: goalpost.AnswerLate},
		"begun before the pause":     {state: goalpost.SurveyPaused, begun: -time.Minute, page: -2 * time.Minute, done: 90 * time.Hour, want: goalpost.AnswerComplete},
		"begun in the pause":         {state: goalpost.SurveyPaused, begun: time.Minute, unpaged: true, done: 2 * time.Minute, want: goalpost.AnswerLate},
	} {
		for _, anonymous := range []bool{true, false} {
			db, a := askedSurvey(t, func(s *goalpost.Survey) {
				s.Settings.Anonymous = anonymous
				if c.state == "" {
					s.Settings.ClosesAt = closing
				}
			})
			sendAt := func(rev int64, answers string, done bool, after time.Duration) goalpost.AnswerState {
				if c.state != "" && after > 0 && a.Survey.State == goalpost.SurveyOpen {
					changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{State: &c.state, At: closing})
					a = asked(t, db)
				}
				in := sentBy(a, 1, answers, done)
				in.Rev, in.Now, in.Page = rev, closing.Add(after), ""
				if !c.unpaged {
					in.Page = a.SignPage(assess.SignedPage{Version: 1, At: closing.Add(c.page)})
				}
				return send(t, db, a, in).State
			}
			if got := sendAt(1, saved, false, c.begun); got != goalpost.AnswerBegun {
				t.Errorf("%s, anonymous %v: saved as %s", name, anonymous, got)
			}
			if got := sendAt(2, rest, true, c.done); got != c.want {
				t.Errorf("%s, anonymous %v\ngot:  %s\nwant: %s", name, anonymous, got, c.want)
			}
		}
	}
}

// A page that asks for an e-mail address proves nothing about answers, and the other way
// round.
func TestContactPageIsNoAnswer(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		s.Settings.Prize, s.Settings.Consent = true, goalpost.Text{"en": "For the prize alone."}
	})
	answering := assess.SignedPage{Version: 1, At: fieldDay.Add(-time.Minute)}
	contact := answering
	contact.Contact = true
	in := sentBy(a, 1, `{"why":{"choices":["news"]}}`, true)
	in.Page = a.SignPage(contact)
	if got := send(t, db, a, in); !slices.Contains(got.Flags, goalpost.FlagNoPage) || got.Seconds != 0 {
		t.Errorf("%+v", got)
	}
	email, err := goalpost.ParsePrivateEmail("ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	err = a.AddContact(t.Context(), db, assess.ContactInput{ID: rid(1), Page: a.SignPage(answering), Email: email, Prize: true, Agreed: true, Setting: a.Survey.SettingVersion, Now: fieldDay})
	if keyOf(err) != "error.contact.page" {
		t.Errorf("%v", err)
	}
}

// What was sent last counts in whatever order it arrives, also when the respondent went
// back to what was said before.
func TestLateRevision(t *testing.T) {
	db, a := askedSurvey(t, nil)
	for _, c := range []struct {
		rev    int64
		option string
		want   string
	}{{1, "offers", "offers"}, {3, "offers", "offers"}, {2, "news", "offers"}} {
		in := sentBy(a, 1, `{"why":{"choices":["`+c.option+`"]}}`, false)
		in.Rev = c.rev
		if got := send(t, db, a, in); got.Replies["why"].Choices[0] != c.want {
			t.Errorf("revision %d\ngot:  %v\nwant: %s", c.rev, got.Replies, c.want)
		}
	}
}

// A quota counts the answers that came before it was set, too, and an erased answer leaves
// its place whatever was changed since.
func TestQuotaSetLater(t *testing.T) {
	db, a := askedSurvey(t, nil)
	state := func(n int) goalpost.AnswerState {
		return send(t, db, a, sentBy(a, n, `{"why":{"choices":["offers"]}}`, true)).State
	}
	limited := func(limit int) {
		set := a.Survey.Settings
		set.Quotas = nil
		if limit > 0 {
			set.Quotas = []goalpost.Quota{{Question: "why", Option: "offers", Limit: limit}}
		}
		changeSurvey(t, db, a.Org, a.Survey.ID, store.SurveyChange{Settings: &set})
		a = asked(t, db)
	}
	for n := range 2 {
		state(n)
	}
	limited(3)
	if got := state(2); got != goalpost.AnswerComplete {
		t.Errorf("third: %s", got)
	}
	if got := state(3); got != goalpost.AnswerOverQuota {
		t.Errorf("fourth: %s", got)
	}
	limited(0)
	if err := a.EraseAnswer(t.Context(), db, rid(0)); err != nil {
		t.Fatal(err)
	}
	limited(3)
	if got := state(4); got != goalpost.AnswerComplete {
		t.Errorf("in the place of the erased one: %s", got)
	}
	if got := state(5); got != goalpost.AnswerOverQuota {
		t.Errorf("one more: %s", got)
	}
}

// Where the limit is reached, nobody else is asked.
func TestPhaseOfTheLimit(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) { s.Settings.Limit = 2 })
	for n, want := range []goalpost.SurveyPhase{goalpost.PhaseOpen, goalpost.PhaseOpen, goalpost.PhaseFull} {
		phase, err := a.Phase(t.Context(), db, fieldDay)
		if err != nil || phase != want {
			t.Errorf("after %d answers\ngot:  %s %v\nwant: %s", n, phase, err, want)
		}
		o, err := assess.OverviewOf(t.Context(), db, a.Org, a.Survey, fieldDay)
		if err != nil || o.Phase != want || o.Complete != n {
			t.Errorf("the team, after %d answers: %+v %v", n, o, err)
		}
		send(t, db, a, sentBy(a, n, `{"why":{"choices":["news"]}}`, true))
	}
}

// A reply that cannot be right, and one to a question that was not asked, takes no place of
// a quota.
func TestQuotaOfWhatCounts(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		s.Settings.Quotas = []goalpost.Quota{{Question: "why", Option: "offers", Limit: 1}, {Question: "how", Option: "ship", Limit: 1}}
		s.Form.Questions = append(s.Form.Questions, goalpost.SurveyQuestion{Question: goalpost.Question{Code: "how", Type: goalpost.SingleChoice, Wording: goalpost.Text{"en": "How?"},
			Options: []goalpost.Item{{Code: "ship", Label: goalpost.Text{"en": "Ship"}}, {Code: "train", Label: goalpost.Text{"en": "Train"}}}}, ShowIf: &goalpost.Condition{Rules: []goalpost.Rule{{Question: "why", Is: []string{"news"}}}}})
	})
	for n, c := range []struct {
		answers string
		want    goalpost.AnswerState
	}{
		{`{"why":{"choices":["offers","news"]}}`, goalpost.AnswerComplete}, // one alone can be chosen
		{`{"why":{"choices":["offers"]},"how":{"choices":["ship"]}}`, goalpost.AnswerComplete},
		{`{"why":{"choices":["offers"]}}`, goalpost.AnswerOverQuota},
		{`{"why":{"choices":["news"]},"how":{"choices":["ship"]}}`, goalpost.AnswerComplete},
		{`{"why":{"choices":["news"]},"how":{"choices":["ship"]}}`, goalpost.AnswerOverQuota},
	} {
		if got := send(t, db, a, sentBy(a, n, c.answers, true)).State; got != c.want {
			t.Errorf("%s\ngot:  %s\nwant: %s", c.answers, got, c.want)
		}
	}
}

func TestAnswerFlags(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) { s.Settings.Work = true })
	n := 0
	flags := func(change func(*assess.AnswerInput)) []string {
		n++
		in := sentBy(a, n, `{"why":{"choices":["offers"]}}`, true)
		in.Work = work(in.Page)
		change(&in)
		return send(t, db, a, in).Flags
	}
	page := func(at time.Time) string { return a.SignPage(assess.SignedPage{Version: 1, At: at}) }
	for name, c := range map[string]struct {
		change func(*assess.AnswerInput)
		want   []string
	}{
		"none":     {func(*assess.AnswerInput) {}, nil},
		"trap":     {func(in *assess.AnswerInput) { in.Trap = true }, []string{goalpost.FlagTrap}},
		"no work":  {func(in *assess.AnswerInput) { in.Work = "" }, []string{goalpost.FlagNoWork}},
		"fast":     {func(in *assess.AnswerInput) { in.Page = page(fieldDay); in.Work = work(in.Page) }, []string{goalpost.FlagFast}},
		"stale":    {func(in *assess.AnswerInput) { in.Page = page(fieldDay.Add(-25 * time.Hour)); in.Work = work(in.Page) }, []string{goalpost.FlagStale}},
		"no page":  {func(in *assess.AnswerInput) { in.Page = ""; in.Work = "" }, []string{goalpost.FlagNoPage, goalpost.FlagNoWork}},
		"forged":   {func(in *assess.AnswerInput) { in.Page = "e30." + strings.Repeat("A", 22); in.Work = work(in.Page) }, []string{goalpost.FlagNoPage}},
		"repeated": {func(in *assess.AnswerInput) { in.Network = "here" }, nil},
	} {
		if got := flags(c.change); !slices.Equal(got, c.want) {
			t.Errorf("%s\ngot:  %v\nwant: %v", name, got, c.want)
		}
	}
	if got := flags(func(in *assess.AnswerInput) { in.Network = "here" }); !slices.Equal(got, []string{goalpost.FlagRepeated}) {
		t.Errorf("from the same network: %v", got)
	}
}

// work does what a page does, by the definition and not by our function.
func work(page string) string {
	for i := 0; ; i++ {
		w := fmt.Sprint(i)
		sum := sha256.Sum256([]byte(page + ":" + w))
		if bits.LeadingZeros8(sum[0]) == 8 && bits.LeadingZeros8(sum[1]) == 8 && sum[2] < 64 {
			return w
		}
	}
}

func TestEraseAnswer(t *testing.T) {
	db, a := askedSurvey(t, func(s *goalpost.Survey) {
		s.Settings.Quotas = []goalpost.Quota{{Question: "why", Option: "offers", Limit: 1}}
	})
	in := sentBy(a, 1, `{"why":{"choices":["offers"]},"more":{"text":"only I say this"}}`, true)
	r := send(t, db, a, in)
	if err := a.EraseAnswer(t.Context(), db, rid(1)); err != nil {
		t.Fatal(err)
	}
	got := kept(t, db, a)
	if text, err := json.Marshal(got); err != nil || len(got) != 1 || got[0].State != goalpost.AnswerErased || strings.Contains(string(text), "only I") {
		t.Errorf("%s %v", text, err)
	}
	if again := send(t, db, a, in); again.State != goalpost.AnswerErased {
		t.Errorf("the page sent again brings it back: %+v", again)
	}
	if _, err := a.AnswerOfReceipt(t.Context(), db, r.Receipt); keyOf(err) != "error.answer.receipt" {
		t.Errorf("receipt: %v", err)
	}
	if next := send(t, db, a, sentBy(a, 2, `{"why":{"choices":["offers"]}}`, true)); next.State != goalpost.AnswerComplete {
		t.Errorf("the place is not free again: %s", next.State)
	}
}

// Whatever is sent as replies is read or refused, and what was read can be kept and read
// again.
func FuzzReplies(f *testing.F) {
	for _, seed := range []string{`{"why":{"choices":["offers"]}}`, `{"nps":{"number":9},"more":7}`, `null`, `[]`, `{"more":{"text":"\ud800"}}`, `{"nps":{"number":1e999}}`, `{"why":null,"why":{"choices":[]}}`, `{`} {
		f.Add([]byte(seed))
	}
	form := goalpost.Form{Languages: []string{"en"}, Questions: []goalpost.SurveyQuestion{
		{Question: goalpost.Question{Code: "why", Type: goalpost.SingleChoice, Options: []goalpost.Item{{Code: "offers"}}}},
		{Question: goalpost.Question{Code: "nps", Type: goalpost.NPSQuestion}}, {Question: goalpost.Question{Code: "more", Type: goalpost.TextQuestion}},
	}}
	f.Fuzz(func(t *testing.T, raw []byte) {
		replies, _, err := assess.ParseReplies(form, raw)
		if err != nil {
			if keyOf(err) != "error.answer.replies" {
				t.Error(err)
			}
			return
		}
		form.Problems(replies, true)
		body, err := json.Marshal(replies)
		if err != nil {
			t.Fatal(err)
		}
		again, _, err := assess.ParseReplies(form, body)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := json.Marshal(again); err != nil || string(twice) != string(body) {
			t.Errorf("\ngot:  %s %v\nwant: %s", twice, err, body)
		}
	})
}
