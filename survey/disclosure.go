package survey

import "slices"

// Rules of what may be shown. Sources: the threshold and complementary suppression of
// Hundepool et al. (2012), Statistical Disclosure Control, chapter 4; limits as agreed for
// this product (METHODS.md).
const (
	// PublicBase is the fewest respondents of a published figure.
	PublicBase = 10
	// TeamBase is the fewest respondents of a figure that only the team sees.
	TeamBase = 5
	// FewestEach is the fewest who gave an answer, and who did not, for it to be published.
	FewestEach = 3
	// LeastEffective is the effective number of respondents below which a share is too
	// uncertain to say more than that.
	LeastEffective = 30.0
	// LeastDF is the same for degrees of freedom.
	LeastDF = 8.0
	// WidestInterval is how wide an interval may be, from 0 to 1, before its share is too
	// uncertain.
	WidestInterval = 0.30
)

// TooUncertain says whether a share is known so badly that it is only shown as such.
func (s ShareEstimate) TooUncertain() bool {
	return s.EffectiveN < LeastEffective || s.DF < LeastDF || s.Hi-s.Lo > WidestInterval
}

// few says whether fewer than FewestEach answered so, or otherwise.
func (s ShareEstimate) few() bool { return s.Hits < FewestEach || s.N-s.Hits < FewestEach }

// Cell says what may be published of one count among a base.
type Cell string

// What may be published.
const (
	Shown  Cell = "shown"
	Few    Cell = "few"    // "fewer than three": the count is small, the base is not
	Hidden Cell = "hidden" // too few asked, or it would give another one away
)

// Publishable says whether a share of count among base respondents may be published.
func Publishable(count, base int) Cell {
	switch {
	case base < PublicBase:
		return Hidden
	case count > 0 && count < FewestEach, count < base && base-count < FewestEach:
		return Few
	}
	return Shown
}

// Suppress says which cells of a table of counts [row][column] with known totals of rows and
// columns must be hidden: those with 1 or 2 respondents, and as many more, the smallest
// first, that no hidden cell follows from what is shown. A hidden cell follows exactly when
// no ring of hidden cells leads through it, row and column by turns: it is a bridge of the
// graph whose nodes are rows and columns and whose edges are hidden cells.
func Suppress(count [][]int) [][]bool {
	hidden := make([][]bool, len(count))
	for i, row := range count {
		hidden[i] = make([]bool, len(row))
		for j, n := range row {
			hidden[i][j] = n > 0 && n < FewestEach
		}
	}
	for {
		i, j, ok := exposed(hidden)
		if !ok {
			return hidden
		}
		if !hideNext(count, hidden, i, j) {
			return hidden // the whole row and column are hidden: only their totals remain
		}
	}
}

// hideNext hides the smallest cell that is still shown in the row or column of a cell, or of
// those that hidden cells join to them; an empty cell only where there is no other.
func hideNext(count [][]int, hidden [][]bool, i, j int) bool {
	rows, columns := joined(hidden, i, j)
	found, at := false, [2]int{}
	for a, row := range count {
		for b, n := range row {
			if hidden[a][b] || !rows[a] && !columns[b] {
				continue
			}
			if best := count[at[0]][at[1]]; !found || n > 0 && (best == 0 || n < best) {
				found, at = true, [2]int{a, b}
			}
		}
	}
	if found {
		hidden[at[0]][at[1]] = true
	}
	return found
}

// joined are the rows and columns that hidden cells lead to from a cell.
func joined(hidden [][]bool, i, j int) (rows, columns []bool) {
	rows, columns = make([]bool, len(hidden)), make([]bool, len(hidden[i]))
	rows[i], columns[j] = true, true
	for grown := true; grown; {
		grown = false
		for a, row := range hidden {
			for b, is := range row {
				if is && rows[a] != columns[b] {
					rows[a], columns[b], grown = true, true, true
				}
			}
		}
	}
	return rows, columns
}

// exposed finds a hidden cell that follows from what is shown.
func exposed(hidden [][]bool) (i, j int, ok bool) {
	for i, row := range hidden {
		for j, is := range row {
			if is && !ring(hidden, i, j) {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// ring says whether the row of a hidden cell is led to its column by other hidden cells.
func ring(hidden [][]bool, i, j int) bool {
	columns := len(hidden[i])
	seenRow, seenColumn := make([]bool, len(hidden)), make([]bool, columns)
	rows := []int{i}
	seenRow[i] = true
	for len(rows) > 0 {
		row := rows[len(rows)-1]
		rows = rows[:len(rows)-1]
		for c := range columns {
			if !hidden[row][c] || seenColumn[c] || row == i && c == j {
				continue
			}
			if c == j {
				return true
			}
			seenColumn[c] = true
			for r := range hidden {
				if hidden[r][c] && !seenRow[r] {
					seenRow[r] = true
					rows = append(rows, r)
				}
			}
		}
	}
	return false
}

// Letters compares the columns of one row of a crosstab, every pair of them, with p-values
// adjusted by Holm for their number. Column k gets the letter of each column that it is higher
// than: a capital at 95 %, a small one at 90 %. effective [k] are the effective numbers of
// respondents: columns below LeastEffective are compared with none.
func Letters(e Estimates, effective []float64) []string {
	k := len(e.Value)
	var p []float64
	var pairs [][2]int
	for a := range k {
		for b := range k {
			if e.Value[a] < e.Value[b] && effective[a] >= LeastEffective && effective[b] >= LeastEffective {
				pairs = append(pairs, [2]int{a, b})
				p = append(p, e.Change(a, b, 0.95).P)
			}
		}
	}
	out := make([]string, k)
	for i, adjusted := range Holm(p) {
		switch low, high := pairs[i][0], pairs[i][1]; {
		case adjusted < 0.05:
			out[high] += string(letter(low, 'A'))
		case adjusted < 0.10:
			out[high] += string(letter(low, 'a'))
		}
	}
	for i, s := range out {
		letters := []rune(s)
		slices.SortFunc(letters, func(a, b rune) int { return int(a|0x20) - int(b|0x20) })
		out[i] = string(letters)
	}
	return out
}

// letter names a column; beyond the alphabet they are numbered by code points and a page
// shows fewer columns.
func letter(column int, first rune) rune { return first + rune(min(column, 25)) }
