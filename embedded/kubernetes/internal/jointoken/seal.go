package jointoken

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"errors"
)

const sealSalt = "k3s-embedded server credentials 1"

// ErrSealed is returned for what was sealed with another token, or changed since.
var ErrSealed = errors.New("sealed with another token")

// Seal encrypts what only servers with the token may read: it lies where an administrator of the cluster finds it.
func (t Token) Seal(content []byte) ([]byte, error) {
	seal, err := t.cipher()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, seal.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return seal.Seal(nonce, nonce, content, nil), nil
}

// Open decrypts what Seal encrypted.
func (t Token) Open(sealed []byte) ([]byte, error) {
	seal, err := t.cipher()
	if err != nil {
		return nil, err
	}
	if len(sealed) < seal.NonceSize() {
		return nil, ErrSealed
	}
	content, err := seal.Open(nil, sealed[:seal.NonceSize()], sealed[seal.NonceSize():], nil)
	if err != nil {
		return nil, ErrSealed
	}
	return content, nil
}

func (t Token) cipher() (cipher.AEAD, error) {
	key, err := pbkdf2.Key(sha256.New, t.Secret, []byte(sealSalt), iterations, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
