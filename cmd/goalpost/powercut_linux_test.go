package main

import (
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"goalpost/store"
)

// The power is cut while many people answer, on a disk that loses what was not synced.
// Each acknowledged answer is there afterwards, once.
func TestAnswersSurvivePowerCuts(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program several times")
	}
	times := 5
	if os.Getenv("GOALPOST_LONG") == "1" {
		times = 100
	}
	binary := build(t)
	seed := uint64(time.Now().UnixNano())
	acknowledged := 0
	for i := range uint64(times) {
		all, left := answerUntilCut(t, binary, seed+i, false)
		if len(all.promise) < 10 {
			t.Errorf("seed %d: only %d answers were acknowledged: the test shows nothing", seed+i, len(all.promise))
		}
		all.everyReceipt(t, left)
		acknowledged += len(all.promise)
		if t.Failed() {
			t.Fatalf("seed %d", seed+i)
		}
	}
	t.Logf("%d answers were acknowledged over %d power cuts", acknowledged, times)
}

// A disk that only says that it syncs loses answers, and the test above would see it.
func TestPowerCutLosesUnsynced(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the real program")
	}
	all, left := answerUntilCut(t, build(t), 1, true)
	db, err := store.Open(t.Context(), left, store.Options{})
	if err != nil {
		return // not even the file is whole
	}
	defer db.Close()
	for _, n := range all.promise {
		if _, err := db.Answer(t.Context(), 1, 1, answerID(n)); err != nil {
			return
		}
	}
	t.Errorf("all of %d acknowledged answers are there though nothing was synced", len(all.promise))
}

// answerUntilCut lets people answer until the power is cut, and returns the directory with
// what is left on the disk.
func answerUntilCut(t *testing.T, binary string, seed uint64, deaf bool) (*respondents, string) {
	t.Helper()
	d := mountPower(t, seed)
	seedDir := filepath.Join(t.TempDir(), "data")
	openSurvey(t, seedDir)
	data := filepath.Join(d.mount, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	copySynced(t, filepath.Join(seedDir, store.File), filepath.Join(data, store.File))
	d.mu.Lock()
	d.deaf = deaf
	d.mu.Unlock()
	s, base := serveAnswers(t, binary, data)
	all := newRespondents()
	wait := all.storm(base)
	for end := time.Now().Add(30 * time.Second); all.acknowledged() < 10 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
	} // a busy machine is slow to begin
	time.Sleep(200*time.Millisecond + time.Duration(rand.Int64N(int64(500*time.Millisecond))))
	d.cut()
	time.Sleep(20 * time.Millisecond) // what is answered now must be on the disk as well
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait() // it was killed: the error says so
	wait()
	left := filepath.Join(t.TempDir(), "left")
	d.left(t, left)
	_ = os.Remove(filepath.Join(left, "data", store.File+"-shm")) // memory that the programs share; it is made anew
	return all, filepath.Join(left, "data")
}

func copySynced(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
