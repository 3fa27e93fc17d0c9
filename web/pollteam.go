package web

import (
	"net/http"
	"strconv"
	"strings"

	"goalpost"
	"goalpost/assess"
)

// PollTeamPage is a poll as its team sees it.
type PollTeamPage struct {
	Page
	Question, Public, Embed string
	Sentence, Shown         string   // how many votes came, and how many the public results count
	Flagged                 string   // how many carry a flag, empty for none
	Flags                   []string // each kind with its number
	Rows                    []PollTeamRow
	Unnamed                 string   // answers that nobody gave
	Beside                  string   // heading of the column of the study, empty for none
	Reasons                 []string // why the two cannot be compared
	Method                  string
	Others                  []string
	Groups                  []FactGroup // who answered
	CloseHref               string
	Closed                  bool
	Moderate, Waiting       string // for who may decide about comments
	CanOwn                  bool
	Comments, EmailRequired bool
}

// PollTeamRow is one answer: all votes, and those without a flag.
type PollTeamRow struct {
	Option, Count, Range string // Count with its share
	Unflagged            string // count and share of those without a flag
	Beside               string
}

// FactGroup is facts under a heading.
type FactGroup struct {
	Title string
	Facts []Fact
}

// pollTeam shows all votes and those without a flag side by side.
func (s *Server) pollTeam(w http.ResponseWriter, r *http.Request, v visitor) error {
	poll, err := s.pollOf(r, v)
	if err != nil {
		return err
	}
	votes, err := assess.PollVotes(r.Context(), s.DB, v.org.ID, poll)
	if err != nil {
		return err
	}
	q, ref, beside, err := assess.BesidePoll(r.Context(), s.DB, v.org.ID, poll)
	if err != nil {
		return err
	}
	counts, err := s.DB.CommentCounts(r.Context(), v.org.ID, poll.ID)
	if err != nil {
		return err
	}
	p := PollTeamPage{Page: s.newPage(r, &v, ""), Question: poll.Question.In(langOf(r)), Closed: poll.Closed}
	p.Title, p.Method = p.Question, p.T("web.pollteam.method")
	self := p.Href("/polls/" + strconv.FormatInt(int64(poll.ID), 10))
	p.Public, p.CloseHref, p.Embed = s.outsideURL()+p.Href("/p/"+poll.Slug), self+"/close", s.embedCode(p.Page, poll)
	p.CanOwn, p.Comments, p.EmailRequired = v.rank >= owner, poll.Comments, poll.EmailRequired
	p.Moderate, p.Waiting = self+"/comments", p.say("web.moderation.waiting", goalpost.NumberArg(float64(counts[goalpost.CommentHeld])))
	p.pollTeamResults(assess.TeamPoll(poll, votes), q, ref, beside)
	return s.render(w, http.StatusOK, "pollteam", p)
}

// pollTeamResults writes what came and from whom.
func (p *PollTeamPage) pollTeamResults(res assess.TeamResults, q assess.QuestionView, ref string, beside bool) {
	number := func(n int) goalpost.Arg { return goalpost.NumberArg(float64(n)) }
	p.Sentence = p.say("web.pollteam.sentence", number(res.All.Total))
	p.Shown = p.say("web.pollteam.shown", number(res.Public))
	if res.Stuck {
		p.Shown += " " + p.T("web.pollteam.stuck")
	}
	if flagged := res.All.N - res.Unflagged.N; flagged > 0 {
		p.Flagged = p.say("web.pollteam.flagged", number(flagged))
	}
	for _, f := range res.Flags {
		p.Flags = append(p.Flags, p.say("web.pollteam.flag."+f.Flag, number(f.Number)))
	}
	if beside {
		p.Beside, p.Reasons = p.printer.Reference(ref), p.notComparable()
	}
	p.pollTeamRows(res, q, ref, beside)
	p.Others = res.Others
	for _, g := range res.Groups {
		name := p.printer.CountryName(g.Code)
		if g.Kind != "country" {
			name = p.T("web.poll." + g.Kind + "." + g.Code)
		}
		title := p.T("web.poll." + g.Kind)
		if n := len(p.Groups); n == 0 || p.Groups[n-1].Title != title {
			p.Groups = append(p.Groups, FactGroup{Title: title})
		}
		last := &p.Groups[len(p.Groups)-1]
		last.Facts = append(last.Facts, Fact{Name: name, Text: p.printer.Number(float64(g.Number))})
	}
}

// pollTeamRows lists the answers, the most named first; those that nobody gave share one
// sentence.
func (p *PollTeamPage) pollTeamRows(res assess.TeamResults, q assess.QuestionView, ref string, beside bool) {
	unflagged := map[string]assess.PollShare{}
	for _, o := range res.Unflagged.Options {
		unflagged[o.Option.Code] = o
	}
	count := func(o assess.PollShare) string {
		n := p.printer.Number(float64(o.Count))
		if o.Share == nil {
			return n
		}
		return p.say("web.pollteam.count", goalpost.TextArg(n), goalpost.TextArg(p.printer.PercentDecimals(o.Share.Value, 0)))
	}
	var unnamed []string
	for _, o := range byShare(res.All.Options) {
		row := PollTeamRow{Option: p.printer.Option(o.Option), Count: count(o), Unflagged: count(unflagged[o.Option.Code])}
		if o.Share != nil {
			row.Range = p.printer.Decimal(100*o.Share.Lo, 0) + "–" + p.printer.PercentDecimals(o.Share.Hi, 0)
		}
		r, published := q.Result(ref, o.Option.Code)
		if published = published && beside; published {
			row.Beside = p.printer.Published(r)
		}
		if o.Count == 0 && !published {
			unnamed = append(unnamed, row.Option)
			continue
		}
		p.Rows = append(p.Rows, row)
	}
	if len(unnamed) > 0 {
		p.Unnamed = p.say("web.pollteam.unnamed", goalpost.TextArg(strings.Join(unnamed, ", ")))
	}
}
