package goalpost

import (
	"hash/fnv"
	"math/rand/v2"
)

// Order returns the options in the order in which one respondent sees them: shuffled where
// the question says so, the same on every page of the same respondent, with those that stay
// at their places.
func (q SurveyQuestion) Order(respondent string) []Item {
	order := append([]Item(nil), q.Options...)
	if !q.Shuffle {
		return order
	}
	var moving []int
	for i, o := range order {
		if !o.Stays() {
			moving = append(moving, i)
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(respondent + "\x00" + q.Code)) // a hash never fails
	r := rand.New(rand.NewPCG(h.Sum64(), uint64(len(moving))))
	r.Shuffle(len(moving), func(i, j int) {
		order[moving[i]], order[moving[j]] = order[moving[j]], order[moving[i]]
	})
	return order
}

// RuledBy reports whether it depends on the reply to one of the questions whether this one
// is asked.
func (q SurveyQuestion) RuledBy(codes map[string]bool) bool {
	if q.ShowIf == nil {
		return false
	}
	for _, r := range q.ShowIf.Rules {
		if codes[r.Question] {
			return true
		}
	}
	return false
}

// Turn is the way through the pages of a form, counted from 0, of somebody who answered
// something; after the last one, the number of pages stands for the end.
type Turn struct {
	Pages [][]int
	shown []bool
}

// Turns returns the pages of a form for somebody who answered so.
func (f Form) Turns(replies map[string]QuestionReply) Turn {
	return Turn{Pages: f.Pages(), shown: f.Shown(replies)}
}

// asks reports whether anything is asked on a page.
func (t Turn) asks(page int) bool {
	for _, i := range t.Pages[page] {
		if t.shown[i] {
			return true
		}
	}
	return false
}

// After returns the next page on which something is asked; the number of pages when there
// is none.
func (t Turn) After(page int) int {
	for page++; page < len(t.Pages) && !t.asks(page); page++ {
	}
	return page
}

// Before returns the page before on which something is asked, else -1.
func (t Turn) Before(page int) int {
	for page--; page >= 0 && !t.asks(page); page-- {
	}
	return page
}

// Shown reports whether the question at a place of the form is asked.
func (t Turn) Shown(place int) bool { return t.shown[place] }

// Of returns the page of the question at a place of the form.
func (t Turn) Of(place int) int {
	for n, page := range t.Pages {
		if page[0] <= place && place <= page[len(page)-1] {
			return n
		}
	}
	return len(t.Pages)
}
