// Package ingest turns files into rows: exports of the networks, each by its
// dialect, and any other table through a column map. Every row is kept, or
// reported with its line and a reason; what a file does not say is asked, never
// guessed. It stores nothing and computes nothing beyond check sums.
//
// Inspect looks at a file and says what it is and what has to be asked; Plan.Read
// streams its rows in batches.
package ingest
