package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/document"
)

// mapLimit is the largest column map, in bytes.
const mapLimit = 256 << 10

// apiImports lists all imports.
func (s *Server) apiImports(ctx context.Context, c caller, _ *struct{}) (reply, error) {
	list, err := s.DB.Imports(ctx, c.org.ID)
	return reply{document: document.ImportsOf(list)}, err
}

// apiShowImport shows what became of a file.
func (s *Server) apiShowImport(ctx context.Context, c caller, in *struct {
	ID int64 `path:"import"`
}) (reply, error) {
	i, err := s.DB.Import(ctx, c.org.ID, goalpost.ImportID(in.ID))
	return reply{document: document.ImportOf(i)}, err
}

// apiUndoImport takes an import back.
func (s *Server) apiUndoImport(ctx context.Context, c caller, in *struct {
	ID int64 `path:"import"`
}) (reply, error) {
	id := goalpost.ImportID(in.ID)
	i, err := s.DB.Import(ctx, c.org.ID, id)
	if err != nil {
		return reply{}, err
	}
	if i.State != goalpost.ImportDone {
		return reply{}, goalpost.Errorf(goalpost.Conflict, "error.web.not-undoable")
	}
	if err := assess.UndoImport(ctx, s.DB, c.org, id, c.user.Name, s.Now()); err != nil {
		return reply{}, err
	}
	i, err = s.DB.Import(ctx, c.org.ID, id)
	return reply{document: document.ImportOf(i)}, err
}

// apiAddImport imports the file that a request carries, and answers when all of it is kept.
func (s *Server) apiAddImport(ctx context.Context, c caller, _ *struct{}) (reply, error) {
	f, err := s.receiveFile(c)
	if err != nil {
		return reply{}, err
	}
	s.jobs.Add(1) // an end of the program waits for it
	defer s.jobs.Done()
	defer s.removeUpload(f)
	select {
	case s.uploads.turn <- struct{}{}:
		defer func() { <-s.uploads.turn }()
	case <-ctx.Done():
		return reply{}, ctx.Err()
	case <-s.running.Done():
		return reply{}, goalpost.Errorf(goalpost.Unavailable, "error.api.ending")
	}
	report, err := s.load(c.org, f)
	if err != nil {
		if s.running.Err() != nil {
			err = goalpost.Errorf(goalpost.Unavailable, "error.api.ending")
		}
		return reply{}, err
	}
	out := reply{document: document.ReportOf(report), status: http.StatusCreated, location: "/imports/" + strconv.FormatInt(int64(report.Import), 10)}
	if report.Again {
		out.status = http.StatusOK
	}
	return out, nil
}

// apiPlanImport says what would be made of a file.
func (s *Server) apiPlanImport(ctx context.Context, c caller, _ *struct{}) (reply, error) {
	f, err := s.receiveFile(c)
	if err != nil {
		return reply{}, err
	}
	defer s.removeUpload(f)
	in, file, err := s.input(f)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = file.Close() }() // it was only read
	x, err := assess.Propose(ctx, s.DB, c.org, in)
	if err != nil {
		return reply{}, err
	}
	return reply{document: document.ImportProposals{Files: []document.ImportProposal{document.ImportProposalOf(c.say, f.name, x)}}}, nil
}

func (s *Server) removeUpload(f upload) {
	if err := os.Remove(f.path); err != nil {
		s.Log.Error("upload not removed", "path", f.path, "err", err)
	}
}

// receiveFile streams the file of an import to the disk.
func (s *Server) receiveFile(c caller) (upload, error) {
	return s.receiveForm(c, s.uploadLimit(), func(f *upload, name string, text []byte) error { return s.readAnswer(f, name, text, c) })
}

// receiveForm streams the file of a request to the disk. What the form says of it stands
// before it, and is told to field.
func (s *Server) receiveForm(c caller, most int64, field func(f *upload, name string, text []byte) error) (f upload, err error) {
	control := http.NewResponseController(c.w)
	if err := errors.Join(control.SetReadDeadline(time.Time{}), control.SetWriteDeadline(time.Time{})); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return f, fmt.Errorf("web: upload: %w", err)
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, most+formLimit)
	form, err := c.r.MultipartReader()
	if err != nil {
		return f, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.form", Err: err}
	}
	f = upload{org: c.org.ID, by: c.user.Name, at: s.Now()}
	for {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return f, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.no-file", Field: "file"}
		case err != nil:
			return f, diskError(err, "")
		case part.FormName() == "file":
			f.name = cleanName(part.FileName())
			if err := s.uploads.save(part, &f); err != nil {
				return f, err
			}
			if err := noMoreParts(form); err != nil {
				return f, errors.Join(err, os.Remove(f.path))
			}
			return f, nil
		}
		text, err := readField(part)
		if err == nil {
			err = field(&f, part.FormName(), text)
		}
		if err != nil {
			return f, err
		}
	}
}

// noMoreParts refuses a second file: which of two answers would be its own?
func noMoreParts(form *multipart.Reader) error {
	_, err := form.NextPart()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return diskError(err, "")
	}
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.after-file", Field: "file"}
}

// readField reads a field of a form.
func readField(part *multipart.Part) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(part, mapLimit+1))
	if err != nil {
		return nil, diskError(err, "")
	}
	if len(text) > mapLimit {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.large", Field: part.FormName(), Args: []goalpost.Arg{goalpost.NumberArg(mapLimit >> 10)}}
	}
	return text, nil
}

// readAnswer takes a field of the form that says something of the file of an import.
func (s *Server) readAnswer(f *upload, name string, text []byte, c caller) error {
	switch name {
	case "map":
		f.columnMap = text
		return nil
	case "account", "network", "time_zone", "date_order", "currency", "observed_at", "sheet":
		return readAnswers(&f.answers, url.Values{name: {string(text)}}, c.org.Zone(), s.Now())
	}
	return &goalpost.Error{Kind: goalpost.Invalid, Key: "error.api.unknown", Field: name}
}
