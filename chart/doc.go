// Package chart draws: numbers and labels come in as data, a Scene goes out as
// inline SVG, as an SVG file or as PNG. It knows no language, no store and no
// statistics; how a number or a day is written is a function that the caller gives.
//
// Coordinates are in CSS pixels. A page shows two widths of a chart and lets the
// screen choose.
package chart
