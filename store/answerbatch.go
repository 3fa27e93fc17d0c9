package store

import (
	"goalpost"
)

// answerBatch is what the answers that share a commit have read and counted: between the first
// and the commit nobody else writes. A job that is no answer ends it; an answer changes it
// with its last step only, so that one that fails leaves it true.
type answerBatch map[batchKey]*surveyBatch

type batchKey struct {
	org goalpost.OrgID
	id  goalpost.SurveyID
}

// surveyBatch is what is known of one survey.
type surveyBatch struct {
	revision int64
	answered map[int]bool // versions of the form that are known to have answers
	last     int64        // id of the newest event
	hooked   bool         // somebody is told of complete answers
	counts   map[countKey]*countBatch
}

type countKey struct{ question, option string }

// countBatch is how many complete answers are written, if that was read, and how many of
// the batch are not written yet.
type countBatch struct {
	n     int
	read  bool
	added int
}

// batchOf returns what is known of a survey, and reads it when it is the first answer.
func (t *tx) batchOf(org goalpost.OrgID, id goalpost.SurveyID) (*surveyBatch, error) {
	key := batchKey{org, id}
	if b, ok := t.w.batch[key]; ok {
		return b, nil
	}
	b := &surveyBatch{answered: map[int]bool{}, counts: map[countKey]*countBatch{}}
	var hooks int
	if err := t.mustFind("survey", "answer.Survey", []any{org, id}, &b.revision, &b.last, &hooks); err != nil {
		return nil, err
	}
	b.hooked = hooks > 0
	if t.w.batch == nil {
		t.w.batch = answerBatch{}
	}
	t.w.batch[key] = b
	return b, nil
}

// markAnswered notes that a version of a form has answers. It fails with NotFound when
// there is no such version.
func (t *tx) markAnswered(b *surveyBatch, org goalpost.OrgID, id goalpost.SurveyID, version int) error {
	if b.answered[version] {
		return nil
	}
	var answered int
	if err := t.mustFind("survey", "SELECT answered FROM survey_form WHERE org_id = $1 AND survey_id = $2 AND version = $3", []any{org, id, version}, &answered); err != nil {
		return err
	}
	if answered == 0 {
		_, err := t.exec("UPDATE survey_form SET answered = 1 WHERE org_id = $1 AND survey_id = $2 AND version = $3", org, id, version)
		return err // it is known only once this answer is kept
	}
	b.answered[version] = true
	return nil
}

// complete returns how many complete answers a survey has, with those of the batch.
func (t *tx) complete(b *surveyBatch, org goalpost.OrgID, id goalpost.SurveyID, key countKey) (int, error) {
	c := b.count(key)
	if !c.read {
		if _, err := t.row("SELECT n FROM survey_count WHERE org_id = $1 AND survey_id = $2 AND question = $3 AND option = $4", []any{org, id, key.question, key.option}, &c.n); err != nil {
			return 0, err
		}
		c.read = true
	}
	return c.n + c.added, nil
}

func (b *surveyBatch) count(key countKey) *countBatch {
	c, ok := b.counts[key]
	if !ok {
		c = &countBatch{}
		b.counts[key] = c
	}
	return c
}

// addCount counts a complete answer of the batch.
func (b *surveyBatch) addCount(counted []string) {
	b.count(countKey{}).added++
	for i := 0; i+1 < len(counted); i += 2 {
		b.count(countKey{counted[i], counted[i+1]}).added++
	}
}

// endBatch writes what the answers so far have counted, and forgets what is known.
func (t *tx) endBatch() error {
	for key, b := range t.w.batch {
		for c, n := range b.counts {
			if n.added == 0 {
				continue
			}
			if _, err := t.exec("answer.Count", key.org, key.id, c.question, c.option, n.added); err != nil {
				return err
			}
		}
	}
	t.w.batch = nil
	return nil
}
