package delegate

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
)

func network(config string) *nad.NetworkAttachmentDefinition {
	network := &nad.NetworkAttachmentDefinition{Spec: nad.NetworkAttachmentDefinitionSpec{Config: config}}
	network.Name = "plane"
	return network
}

func selected() nad.NetworkSelectionElement {
	return nad.NetworkSelectionElement{Name: "plane", Namespace: "media"}
}

func TestNameIsFilledIn(t *testing.T) {
	for _, config := range []string{`{"cniVersion":"1.0.0","type":"macvlan"}`, `{"cniVersion":"1.0.0","name":"","plugins":[{"type":"macvlan"}]}`} {
		delegate, err := FromSelection(network(config), selected(), "net1", "")
		if err != nil {
			t.Fatal(err)
		}
		if list, _ := delegate.List(); list.Name != "plane" || len(list.Plugins) != 1 || delegate.Name != "media/plane" {
			t.Errorf("%s: %s, list %s", config, delegate.Name, list.Bytes)
		}
	}
}

func TestEmptyDefinitionStandsForAFile(t *testing.T) {
	directory := t.TempDir()
	for file, content := range map[string]string{"10-other.conf": `{"name":"other","type":"bridge"}`, "20-plane.conflist": `{"cniVersion":"1.0.0","name":"plane","plugins":[{"type":"vlan"}]}`} {
		if err := os.WriteFile(filepath.Join(directory, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	delegate, err := FromSelection(network(""), selected(), "net1", directory)
	if err != nil {
		t.Fatal(err)
	}
	if list, _ := delegate.List(); list.Plugins[0].Network.Type != "vlan" {
		t.Errorf("took %s", list.Bytes)
	}
	if _, err := FromSelection(network(""), selected(), "net1", t.TempDir()); err == nil || !strings.Contains(err.Error(), `name "plane"`) {
		t.Errorf("without a file: %v", err)
	}
}

func TestCNIArgsReachEveryPlugin(t *testing.T) {
	wanted := selected()
	wanted.CNIArgs = &map[string]any{"key": "new"}
	config := `{"cniVersion":"1.0.0","plugins":[{"type":"macvlan"},{"type":"tuning","args":{"cni":{"key":"old","other":"kept"}}}]}`
	delegate, err := FromSelection(network(config), wanted, "net1", "")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Plugins []struct {
			Args struct{ CNI map[string]string }
		}
	}
	if err := json.Unmarshal(delegate.Config, &got); err != nil {
		t.Fatal(err)
	}
	if got.Plugins[0].Args.CNI["key"] != "new" || got.Plugins[1].Args.CNI["key"] != "new" || got.Plugins[1].Args.CNI["other"] != "kept" {
		t.Errorf("config %s", delegate.Config)
	}
}

func TestFaultyDefinitionsAreRefused(t *testing.T) {
	for config, reason := range map[string]string{
		`macvlan`:                               "not a JSON object",
		`{"cniVersion":"1.0.0"}`:                `neither "type" nor "plugins"`,
		`{"cniVersion":"1.0.0","plugins":[{}]}`: "type",
	} {
		if _, err := FromSelection(network(config), selected(), "net1", ""); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v; the error should say %s", config, err, reason)
		}
	}
	withDevice := network(`{"type":"host-device"}`)
	withDevice.Annotations = map[string]string{resourceNameAnnotation: "example/nic"}
	if _, err := FromSelection(withDevice, selected(), "net1", ""); err == nil || !strings.Contains(err.Error(), "example/nic") {
		t.Errorf("device plugin: %v", err)
	}
}
