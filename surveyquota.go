package goalpost

import "slices"

// Group is whom a quota is about, without how many of them count.
func (q Quota) Group() Quota { return Quota{Question: q.Question, Option: q.Option} }

// QuotaCount is a quota with how many complete answers took a place in it.
type QuotaCount struct {
	Quota
	Complete int `json:"complete"`
}

// Full reports whether nobody more has a place.
func (q QuotaCount) Full() bool { return q.Complete >= q.Limit }

// Left is how many places are left.
func (q QuotaCount) Left() int { return max(0, q.Limit-q.Complete) }

// QuotasOf returns the quotas that somebody belongs to who answered so: to questions that were
// asked, and with replies that fit.
func (f Form) QuotasOf(quotas []Quota, replies map[string]QuestionReply) []Quota {
	if len(quotas) == 0 {
		return nil
	}
	var list []Quota
	shown := f.Shown(replies)
	for _, quota := range quotas {
		for i, q := range f.Questions {
			r := replies[q.Code]
			if q.Code == quota.Question && shown[i] && slices.Contains(r.Choices, quota.Option) && q.Valid(r) {
				list = append(list, quota)
			}
		}
	}
	return list
}

// SameGroups reports whether two lists of quotas are about the same groups.
func SameGroups(a, b []Quota) bool {
	groups := func(list []Quota) map[Quota]bool {
		m := map[Quota]bool{}
		for _, q := range list {
			m[q.Group()] = true
		}
		return m
	}
	x, y := groups(a), groups(b)
	for g := range x {
		if !y[g] {
			return false
		}
	}
	return len(x) == len(y)
}
