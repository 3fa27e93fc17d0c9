package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/chart"
	"goalpost/locale"
)

// WriteStudyReport writes the report on a version of a study into dir, which must
// exist: index.html with its style sheet, each figure as SVG and PNG, each table as CSV,
// and the figures as they can be imported. It needs no server and no network. It
// returns the names of the files.
func WriteStudyReport(dir string, h assess.StudyHistory, v goalpost.StudyVersion, view assess.StudyView, language locale.Language, zone *time.Location) ([]string, error) {
	p := Page{Alone: true, printer: locale.New(language, ""), lang: string(language)}
	r := studyReport{dir: dir, page: p, study: v.Study, view: view}
	page := p.study(h, v, view, p.teamLinks(v, h), zone)
	page.Versions = nil // links to a server
	page.CSV, page.JSON = v.Study.ID+".csv", v.Study.ID+".json"
	if err := r.figures(&page); err != nil {
		return nil, err
	}
	if err := r.data(); err != nil {
		return nil, err
	}
	all, err := loadTemplates()
	if err != nil {
		return nil, err
	}
	style, err := loadAssets(chart.CSS())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := all.pages["study"].ExecuteTemplate(&b, "layout", page); err != nil {
		return nil, fmt.Errorf("web: report: %w", err)
	}
	if err := r.write("app.css", style.byPlain["app.css"].plain); err != nil {
		return nil, err
	}
	return r.names, r.write("index.html", b.Bytes())
}

// studyReport writes files beside each other.
type studyReport struct {
	dir   string
	page  Page
	study goalpost.Study
	view  assess.StudyView
	names []string
}

func (r *studyReport) write(name string, data []byte) error {
	r.names = append(r.names, name)
	if err := os.WriteFile(filepath.Join(r.dir, name), data, 0o600); err != nil {
		return &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.file.unwritten", File: name, Err: err}
	}
	return nil
}

// figures writes the charts and their tables, and points the page to them.
func (r *studyReport) figures(page *StudyPage) error {
	f := figures{page: r.page, study: r.study, address: func(q, kind, suffix string, options []string) string {
		return strings.Join(append([]string{q, kind}, options...), "-") + suffix
	}}
	for i, s := range assess.Article(r.view) {
		if s.Question == "" {
			continue // the study has no figure for it
		}
		q, _ := r.view.Question(s.Question)
		page.Statements[i].Figure = f.draw(q, s.Figure, s.Options, "s-"+s.Code)
		if err := r.files(f, q, s.Figure, s.Options); err != nil {
			return err
		}
	}
	for i, q := range r.view.Questions {
		page.Questions[i].Shares = f.draw(q, assess.FigureShares, nil, "q-"+q.Code)
		if err := r.files(f, q, assess.FigureShares, nil); err != nil {
			return err
		}
	}
	return nil
}

// files writes one chart as SVG and PNG, and the table behind it.
func (r *studyReport) files(f figures, q assess.QuestionView, kind string, options []string) error {
	if q.Current().Type != goalpost.NumberQuestion {
		scene, _, ok := f.scene(q, kind, options, chart.Wide)
		if !ok {
			return nil
		}
		scene = f.alone(scene)
		png, err := scene.PNG(pngScale)
		if err != nil {
			return fmt.Errorf("web: report: %w", err)
		}
		if err := r.write(f.address(q.Code, kind, ".svg", options), []byte(scene.SVG())); err != nil {
			return err
		}
		if err := r.write(f.address(q.Code, kind, ".png", options), png); err != nil {
			return err
		}
	}
	return r.table(f.address(q.Code, kind, ".csv", options), r.page.resultRows(q))
}

func (r *studyReport) table(name string, rows [][]string) error {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return fmt.Errorf("web: report %s: %w", name, err)
	}
	return r.write(name, b.Bytes())
}

// data writes the figures as they can be imported.
func (r *studyReport) data() error {
	if err := r.table(r.study.ID+".csv", studyRows(r.study)); err != nil {
		return err
	}
	data, err := json.MarshalIndent(r.study, "", "  ")
	if err != nil {
		return fmt.Errorf("web: report: %w", err)
	}
	return r.write(r.study.ID+".json", append(data, '\n'))
}
