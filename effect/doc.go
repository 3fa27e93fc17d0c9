// Package effect says what an activity changed in a series: how it went on, against how
// it would have gone on without the activity. It computes from slices; it knows nothing
// of posts, files, clocks or the words of a result. It imports only infer and gonum.
//
// Rows are days or weeks without gaps; a row whose outcome is not known is marked, not
// left out. Shapes stand in brackets: [T] rows, [k] controls, [n] rows before.
package effect
