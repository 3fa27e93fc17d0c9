package web

import (
	"strings"

	"goalpost"
	"goalpost/locale"
)

// postRule is what a network does with a post.
type postRule struct {
	most    int  // letters; 0 for no limit that matters
	link    int  // letters that every link counts as; 0 for its own
	profile bool // links in posts cannot be clicked: there it stands in the profile
}

// postRules are the limits that the networks document for accounts without a subscription.
var postRules = map[goalpost.Network]postRule{
	goalpost.Instagram: {most: 2200, profile: true},
	goalpost.TikTok:    {most: 2200, profile: true},
	goalpost.X:         {most: 280, link: 23},
	goalpost.Bluesky:   {most: 300},
	goalpost.Mastodon:  {most: 500, link: 23},
	goalpost.Threads:   {most: 500},
	goalpost.Pinterest: {most: 500},
	goalpost.LinkedIn:  {most: 3000},
	goalpost.YouTube:   {most: 5000},
	goalpost.Facebook:  {most: 63206},
}

// readable is where a post is cut for readers who do not open it, on networks that would
// allow much more.
const readable = 480

// postLength is how many letters a network counts.
func postLength(n goalpost.Network, text, link string) int {
	rule := postRules[n]
	length := lettersOf(text)
	if rule.link > 0 && strings.Contains(text, link) {
		length += rule.link - lettersOf(link)
	}
	return length
}

// postText is a text to post with a link: the survey's title, its first question where
// there is room, how long it takes, and where to answer.
func postText(p *locale.Printer, n goalpost.Network, x goalpost.Survey, link string) string {
	lang := string(p.Language())
	say := func(key string, args ...goalpost.Arg) string {
		return p.T("web.channels.post."+key+"."+x.Settings.Address, args...)
	}
	rule := postRules[n]
	kind := "line"
	if x.Settings.Anonymous {
		kind = "anonymous"
	}
	line, end := say(kind, goalpost.NumberArg(float64(x.Form.Minutes(lang)))), link
	if rule.profile {
		end = say("profile")
	}
	most := readable
	if rule.most > 0 {
		most = min(most, rule.most)
	}
	title, first := oneLine(x.Form.Title.In(lang)), ""
	if len(x.Form.Questions) > 0 {
		first = oneLine(x.Form.Questions[0].Wording.In(lang))
	}
	join := func(parts ...string) string {
		var there []string
		for _, part := range parts {
			if part != "" {
				there = append(there, part)
			}
		}
		return strings.Join(there, "\n\n")
	}
	if first != title {
		if text := join(title, first, line, end); postLength(n, text, link) <= most {
			return text
		}
	}
	text := join(title, line, end)
	if over := postLength(n, text, link) - most; over > 0 {
		runes := []rune(title)
		title = strings.TrimRight(string(runes[:max(0, len(runes)-over-1)]), " ,.;:") + "…"
		text = join(title, line, end)
	}
	return text
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
