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

// RunBy is RunAnalysis with another way to compute an effect.
func RunBy(ctx context.Context, db *store.DB, org goalpost.Organisation, id goalpost.AnalysisID, now time.Time, effect func(context.Context, EffectInput) (EffectReport, error)) (goalpost.AnalysisResult, error) {
	return RunAnalysis(ctx, db, org, id, RunOptions{Now: now, effect: effect})
}

// ParseReplies is readReplies, for tests.
var ParseReplies = readReplies
