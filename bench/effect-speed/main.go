// Command effect-speed measures what one chain of CausalImpact costs, side by side with
// the other programs that offer the method: user CPU time of a call, the median of
// several, in one run on one machine.
//
//	go run ./bench/effect-speed
//
// It makes a virtual environment for the Python programs in the user's cache directory
// and installs them from PyPI; -peers=false leaves them out. R is measured where it is
// installed together with CausalImpact. What cannot run is named with its reason.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"goalpost/effect"
	"goalpost/infer"
)

// studyCase is one series; its names are those that the scripts read.
type studyCase struct {
	Name    string      `json:"name"`
	Y       []float64   `json:"y"`
	X       [][]float64 `json:"x"` // [T][k]
	Before  int         `json:"before"`
	Seasons int         `json:"seasons"`
	bar     float64     // most milliseconds; 0: none but to be faster than the others
}

// peer is another program: how it is called, what a call costs in each case, and why it
// could not be measured.
type peer struct {
	name, code string
	installs   []string // packages of PyPI; nil: R
	ms         map[string]float64
	reason     string
}

//go:embed peers.py
var peersPy []byte

//go:embed peers.R
var peersR []byte

func main() {
	others := flag.Bool("peers", true, "measure the other programs too")
	runs := flag.Int("runs", 15, "calls of which the median counts")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	cases := studyCases()
	var peers []*peer
	if *others {
		peers = []*peer{
			{name: "bsts-causalimpact", code: "bsts", installs: []string{"bsts-causalimpact"}},
			{name: "the same, no warm-up", code: "bsts-cold", installs: []string{"bsts-causalimpact"}},
			{name: "tfp-causalimpact", code: "tfp", installs: []string{"tfp-causalimpact", "tf_keras"}},
			{name: "R CausalImpact"},
		}
		for _, p := range peers {
			if err := p.measure(cases); err != nil {
				p.reason = err.Error()
			}
		}
	}
	print(cases, peers, *runs)
}

func print(cases []studyCase, peers []*peer, runs int) {
	fmt.Printf("User CPU milliseconds of 1,000 draws, median of %d calls (5 of the others).\n\n%-28s %10s %8s", runs, "case", "goalpost", "bar")
	for _, p := range peers {
		fmt.Printf(" %22s", p.name)
	}
	fmt.Println()
	for _, c := range cases {
		bar := "–"
		if c.bar > 0 {
			bar = fmt.Sprint(c.bar)
		}
		fmt.Printf("%-28s %10.1f %8s", c.Name, goalpost(c, runs), bar)
		for _, p := range peers {
			if ms, ok := p.ms[c.Name]; ok {
				fmt.Printf(" %22.1f", ms)
			} else {
				fmt.Printf(" %22s", "not measured")
			}
		}
		fmt.Println()
	}
	for _, p := range peers {
		if p.reason != "" {
			fmt.Printf("\n%s: %s\n", p.name, p.reason)
		}
	}
}

// goalpost measures this program.
func goalpost(c studyCase, runs int) float64 {
	s := effect.Series{Y: c.Y, X: c.X, Before: effect.Span{From: 0, Until: c.Before}, After: effect.Span{From: c.Before, Until: len(c.Y)}}
	var took []float64
	for i := range runs + 1 {
		before := userTime()
		if _, err := effect.CausalImpact(s, effect.CausalImpactOptions{Seasons: c.Seasons}, uint64(i), nil); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if i > 0 { // the first call warms up
			took = append(took, (userTime()-before).Seconds()*1000)
		}
	}
	slices.Sort(took)
	return took[len(took)/2]
}

func userTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return time.Duration(u.Utime.Nano())
}

// studyCases are simulated: a level that wanders, a season, an effect after two thirds.
func studyCases() []studyCase {
	cases := []studyCase{
		{Name: "100 rows, 1 control", bar: 14.5},
		{Name: "105 rows, 38 controls"},
		{Name: "1,000 rows", bar: 69},
		{Name: "5,000 rows", bar: 330},
		{Name: "325 rows, 52 seasons", Seasons: 52, bar: 1000},
	}
	shapes := []struct{ rows, before, controls int }{{100, 70, 1}, {105, 90, 38}, {1000, 700, 0}, {5000, 3500, 0}, {325, 246, 0}}
	for i := range cases {
		c, shape, rng := &cases[i], shapes[i], infer.Rand(uint64(i), 0)
		c.Before = shape.before
		common := 0.0
		for t := range shape.rows {
			common += 0.1 * rng.NormFloat64()
			row := make([]float64, shape.controls)
			y := 100 + rng.NormFloat64()
			if c.Seasons > 0 {
				y += 2 * math.Sin(2*math.Pi*float64(t)/float64(c.Seasons))
			}
			for j := range row {
				row[j] = 100 + common + rng.NormFloat64()
				if j < 3 {
					y += (row[j] - 100) / 2
				}
			}
			if t >= c.Before {
				y += 3
			}
			c.Y = append(c.Y, y)
			if shape.controls > 0 {
				c.X = append(c.X, row)
			}
		}
	}
	return cases
}

// measure runs a script that reads the cases and prints milliseconds by case.
func (p *peer) measure(cases []studyCase) (err error) {
	dir, err := os.MkdirTemp("", "effect-speed")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	data, err := json.Marshal(cases)
	if err != nil {
		return err
	}
	input, script := filepath.Join(dir, "cases.json"), filepath.Join(dir, "peers")
	var command *exec.Cmd
	if p.installs == nil {
		command, err = p.commandR(cases, dir, script)
	} else {
		command, err = p.commandPython(script, input)
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(input, data, 0o600); err != nil {
		return err
	}
	var out, failed bytes.Buffer
	command.Stdout, command.Stderr = &out, &failed
	if err := command.Run(); err != nil {
		return fmt.Errorf("does not run: %w: %s", err, lastLine(failed.String()))
	}
	return json.Unmarshal([]byte(lastLine(out.String())), &p.ms)
}

// commandPython installs the packages and returns the call of the script.
func (p *peer) commandPython(script, input string) (*exec.Cmd, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	venv := filepath.Join(cache, "goalpost", "effect-speed", p.installs[0])
	python := filepath.Join(venv, "bin", "python")
	if _, err := os.Stat(python); err != nil {
		if out, err := exec.Command("python3", "-m", "venv", venv).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("no virtual environment: %w: %s", err, lastLine(string(out)))
		}
	}
	if out, err := exec.Command(python, append([]string{"-m", "pip", "install", "--quiet"}, p.installs...)...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cannot be installed: %w: %s", err, lastLine(string(out)))
	}
	return exec.Command(python, script, p.code, input), os.WriteFile(script, peersPy, 0o600)
}

// commandR writes the cases as tables, for R reads no JSON by itself.
func (p *peer) commandR(cases []studyCase, dir, script string) (*exec.Cmd, error) {
	rscript, err := exec.LookPath("Rscript")
	if err != nil {
		return nil, fmt.Errorf("is not installed here: %w", err)
	}
	for i, c := range cases {
		var b strings.Builder
		for t, y := range c.Y {
			fmt.Fprintf(&b, "%v", y)
			if c.X != nil {
				for _, x := range c.X[t] {
					fmt.Fprintf(&b, ",%v", x)
				}
			}
			b.WriteByte('\n')
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d;%d;%d;%s.csv", i, c.Before, max(1, c.Seasons), c.Name)), []byte(b.String()), 0o600); err != nil {
			return nil, err
		}
	}
	return exec.Command(rscript, script, dir), os.WriteFile(script, peersR, 0o600)
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
