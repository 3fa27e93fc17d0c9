package web

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"goalpost"
	"goalpost/chart"
	"goalpost/store"
)

// DefaultUploadLimit is the largest file that the import page takes, in bytes.
const DefaultUploadLimit = 2 << 30

// Limits of what a request may send and how long it may take.
const (
	formLimit     = 1 << 20 // bytes of a form without a file
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute // uploads lift it for themselves
	writeTimeout  = 5 * time.Minute
	idleTimeout   = 2 * time.Minute
)

// Server serves the pages. Its exported fields are set before Handler is called and
// not changed afterwards.
type Server struct {
	DB  *store.DB
	Log *slog.Logger
	Now func() time.Time
	// Listen is the address that is listened on, with the port in use.
	Listen string
	// PublicURL is the address under which others reach the server, empty if none;
	// https makes cookies Secure.
	PublicURL string
	// TrustedProxies are the networks whose forwarded headers count.
	TrustedProxies []netip.Prefix
	// AllowPrivate is what webhooks may reach inside private networks.
	AllowPrivate AllowedHosts
	// Demo opens without a password and answers only under this machine's own name.
	Demo bool
	// Truth is what a simulated organisation was made from; nil: nothing is shown.
	Truth *Simulation
	// SetupToken is what the printed link carries; empty: no set-up.
	SetupToken string
	// DataDir is where uploads wait in the folder upload until they are imported.
	DataDir string
	// UploadLimit is the largest file in bytes; 0 means DefaultUploadLimit.
	UploadLimit int64

	sessions   *scs.SessionManager
	hasher     *hasher
	assets     *assets
	templates  *templates
	uploads    *uploads
	waves      *uploads // tables with one row a respondent; gone as soon as they are read
	effectJobs *effectJobs
	lists      orgTurns // held while all analyses of an organisation are read with their data
	pollCache  *pollCache
	asked      *askedCache
	tallies    *tallyCache
	shares     *shareCache
	networks   *networks
	pages      *sentPages
	roomWatch  roomWatch
	hookClient *http.Client
	hookEvery  time.Duration                          // 0 for the usual
	room       func() (free, size uint64, known bool) // of the disk; nil: the store's
	pictures   pictures                               // of public pages
	drawing    chan struct{}                          // held while a picture is drawn
	origins    origins
	setup      sync.Mutex // held while the first organisation is set up
	keeping    sync.Mutex // held while a wave is kept: the same form sent twice is one wave
	jobs       sync.WaitGroup
	running    context.Context // ends with Close; imports stop then
	stop       context.CancelFunc
}

// Handler returns what answers all requests. Close ends the imports it started.
func (s *Server) Handler() (http.Handler, error) {
	var err error
	if s.hasher, err = newHasher(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(chart.CSS()); err != nil {
		return nil, err
	}
	if s.templates, err = loadTemplates(); err != nil {
		return nil, err
	}
	if s.uploads, err = newUploads(s.DataDir); err != nil {
		return nil, err
	}
	if s.waves, err = newUploads(filepath.Join(s.DataDir, "wave")); err != nil {
		return nil, err
	}
	s.sessions = s.newSessions()
	s.effectJobs = newEffectJobs()
	s.pollCache = newPollCache()
	s.asked = newAskedCache()
	s.tallies = newTallyCache()
	s.shares = newShareCache()
	s.networks = newNetworks()
	s.pages = newSentPages()
	s.drawing = make(chan struct{}, runtime.NumCPU())
	s.running, s.stop = context.WithCancel(context.Background())
	s.jobs.Go(func() {
		tick := time.NewTicker(tidyEvery)
		defer tick.Stop()
		s.tidy(tick.C)
	})
	s.jobs.Go(s.resumeEffects)
	s.jobs.Go(s.forgetAnswers)
	s.jobs.Go(s.publishResults)
	s.hookClient = hookClient(s.AllowPrivate)
	s.jobs.Go(s.sendHooks)
	cross := http.NewCrossOriginProtection()
	if u, err := url.Parse(s.PublicURL); err == nil && u.Host != "" {
		if err := cross.AddTrustedOrigin(u.Scheme + "://" + u.Host); err != nil {
			return nil, fmt.Errorf("web: public URL %q: %w", s.PublicURL, err)
		}
	}
	for _, lang := range languages {
		// The secret in the address is what allows it: another site that knew it could as well
		// send the request itself. Browsers that hide the referrer say "Origin: null" here.
		cross.AddInsecureBypassPattern("POST /" + lang + "/p/{slug}/comment/{secret}")
	}
	cross.SetDenyHandler(s.handle(func(http.ResponseWriter, *http.Request) error {
		return goalpost.Errorf(goalpost.Forbidden, "error.web.cross-origin")
	}))
	api, err := s.newAPI()
	if err != nil {
		return nil, err
	}
	surveys := s.surveyRoutes()
	pages := cross.Handler(s.sessions.LoadAndSave(s.routes()))
	all := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isSurvey(r.URL.Path) { // strangers: no token, no cookie, no session
			surveys.ServeHTTP(w, r)
			return
		}
		if isAPI(r.URL.Path) { // tokens only: neither cookies nor sessions
			api.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
	return s.secureHeaders(compress(s.guardDemo(all))), nil
}

// Close stops running imports, which then leave nothing behind, and waits for them.
func (s *Server) Close() {
	s.stop()
	s.jobs.Wait()
	s.uploads.removeAll()
	s.waves.removeAll()
}

// HTTPServer returns a server with the timeouts that the pages need.
func (s *Server) HTTPServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn)}
}

