package assess

import (
	"context"
	"time"

	"goalpost"
	"goalpost/store"
)

// RefreshBy is Refresh with another way to compute an effect.
func RefreshBy(ctx context.Context, db *store.DB, org goalpost.Organisation, now time.Time, effect func(context.Context, EffectInput) (EffectReport, error)) error {
	return refresh(ctx, db, org, RunOptions{Now: now, effect: effect})
}
