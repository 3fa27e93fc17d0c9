package web

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// contentSecurityPolicy allows nothing but our own files: no inline script or
// style, no frame, nothing from elsewhere.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secureHeaders puts the headers of every answer, also of errors.
func (s *Server) secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !strings.HasPrefix(r.URL.Path, "/static/") {
			h.Set("Cache-Control", "private, no-cache")
		}
		next.ServeHTTP(w, r)
	})
}

// compressible says which kinds of content are worth compressing.
func compressible(contentType string) bool {
	for _, t := range []string{"text/", "application/json", "application/problem+json", "image/svg+xml"} {
		if strings.HasPrefix(contentType, t) {
			return true
		}
	}
	return false
}

// holdsSecret names the pages that are never compressed: their length must not
// depend on a secret that stands in them, such as the receipt of an answer.
func holdsSecret(path string) bool {
	return strings.HasPrefix(path, answerPath) || strings.HasSuffix(path, "/setup") || strings.HasSuffix(path, "/login") || strings.HasSuffix(path, "/settings/tokens") || strings.Contains(path, "/comment/") ||
		loggedPath(path) != path
}

// compress answers with gzip where the client takes it.
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if holdsSecret(r.URL.Path) || r.Method == http.MethodHead || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		z := &gzipWriter{ResponseWriter: w}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

// gzipWriter decides at the first byte whether an answer is compressed.
type gzipWriter struct {
	http.ResponseWriter
	zip     *gzip.Writer
	decided bool
}

// WriteHeader decides, and sends the status.
func (g *gzipWriter) WriteHeader(status int) {
	g.decide(status)
	g.ResponseWriter.WriteHeader(status)
}

// Write sends content, compressed if that was decided.
func (g *gzipWriter) Write(b []byte) (int, error) {
	if !g.decided {
		g.WriteHeader(http.StatusOK)
	}
	if g.zip != nil {
		return g.zip.Write(b)
	}
	return g.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer below.
func (g *gzipWriter) Unwrap() http.ResponseWriter { return g.ResponseWriter }

func (g *gzipWriter) decide(status int) {
	if g.decided {
		return
	}
	g.decided = true
	h := g.Header()
	if status < 200 || status == http.StatusNoContent || status == http.StatusNotModified || status == http.StatusPartialContent ||
		h.Get("Content-Encoding") != "" || !compressible(h.Get("Content-Type")) {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	g.zip = gzip.NewWriter(g.ResponseWriter)
}

func (g *gzipWriter) close() {
	if g.zip != nil {
		_ = g.zip.Close() // the client went away; there is nobody to tell
	}
}
