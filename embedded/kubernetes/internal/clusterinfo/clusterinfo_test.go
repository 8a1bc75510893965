package clusterinfo

import (
	"errors"
	"strings"
	"testing"

	"multicast-lab/embedded/kubernetes/internal/jointoken"
)

const server = "https://198.18.0.11:6443"

func parse(t *testing.T, text string) (jointoken.Token, jointoken.Bootstrap) {
	t.Helper()
	token, err := jointoken.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	bootstrap, err := token.Bootstrap()
	if err != nil {
		t.Fatal(err)
	}
	return token, bootstrap
}

func seal(t *testing.T, authority string) map[string]string {
	t.Helper()
	_, bootstrap := parse(t, "secret")
	data, err := Seal(server, []byte(authority), bootstrap)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheTokenOpensWhatItSealed(t *testing.T) {
	for _, text := range []string{"secret", jointoken.Token{Secret: "secret"}.Full([]byte("CA"))} {
		token, bootstrap := parse(t, text)
		authority, err := Open(seal(t, "CA"), token, bootstrap)
		if err != nil || string(authority) != "CA" {
			t.Errorf("%s: got %q, %v", text, authority, err)
		}
	}
}

func TestRefused(t *testing.T) {
	forged := seal(t, "CA")
	forged[kubeconfigKey] = strings.Replace(forged[kubeconfigKey], "198.18.0.11", "198.18.0.99", 1)
	for name, test := range map[string]struct {
		data  map[string]string
		token string
	}{
		"another token":     {seal(t, "CA"), "other"},
		"altered content":   {forged, "secret"},
		"no signature":      {map[string]string{kubeconfigKey: "{}"}, "secret"},
		"another authority": {seal(t, "CA"), jointoken.Token{Secret: "secret"}.Full([]byte("another"))},
	} {
		t.Run(name, func(t *testing.T) {
			token, bootstrap := parse(t, test.token)
			if authority, err := Open(test.data, token, bootstrap); !errors.Is(err, ErrRefused) {
				t.Errorf("got %q, %v", authority, err)
			}
		})
	}
}

func TestASignatureOfAnotherSecretIsRefused(t *testing.T) {
	token, bootstrap := parse(t, "secret")
	data, err := Seal(server, []byte("CA"), jointoken.Bootstrap{ID: bootstrap.ID, Secret: "0123456789abcdef"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(data, token, bootstrap); !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
}
