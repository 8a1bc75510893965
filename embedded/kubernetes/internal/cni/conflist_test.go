package cni

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConflistCarriesTheNodesNetwork(t *testing.T) {
	content, err := Conflist([]netip.Prefix{netip.MustParsePrefix("10.42.1.0/24")}, 1450)
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Plugins []struct {
			Type string
			MTU  int
			IPAM struct{ Ranges [][]struct{ Subnet string } }
		}
	}
	if err := json.Unmarshal(content, &parsed); err != nil {
		t.Fatal(err)
	}
	bridge := parsed.Plugins[0]
	if bridge.Type != "bridge" || bridge.MTU != 1450 || bridge.IPAM.Ranges[0][0].Subnet != "10.42.1.0/24" {
		t.Errorf("got %s", content)
	}
}

func TestCheckPluginsNamesWhatIsMissing(t *testing.T) {
	directory := t.TempDir()
	for _, plugin := range []string{"bridge", "loopback", "portmap"} {
		if err := os.WriteFile(filepath.Join(directory, plugin), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	err := CheckPlugins(directory)
	if err == nil || !strings.Contains(err.Error(), `["host-local"]`) {
		t.Fatalf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(directory, "host-local"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := CheckPlugins(directory); err != nil {
		t.Error(err)
	}
}
