package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
	"goalpost/store"
)

// ChannelsPage is how a survey gets to its respondents: links, texts, pictures.
type ChannelsPage struct {
	Page
	Tabs     SurveyTabs
	Name     string
	Back     string
	Draft    string // says that the links do not work yet
	Done     string
	Cards    []ChannelCard
	Action   string
	Offers   []Option
	Campaign string
	Code     string
	Preview  string // address of the picture
	Site     SiteView
	Mail     MailView
	Print    []Fact // addresses by language
	Invite   string
	Open     string // the form for new channels is open
}

// ChannelCard is one link with everything that belongs to it.
type ChannelCard struct {
	ID, Name, Campaign string
	Link               CopyField
	Hint               string
	Texts              []CopyField
	SVG, PNG           string // addresses of the QR code
	Remove             string // code, empty where it cannot be removed
	RemoveLabel        string
}

// CopyField is a text to take away: it can be selected without scripts, and with them it
// has a button.
type CopyField struct {
	ID, Label, Value, Lang, Help, Copy, Copied string
	Rows                                       int  // 0 for one line
	Bare                                       bool // its label stands above already
}

// channelSurvey reads the survey that an address names.
func (s *Server) channelSurvey(r *http.Request, v visitor) (goalpost.Survey, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return goalpost.Survey{}, notFound()
	}
	x, err := s.DB.Survey(r.Context(), v.org.ID, goalpost.SurveyID(id))
	if goalpost.IsKind(err, goalpost.NotFound) {
		err = notFound()
	}
	return x, err
}

func channelsPath(x goalpost.Survey, page string) string {
	return "/surveys/" + strconv.FormatInt(int64(x.ID), 10) + page
}

// linkOf is the public address of a survey, by a channel or plain.
func (s *Server) linkOf(x goalpost.Survey, channel string) string {
	link := s.outsideURL() + surveyPath + x.Slug
	if channel != "" {
		link += "/" + channel
	}
	return link
}

// ownChannel is the code of a channel where the survey has it, else empty.
func ownChannel(x goalpost.Survey, code string) string {
	if _, known := x.Settings.Channel(code); known {
		return code
	}
	return ""
}

// channels shows where the survey's links stand.
func (s *Server) channels(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	return s.showChannels(w, r, v, x, url.Values{}, nil)
}

func (s *Server) showChannels(w http.ResponseWriter, r *http.Request, v visitor, x goalpost.Survey, form url.Values, problem error) error {
	p := ChannelsPage{Page: s.newPage(r, &v, "web.channels.title"), Campaign: form.Get("campaign"), Code: form.Get("code")}
	p.Tabs, p.Back = p.tabsOf(v, x.ID, "channels"), p.surveyHref(x.ID, "")
	status, err := p.refused(problem)
	if err != nil {
		return err
	}
	p.Name = x.Form.Title.In(p.lang)
	p.Title = p.say("web.channels.page", goalpost.TextArg(p.Name))
	if x.State == goalpost.SurveyDraft {
		p.Draft = p.T("web.channels.draft")
	}
	if key := "web.channels.done." + r.URL.Query().Get("done"); problem == nil && p.printer.Has(key) {
		p.Done = p.T(key)
	}
	p.Action = p.Href(channelsPath(x, "/channels"))
	p.Invite = p.Href(channelsPath(x, "/invitations"))
	p.Preview = p.Action + "/image.png"
	p.Cards = append(p.Cards, s.channelCard(p.Page, x, goalpost.Channel{}))
	for _, c := range x.Settings.Channels {
		p.Cards = append(p.Cards, s.channelCard(p.Page, x, c))
	}
	for _, c := range goalpost.ProposedChannels() {
		text := p.say("web.channels.offer", goalpost.TextArg(p.channelName(c)), goalpost.TextArg(x.Settings.FreeChannel(c.Code)))
		p.Offers = append(p.Offers, Option{Value: c.Code, Text: text, Selected: slices.Contains(form["channel"], c.Code)})
	}
	if len(x.Settings.Channels) == 0 || problem != nil {
		p.Open = "open"
	}
	p.Site = s.siteView(p.Page, x, form, problem)
	p.Mail = s.mailView(p.Page, x)
	for _, l := range x.Form.Languages {
		p.Print = append(p.Print, Fact{Name: p.languageName(l), Text: p.Action + "/print?lang=" + l})
	}
	return s.render(w, status, "surveychannels", p)
}

// channelName says where a link stands.
func (p Page) channelName(c goalpost.Channel) string {
	switch {
	case c.Code == "":
		return p.T("web.channels.plain")
	case c.Network == goalpost.Other && strings.HasPrefix(c.Code, goalpost.ChannelMail):
		return p.T("web.channels.mail.name")
	case c.Network == goalpost.Other && strings.HasPrefix(c.Code, goalpost.ChannelPaper):
		return p.T("web.channels.paper.name")
	}
	return p.printer.Word("network." + string(c.Network))
}

