package demo

import (
	"context"
	"fmt"
	"time"

	"goalpost"
	"goalpost/assess"
	"goalpost/store"
)

// orderMargin is what an order leaves, in the company's currency.
const orderMargin = "26"

// analyse lets the team ask of each activity whether it brought orders in its region: the
// plan is confirmed as it is proposed, then worked out.
func (c Company) analyse(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time) error {
	activities, err := assess.Activities(ctx, db, org.ID, false)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	for _, e := range c.Effects {
		for _, a := range activities {
			if a.Name != e.Activity {
				continue
			}
			x, err := assess.ConfirmAnalysis(ctx, db, org, assess.AnalysisInput{Activity: a.ID, KPI: "orders", Smallest: e.Matters, Margin: orderMargin, By: analyst, Now: now})
			if err != nil {
				return fmt.Errorf("demo: analysis of %s: %w", e.Activity, err)
			}
			if _, err := assess.RunAnalysis(ctx, db, org, x.ID, assess.RunOptions{Now: now}); err != nil {
				return fmt.Errorf("demo: analysis of %s: %w", e.Activity, err)
			}
		}
	}
	return nil
}
