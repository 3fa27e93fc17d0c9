// Package forecast says where a daily history will stand at a due date: a sum, a
// level or a rate, as draws with a range that was measured, or a refusal because
// there is too little history. It forecasts; it never judges.
//
// Conventions: time is [T] days, weeks are [K] blocks of seven days that end on the
// last day, weekday d = 0 … 6 is the position in the block.
package forecast
