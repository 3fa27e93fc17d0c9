package web

import (
	"net/http"

	"goalpost"
)

// SettingsPage is the organisation's settings and the own password.
type SettingsPage struct {
	Page
	organisationForm
	Saved       bool
	CanSet      bool
	HasPassword bool
	UserName    string
}

// settings shows the settings.
func (s *Server) settings(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := s.settingsPage(r, v)
	p.Saved = r.URL.Query().Get("saved") != ""
	return s.render(w, http.StatusOK, "settings", p)
}

func (s *Server) settingsPage(r *http.Request, v visitor) SettingsPage {
	p := SettingsPage{Page: s.newPage(r, &v, "web.settings.title"), CanSet: v.rank >= owner, HasPassword: !s.Demo, UserName: v.user.Name}
	p.organisationForm = organisationForm{Organisation: v.org.Name, Language: v.org.Language, TimeZone: v.org.TimeZone, Currency: v.org.Currency}
	p.fill(p.Page)
	return p
}

// saveSettings changes the organisation. Another time zone cuts the days anew.
func (s *Server) saveSettings(w http.ResponseWriter, r *http.Request, v visitor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p := s.settingsPage(r, v)
	p.read(&p.Page, r.PostForm)
	if len(p.Problems) > 0 {
		return s.render(w, http.StatusUnprocessableEntity, "settings", p)
	}
	org := v.org
	org.Name, org.Language, org.TimeZone, org.Currency = p.Organisation, p.Language, p.TimeZone, p.Currency
	if err := s.DB.UpdateOrganisation(r.Context(), org); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/settings?saved=1", http.StatusSeeOther)
	return nil
}

// changePassword replaces the own password; every other session of the user ends.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request, v visitor) error {
	if s.Demo {
		return notFound()
	}
	if err := parseForm(r); err != nil {
		return err
	}
	ctx := r.Context()
	p := s.settingsPage(r, v)
	old, fresh := r.PostForm.Get("old"), r.PostForm.Get("password")
	fits := false
	if len(old) <= MaxPassword {
		var err error
		if fits, err = s.hasher.fits(ctx, v.user.PasswordHash, old); err != nil {
			return err
		}
	}
	if !fits {
		p.problem("old", "error.web.password-old")
	}
	if key := passwordProblem(fresh); key != "" {
		p.problem("password", key)
	}
	if len(p.Problems) > 0 {
		return s.render(w, http.StatusUnprocessableEntity, "settings", p)
	}
	hash, err := s.hasher.hash(ctx, fresh)
	if err != nil {
		return err
	}
	u := v.user
	u.PasswordHash = hash
	if err := s.DB.UpdateUser(ctx, u); err != nil {
		return err
	}
	if err := s.enter(ctx, u, v.org.ID); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+langOf(r)+"/settings?saved=1", http.StatusSeeOther)
	return nil
}

// KPIsPage lists the definitions of all KPIs.
type KPIsPage struct {
	Page
	Layers []Fact
	KPIs   []KPIRow
}

// KPIRow is one definition.
type KPIRow struct {
	Code        string
	Name        string
	Formula     string // of ratios only
	Aggregation string
	Layer       string
	Source      string
}

// kpis shows what every KPI counts.
func (s *Server) kpis(w http.ResponseWriter, r *http.Request, v visitor) error {
	p := KPIsPage{Page: s.newPage(r, &v, "web.kpis.title")}
	for _, l := range []goalpost.Layer{goalpost.ActivityMade, goalpost.Output, goalpost.OutTake, goalpost.Outcome, goalpost.Impact} {
		p.Layers = append(p.Layers, Fact{Name: p.layer(l), Text: p.T("web.kpis.layer." + string(rune('0'+int(l))))})
	}
	for _, k := range goalpost.KPIs() {
		if k.Aggregation == goalpost.AggElse && !k.FromSurvey {
			continue // not computed yet
		}
		source := k.Source
		if key := "kpi." + k.Code + ".definition"; p.printer.Has(key) {
			source = p.T(key)
		}
		row := KPIRow{Code: k.Code, Name: p.printer.Word("kpi." + k.Code),
			Aggregation: p.T("web.aggregation." + string(k.Aggregation)), Layer: p.layer(k.Layer), Source: source}
		if k.Denominator != "" { // anything else is what its name says
			row.Formula = p.formula(k)
		}
		p.KPIs = append(p.KPIs, row)
	}
	return s.render(w, http.StatusOK, "kpis", p)
}

// formula writes what a KPI divides by what.
func (p Page) formula(k goalpost.KPI) string {
	num := p.printer.Word("metric." + string(k.Numerator))
	if k.Denominator == "" {
		return num
	}
	return num + " / " + p.printer.Word("metric."+string(k.Denominator))
}

func (p Page) layer(l goalpost.Layer) string {
	return p.T("layer." + string(rune('0'+int(l))))
}

// definition is a KPI's definition in one sentence.
func (p Page) definition(k goalpost.KPI) string {
	if k.FromSurvey {
		return p.printer.Word("kpi."+k.Code) + ": " + p.T("kpi."+k.Code+".definition")
	}
	if k.Aggregation == goalpost.AggElse {
		return p.say("web.kpis.elsewhere", goalpost.WordArg("kpi."+k.Code))
	}
	text := p.formula(k) + ", " + p.T("web.aggregation."+string(k.Aggregation))
	if name := p.printer.Word("kpi." + k.Code); name != p.formula(k) {
		text = name + ": " + text
	}
	return text
}
