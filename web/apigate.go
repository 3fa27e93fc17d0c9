package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"goalpost"
	"goalpost/locale"
)

// Limits of the API in a minute: requests of one token, and requests of one client whose
// token is not valid.
const (
	apiRequests  = 600
	apiStrangers = 30
)

// apiMethods are those that the API knows.
var apiMethods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}

// apiGate lets in only who sends a valid token, and what is small enough to be read. What a
// program keeps in cookies does not count here, so no other site can use a person's browser.
func (s *Server) apiGate(mux *http.ServeMux) http.Handler {
	headers := httprate.WithResponseHeaders(httprate.ResponseHeaders{RetryAfter: "Retry-After"})
	gate := apiGate{server: s, mux: mux, tokens: httprate.NewRateLimiter(apiRequests, time.Minute, headers), strangers: httprate.NewRateLimiter(apiStrangers, time.Minute, headers)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Add("Vary", "Accept-Language, Authorization")
		if err := gate.pass(w, r); err != nil { // also when nobody reads it: silence would be a 200
			p := s.apiProblem(r, locale.New(locale.Language(langOf(r)), ""), err)
			for name, values := range p.GetHeaders() {
				w.Header()[name] = values
			}
			writeProblem(w, p.problemDocument)
		}
	})
}

type apiGate struct {
	server    *Server
	mux       *http.ServeMux
	tokens    *httprate.RateLimiter // by token
	strangers *httprate.RateLimiter // by client
}

// isAPI says whether an address is the API's.
func isAPI(address string) bool { return address == apiPath || strings.HasPrefix(address, apiPath+"/") }

// pass answers a request, or says why it is not answered.
func (g apiGate) pass(w http.ResponseWriter, r *http.Request) error {
	if path.Clean(r.URL.Path) != r.URL.Path { // the mux would send programs on to another address
		return notFound()
	}
	_, pattern := g.mux.Handler(r)
	if pattern == "" {
		return g.noRoute(w, r)
	}
	if strings.HasSuffix(pattern, "/openapi.json") { // it says nothing of anybody
		g.mux.ServeHTTP(w, r)
		return nil
	}
	c, err := g.callerOf(w, r)
	if err != nil {
		return err
	}
	if c.unsettled, err = g.server.DB.Unsettled(r.Context(), c.org.ID); err != nil {
		return err
	}
	if c.unsettled {
		w.Header().Set("Goalpost-Unsettled", "true")
	}
	if operation, isPost := strings.CutPrefix(pattern, "POST "+apiPath); !isPost || takeFiles[operation] == nil {
		if err := readJSONBody(w, r); err != nil {
			return err
		}
	}
	g.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
	return nil
}

// noRoute tells an address that there is not from a method that it does not understand.
func (g apiGate) noRoute(w http.ResponseWriter, r *http.Request) error {
	var allowed []string
	for _, m := range apiMethods {
		other := r.Clone(r.Context())
		other.Method = m
		if _, pattern := g.mux.Handler(other); pattern != "" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		return notFound()
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return goalpost.Errorf(goalpost.Invalid, "error.api.method", goalpost.TextArg(r.Method), goalpost.TextArg(strings.Join(allowed, ", ")))
}

// callerOf finds who sends a request by its token.
func (g apiGate) callerOf(w http.ResponseWriter, r *http.Request) (c caller, err error) {
	s, ctx := g.server, r.Context()
	org, hash, ok := goalpost.ParseToken(bearerOf(r))
	if !ok {
		return c, g.stranger(w, r)
	}
	c.token, err = s.DB.TokenByHash(ctx, org, hash)
	if goalpost.IsKind(err, goalpost.NotFound) {
		return c, g.stranger(w, r)
	}
	if err != nil {
		return c, err
	}
	if g.tokens.OnLimit(w, r, strconv.FormatInt(int64(org), 10)+"/"+strconv.FormatInt(int64(c.token.ID), 10)) {
		return c, goalpost.Errorf(goalpost.Unavailable, "error.api.too-fast", goalpost.NumberArg(apiRequests))
	}
	if c.org, err = s.DB.Organisation(ctx, org); err != nil {
		return c, err
	}
	c.rank = rankOf(c.token.Role)
	c.user.Name = c.token.Name
	c.say = printerFor(langOf(r), &c.visitor)
	c.w, c.r = w, r
	if day := today(c.org, s.Now()); day != c.token.UsedDay {
		if err := s.DB.UseToken(ctx, org, c.token.ID, day); err != nil { // reading goes on without
			s.Log.WarnContext(ctx, "use of a token not noted", "organisation", org, "token", c.token.ID, "err", err)
		}
	}
	return c, nil
}

// stranger answers who has no valid token.
func (g apiGate) stranger(w http.ResponseWriter, r *http.Request) error {
	key, err := g.server.clientKey(r)
	if err != nil {
		return err
	}
	if g.strangers.OnLimit(w, r, key) {
		return goalpost.Errorf(goalpost.Unavailable, "error.api.too-many")
	}
	return goalpost.Errorf(goalpost.Forbidden, "error.api.token")
}

// bearerOf is the token that a request carries in its header, and nowhere else: addresses
// stand in logs.
func bearerOf(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if len(r.Header.Values("Authorization")) != 1 || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// readJSONBody reads the whole body, so that one that is too large, too slow or cut off is
// told apart from one that is no JSON.
func readJSONBody(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, formLimit))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.large", Args: []goalpost.Arg{goalpost.NumberArg(formLimit >> 10)}, Err: err}
		}
		if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.slow", Err: err}
		}
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.cut-off", Err: err}
	}
	if len(body) > 0 {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || kind != "application/json" {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.content-type", Err: err}
		}
		r.Header.Set("Content-Type", kind)
		if name := repeatedName(body); name != "" {
			return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.repeated", Field: name}
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}
