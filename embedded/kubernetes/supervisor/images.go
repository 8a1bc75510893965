package supervisor

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"multicast-lab/embedded/kubernetes/internal/layout"
	"multicast-lab/embedded/kubernetes/internal/pauseimage"
	"multicast-lab/embedded/kubernetes/internal/pki"

	"golang.org/x/sync/errgroup"
)

// importer imports image archives and remembers which, so that a restart does not do it again. The record lies
// in containerd's own directory: who removes the images removes it too.
type importer struct {
	record      string
	snapshotter string
	mutex       sync.Mutex
	known       map[string]string // archive to stamp
}

func (n *node) importImages(ctx context.Context) error {
	in := &importer{record: filepath.Join(n.containerdRoot(), "k3s-imported.json"), snapshotter: n.Snapshotter, known: map[string]string{}}
	if content, err := os.ReadFile(in.record); err == nil {
		if err := json.Unmarshal(content, &in.known); err != nil {
			return fmt.Errorf("%s: %w", in.record, err)
		}
	}
	archives, err := filepath.Glob(filepath.Join(n.Paths.Images(), "*.tar"))
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	if n.PauseImage == "" {
		group.Go(func() error { return in.pause(ctx) })
	}
	for _, archive := range archives {
		group.Go(func() error { return in.archive(ctx, archive) })
	}
	return group.Wait()
}

func (in *importer) archive(ctx context.Context, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	stamp := fmt.Sprintf("%d bytes, %d", info.Size(), info.ModTime().UnixNano())
	return in.once(path, stamp, func() error { return in.ctr(ctx, path, nil) })
}

func (in *importer) pause(ctx context.Context) error {
	program, err := pauseimage.Program()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(program)
	return in.once(pauseimage.Name, hex.EncodeToString(sum[:]), func() error {
		var archive bytes.Buffer
		if err := pauseimage.WriteArchive(&archive, program); err != nil {
			return err
		}
		return in.ctr(ctx, "-", &archive)
	})
}

func (in *importer) once(name, stamp string, work func() error) error {
	in.mutex.Lock()
	done := in.known[name] == stamp
	in.mutex.Unlock()
	if done {
		return nil
	}
	if err := work(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	in.mutex.Lock()
	defer in.mutex.Unlock()
	in.known[name] = stamp
	content, err := json.Marshal(in.known)
	if err != nil {
		return err
	}
	return pki.WriteFile(in.record, content, 0o600)
}

func (in *importer) ctr(ctx context.Context, source string, stdin io.Reader) error {
	cmd := exec.CommandContext(ctx, "ctr", "--address", layout.ContainerdSocket, "--namespace", "k8s.io",
		"images", "import", "--snapshotter", in.snapshotter, source)
	cmd.Stdin = stdin
	return runTool(cmd)
}
