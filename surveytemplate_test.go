package goalpost_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"goalpost"
)

// Every template is a survey that can be made at once, in both languages and both forms of
// address, and follows the craft: who chooses can say that they do not know, and scales
// are balanced.
func TestSurveyTemplates(t *testing.T) {
	codes := map[string]bool{}
	for _, template := range goalpost.SurveyTemplates() {
		if codes[template.Code] {
			t.Errorf("%s: twice", template.Code)
		}
		codes[template.Code] = true
		for _, languages := range [][]string{{"en"}, {"de"}, {"en", "de"}, {"de", "en"}} {
			for _, address := range []string{goalpost.FormalAddress, goalpost.FamiliarAddress} {
				f := template.Form(address, languages)
				s := goalpost.Survey{Slug: "x", Form: f, Settings: goalpost.SurveySettings{Address: address, Sample: goalpost.SampleSelfSelected}}
				if err := s.Check(); err != nil {
					t.Errorf("%s %v %s: %v", template.Code, languages, address, err)
				}
				if missing := f.Missing(); len(missing) > 0 {
					t.Errorf("%s %v: %v", template.Code, languages, missing)
				}
				said := fmt.Sprint(f)
				if strings.ContainsAny(said, "{|}") && strings.Contains(said, "|") {
					t.Errorf("%s %s: a choice between forms of address is left", template.Code, address)
				}
				if address == goalpost.FamiliarAddress && (strings.Contains(said, "Sie ") || strings.Contains(said, "Ihre ") || strings.Contains(said, "Ihnen")) && template.Code != "brand" {
					t.Errorf("%s: says Sie to whom it says du: %s", template.Code, said)
				}
			}
		}
		for _, q := range template.Form(goalpost.FormalAddress, []string{"en"}).Questions {
			unsure := slices.ContainsFunc(q.Options, func(o goalpost.Item) bool { return o.Role == goalpost.RoleDontKnow || o.Role == goalpost.RoleNoOpinion })
			if q.Type != goalpost.TextQuestion && !unsure {
				t.Errorf("%s %s: nobody can say that they do not know", template.Code, q.Code)
			}
			if q.Scale != nil && (len(q.Scale.Labels)%2 == 0 || len(q.Scale.Labels) != q.Scale.High) {
				t.Errorf("%s %s: the scale has no middle or grades without words", template.Code, q.Code)
			}
		}
	}
	if len(codes) != 8 {
		t.Errorf("\ngot:  %d templates\nwant: 8", len(codes))
	}
	brand, _ := goalpost.SurveyTemplateByCode("brand")
	if f := brand.Form(goalpost.FormalAddress, []string{"de"}); !slices.Contains(f.Placeholders(), "questions[1].options[0].label") {
		t.Errorf("what the team has to put in is not found: %v", f.Placeholders())
	}
}
