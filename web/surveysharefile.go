package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

func tagQuery(question, tag string) string {
	return url.Values{"question": {question}, "tag": {tag}}.Encode()
}

// surveyShareFile answers with a figure of one question: why.svg, why.png, why.csv.
func (s *Server) surveyShareFile(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	shares, err := s.surveyShares(r, a, assess.ParseShareFilter(r.URL.Query().Get("only")))
	if err != nil {
		return err
	}
	code, suffix, _ := strings.Cut(r.PathValue("file"), ".")
	i := slices.IndexFunc(shares.Questions, func(q assess.QuestionShares) bool { return q.Question.Code == code && !q.Earlier })
	if i < 0 {
		return notFound()
	}
	q, p := shares.Questions[i], s.newPage(r, &v, "")
	say := shareSay{Page: p, survey: a.Survey.ID, reading: shares.Reading}
	name := a.Survey.Slug + "-" + code
	if suffix == "csv" {
		return writeCSV(w, name+".csv", say.rows(q))
	}
	if len(q.Options) == 0 {
		return notFound()
	}
	scene := say.scene(q, chart.Wide).Captioned(p.say("surveyshare.source", goalpost.TextArg(a.Survey.Form.Title.In(p.lang)), goalpost.NumberArg(float64(q.Base)), goalpost.TextArg(p.printer.Note(shares.Reading.Interval))))
	return s.writeScene(w, r, scene, name, suffix)
}

// rows is the table behind a figure, for programs. What is not shown is empty.
func (s shareSay) rows(q assess.QuestionShares) [][]string {
	rows := [][]string{{"question", "option", "label", "state", "share", "lo", "hi", "se", "n", "base", "n_eff", "deff", "share_unweighted", "share_of_mentions", "mean_rank"}}
	for _, o := range slices.Concat(q.Options, q.Parts) {
		row := []string{q.Question.Code, o.Key, s.label(q, o), "shown", "", "", "", "", "", strconv.Itoa(q.Base), "", "", "", "", ""}
		switch {
		case o.Hidden:
			row[3] = "hidden"
		case o.Uncertain:
			row[3], row[8] = "uncertain", strconv.Itoa(o.Count)
		default:
			row[4], row[5], row[6], row[7], row[8], row[10] = exact(o.Share.Value), exact(o.Share.Lo), exact(o.Share.Hi), exact(o.Share.SE), strconv.Itoa(o.Count), exact(o.Share.EffectiveN)
			if o.Share.DesignEffect > 0 {
				row[11] = exact(o.Share.DesignEffect)
			}
			if o.Unweighted != nil {
				row[12] = exact(o.Unweighted.Value)
			}
			if o.Mentions != nil {
				row[13] = exact(o.Mentions.Value)
			}
			if o.Rank != nil {
				row[14] = exact(o.Rank.Value)
			}
		}
		for i := range row {
			row[i] = escapeFormula(row[i])
		}
		rows = append(rows, row)
	}
	return rows
}
