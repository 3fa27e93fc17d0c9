package assess

import (
	"slices"
	"strings"
	"testing"

	"goalpost"
	"goalpost/locale"
)

// Every kind of sample has its own words; only a random one has a plain interval, and one of
// volunteers never has a margin of error without the sentence that it is no random sample.
func TestSampleWords(t *testing.T) {
	for _, c := range []struct {
		kind            goalpost.SampleKind
		asked, complete int
		interval        string
		keys            []string
	}{
		{goalpost.SampleCensus, 181, 181, "exact", []string{"census"}},
		{goalpost.SampleCensus, 200, 181, "list", []string{"census-part", "rate", "shift"}},
		{goalpost.SampleCensus, 0, 181, "list", []string{"census-part", "rate-unknown"}},
		{goalpost.SampleProbability, 1000, 181, "random", []string{"probability", "rate", "shift"}},
		{goalpost.SampleList, 724, 181, "list", []string{"list", "rate", "shift"}},
		{goalpost.SamplePanel, 0, 181, "self", []string{"panel", "rate-unknown"}},
		{goalpost.SampleSelfSelected, 100, 181, "self", []string{"self-selected", "rate-unknown"}},
		{goalpost.SampleUnknown, 0, 181, "self", []string{"unknown", "rate-unknown"}},
	} {
		s := goalpost.Survey{Settings: goalpost.SurveySettings{Sample: c.kind, Asked: c.asked}}
		r := ReadSample(s, c.complete)
		var keys []string
		for _, n := range r.Notes {
			keys = append(keys, strings.TrimPrefix(n.Key, "surveysample."))
		}
		if r.Interval.Key != "surveysample.interval."+c.interval || !slices.Equal(keys, c.keys) || r.Exact != (c.interval == "exact") {
			t.Errorf("%s, %d asked: %s %v", c.kind, c.asked, r.Interval.Key, keys)
		}
		for _, language := range locale.Languages() {
			say := locale.New(language, "")
			text := say.Note(r.Interval) + " " + strings.Join(say.Notes(r.Notes), " ")
			random := map[string]string{"en": "random sample", "de": "Zufallsstichprobe"}[string(language)]
			if c.interval == "self" && !strings.Contains(text, random) {
				t.Errorf("%s %s: %s", c.kind, language, text)
			}
			if n := ShareSensitivity(s, c.complete, 0.5); c.asked == 724 && !strings.Contains(say.Note(n), map[string]string{"en": "between 42.5% and 57.5%", "de": "zwischen 42,5 % und 57,5 %"}[string(language)]) {
				t.Errorf("%s: %s", language, say.Note(n))
			}
		}
	}
}
