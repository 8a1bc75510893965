package entrypoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/version"
)

// confName sorts before any other configuration; the runtime takes the first.
const confName = "00-multus.conf"

// pluginConfig is the plugin's configuration. Before CNI 1.0.0 it stands alone and carries name and version itself.
type pluginConfig struct {
	CNIVersion             string            `json:"cniVersion,omitempty"`
	Name                   string            `json:"name,omitempty"`
	Type                   string            `json:"type"`
	Capabilities           map[string]bool   `json:"capabilities,omitempty"`
	NamespaceIsolation     bool              `json:"namespaceIsolation,omitempty"`
	GlobalNamespaces       string            `json:"globalNamespaces,omitempty"`
	LogToStderr            *bool             `json:"logToStderr,omitempty"`
	LogLevel               string            `json:"logLevel,omitempty"`
	LogFile                string            `json:"logFile,omitempty"`
	BinDir                 string            `json:"binDir,omitempty"`
	CNIConf                string            `json:"cniConf,omitempty"`
	ReadinessIndicatorFile string            `json:"readinessindicatorfile,omitempty"`
	Kubeconfig             string            `json:"kubeconfig"`
	Delegates              []json.RawMessage `json:"delegates"`
}

type configList struct {
	CNIVersion string         `json:"cniVersion"`
	Name       string         `json:"name"`
	Plugins    []pluginConfig `json:"plugins"`
}

// master is the node's own first configuration, the plugin's only delegate.
type master struct {
	CNIVersion   string          `json:"cniVersion"`
	Name         string          `json:"name"`
	Capabilities map[string]bool `json:"capabilities"`
	Plugins      []struct {
		Capabilities map[string]bool `json:"capabilities"`
	} `json:"plugins"`

	path string
	raw  json.RawMessage
}

// writeConfig makes the configuration from the node's first one.
func (o *Options) writeConfig() error {
	first, err := o.readMaster()
	if err != nil {
		return err
	}
	path, content, err := o.render(first)
	if err != nil {
		return err
	}
	if err := replaceFile(path, content, 0o600); err != nil {
		return err
	}
	// The form may have changed with the version; two configurations at once would be a riddle for the next reader.
	for _, other := range o.configPaths() {
		if other != path {
			if err := removeIfThere(other); err != nil {
				return err
			}
		}
	}
	if o.RenameConfFile {
		return os.Rename(first.path, first.path+".old")
	}
	return nil
}

func (o *Options) readMaster() (*master, error) {
	path, err := o.masterPath()
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	first := &master{path: path, raw: raw}
	if err := json.Unmarshal(raw, first); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if first.CNIVersion == "" {
		return nil, fmt.Errorf("%s: no cniVersion", path)
	}
	if o.CNIVersion != "" && o.CNIVersion != first.CNIVersion {
		return nil, fmt.Errorf("%s: cniVersion is %s, --cni-version asks for %s", path, first.CNIVersion, o.CNIVersion)
	}
	return first, nil
}

func (o *Options) masterPath() (string, error) {
	if o.MultusMasterCNIFileName != "" {
		return filepath.Join(o.MultusAutoconfigDir, o.MultusMasterCNIFileName), nil
	}
	files, err := libcni.ConfFiles(o.MultusAutoconfigDir, []string{".conf", ".conflist"})
	if err != nil {
		return "", fmt.Errorf("%s: %w", o.MultusAutoconfigDir, err)
	}
	for _, file := range files {
		if !strings.HasPrefix(filepath.Base(file), confName) {
			return file, nil
		}
	}
	return "", fmt.Errorf("%s holds no CNI configuration of the cluster's own network yet: %w", o.MultusAutoconfigDir, fs.ErrNotExist)
}

// render gives the configuration's path and content: a list from CNI 1.0.0 on, which has no single configurations any more.
func (o *Options) render(first *master) (string, []byte, error) {
	plugin := pluginConfig{
		Type:                   "multus",
		Capabilities:           first.capabilities(),
		NamespaceIsolation:     o.NamespaceIsolation,
		GlobalNamespaces:       o.GlobalNamespaces,
		LogLevel:               o.MultusLogLevel,
		LogFile:                o.MultusLogFile,
		BinDir:                 o.AdditionalBinDir,
		CNIConf:                o.MultusCNIConfDir,
		ReadinessIndicatorFile: o.ReadinessIndicatorFile,
		Kubeconfig:             o.MultusKubeConfigFileHost,
		Delegates:              []json.RawMessage{first.raw},
	}
	if !o.MultusLogToStderr {
		plugin.LogToStderr = &o.MultusLogToStderr
	}
	name := "multus-cni-network"
	if o.OverrideNetworkName {
		name = first.Name
	}
	isList, err := version.GreaterThanOrEqualTo(first.CNIVersion, "1.0.0")
	if err != nil {
		return "", nil, fmt.Errorf("%s: cniVersion: %w", first.path, err)
	}
	if isList {
		content, err := json.MarshalIndent(configList{first.CNIVersion, name, []pluginConfig{plugin}}, "", "  ")
		return filepath.Join(o.CNIConfDir, confName+"list"), content, err
	}
	plugin.CNIVersion, plugin.Name = first.CNIVersion, name
	content, err := json.MarshalIndent(plugin, "", "  ")
	return filepath.Join(o.CNIConfDir, confName), content, err
}

// capabilities of all the master's plugins: the runtime gives the plugin only what it declares, and it hands that on.
func (m *master) capabilities() map[string]bool {
	all := map[string]bool{}
	for key, value := range m.Capabilities {
		all[key] = value
	}
	for _, plugin := range m.Plugins {
		for key, value := range plugin.Capabilities {
			all[key] = value
		}
	}
	return all
}

func (o *Options) configPaths() []string {
	if o.MultusConfFile != autoConfig {
		return []string{filepath.Join(o.CNIConfDir, filepath.Base(o.MultusConfFile))}
	}
	path := filepath.Join(o.CNIConfDir, confName)
	return []string{path, path + "list"}
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
