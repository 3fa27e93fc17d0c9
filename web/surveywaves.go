package web

import (
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
)

// SurveyWavesPage sets a survey beside the others of its study.
type SurveyWavesPage struct {
	Page
	Tabs      SurveyTabs
	Back      string
	Heading   string
	Empty     string
	Settings  string // where a study is chosen
	Notes     []string
	Waves     []WaveName
	Questions []WaveQuestionView
	Method    string
}

// WaveName is a survey of the study.
type WaveName struct {
	Href, Name, About string
	Current           bool
}

// WaveQuestionView is one question in all waves.
type WaveQuestionView struct {
	Wording string
	Broken  []string
	Figure  FigureView
	Columns []string
	Rows    []WaveLine
}

// WaveLine is one answer in all waves, with how it changed last.
type WaveLine struct {
	Label  string
	Cells  []CrossText
	Change string
}

// surveyWavesPage shows how the shares of a survey changed from wave to wave.
func (s *Server) surveyWavesPage(w http.ResponseWriter, r *http.Request, v visitor) error {
	a, err := s.readSurvey(r, v)
	if err != nil {
		return err
	}
	p := SurveyWavesPage{Page: s.newPage(r, &v, "surveyshare.wave.title"), Heading: a.Survey.Form.Title.In(langOf(r)), Back: "/" + langOf(r) + "/surveys"}
	p.Tabs = p.tabsOf(v, a.Survey.ID, "waves")
	trend, err := s.surveyWaves(r, a)
	if err != nil {
		return err
	}
	if len(trend.Waves) < 2 {
		p.Empty = p.T("surveyshare.wave.empty")
		if p.CanEdit {
			p.Settings = p.surveyHref(a.Survey.ID, "/settings")
		}
		return s.render(w, http.StatusOK, "surveywaves", p)
	}
	for _, n := range trend.Notes {
		p.Notes = append(p.Notes, p.printer.Note(n))
	}
	p.Method = p.T("surveyshare.wave.method")
	for _, x := range trend.Waves {
		p.Waves = append(p.Waves, WaveName{Href: p.surveyHref(x.ID, ""), Name: p.waveName(x), Current: x.Current,
			About: p.say("surveyshare.wave.about", goalpost.NumberArg(float64(x.N)), goalpost.WordArg("sample."+string(x.Sample)))})
	}
	for i, q := range trend.Questions {
		p.Questions = append(p.Questions, p.waveQuestion(trend, q, "w"+strconv.Itoa(i+1)))
	}
	return s.render(w, http.StatusOK, "surveywaves", p)
}

func (p Page) waveName(w assess.SurveyWave) string {
	if w.Wave != "" {
		return w.Wave
	}
	return w.Title.In(p.lang)
}

func (p Page) waveQuestion(trend assess.SurveyTrendView, q assess.WaveQuestion, id string) WaveQuestionView {
	v := WaveQuestionView{Wording: q.Question.Wording.In(p.lang)}
	for _, b := range q.Broken {
		v.Broken = append(v.Broken, p.printer.Note(b.Why))
	}
	for _, w := range trend.Waves {
		v.Columns = append(v.Columns, p.waveName(w))
	}
	say := shareSay{Page: p}
	for _, row := range q.Rows {
		l := WaveLine{Label: say.label(assess.QuestionShares{Question: q.Question}, row.OptionShare)}
		for i, share := range row.Shares {
			cell := CrossText{Head: v.Columns[i], Text: p.T("surveyshare.wave.none"), Muted: true}
			switch {
			case share == nil:
			case share.Uncertain:
				cell.Text = p.T("surveyshare.cell.uncertain")
			default:
				cell.Text, cell.Muted = p.say("surveyshare.value", goalpost.TextArg(p.printer.PercentDecimals(share.Share.Value, 0)), goalpost.TextArg(p.limits(share.Share.Lo, share.Share.Hi))), false
			}
			l.Cells = append(l.Cells, cell)
		}
		if n := len(row.Changes); n > 0 {
			l.Change = p.moved(row.Changes[n-1])
		}
		v.Rows = append(v.Rows, l)
	}
	if compared := slices.ContainsFunc(q.Rows, func(r assess.WaveRow) bool { return len(r.Changes) > 0 }); compared {
		wide, narrow := p.waveScene(trend, q, chart.Wide), p.waveScene(trend, q, chart.Narrow)
		v.Figure = FigureView{Title: wide.Title, Wide: inline(wide, id, false), Narrow: inline(narrow, id, true)}
	}
	return v
}

// moved says a change in words.
func (p Page) moved(c assess.WaveChange) string {
	if c.Uncertain {
		return p.T("surveyshare.cell.uncertain")
	}
	key := "surveyshare.moved.unclear"
	if c.Sure() {
		key = "surveyshare.moved.up"
		if c.Points < 0 {
			key = "surveyshare.moved.down"
		}
	}
	return p.say(key, goalpost.TextArg(p.printer.SignedPoints(c.Points)), goalpost.TextArg(p.printer.PointsRange(c.Lo, c.Hi)))
}

// waveScene draws the shares of all waves.
func (p Page) waveScene(trend assess.SurveyTrendView, q assess.WaveQuestion, width float64) chart.Scene {
	d := chart.SharesData{Title: q.Question.Wording.In(p.lang), Percent: p.printer.Percent, Level: p.T("surveyshare.level")}
	say := shareSay{Page: p}
	var at []int
	for i, w := range trend.Waves {
		known := slices.ContainsFunc(q.Rows, func(r assess.WaveRow) bool { return r.Shares[i] != nil })
		if !known {
			continue
		}
		class := chart.Ring
		if w.Current {
			class = chart.Dot
		}
		at = append(at, i)
		d.Moments = append(d.Moments, chart.Moment{Label: p.waveName(w), Class: class})
	}
	var said []string
	for _, row := range q.Rows {
		x := chart.ShareRow{Label: say.label(assess.QuestionShares{Question: q.Question}, row.OptionShare), Note: p.T("surveyshare.cell.uncertain")}
		for _, i := range at {
			m := chart.ShareMark{}
			if s := row.Shares[i]; s != nil && !s.Uncertain {
				m = chart.ShareMark{Has: true, Value: s.Share.Value, HasRange: true, Lo: s.Share.Lo, Hi: s.Share.Hi}
				said = append(said, x.Label+", "+p.waveName(trend.Waves[i])+": "+p.printer.PercentDecimals(math.Round(100*s.Share.Value)/100, 0))
			}
			x.Marks = append(x.Marks, m)
		}
		d.Rows = append(d.Rows, x)
	}
	d.Desc = strings.Join(said, "; ")
	return chart.DrawShares(d, width)
}
