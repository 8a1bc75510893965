package release

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"helm.sh/helm/v3/pkg/chart/loader"
	helmrelease "helm.sh/helm/v3/pkg/release"

	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/internal/values"
)

// release is the engine for helm_release.
type release struct{ provider *Provider }

// Validate refuses arguments that the embedded provider does not serve.
func (r *release) Validate(config tftypes.Value) error {
	return arguments(values.Members(config)).refuseUnsupported()
}

// Plan needs the chart, but no cluster. A release that is not in status deployed is upgraded.
func (r *release) Plan(change server.Change) (server.Planned, error) {
	planned, config := arguments(values.Members(change.Proposed)), arguments(values.Members(change.Config))
	planned.withDefaults(config)
	planned["status"] = tftypes.NewValue(tftypes.String, helmrelease.StatusDeployed.String())
	if name := planned["name"]; name.IsKnown() {
		planned["id"] = name
	} else {
		planned["id"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	}
	if err := planVersion(planned, config); err != nil {
		return server.Planned{}, err
	}
	state := tftypes.NewValue(change.Proposed.Type(), map[string]tftypes.Value(planned))
	if !change.IsCreate() && state.Equal(change.Prior) {
		return server.Planned{State: change.Prior}, nil
	}
	planned["metadata"] = tftypes.NewValue(planned["metadata"].Type(), tftypes.UnknownValue)
	result := server.Planned{State: tftypes.NewValue(change.Proposed.Type(), map[string]tftypes.Value(planned))}
	if !change.IsCreate() {
		prior := values.Members(change.Prior)
		for _, name := range []string{"name", "namespace"} {
			if !planned[name].Equal(prior[name]) {
				result.RequiresReplace = append(result.RequiresReplace, tftypes.NewAttributePath().WithAttributeName(name))
			}
		}
	}
	return result, nil
}

// planVersion: a local chart has one version, which is known as soon as the chart's path is.
func planVersion(planned, config arguments) error {
	if !planned["chart"].IsKnown() || !config["version"].IsKnown() && !values.IsNull(config["version"]) {
		if values.IsNull(config["version"]) {
			planned["version"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
		}
		return nil
	}
	path := planned.text("chart")
	chart, err := loader.Load(path)
	if err != nil {
		return fmt.Errorf("chart %q cannot be read (%w); the embedded provider takes charts from local directories only", path, err)
	}
	actual, wanted := chart.Metadata.Version, config.text("version")
	if wanted == "" {
		planned["version"] = tftypes.NewValue(tftypes.String, actual)
	} else if strings.TrimPrefix(wanted, "v") != strings.TrimPrefix(actual, "v") {
		return fmt.Errorf("version must be %q, that of the local chart %s, got %q; leave it out", actual, path, wanted)
	}
	return nil
}
