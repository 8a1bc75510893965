package jointoken

import (
	"regexp"
	"strings"
	"testing"
)

func TestParseShortForm(t *testing.T) {
	token, err := Parse("  s3cret\n")
	if err != nil || token != (Token{Secret: "s3cret"}) {
		t.Fatalf("got %+v, %v", token, err)
	}
}

func TestFullFormComesBack(t *testing.T) {
	authority := []byte("-----BEGIN CERTIFICATE-----")
	token, err := Parse(Token{Secret: "a:b"}.Full(authority))
	if err != nil || token.Secret != "a:b" {
		t.Fatalf("got %+v, %v", token, err)
	}
	if !token.Accepts(authority) || token.Accepts([]byte("another")) {
		t.Fatal("the full form must accept its own authority and no other")
	}
}

func TestParseRefuses(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	for _, text := range []string{"", " \n", "K10xyz::server:s", "K10" + hash + "::server", "K10" + hash + "::server:"} {
		if token, err := Parse(text); err == nil {
			t.Errorf("%q was read as %+v", text, token)
		}
	}
}

func TestBootstrapIsStableAndWellFormed(t *testing.T) {
	first, err := Token{Secret: "one"}.Bootstrap()
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Token{Secret: "one", AuthorityHash: "ignored"}.Bootstrap()
	other, _ := Token{Secret: "two"}.Bootstrap()
	if first != again || first.ID == other.ID || first.Secret == other.Secret {
		t.Fatalf("got %v, %v, %v", first, again, other)
	}
	if !regexp.MustCompile(`^[a-z0-9]{6}\.[a-z0-9]{16}$`).MatchString(first.String()) {
		t.Fatalf("not a bootstrap token: %s", first)
	}
}
