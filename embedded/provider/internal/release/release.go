package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	helmrelease "helm.sh/helm/v3/pkg/release"
	"helm.sh/helm/v3/pkg/storage/driver"

	"multicast-lab/embedded/provider/internal/values"
)

// A CustomResourceDefinition made a moment ago is not at once among the kinds that the API server names, and it sends no
// word when it is; hence a bounded poll.
const (
	kindTimeout = 20 * time.Second
	kindPause   = 500 * time.Millisecond
)

// Read gives a null value when the release is gone.
func (r *release) Read(_ context.Context, state tftypes.Value) (tftypes.Value, error) {
	held := arguments(values.Members(state))
	helm, err := r.provider.helm(held.text("namespace"))
	if err != nil {
		return state, err
	}
	found, err := action.NewGet(helm).Run(held.text("name"))
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return tftypes.NewValue(state.Type(), nil), nil
	}
	if err != nil {
		return state, err
	}
	return describe(state, found)
}

// Create installs. A release that failed goes to the state, so that the next apply or a destroy takes it away.
func (r *release) Create(ctx context.Context, planned tftypes.Value) (tftypes.Value, error) {
	wanted := arguments(values.Members(planned))
	return r.run(ctx, planned, tftypes.NewValue(planned.Type(), nil),
		func(ctx context.Context, helm *action.Configuration, chart *chart.Chart, chartValues map[string]any) (*helmrelease.Release, error) {
			install := action.NewInstall(helm)
			install.ReleaseName, install.Namespace = wanted.text("name"), wanted.text("namespace")
			install.Atomic, install.CreateNamespace = wanted.flag("atomic"), wanted.flag("create_namespace")
			install.Description, install.Timeout = wanted.text("description"), wanted.timeout()
			install.DisableHooks, install.DisableOpenAPIValidation = wanted.flag("disable_webhooks"), wanted.flag("disable_openapi_validation")
			install.Replace, install.SkipCRDs = wanted.flag("replace"), wanted.flag("skip_crds")
			install.SubNotes, install.TakeOwnership = wanted.flag("render_subchart_notes"), wanted.flag("take_ownership")
			install.Wait, install.WaitForJobs = wanted.flag("wait"), wanted.flag("wait_for_jobs")
			return install.RunWithContext(ctx, chart, chartValues)
		})
}

// Update upgrades.
func (r *release) Update(ctx context.Context, prior, planned tftypes.Value) (tftypes.Value, error) {
	wanted := arguments(values.Members(planned))
	return r.run(ctx, planned, prior,
		func(ctx context.Context, helm *action.Configuration, chart *chart.Chart, chartValues map[string]any) (*helmrelease.Release, error) {
			upgrade := action.NewUpgrade(helm)
			upgrade.Namespace, upgrade.Description, upgrade.Timeout = wanted.text("namespace"), wanted.text("description"), wanted.timeout()
			upgrade.Atomic, upgrade.CleanupOnFail = wanted.flag("atomic"), wanted.flag("cleanup_on_fail")
			upgrade.DisableHooks, upgrade.DisableOpenAPIValidation = wanted.flag("disable_webhooks"), wanted.flag("disable_openapi_validation")
			upgrade.Force, upgrade.MaxHistory = wanted.flag("force_update"), int(wanted.number("max_history"))
			upgrade.ResetValues, upgrade.ReuseValues = wanted.flag("reset_values"), wanted.flag("reuse_values")
			upgrade.SkipCRDs, upgrade.SubNotes = wanted.flag("skip_crds"), wanted.flag("render_subchart_notes")
			upgrade.TakeOwnership = wanted.flag("take_ownership")
			upgrade.Wait, upgrade.WaitForJobs = wanted.flag("wait"), wanted.flag("wait_for_jobs")
			return upgrade.RunWithContext(ctx, wanted.text("name"), chart, chartValues)
		})
}

