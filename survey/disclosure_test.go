package survey

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"goalpost/infer"
)

func TestPublishable(t *testing.T) {
	for _, c := range []struct {
		count, base int
		want        Cell
	}{{5, 9, Hidden}, {0, 10, Shown}, {1, 10, Few}, {2, 100, Few}, {3, 10, Shown}, {98, 100, Few}, {97, 100, Shown}, {10, 10, Shown}} {
		if got := Publishable(c.count, c.base); got != c.want {
			t.Errorf("%d of %d\ngot:  %s\nwant: %s", c.count, c.base, got, c.want)
		}
	}
}

// No hidden cell follows from the shown ones and the totals: another table with the same
// totals and shown cells has another number there.
func TestSuppressedCellsCannotBeComputed(t *testing.T) {
	random := infer.Rand(7, 7)
	some := 0
	for range 2000 {
		count := randomTable(random)
		hidden := Suppress(count)
		for i, row := range count {
			for j, n := range row {
				if n > 0 && n < FewestEach && !hidden[i][j] {
					t.Fatalf("a cell of %d is shown in %v", n, count)
				}
			}
		}
		unknown := solve(hidden)
		for i, row := range hidden {
			for j, is := range row {
				if is {
					some++
					if !unknown[i][j] && len(count) > 1 && len(row) > 1 && !wholeHidden(hidden) {
						t.Fatalf("cell %d, %d follows in %v, hidden %v", i, j, count, hidden)
					}
				}
			}
		}
	}
	if some < 1000 {
		t.Errorf("only %d hidden cells", some)
	}
}

func randomTable(random *rand.Rand) [][]int {
	rows, columns := 2+random.IntN(4), 2+random.IntN(4)
	out := make([][]int, rows)
	for i := range out {
		for range columns {
			out[i] = append(out[i], random.IntN(2+random.IntN(12)))
		}
	}
	return out
}

func wholeHidden(hidden [][]bool) bool {
	for _, row := range hidden {
		if slices.Contains(row, false) {
			return false
		}
	}
	return true
}

// solve says which hidden cells the totals leave open: those on which some vector with sums
// 0 in all rows and columns is not 0. The space of such vectors is found by elimination, not
// by rings.
func solve(hidden [][]bool) [][]bool {
	var cells [][2]int
	for i, row := range hidden {
		for j, is := range row {
			if is {
				cells = append(cells, [2]int{i, j})
			}
		}
	}
	out := make([][]bool, len(hidden))
	for i := range out {
		out[i] = make([]bool, len(hidden[i]))
	}
	if len(cells) == 0 {
		return out
	}
	a := mat.NewDense(len(hidden)+len(hidden[0]), len(cells), nil)
	for k, c := range cells {
		a.Set(c[0], k, 1)
		a.Set(len(hidden)+c[1], k, 1)
	}
	rank := func(m mat.Matrix) int {
		var svd mat.SVD
		svd.Factorize(m, mat.SVDNone)
		return svd.Rank(1e-9)
	}
	full := rank(a)
	rows, _ := a.Dims()
	for k, c := range cells {
		// Cell k is fixed exactly when fixing it too adds no rank.
		with := mat.NewDense(rows+1, len(cells), nil)
		with.Copy(a)
		with.Set(rows, k, 1)
		out[c[0]][c[1]] = rank(with) > full
	}
	return out
}

func TestLetters(t *testing.T) {
	e := Estimates{Value: []float64{0.3, 0.5, 0.31, 0.9}, Cov: mat.NewSymDense(4, nil), DF: 1000, N: []int{500, 500, 500, 10}}
	for k, se := range []float64{0.02, 0.02, 0.02, 0.05} {
		e.Cov.SetSym(k, k, se*se)
	}
	got := Letters(e, []float64{450, 450, 450, 9})
	if want := []string{"", "AC", "", ""}; !slices.Equal(got, want) {
		t.Errorf("\ngot:  %q\nwant: %q", got, want)
	}
	e.Value[1] = 0.364 // p of the first pair 0.024, times 3: between 0.05 and 0.10
	if got := Letters(e, []float64{450, 450, 450, 9}); got[1] != "a" {
		t.Errorf("\ngot:  %q\nwant: a", got[1])
	}
}
