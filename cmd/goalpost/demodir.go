package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// demoPattern names the demo's temporary folders.
const demoPattern = "goalpost-demo-*"

// demoLock is the file in such a folder that its demo holds locked while it runs.
const demoLock = "running.lock"

// demoDir makes the demo's temporary folder and returns what removes it. Folders of
// demos that were killed, and could not remove theirs, are removed first.
func demoDir() (dir string, remove func() error, err error) {
	sweepDemoDirs()
	if dir, err = os.MkdirTemp("", demoPattern); err != nil {
		return "", nil, err
	}
	lock := flock.New(filepath.Join(dir, demoLock), flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	return dir, func() error { return errors.Join(lock.Unlock(), os.RemoveAll(dir)) }, nil
}

// sweepDemoDirs removes the folders whose lock nobody holds. One without a lock is a
// demo's that starts right now, or not ours.
func sweepDemoDirs() {
	list, err := filepath.Glob(filepath.Join(os.TempDir(), demoPattern))
	if err != nil {
		return // the pattern is a constant
	}
	for _, dir := range list {
		path := filepath.Join(dir, demoLock)
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			continue
		}
		lock := flock.New(path)
		if free, err := lock.TryLock(); err != nil || !free {
			continue
		}
		_ = errors.Join(os.RemoveAll(dir), lock.Unlock()) // what another user's folder does not allow stays there
	}
}
