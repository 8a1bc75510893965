package jointoken

import (
	"bytes"
	"errors"
	"testing"
)

func TestOnlyTheSameTokenOpens(t *testing.T) {
	sealed, err := Token{Secret: "one"}.Seal([]byte("key"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("key")) {
		t.Error("not encrypted")
	}
	if content, err := (Token{Secret: "one", AuthorityHash: "x"}).Open(sealed); err != nil || string(content) != "key" {
		t.Errorf("got %q, %v", content, err)
	}
	if _, err := (Token{Secret: "two"}).Open(sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("another token: %v", err)
	}
	sealed[len(sealed)-1] ^= 1
	for _, changed := range [][]byte{sealed, sealed[:4], nil} {
		if _, err := (Token{Secret: "one"}).Open(changed); !errors.Is(err, ErrSealed) {
			t.Errorf("changed: %v", err)
		}
	}
}
