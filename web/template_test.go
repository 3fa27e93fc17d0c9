package web

import (
	"encoding/json"
	"html/template"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/jba/templatecheck"

	"goalpost"
	"goalpost/assess"
	"goalpost/locale"
)

// pageTypes are the templates and the structs that they are given.
var pageTypes = map[string]any{
	"activities":     ActivitiesPage{},
	"activityform":   ActivityFormPage{},
	"activityremove": RetirePage{},
	"batch":          BatchPage{},
	"beliefs":        BeliefsPage{},
	"understanding":  UnderstandingPage{},
	"effect":         EffectPage{},
	"effectform":     EffectFormPage{},
	"effects":        EffectsPage{},
	"error":          ErrorPage{},
	"goal":           GoalPage{},
	"goalform":       GoalFormPage{},
	"goalkind":       GoalKindPage{},
	"goals":          GoalsPage{},
	"import":         ImportPage{},
	"kpis":           KPIsPage{},
	"login":          LoginPage{},
	"own":            OwnPage{},
	"posts":          PostsPage{},
	"proposal":       ProposalPage{},
	"report":         ReportPage{},
	"retire":         RetirePage{},
	"settings":       SettingsPage{},
	"comment":        CommentPage{},
	"comments":       CommentsPage{},
	"moderation":     ModerationPage{},
	"person":         PersonPage{},
	"poll":           PollPage{},
	"pollresults":    PollResultsPage{},
	"polls":          PollsPage{},
	"pollteam":       PollTeamPage{},
	"studies":        StudiesPage{},
	"study":          StudyPage{},
	"studyframe":     FramePage{},
	"studyfile":      StudyFilePage{},
	"studyform":      StudyFormPage{},
	"studyfigure":    StudyFigurePage{},
	"wave":           WavePage{},
	"wavemap":        WaveMapPage{},
	"setup":          SetupPage{},
	"surveyanswer":   SurveyAnswerPage{},
	"surveyanswers":  SurveyAnswersPage{},
	"surveycontact":  SurveyContactPage{},
	"surveyopen":     SurveyOpenPage{},
	"surveyresults":  SurveyResultsPage{},

	"surveypopulation": PopulationPage{},
	"simulated":        SimulatedPage{},
	"tokens":           TokensPage{},
	"undo":             UndoPage{},
	"surveys":          SurveysPage{},
	"surveynew":        SurveyNewPage{},
	"surveyedit":       SurveyEditPage{},
	"surveytexts":      SurveyTextsPage{},
	"surveyquestion":   SurveyQuestionPage{},
	"surveysettings":   SurveySettingsPage{},
	"surveypublish":    SurveyPublishPage{},
	"surveyversions":   SurveyVersionsPage{},
	"surveypreview":    SurveyPreviewPage{},
	"surveyhook":       HooksPage{},
	"surveyimport":     SurveyImportPage{},
	"surveylater":      SurveyLaterPage{},
	"surveynote":       SurveyNotePage{},
	"surveypage":       SurveyPage{},
	"surveyprivacy":    SurveyPrivacyPage{},
	"surveyreceipt":    SurveyReceiptPage{},
	"surveythanks":     SurveyThanksPage{},

	"surveychannels":    ChannelsPage{},
	"surveyinvitations": InvitationsPage{},
	"surveyinvitedmap":  InvitedMapPage{},
	"surveyprint":       SurveyPrintPage{},
}

// Every template fits the struct that it is given, also in branches that no
// request of the tests reaches.
func TestTemplatesFitTheirPages(t *testing.T) {
	all, err := loadTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range all.pages {
		data, ok := pageTypes[name]
		if !ok {
			t.Errorf("template %s has no struct in pageTypes", name)
			continue
		}
		layout := "layout"
		if strings.HasPrefix(name, "survey") && reflect.TypeOf(data).Field(0).Type != reflect.TypeFor[Page]() {
			layout = "respondents"
		}
		if err := templatecheck.CheckHTMLStrict(page.Lookup(layout), data); err != nil {
			t.Errorf("template %s: %v", name, err)
		}
	}
	for name := range pageTypes {
		if all.pages[name] == nil {
			t.Errorf("no template %s", name)
		}
	}
	broken := template.Must(template.New("layout").Parse(`{{if .Busy}}{{.NoSuchField}}{{end}}`))
	if templatecheck.CheckHTMLStrict(broken, BatchPage{}) == nil {
		t.Error("a wrong field in a branch is not found, so this test shows nothing")
	}
}

