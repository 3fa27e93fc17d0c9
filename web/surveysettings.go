package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// SurveySettingsPage says how a survey runs.
type SurveySettingsPage struct {
	Page
	Head      SurveyHead
	Saved     bool
	Addresses []Option
	Anonymous bool
	Invited   bool
	Samples   []Option
	Asked     string
	Opens     string
	Closes    string
	Zone      string
	Limit     string
	Quotas    []QuotaRow
	Privacy   []TextGroup
	Consent   TextGroup
	Results   bool
	Prize     bool
	Public    bool
	KeepDays  string
	Messages  []TextGroup
	Work      bool
	Frames    string
	Studies   []Option
	Wave      string
}

// QuotaRow is one quota in the form.
type QuotaRow struct {
	At, Number        int
	ID, Wrong, Limit  string
	Taken             string // how far it is filled
	Groups            []OptionGroup
	Name, NumberLabel string
	None              string
}

// localTime is how a browser's field for date and time writes one.
const localTime = "2006-01-02T15:04"

// settingsEntry are settings as they stand in the form: what is typed as a number or a
// date, and may be none.
type settingsEntry struct {
	s      goalpost.SurveySettings
	typed  url.Values // asked, limit, keep_days, opens_at, closes_at, and the quotas' limits
	quotas []goalpost.Quota
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func entryOfSettings(s goalpost.SurveySettings, zone *time.Location) settingsEntry {
	e := settingsEntry{s: s, typed: url.Values{}, quotas: s.Quotas}
	for name, n := range map[string]int{"asked": s.Asked, "limit": s.Limit, "keep_days": s.KeepDays} {
		e.typed.Set(name, count(n))
	}
	for name, t := range map[string]time.Time{"opens_at": s.OpensAt, "closes_at": s.ClosesAt} {
		if !t.IsZero() {
			e.typed.Set(name, t.In(zone).Format(localTime))
		}
	}
	for i, q := range s.Quotas {
		e.typed.Set("quota_limit_"+strconv.Itoa(i), strconv.Itoa(q.Limit))
	}
	return e
}

// readSettings reads the form; the error names the field that cannot be read. What the
// form does not hold stays as it is.
func readSettings(form url.Values, s goalpost.SurveySettings, languages []string, zone *time.Location) (e settingsEntry, err error) {
	t := typed(form)
	e = settingsEntry{s: s, typed: form}
	keep := func(problem error) {
		if err == nil {
			err = problem
		}
	}
	whole := func(name string) int {
		n, problem := wholeNumber(t.get(name), name)
		keep(problem)
		return n
	}
	at := func(name string) time.Time {
		v, problem := momentIn(t.get(name), name, zone)
		keep(problem)
		return v
	}
	x := &e.s
	x.Address, x.Sample = t.get("address"), goalpost.SampleKind(t.get("sample_kind"))
	for name, to := range map[string]*bool{"anonymous": &x.Anonymous, "invited": &x.Invited, "results": &x.Results, "prize": &x.Prize, "work": &x.Work, "public_results": &x.PublicResults} {
		*to = t.get(name) != ""
	}
	x.Asked, x.Limit, x.KeepDays = whole("asked"), whole("limit"), whole("keep_days")
	x.OpensAt, x.ClosesAt = at("opens_at"), at("closes_at")
	for name, to := range map[string]*goalpost.Text{"responsible": &x.Responsible, "privacy": &x.Privacy, "consent": &x.Consent, "before": &x.Before, "paused": &x.Paused, "full": &x.Full, "after": &x.After} {
		*to = t.textIn(name, languages)
	}
	x.Frames = strings.Fields(form.Get("frames"))
	x.Study, x.Wave = t.get("study"), t.get("wave")
	e.quotas = nil
	rows, _ := strconv.Atoi(t.get("quotas"))
	for i := range min(rows, 200) {
		question, option, ok := strings.Cut(t.get("quota_"+strconv.Itoa(i)), "|")
		if !ok {
			continue
		}
		name := "quota_limit_" + strconv.Itoa(i)
		e.quotas = append(e.quotas, goalpost.Quota{Question: question, Option: option, Limit: whole(name)})
		e.typed["quota_limit_"+strconv.Itoa(len(e.quotas)-1)] = []string{t.get(name)}
	}
	x.Quotas = e.quotas
	return e, err
}

func wholeNumber(text, field string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.survey.count", Field: field}
	}
	return n, nil
}

