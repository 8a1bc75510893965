package delegate

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/containernetworking/cni/libcni"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
)

// configOf gives the definition's CNI configuration. An empty one stands for the file in confDir whose "name" is the
// definition's; a configuration without a name gets the definition's (multi-net-spec, 3.4 and 3.5).
func configOf(network *nad.NetworkAttachmentDefinition, confDir string) ([]byte, error) {
	if network.Spec.Config == "" {
		return configFromFile(network.Name, confDir)
	}
	var config map[string]json.RawMessage
	if err := json.Unmarshal([]byte(network.Spec.Config), &config); err != nil {
		return nil, fmt.Errorf("spec.config is not a JSON object: %w", err)
	}
	if name := string(config["name"]); name != "" && name != `""` {
		return []byte(network.Spec.Config), nil
	}
	name, err := json.Marshal(network.Name)
	if err != nil {
		return nil, err
	}
	config["name"] = name
	return json.Marshal(config)
}

func configFromFile(name, confDir string) ([]byte, error) {
	files, err := libcni.ConfFiles(confDir, []string{".conf", ".json", ".conflist"})
	if err != nil {
		return nil, fmt.Errorf("spec.config is empty and %s cannot be searched: %w", confDir, err)
	}
	for _, file := range files {
		config, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var named struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal(config, &named); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if named.Name == name {
			return config, nil
		}
	}
	return nil, fmt.Errorf("spec.config is empty and no file in %s has the name %q", confDir, name)
}

// withCNIArgs puts the annotation's cni-args under args.cni of every plugin of the chain (CNI conventions, "args in network config").
func withCNIArgs(config []byte, args map[string]any) ([]byte, error) {
	var object map[string]any
	if err := json.Unmarshal(config, &object); err != nil {
		return nil, fmt.Errorf("CNI configuration: %w", err)
	}
	plugins, isList := object["plugins"].([]any)
	if !isList {
		plugins = []any{object}
	}
	for _, each := range plugins {
		if plugin, ok := each.(map[string]any); ok {
			cni := child(child(plugin, "args"), "cni")
			for key, value := range args {
				cni[key] = value
			}
		}
	}
	return json.Marshal(object)
}

// child gives the object under key, made where it is missing.
func child(parent map[string]any, key string) map[string]any {
	object, ok := parent[key].(map[string]any)
	if !ok {
		object = map[string]any{}
		parent[key] = object
	}
	return object
}
