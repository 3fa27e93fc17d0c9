package assess_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"goalpost"
	"goalpost/assess"
)

// What the page on surveys says of messages to other systems is what is sent: the example is
// signed as messages are, has the fields of one, and the tries are as many and as far apart.
func TestHooksAsInTheDocs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "docs", "surveys.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	find := func(pattern string) string {
		t.Helper()
		m := regexp.MustCompile(pattern).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("the page does not say %s", pattern)
		}
		return m[1]
	}
	secret, header, body := find(`(?m)^HOOK_SECRET=(gph_\w+)$`), find(`(?m)^SIGNATURE='(.*)'$`), find(`(?m)^BODY='(.*)'$`)
	seconds, err := strconv.ParseInt(find(`(?m)^SIGNATURE='t=(\d+),`), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if got := assess.SignHook(secret, time.Unix(seconds, 0), []byte(body)); got != header {
		t.Errorf("the signature of the example\ngot:  %s\nwant: %s", header, got)
	}
	if shown := find("(?s)```json\n(\\{\"kind\".*?)\n```"); shown != body || !strings.Contains(page, "\nGoalpost-Signature: "+header+"\n") {
		t.Errorf("two examples differ:\n%s\n%s", shown, body)
	}

	db, a := askedSurvey(t, nil)
	h, made, err := assess.AddHook(t.Context(), db, a.Org, assess.HookInput{Survey: a.Survey.ID, URL: "https://shop.example/answers", Secret: [32]byte{5}, By: "Ada", Now: fieldDay})
	if err != nil || !strings.HasPrefix(made, "gph_") || len(made) != len(secret) {
		t.Fatal(made, err)
	}
	in := sentBy(a, 1, `{"why":{"choices":["offers"]}}`, true)
	in.Page = a.SignPage(assess.SignedPage{Version: 1, Channel: "ig", Campaign: "spring", At: fieldDay.Add(-time.Hour)})
	send(t, db, a, in)
	d := goalpost.Delivery{Survey: a.Survey.ID, Hook: h.ID, Kind: assess.HookAnswer, Answer: in.ID, State: goalpost.DeliveryWaiting}
	m, err := assess.MessageOf(t.Context(), db, a.Org, d, fieldDay)
	if err != nil {
		t.Fatal(err)
	}
	var sent, shown map[string]any
	if json.Unmarshal(m.Body, &sent) != nil || json.Unmarshal([]byte(body), &shown) != nil {
		t.Fatalf("%s\n%s", m.Body, body)
	}
	if !sameKeys(sent, shown) {
		t.Errorf("fields of a message\ngot:  %s\nwant: %s", body, m.Body)
	}
	if id := find(`Goalpost-Message: (\S+)`); strings.Split(id, ":")[0] != strings.Split(m.ID, ":")[0] || strings.Count(id, ":") != strings.Count(m.ID, ":") {
		t.Errorf("%s, and not %s", id, m.ID)
	}

	triesAsInTheDocs(t, d, find)
}

func sameKeys(a, b map[string]any) bool {
	for k := range a {
		if _, there := b[k]; !there {
			return false
		}
	}
	return len(a) == len(b)
}

func triesAsInTheDocs(t *testing.T, d goalpost.Delivery, find func(string) string) {
	t.Helper()
	number := func(pattern string) int {
		n, err := strconv.Atoi(find(pattern))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var waits []time.Duration
	now := fieldDay
	for d.State == goalpost.DeliveryWaiting && len(waits) < 1000 {
		if d = assess.Tried(d, goalpost.ProblemTimeout, now, false); d.State == goalpost.DeliveryWaiting {
			waits = append(waits, d.At.Sub(now))
			now = d.At
		}
	}
	about := func(got, want time.Duration) bool { // tries are spread by a fifth
		return got >= want*8/10 && got <= want*12/10
	}
	first, last := time.Duration(number(`after about (\d+) seconds`))*time.Second, time.Duration(number(`up to every (\d+) hours`))*time.Hour
	if n := number(`hours, (\d+) times over two to three days`); d.Tries != n || !about(waits[0], first) || !about(waits[len(waits)-1], last) || now.Sub(fieldDay) < 48*time.Hour || now.Sub(fieldDay) > 72*time.Hour {
		t.Errorf("%d tries over %s, the first after %s, the last after %s", d.Tries, now.Sub(fieldDay), waits[0], waits[len(waits)-1])
	}
}
