// Package infer holds what every estimator shares: the Estimate with its
// interval, seeded random streams, quantiles. It computes from slices; it never
// reads a file, a clock or a socket.
//
// Conventions: time and respondents are rows. Shapes stand in brackets: [n], [T].
package infer
