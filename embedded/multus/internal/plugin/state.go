package plugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"multicast-lab/embedded/multus/internal/delegate"
)

// state is what was asked for one sandbox. It is written before the first plugin runs and read at DEL, so that a pod goes
// away completely when the API server, the pod or its network definitions are gone already.
type state struct{ path string }

func stateOf(conf *config, containerID string) state {
	return state{filepath.Join(conf.CNIDir, containerID)}
}

func (s state) save(delegates []*delegate.Delegate) error {
	content, err := json.Marshal(delegates)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("state directory: %w", err)
	}
	if err := os.WriteFile(s.path, content, 0o600); err != nil {
		return fmt.Errorf("state: %w", err)
	}
	return nil
}

// load gives nothing for a sandbox that was never added, or whose state was removed by an earlier DEL.
func (s state) load() ([]*delegate.Delegate, error) {
	content, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	var delegates []*delegate.Delegate
	if err := json.Unmarshal(content, &delegates); err != nil {
		return nil, fmt.Errorf("state %s: %w", s.path, err)
	}
	return delegates, nil
}

func (s state) remove() error {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("state: %w", err)
	}
	return nil
}
