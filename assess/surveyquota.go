package assess

import (
	"context"
	"fmt"

	"goalpost"
	"goalpost/store"
)

// QuotaCounts returns the quotas of a survey with how many complete answers took a place.
func QuotaCounts(ctx context.Context, db *store.DB, org goalpost.OrgID, s goalpost.Survey) ([]goalpost.QuotaCount, error) {
	if len(s.Settings.Quotas) == 0 {
		return nil, nil
	}
	counts, err := db.GroupCounts(ctx, org, s.ID)
	if err != nil {
		return nil, fmt.Errorf("assess survey %d: %w", s.ID, err)
	}
	var list []goalpost.QuotaCount
	for _, q := range s.Settings.Quotas {
		list = append(list, goalpost.QuotaCount{Quota: q, Complete: counts[q.Group()]})
	}
	return list, nil
}

// FullQuotas returns the quotas without a place that an answer belongs to which came when
// enough had answered: why it does not count. There is none where the limit of all answers
// was reached.
func (a *AskedSurvey) FullQuotas(ctx context.Context, db *store.DB, x goalpost.Answer) ([]goalpost.Quota, error) {
	if x.State != goalpost.AnswerOverQuota {
		return nil, nil
	}
	counts, err := QuotaCounts(ctx, db, a.Org, a.Survey)
	if err != nil {
		return nil, err
	}
	var full []goalpost.Quota
	for _, q := range counts {
		if q.Full() {
			full = append(full, q.Quota)
		}
	}
	form, _ := a.Form(x.Version)
	return form.QuotasOf(full, x.Replies), nil
}
