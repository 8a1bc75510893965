// Package jointoken turns the secret that servers and agents share into what Kubernetes needs for a join: a
// bootstrap token, and a way for the agent to know the server's certificate authority before it trusts it.
package jointoken

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

const (
	prefix     = "K10"
	user       = "server"
	idLength   = 6
	salt       = "k3s-embedded bootstrap token 1"
	iterations = 100_000
	keyBytes   = 14 // 22 base32 characters need 110 bits
)

// ErrEmpty is returned for a token without a secret.
var ErrEmpty = errors.New("token is empty")

// Token is the secret, with the hash of the authority where the full form carries one.
type Token struct {
	// Secret is the part that only servers and agents know.
	Secret string
	// AuthorityHash is the SHA-256 of the server's CA file in hexadecimal, empty in the short form.
	AuthorityHash string
}

// Parse reads both forms that K3s takes: the bare secret, and K10<hash>::<user>:<secret>
// (https://docs.k3s.io/cli/token).
func Parse(text string) (Token, error) {
	text = strings.TrimSpace(text)
	hash, rest, full := strings.Cut(strings.TrimPrefix(text, prefix), "::")
	if !full || !strings.HasPrefix(text, prefix) {
		return check(Token{Secret: text})
	}
	if raw, err := hex.DecodeString(hash); err != nil || len(raw) != sha256.Size {
		return Token{}, fmt.Errorf("token starts with %s but its CA hash is not 64 hexadecimal digits", prefix)
	}
	_, secret, found := strings.Cut(rest, ":")
	if !found {
		return Token{}, fmt.Errorf("token starts with %s but lacks <user>:<secret> after ::", prefix)
	}
	return check(Token{Secret: secret, AuthorityHash: hash})
}

func check(t Token) (Token, error) {
	if t.Secret == "" {
		return Token{}, ErrEmpty
	}
	return t, nil
}

// Generate makes a new random secret.
func Generate() (Token, error) {
	raw := make([]byte, 16)
	if _, err := rand.Read(raw); err != nil {
		return Token{}, err
	}
	return Token{Secret: hex.EncodeToString(raw)}, nil
}

// Full is the form that also pins the authority.
func (t Token) Full(authorityPEM []byte) string {
	return prefix + HashAuthority(authorityPEM) + "::" + user + ":" + t.Secret
}

// Accepts reports whether the authority is the one that the full form pins; the short form pins none.
func (t Token) Accepts(authorityPEM []byte) bool {
	return t.AuthorityHash == "" || t.AuthorityHash == HashAuthority(authorityPEM)
}

// HashAuthority is the hash that the full form carries.
func HashAuthority(authorityPEM []byte) string {
	sum := sha256.Sum256(authorityPEM)
	return hex.EncodeToString(sum[:])
}

// Bootstrap is a bootstrap token's public id and its secret
// (https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/).
type Bootstrap struct{ ID, Secret string }

// String is the form that the API server takes as a bearer token.
func (b Bootstrap) String() string { return b.ID + "." + b.Secret }

// Bootstrap derives the bootstrap token. Anyone can fetch an object signed with it and guess against that
// signature offline, so the derivation is made slow: users may choose short secrets.
func (t Token) Bootstrap() (Bootstrap, error) {
	key, err := pbkdf2.Key(sha256.New, t.Secret, []byte(salt), iterations, keyBytes)
	if err != nil {
		return Bootstrap{}, err
	}
	text := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(key))
	return Bootstrap{ID: text[:idLength], Secret: text[idLength : idLength+16]}, nil
}