// channelCard makes everything that belongs to one link.
func (s *Server) channelCard(p Page, x goalpost.Survey, c goalpost.Channel) ChannelCard {
	link := s.linkOf(x, c.Code)
	id := "c-" + c.Code
	if c.Code == "" {
		id = "plain"
	}
	card := ChannelCard{ID: id, Name: p.channelName(c), Campaign: c.Campaign, Link: p.copied(id+"-link", p.T("web.channels.link"), link)}
	base, query := p.Href(channelsPath(x, "/channels")), ""
	if c.Code != "" {
		query = "?channel=" + url.QueryEscape(c.Code)
		card.Remove = c.Code
		card.RemoveLabel = p.say("web.channels.remove.label", goalpost.TextArg(card.Name), goalpost.TextArg(c.Code))
	}
	card.SVG, card.PNG = base+"/qr.svg"+query, base+"/qr.png"+query
	if key := "web.channels.hint." + string(c.Network); c.Network != "" && p.printer.Has(key) {
		card.Hint = p.T(key)
	}
	if c.Code == "" || card.Name == p.T("web.channels.paper.name") {
		return card
	}
	for _, l := range x.Form.Languages {
		if !slices.Contains(languages, l) {
			continue // the sentences around the survey's own words are there in two languages
		}
		text := postText(locale.New(locale.Language(l), ""), c.Network, x, link)
		f := p.copied(id+"-text-"+l, p.say("web.channels.text", goalpost.TextArg(p.languageName(l))), text)
		f.Rows, f.Lang, f.Bare = 8, l, true
		if most := postRules[c.Network].most; most > 0 {
			f.Help = p.say("web.channels.letters", goalpost.NumberArg(float64(postLength(c.Network, text, link))), goalpost.NumberArg(float64(most)))
		}
		card.Texts = append(card.Texts, f)
	}
	return card
}

func (p Page) copied(id, label, value string) CopyField {
	return CopyField{ID: id, Label: label, Value: value, Copy: p.T("web.channels.copy"), Copied: p.T("web.channels.copied")}
}

// changeChannels keeps changed settings, as of the newest revision: what is changed here
// is added to or taken from a list, whatever somebody else changed meanwhile.
func (s *Server) changeChannels(r *http.Request, v visitor, x goalpost.Survey, settings goalpost.SurveySettings) error {
	return assess.ChangeSurvey(r.Context(), s.DB, v.org.ID, x.ID, store.SurveyChange{Revision: x.Revision, Settings: &settings, By: v.user.Name, At: s.Now()})
}

// addChannels adds a link for each place that was ticked.
func (s *Server) addChannels(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	settings := x.Settings
	settings.Channels = slices.Clone(settings.Channels)
	code, campaign := strings.TrimSpace(r.PostForm.Get("code")), strings.TrimSpace(r.PostForm.Get("campaign"))
	ticked := r.PostForm["channel"]
	switch {
	case len(ticked) == 0:
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.channel.none", Field: "channel-0"}
	case code != "" && len(ticked) > 1:
		err = &goalpost.Error{Kind: goalpost.Invalid, Key: "error.channel.one-code", Field: "code"}
	}
	for _, c := range goalpost.ProposedChannels() {
		if !slices.Contains(ticked, c.Code) {
			continue
		}
		if c.Code = settings.FreeChannel(c.Code); code != "" {
			c.Code = code
		}
		c.Campaign = campaign
		settings.Channels = append(settings.Channels, c)
	}
	if err == nil {
		err = s.changeChannels(r, v, x, settings)
	}
	if err != nil {
		return s.showChannels(w, r, v, x, r.PostForm, atField(err, "channels[", map[string]string{"code": "code", "campaign": "campaign"}))
	}
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/channels?done=added"), http.StatusSeeOther)
	return nil
}

// atField names the field of the page that an error of the settings is about.
func atField(err error, under string, fields map[string]string) error {
	e, ok := asError(err)
	if !ok || !strings.HasPrefix(e.Field, under) {
		return err
	}
	moved := *e
	moved.Field = fields[e.Field[strings.LastIndexByte(e.Field, '.')+1:]]
	return &moved
}

// removeChannel takes a link away; answers that came by it keep its name.
func (s *Server) removeChannel(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	settings := x.Settings
	settings.Channels = slices.DeleteFunc(slices.Clone(settings.Channels), func(c goalpost.Channel) bool { return c.Code == r.PostForm.Get("code") })
	if err := s.changeChannels(r, v, x, settings); err != nil {
		return s.showChannels(w, r, v, x, url.Values{}, err)
	}
	http.Redirect(w, r, "/"+langOf(r)+channelsPath(x, "/channels?done=removed"), http.StatusSeeOther)
	return nil
}

// lettersOf counts what a person sees as letters, nearly.
func lettersOf(text string) int { return utf8.RuneCountInString(text) }
