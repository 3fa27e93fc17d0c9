package web

import (
	"net/http"
	"time"

	"github.com/go-chi/httprate"
)

// languages are those that pages exist in.
var languages = []string{"en", "de"}

// Attempts that one client has for passwords and for the set-up token.
const (
	loginAttempts = 10
	loginWindow   = time.Minute
)

// routes is everything that is served. Pages stand under /en and /de; "GET never
// writes" holds for all of them.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	limit := httprate.LimitBy(loginAttempts, loginWindow, s.clientKey, httprate.WithLimitHandler(s.handle(tooMany).ServeHTTP))

	mux.HandleFunc("GET /static/{file}", s.assets.serve)
	mux.Handle("GET /{$}", s.handle(s.home))
	mux.Handle("GET /setup", s.handle(s.setupLink))
	mux.Handle("/", s.handle(func(http.ResponseWriter, *http.Request) error { return notFound() }))

	for _, lang := range languages {
		open := func(pattern string, h http.Handler) { s.register(mux, lang, pattern, h) }
		page := func(pattern string, h pageHandler) { open(pattern, s.handle(s.member(viewer, h))) }
		edit := func(pattern string, h pageHandler) { open(pattern, s.handle(s.member(editor, h))) }
		own := func(pattern string, h pageHandler) { open(pattern, s.handle(s.member(owner, h))) }

		open("GET /{$}", s.handle(s.home))
		open("GET /setup", limit(s.handle(s.setupForm)))
		open("POST /setup", limit(s.handle(s.setUp)))
		open("GET /login", s.handle(s.loginForm))
		open("POST /login", limit(s.handle(s.logIn)))
		open("POST /logout", s.handle(s.logOut))
		open("POST /theme", s.handle(s.setTheme))

		page("GET /goals", s.goals)
		edit("GET /goals/new", s.newGoal)
		edit("POST /goals/new", s.addGoal)
		page("GET /goals/{id}", s.goal)
		page("GET /goals/{id}/chart.svg", s.goalSVG)
		page("GET /goals/{id}/chart.png", s.goalPNG)
		page("GET /goals/{id}/table.csv", s.goalCSV)
		edit("GET /goals/{id}/change", s.changeForm)
		edit("POST /goals/{id}/change", s.changeGoal)
		edit("GET /goals/{id}/retire", s.retireForm)
		edit("POST /goals/{id}/retire", s.retireGoal)

		page("GET /effects", s.effects)
		edit("GET /effects/new", s.newEffect)
		edit("POST /effects/new", s.confirmEffect)
		page("GET /effects/{id}", s.effect)
		page("GET /effects/{id}/chart.svg", s.effectFile("svg"))
		page("GET /effects/{id}/chart.png", s.effectFile("png"))
		page("GET /effects/{id}/table.csv", s.effectTable)
		page("GET /effects/{id}/effect.json", s.effectJSON)
		edit("POST /effects/{id}/again", s.repeatEffect)
		edit("GET /effects/{id}/change", s.changeEffectForm)
		edit("POST /effects/{id}/change", s.changeEffect)

		page("GET /activities", s.activities)
		edit("GET /activities/new", s.newActivity)
		edit("POST /activities/new", s.addActivity)
		edit("GET /activities/{id}/change", s.activityForm)
		edit("POST /activities/{id}/change", s.changeActivity)
		edit("GET /activities/{id}/remove", s.removeActivityForm)
		edit("POST /activities/{id}/remove", s.removeActivity)
		edit("POST /activities/{id}/restore", s.restoreActivity)

		page("GET /posts", s.posts)
		page("GET /posts.csv", s.postsCSV)

		page("GET /import", s.importPage)
		edit("POST /import", s.upload)
		edit("POST /import/discard", s.discardAll)
		edit("GET /import/batch/{batch}", s.batch)
		edit("GET /import/batch/{batch}/state", s.batchState)
		edit("GET /import/file/{file}", s.proposal)
		edit("POST /import/file/{file}", s.confirm)
		edit("POST /import/file/{file}/discard", s.discard)
		page("GET /imports/{id}", s.report)
		page("GET /imports/{id}/report.csv", s.reportCSV)
		page("GET /imports/{id}/report.json", s.reportJSON)
		edit("GET /imports/{id}/undo", s.undoForm)
		edit("POST /imports/{id}/undo", s.undo)

		open("GET /p/{slug}", s.handle(s.poll))
		open("POST /p/{slug}", s.handle(s.vote))
		open("GET /p/{slug}/results", s.handle(s.pollResults))
		open("GET /p/{slug}/results.svg", s.handle(s.pollFile("svg")))
		open("GET /p/{slug}/results.png", s.handle(s.pollFile("png")))
		open("GET /p/{slug}/results.csv", s.handle(s.pollFile("csv")))
		open("GET /p/{slug}/comments", s.handle(s.comments))
		open("POST /p/{slug}/comments", s.handle(s.addComment))
		open("GET /p/{slug}/comment/{secret}", s.handle(s.comment))
		open("POST /p/{slug}/comment/{secret}", s.handle(s.changeComment))
		page("GET /polls", s.polls)
		edit("POST /polls", s.addPoll)
		page("GET /polls/{id}", s.pollTeam)
		edit("POST /polls/{id}/close", s.closePoll)
		edit("GET /polls/{id}/comments", s.moderation)
		own("POST /polls/{id}/comments", s.setComments)
		edit("POST /polls/{id}/comments/{comment}", s.moderate)

		page("GET /surveys/{id}", s.surveyResults)
		page("GET /surveys/{id}/live", s.surveyLive)
		page("GET /surveys/{id}/population", s.population)
		edit("POST /surveys/{id}/population", s.setPopulation)
		edit("POST /surveys/{id}/population/merge", s.mergeGroups)
		edit("POST /surveys/{id}/population/import", s.importPopulation)
		edit("POST /surveys/{id}/population/take", s.takePopulation)
		page("GET /surveys/{id}/population/weights.csv", s.weightsFile)
		page("GET /surveys/{id}/answers", s.surveyAnswers)
		page("GET /surveys/{id}/answers.csv", s.surveyDownload("csv"))
		page("GET /surveys/{id}/answers.xlsx", s.surveyDownload("xlsx"))
		page("GET /surveys/{id}/answers.json", s.surveyDownload("json"))
		page("GET /surveys/{id}/answers/open", s.surveyOpen)
		edit("POST /surveys/{id}/answers/tag", s.tagAnswer)
		page("GET /surveys/{id}/answers/{rid}", s.surveyAnswer)
		own("POST /surveys/{id}/answers/{rid}/erase", s.eraseAnswer)
		page("GET /surveys/{id}/beliefs", s.beliefs)
		page("POST /surveys/{id}/beliefs", s.giveBeliefs)
		page("GET /surveys/{id}/understanding", s.understanding)
		page("GET /surveys/{id}/understanding.svg", s.understandingFile("svg"))
		page("GET /surveys/{id}/understanding.png", s.understandingFile("png"))
		page("GET /surveys/{id}/understanding.csv", s.understandingFile("csv"))
		page("GET /surveys/{id}/understanding.json", s.understandingFile("json"))
		page("GET /surveys", s.surveys)
		edit("GET /surveys/new", s.newSurvey)
		edit("POST /surveys/new", s.addSurvey)
		edit("GET /surveys/import", s.surveyImport)
		edit("POST /surveys/import", s.addSurveyImport)
		page("GET /surveys/{id}/survey.yaml", s.surveyYAML)
		edit("GET /surveys/{id}/edit", s.surveyEdit)
		edit("POST /surveys/{id}/edit", s.changeSurveyForm)
		edit("GET /surveys/{id}/texts", s.surveyTexts)
		edit("POST /surveys/{id}/texts", s.changeSurveyTexts)
		edit("GET /surveys/{id}/add", s.newSurveyQuestion)
		edit("POST /surveys/{id}/add", s.addSurveyQuestion)
		edit("GET /surveys/{id}/question/{question}", s.surveyQuestion)
		edit("POST /surveys/{id}/question/{question}", s.changeSurveyQuestion)
		edit("GET /surveys/{id}/settings", s.surveySettings)
		edit("POST /surveys/{id}/settings", s.changeSurveySettings)
		page("GET /surveys/{id}/preview", s.surveyPreview)
		page("GET /surveys/{id}/preview/form", s.surveyPreviewForm)
		page("POST /surveys/{id}/preview/form", s.stepPreview)
		edit("GET /surveys/{id}/publish", s.surveyPublish)
		edit("POST /surveys/{id}/publish", s.publishSurvey)
		edit("POST /surveys/{id}/state", s.setSurveyState)
		page("GET /surveys/{id}/versions", s.surveyVersions)
		edit("POST /surveys/{id}/copy", s.copySurvey)

		page("GET /studies", s.studies)
		edit("GET /studies-new", s.newStudy)
		edit("POST /studies-new", s.addStudy)
		edit("GET /studies-file", s.studyFileForm)
		edit("POST /studies-file", s.addStudyFile)
		page("GET /studies-template.csv", s.studyTemplate)
		page("GET /studies-template.json", s.studyTemplate)
		edit("GET /studies-wave", s.waveForm)
		edit("POST /studies-wave", s.addWaveFile)
		edit("GET /studies-wave/{file}", s.waveMap)
		edit("POST /studies-wave/{file}", s.keepWave)
		edit("POST /studies-wave/{file}/discard", s.discardWave)
		page("GET /studies/{id}", s.study)
		edit("GET /studies/{id}/figure", s.figureForm)
		edit("POST /studies/{id}/figure", s.enterFigure)
		edit("GET /studies/{id}/wave/new", s.studyPartForm("wave"))
		edit("POST /studies/{id}/wave/new", s.addStudyPart("wave"))
		edit("GET /studies/{id}/question/new", s.studyPartForm("question"))
		edit("POST /studies/{id}/question/new", s.addStudyPart("question"))
		edit("POST /studies/{id}/publish", s.publishStudy)
		edit("POST /studies/{id}/withdraw", s.withdrawStudy)
		page("GET /studies/{id}/figures.json", s.studyFigures)
		page("GET /studies/{id}/figures.csv", s.studyFigures)
		page("GET /studies/{id}/{question}/{file}", s.studyFile)
		page("GET /studies/{id}/own", s.own)
		edit("POST /studies/{id}/own", s.answerOwn)
		page("GET /studies/{id}/own/{file}", s.ownFile)

		open("GET /r/{slug}", s.handle(s.studyReport))
		open("GET /r/{slug}/{version}", s.handle(s.studyReport))
		open("GET /r/{slug}/{version}/figures.json", s.handle(s.studyReportFigures))
		open("GET /r/{slug}/{version}/figures.csv", s.handle(s.studyReportFigures))
		open("GET /r/{slug}/{version}/{question}/{file}", s.handle(s.studyReportFile))
		open("GET /r/{slug}/embed/{question}/{kind}", s.handle(s.studyFrame))
		open("GET /r/{slug}/{version}/embed/{question}/{kind}", s.handle(s.studyFrame))

		edit("GET /surveys/{id}/hooks", s.hooks)
		edit("POST /surveys/{id}/hooks", s.addHook)
		edit("POST /surveys/{id}/hooks/{hook}/test", s.testHook)
		edit("POST /surveys/{id}/hooks/{hook}/switch", s.switchHook)
		edit("POST /surveys/{id}/hooks/{hook}/remove", s.removeHook)
		page("GET /surveys/{id}/channels", s.channels)
		edit("POST /surveys/{id}/channels", s.addChannels)
		edit("POST /surveys/{id}/channels/remove", s.removeChannel)
		edit("POST /surveys/{id}/channels/sites", s.setSites)
		page("GET /surveys/{id}/channels/qr.svg", s.teamQR("svg"))
		page("GET /surveys/{id}/channels/qr.png", s.teamQR("png"))
		page("GET /surveys/{id}/channels/image.png", s.teamPreview)
		page("GET /surveys/{id}/channels/print", s.teamPrint)
		page("GET /surveys/{id}/invitations", s.invitations)
		edit("POST /surveys/{id}/invitations", s.addInvited)
		edit("GET /surveys/{id}/invitations/{file}", s.invitedMap)
		edit("POST /surveys/{id}/invitations/{file}", s.keepInvited)
		edit("POST /surveys/{id}/invitations/{file}/discard", s.discardInvited)
		own("POST /surveys/{id}/invitations/links", s.invitedLinks)
		own("POST /surveys/{id}/invitations/forget", s.forgetInvited)

		page("GET /settings", s.settings)
		own("POST /settings", s.saveSettings)
		own("GET /settings/person", s.person)
		own("POST /settings/person", s.answerPerson)
		own("GET /settings/tokens", s.tokens)
		own("POST /settings/tokens", s.addToken)
		own("POST /settings/tokens/{id}/remove", s.removeToken)
		open("POST /settings/password", limit(s.handle(s.member(viewer, s.changePassword))))
		page("GET /kpis", s.kpis)
		page("GET /simulated", s.simulated)
	}
	return mux
}

// register adds a route under a language. The languages are registered literally:
// a wildcard would contradict /static/.
func (s *Server) register(mux *http.ServeMux, lang, pattern string, h http.Handler) {
	method, path, _ := cutSpace(pattern)
	mux.Handle(method+" /"+lang+path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.SetPathValue("lang", lang)
		if r.Method == http.MethodPost && !takesFiles(path) {
			r.Body = http.MaxBytesReader(w, r.Body, formLimit)
		}
		h.ServeHTTP(w, r)
	}))
}

// takesFiles tells the forms that take files; their handlers limit what they take.
func takesFiles(path string) bool {
	return path == "/import" || path == "/studies-file" || path == "/studies-wave" || path == "/surveys/{id}/invitations" || path == "/surveys/import"
}
