package config

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// values are the settings as given, by key; every setting is a list of strings until it is interpreted.
type values map[string][]string

// readFile reads the configuration file's settings. All faults are returned, not only the first.
func readFile(role Role, path string, content []byte) (values, []error) {
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, []error{fmt.Errorf("%s: %w", path, err)}
	}
	if len(document.Content) == 0 {
		return values{}, nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, []error{fmt.Errorf("%s: must hold keys and values", path)}
	}
	found, faults := values{}, []error(nil)
	for i := 0; i+1 < len(root.Content); i += 2 {
		name, node := root.Content[i], root.Content[i+1]
		at := fmt.Sprintf("%s:%d: %s", path, name.Line, name.Value)
		k, known := findKey(role, name.Value)
		if !known {
			faults = append(faults, fmt.Errorf("%s: unknown key for k3s %s; did you mean %q?", at, role, nearest(role, name.Value)))
			continue
		}
		given, err := readNode(k, node)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", at, err))
			continue
		}
		found[k.name] = given
	}
	return found, faults
}

func readNode(k key, node *yaml.Node) ([]string, error) {
	switch {
	case node.Kind == yaml.ScalarNode && node.Tag == "!!null":
		return nil, nil
	case node.Kind == yaml.ScalarNode:
		return splitValue(k, node.Value)
	case node.Kind == yaml.SequenceNode && k.kind == list:
		var all []string
		for _, item := range node.Content {
			if item.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("items must be plain values")
			}
			all = append(all, item.Value)
		}
		return all, nil
	}
	return nil, fmt.Errorf("must be a plain value")
}

func splitValue(k key, value string) ([]string, error) {
	switch k.kind {
	case flag:
		if _, err := strconv.ParseBool(value); err != nil {
			return nil, fmt.Errorf("must be true or false, got %q", value)
		}
	case number:
		if _, err := strconv.ParseUint(value, 10, 16); err != nil {
			return nil, fmt.Errorf("must be a number, got %q", value)
		}
	case list:
		if !strings.HasSuffix(k.name, "-arg") { // an argument's value may hold commas of its own
			return strings.Split(value, ","), nil
		}
	}
	return []string{value}, nil
}

// readFlags reads the command line's settings and the path of the configuration file.
func readFlags(role Role, arguments []string, defaultFile string) (found values, file string, err error) {
	set, raw := flagSet(role, &file, defaultFile)
	if err := set.Parse(arguments); err != nil {
		return nil, "", err
	}
	if set.NArg() > 0 {
		return nil, "", fmt.Errorf("unexpected argument %q", set.Arg(0))
	}
	found = values{}
	for name, given := range raw {
		if !set.Changed(name) {
			continue
		}
		k, _ := findKey(role, name)
		for _, one := range *given {
			parts, err := splitValue(k, one)
			if err != nil {
				return nil, "", fmt.Errorf("--%s: %w", name, err)
			}
			found[name] = append(found[name], parts...)
		}
	}
	return found, file, nil
}

func flagSet(role Role, file *string, defaultFile string) (*pflag.FlagSet, map[string]*[]string) {
	set := pflag.NewFlagSet("k3s "+string(role), pflag.ContinueOnError)
	set.SortFlags = false
	set.SetOutput(io.Discard)
	set.StringVarP(file, "config", "c", defaultFile, "configuration file; its keys are these flags' names")
	raw := map[string]*[]string{}
	for _, k := range keysOf(role) {
		help := k.help
		if k.inert {
			help = "accepted, changes nothing here"
		}
		raw[k.name] = set.StringArray(k.name, nil, help)
		if k.kind == flag {
			set.Lookup(k.name).NoOptDefVal = "true"
		}
	}
	return set, raw
}

// Usage is the help text of a role's flags.
func Usage(role Role, defaultFile string) string {
	set, _ := flagSet(role, new(string), defaultFile)
	return set.FlagUsages()
}
