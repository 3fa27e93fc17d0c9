// Package demo simulates a company whose truth is known: it writes the files that
// a social media team would have, and brings them into a store through the real
// importers. It computes no figure that a user sees; the effects that it built in
// stand in Company, so that anyone can check what Goalpost makes of them.
package demo
