package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
)

// AskedView is one question as it is drawn.
type AskedView struct {
	Code    string
	Kind    string // single multiple grades stars list number short long ranking consent
	Wording SaidText
	Help    SaidText
	Hint    string // how many may be chosen, between what a number lies
	Must    string // that it has to be answered
	Words   string // language of the program's own words where it is another one
	Hidden  bool   // its condition does not hold yet
	Rules   string // that condition, for the script
	Problem string
	Options []AskedItem
	Grades  []AskedItem
	Low     SaidText // what the ends of the grades mean
	High    SaidText
	Value   string // of a text or a number
	Unit    SaidText
	Most    int // letters
	Places  int // decimals
	Left    string
	Up      string // words of the script
	Down    string
	Out     string
	Add     string
}

// AskedItem is one option or grade.
type AskedItem struct {
	Name, Value string
	Label       SaidText
	Checked     bool
	Alone       bool // excludes all others
	Other       bool // with words of one's own
	OtherName   string
	OtherText   string
	Ranks       []Option
	Spoken      string // what a grade means, for those who hear it
}

// Names of the fields of a question, before its code.
const (
	fieldChoice = "c." // options
	fieldGrade  = "n." // grade or number, or an option instead
	fieldText   = "t." // text
	fieldRank   = "r." // place, before the code of an option
	asOption    = "o:" // an option where a grade is meant else
)

// kindOf says how a question is drawn.
func kindOf(q goalpost.SurveyQuestion) string {
	switch q.Type {
	case goalpost.SingleChoice:
		return "single"
	case goalpost.MultipleChoice:
		return "multiple"
	case goalpost.NPSQuestion:
		return "grades"
	case goalpost.ScaleQuestion:
		switch {
		case q.Scale != nil && q.Scale.Look == goalpost.LookStars:
			return "stars"
		case q.Scale != nil && len(q.Scale.Labels) > 2:
			return "list"
		}
		return "grades"
	case goalpost.NumberQuestion:
		return "number"
	case goalpost.RankingQuestion:
		return "ranking"
	case goalpost.ConsentQuestion:
		return "consent"
	default:
		if q.Long {
			return "long"
		}
		return "short"
	}
}

// asked draws a question with what was answered; typed is what a form sent, where it has to
// be shown again.
func (p RespondentPage) asked(q goalpost.SurveyQuestion, rid string, r goalpost.QuestionReply, typed url.Values) AskedView {
	v := AskedView{Code: q.Code, Kind: kindOf(q), Wording: p.said(q.Wording), Help: p.said(q.Help), Unit: p.said(q.Unit), Words: p.Words, Hint: p.hint(q)}
	if q.Required {
		v.Must = p.T("web.surveypage.required")
	}
	for _, o := range q.Order(rid) {
		v.Options = append(v.Options, p.askedOption(q, o, r, typed))
	}
	switch v.Kind {
	case "grades", "stars", "list":
		v.Grades, v.Low, v.High = p.grades(q, r)
	case "number":
		v.Value, v.Places = r.Text, q.Decimals
		if r.Number != nil {
			v.Value = strings.ReplaceAll(strconv.FormatFloat(*r.Number, 'f', -1, 64), ".", p.decimalMark())
		}
	case "short", "long":
		v.Value, v.Most = r.Text, goalpost.MaxShortText
		if q.Long {
			v.Most = goalpost.MaxLongText
		}
		v.Left = p.say("web.surveypage.left", goalpost.NumberArg(float64(v.Most-len([]rune(r.Text)))))
	case "ranking":
		v.Up, v.Down, v.Out, v.Add = p.T("web.surveypage.rank.up"), p.T("web.surveypage.rank.down"), p.T("web.surveypage.rank.out"), p.T("web.surveypage.rank.add")
	case "consent":
		v.Options = []AskedItem{{Name: fieldChoice + q.Code, Value: goalpost.Agreed, Label: v.Wording, Checked: slices.Contains(r.Choices, goalpost.Agreed)}}
	}
	return v
}

func (p RespondentPage) decimalMark() string {
	if p.FormLang == "en" {
		return "."
	}
	return ","
}