// Delete uninstalls; a release that is gone already is no fault.
func (r *release) Delete(_ context.Context, prior tftypes.Value) error {
	held := arguments(values.Members(prior))
	helm, err := r.provider.helm(held.text("namespace"))
	if err != nil {
		return err
	}
	uninstall := action.NewUninstall(helm)
	uninstall.Wait, uninstall.Timeout = held.flag("wait"), held.timeout()
	uninstall.DisableHooks, uninstall.IgnoreNotFound = held.flag("disable_webhooks"), true
	_, err = uninstall.Run(held.text("name"))
	return err
}

type helmAction func(context.Context, *action.Configuration, *chart.Chart, map[string]any) (*helmrelease.Release, error)

// run does one install or upgrade; the fallback is the state if there is no release to describe.
func (r *release) run(ctx context.Context, planned, fallback tftypes.Value, act helmAction) (tftypes.Value, error) {
	wanted := arguments(values.Members(planned))
	chartValues, err := wanted.chartValues()
	if err != nil {
		return fallback, err
	}
	chart, err := loader.Load(wanted.text("chart"))
	if err != nil {
		return fallback, fmt.Errorf("chart %q cannot be read: %w", wanted.text("chart"), err)
	}
	result, err := r.retryUnknownKinds(ctx, wanted.text("namespace"), func(helm *action.Configuration) (*helmrelease.Release, error) {
		return act(ctx, helm, chart, chartutil.MergeTables(map[string]any{}, chartValues))
	})
	if err == nil {
		return describe(planned, result)
	}
	err = fmt.Errorf("release %s in namespace %s: %w", wanted.text("name"), wanted.text("namespace"), err)
	helm, helmErr := r.provider.helm(wanted.text("namespace"))
	if helmErr != nil {
		return fallback, err
	}
	// Only what Helm has recorded is ours to describe; "cannot re-use a name" is about somebody else's release.
	recorded, getErr := action.NewGet(helm).Run(wanted.text("name"))
	if getErr != nil || result == nil || recorded.Version != result.Version {
		return fallback, err
	}
	state, describeErr := describe(planned, recorded)
	return state, errors.Join(err, describeErr)
}

func (r *release) retryUnknownKinds(
	ctx context.Context, namespace string, act func(*action.Configuration) (*helmrelease.Release, error),
) (*helmrelease.Release, error) {
	deadline := time.Now().Add(kindTimeout)
	for {
		helm, err := r.provider.helm(namespace)
		if err != nil {
			return nil, err
		}
		result, err := act(helm)
		if err == nil || !strings.Contains(err.Error(), "no matches for kind") || time.Now().After(deadline) {
			return result, err
		}
		select {
		case <-ctx.Done():
			return result, err
		case <-time.After(kindPause):
		}
	}
}

// describe puts what Helm has recorded into a state.
func describe(state tftypes.Value, found *helmrelease.Release) (tftypes.Value, error) {
	held := arguments(values.Members(state))
	config := chartutil.MergeTables(map[string]any{}, found.Config)
	if err := held.conceal(config); err != nil {
		return state, err
	}
	encoded, err := json.Marshal(config)
	if err != nil {
		return state, err
	}
	metadata := found.Chart.Metadata
	text := func(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	number := func(value int64) tftypes.Value { return tftypes.NewValue(tftypes.Number, value) }
	held["id"], held["status"] = text(found.Name), text(found.Info.Status.String())
	held["metadata"] = tftypes.NewValue(held["metadata"].Type(), map[string]tftypes.Value{
		"app_version":    text(metadata.AppVersion),
		"chart":          text(metadata.Name),
		"first_deployed": number(found.Info.FirstDeployed.Unix()),
		"last_deployed":  number(found.Info.LastDeployed.Unix()),
		"name":           text(found.Name),
		"namespace":      text(found.Namespace),
		"notes":          text(found.Info.Notes),
		"revision":       number(int64(found.Version)),
		"values":         text(string(encoded)),
		"version":        text(metadata.Version),
	})
	if version := held["version"]; !version.IsKnown() || strings.TrimPrefix(values.Text(version), "v") != strings.TrimPrefix(metadata.Version, "v") {
		held["version"] = text(metadata.Version)
	}
	return tftypes.NewValue(state.Type(), map[string]tftypes.Value(held)), nil
}
