package entrypoint

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fsnotify/fsnotify"
)

// Run installs everything and keeps it current until the context ends. The configuration comes last: from the moment the
// runtime sees it, plugin and credentials are in place.
func Run(ctx context.Context, o *Options) (err error) {
	if o.CleanupConfigOnExit {
		defer func() { err = errors.Join(err, o.cleanUp()) }()
	}
	// Watching starts before the first look, so that no change falls between the two.
	watcher, err := o.watch()
	if err != nil {
		return err
	}
	defer watcher.Close()
	if !o.SkipMultusBinaryCopy {
		if err := installBinary(o.MultusBinFile, o.CNIBinDir); err != nil {
			return fmt.Errorf("install %s: %w", o.MultusBinFile, err)
		}
	}
	if err := o.configure(); err != nil {
		return err
	}
	fmt.Println("multus is configured")
	return o.follow(ctx, watcher)
}

func (o *Options) configure() error {
	if err := os.MkdirAll(o.MultusCNIConfDir, 0o755); err != nil {
		return fmt.Errorf("--multus-cni-conf-dir: %w", err)
	}
	if err := o.writeKubeconfig(); err != nil {
		return err
	}
	if o.MultusConfFile == autoConfig {
		return o.writeConfig()
	}
	content, err := os.ReadFile(o.MultusConfFile)
	if err != nil {
		return err
	}
	return replaceFile(o.configPaths()[0], content, 0o600)
}

// watch looks at directories, not files: the kubelet renews a token by exchanging a symbolic link beside it.
func (o *Options) watch() (*fsnotify.Watcher, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil || o.SkipConfigWatch {
		return watcher, err
	}
	directories := []string{o.serviceAccountDir, o.CNIConfDir}
	if o.MultusConfFile == autoConfig {
		directories = append(directories, o.MultusAutoconfigDir)
	}
	for _, directory := range directories {
		if err := watcher.Add(filepath.Clean(directory)); err != nil {
			return nil, errors.Join(fmt.Errorf("watch %s: %w", directory, err), watcher.Close())
		}
	}
	return watcher, nil
}

// follow repeats the configuration at every change. The cluster's own configuration may be away for a moment while its
// owner writes it anew; ours stays as it is until then.
func (o *Options) follow(ctx context.Context, watcher *fsnotify.Watcher) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-watcher.Errors:
			return fmt.Errorf("watch: %w", err)
		case <-watcher.Events:
			if err := o.configure(); errors.Is(err, fs.ErrNotExist) {
				fmt.Println("waiting:", err)
			} else if err != nil {
				return err
			}
		}
	}
}

// cleanUp takes the configuration away first, so that new pods get the cluster's network alone; then the credentials.
func (o *Options) cleanUp() error {
	var faults []error
	for _, path := range o.configPaths() {
		faults = append(faults, removeIfThere(path))
	}
	return errors.Join(append(faults, os.RemoveAll(o.kubeconfigDir()))...)
}
