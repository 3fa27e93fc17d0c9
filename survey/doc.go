// Package survey turns answers of respondents into shares with intervals. It is pure: slices
// in, estimates out. It imports only infer and gonum.
//
// A Design says how respondents were chosen (strata, units of several stages, populations,
// weights or replicates). Weighting makes another design: PostStratify, Rake, Calibrate,
// Trim. A design estimates Statistics (Mean, Total, Ratio) with their joint covariance, from
// which everything else is made: Share with its interval, Crosstab with its tests, Likert,
// NPS, Quantile, changes between waves. Understand holds what a team believed against such
// estimates. What of it may be shown stands in disclosure.go.
//
// The numbers agree with R's package survey where that computes them (reference_test.go);
// METHODS.md has the formulas.
package survey