// hint says what can be answered, beyond the options.
func (p RespondentPage) hint(q goalpost.SurveyQuestion) string {
	key := "web.surveypage.choose."
	switch q.Type {
	case goalpost.NumberQuestion:
		key = "web.surveypage.number."
	case goalpost.MultipleChoice, goalpost.RankingQuestion:
		if q.Type == goalpost.RankingQuestion {
			key = "web.surveypage.rank."
		}
		if q.Min == nil && q.Max == nil {
			return p.T(key + "any")
		}
	default:
		return ""
	}
	switch {
	case q.Min != nil && q.Max != nil && *q.Min == *q.Max:
		return p.say(key+"exactly", goalpost.NumberArg(*q.Min))
	case q.Min != nil && q.Max != nil:
		return p.say(key+"between", goalpost.NumberArg(*q.Min), goalpost.NumberArg(*q.Max))
	case q.Min != nil:
		return p.say(key+"from", goalpost.NumberArg(*q.Min))
	case q.Max != nil:
		return p.say(key+"to", goalpost.NumberArg(*q.Max))
	}
	return ""
}

// askedOption draws one option. Where a grade is meant else, it stands in the same group of
// buttons, so that one excludes the other.
func (p RespondentPage) askedOption(q goalpost.SurveyQuestion, o goalpost.Item, r goalpost.QuestionReply, typed url.Values) AskedItem {
	item := AskedItem{Name: fieldChoice + q.Code, Value: o.Code, Label: p.said(o.Label), Checked: slices.Contains(r.Choices, o.Code), Alone: o.Role.Alone(), Other: o.Role == goalpost.RoleOther}
	switch q.Type {
	case goalpost.ScaleQuestion, goalpost.NPSQuestion:
		item.Name, item.Value = fieldGrade+q.Code, asOption+o.Code
	case goalpost.RankingQuestion:
		if item.Alone {
			return item
		}
		item.Name = fieldRank + q.Code + "." + o.Code
		place := strconv.Itoa(slices.Index(r.Choices, o.Code) + 1)
		if typed != nil {
			place = typed.Get(item.Name)
		}
		item.Ranks = p.ranks(q, place)
	default:
	}
	if item.Other {
		item.OtherName, item.OtherText = fieldText+q.Code, r.Text
	}
	return item
}

// ranks are the places that an option can have.
func (p RespondentPage) ranks(q goalpost.SurveyQuestion, place string) []Option {
	list := []Option{{Text: p.T("web.surveypage.rank.none")}}
	most := 0
	for _, o := range q.Options {
		if !o.Role.Alone() {
			most++
		}
	}
	if q.Max != nil {
		most = min(most, int(*q.Max))
	}
	for i := 1; i <= most; i++ {
		n := strconv.Itoa(i)
		list = append(list, Option{Value: n, Text: p.say("web.surveypage.rank.place", goalpost.NumberArg(float64(i))), Selected: n == place})
	}
	return list
}

// grades draws the grades of a scale, and says what its ends mean.
func (p RespondentPage) grades(q goalpost.SurveyQuestion, r goalpost.QuestionReply) (list []AskedItem, low, high SaidText) {
	scale := goalpost.Scale{Low: goalpost.NPSLowest, High: goalpost.NPSHighest}
	if q.Scale != nil {
		scale = *q.Scale
	}
	low, high = p.said(scale.Grade(scale.Low)), p.said(scale.Grade(scale.High))
	if q.Type == goalpost.NPSQuestion && low.Text == "" {
		low, high = p.own("web.surveypage.nps.low"), p.own("web.surveypage.nps.high")
	}
	for g := scale.Low; g <= scale.High; g++ {
		item := AskedItem{Name: fieldGrade + q.Code, Value: strconv.Itoa(g), Label: p.said(scale.Grade(g)), Checked: r.Number != nil && *r.Number == float64(g)}
		switch {
		case g == scale.Low && low.Text != "":
			item.Spoken = fmt.Sprintf("%d: %s", g, low.Text)
		case g == scale.High && high.Text != "":
			item.Spoken = fmt.Sprintf("%d: %s", g, high.Text)
		}
		if scale.Look == goalpost.LookStars && item.Spoken == "" {
			item.Spoken = p.say("web.surveypage.star", goalpost.NumberArg(float64(g)), goalpost.NumberArg(float64(scale.High)))
		}
		list = append(list, item)
	}
	return list, low, high
}

// rulesOf writes the condition of a question for the script.
func rulesOf(q goalpost.SurveyQuestion) string {
	if q.ShowIf == nil {
		return ""
	}
	body, err := json.Marshal(q.ShowIf)
	if err != nil {
		return "" // the page then shows it after the next step
	}
	return string(body)
}
