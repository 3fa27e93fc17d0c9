package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"goalpost"
	"goalpost/document"
	"goalpost/locale"
)

// apiPath is where the API stands.
const apiPath = "/api/v1"

// apiRoutes is everything that the API serves. Its answers are the documents of the command
// line; each names its schema.
func (s *Server) apiRoutes(a *apiBuilder) {
	apiRoute(a, operation{"GET /token", "token-show", "token", "What a token is for", viewer, apiTokenDocument{}, 0}, s.apiToken)

	apiRoute(a, operation{"GET /goals", "goals-list", "goals", "All goals, each with its verdict", viewer, "goals", 0}, s.apiGoals)
	apiRoute(a, operation{"GET /goals/{goal}", "goals-show", "goals", "One goal with its verdict", viewer, "goal", 0}, s.apiGoal)

	apiRoute(a, operation{"GET /kpis", "kpis-list", "figures", "KPIs of a period", viewer, "kpi", 0}, s.apiKPIs)
	apiRoute(a, operation{"GET /posts", "posts-list", "figures", "Posts with their newest counts", viewer, "posts", 0}, s.apiPosts)
	apiRoute(a, operation{"GET /series", "series-list", "figures", "All series with the days that they cover", viewer, document.SeriesList{}, 0}, s.apiSeriesList)
	apiRoute(a, operation{"GET /series/{series}", "series-show", "figures", "One series with its values", viewer, document.Series{}, 0}, s.apiSeries)

	apiRoute(a, operation{"GET /imports", "imports-list", "imports", "All imports, newest first", viewer, document.Imports{}, 0}, s.apiImports)
	apiRoute(a, operation{"POST /imports", "imports-add", "imports", "Import a file; the same file again adds nothing", editor, "import", http.StatusCreated}, s.apiAddImport)
	apiRoute(a, operation{"POST /imports/plan", "imports-plan", "imports", "What would be made of a file, and what it does not say; nothing is kept", editor, document.ImportProposals{}, 0}, s.apiPlanImport)
	apiRoute(a, operation{"GET /imports/{import}", "imports-show", "imports", "What became of a file", viewer, document.Import{}, 0}, s.apiShowImport)
	apiRoute(a, operation{"DELETE /imports/{import}", "imports-undo", "imports", "Take an import back", editor, document.Import{}, 0}, s.apiUndoImport)

	apiRoute(a, operation{"GET /activities", "activities-list", "activities", "What we did, newest first", viewer, "activities", 0}, s.apiActivities)
	apiRoute(a, operation{"POST /activities", "activities-add", "activities", "Enter an activity", editor, "activity", http.StatusCreated}, s.apiAddActivity)
	apiRoute(a, operation{"GET /activities/{activity}", "activities-show", "activities", "One activity with its history", viewer, "activity", 0}, s.apiActivity)
	apiRoute(a, operation{"PUT /activities/{activity}", "activities-change", "activities", "Replace what is known of an activity; what was known stays in its history", editor, "activity", 0}, s.apiChangeActivity)
	apiRoute(a, operation{"DELETE /activities/{activity}", "activities-remove", "activities", "Remove an activity; it can be brought back", editor, "activity", 0}, s.apiRemoveActivity)
	apiRoute(a, operation{"POST /activities/{activity}/restore", "activities-restore", "activities", "Bring a removed activity back", editor, "activity", 0}, s.apiRestoreActivity)

	apiRoute(a, operation{"GET /effects", "effects-list", "effects", "What was looked into, newest first", viewer, "effects", 0}, s.apiEffects)
	apiRoute(a, operation{"POST /effects/plan", "effects-plan", "effects", "Propose how an effect would be looked for; nothing is kept", viewer, "effects-new", 0}, s.apiPlanEffect)
	apiRoute(a, operation{"POST /effects", "effects-add", "effects", "Confirm a plan; only then is it worked out, in the background", editor, "effects-show", http.StatusCreated}, s.apiAddEffect)
	apiRoute(a, operation{"GET /effects/{analysis}", "effects-show", "effects", "One analysis with its plans and its newest result", viewer, "effects-show", 0}, s.apiEffect)
	apiRoute(a, operation{"PUT /effects/{analysis}", "effects-change", "effects", "Confirm another plan; the earlier one and its results stay", editor, "effects-show", 0}, s.apiChangeEffect)
	apiRoute(a, operation{"POST /effects/{analysis}/again", "effects-again", "effects", "Work an analysis out again", editor, "effects-show", http.StatusAccepted}, s.apiEffectAgain)

	apiRoute(a, operation{"GET /studies", "studies-list", "studies", "All studies", viewer, document.Studies{}, 0}, s.apiStudies)
	apiRoute(a, operation{"GET /studies/{study}", "studies-show", "studies", "One study with its figures and what can be concluded", viewer, "study", 0}, s.apiStudy)
	apiRoute(a, operation{"GET /studies/{study}/own", "studies-own", "studies", "The own answers beside the trade's figures", viewer, "study-own", 0}, s.apiOwn)

	s.surveyOperations(a)
	s.populationOperations(a)
	s.beliefOperations(a)
}

// operation is one thing that the API does.
type operation struct {
	route   string // method and path below apiPath
	id      string
	tag     string
	summary string
	rank    int // viewer or editor
	answer  any // name of the published schema, or a document whose type is described
	status  int // of success; 0: 200
}

