package assess

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"goalpost"
)

// shareKind is what sort of answers a question has.
type shareKind string

const (
	kindSingle   shareKind = "single"
	kindMultiple shareKind = "multiple"
	kindScale    shareKind = "scale"
	kindNPS      shareKind = "nps"
	kindNumber   shareKind = "number"
)

// shareQuestion is a question with the answers of all respondents.
type shareQuestion struct {
	name  string
	kind  shareKind
	items []shareItem
	y     []float64 // numbers of a scale, of 0 to 10 and of a quantity
	code  []int     // item of each respondent where there is only one; −1: no answer
}

// shareItem is an option: 1 where it was given, 0 where not, NaN without an answer.
type shareItem struct {
	key string
	y   []float64
}

// answered says who answered the question.
func (q shareQuestion) answered() []bool {
	out := make([]bool, 0)
	if q.y != nil {
		for _, v := range q.y {
			out = append(out, !math.IsNaN(v))
		}
		return out
	}
	out = make([]bool, len(q.items[0].y))
	for _, item := range q.items {
		for i, v := range item.y {
			out[i] = out[i] || !math.IsNaN(v)
		}
	}
	return out
}

// questions reads what was asked.
func (f *shareFrame) questions() ([]shareQuestion, error) {
	if len(f.t.Questions) == 0 {
		return nil, f.fault("question-missing", "--question", goalpost.TextArg(listed(f.c.Header)))
	}
	var columns []int
	for _, name := range f.t.Questions {
		column, err := f.c.Find(name, "--question")
		if err != nil {
			return nil, err
		}
		if slices.Contains(columns, column) {
			return nil, f.at(f.fault("question-twice", ""), -1, column)
		}
		columns = append(columns, column)
	}
	if f.t.Multiple {
		q, err := f.multiple(columns)
		return []shareQuestion{q}, err
	}
	var list []shareQuestion
	for _, column := range columns {
		var q shareQuestion
		var err error
		switch {
		case f.t.NPS:
			q, err = f.nps(column)
		case f.t.Scale > 0:
			q, err = f.scaled(column)
		case f.t.Mean:
			q = shareQuestion{name: f.c.Header[column], kind: kindNumber}
			q.y, err = f.numbers(column)
		default:
			q, err = f.single(column)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	return list, nil
}

// single makes an option of each value of a column.
func (f *shareFrame) single(column int) (shareQuestion, error) {
	q := shareQuestion{name: f.c.Header[column], kind: kindSingle}
	g := f.values(column)
	switch {
	case len(g.names) == 0:
		return q, f.at(f.fault("column-empty", "--question"), -1, column)
	case len(g.names) > mostGroups:
		return q, f.at(f.fault("too-many-options", "--mean", goalpost.NumberArg(float64(len(g.names))), goalpost.NumberArg(mostGroups)), -1, column)
	}
	q.code = g.code
	q.items = itemsOf(g.code, g.names)
	return q, nil
}

func itemsOf(code []int, names []string) []shareItem {
	items := make([]shareItem, len(names))
	for k, name := range names {
		items[k] = shareItem{key: name, y: make([]float64, len(code))}
		for row, c := range code {
			switch {
			case c < 0:
				items[k].y[row] = math.NaN()
			case c == k:
				items[k].y[row] = 1
			}
		}
	}
	return items
}

// multiple makes an option of each column. Who left all of them empty did not answer.
func (f *shareFrame) multiple(columns []int) (shareQuestion, error) {
	q := shareQuestion{kind: kindMultiple}
	var names []string
	anyNo, gaps := false, -1
	for _, column := range columns {
		y, no, err := f.c.YesNo(column)
		if err != nil {
			return q, err
		}
		anyNo = anyNo || no
		if gaps < 0 && slices.ContainsFunc(y, math.IsNaN) {
			gaps = column
		}
		names = append(names, f.c.Header[column])
		q.items = append(q.items, shareItem{key: f.c.Header[column], y: y})
	}
	q.name = strings.Join(names, ", ")
	switch {
	case f.t.Blank == "no":
		for _, item := range q.items {
			for row, v := range item.y {
				if math.IsNaN(v) {
					item.y[row] = 0
				}
			}
		}
	case f.t.Blank == "" && !anyNo && gaps >= 0:
		e := f.at(f.fault("only-ticks", "--blank"), -1, gaps)
		e.Kind = goalpost.Ask
		return q, e
	}
	return q, nil
}

// whole reads answers that are whole numbers between two.
func (f *shareFrame) whole(column, lo, hi int) ([]float64, []int, error) {
	y, err := f.numbers(column)
	if err != nil {
		return nil, nil, err
	}
	code := make([]int, len(y))
	for row, v := range y {
		code[row] = -1
		if math.IsNaN(v) {
			continue
		}
		if v != math.Trunc(v) || v < float64(lo) || v > float64(hi) {
			return nil, nil, f.at(f.fault("off-scale", "", goalpost.TextArg(f.text(row, column)), goalpost.PlainArg(lo), goalpost.PlainArg(hi)), row, column)
		}
		code[row] = int(v)
	}
	return y, code, nil
}

func (f *shareFrame) nps(column int) (shareQuestion, error) {
	q := shareQuestion{name: f.c.Header[column], kind: kindNPS}
	y, code, err := f.whole(column, 0, 10)
	if err != nil {
		return q, err
	}
	q.y = y
	for row, v := range code {
		switch {
		case v < 0:
		case v >= 9:
			code[row] = 0
		case v > 6:
			code[row] = 1
		default:
			code[row] = 2
		}
	}
	q.code = code
	q.items = itemsOf(code, []string{"promoters", "passives", "detractors"})
	return q, nil
}

func (f *shareFrame) scaled(column int) (shareQuestion, error) {
	q := shareQuestion{name: f.c.Header[column], kind: kindScale}
	y, code, err := f.whole(column, 1, f.t.Scale)
	if err != nil {
		return q, err
	}
	q.y, q.code = y, code
	var names []string
	for row := range code {
		if code[row] > 0 {
			code[row]--
		}
	}
	for level := 1; level <= f.t.Scale; level++ {
		names = append(names, strconv.Itoa(level))
	}
	q.items = itemsOf(code, names)
	return q, nil
}
