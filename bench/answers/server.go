package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
	"goalpost/web"
)

const slug = "wishes"

// form has a question of each kind, as a survey of some minutes has.
func form() goalpost.Form {
	text := func(s string) goalpost.Text { return goalpost.Text{"en": s} }
	options := func(codes ...string) (list []goalpost.Item) {
		for _, c := range codes {
			list = append(list, goalpost.Item{Code: c, Label: text(c)})
		}
		return list
	}
	ask := func(code string, kind goalpost.QuestionType, items ...string) goalpost.SurveyQuestion {
		return goalpost.SurveyQuestion{Question: goalpost.Question{Code: code, Type: kind, Wording: text("About " + code + "?"), Options: options(items...)}}
	}
	scale := ask("content", goalpost.ScaleQuestion)
	scale.Scale = &goalpost.Scale{Low: 1, High: 5}
	more := ask("more", goalpost.TextQuestion)
	more.Long = true
	return goalpost.Form{Languages: []string{"en"}, Title: text("Wishes"), Questions: []goalpost.SurveyQuestion{
		ask("why", goalpost.SingleChoice, "offers", "news", "service", "fun"), ask("where", goalpost.MultipleChoice, "instagram", "tiktok", "youtube", "shop"),
		scale, ask("nps", goalpost.NPSQuestion), ask("visits", goalpost.NumberQuestion), more,
		ask("order", goalpost.RankingQuestion, "price", "quality", "speed"), ask("agree", goalpost.ConsentQuestion),
	}}
}

// prepare makes an organisation with an open survey in a new store.
func prepare(ctx context.Context, dir string) (*store.DB, *assess.AskedSurvey, error) {
	db, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return nil, nil, fmt.Errorf("answers: %w", err)
	}
	org, err := db.CreateOrganisation(ctx, goalpost.Organisation{Name: "Bench", Language: "en", TimeZone: "Europe/Berlin", Currency: "EUR", Adopted: true})
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("answers: %w", err), db.Close())
	}
	settings := goalpost.SurveySettings{Address: goalpost.FormalAddress, Anonymous: true, Sample: goalpost.SampleSelfSelected}
	now := time.Now()
	s, err := assess.CreateSurvey(ctx, db, org.ID, assess.SurveyInput{Survey: goalpost.Survey{Slug: slug, Form: form(), Settings: settings}, By: "bench", Now: now})
	open := goalpost.SurveyOpen
	if err == nil {
		err = assess.ChangeSurvey(ctx, db, org.ID, s.ID, store.SurveyChange{Revision: s.Revision, State: &open, By: "bench", At: now})
	}
	var a *assess.AskedSurvey
	if err == nil {
		a, err = assess.Asked(ctx, db, slug)
	}
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, a, nil
}

// serveUntilClosed is the server's process: it prints its address and what a page of the
// survey is signed with, and ends when its standard input does.
func serveUntilClosed(ctx context.Context, dir, profile string) (err error) {
	db, a, err := prepare(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	s := &web.Server{DB: db, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Now: time.Now, Listen: l.Addr().String(), DataDir: dir,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}} // so that each answer comes from a network of its own
	h, err := s.Handler()
	if err != nil {
		return err
	}
	defer s.Close()
	if profile != "" {
		f, err := os.Create(filepath.Clean(profile))
		if err != nil {
			return fmt.Errorf("answers: %w", err)
		}
		defer func() { pprof.StopCPUProfile(); _ = f.Close() }() // what is missing in it shows when it is read
		if err := pprof.StartCPUProfile(f); err != nil {
			return fmt.Errorf("answers: %w", err)
		}
	}
	server := s.HTTPServer(h)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	fmt.Println(l.Addr(), a.SignPage(assess.SignedPage{Version: 1, At: time.Now().Add(-time.Minute)}))
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// server is the server's process, seen from the clients'.
type server struct {
	cmd        *exec.Cmd
	stdin      io.Closer
	addr, page string
}

func startServer(ctx context.Context, dir, profile string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, "-serve", dir, "-profile", profile) //nolint:gosec // this program
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	s := &server{cmd: cmd, stdin: in}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err == nil {
		_, err = fmt.Sscan(line, &s.addr, &s.page)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("answers: the server says nothing: %w", err), cmd.Wait())
	}
	return s, nil
}

// residentMB is the memory that the server holds now; 0 where the system does not say.
func (s *server) residentMB() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if kb, ok := strings.CutPrefix(string(line), "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 64)
			if err == nil {
				return n / 1024
			}
		}
	}
	return 0
}

// stop ends the server and returns the most memory that it held, in MB.
func (s *server) stop() float64 {
	_ = s.stdin.Close()
	_ = s.cmd.Wait() // also the second time
	if u, ok := s.cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		return float64(u.Maxrss) / 1024
	}
	return 0
}

func countAnswers(ctx context.Context, dir string) (int, error) {
	db, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return 0, fmt.Errorf("answers: %w", err)
	}
	n, err := db.SurveyCount(ctx, 1, 1)
	return n, errors.Join(err, db.Close())
}