// caller is the program that makes a request, with the token that it sent.
type caller struct {
	visitor
	token goalpost.Token
	say   *locale.Printer
	w     http.ResponseWriter
	r     *http.Request
}

// callerKey is where a request carries its caller: huma gives handlers nothing else.
type callerKey struct{}

// reply is what a handler answers.
type reply struct {
	document any
	status   int    // 0: that of the operation
	location string // of what was made, below apiPath
}

// apiHandler answers a request of a program that may make it.
type apiHandler[I any] func(ctx context.Context, c caller, in *I) (reply, error)

// apiAnswer is a reply as huma sends it.
type apiAnswer struct {
	Status      int
	ContentType string `header:"Content-Type" hidden:"true"`
	Location    string `header:"Location" hidden:"true"`
	Body        []byte
}

// apiBuilder adds operations to the API.
type apiBuilder struct {
	api    huma.API
	server *Server
}

// apiRoute adds an operation. A handler's error is answered as a problem document.
func apiRoute[I any](a *apiBuilder, x operation, h apiHandler[I]) {
	method, path, _ := cutSpace(x.route)
	op := huma.Operation{OperationID: x.id, Method: method, Path: path, Tags: []string{x.tag}, Summary: x.summary, DefaultStatus: x.status, MaxBodyBytes: formLimit + 1, BodyReadTimeout: readTimeout,
		Security: []map[string][]string{{"token": {}}}, Responses: a.responses(x)}
	huma.Register(a.api, op, func(ctx context.Context, in *I) (*apiAnswer, error) {
		c, ok := ctx.Value(callerKey{}).(caller)
		if !ok {
			return nil, fmt.Errorf("web: %s without a caller", x.id)
		}
		answer, err := a.answer(ctx, c, x, func() (reply, error) { return h(ctx, c, in) })
		if err != nil {
			return nil, a.server.apiProblem(c.r, c.say, err)
		}
		return answer, nil
	})
}

func (a *apiBuilder) answer(ctx context.Context, c caller, x operation, do func() (reply, error)) (*apiAnswer, error) {
	if c.rank < x.rank {
		return nil, goalpost.Errorf(goalpost.Forbidden, "error.api.token-role")
	}
	out, err := do()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b) // as the command line writes it
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(out.document); err != nil {
		return nil, fmt.Errorf("web: %s: %w", x.id, err)
	}
	answer := &apiAnswer{Status: out.status, ContentType: "application/json", Body: b.Bytes()}
	if answer.Status == 0 {
		answer.Status = max(x.status, http.StatusOK)
	}
	if out.location != "" {
		answer.Location = apiPath + out.location
	}
	return answer, ctx.Err()
}

// takeFiles are the operations that a file is sent to.
var takeFiles = []string{"/imports", "/imports/plan"}

// newAPI makes what answers under apiPath.
func (s *Server) newAPI() (http.Handler, error) {
	mux := http.NewServeMux()
	api := s.describedAPI(mux)
	description, err := describe(api)
	if err != nil {
		return nil, err
	}
	mux.HandleFunc("GET "+apiPath+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(description) // the client went away; there is nobody to tell
	})
	return s.apiGate(mux), nil
}

// describedAPI registers all operations on a mux.
func (s *Server) describedAPI(mux *http.ServeMux) huma.API {
	config := huma.DefaultConfig("Goalpost", "1")
	config.Info.Description = "Goals, figures, effects, studies and surveys of one organisation. Every request carries a token: Authorization: Bearer TOKEN; only respondents need none. Errors are problem documents (RFC 9457), in the language of Accept-Language."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", "" // pages that load from elsewhere
	config.CreateHooks = nil                                             // links that would stand in every document
	config.RejectUnknownQueryParameters = true
	config.Servers = []*huma.Server{{URL: apiPath}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
	config.Transformers = []huma.Transformer{func(ctx huma.Context, _ string, v any) (any, error) { return s.translate(ctx, v), nil }}
	api := humago.NewWithPrefix(mux, apiPath, config)
	api.UseMiddleware(s.exactQuery)
	s.apiRoutes(&apiBuilder{api: api, server: s})
	relaxBody(config.OpenAPI)
	describeRespondents(config.OpenAPI)
	for _, path := range takeFiles { // afterwards: the handlers read it while it arrives
		config.Paths[path].Post.RequestBody = importBody()
	}
	return api
}

// renamed calls the field of an error as a request calls it.
func renamed(err error, names map[string]string) error {
	e, ok := errors.AsType[*goalpost.Error](err)
	if !ok || names[e.Field] == "" {
		return err
	}
	other := *e
	other.Field = names[e.Field]
	return &other
}

// optionalDay reads a day that a request may name.
func optionalDay(text, field string) (goalpost.Day, error) {
	if strings.TrimSpace(text) == "" {
		return 0, nil
	}
	d, err := goalpost.ParseDay(text)
	if err != nil {
		return 0, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.date", Field: field, Args: []goalpost.Arg{goalpost.TextArg(text)}}
	}
	return d, nil
}

// today is the day of an instant for an organisation.
func today(org goalpost.Organisation, now time.Time) goalpost.Day {
	return goalpost.DayOf(now, org.Zone())
}
