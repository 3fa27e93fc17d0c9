package web

import (
	"crypto/sha256"
	"net/http"

	"goalpost"
	"goalpost/chart"
	"goalpost/locale"
)

// qrPixels is how wide a module of a QR code is in PNG: enough for a poster.
const qrPixels = 16

// writeQR answers with the QR code of a survey's link.
func (s *Server) writeQR(w http.ResponseWriter, r *http.Request, x goalpost.Survey, suffix string) error {
	channel := r.URL.Query().Get("channel")
	if channel != "" && ownChannel(x, channel) == "" {
		return notFound()
	}
	link := s.linkOf(x, channel)
	name := "qr-" + x.Slug
	if channel != "" {
		name += "-" + channel
	}
	b, err := s.pictures.png("qr "+suffix+" "+link, func() ([]byte, error) { return drawQR(link, suffix) })
	if err != nil {
		return err
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	if suffix == "svg" {
		w.Header().Set("Content-Type", "image/svg+xml")
		attach(w, name+".svg")
		_, _ = w.Write(b) // the client went away; there is nobody to tell
		return nil
	}
	writePNG(w, b, name)
	return nil
}

// drawQR draws a link's code: looking for the best pattern takes longer than anything else
// that a stranger can ask for.
func drawQR(link, suffix string) ([]byte, error) {
	code, err := chart.NewQRCode(link)
	if err != nil {
		return nil, err
	}
	if suffix == "svg" {
		return []byte(code.SVG(link)), nil
	}
	return code.PNG(qrPixels)
}

// writePreview answers with the picture that networks show for a survey's link.
func (s *Server) writePreview(w http.ResponseWriter, r *http.Request, x goalpost.Survey, organisation, lang string) error {
	p := locale.New(locale.Language(wordsIn(lang)), "")
	d := chart.PreviewData{Title: oneLine(x.Form.Title.In(lang)), Line: p.T("web.channels.minutes", goalpost.NumberArg(float64(x.Form.Minutes(lang)))), By: organisation, Act: p.T("web.channels.act." + x.Settings.Address)}
	scene := chart.DrawPreview(d)
	drawn := sha256.Sum256([]byte(scene.SVG())) // whatever changes the picture changes its key
	b, err := s.pictures.png("preview"+string(drawn[:]), func() ([]byte, error) { return s.drawAt(r.Context(), scene, 1) })
	if err != nil {
		return err
	}
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Content-Type", "image/png") // shown, not downloaded: programs that fetch previews are simple
	_, _ = w.Write(b)                           // the client went away; there is nobody to tell
	return nil
}

// wordsIn is the language of the program's own words beside a survey's texts.
func wordsIn(lang string) string {
	if lang == "de" {
		return "de"
	}
	return "en"
}

// teamQR is the QR code for the team, also of drafts.
func (s *Server) teamQR(suffix string) pageHandler {
	return func(w http.ResponseWriter, r *http.Request, v visitor) error {
		x, err := s.channelSurvey(r, v)
		if err != nil {
			return err
		}
		return s.writeQR(w, r, x, suffix)
	}
}

// teamPreview is the preview picture for the team, also of drafts.
func (s *Server) teamPreview(w http.ResponseWriter, r *http.Request, v visitor) error {
	x, err := s.channelSurvey(r, v)
	if err != nil {
		return err
	}
	return s.writePreview(w, r, x, v.org.Name, x.Form.Languages[0])
}
