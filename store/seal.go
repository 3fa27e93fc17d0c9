package store

import "crypto/rand"

// sealBytes encrypts with AES-256-GCM under a fresh nonce. place binds what is sealed to
// where it lies.
func (k personalKey) sealBytes(plain, place []byte) []byte {
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+len(plain)+k.aead.Overhead())
	_, _ = rand.Read(nonce) // it never fails (crypto/rand)
	return k.aead.Seal(nonce, nonce, plain, place)
}

// openBytes decrypts what sealBytes made for the same place.
func (k personalKey) openBytes(sealed, place []byte) ([]byte, error) {
	n := k.aead.NonceSize()
	if len(sealed) < n {
		return nil, errSealed
	}
	plain, err := k.aead.Open(nil, sealed[:n], sealed[n:], place)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}
