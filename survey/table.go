package survey

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// ErrTable is returned where a table has fewer than two rows or columns with somebody in
// them, or no variation that a test could stand on.
var ErrTable = errors.New("survey: the table is too small for a test")

// Crosstab is a table of two groupings with what tests of independence need.
type Crosstab struct {
	Rows, Columns []int       // the codes that occur, in ascending order
	Share         [][]float64 // [row][column] weighted share of all
	Count         [][]int     // [row][column] respondents
	N             int         // respondents in both groupings
	cells         Estimates   // shares of cells, column by column
	totals        Estimates
	lambda        []float64 // eigenvalues of the matrix of generalised design effects
	x2            float64
}

// Test is the outcome of a test.
type Test struct {
	Statistic, DF1, DF2 float64 // DF2 is +Inf for a χ² distribution
	P                   float64
}

// Crosstab tabulates two groupings [n], codes from 0 and −1 where unknown, in a domain, nil
// for all.
func (d *Design) Crosstab(row, column []int, in []bool) (Crosstab, error) {
	if len(row) != d.n || len(column) != d.n || in != nil && len(in) != d.n {
		return Crosstab{}, ErrLength
	}
	domain := make([]bool, d.n)
	var t Crosstab
	for i, w := range d.weight {
		domain[i] = row[i] >= 0 && column[i] >= 0 && (in == nil || in[i])
		if domain[i] && w > 0 {
			t.N++
		}
	}
	t.Rows, t.Columns = present(row, domain, d.weight), present(column, domain, d.weight)
	if len(t.Rows) < 2 || len(t.Columns) < 2 {
		return Crosstab{}, ErrTable
	}
	var means, totals []Statistic
	for _, c := range t.Columns {
		for _, r := range t.Rows {
			y := make([]float64, d.n)
			for i := range y {
				switch {
				case !domain[i]:
					y[i] = math.NaN()
				case row[i] == r && column[i] == c:
					y[i] = 1
				}
			}
			means, totals = append(means, Mean(y, in)), append(totals, Total(y, in))
		}
	}
	var err error
	if t.cells, err = d.Estimate(means...); err != nil {
		return Crosstab{}, err
	}
	if t.totals, err = d.Estimate(totals...); err != nil {
		return Crosstab{}, err
	}
	t.fill(d.weight, row, column, domain)
	return t, t.effects()
}

// present lists the codes that somebody with a weight has.
func present(code []int, in []bool, weight []float64) []int {
	seen := map[int]bool{}
	highest := -1
	for i, c := range code {
		if in[i] && weight[i] > 0 {
			seen[c] = true
			highest = max(highest, c)
		}
	}
	var out []int
	for c := 0; c <= highest; c++ {
		if seen[c] {
			out = append(out, c)
		}
	}
	return out
}

// fill sets shares and counts of cells.
func (t *Crosstab) fill(weight []float64, row, column []int, in []bool) {
	r, c := positions(t.Rows), positions(t.Columns)
	for range t.Rows {
		t.Share, t.Count = append(t.Share, make([]float64, len(t.Columns))), append(t.Count, make([]int, len(t.Columns)))
	}
	for i, w := range weight {
		if in[i] && w > 0 {
			t.Count[r[row[i]]][c[column[i]]]++
		}
	}
	for i := range t.Rows {
		for j := range t.Columns {
			t.Share[i][j] = t.cells.Value[j*len(t.Rows)+i]
		}
	}
}

func positions(codes []int) map[int]int {
	out := map[int]int{}
	for i, c := range codes {
		out[c] = i
	}
	return out
}

// margins are the shares of rows and of columns.
func (t Crosstab) margins() (rows, columns []float64) {
	rows, columns = make([]float64, len(t.Rows)), make([]float64, len(t.Columns))
	for i := range t.Rows {
		for j := range t.Columns {
			rows[i] += t.Share[i][j]
			columns[j] += t.Share[i][j]
		}
	}
	return rows, columns
}

