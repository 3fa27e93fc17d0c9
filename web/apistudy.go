package web

import (
	"context"

	"goalpost/assess"
	"goalpost/document"
)

// apiStudies lists all studies.
func (s *Server) apiStudies(ctx context.Context, c caller, _ *struct{}) (reply, error) {
	list, err := assess.Studies(ctx, s.DB, c.org.ID)
	return reply{document: document.StudiesOf(c.say, list)}, err
}

// apiStudy shows one study, in its newest version or the one that is asked for.
func (s *Server) apiStudy(ctx context.Context, c caller, in *struct {
	ID      string `path:"study"`
	Version int    `query:"version" doc:"Without: the newest."`
}) (reply, error) {
	h, err := assess.Study(ctx, s.DB, c.org.ID, in.ID)
	if err != nil {
		return reply{}, err
	}
	v := h.Current()
	for _, old := range h.Versions {
		if in.Version != 0 && old.Version == in.Version {
			v = old
		}
	}
	if in.Version != 0 && v.Version != in.Version {
		return reply{}, notFound()
	}
	view, err := assess.ViewStudyVersion(ctx, s.DB, c.org.ID, h, v)
	if err != nil {
		return reply{}, err
	}
	return reply{document: document.StudyOf(c.say, h, v, view)}, nil
}

// apiOwn shows the own answers to a study beside the trade's.
func (s *Server) apiOwn(ctx context.Context, c caller, in *struct {
	ID string `path:"study"`
}) (reply, error) {
	v, err := assess.Own(ctx, s.DB, c.org, in.ID, s.Now())
	if err != nil {
		return reply{}, err
	}
	return reply{document: document.OwnOf(c.say, v)}, nil
}
