package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"

	"goalpost/gptest/need"
)

// powerDisk is a file system in memory whose power can be cut: of what was written since
// the last sync of a file, some is then on the disk and some is not, in any order. Names of
// files are kept at once, as a disk with a journal does.
type powerDisk struct {
	mu    sync.Mutex
	dead  bool
	deaf  bool // says that it has synced, and has not: what such a disk loses, tests must find
	rng   *rand.Rand
	mount string
	root  *powerDir
}

type powerDir struct {
	fs.Inode
	disk *powerDisk
}

type powerFile struct {
	fs.Inode
	disk          *powerDisk
	mode          uint32
	data, durable []byte
	pending       []powerWrite
}

// powerWrite is one change that is not synced: data at a place, or the length where data is
// nil.
type powerWrite struct {
	at   int64
	data []byte
}

func (w powerWrite) on(b []byte) []byte {
	if w.data == nil {
		return resized(b, w.at)
	}
	if end := w.at + int64(len(w.data)); end > int64(len(b)) {
		b = resized(b, end)
	}
	copy(b[w.at:], w.data)
	return b
}

func resized(b []byte, n int64) []byte {
	if n <= int64(len(b)) {
		return b[:n]
	}
	return append(b, make([]byte, n-int64(len(b)))...)
}

// mountPower mounts such a disk; without the right to mount the test is left out.
func mountPower(t *testing.T, seed uint64) *powerDisk {
	t.Helper()
	d := &powerDisk{rng: rand.New(rand.NewPCG(seed, 0)), mount: t.TempDir()}
	d.root = &powerDir{disk: d}
	o := &fs.Options{}
	o.DirectMountStrict, o.FsName = true, "goalpost-power"
	server, err := fs.Mount(d.mount, d.root, o)
	if err != nil {
		need.Right(t, "a power cut is not tried: this machine mounts no file system of ours (/dev/fuse): "+err.Error())
	}
	t.Cleanup(func() {
		if err := server.Unmount(); err != nil {
			t.Errorf("still mounted: %v", err)
		}
	})
	return d
}

// cut cuts the power: from now on nothing can be read or written.
func (d *powerDisk) cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.dead = true
}

// left writes what is on the disk after the cut to a directory.
func (d *powerDisk) left(t *testing.T, dir string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.write(t, &d.root.Inode, dir)
}

func (d *powerDisk) write(t *testing.T, n *fs.Inode, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, child := range n.Children() {
		path := filepath.Join(dir, name)
		f, ok := child.Operations().(*powerFile)
		if !ok {
			d.write(t, child, path)
			continue
		}
		for _, w := range f.pending {
			if d.rng.IntN(2) == 0 {
				f.durable = w.on(f.durable)
			}
		}
		if err := os.WriteFile(path, f.durable, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// locked runs something unless the power is cut.
func (d *powerDisk) locked(do func()) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return syscall.EIO
	}
	do()
	return 0
}

// Create makes a file.
func (p *powerDir) Create(ctx context.Context, _ string, _, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	f := &powerFile{disk: p.disk, mode: mode & 0o777}
	var n *fs.Inode
	errno := p.disk.locked(func() {
		n = p.NewPersistentInode(ctx, f, fs.StableAttr{Mode: syscall.S_IFREG})
		out.Mode = syscall.S_IFREG | f.mode
	})
	return n, nil, 0, errno
}

// Mkdir makes a directory.
func (p *powerDir) Mkdir(ctx context.Context, _ string, _ uint32, out *fuse.EntryOut) (n *fs.Inode, errno syscall.Errno) {
	errno = p.disk.locked(func() {
		n = p.NewPersistentInode(ctx, &powerDir{disk: p.disk}, fs.StableAttr{Mode: syscall.S_IFDIR})
		out.Mode = syscall.S_IFDIR | 0o700
	})
	return n, errno
}

// Getattr says that directories are ours.
func (p *powerDir) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	out.Mode = syscall.S_IFDIR | 0o700
	return 0
}

// Setattr changes nothing of a directory.
func (p *powerDir) Setattr(ctx context.Context, f fs.FileHandle, _ *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	return p.Getattr(ctx, f, out)
}

// Unlink removes a name.
func (p *powerDir) Unlink(context.Context, string) syscall.Errno { return p.disk.locked(func() {}) }

// Rmdir removes a name.
func (p *powerDir) Rmdir(context.Context, string) syscall.Errno { return p.disk.locked(func() {}) }

// Rename changes a name.
func (p *powerDir) Rename(context.Context, string, fs.InodeEmbedder, string, uint32) syscall.Errno {
	return p.disk.locked(func() {})
}

// Fsync has nothing to do: names are kept at once.
func (p *powerDir) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return p.disk.locked(func() {})
}

// Open opens a file.
func (f *powerFile) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, 0, f.disk.locked(func() {})
}

// Getattr says how long a file is.
func (f *powerFile) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	return f.disk.locked(func() { out.Mode, out.Size = syscall.S_IFREG|f.mode, uint64(len(f.data)) })
}

// Setattr changes the length of a file and who may read it.
func (f *powerFile) Setattr(ctx context.Context, h fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	errno := f.disk.locked(func() {
		if mode, ok := in.GetMode(); ok {
			f.mode = mode & 0o777
		}
		if size, ok := in.GetSize(); ok {
			f.change(powerWrite{at: int64(size)})
		}
	})
	if errno != 0 {
		return errno
	}
	return f.Getattr(ctx, h, out)
}

func (f *powerFile) change(w powerWrite) {
	f.data = w.on(f.data)
	f.pending = append(f.pending, w)
}

// Read reads what was written, synced or not.
func (f *powerFile) Read(_ context.Context, _ fs.FileHandle, dest []byte, off int64) (res fuse.ReadResult, errno syscall.Errno) {
	errno = f.disk.locked(func() {
		n := 0
		if off < int64(len(f.data)) {
			n = copy(dest, f.data[off:])
		}
		res = fuse.ReadResultData(dest[:n])
	})
	return res, errno
}

// Write writes to what a cut may lose.
func (f *powerFile) Write(_ context.Context, _ fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	errno := f.disk.locked(func() { f.change(powerWrite{off, append([]byte{}, data...)}) })
	return uint32(len(data)), errno
}

// Fsync puts everything of a file on the disk.
func (f *powerFile) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	return f.disk.locked(func() {
		if f.disk.deaf {
			return
		}
		for _, w := range f.pending {
			f.durable = w.on(f.durable)
		}
		f.pending = nil
	})
}

// Flush is no sync.
func (f *powerFile) Flush(context.Context, fs.FileHandle) syscall.Errno { return 0 }
