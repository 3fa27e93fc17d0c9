package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"

	"goalpost"
	"goalpost/assess"
)

// Limits of uploads: files in one request, and how long one may wait for answers.
const (
	maxFiles   = 100
	uploadKept = 24 * time.Hour
	tidyEvery  = 10 * time.Minute
)

// uploadState is where an uploaded file stands.
type uploadState string

// States of an uploaded file.
const (
	uploadAsking  uploadState = "asking"  // a person has to answer or confirm something
	uploadWaiting uploadState = "waiting" // another import runs first
	uploadRunning uploadState = "running"
	uploadDone    uploadState = "done"
	uploadFailed  uploadState = "failed"
)

// upload is one file that somebody sent, until it is imported.
type upload struct {
	id, batch string
	org       goalpost.OrgID
	name      string // base name, as sent
	path      string
	size      int64
	by        string
	at        time.Time
	answers   goalpost.Answers
	columnMap []byte
	asTable   bool // an export that is known and not read by itself: a map is proposed

	state    uploadState
	queued   bool // another import of this server runs first
	progress assess.Progress
	report   goalpost.FileReport
	problem  *goalpost.Error // why it failed

	study string    // of a table of respondents: the study it goes into
	kept  *keptWave // and what became of it

	survey  goalpost.SurveyID // of a list of people: the survey they are invited to
	invited *assess.InvitationReport
}

// uploads are the files that wait in a folder of their own. What they are is kept
// in memory only: after a restart they are gone, and sent again.
type uploads struct {
	dir   string
	mu    sync.Mutex
	files map[string]*upload
	order []string // ids, oldest first
	turn  chan struct{}
}

// newUploads makes the folder and removes what an earlier run left in it.
func newUploads(dataDir string) (*uploads, error) {
	if dataDir == "" {
		return nil, errors.New("web: no data folder for uploads")
	}
	u := &uploads{dir: filepath.Join(dataDir, "upload"), files: map[string]*upload{}, turn: make(chan struct{}, 1)}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return nil, fmt.Errorf("web: upload folder: %w", err)
	}
	old, err := os.ReadDir(u.dir)
	if err != nil {
		return nil, fmt.Errorf("web: upload folder: %w", err)
	}
	for _, f := range old {
		if err := os.Remove(filepath.Join(u.dir, f.Name())); err != nil {
			return nil, fmt.Errorf("web: old upload: %w", err)
		}
	}
	return u, nil
}

// get returns a copy of an upload of an organisation.
func (u *uploads) get(org goalpost.OrgID, id string) (upload, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f, ok := u.files[id]
	if !ok || f.org != org {
		return upload{}, notFound()
	}
	return *f, nil
}

// list returns copies of an organisation's uploads, oldest first: of a batch, or
// all that are not finished if batch is empty.
func (u *uploads) list(org goalpost.OrgID, batch string) []upload {
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []upload
	for _, id := range u.order {
		f := u.files[id]
		if f.org != org || (batch != "" && f.batch != batch) {
			continue
		}
		if batch == "" && (f.state == uploadDone || f.state == uploadFailed) {
			continue
		}
		out = append(out, *f)
	}
	return out
}

// change applies a change to an upload, if it still exists.
func (u *uploads) change(id string, do func(*upload)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if f, ok := u.files[id]; ok {
		do(f)
	}
}

func (u *uploads) add(f *upload) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.files[f.id] = f
	u.order = append(u.order, f.id)
}

// prune forgets uploads that are older than a day and not being imported.
func (u *uploads) prune(now time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.order = slices.DeleteFunc(u.order, func(id string) bool {
		f := u.files[id]
		if now.Sub(f.at) < uploadKept || f.state == uploadRunning || f.state == uploadWaiting {
			return false
		}
		_ = os.Remove(f.path) // gone already when it was imported
		delete(u.files, id)
		return true
	})
}

// tidy removes at every tick what nobody came back for: a table of respondents may hold
// more of them than was to be kept.
func (s *Server) tidy(tick <-chan time.Time) {
	for {
		select {
		case <-s.running.Done():
			return
		case <-tick:
			s.uploads.prune(s.Now())
			s.waves.prune(s.Now())
		}
	}
}

// drop forgets an upload that waits for answers.
func (u *uploads) drop(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if f, ok := u.files[id]; ok && f.state == uploadAsking {
		_ = os.Remove(f.path) // a leftover goes with the next start
		delete(u.files, id)
		u.order = slices.DeleteFunc(u.order, func(other string) bool { return other == id })
	}
}

func (u *uploads) removeAll() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, f := range u.files {
		_ = os.Remove(f.path) // gone already when it was imported
	}
	u.files, u.order = map[string]*upload{}, nil
}

// save streams one part of a form into a file that only this program may read.
func (u *uploads) save(part *multipart.Part, f *upload) error {
	f.id = rand.Text()
	f.path = filepath.Join(u.dir, f.id)
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return diskError(err, f.name)
	}
	f.size, err = io.Copy(file, part)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return errors.Join(diskError(err, f.name), os.Remove(f.path))
	}
	return nil
}

// diskError says what a user can do about a failed write: a full disk, a file that
// is too large, a connection that broke.
func diskError(err error, name string) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.too-large", Args: []goalpost.Arg{goalpost.TextArg(name)}, Err: err}
	}
	if errors.Is(err, syscall.ENOSPC) {
		return &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.web.disk-full", Err: err}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.cut-off", Args: []goalpost.Arg{goalpost.TextArg(name)}, Err: err}
	}
	return fmt.Errorf("web: upload: %w", err)
}

