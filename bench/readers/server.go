package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// server is the real program over one data directory. It can be killed and started
// again at the same address.
type server struct {
	binary, data, key, listen string

	mu   sync.Mutex
	cmd  *exec.Cmd
	said bytes.Buffer // everything that it printed, over all starts
	link string       // of the set-up, from the first start
}

var link = regexp.MustCompile(`http://\S+`)

// newServer builds the program and chooses a free address.
func newServer(ctx context.Context, dir string) (*server, error) {
	s := &server{binary: filepath.Join(dir, "goalpost"), data: filepath.Join(dir, "data"), key: filepath.Join(dir, "key")}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.binary, "goalpost/cmd/goalpost").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("readers: build: %w\n%s", err, out)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("readers: %w", err)
	}
	s.listen = l.Addr().String()
	return s, l.Close()
}

// start runs the program until it says where it serves. The time until then is
// returned.
func (s *server) start(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	cmd := exec.CommandContext(ctx, s.binary, "serve", "--data", s.data, "--listen", s.listen)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, fmt.Errorf("readers: %w", err)
	}
	cmd.Stderr = &lockedWriter{s}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("readers: %w", err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		_, _ = fmt.Fprintln(&lockedWriter{s}, lines.Text()) // memory only
		if l := link.FindString(lines.Text()); l != "" {
			took := time.Since(began)
			s.mu.Lock()
			s.cmd = cmd
			if s.link == "" {
				s.link = l
			}
			s.mu.Unlock()
			go func() { _, _ = io.Copy(&lockedWriter{s}, out) }()
			return took, nil
		}
	}
	return 0, errors.Join(fmt.Errorf("readers: the program printed no address: %s", s.output()), cmd.Wait())
}

// kill ends the program as a power cut would end it for the program.
func (s *server) kill() {
	s.mu.Lock()
	cmd := s.cmd
	s.cmd = nil
	s.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed: the error says so
	}
}

// output is everything that the program printed so far.
func (s *server) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

func (s *server) address(path string) string { return "http://" + s.listen + path }

// lockedWriter collects what the program prints.
type lockedWriter struct{ s *server }

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.said.Write(p)
}

// body reads an answer to its end.
func body(resp *http.Response) (string, error) {
	b, err := io.ReadAll(resp.Body)
	return string(b), errors.Join(err, resp.Body.Close())
}
