// Command testsummary reads what "go test -json" prints and writes what a person
// wants to read: a line for each package, the output of what failed, the reason
// of each skip. It runs no test. The script "test" adds up its figures.
//
//	go test -json ./... | testsummary -stage unit -figures FILE
//
// It appends "stage passed failed skipped" to FILE and exits 1 when anything
// failed, 2 when its input or FILE cannot be used. With -strict a skipped test
// counts as failed, unless it is left to the long tier or is the seed of a fuzz
// test, which may pass over input that says nothing.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	stage := flag.String("stage", "", "name of the stage, written into FILE")
	figures := flag.String("figures", "", "FILE to append the counts to")
	strict := flag.Bool("strict", false, "a skipped test fails, but not one for ./test --long")
	flag.Parse()
	total, err := summarise(os.Stdin, os.Stdout, *strict)
	if err == nil && *figures != "" {
		err = appendFigures(*figures, *stage, total)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsummary:", err)
		os.Exit(2)
	}
	if total.failed > 0 {
		os.Exit(1)
	}
}

// appendFigures adds one line "stage passed failed skipped" to the file.
func appendFigures(path, stage string, c counts) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s %d %d %d\n", stage, c.passed, c.failed, c.skipped)
	return errors.Join(err, f.Close())
}

// summarise copies the events of in, one JSON object a line, to out in words and
// returns the counts. Lines that are not JSON, as of a failed build, are copied.
func summarise(in io.Reader, out io.Writer, strict bool) (counts, error) {
	s := &summary{out: out, strict: strict, packages: map[string]*pkg{}, build: map[string][]string{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				s.add(e)
			} else {
				s.printf("%s", line)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s.total, err
		}
	}
	s.unfinished()
	return s.total, s.err
}