// cleanName is a file's base name without control characters.
func cleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '/' || r == '\\' {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 200 {
		name = string(r[len(r)-200:])
	}
	if name = strings.TrimSpace(name); name == "" {
		return "file"
	}
	return name
}

func (s *Server) uploadLimit() int64 {
	if s.UploadLimit > 0 {
		return s.UploadLimit
	}
	return DefaultUploadLimit
}

// receive stores the files of a request. What cannot be stored is reported, and
// nothing of the request stays then.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, v visitor) (batch string, err error) {
	c := http.NewResponseController(w)
	if err := errors.Join(c.SetReadDeadline(time.Time{}), c.SetWriteDeadline(time.Time{})); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return "", fmt.Errorf("web: upload: %w", err)
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.uploadLimit()+formLimit)
	form, err := r.MultipartReader()
	if err != nil {
		return "", &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.form", Err: err}
	}
	batch = rand.Text()
	var known goalpost.Answers // what the form says of all its files
	var files []*upload
	defer func() {
		for _, f := range files {
			if err != nil {
				_ = os.Remove(f.path) // the first error is what counts
				continue
			}
			s.uploads.add(f)
		}
	}()
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", diskError(err, "")
		}
		if part.FormName() != "file" || part.FileName() == "" {
			if err := s.readKnown(part, &known, v); err != nil {
				return "", err
			}
			continue
		}
		if len(files) == maxFiles {
			return "", goalpost.Errorf(goalpost.Invalid, "error.web.too-many-files", goalpost.PlainArg(maxFiles))
		}
		f := &upload{batch: batch, org: v.org.ID, name: cleanName(part.FileName()), by: v.user.Name, at: s.Now(), state: uploadWaiting, answers: known}
		if err := s.uploads.save(part, f); err != nil {
			return "", err
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return "", &goalpost.Error{Kind: goalpost.Invalid, Key: "error.web.no-file", Field: "files"}
	}
	return batch, nil
}

// readKnown takes a field of the upload form that says something of its files. The
// fields stand before the files.
func (s *Server) readKnown(part *multipart.Part, known *goalpost.Answers, v visitor) error {
	const longest = 200
	text, err := io.ReadAll(io.LimitReader(part, longest))
	if err != nil {
		return diskError(err, "")
	}
	switch name := part.FormName(); name {
	case "observed_at", "time_zone", "currency":
		return readAnswers(known, url.Values{name: {string(text)}}, v.org.Zone(), s.Now())
	}
	return nil
}

// input opens an upload for assess; the caller closes the file.
func (s *Server) input(f upload) (assess.Input, *os.File, error) {
	file, err := os.Open(f.path)
	if err != nil {
		return assess.Input{}, nil, fmt.Errorf("web: upload %s: %w", f.name, err)
	}
	return assess.Input{Name: f.name, R: file, Size: f.size, Answers: f.answers, Map: f.columnMap, AsTable: f.asTable, By: f.by, Now: s.Now()}, file, nil
}

// inspect says what Goalpost makes of an upload.
func (s *Server) inspect(ctx context.Context, org goalpost.Organisation, f upload) (assess.Proposal, error) {
	in, file, err := s.input(f)
	if err != nil {
		return assess.Proposal{}, err
	}
	defer func() { _ = file.Close() }() // it was only read
	return assess.Inspect(ctx, s.DB, org, in)
}

// begin imports an upload in the background, one after the other.
func (s *Server) begin(org goalpost.Organisation, id string) {
	s.uploads.change(id, func(f *upload) { f.state = uploadWaiting })
	s.jobs.Add(1)
	go func() {
		defer s.jobs.Done()
		select {
		case s.uploads.turn <- struct{}{}:
		default:
			s.uploads.change(id, func(f *upload) { f.queued = true })
			select {
			case s.uploads.turn <- struct{}{}:
			case <-s.running.Done():
				return
			}
		}
		defer func() { <-s.uploads.turn }()
		f, err := s.uploads.get(org.ID, id)
		if err != nil {
			return
		}
		report, err := s.load(org, f)
		s.finish(f, report, err)
	}()
}

// load imports a file. A fault in a parser ends this import and not the server.
func (s *Server) load(org goalpost.Organisation, f upload) (report goalpost.FileReport, err error) {
	defer caught("import "+f.name, &err)
	in, file, err := s.input(f)
	if err != nil {
		return goalpost.FileReport{}, err
	}
	defer func() { _ = file.Close() }() // it was only read
	return assess.Import(s.running, s.DB, org, in, func(p assess.Progress) {
		s.uploads.change(f.id, func(f *upload) {
			f.progress, f.state = p, uploadRunning
			if p.Waiting {
				f.state = uploadWaiting
			}
		})
	})
}

// finish records how an import ended. A question that came up keeps the file; else
// it is removed.
func (s *Server) finish(f upload, report goalpost.FileReport, err error) {
	e, known := errors.AsType[*goalpost.Error](err)
	if known && e.Kind == goalpost.Ask {
		s.uploads.change(f.id, func(f *upload) { f.state, f.problem = uploadAsking, e })
		return
	}
	if err != nil && !known {
		s.Log.Error("import failed", "file", f.name, "err", err)
		e = goalpost.Errorf("", "error.internal")
	}
	if rm := os.Remove(f.path); rm != nil {
		s.Log.Error("upload not removed", "path", f.path, "err", rm)
	}
	s.uploads.change(f.id, func(f *upload) {
		f.state, f.report, f.problem = uploadDone, report, e
		if err != nil {
			f.state = uploadFailed
		}
	})
}
