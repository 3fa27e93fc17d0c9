//go:build linux || darwin

package store

import "syscall"

// roomOn returns how much of a disk is free for us and how large it is.
func roomOn(dir string) (free, size uint64, known bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil || s.Blocks == 0 || s.Bsize <= 0 {
		return 0, 0, false
	}
	block := uint64(s.Bsize) //nolint:gosec,unconvert // it is above 0; its type differs between systems
	return s.Bavail * block, s.Blocks * block, true
}
