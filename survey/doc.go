// Package survey turns answers of respondents into shares with intervals: weighted,
// post-stratified, over waves. It is pure: slices in, estimates out. It imports only
// infer.
package survey
