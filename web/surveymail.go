package web

import (
	"net/url"
	"strings"

	"goalpost"
)

// MailView is the first question as links for a mail.
type MailView struct {
	None  string // why there are none
	Help  string
	Parts []MailPart
}

// MailPart is the question in one language.
type MailPart struct {
	Name       string
	HTML, Text CopyField
}

// ownLink stands in the texts of a mail for the column of the list that holds each
// person's own link.
const ownLink = "{{" + linkColumn + "}}"

func (s *Server) mailView(p Page, x goalpost.Survey) MailView {
	q := x.Form.Questions[0]
	if !q.CanBeSent() {
		return MailView{None: p.T("web.channels.mail.none")}
	}
	v := MailView{Help: p.T("web.channels.mail.help")}
	base := s.linkOf(x, "") + "/e"
	if x.Settings.Invited {
		base, v.Help = ownLink, p.say("web.channels.mail.invited", goalpost.TextArg(ownLink))
	}
	for _, l := range x.Form.Languages {
		part := MailPart{Name: p.languageName(l)}
		links := mailLinks(q, base, l)
		part.HTML = p.copied("mail-html-"+l, p.say("web.channels.mail.html", goalpost.TextArg(part.Name)), mailHTML(q.Wording.In(l), links))
		part.Text = p.copied("mail-text-"+l, p.say("web.channels.mail.text", goalpost.TextArg(part.Name)), mailText(q.Wording.In(l), links))
		part.HTML.Rows, part.Text.Rows = 8, 8
		part.HTML.Bare, part.Text.Bare = true, true
		v.Parts = append(v.Parts, part)
	}
	return v
}

// mailLink is one answer as a link.
type mailLink struct{ label, href string }

func mailLinks(q goalpost.SurveyQuestion, base, lang string) []mailLink {
	var list []mailLink
	for _, o := range q.SentOptions() {
		label := o.Label.In(lang)
		switch _, own := q.Option(o.Code); {
		case label == "":
			label = o.Code
		case !own:
			label = o.Code + " – " + label // a grade
		}
		list = append(list, mailLink{label: label, href: base + "/" + url.PathEscape(q.Code) + "/" + url.PathEscape(o.Code) + "?lang=" + url.QueryEscape(lang)})
	}
	return list
}

// mailHTML is what mail tools take: a table and styles at each element, because programs
// for mail know little else.
func mailHTML(question string, links []mailLink) string {
	var b strings.Builder
	b.WriteString(`<p style="font-size:18px;font-weight:bold">` + escapeAttribute(question) + "</p>\n" + `<table role="presentation" cellspacing="0" cellpadding="0">` + "\n")
	for _, l := range links {
		b.WriteString(`<tr><td style="padding:4px 0"><a href="` + escapeAttribute(l.href) + `" style="display:inline-block;min-width:44px;padding:10px 16px;border:1px solid #005f99;border-radius:6px;color:#005f99;text-decoration:none">` + escapeAttribute(l.label) + "</a></td></tr>\n")
	}
	b.WriteString("</table>")
	return b.String()
}

func mailText(question string, links []mailLink) string {
	var b strings.Builder
	b.WriteString(question + "\n")
	for _, l := range links {
		b.WriteString("\n" + l.label + "\n" + l.href + "\n")
	}
	return b.String()
}
