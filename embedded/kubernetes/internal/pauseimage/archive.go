// Package pauseimage makes the image of the pod sandbox out of the program that is embedded at build.
package pauseimage

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
)

// Name is the image's name in containerd.
const Name = "lab.local/pause:1"

// A directory is embedded since a missing file would break the build of everything that imports this, tests too.
//
//go:embed all:program
var program embed.FS

// Program is the embedded program.
func Program() ([]byte, error) {
	content, err := program.ReadFile("program/pause")
	if err != nil {
		return nil, errors.New("this k3s was built without its pause program: build ./pause into internal/pauseimage/program first")
	}
	return content, nil
}

// WriteArchive writes a one-layer image archive in the format of `docker save`, which `ctr images import` reads.
func WriteArchive(to io.Writer, program []byte) error {
	layer, err := tarOf(file{"pause", program, 0o755})
	if err != nil {
		return err
	}
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       map[string]any{"Entrypoint": []string{"/pause"}, "User": "65535:65535"},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + digest(layer)}},
	})
	if err != nil {
		return err
	}
	configName, layerName := digest(config)+".json", digest(layer)+".tar"
	manifest, err := json.Marshal([]map[string]any{
		{"Config": configName, "RepoTags": []string{Name}, "Layers": []string{layerName}},
	})
	if err != nil {
		return err
	}
	archive, err := tarOf(file{configName, config, 0o644}, file{layerName, layer, 0o644}, file{"manifest.json", manifest, 0o644})
	if err != nil {
		return err
	}
	_, err = to.Write(archive)
	return err
}

type file struct {
	name    string
	content []byte
	mode    int64
}

func tarOf(files ...file) ([]byte, error) {
	var buffer bytes.Buffer
	writer := tar.NewWriter(&buffer)
	for _, f := range files {
		header := &tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.content)), Typeflag: tar.TypeReg}
		if err := writer.WriteHeader(header); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		if _, err := writer.Write(f.content); err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
