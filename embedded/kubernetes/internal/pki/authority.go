// Package pki makes the certificate authorities, certificates and kubeconfigs of a cluster.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	authorityYears = 10
	leafYears      = 1
	renewBefore    = 120 * 24 * time.Hour
	skew           = time.Hour // hosts' clocks may differ
)

// Authority is a certificate authority, kept as <path>.crt and <path>.key.
type Authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
	// PEM is the certificate as in its file.
	PEM []byte
}

// LoadAuthority reads an authority, or makes it if its files do not exist.
func LoadAuthority(path, name string) (*Authority, error) {
	certificate, err := os.ReadFile(path + ".crt")
	if errors.Is(err, fs.ErrNotExist) {
		return newAuthority(path, name)
	}
	if err != nil {
		return nil, err
	}
	key, err := loadKey(path + ".key")
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(certificate)
	if block == nil {
		return nil, fmt.Errorf("%s.crt holds no certificate", path)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s.crt: %w", path, err)
	}
	return &Authority{certificate: parsed, key: key, PEM: certificate}, nil
}

func newAuthority(path, name string) (*Authority, error) {
	key, err := LoadOrMakeKey(path + ".key")
	if err != nil {
		return nil, err
	}
	template, err := template(pkix.Name{CommonName: name}, authorityYears)
	if err != nil {
		return nil, err
	}
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	authority := &Authority{certificate: parsed, key: key, PEM: encode("CERTIFICATE", der)}
	return authority, WriteFile(path+".crt", authority.PEM, 0o644)
}

// Leaf says what a certificate is for.
type Leaf struct {
	CommonName    string
	Organizations []string
	DNSNames      []string
	IPs           []net.IP
	Usages        []x509.ExtKeyUsage
}

// Issue writes <path>.crt and <path>.key, unless the certificate there is what is asked for and not about to
// expire: a restart renews certificates.
func (a *Authority) Issue(path string, leaf Leaf) error {
	key, err := LoadOrMakeKey(path + ".key")
	if err != nil {
		return err
	}
	if a.current(path+".crt", key, leaf) {
		return nil
	}
	template, err := template(pkix.Name{CommonName: leaf.CommonName, Organization: leaf.Organizations}, leafYears)
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = leaf.Usages
	template.DNSNames, template.IPAddresses = leaf.DNSNames, leaf.IPs
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	return WriteFile(path+".crt", encode("CERTIFICATE", der), 0o644)
}

// current reports whether the certificate in a file needs no renewal.
func (a *Authority) current(path string, key crypto.Signer, leaf Leaf) bool {
	content, _ := os.ReadFile(path)
	block, _ := pem.Decode(content)
	if block == nil {
		return false
	}
	old, err := x509.ParseCertificate(block.Bytes)
	if err != nil || old.CheckSignatureFrom(a.certificate) != nil || time.Until(old.NotAfter) < renewBefore {
		return false
	}
	public, ok := key.Public().(*ecdsa.PublicKey)
	return ok && public.Equal(old.PublicKey) && leaf.same(Leaf{
		CommonName: old.Subject.CommonName, Organizations: old.Subject.Organization,
		DNSNames: old.DNSNames, IPs: old.IPAddresses, Usages: old.ExtKeyUsage,
	})
}

func (l Leaf) same(other Leaf) bool {
	return l.CommonName == other.CommonName && slices.Equal(l.Organizations, other.Organizations) &&
		slices.Equal(l.DNSNames, other.DNSNames) && slices.EqualFunc(l.IPs, other.IPs, net.IP.Equal) &&
		slices.Equal(l.Usages, other.Usages)
}

// LoadOrMakeKey reads a private key, or makes it (ECDSA P-256, mode 0600) if the file does not exist.
func LoadOrMakeKey(path string) (crypto.Signer, error) {
	key, err := loadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(made)
	if err != nil {
		return nil, err
	}
	return made, WriteFile(path, encode("EC PRIVATE KEY", der), 0o600)
}

func loadKey(path string) (crypto.Signer, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, fmt.Errorf("%s holds no private key", path)
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

func template(subject pkix.Name, years int) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    now.Add(-skew),
		NotAfter:     now.AddDate(years, 0, 0),
	}, nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// WriteFile replaces a file in one step, so that a kill leaves the old one or the new one, with its mode from
// the first byte on.
func WriteFile(path string, content []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // created with mode 0600
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