// statusOf is the HTTP status of each kind of error.
var statusOf = map[goalpost.ErrorKind]int{
	goalpost.Invalid:     http.StatusUnprocessableEntity,
	goalpost.Ask:         http.StatusUnprocessableEntity,
	goalpost.NotFound:    http.StatusNotFound,
	goalpost.Forbidden:   http.StatusForbidden,
	goalpost.Conflict:    http.StatusConflict,
	goalpost.Unavailable: http.StatusServiceUnavailable,
}

// statusOfKey are errors with a status of their own.
var statusOfKey = map[string]int{
	"error.web.too-many":   http.StatusTooManyRequests,
	"error.answer.network": http.StatusTooManyRequests,
	"error.web.too-large":  http.StatusRequestEntityTooLarge,

	"error.api.token":        http.StatusUnauthorized,
	"error.api.method":       http.StatusMethodNotAllowed,
	"error.api.slow":         http.StatusRequestTimeout,
	"error.api.large":        http.StatusRequestEntityTooLarge,
	"error.api.content-type": http.StatusUnsupportedMediaType,
	"error.api.too-many":     http.StatusTooManyRequests,
	"error.api.too-fast":     http.StatusTooManyRequests,
	"error.api.json":         http.StatusBadRequest,
	"error.api.no-body":      http.StatusBadRequest,
}

// handle turns a handler that returns an error into an http.Handler. The pages have no
// other place that writes an error to a response or to the log. A request whose body does not
// arrive counts as ended too, and is answered: silence would be a 200.
func (s *Server) handle(h func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		status, e := s.classify(r, err)
		if status == http.StatusServiceUnavailable || e.Key == "error.answer.network" {
			w.Header().Set("Retry-After", retryAfter)
		}
		s.writeError(w, r, status, e)
	})
}

// classify says how an error is answered. What nobody but us can act on goes to the log,
// unless it is that the client went away.
func (s *Server) classify(r *http.Request, err error) (status int, e *goalpost.Error) {
	e, known := errors.AsType[*goalpost.Error](err)
	if !known && r.Context().Err() == nil {
		s.Log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", loggedPath(r.URL.Path), "err", err)
	}
	if !known {
		e = goalpost.Errorf("", "error.internal")
	}
	status, ok := statusOf[e.Kind]
	if !ok {
		status = http.StatusInternalServerError
	}
	if own, ok := statusOfKey[e.Key]; ok {
		status = own
	}
	return status, e
}

// notFound is the answer to every address that there is none of, and to every id
// of another organisation.
func notFound() error { return goalpost.Errorf(goalpost.NotFound, "error.web.not-found") }

// sameSecret compares in constant time; an empty secret equals nothing.
func sameSecret(want, got string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}
