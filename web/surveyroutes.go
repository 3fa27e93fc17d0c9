package web

import (
	"net/http"
	"strings"
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
	mux.HandleFunc("PUT "+answerPath+"{survey}/r/{rid}", s.putAnswer)
	mux.Handle("/", s.handle(func(http.ResponseWriter, *http.Request) error { return notFound() }))
	return s.fromNetwork(mux)
}
