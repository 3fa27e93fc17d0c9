package ingest

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"goalpost"
)

// Percentages and fractions as people write them; "no idea" is no number.
func TestParts(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"fractions":     {"day,n\n0.45,1\n0.5,0\n", "[0.45 0.5] [1 0]"},
		"percent signs": {"day,n\n45%,100 %\n0,0.5%\n", "[0.45 0] [1 0.005]"},
		"bare":          {"day,n\n45,1\n0.5,100\n", "[0.45 0.005] [0.01 1]"},
		"commas":        {"day;n\n45,5 %;7,25 %\n", "[0.455] [0.0725]"},
		"no idea":       {"day;n\nkeine Ahnung;0,5\n;?\n0,25;No idea\n", "[NaN NaN 0.25] [0.5 NaN NaN]"},
	} {
		t.Run(name, func(t *testing.T) {
			c1, err := columnsFrom("a.csv", []byte(c.file), "")
			if err != nil {
				t.Fatal(err)
			}
			parts, err := c1.Parts([]int{0, 1}, "")
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(parts[0], parts[1]); got != c.want {
				t.Errorf("\ngot:  %s\nwant: %s", got, c.want)
			}
		})
	}
	for name, c := range map[string]struct {
		file, key string
		line      int
	}{
		"mixed":    {"day,n\n45%,50%\n45,50\n", "error.import.columns-part-mixed", 3},
		"text":     {"day,n\nhalf,0.5\n", "error.import.columns-part", 2},
		"negative": {"day,n\n0.2,0.5\n-0.2,0.5\n", "error.import.columns-part-range", 3},
		"above":    {"day,n\n20,500\n", "error.import.columns-part-range", 2},
	} {
		c1, err := columnsFrom("a.csv", []byte(c.file), "")
		if err != nil {
			t.Fatal(err)
		}
		_, err = c1.Parts([]int{0, 1}, "")
		if e, ok := errors.AsType[*goalpost.Error](err); !ok || e.Key != c.key || e.Line != c.line || e.File != "a.csv" {
			t.Errorf("%s\ngot:  %v\nwant: %s in line %d", name, err, c.key, c.line)
		}
	}
}

// Yes and no in many words; a gap is neither.
func TestYesNo(t *testing.T) {
	c, err := columnsFrom("a.csv", []byte("day,n\n1,x\nja,\nNo,X\nNA,yes\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	first, no, err := c.YesNo(0)
	if err != nil || !no || first[0] != 1 || first[1] != 1 || first[2] != 0 || !math.IsNaN(first[3]) || !c.Missing(3, 0) {
		t.Errorf("got: %v, %v, %v", first, no, err)
	}
	second, no, err := c.YesNo(1)
	if err != nil || no || second[0] != 1 || !math.IsNaN(second[1]) {
		t.Errorf("got: %v, %v, %v", second, no, err)
	}
	c, err = columnsFrom("a.csv", []byte("day,n\n1,2\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.YesNo(1); err == nil {
		t.Error("2 is neither yes nor no")
	}
}
