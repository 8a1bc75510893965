package entrypoint

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// replaceFile puts content under path in one step, and leaves the file alone when it holds just that: neither a reader
// nor a kill in between ever finds half a file, and watchers are told of real changes only.
func replaceFile(path string, content []byte, mode os.FileMode) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, content) {
		return nil
	}
	return replaceFrom(path, bytes.NewReader(content), mode)
}

// replaceFrom is replaceFile for content that is too large to compare.
func replaceFrom(path string, content io.Reader, mode os.FileMode) error {
	// The dot keeps CNI runtimes, which go by the extension, from reading the unfinished file.
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	defer temporary.Close()
	if _, err := io.Copy(temporary, content); err != nil {
		return err
	}
	if err := temporary.Chmod(mode); err != nil {
		return err
	}
	if err := temporary.Sync(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// installBinary copies the plugin beside its name first: a running plugin's file cannot be written to ("text file busy").
func installBinary(source, directory string) error {
	file, err := os.Open(source)
	if err != nil {
		return err
	}
	defer file.Close()
	return replaceFrom(filepath.Join(directory, "multus"), file, 0o755)
}
