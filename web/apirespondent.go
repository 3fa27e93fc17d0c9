package web

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"goalpost"
)

// respondentPath is where a respondent's page sends answers, below apiPath.
const respondentPath = "/p/{survey}/r/{rid}"

// respondentKeyPath takes the same where the answer's id comes as the request's key.
const respondentKeyPath = "/p/{survey}/r"

// describeRespondents adds what respondents' pages and programs send to the description. It
// is answered elsewhere, without tokens and sessions and as fast as the disk allows, so that
// here is only what it takes and answers: made from the same types, and held against the
// real answers by a test.
func describeRespondents(o *huma.OpenAPI) {
	schema := func(v any) *huma.Schema {
		t := reflect.TypeOf(v)
		s := huma.SchemaFromType(o.Components.Schemas, t)
		s.AdditionalProperties = nil // later versions may say more
		return s
	}
	replies := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: o.Components.Schemas.Schema(reflect.TypeFor[goalpost.QuestionReply](), true, ""), Description: "By the question's code; all that was answered so far."}
	sent, kept := schema(answerDocument{}), schema(keptDocument{})
	sent.Required = []string{"answers"}
	sent.Properties["answers"], kept.Properties["answers"] = replies, replies
	kept.Properties["state"] = &huma.Schema{Type: huma.TypeString, Enum: answerStates()}
	for name, text := range sentWords {
		sent.Properties[name].Description = text
	}
	param := func(name, in, text string, required bool) *huma.Param {
		return &huma.Param{Name: name, In: in, Required: required, Description: text, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	answered := func(text string) *huma.Response {
		return &huma.Response{Description: text, Content: map[string]*huma.MediaType{"application/json": {Schema: kept}}}
	}
	put := huma.Operation{OperationID: "respondents-answer", Method: http.MethodPut, Path: respondentPath, Tags: []string{"respondents"},
		Summary:     "Keep what a respondent answered; the same again changes nothing",
		Description: "For respondents' own programs: no token. Send the full state each time, with a higher rev; a 200 means that it is on disk. Send it again when no answer came. Answers that do not fit are kept all the same, and named in problems.",
		Security:    []map[string][]string{{}}, // whoever has the link
		Parameters: []*huma.Param{param("survey", "path", "The survey's short name.", true), param("rid", "path", "A UUID of version 4 that your program makes before the first request.", true),
			param("Resume-Secret", "header", "128 random bits of your own. Whoever sends it first has to send it from then on.", false)},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: sent}}},
		Responses: map[string]*huma.Response{
			strconv.Itoa(http.StatusOK):       answered("It is on disk."),
			strconv.Itoa(http.StatusConflict): answered("The answer was complete already; what is kept instead stands in answers."),
			strconv.Itoa(http.StatusGone):     answered("The answer was erased."),
			"default":                         {Description: "What is wrong; with Retry-After send it again", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: schemaRef + "problem"}}}},
		}}
	o.AddOperation(&put)
	post := put
	post.OperationID, post.Method, post.Path = "respondents-answer-by-key", http.MethodPost, respondentKeyPath
	post.Summary = "The same, for programs that name their requests in a header"
	post.Parameters = []*huma.Param{put.Parameters[0], param("Idempotency-Key", "header", "The answer's id: a UUID of version 4, the same for all that one respondent sends.", true), put.Parameters[2]}
	o.AddOperation(&post)
}

// sentWords say what the parts of an answer mean.
var sentWords = map[string]string{
	"rev":          "Counts what your program sent; only a higher one than before changes anything.",
	"version":      "Of the form that was answered; 0: the newest.",
	"done":         "That was the last page: from now on the answer does not change.",
	"render_token": "What the survey's own page was signed with. Without it the answer carries the flag no_page.",
	"pow":          "What the survey's own page computed.",
	"website":      "Leave it out: a field that people do not see.",
	"language":     "In which the questions were read.",
	"invitation":   "Token of an invitation; it is spent with the last page.",
}

func answerStates() []any {
	var list []any
	for _, s := range goalpost.AnswerStates() {
		list = append(list, string(s))
	}
	return list
}

// relaxBody lets programs leave out what a form has of its own accord: the versions of
// questions are worked out here, and few types have options.
func relaxBody(o *huma.OpenAPI) {
	for name, optional := range map[string][]string{"SurveyQuestion": {"version", "options"}} {
		s := o.Components.Schemas.Map()[name]
		if s == nil {
			continue
		}
		s.Required = slices.DeleteFunc(s.Required, func(field string) bool { return slices.Contains(optional, field) })
		s.PrecomputeMessages()
	}
}
