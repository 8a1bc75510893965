package objects

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/internal/values"
)

// changing are the computed metadata that every update changes.
var changing = map[string]bool{"generation": true, "resource_version": true}

// identity is what a new object is needed for, whatever the kind.
var identity = []string{"metadata.name", "metadata.namespace", "metadata.generate_name"}

// Validate: the API server is the judge of objects, and it is not there yet when a plan is made.
func (o *object) Validate(tftypes.Value) error { return nil }

// Plan gives the prior state word for word where nothing changes: anything else would be a plan that is never empty.
func (o *object) Plan(change server.Change) (server.Planned, error) {
	if change.IsCreate() {
		return server.Planned{State: server.MarkComputed(o.schema, change.Prior, change.Config, change.Proposed)}, nil
	}
	paths, err := server.ChangedPaths(change.Proposed, change.Prior)
	if err != nil || len(paths) == 0 {
		return server.Planned{State: change.Prior}, err
	}
	planned, err := tftypes.Transform(change.Proposed, func(path *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		names := server.Names(path)
		if len(names) == 2 && names[0] == "metadata" && changing[names[1]] {
			return tftypes.NewValue(value.Type(), tftypes.UnknownValue), nil
		}
		return value, nil
	})
	if err != nil {
		return server.Planned{}, err
	}
	result := server.Planned{State: server.MarkComputed(o.schema, change.Prior, change.Config, planned)}
	for _, path := range paths {
		if o.needsReplacement(path, change.Prior) {
			result.RequiresReplace = append(result.RequiresReplace, withoutSetSteps(path))
		}
	}
	return result, nil
}

func (o *object) needsReplacement(path *tftypes.AttributePath, prior tftypes.Value) bool {
	name := strings.Join(server.Names(path), ".")
	below := func(prefix string) bool { return name == prefix || strings.HasPrefix(name, prefix+".") }
	if slices.ContainsFunc(o.kind.keep, below) {
		return false
	}
	members := values.Members(prior)
	if values.Flag(members["immutable"], false) && slices.Contains([]string{"data", "binary_data", "immutable"}, strings.Split(name, ".")[0]) {
		return true // an immutable ConfigMap
	}
	return slices.ContainsFunc(identity, below) || slices.ContainsFunc(o.kind.replace, below)
}

// withoutSetSteps: the protocol has no way to name an element of a set.
func withoutSetSteps(path *tftypes.AttributePath) *tftypes.AttributePath {
	for i, step := range path.Steps() {
		if _, isSet := step.(tftypes.ElementKeyValue); isSet {
			return tftypes.NewAttributePathWithSteps(path.Steps()[:i])
		}
	}
	return path
}