// textsOf reads the texts of this package in one language.
func textsOf(t *testing.T, lang string) map[string]json.RawMessage {
	t.Helper()
	var texts map[string]json.RawMessage
	for _, name := range []string{"web.json", "comment.json"} {
		data, err := os.ReadFile(filepath.Join("..", "locale", "text", lang, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &texts); err != nil { // adds to what is there
			t.Fatal(err)
		}
	}
	return texts
}

var keyInGo = regexp.MustCompile(`"((?:web|error\.web)\.[a-z0-9.\-]*[a-z0-9])"`)

// keysUsed are the keys that templates and handlers name in full.
func keysUsed(t *testing.T) map[string]string {
	t.Helper()
	used := map[string]string{}
	all, err := loadTemplates()
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range all.pages {
		for _, part := range page.Templates() {
			if part.Tree != nil {
				keysIn(part.Tree.Root, func(key string) { used[key] = name })
			}
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keyInGo.FindAllStringSubmatch(string(data), -1) {
			used[m[1]] = file
		}
	}
	return used
}

// keysIn finds every text after .T in a template.
func keysIn(n parse.Node, found func(string)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			keysIn(c, found)
		}
	case *parse.ActionNode:
		keysIn(n.Pipe, found)
	case *parse.PipeNode:
		if n == nil {
			return
		}
		for _, c := range n.Cmds {
			keysIn(c, found)
		}
	case *parse.CommandNode:
		if len(n.Args) == 2 && strings.HasSuffix(n.Args[0].String(), ".T") {
			if s, ok := n.Args[1].(*parse.StringNode); ok {
				found(s.Text)
			}
		}
		for _, a := range n.Args {
			keysIn(a, found)
		}
	case *parse.IfNode:
		keysIn(n.Pipe, found)
		keysIn(n.List, found)
		keysIn(n.ElseList, found)
	case *parse.RangeNode:
		keysIn(n.Pipe, found)
		keysIn(n.List, found)
		keysIn(n.ElseList, found)
	case *parse.WithNode:
		keysIn(n.Pipe, found)
		keysIn(n.List, found)
		keysIn(n.ElseList, found)
	case *parse.TemplateNode:
		keysIn(n.Pipe, found)
	}
}

// computed are the beginnings of keys whose end is a value.
var computed = []string{"web.aggregation.", "web.date-order.", "web.decimal.", "web.dialect.", "web.grain.", "web.import.state.", "web.kind.",
	"web.language.", "web.method.", "web.nav.", "web.question.", "web.role.", "web.theme.", "web.posts.sort.", "web.poll.role.", "web.poll.size.", "web.poll.intro.", "web.poll.thanks.", "web.polls.address.",
	"web.comment.intro.", "web.comment.email.help.", "web.comment.yours.", "web.comment.thanks.", "web.comment.link.", "web.comment.author.", "web.comment.flag.",
	"web.moderation.state.", "web.moderation.empty.", "web.moderation.decided.", "error.", "cli."}

// Every key that pages use exists in both languages, and none stands there unused.
func TestEveryTextExistsInBothLanguages(t *testing.T) {
	used := keysUsed(t)
	if len(used) < 100 {
		t.Fatalf("only %d keys found: the search is broken", len(used))
	}
	for _, lang := range languages {
		p := locale.New(locale.Language(lang), "")
		for key, where := range used {
			if !p.Has(key) {
				t.Errorf("%s: no text %q, used in %s", lang, key, where)
			}
		}
	texts:
		for key := range textsOf(t, lang) {
			if used[key] != "" || strings.HasPrefix(key, "field.") {
				continue
			}
			for _, c := range computed {
				if strings.HasPrefix(key, c) {
					continue texts
				}
			}
			t.Errorf("%s: text %q is not used", lang, key)
		}
		for _, form := range []string{goalpost.FormalAddress, goalpost.FamiliarAddress} {
			for _, prefix := range []string{"web.poll.intro.", "web.poll.thanks.", "web.polls.address.", "web.comment.intro.", "web.comment.email.help.", "web.comment.yours.", "web.comment.thanks.", "web.comment.link."} {
				if !p.Has(prefix + form) {
					t.Errorf("%s: no text %q", lang, prefix+form)
				}
			}
		}
		for _, key := range append(withPrefix("web.poll.role.", goalpost.PollRoles()), withPrefix("web.poll.size.", goalpost.PollSizes())...) {
			if !p.Has(key) {
				t.Errorf("%s: no text %q", lang, key)
			}
		}
		states := []string{"held", "approved", "refused"}
		flags := []string{goalpost.FlagFast, goalpost.FlagStale, goalpost.FlagTrap, goalpost.FlagLinks, goalpost.FlagSame, goalpost.FlagRate, goalpost.FlagName}
		for _, key := range slices.Concat(withPrefix("web.comment.flag.", flags), withPrefix("web.comment.author.", append(states, "deleted", "held-change", "refused-change")),
			withPrefix("web.moderation.state.", states), withPrefix("web.moderation.empty.", states), withPrefix("web.moderation.decided.", states[1:])) {
			if !p.Has(key) {
				t.Errorf("%s: no text %q", lang, key)
			}
		}
		for _, role := range assess.Roles() {
			if !p.Has("web.role." + role) {
				t.Errorf("%s: no text for the role %q", lang, role)
			}
		}
	}
}

func withPrefix(prefix string, list []string) []string {
	var out []string
	for _, s := range list {
		out = append(out, prefix+s)
	}
	return out
}
