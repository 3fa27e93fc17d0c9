package assess

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"goalpost"
	"goalpost/store"
)

// Limits of tags.
const (
	maxTags      = 20 // of one answer
	maxTagLength = 40 // letters
)

// OpenQuery says which open answers are looked for; empty fields filter nothing.
type OpenQuery struct {
	Question string
	Search   string // part of the text, whatever its capitals and accents
	Tag      string
	Untagged bool
}

// OpenAnswer is a text that a respondent wrote.
type OpenAnswer struct {
	Answer goalpost.Answer
	Text   string
	Tags   []string
}

// TagCount is how many open answers to a question have a tag.
type TagCount struct {
	Tag    string
	Number int
}

// OpenAnswers are the open answers to one question, the newest first.
type OpenAnswers struct {
	List  []OpenAnswer
	Total int        // without search and tag
	Tags  []TagCount // of all, the most frequent first
}

// OpenQuestions returns the questions of a survey that people answer in their own words,
// those of earlier forms last.
func (a *AskedSurvey) OpenQuestions() []goalpost.SurveyQuestion {
	var list []goalpost.SurveyQuestion
	for v := a.Survey.FormVersion; v > 0; v-- {
		for _, q := range a.forms[v].Questions {
			known := slices.ContainsFunc(list, func(o goalpost.SurveyQuestion) bool { return o.Code == q.Code })
			if IsOpenQuestion(q) && !known {
				list = append(list, q)
			}
		}
	}
	return list
}

// IsOpenQuestion reports whether people may answer in their own words.
func IsOpenQuestion(q goalpost.SurveyQuestion) bool {
	return q.Type == goalpost.TextQuestion || slices.ContainsFunc(q.Options, func(o goalpost.Item) bool { return o.Role == goalpost.RoleOther })
}

// OpenAnswers reads the texts of complete answers to one question.
func (a *AskedSurvey) OpenAnswers(ctx context.Context, db *store.DB, q OpenQuery) (o OpenAnswers, err error) {
	tags, err := a.tagsOf(ctx, db, q.Question)
	if err != nil {
		return o, err
	}
	counts := map[string]int{}
	wanted := searcher(q.Search)
	answers, err := a.Answers(ctx, db, AnswersQuery{States: []goalpost.AnswerState{goalpost.AnswerComplete}})
	if err != nil {
		return o, err
	}
	for _, x := range answers {
		text := strings.TrimSpace(x.Replies[q.Question].Text)
		if text == "" {
			continue
		}
		given := tags[x.ID]
		for _, t := range given {
			counts[t]++
		}
		o.Total++
		if (q.Tag == "" || slices.Contains(given, q.Tag)) && (!q.Untagged || len(given) == 0) && wanted(text) {
			o.List = append(o.List, OpenAnswer{Answer: x, Text: text, Tags: given})
		}
	}
	slices.SortFunc(o.List, func(x, y OpenAnswer) int { return cmp.Compare(y.Answer.Change, x.Answer.Change) })
	for _, t := range slices.Sorted(maps.Keys(counts)) {
		o.Tags = append(o.Tags, TagCount{t, counts[t]})
	}
	slices.SortStableFunc(o.Tags, func(x, y TagCount) int { return y.Number - x.Number })
	return o, nil
}

// tagsOf returns the tags of the answers to one question, by the answer's id.
func (a *AskedSurvey) tagsOf(ctx context.Context, db *store.DB, question string) (map[string][]string, error) {
	list, err := db.AnswerTags(ctx, a.Org, a.Survey.ID)
	if err != nil {
		return nil, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	tags := map[string][]string{}
	for _, t := range list {
		if t.Question == question {
			tags[t.Answer] = append(tags[t.Answer], t.Tag)
		}
	}
	return tags, nil
}

// searcher returns what finds a text by a part of it. ö is found as o and as oe, ß as ss.
func searcher(part string) func(string) bool {
	plain, german := folded(part, plainLetters), folded(part, germanLetters)
	return func(text string) bool {
		return strings.Contains(folded(text, plainLetters), plain) || strings.Contains(folded(text, germanLetters), german)
	}
}

var (
	plainLetters  = strings.NewReplacer("ß", "ss")
	germanLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")
)

// folded is a text in small letters without accents and with single spaces.
func folded(text string, letters *strings.Replacer) string {
	text = letters.Replace(strings.ToLower(norm.NFC.String(strings.Join(strings.Fields(text), " "))))
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(text))
}

// TagAnswer gives an open answer these tags and no others. A tag that differs from one of
// the question only in its capitals is that one.
func (a *AskedSurvey) TagAnswer(ctx context.Context, db *store.DB, rid, question string, tags []string, by string, now time.Time) error {
	if !slices.ContainsFunc(a.OpenQuestions(), func(q goalpost.SurveyQuestion) bool { return q.Code == question }) {
		return goalpost.Errorf(goalpost.NotFound, "error.not-found", goalpost.TextArg("question"))
	}
	known, err := a.tagsOf(ctx, db, question)
	if err != nil {
		return err
	}
	spelled := map[string]string{}
	for _, list := range known {
		for _, t := range list {
			spelled[strings.ToLower(t)] = t
		}
	}
	var clean []string
	for _, t := range tags {
		t = strings.Join(strings.Fields(t), " ")
		if fault := goalpost.TextFault(t, maxTagLength); fault != "" {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.tag.text", Args: []goalpost.Arg{goalpost.NumberArg(maxTagLength)}}
		}
		if as, ok := spelled[strings.ToLower(t)]; ok {
			t = as
		}
		if t == "" || slices.Contains(clean, t) {
			continue
		}
		spelled[strings.ToLower(t)] = t
		clean = append(clean, t)
	}
	if len(clean) > maxTags {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.tag.many", Args: []goalpost.Arg{goalpost.NumberArg(maxTags)}}
	}
	if err := db.TagAnswer(ctx, a.Org, a.Survey.ID, rid, question, clean, by, now); err != nil {
		return fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
	}
	return nil
}

// AnswersWithSameText returns a page of the answers whose text another one has, as
// ListedAnswers of store does for what is kept.
func (a *AskedSurvey) AnswersWithSameText(ctx context.Context, db *store.DB, t *SurveyTally, f store.AnswerFilter, before int64, limit int) ([]goalpost.Answer, error) {
	var list []goalpost.Answer
	for _, rid := range t.sameTexts() {
		x, err := db.Answer(ctx, a.Org, a.Survey.ID, rid)
		if err != nil {
			return nil, fmt.Errorf("assess survey %d: %w", a.Survey.ID, err)
		}
		channel := f.Channel == "" || x.Channel == f.Channel || (f.Channel == store.PlainLink && x.Channel == "")
		if (f.State == "" || x.State == f.State) && channel && (f.Version == 0 || x.Version == f.Version) && (before == 0 || x.Change < before) {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(x, y goalpost.Answer) int { return cmp.Compare(y.Change, x.Change) })
	return list[:min(limit, len(list))], nil
}
