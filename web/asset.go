package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// asset is a file that pages load, under a name that changes with its content.
type asset struct {
	name        string // with hash
	contentType string
	plain       []byte
	zipped      []byte
}

// assets are all files that pages load, by their plain and by their hashed names.
type assets struct {
	byPlain map[string]*asset
	byHash  map[string]*asset
}

// loadAssets reads and compresses the embedded files; extra is added to app.css.
func loadAssets(extra string) (*assets, error) {
	a := &assets{byPlain: map[string]*asset{}, byHash: map[string]*asset{}}
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("web: static files: %w", err)
	}
	for _, e := range entries {
		data, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("web: static file %s: %w", e.Name(), err)
		}
		if e.Name() == "app.css" {
			data = append(append(data, '\n'), extra...)
		}
		sum := sha256.Sum256(data)
		ext := path.Ext(e.Name())
		f := &asset{name: strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:6]) + ext,
			contentType: mime.TypeByExtension(ext), plain: data}
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, fmt.Errorf("web: compress %s: %w", e.Name(), err)
		}
		if _, err := z.Write(data); err != nil {
			return nil, fmt.Errorf("web: compress %s: %w", e.Name(), err)
		}
		if err := z.Close(); err != nil {
			return nil, fmt.Errorf("web: compress %s: %w", e.Name(), err)
		}
		f.zipped = b.Bytes()
		a.byPlain[e.Name()], a.byHash[f.name] = f, f
	}
	return a, nil
}

// path returns the address of a file, /static/app.1a2b3c4d5e6f.css.
func (a *assets) path(plain string) string {
	f, ok := a.byPlain[plain]
	if !ok {
		return "/static/" + plain
	}
	return "/static/" + f.name
}

// serve sends a file by its hashed name; it may be kept for a year.
func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	f, ok := a.byHash[r.PathValue("file")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	data := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		data = f.zipped
	}
	_, _ = w.Write(data) // the client went away; there is nobody to tell
}
