package effect

import "math"

const (
	outlyingRounds = 3    // windows that may be dropped
	outlyingMargin = 8    // beyond log(6n), the price of having looked at all windows
	outlyingShare  = 8    // dropped rows are at most one in eight
	quietRows      = 3    // windows end at least this many rows before the start
	tinyWindow     = 1e-6 // windows that the structure explains anyway
)

var windowLengths = []int{1, 2, 3, 5, 7, 10}

// dropOutlying marks weeks before the start that fit nothing else as not used and returns
// their rows: where a free level for a window raises the likelihood by far more than the
// best of so many windows would by chance.
func (c *calendar) dropOutlying(all []residual) (dropped []int) {
	spent := 0 // every window counts with its full length
	for range outlyingRounds {
		if c.enough() != nil {
			return dropped // what is left does not vary
		}
		best, with, from, length := math.Inf(-1), math.Inf(-1), 0, 0
		for _, d := range c.scales() {
			for i, res := range all {
				if res.look&lookAll == 0 {
					continue
				}
				w := d.whiten(i, all)
				f, s := w.bestPlain(d)
				best = max(best, s.logML)
				gain, start, rows := w.bestWindow(d, f, s, c.n/outlyingShare-spent)
				if s.logML+gain > with {
					with, from, length = s.logML+gain, start, rows
				}
			}
		}
		if length == 0 || with-best < math.Log(6*float64(c.n))+outlyingMargin {
			return dropped
		}
		spent += length
		for t := from; t < from+length; t++ {
			if c.used[t] {
				c.used[t] = false
				dropped = append(dropped, t)
			}
		}
	}
	return dropped
}

// bestPlain returns the plain structure with the highest likelihood. Where it chooses among
// controls, those of the best subset on its path are in: the index alone follows an outcome
// that hangs on a few of them too badly for a week to stand out.
func (w *white) bestPlain(d *design) (form, *solved) {
	best, buf := math.Inf(-1), &solved{}
	var top form
	var own []int
	for _, f := range d.plainForms() {
		w.visit(d, f, buf, func(logML float64, chosen []int, added int) {
			if logML <= best {
				return
			}
			best, top, own = logML, f, nil
			if added >= 0 {
				own = append(append(own, chosen...), added)
			}
		})
	}
	top.cols, top.lambda = top.columns(d, own)
	return top, w.solve(d, top.cols, top.lambda, top.prior, nil)
}

// bestWindow returns the gain of a free dummy for the best window of at most limit rows.
func (w *white) bestWindow(d *design, f form, s *solved, limit int) (gain float64, start, length int) {
	n, p := d.cal.n, s.p
	// Sums of the rows of L'w, so that a window's product with y and with every column is
	// a difference of two sums.
	sumY := w.adjointSums(w.y)
	sums := make([][]float64, p)
	for i, col := range f.cols {
		sums[i] = w.adjointSums(w.cols[col])
	}
	gain = math.Inf(-1)
	tails := w.tails()
	h := make([]float64, p)
	for _, rows := range windowLengths {
		if rows > limit {
			break
		}
		for from := 0; from+rows <= n+1-quietRows; from++ {
			for i, sum := range sums {
				h[i] = sum[from+rows] - sum[from]
			}
			s.forward(h)
			square := w.windowSquare(tails, from, rows) - inner(h, h)
			if square < tinyWindow {
				continue
			}
			u := sumY[from+rows] - sumY[from] - inner(h, s.half)
			left := max(s.ss-u*u/square, tinySS*w.yy)
			if g := -.5 * float64(d.used-1) * math.Log(left/s.ss); g > gain {
				gain, start, length = g, from, rows
			}
		}
	}
	return gain, start, length
}

// adjointSums returns the running sums [n+1] of L'e, where L is the filter.
func (w *white) adjointSums(e []float64) []float64 {
	n := len(e)
	out := make([]float64, n+1)
	back, phi := 0.0, w.res.phi // derivative with respect to the prediction of the next row
	for t := n - 1; t >= 0; t-- {
		v := e[t] * w.root[t]
		out[t+1] = v + phi*w.gain[t]*back
		back = phi*(1-w.gain[t])*back - v
	}
	for t := range n {
		out[t+1] += out[t]
	}
	return out
}

// tails returns, for each row [n+1], the sum of squares of all whitened rows from it on that
// are left of a prediction of 1 where the dummy is 0.
func (w *white) tails() []float64 {
	out := make([]float64, len(w.root)+1)
	for t := len(w.root) - 1; t >= 0; t-- {
		left := w.res.phi * (1 - w.gain[t])
		out[t] = w.root[t]*w.root[t] + left*left*out[t+1]
	}
	return out
}

// windowSquare is the sum of squares of a whitened dummy.
func (w *white) windowSquare(tails []float64, from, rows int) float64 {
	predicted, sum, phi := 0.0, 0.0, w.res.phi
	for t := from; t < from+rows; t++ {
		v := 1 - predicted
		e := v * w.root[t]
		sum += e * e
		predicted = phi * (predicted + w.gain[t]*v)
	}
	return sum + predicted*predicted*tails[from+rows]
}
