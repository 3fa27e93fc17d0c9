package store

import (
	"maps"
	"math"
	"math/bits"
	"slices"

	"goalpost"
)

// loadingSeries is a series that an import writes, with what other imports said of it.
type loadingSeries struct {
	id     goalpost.SeriesID
	at     int64                        // when this import saw its values
	before map[goalpost.Day]seenValue   // newest values of other imports; nil for a new series
	now    map[goalpost.Day]loadedValue // of this import, for the days of before
}

// seenValue is a value with the moment at which it was seen.
type seenValue struct {
	value float64
	at    int64
}

// loadedValue is the sum of an import's rows for a day, and the first of their lines.
type loadedValue struct {
	value float64
	line  int
}

func (s *loadingSeries) add(day goalpost.Day, value float64, line int) {
	if s.now == nil {
		s.now = map[goalpost.Day]loadedValue{}
	}
	v, ok := s.now[day]
	if !ok || line < v.line {
		v.line = line
	}
	v.value += value
	s.now[day] = v
}

// lineSet is a set of lines: one bit each, so that a file of twenty million lines needs
// 2.5 MB.
type lineSet []uint64

func (s *lineSet) add(line int) {
	i := max(line, 0) / 64
	if i >= len(*s) {
		*s = append(*s, make([]uint64, i+1-len(*s))...)
	}
	(*s)[i] |= 1 << (max(line, 0) % 64)
}

// without counts the lines that are not in another set.
func (s lineSet) without(other lineSet) int {
	n := 0
	for i, w := range s {
		if i < len(other) {
			w &^= other[i]
		}
		n += bits.OnesCount64(w)
	}
	return n
}

// same compares two sums; the order in which their parts were added does not matter.
func same(a, b float64) bool {
	const rounding = 1e-9 // of the sum: a million parts lose less
	return math.Abs(a-b) <= rounding*max(math.Abs(a), math.Abs(b))
}

// maxOverlapLines is how many lines of values that differ are listed.
const maxOverlapLines = 20

// Overlap compares the values of a loading import with those of other imports: known is
// how many of its rows say nothing new, and the list has each metric that another import
// has for the same series and days.
func (db *DB) Overlap(org goalpost.OrgID, id goalpost.ImportID) (known int, list []goalpost.Overlap) {
	db.mu.Lock()
	im := db.imports[importKey{org, id}]
	db.mu.Unlock()
	if im == nil {
		return 0, nil
	}
	by := map[goalpost.Metric]*goalpost.Overlap{}
	for key, s := range im.series {
		for day, now := range s.now {
			o := by[key.Metric]
			if o == nil {
				o = &goalpost.Overlap{Metric: key.Metric}
				by[key.Metric] = o
			}
			before := s.before[day]
			switch {
			case same(before.value, now.value):
				o.Same++
				continue
			case before.at > s.at:
				o.Older++
			}
			o.Differ++
			o.Lines = append(o.Lines, now.line)
			if first := o.First; first == nil || now.line < first.Line {
				o.First = &goalpost.Difference{Line: now.line, Day: day, Before: before.value, Now: now.value, Currency: key.Currency}
			}
		}
	}
	for _, m := range slices.Sorted(maps.Keys(by)) {
		o := by[m]
		slices.Sort(o.Lines)
		o.Lines = slices.Compact(o.Lines)
		o.Lines = slices.Clone(o.Lines[:min(maxOverlapLines, len(o.Lines))])
		list = append(list, *o)
	}
	return im.known.without(im.fresh), list
}
