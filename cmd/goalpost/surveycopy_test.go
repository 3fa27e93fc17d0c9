package main

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"goalpost/document"
)

// A copy has every question and setting of a survey, but no answers, dates or wave; asked for
// again under the same name it is the same one.
func TestSurveyCopy(t *testing.T) {
	data := surveyed(t)
	was := read[document.Survey](t, call(t, "survey", "show", "wishes", "--data", data, "--output", "json").expect(t, 0))
	made := read[document.SurveyChange](t, call(t, "survey", "copy", "wishes", "--slug", "wishes-2", "--data", data, "--output", "json").expect(t, 0))
	got := made.Survey
	if !made.Created || got.Survey == was.Survey || got.Slug != "wishes-2" || got.State != "draft" || got.Complete != 0 || got.Answered || was.Complete != 1 {
		t.Errorf("%+v", got.SurveyEntry)
	}
	want := was.Settings
	want.OpensAt, want.ClosesAt, want.Wave = time.Time{}, time.Time{}, ""
	if !reflect.DeepEqual(got.Form, was.Form) || !reflect.DeepEqual(got.Settings, want) {
		t.Errorf("\ngot:  %+v %+v\nwant: %+v %+v", got.Form, got.Settings, was.Form, want)
	}
	if again := read[document.SurveyChange](t, call(t, "survey", "copy", "wishes", "--slug", "wishes-2", "--data", data, "--output", "json").expect(t, 0)); again.Created || again.Survey.Survey != got.Survey {
		t.Errorf("the same copy again: %+v", again.Survey.SurveyEntry)
	}
	if s := call(t, "survey", "copy", "1", "--data", data, "--language", "de").expect(t, 0).stdout; !strings.Contains(s, "ist als Entwurf angelegt, Nummer 3") {
		t.Errorf("%s", s)
	}
	call(t, "survey", "open", "wishes-2", "--data", data).expect(t, 0)
	for _, args := range [][]string{{"wishes", "--slug", "wishes"}, {"wishes", "--slug", "Not one!"}, {"nobody"}} {
		if r := call(t, append([]string{"survey", "copy", "--data", data}, args...)...).expect(t, 2); r.stderr == "" {
			t.Errorf("%v: nothing is said", args)
		}
	}
	if list := read[document.Surveys](t, call(t, "survey", "list", "--data", data, "--output", "json").expect(t, 0)); len(list.Surveys) != 3 {
		t.Errorf("%d surveys", len(list.Surveys))
	}
}
