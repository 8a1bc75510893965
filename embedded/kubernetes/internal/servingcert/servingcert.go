// Package servingcert decides which serving certificates a node may have.
package servingcert

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
)

const userPrefix = "system:node:"

// NodeOf is the node behind a user name of the API server.
func NodeOf(user string) (string, error) {
	name, isNode := strings.CutPrefix(user, userPrefix)
	if !isNode || name == "" {
		return "", fmt.Errorf("%q is not a node, and only nodes serve as kubelets", user)
	}
	return name, nil
}

// Check checks that a node's certificate request (PEM) asks for its own name and addresses and nothing else.
func Check(request []byte, node string, addresses []string) error {
	block, _ := pem.Decode(request)
	if block == nil {
		return errors.New("the request is not PEM")
	}
	asked, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return err
	}
	if asked.Subject.CommonName != userPrefix+node {
		return fmt.Errorf("the request's subject is %q, must be %q", asked.Subject.CommonName, userPrefix+node)
	}
	if len(asked.EmailAddresses)+len(asked.URIs) > 0 {
		return errors.New("the request asks for e-mail addresses or URIs, which a kubelet does not have")
	}
	names := asked.DNSNames
	for _, ip := range asked.IPAddresses {
		names = append(names, ip.String())
	}
	for _, name := range names {
		if name != node && !slices.Contains(addresses, name) {
			return fmt.Errorf("the request asks for %q; node %s has %q", name, node, addresses)
		}
	}
	return nil
}
