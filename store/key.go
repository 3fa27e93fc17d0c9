package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"goalpost"
)

// keyLine begins the line of a key in its file; a file may hold several keys. The first
// encrypts, all decrypt: the key of a restored backup can be added to one in use.
const keyLine = "goalpost-key-1:"

const keyBytes = 32

// keyHeader says what the file is, to who finds it.
const keyHeader = "# Goalpost: the key to the e-mail addresses of people who commented, answered a survey or were\n" +
	"# invited to one, and to the secrets that messages to other systems are signed with. Without it\n" +
	"# nobody can read them, and no message is sent. Keep a copy apart from the data and from backups.\n"

// personalKey is one key for personal data.
type personalKey struct {
	id   string // names the key without telling it
	aead cipher.AEAD
}

// keyFile finds the keys for personal data and for the secrets of other systems. It is read at the first need, and again
// whenever it is another file than before: it can be put right without a restart, and
// nothing is encrypted with a key that is on no disk any more.
type keyFile struct {
	path string
	mu   sync.Mutex
	keys []personalKey
	read os.FileInfo // the file that the keys are of
}

// newKeyFile settles where the key is: beside the data directory unless told otherwise,
// and never inside, where every copy of the data would hold it.
func newKeyFile(dir, path string) (*keyFile, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("store: key file: %w", err)
	}
	if path == "" {
		path = full + ".key"
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("store: key file: %w", err)
	}
	if inside(realPath(full), realPath(path)) {
		return nil, &goalpost.Error{Kind: goalpost.Invalid, Key: "error.key.inside", Flag: "--key-file", Args: []goalpost.Arg{goalpost.TextArg(path), goalpost.TextArg(dir)}}
	}
	return &keyFile{path: path}, nil
}

// realPath follows links as far as the path exists.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(realPath(parent), filepath.Base(path))
}

func inside(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// all returns the keys there are: none without an error when there is no file.
func (f *keyFile) all() ([]personalKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.load()
}

// first returns the key that encrypts, and makes the file when there is none. When it
// returns, the key is on disk.
func (f *keyFile) first() (personalKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	keys, err := f.load()
	if err == nil && len(keys) == 0 {
		if err = f.make(); err == nil {
			keys, err = f.load()
		}
	}
	if err == nil && len(keys) == 0 { // a link that leads nowhere, for one
		err = f.broken("error.key.unreadable", os.ErrNotExist)
	}
	if err != nil {
		return personalKey{}, err
	}
	return keys[0], nil
}

// broken says what is wrong with the file.
func (f *keyFile) broken(key string, err error) error {
	return &goalpost.Error{Kind: goalpost.Unavailable, Key: key, Args: []goalpost.Arg{goalpost.TextArg(f.path)}, Err: err}
}

func (f *keyFile) load() ([]personalKey, error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, os.ErrNotExist) && f.read == nil:
		return nil, nil
	case err != nil: // also gone since it was read: another key beside it would part people's addresses
		return nil, f.broken("error.key.unreadable", err)
	case !info.Mode().IsRegular(): // reading a pipe would wait for ever, and a device never end
		return nil, f.broken("error.key.damaged", nil)
	case info.Mode().Perm()&0o077 != 0:
		return nil, f.broken("error.key.open", nil)
	case f.read != nil && os.SameFile(info, f.read) && info.Size() == f.read.Size() && info.ModTime().Equal(f.read.ModTime()):
		return f.keys, nil
	}
	data, err := os.ReadFile(f.path)
	if err != nil {
		return nil, f.broken("error.key.unreadable", err)
	}
	keys, err := f.parse(data)
	if err == nil {
		f.keys, f.read = keys, info
	}
	return keys, err
}

// parse reads the keys of a file.
func (f *keyFile) parse(data []byte) ([]personalKey, error) {
	var keys []personalKey
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		coded, ours := strings.CutPrefix(text, keyLine)
		key, err := base64.RawURLEncoding.DecodeString(coded)
		if !ours || err != nil || len(key) != keyBytes {
			return nil, f.broken("error.key.damaged", nil) // without what stands there: it may be half a key
		}
		k, err := newPersonalKey(key)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, f.broken("error.key.damaged", nil)
	}
	return keys, nil
}

// newPersonalKey derives what encrypts, and a name for it, from the key of the file.
func newPersonalKey(key []byte) (personalKey, error) {
	id, err := hkdf.Key(sha256.New, key, nil, "goalpost name of the key", 8)
	if err != nil {
		return personalKey{}, fmt.Errorf("store: key: %w", err)
	}
	secret, err := hkdf.Key(sha256.New, key, nil, "goalpost e-mail addresses, AES-256-GCM", keyBytes)
	if err != nil {
		return personalKey{}, fmt.Errorf("store: key: %w", err)
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return personalKey{}, fmt.Errorf("store: key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return personalKey{}, fmt.Errorf("store: key: %w", err)
	}
	return personalKey{id: hex.EncodeToString(id), aead: aead}, nil
}

// make writes a new key. The file gets its name only when it is complete and on disk; one
// that another process made meanwhile stays.
func (f *keyFile) make() (err error) {
	failed := func(err error) error {
		return &goalpost.Error{Kind: goalpost.Unavailable, Key: "error.key.unwritable", Args: []goalpost.Arg{goalpost.TextArg(f.path)}, Err: err}
	}
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key)                                                  // it never fails (crypto/rand)
	part, err := os.CreateTemp(filepath.Dir(f.path), ".goalpost-key-part") // mode 0600
	if err != nil {
		return failed(err)
	}
	defer func() { err = errors.Join(err, removeQuietly(part.Name())) }()
	_, err = part.WriteString(keyHeader + keyLine + base64.RawURLEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, part.Sync(), part.Close()); err != nil {
		return failed(err)
	}
	if err := os.Link(part.Name(), f.path); err != nil && !errors.Is(err, os.ErrExist) {
		return failed(err)
	}
	dir, err := os.Open(filepath.Dir(f.path))
	if err != nil {
		return failed(err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return failed(err)
	}
	return nil
}