// effects computes Pearson's statistic, and how much larger than 1 its parts are under the
// design.
//
// Source: Rao and Scott (1984), Ann. Stat. 12(1), 46–60, theorem 1.
func (t *Crosstab) effects() error {
	rows, columns := t.margins()
	n, cells := float64(t.N), len(t.Rows)*len(t.Columns)
	inverse := mat.NewDiagDense(cells, nil)
	for j := range t.Columns {
		for i := range t.Rows {
			expected := rows[i] * columns[j]
			off := t.Share[i][j] - expected
			t.x2 += n * off * off / expected
			if p := t.Share[i][j]; p > 0 {
				inverse.SetDiag(j*len(t.Rows)+i, 1/p)
			}
		}
	}
	c := interaction(len(t.Rows), len(t.Columns))
	var scaled, model, middle, design, delta mat.Dense
	scaled.Mul(inverse, c) // D⁻¹C
	model.Mul(c.T(), &scaled)
	model.Scale(1/n, &model)
	middle.Mul(t.cells.Cov, &scaled)
	design.Mul(scaled.T(), &middle)
	if err := delta.Solve(&model, &design); err != nil {
		return ErrTable
	}
	var eigen mat.Eigen
	if !eigen.Factorize(&delta, mat.EigenNone) {
		return ErrTable
	}
	total := 0.0
	for _, v := range eigen.Values(nil) {
		t.lambda = append(t.lambda, real(v))
		total += real(v)
	}
	if !(total > 0) {
		return ErrTable
	}
	return nil
}

// interaction are the columns that tell cells apart beyond their row and column, orthogonal
// to rows and columns: products of contrasts [cells][(r−1)(c−1)].
func interaction(rows, columns int) *mat.Dense {
	out := mat.NewDense(rows*columns, (rows-1)*(columns-1), nil)
	centred := func(i, k, n int) float64 {
		v := -1 / float64(n)
		if i == k+1 {
			v++
		}
		return v
	}
	for j := range columns {
		for i := range rows {
			for b := range columns - 1 {
				for a := range rows - 1 {
					out.Set(j*rows+i, b*(rows-1)+a, centred(i, a, rows)*centred(j, b, columns))
				}
			}
		}
	}
	return out
}

// moments are tr Δ and tr Δ².
func (t Crosstab) moments() (first, second float64) {
	for _, l := range t.lambda {
		first += l
		second += l * l
	}
	return first, second
}

// RaoScott tests independence with Pearson's statistic corrected for the design to the second
// order: F with d and d·df degrees of freedom. It is the test to use.
//
// Source: Rao and Scott (1984), Ann. Stat. 12(1), 46–60; Thomas and Rao (1987), J. Am. Stat.
// Assoc. 82(398), 630–636, for F.
func (t Crosstab) RaoScott() Test {
	first, second := t.moments()
	d := first * first / second
	return f(t.x2/first, d, d*t.cells.DF)
}

// Pearson is Pearson's statistic as if respondents had been drawn at random, with the
// p-value of the first-order correction.
func (t Crosstab) Pearson() Test {
	first, _ := t.moments()
	k := float64(len(t.lambda))
	return Test{Statistic: t.x2, DF1: k, DF2: math.Inf(1), P: distuv.ChiSquared{K: k}.Survival(t.x2 / (first / k))}
}

// Saddlepoint is Pearson's statistic against its distribution under the design, a sum of
// weighted χ² variables over an independent one that stands for the degrees of freedom of
// the design (their number rounded down, as in R), with the tail approximated. Where the
// approximation fails, in the middle of the distribution, P is that of RaoScott.
//
// Source: Kuonen (1999), Biometrika 86(4), 929–935.
func (t Crosstab) Saddlepoint() Test {
	second := t.RaoScott()
	out := Test{Statistic: t.x2, DF1: float64(len(t.lambda)), DF2: math.Floor(second.DF2), P: second.P}
	if p := saddlepoint(t.lambda, t.x2/second.DF2, out.DF2); !math.IsNaN(p) {
		out.P = p
	}
	return out
}

// Wald tests that all interactions are 0 by their covariance. With few units it is unstable.
//
// Source: Koch, Freeman and Freeman (1975), Int. Stat. Rev. 43(1), 59–78.
func (t Crosstab) Wald() (Test, error) {
	q, k, err := t.wald()
	return f(q/k, k, t.cells.DF), err
}

// AdjustedWald is Wald with the correction for few units.
//
// Source: Thomas and Rao (1987), J. Am. Stat. Assoc. 82(398), 630–636.
func (t Crosstab) AdjustedWald() (Test, error) {
	q, k, err := t.wald()
	df := t.cells.DF
	return f(q*(df-k+1)/(k*df), k, df-k+1), err
}

func (t Crosstab) wald() (q, k float64, err error) {
	r, c := len(t.Rows), len(t.Columns)
	n := t.totals.Value
	rows, columns, all := make([]float64, r), make([]float64, c), 0.0
	for j := range c {
		for i := range r {
			rows[i] += n[j*r+i]
			columns[j] += n[j*r+i]
			all += n[j*r+i]
		}
	}
	size := (r - 1) * (c - 1)
	y, slope := mat.NewVecDense(size, nil), mat.NewDense(size, r*c, nil)
	for b := range c - 1 {
		for a := range r - 1 {
			at := b*(r-1) + a
			y.SetVec(at, n[b*r+a]-rows[a]*columns[b]/all)
			for j := range c {
				for i := range r {
					v := rows[a] * columns[b] / (all * all)
					if i == a {
						v -= columns[b] / all
					}
					if j == b {
						v -= rows[a] / all
					}
					if i == a && j == b {
						v++
					}
					slope.Set(at, j*r+i, v)
				}
			}
		}
	}
	var half, v mat.Dense
	half.Mul(slope, t.totals.Cov)
	v.Mul(&half, slope.T())
	var solved mat.VecDense
	if err := solved.SolveVec(&v, y); err != nil {
		return math.NaN(), float64(size), ErrTable
	}
	return mat.Dot(y, &solved), float64(size), nil
}

