package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// embedPart begins the addresses of a survey that may stand inside pages of other sites.
const embedPart = "embed"

// surveyBase is the address of a survey for respondents, without a channel.
func surveyBase(slug string, embedded bool) string {
	if embedded {
		slug += "/" + embedPart
	}
	return surveyPath + slug
}

// isEmbedded reports whether a respondent's page is to stand inside one of another site.
func isEmbedded(r *http.Request) bool {
	path, ours := strings.CutPrefix(r.URL.Path, surveyPath)
	_, below, _ := strings.Cut(path, "/")
	part, _, _ := strings.Cut(below, "/")
	return ours && part == embedPart
}

// inFrame lets the sites that the team of a survey names show a page of it inside theirs, also
// one that says what went wrong. All other pages of a survey stand in no frame.
func (s *Server) inFrame(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := s.askedSurvey(r, r.PathValue("slug"))
		if err != nil {
			a = s.asked.get(r.PathValue("slug")) // the page says what went wrong
		}
		if a != nil && len(a.Survey.Settings.Frames) > 0 {
			head := w.Header()
			head.Set("Content-Security-Policy", strings.Replace(contentSecurityPolicy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(a.Survey.Settings.Frames, " "), 1))
			head.Del("X-Frame-Options")
			head.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		h.ServeHTTP(w, r)
	})
}

// SiteView is the part of the page about surveys inside pages of other sites.
type SiteView struct {
	Action   string
	Revision int64
	Sites    string    // one a line
	Code     CopyField // without a value while no site is named
}

func (s *Server) siteView(p Page, x goalpost.Survey, form url.Values, problem error) SiteView {
	v := SiteView{Action: p.Href(channelsPath(x, "/channels/sites")), Revision: x.Revision, Sites: strings.Join(x.Settings.Frames, "\n")}
	if problem != nil && form.Has("sites") {
		v.Sites = form.Get("sites")
	}
	if len(x.Settings.Frames) > 0 {
		v.Code = p.copied("embed", p.T("web.channels.embed"), s.surveyEmbed(x))
		v.Code.Rows, v.Code.Help = 3, p.T("web.channels.embed.help")
	}
	return v
}

// surveyEmbed is what another site puts into its page.
func (s *Server) surveyEmbed(x goalpost.Survey) string {
	title := x.Form.Title.In(x.Form.Languages[0])
	src := s.outsideURL() + surveyBase(x.Slug, true)
	if channel := ownChannel(x, "web"); channel != "" {
		src += "/" + channel
	}
	return `<iframe src="` + src + `" width="100%" height="800" style="border:0" loading="lazy" title="` + escapeAttribute(title) + `"></iframe>`
}

// setSites keeps the sites that may show the survey inside their pages.
func (s *Server) setSites(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	revision, err := strconv.ParseInt(r.PostForm.Get("revision"), 10, 64)
	if err != nil {
		return goalpost.Errorf(goalpost.Invalid, "error.web.form")
	}
	settings := x.Settings
	settings.Frames = nil
	for _, line := range strings.Fields(r.PostForm.Get("sites")) {
		settings.Frames = append(settings.Frames, embeddedSite(line))
	}
	err = assess.ChangeSurvey(r.Context(), s.DB, v.org.ID, x.ID, store.SurveyChange{Revision: revision, Settings: &settings, By: v.user.Name, At: s.Now()})
	if err != nil {
		if e, ok := asError(err); ok && strings.HasPrefix(e.Field, "frames[") {
			moved := *e
			moved.Field = "sites"
			err = &moved
		}
		return s.showChannels(w, r, v, x, r.PostForm, err)
	}
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/channels?done=sites"), http.StatusSeeOther)
	return nil
}

// embeddedSite is the site of an address as people copy it: without what stands behind the name,
// and with https where nothing else is said.
func embeddedSite(text string) string {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil {
		return text // the check says what is wrong with it
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}
