package main

import (
	"slices"
	"strings"
	"testing"

	"goalpost/document"
)

// An answer is kept once, corrected, and shown beside the trade; a backup and a rebuild
// keep it.
func TestStudyAnswer(t *testing.T) {
	data := demoCopy(t)
	type kept struct {
		Wave  string `json:"wave"`
		Added int    `json:"added"`
	}
	answer := func(args ...string) kept {
		return read[kept](t, call(t, append([]string{"study", "answer", "pivot-sosm", "--data", data, "--output", "json"}, args...)...).expect(t, 0))
	}
	if k := answer("--wave", "2027", "--question", "goals", "--option", "engagement,brand"); k != (kept{"2027", 1}) {
		t.Errorf("\ngot:  %+v", k)
	}
	if k := answer("--wave", "2027", "--question", "goals", "--option", "brand", "--option", "engagement"); k.Added != 0 {
		t.Errorf("the same again\ngot:  %+v", k)
	}
	if k := answer("--wave", "2027", "--question", "goals", "--none", "--why", "nothing = decided"); k.Added != 1 {
		t.Errorf("a correction\ngot:  %+v", k)
	}
	if k := answer("--wave", "2027", "--question", "gender_men", "--number", "40,5", "--language", "de"); k.Added != 1 {
		t.Errorf("a number\ngot:  %+v", k)
	}
	if k := answer("--question", "asked_customers", "--option", "yes"); !strings.Contains(k.Wave, "-Q") {
		t.Errorf("the running quarter\ngot:  %+v", k)
	}
	check := func(data string) {
		t.Helper()
		d := read[document.Own](t, call(t, "study", "own", "pivot-sosm", "--data", data, "--output", "json").expect(t, 0))
		q := d.Questions[0]
		last := q.Answers[len(q.Answers)-1]
		if !slices.Contains(d.Waves, "2027") || last.Wave != "2027" || len(last.Choices) != 0 || last.Why != "nothing = decided" || len(q.Corrected) != 2 {
			t.Errorf("\ngot:  %v %+v %+v", d.Waves, q.Answers, q.Corrected)
		}
		if d.Goals == nil || len(d.Goals.Moves) != 11 || d.Goals.Shifted != 2 {
			t.Errorf("\ngot:  %+v", d.Goals)
		}
	}
	check(data)
	table := call(t, "study", "own", "pivot-sosm", "--data", data, "--language", "de").expect(t, 0).stdout
	flat := strings.Join(strings.Fields(table), " ")
	for _, want := range []string{"58\u00a0% der Befragten nannten „Mehr verkaufen“ (95-%-Intervall 50,7\u00a0% bis 65,0\u00a0%, wenn 181 Befragte geantwortet haben). Sie nicht (2027).", "Ihre Antwort: 40,5 (2027).", "von 140.000 auf 110.000", "bisher gibt es keine", "Weniger als 50\u00a0% der Befragten"} {
		if !strings.Contains(strings.ReplaceAll(flat, "\u00a0", " "), strings.ReplaceAll(want, "\u00a0", " ")) {
			t.Errorf("no %q in\n%s", want, table)
		}
	}
	csv := call(t, "study", "own", "pivot-sosm", "--data", data, "--output", "csv").expect(t, 0).stdout
	for _, want := range []string{"goals,sales,Sell more,own,2027,false", "goals,sales,Sell more,trade,2012,,,,,,0.5,false,assumed,", "gender_men,men,Men,own,2027,40.5", "goals,engagement,\"Engage people, talk with them\",goal,"} {
		if !strings.Contains(csv, want) {
			t.Errorf("no %q in\n%s", want, csv)
		}
	}
	call(t, "doctor", "--rebuild", "--data", data).expect(t, 0)
	check(data)
	backup, restored := t.TempDir()+"/b", t.TempDir()+"/restored"
	call(t, "backup", backup, "--data", data).expect(t, 0)
	call(t, "restore", backup, "--data", restored).expect(t, 0)
	check(restored)
}

// What cannot be kept is refused with the flag or the list that helps.
func TestStudyAnswerRefuses(t *testing.T) {
	data := demoData(t).dir
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"none", "--question", "goals", "--none"}, "none"},
		{[]string{"pivot-sosm", "--question", "luck", "--none"}, "asked_customers"},
		{[]string{"pivot-sosm", "--question", "goals"}, "--option"},
		{[]string{"pivot-sosm", "--question", "goals", "--option", "luck"}, "engagement, brand"},
		{[]string{"pivot-sosm", "--question", "goals", "--option", "sales", "--none"}, "--none"},
		{[]string{"pivot-sosm", "--question", "gender_men", "--number", "half"}, "--number"},
		{[]string{"pivot-sosm"}, "--question"},
	} {
		if r := call(t, append([]string{"study", "answer", "--data", data}, c.args...)...).expect(t, 2); !strings.Contains(r.stderr, c.want) {
			t.Errorf("%v\ngot:  %s\nwant: %s", c.args, r.stderr, c.want)
		}
	}
	call(t, "study", "own", "luck", "--data", data).expect(t, 2)
	call(t, "study", "own", "pivot-sosm").expect(t, 2)
}