// f is an F statistic with its p-value.
func f(statistic, d1, d2 float64) Test {
	out := Test{Statistic: statistic, DF1: d1, DF2: d2, P: math.NaN()}
	if d1 > 0 && d2 > 0 && !math.IsNaN(statistic) {
		// By the incomplete beta function from the other side: 1 − CDF would lose small p-values.
		out.P = mathext.RegIncBeta(d2/2, d1/2, d2/(d2+d1*max(0, statistic)))
	}
	return out
}

// saddlepoint is P(Σλ_i χ²_1 − c·χ²_m > 0).
func saddlepoint(lambda []float64, c, m float64) float64 {
	largest := c
	for _, l := range lambda {
		largest = max(largest, l)
	}
	c /= largest
	top := 0.0
	var scaled []float64
	for _, l := range lambda {
		if l > 0 {
			scaled = append(scaled, l/largest)
			top = max(top, l/largest)
		}
	}
	slope := func(z float64) float64 {
		s := -m * c / (1 + 2*z*c)
		for _, l := range scaled {
			s += l / (1 - 2*z*l)
		}
		return s
	}
	z := bisect(slope, -1/(2*c)*(1-1e-12), 1/(2*top)*(1-1e-12))
	if math.Abs(z) < 1e-4 {
		return math.NaN()
	}
	k, curve := -m/2*math.Log(1+2*z*c), 2*m*c*c/((1+2*z*c)*(1+2*z*c))
	for _, l := range scaled {
		k -= math.Log(1-2*z*l) / 2
		curve += 2 * l * l / ((1 - 2*z*l) * (1 - 2*z*l))
	}
	w := math.Copysign(math.Sqrt(max(0, -2*k)), z)
	v := z * math.Sqrt(curve)
	return math.Erfc((w+math.Log(v/w)/w)/math.Sqrt2) / 2
}

// GoodnessOfFit is the outcome of Fit: Statistic/Scale against χ² with DF degrees of freedom.
type GoodnessOfFit struct{ Statistic, Scale, DF, P float64 }

// Fit tests whether the shares of groups [n], codes from 0 and −1 where unknown, are those
// that are given, which add up to 1.
//
// Source: Rao and Scott (1981), J. Am. Stat. Assoc. 76(374), 221–230.
func (d *Design) Fit(code []int, want []float64) (GoodnessOfFit, error) {
	if len(code) != d.n {
		return GoodnessOfFit{}, ErrLength
	}
	var totals []Statistic
	for k, p := range want {
		if !(p > 0) {
			return GoodnessOfFit{}, ErrTable
		}
		y := make([]float64, d.n)
		for i, c := range code {
			switch {
			case c == k:
				y[i] = 1
			case c < 0:
				y[i] = math.NaN()
			}
		}
		totals = append(totals, Total(y, nil))
	}
	e, err := d.Estimate(totals...)
	if err != nil {
		return GoodnessOfFit{}, err
	}
	n := 0.0
	for _, v := range e.Value {
		n += v
	}
	// The parts (O−E)/√E by linearisation, E = np with n estimated too.
	var g GoodnessOfFit
	slopes := make([][]float64, len(want))
	for k, p := range want {
		observed, expected := e.Value[k], n*p
		g.Statistic += (observed - expected) * (observed - expected) / expected
		slopes[k] = make([]float64, len(want))
		for j := range want {
			slopes[k][j] = -p * (observed + expected) / (2 * expected * math.Sqrt(expected))
		}
		slopes[k][k] += 1 / math.Sqrt(expected)
	}
	cov := e.Contrasts(slopes...).Cov
	first, second := mat.Trace(cov), 0.0
	for k := range want {
		for j := range want {
			second += cov.At(k, j) * cov.At(k, j)
		}
	}
	if !(first > 0) {
		return GoodnessOfFit{}, ErrTable
	}
	g.Scale, g.DF = second/first, first*first/second
	g.P = distuv.ChiSquared{K: g.DF}.Survival(g.Statistic / g.Scale)
	return g, nil
}
