// Package gptest gives a test what it stands on: a temporary store with a demo
// organisation, and the things of package need. It is for tests only; no package
// of the program may import it.
package gptest