func momentIn(text, field string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(localTime, text, zone)
	if err != nil {
		return time.Time{}, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.survey-settings.time", Field: field, Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	return t.UTC(), nil
}

func (s *Server) surveySettings(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.editedSurvey(r, v)
	if err != nil {
		return err
	}
	return s.showSurveySettings(w, r, v, e, entryOfSettings(e.Settings, v.org.Zone()), nil)
}

// changeSurveySettings keeps how a survey runs.
func (s *Server) changeSurveySettings(w http.ResponseWriter, r *http.Request, v visitor) error {
	e, err := s.sentSurvey(r, v)
	if err != nil {
		return err
	}
	x, err := readSettings(r.PostForm, e.Settings, e.Form.Languages, v.org.Zone())
	if err == nil {
		err = s.changeSurvey(r, v, e, store.SurveyChange{Settings: &x.s})
	}
	if err == nil && x.s.PublicResults {
		_, err = assess.PublishResults(r.Context(), s.DB, v.org.ID, s.Now())
	}
	if err != nil {
		now, readErr := s.editedSurvey(r, v)
		if readErr != nil {
			return readErr
		}
		return s.showSurveySettings(w, r, v, now, x, err)
	}
	http.Redirect(w, r, "settings?saved=1", http.StatusSeeOther)
	return nil
}

func (s *Server) showSurveySettings(w http.ResponseWriter, r *http.Request, v visitor, e assess.EditedSurvey, x settingsEntry, problem error) error {
	p := SurveySettingsPage{Page: s.newPage(r, &v, ""), Saved: problem == nil && r.URL.Query().Get("saved") != ""}
	p.Head = s.surveyHead(p.Page, v, e, "settings")
	p.Title = p.say("web.survey-settings.title", goalpost.TextArg(p.Head.Name))
	if err := p.refusedSurvey(problem, nil); err != nil {
		return err
	}
	set := x.s
	for _, a := range []string{goalpost.FormalAddress, goalpost.FamiliarAddress} {
		p.Addresses = append(p.Addresses, Option{Value: a, Text: p.T("web.survey.address." + a), Selected: a == set.Address})
	}
	for _, k := range goalpost.SampleKinds() {
		p.Samples = append(p.Samples, Option{Value: string(k), Text: p.T("web.survey-settings.sample." + string(k)), Selected: k == set.Sample})
	}
	p.Anonymous, p.Invited, p.Results, p.Prize, p.Work, p.Public = set.Anonymous, set.Invited, set.Results, set.Prize, set.Work, set.PublicResults
	p.Asked, p.Limit, p.KeepDays, p.Opens, p.Closes = x.typed.Get("asked"), x.typed.Get("limit"), x.typed.Get("keep_days"), x.typed.Get("opens_at"), x.typed.Get("closes_at")
	p.Zone = p.say("web.survey-settings.zone", goalpost.TextArg(v.org.TimeZone))
	p.Frames, p.Wave = strings.Join(set.Frames, "\n"), set.Wave
	for _, g := range []struct {
		name string
		t    goalpost.Text
		to   *[]TextGroup
	}{{"responsible", set.Responsible, &p.Privacy}, {"privacy", set.Privacy, &p.Privacy}, {"before", set.Before, &p.Messages}, {"paused", set.Paused, &p.Messages}, {"full", set.Full, &p.Messages}, {"after", set.After, &p.Messages}} {
		*g.to = append(*g.to, p.textGroup(g.name, "web.survey-settings."+g.name, e.Form.Languages, g.t, 2))
	}
	p.Consent = p.textGroup("consent", "web.survey-settings.consent", e.Form.Languages, set.Consent, 2)
	counts, err := assess.QuotaCounts(r.Context(), s.DB, v.org.ID, e.Survey)
	if err != nil {
		return err
	}
	p.fillQuotas(e.Form, x, counts)
	studies, err := assess.Studies(r.Context(), s.DB, v.org.ID)
	if err != nil {
		return err
	}
	p.Studies = []Option{{Text: p.T("web.survey-settings.no-study")}}
	for _, h := range studies {
		study := h.Current().Study
		p.Studies = append(p.Studies, Option{Value: study.ID, Text: study.Title.In(p.lang), Selected: study.ID == set.Study})
	}
	if set.Study != "" && !slices.ContainsFunc(p.Studies, func(o Option) bool { return o.Value == set.Study }) {
		p.Studies = append(p.Studies, Option{Value: set.Study, Text: set.Study, Selected: true})
	}
	return s.render(w, statusOfProblem(problem), "surveysettings", p)
}

// fillQuotas shows the quotas and one empty row.
func (p *SurveySettingsPage) fillQuotas(f goalpost.Form, x settingsEntry, counts []goalpost.QuotaCount) {
	for i := range len(x.quotas) + 1 {
		var q goalpost.Quota
		if i < len(x.quotas) {
			q = x.quotas[i]
		}
		at := strconv.Itoa(i)
		row := QuotaRow{At: i, Number: i + 1, ID: "quotas-" + at, Name: p.say("web.survey-settings.quota.of", goalpost.PlainArg(i+1)), NumberLabel: p.say("web.survey-settings.quota.limit", goalpost.PlainArg(i+1)), None: p.T("web.survey-settings.no-quota")}
		if i < len(x.quotas) {
			row.Limit = x.typed.Get("quota_limit_" + at)
		}
		if n := slices.IndexFunc(counts, func(c goalpost.QuotaCount) bool { return c.Quota == q }); n >= 0 {
			row.Taken = p.taken(counts[n])
		}
		for _, field := range []string{row.ID + "-question", row.ID + "-option", row.ID + "-limit", "quota_limit_" + at} {
			if row.Wrong == "" {
				row.Wrong = p.Wrong(field)
			}
		}
		for j, question := range f.Questions {
			if len(question.Options) == 0 {
				continue
			}
			g := OptionGroup{Title: strconv.Itoa(j+1) + ". " + question.Wording.In(p.lang)}
			for _, o := range question.Options {
				g.Options = append(g.Options, Option{Value: question.Code + "|" + o.Code, Text: o.Label.In(p.lang), Selected: question.Code == q.Question && o.Code == q.Option})
			}
			row.Groups = append(row.Groups, g)
		}
		p.Quotas = append(p.Quotas, row)
	}
}
