package entrypoint

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func nodeWith(t *testing.T, files map[string]string) *Options {
	directory := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &Options{CNIConfDir: directory, MultusAutoconfigDir: directory, MultusConfFile: autoConfig, MultusKubeConfigFileHost: "/kubeconfig", MultusLogToStderr: true}
}

func TestFirstConfigurationBecomesTheDelegate(t *testing.T) {
	o := nodeWith(t, map[string]string{
		"00-multus.conf": `{"stale": true}`,
		"20-later.conf":  `{"cniVersion":"0.3.1","name":"later","type":"bridge"}`,
		"10-flannel.conflist": `{"cniVersion":"1.0.0","name":"cbr0","unknown":{"kept":[1]},
			"plugins":[{"type":"flannel"},{"type":"portmap","capabilities":{"portMappings":true}}]}`,
	})
	o.NamespaceIsolation = true
	if err := o.writeConfig(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(o.CNIConfDir, "00-multus.conf")); err == nil {
		t.Error("the configuration of the other form is still there")
	}
	content, err := os.ReadFile(filepath.Join(o.CNIConfDir, "00-multus.conflist"))
	if err != nil {
		t.Fatal(err)
	}
	var got configList
	if err := json.Unmarshal(content, &got); err != nil {
		t.Fatal(err)
	}
	plugin := got.Plugins[0]
	if got.CNIVersion != "1.0.0" || got.Name != "multus-cni-network" || plugin.Type != "multus" || plugin.CNIVersion != "" ||
		!plugin.Capabilities["portMappings"] || !plugin.NamespaceIsolation || plugin.Kubeconfig != "/kubeconfig" {
		t.Errorf("%s", content)
	}
	if !strings.Contains(string(plugin.Delegates[0]), `"unknown"`) || !strings.Contains(string(plugin.Delegates[0]), `"cbr0"`) {
		t.Errorf("delegate %s", plugin.Delegates[0])
	}
}

func TestOlderVersionsGetASingleConfiguration(t *testing.T) {
	o := nodeWith(t, map[string]string{"10-bridge.conf": `{"cniVersion":"0.3.1","name":"cbr0","type":"bridge","capabilities":{"mac":true}}`})
	o.OverrideNetworkName = true
	if err := o.writeConfig(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(o.CNIConfDir, "00-multus.conf"))
	if err != nil {
		t.Fatal(err)
	}
	var got pluginConfig
	if err := json.Unmarshal(content, &got); err != nil {
		t.Fatal(err)
	}
	if got.CNIVersion != "0.3.1" || got.Name != "cbr0" || !got.Capabilities["mac"] || len(got.Delegates) != 1 {
		t.Errorf("%s", content)
	}
}

func TestUnusableNodesAreRefused(t *testing.T) {
	for reason, files := range map[string]map[string]string{
		"holds no CNI configuration": {"00-multus.conflist": "{}"},
		"no cniVersion":              {"10-a.conf": `{"type":"bridge"}`},
		"--cni-version asks for":     {"10-a.conf": `{"cniVersion":"0.3.0","type":"bridge"}`},
		"unexpected end of JSON":     {"10-a.conf": `{"cniVersion":`},
	} {
		o := nodeWith(t, files)
		if strings.HasPrefix(reason, "--cni") {
			o.CNIVersion = "1.0.0"
		}
		if err := o.writeConfig(); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%v: %v; the error should say %s", files, err, reason)
		}
	}
}

func TestUnchangedFilesAreLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for range 2 {
		if err := replaceFile(path, []byte("content"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := os.Stat(path)
	if err := replaceFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("the file was replaced although nothing changed")
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
