package goalpost

import (
	"regexp"
	"strings"
)

// SurveyTemplate is a survey that a team can begin with. Its texts are in English and
// German; what a team has to put in itself stands in square brackets.
type SurveyTemplate struct {
	Code  string
	Name  Text // what it finds out
	About Text // for the team
	Guide Text // how it is used, where that takes more than a sentence
	Study string
	form  Form
}

// TemplateLanguages are the languages that the texts of templates exist in.
func TemplateLanguages() []string { return []string{"en", "de"} }

// SurveyTemplateByCode finds a template.
func SurveyTemplateByCode(code string) (SurveyTemplate, bool) {
	for _, t := range SurveyTemplates() {
		if t.Code == code {
			return t, true
		}
	}
	return SurveyTemplate{}, false
}

// addressed are two ways to say something in German, to people addressed with Sie and
// with du: "Warum {folgen Sie|folgst du} uns?".
var addressed = regexp.MustCompile(`\{([^|{}]*)\|([^|{}]*)\}`)

// Form returns the template's form in some of its languages, the first one first, with
// people addressed in German as a survey's settings say.
func (t SurveyTemplate) Form(address string, languages []string) Form {
	way := "$1"
	if address == FamiliarAddress {
		way = "$2"
	}
	f := t.form.clone()
	f.Languages = languages
	say := func(text *Text) {
		if len(*text) == 0 {
			return
		}
		said := Text{}
		for _, l := range languages {
			if s := (*text)[l]; s != "" {
				said[l] = addressed.ReplaceAllString(s, way)
			}
		}
		*text = said
	}
	say(&f.Title)
	say(&f.Intro)
	say(&f.Thanks)
	for i := range f.Questions {
		q := &f.Questions[i]
		q.Version = 1
		say(&q.Wording)
		say(&q.Help)
		say(&q.Unit)
		for j := range q.Options {
			say(&q.Options[j].Label)
		}
		if q.Scale != nil {
			for j := range q.Scale.Labels {
				say(&q.Scale.Labels[j])
			}
		}
	}
	return f
}

// Placeholders returns the paths of texts in which something in square brackets waits to
// be replaced.
func (f Form) Placeholders() []string {
	var list []string
	f.eachText(func(field string, t Text) {
		for _, s := range t {
			if open := strings.Index(s, "["); open >= 0 && strings.Contains(s[open:], "]") {
				list = append(list, field)
				return
			}
		}
	})
	return list
}

func bothWays(en, de string) Text { return Text{"en": en, "de": de} }

func templateItem(code, en, de string) Item { return Item{Code: code, Label: bothWays(en, de)} }

func roleItem(role ItemRole, en, de string) Item {
	return Item{Code: string(role), Label: bothWays(en, de), Role: role}
}

func otherItem() Item { return roleItem(RoleOther, "Something else", "Etwas anderes") }

func dontKnowItem() Item { return roleItem(RoleDontKnow, "Don’t know", "Weiß nicht") }

func noAnswerItem() Item { return roleItem(RoleNoOpinion, "Prefer not to say", "Keine Angabe") }

func templateQuestion(code string, kind QuestionType, en, de string, options ...Item) SurveyQuestion {
	return SurveyQuestion{Question: Question{Code: code, Version: 1, Type: kind, Wording: bothWays(en, de), Options: options}}
}

// shuffled shows the options in an order of each respondent, so that none gains from
// standing first.
func (q SurveyQuestion) shuffled() SurveyQuestion {
	q.Shuffle = true
	return q
}

func (q SurveyQuestion) helped(en, de string) SurveyQuestion {
	q.Help = bothWays(en, de)
	return q
}

func (q SurveyQuestion) onNewPage() SurveyQuestion {
	q.NewPage = true
	return q
}

func (q SurveyQuestion) upTo(most float64) SurveyQuestion {
	q.Max = &most
	return q
}

func (q SurveyQuestion) shownIf(r Rule) SurveyQuestion {
	q.ShowIf = &Condition{Rules: []Rule{r}}
	return q
}

// templateScale asks for a grade from 1; every grade has its words, from the lowest, as
// "English|Deutsch". A middle and as many words on either side make it balanced.
func templateScale(code, en, de string, grades ...string) SurveyQuestion {
	q := templateQuestion(code, ScaleQuestion, en, de, dontKnowItem())
	q.Scale = &Scale{Low: 1, High: len(grades)}
	for _, g := range grades {
		english, german, _ := strings.Cut(g, "|")
		q.Scale.Labels = append(q.Scale.Labels, bothWays(english, german))
	}
	return q
}

func openQuestion(code, en, de string) SurveyQuestion {
	q := templateQuestion(code, TextQuestion, en, de)
	q.Long = true
	return q
}

func satisfaction(code, en, de string) SurveyQuestion {
	return templateScale(code, en, de, "Very dissatisfied|Sehr unzufrieden", "Rather dissatisfied|Eher unzufrieden", "Neither|Teils, teils", "Rather satisfied|Eher zufrieden", "Very satisfied|Sehr zufrieden")
}
