package pki

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"multicast-lab/embedded/kubernetes/internal/layout"
)

// Shared are the files below server/tls that all servers of a cluster have in common: the authorities and the key
// of the service accounts.
type Shared map[string][]byte

func sharedFiles() []string {
	files := []string{"service.key"}
	for name := range authorityNames {
		files = append(files, name+".crt", name+".key")
	}
	return files
}

// ReadShared reads the files of a server that has made them.
func ReadShared(paths layout.Paths) (Shared, error) {
	found := Shared{}
	for _, file := range sharedFiles() {
		content, err := os.ReadFile(paths.TLS(file))
		if err != nil {
			return nil, err
		}
		found[file] = content
	}
	return found, nil
}

// HasShared reports whether a server has all of the files already.
func HasShared(paths layout.Paths) bool {
	for _, file := range sharedFiles() {
		if _, err := os.Stat(paths.TLS(file)); errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	return true
}

// Write puts the files in place on a server that joins. Other names than the known ones are refused: they came from
// another host.
func (s Shared) Write(paths layout.Paths) error {
	for _, file := range sharedFiles() {
		content, ok := s[file]
		if !ok {
			return fmt.Errorf("the cluster's credentials lack %s", file)
		}
		if err := os.MkdirAll(paths.TLS("etcd"), 0o700); err != nil {
			return err
		}
		mode := fs.FileMode(0o600)
		if strings.HasSuffix(file, ".crt") {
			mode = 0o644
		}
		if err := WriteFile(paths.TLS(file), content, mode); err != nil {
			return err
		}
	}
	return nil
}
