// Package web serves the pages of Goalpost in English and German. It parses
// requests, calls assess or store, and renders; it computes no number itself.
package web
