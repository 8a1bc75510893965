package release

import (
	"errors"
	"fmt"
	"math/big"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/yaml"

	"multicast-lab/embedded/provider/internal/values"
)

// unsupported are the arguments that must not be set, or, for booleans, not be true.
var unsupported = []string{
	"dependency_update", "devel", "disable_crd_hooks", "keyring", "lint", "pass_credentials", "postrender",
	"recreate_pods", "repository", "repository_ca_file", "repository_cert_file", "repository_key_file",
	"repository_password", "repository_username", "set_wo", "set_wo_revision", "upgrade_install", "verify",
}

// flagDefaults are the values of the booleans that are not set; all of them are computed in the schema.
var flagDefaults = map[string]bool{
	"atomic": false, "cleanup_on_fail": false, "create_namespace": false, "dependency_update": false,
	"disable_crd_hooks": false, "disable_openapi_validation": false, "disable_webhooks": false, "force_update": false,
	"lint": false, "pass_credentials": false, "recreate_pods": false, "render_subchart_notes": true, "replace": false,
	"reset_values": false, "reuse_values": false, "skip_crds": false, "take_ownership": false, "upgrade_install": false,
	"verify": false, "wait": true, "wait_for_jobs": false,
}

// numberDefaults: the timeout is in seconds.
var numberDefaults = map[string]int64{"timeout": 300, "max_history": 0}

const concealed = "(sensitive value)"

// arguments reads a configuration or state.
type arguments map[string]tftypes.Value

func (a arguments) text(name string) string { return values.Text(a[name]) }

func (a arguments) flag(name string) bool { return values.Flag(a[name], flagDefaults[name]) }

func (a arguments) number(name string) int64 {
	value := a[name]
	if values.IsNull(value) || !value.IsKnown() {
		return numberDefaults[name]
	}
	number := new(big.Float)
	if err := value.As(&number); err != nil {
		return numberDefaults[name]
	}
	integer, _ := number.Int64()
	return integer
}

func (a arguments) timeout() time.Duration { return time.Duration(a.number("timeout")) * time.Second }

func (a arguments) refuseUnsupported() error {
	var faults []error
	for _, name := range unsupported {
		value := a[name]
		isFalse := !values.IsNull(value) && value.Type().Is(tftypes.Bool) && value.IsKnown() && !values.Flag(value, true)
		if !values.IsNull(value) && !isFalse {
			faults = append(faults, fmt.Errorf("%s is not supported by the embedded provider; leave it out, or use hashicorp/helm", name))
		}
	}
	return errors.Join(faults...)
}

// withDefaults fills in what the real provider's plan fills in.
func (a arguments) withDefaults(config arguments) {
	for name, value := range flagDefaults {
		if values.IsNull(config[name]) {
			a[name] = tftypes.NewValue(tftypes.Bool, value)
		}
	}
	for name, value := range numberDefaults {
		if values.IsNull(config[name]) {
			a[name] = tftypes.NewValue(tftypes.Number, value)
		}
	}
	if values.IsNull(config["namespace"]) {
		namespace := os.Getenv("HELM_NAMESPACE")
		if namespace == "" {
			namespace = "default"
		}
		a["namespace"] = tftypes.NewValue(tftypes.String, namespace)
	}
}

// chartValues merges `values`, in order, and then the single settings.
func (a arguments) chartValues() (map[string]any, error) {
	merged := map[string]any{}
	for i, document := range values.Texts(a["values"]) {
		parsed := map[string]any{}
		if err := yaml.Unmarshal([]byte(document), &parsed); err != nil {
			return nil, fmt.Errorf("values[%d] must be a YAML mapping: %w", i, err)
		}
		merged = chartutil.MergeTables(parsed, merged)
	}
	for _, list := range []string{"set", "set_sensitive"} {
		for i, element := range values.Elements(a[list]) {
			setting := arguments(values.Members(element))
			if err := setting.into(merged, setting.text("value")); err != nil {
				return nil, fmt.Errorf("%s[%d] (%s) does not fit the values", list, i, setting.text("name"))
			}
		}
	}
	for i, element := range values.Elements(a["set_list"]) {
		setting := arguments(values.Members(element))
		joined := "{" + strings.Join(values.Texts(setting["value"]), ",") + "}"
		if err := setting.into(merged, joined); err != nil {
			return nil, fmt.Errorf("set_list[%d] (%s) does not fit the values: %w", i, setting.text("name"), err)
		}
	}
	return merged, nil
}

// into puts one setting into the values, as `helm --set` and its relatives do.
func (a arguments) into(merged map[string]any, value string) error {
	assignment := a.text("name") + "=" + value
	switch kind := a.text("type"); kind {
	case "", "auto":
		return strvals.ParseInto(assignment, merged)
	case "string":
		return strvals.ParseIntoString(assignment, merged)
	case "literal":
		return strvals.ParseLiteralInto(assignment, merged)
	default:
		return fmt.Errorf("type must be auto, string or literal, got %q", kind)
	}
}

// conceal hides what came from set_sensitive, for the copy of the values in `metadata`.
func (a arguments) conceal(merged map[string]any) error {
	for _, element := range values.Elements(a["set_sensitive"]) {
		setting := arguments(values.Members(element))
		if err := strvals.ParseIntoString(setting.text("name")+"="+concealed, merged); err != nil {
			return err
		}
	}
	return nil
}
