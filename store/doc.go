// Package store keeps everything: accepted files, posts and their counts, daily
// series, goals and verdicts, in one SQLite file. It counts; it never estimates.
//
// One goroutine writes, many jobs to a transaction; a call returns after the commit
// that holds it. Reads have a pool of their own and never wait for a writer. Every
// method takes the organisation right after the context and sees nothing else.
package store
