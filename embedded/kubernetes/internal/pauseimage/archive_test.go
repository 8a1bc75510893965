package pauseimage

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"testing"
)

func files(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	for reader := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if found[header.Name], err = io.ReadAll(reader); err != nil {
			t.Fatal(err)
		}
	}
}

func TestArchiveHoldsTheProgramInItsLayer(t *testing.T) {
	var archive bytes.Buffer
	if err := WriteArchive(&archive, []byte("program")); err != nil {
		t.Fatal(err)
	}
	outer := files(t, archive.Bytes())
	var manifest []struct {
		Config           string
		RepoTags, Layers []string
	}
	if err := json.Unmarshal(outer["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest[0].RepoTags[0] != Name {
		t.Errorf("tags %q", manifest[0].RepoTags)
	}
	layer := outer[manifest[0].Layers[0]]
	if string(files(t, layer)["pause"]) != "program" {
		t.Error("the layer lacks the program")
	}
	var config struct {
		Rootfs struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	if err := json.Unmarshal(outer[manifest[0].Config], &config); err != nil || config.Rootfs.DiffIDs[0] != "sha256:"+digest(layer) {
		t.Errorf("config %+v, %v", config, err)
	}
}
