package web

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"goalpost"
)

// Numbers as people type them: plain, and with marks between thousands, "1.234,5" as well as
// "1,234.5".
var (
	plainNumber = regexp.MustCompile(`^[+-]?([0-9]{1,15}([.,][0-9]{0,12})?|[.,][0-9]{1,12})$`)
	thousands   = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}([.,][0-9]{3})+$`)
	bothMarks   = regexp.MustCompile(`^[+-]?[1-9][0-9]{0,2}((\.[0-9]{3})+,[0-9]{1,12}|(,[0-9]{3})+\.[0-9]{1,12})$`)
)

// readNumber reads a number with a decimal comma or a decimal point. A mark before three
// digits stands between thousands where the question takes fewer decimals.
func readNumber(typed string, decimals int) (float64, bool) {
	s := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "−", "-", "'", "", "’", "").Replace(typed)
	switch {
	case bothMarks.MatchString(s):
		mark := strings.LastIndexAny(s, ".,")
		s = strings.NewReplacer(".", "", ",", "").Replace(s[:mark]) + "." + s[mark+1:]
	case thousands.MatchString(s) && decimals < 3:
		s = strings.NewReplacer(".", "", ",", "").Replace(s)
	case !plainNumber.MatchString(s):
		return 0, false
	}
	v, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
	return v, err == nil
}

// readReply reads what a form sent for a question. What was typed for a number and is none
// stays as a text, so that nothing is lost. tied is true where two options have one place.
func readReply(q goalpost.SurveyQuestion, form url.Values) (r goalpost.QuestionReply, tied bool) {
	text := strings.TrimSpace(strings.ReplaceAll(form.Get(fieldText+q.Code), "\r\n", "\n"))
	for _, c := range form[fieldChoice+q.Code] {
		if c != "" && !slices.Contains(r.Choices, c) {
			r.Choices = append(r.Choices, c)
		}
	}
	switch q.Type {
	case goalpost.TextQuestion:
		r.Text = text
	case goalpost.SingleChoice, goalpost.MultipleChoice:
		return withOther(q, r, text), false
	case goalpost.ScaleQuestion, goalpost.NPSQuestion, goalpost.NumberQuestion:
		return withNumber(q, r, strings.TrimSpace(form.Get(fieldGrade+q.Code))), false
	case goalpost.RankingQuestion:
		ranked, tied := readRanks(q, form)
		r.Choices = append(ranked, r.Choices...)
		return r, tied
	default: // an agreement is a choice
	}
	return r, false
}

// withNumber adds the grade or number, or the option that stands instead of it.
func withNumber(q goalpost.SurveyQuestion, r goalpost.QuestionReply, typed string) goalpost.QuestionReply {
	if option, found := strings.CutPrefix(typed, asOption); found {
		r.Choices = append(r.Choices, option)
		return r
	}
	if v, ok := readNumber(typed, q.Decimals); ok {
		r.Number = &v
		return r
	}
	r.Text = typed
	return r
}

// withOther adds words of one's own. Who wrote some without choosing the option meant it,
// unless another answer that stands alone was chosen.
func withOther(q goalpost.SurveyQuestion, r goalpost.QuestionReply, text string) goalpost.QuestionReply {
	for _, o := range q.Options {
		if o.Role != goalpost.RoleOther {
			continue
		}
		alone := slices.ContainsFunc(r.Choices, func(c string) bool { x, _ := q.Option(c); return x.Role.Alone() })
		chosen := slices.Contains(r.Choices, o.Code)
		if text != "" && !chosen && !alone && (q.Type == goalpost.MultipleChoice || len(r.Choices) == 0) {
			r.Choices, chosen = append(r.Choices, o.Code), true
		}
		if chosen {
			r.Text = text
		}
	}
	return r
}

// readRanks reads the places of options, in their order.
func readRanks(q goalpost.SurveyQuestion, form url.Values) (ranked []string, tied bool) {
	type placed struct {
		code  string
		place int
	}
	var list []placed
	for _, o := range q.Options {
		if n, err := strconv.Atoi(form.Get(fieldRank + q.Code + "." + o.Code)); err == nil && n > 0 {
			list = append(list, placed{o.Code, n})
		}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(a.place, b.place) })
	for i, x := range list {
		ranked = append(ranked, x.code)
		tied = tied || i > 0 && list[i-1].place == x.place
	}
	return ranked, tied
}
