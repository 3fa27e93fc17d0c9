package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a password hash: OWASP Password Storage Cheat Sheet, argon2id with
// 19 MiB, 2 iterations and 1 degree of parallelism.
const (
	hashMemoryKiB = 19 * 1024
	hashTime      = 2
	hashThreads   = 1
	hashBytes     = 32
	saltBytes     = 16
)

// MinPassword is the smallest number of characters of a password, MaxPassword the
// largest number of bytes that is looked at.
const (
	MinPassword = 12
	MaxPassword = 1024
)

// HashPassword returns the argon2id hash of a password in PHC form.
func HashPassword(password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("web: salt: %w", err)
	}
	sum := argon2.IDKey([]byte(password), salt, hashTime, hashMemoryKiB, hashThreads, hashBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemoryKiB, hashTime, hashThreads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// CheckPassword reports whether a password has a hash made by HashPassword. A hash
// of another form, or one that would cost far more than ours, never fits.
func CheckPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false
	}
	var memory, passes uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil {
		return false
	}
	if memory < 8 || memory > 4*hashMemoryKiB || passes < 1 || passes > 4*hashTime || threads < 1 || threads > 4 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) < 16 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// hasher lets as many passwords be hashed at once as the machine has cores, so
// that a flood of log-ins cannot take all memory.
type hasher struct {
	slots  chan struct{}
	nobody string // hash of no one's password: an unknown user costs the same time
}

func newHasher() (*hasher, error) {
	secret := rand.Text()
	hash, err := HashPassword(secret)
	if err != nil {
		return nil, err
	}
	return &hasher{slots: make(chan struct{}, runtime.NumCPU()), nobody: hash}, nil
}

func (h *hasher) wait(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	release, err := h.wait(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return HashPassword(password)
}

// fits compares a password with a hash; an empty hash stands for an unknown user
// and takes as long as a wrong password.
func (h *hasher) fits(ctx context.Context, hash, password string) (bool, error) {
	release, err := h.wait(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	if hash == "" {
		CheckPassword(h.nobody, password)
		return false, nil
	}
	return CheckPassword(hash, password), nil
}
