package web

import (
	"net/http"
	"strings"

	"github.com/go-chi/httprate"
)

// Addresses for respondents: the pages of surveys, and where their scripts send answers.
const (
	surveyPath = "/s/"
	answerPath = apiPath + "/p/"
)

// isSurvey reports whether an address is for respondents.
func isSurvey(address string) bool {
	return strings.HasPrefix(address, surveyPath) || strings.HasPrefix(address, answerPath)
}

// surveyRoutes is everything that respondents use. It stands apart from the pages of the
// team: without sessions, so that nobody gets a cookie, and "GET never writes" holds here
// too.
func (s *Server) surveyRoutes() http.Handler {
	mux := http.NewServeMux()
	limit := httprate.LimitBy(receiptAttempts, receiptWindow, s.clientKey, httprate.WithLimitHandler(s.respond(tooMany).ServeHTTP))
	mux.HandleFunc("PUT "+answerPath+"{survey}/r/{rid}", s.putAnswer)
	mux.HandleFunc("POST "+answerPath+"{survey}/r", func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("rid", r.Header.Get("Idempotency-Key")) // the same, for programs that name their requests so
		s.putAnswer(w, r)
	})
	for _, in := range []bool{false, true} {
		handle := func(method, path string, h http.Handler) {
			if in {
				h = s.inFrame(h)
			}
			mux.Handle(method+" "+surveyBase("{slug}", in)+path, h)
		}
		handle("GET", "", s.respond(s.survey))
		handle("GET", "/{channel}", s.respond(s.survey))
		handle("POST", "/r/{rid}", s.respond(s.sendSurvey))
		handle("GET", "/r/{rid}/{secret}", s.respond(s.resume))
		handle("GET", "/receipt", s.respond(s.receiptForm))
		handle("POST", "/receipt", limit(s.respond(s.receipt)))
		handle("GET", "/privacy", s.respond(s.surveyPrivacy))
		handle("GET", "/results", s.respond(s.surveyPublic))
		handle("GET", "/contact", s.handle(s.surveyContact))
		handle("POST", "/contact", s.contactLimit(s.handle(s.addContact)))
	}

	mux.Handle("GET "+surveyPath+"{slug}/i/{token}", s.respond(s.invited))
	mux.Handle("GET "+surveyPath+"{slug}/i/{token}/{question}/{option}", s.respond(s.invited))
	mux.Handle("GET "+surveyPath+"{slug}/e/{question}/{option}", s.respond(s.fromMail))
	mux.Handle("GET "+surveyPath+"{slug}/print", s.respond(s.publicPrint))
	mux.Handle("GET "+surveyPath+"{slug}/image.png", s.respond(s.publicPreview))
	mux.Handle("GET "+surveyPath+"{slug}/qr.svg", s.respond(s.publicQR("svg")))
	mux.Handle("GET "+surveyPath+"{slug}/qr.png", s.respond(s.publicQR("png")))

	mux.Handle(surveyPath, s.respond(func(http.ResponseWriter, *http.Request) error { return notFound() }))

	mux.Handle("/", s.handle(func(http.ResponseWriter, *http.Request) error { return notFound() }))
	return s.fromNetwork(mux)
}
