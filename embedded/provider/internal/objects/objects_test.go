package objects

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/internal/values"
	"multicast-lab/embedded/provider/schema"
)

func TestEveryServedTypeHasAKind(t *testing.T) {
	schemas, err := schema.Load("kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	for name := range schemas.Resources {
		if kinds[name] == nil && additions[name] == "" {
			t.Errorf("%s has a schema, but no kind", name)
		}
	}
	for name, kind := range kinds {
		if schemas.Resources[name] == nil || kind.timeout == 0 {
			t.Errorf("%s has no schema or no timeout", name)
		}
	}
}

func TestMergePatch(t *testing.T) {
	before := map[string]any{"spec": map[string]any{"gone": "x", "same": int64(1), "list": []any{"a"}}, "data": map[string]any{"k": "v"}}
	after := map[string]any{"spec": map[string]any{"same": int64(1), "list": []any{"a", "b"}, "new": true}, "data": map[string]any{"k": "v"}}
	want := map[string]any{"spec": map[string]any{"gone": nil, "list": []any{"a", "b"}, "new": true}}
	if got := mergePatch(before, after); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPlan(t *testing.T) {
	const podState = `{"id":"n/p","metadata":[{"name":"p","namespace":"n","uid":"u","generation":1,"resource_version":"5"}],` +
		`"spec":[{"container":[{"name":"a","image":"x:1"}]}]}`
	tests := map[string]struct {
		typeName, prior, proposed string
		replaces                  []string
		unknown                   []string
	}{
		"nothing changes": {"kubernetes_pod_v1", podState, podState, nil, nil},
		"a pod's label": {
			"kubernetes_pod_v1", podState, strings.Replace(podState, `"name":"p"`, `"name":"p","labels":{"a":"b"}`, 1),
			nil, []string{"metadata.generation", "metadata.resource_version"},
		},
		"a pod's image": {
			"kubernetes_pod_v1", podState, strings.Replace(podState, "x:1", "x:2", 1),
			[]string{"spec.container.image"}, []string{"metadata.generation", "metadata.resource_version"},
		},
		"a pod's deadline": {
			"kubernetes_pod_v1", podState, strings.Replace(podState, `"spec":[{`, `"spec":[{"active_deadline_seconds":5,`, 1),
			nil, []string{"metadata.generation", "metadata.resource_version"},
		},
		"a name": {
			"kubernetes_config_map_v1", `{"metadata":[{"name":"a"}]}`, `{"metadata":[{"name":"b"}]}`,
			[]string{"metadata.name"}, []string{"metadata.generation", "metadata.resource_version"},
		},
		"an immutable ConfigMap": {
			"kubernetes_config_map_v1", `{"immutable":true,"data":{"k":"v"}}`, `{"immutable":true,"data":{"k":"w"}}`,
			[]string{"data"}, nil,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			engine, prior, proposed := planned(t, test.typeName, test.prior, test.proposed)
			result, err := engine.Plan(server.Change{Prior: prior, Config: proposed, Proposed: proposed})
			if err != nil {
				t.Fatal(err)
			}
			var replaces []string
			for _, path := range result.RequiresReplace {
				replaces = append(replaces, strings.Join(server.Names(path), "."))
			}
			if !reflect.DeepEqual(replaces, test.replaces) {
				t.Errorf("replaces for %v, want %v", replaces, test.replaces)
			}
			if unknown := unknownPaths(t, result.State); !reflect.DeepEqual(unknown, test.unknown) {
				t.Errorf("unknown %v, want %v", unknown, test.unknown)
			}
			if test.prior == test.proposed && !result.State.Equal(prior) {
				t.Error("the prior state must come back word for word")
			}
		})
	}
}

func TestPlanOfACreateMarksWhatTheServerFillsIn(t *testing.T) {
	engine, _, proposed := planned(t, "kubernetes_config_map_v1", `{}`, `{"metadata":[{"name":"a"}],"data":{"k":"v"}}`)
	result, err := engine.Plan(server.Change{Prior: tftypes.NewValue(proposed.Type(), nil), Config: proposed, Proposed: proposed})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"id", "metadata.generation", "metadata.resource_version", "metadata.uid"}
	if unknown := unknownPaths(t, result.State); !reflect.DeepEqual(unknown, want) {
		t.Errorf("unknown %v, want %v", unknown, want)
	}
}

func planned(t *testing.T, typeName, prior, proposed string) (server.Resource, tftypes.Value, tftypes.Value) {
	t.Helper()
	schemas, err := schema.Load("kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	parse := func(text string) tftypes.Value {
		//nolint:staticcheck // the notation of a state is the most readable one for a test
		value, err := tftypes.ValueFromJSON([]byte(text), schemas.Resources[typeName].ValueType())
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
	return NewProvider(schemas).Resource(typeName), parse(prior), parse(proposed)
}

func unknownPaths(t *testing.T, value tftypes.Value) []string {
	t.Helper()
	var unknown []string
	err := tftypes.Walk(value, func(path *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if !v.IsKnown() {
			unknown = append(unknown, strings.Join(server.Names(path), "."))
		}
		return true, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(unknown)
	return unknown
}

func TestASecretsDataIsPlainTextHereAndBase64InTheAPI(t *testing.T) {
	engine, _, proposed := planned(t, "kubernetes_secret_v1", `{}`, `{"metadata":[{"name":"a","namespace":"n"}],"data":{"key":"k-1"}}`)
	secret := engine.(*object)
	manifest, err := secret.manifest(proposed)
	if err != nil {
		t.Fatal(err)
	}
	data, _ := descend(manifest.Object, "data")
	if data["key"] != "ay0x" {
		t.Errorf("the API gets %v, want ay0x", data["key"])
	}
	state, err := secret.state(proposed, manifest)
	if err != nil {
		t.Fatal(err)
	}
	if kept := values.Text(values.Members(values.Members(state)["data"])["key"]); kept != "k-1" {
		t.Errorf("the state holds %q, want k-1", kept)
	}
}

func TestDynamicValueKeepsEveryKindOfJSON(t *testing.T) {
	got := dynamicValue(map[string]any{"list": []any{"a", int64(1), 1.5, true, nil, map[string]any{}}})
	if !got.IsFullyKnown() {
		t.Fatal("a part is unknown")
	}
	var members map[string]tftypes.Value
	if err := got.As(&members); err != nil {
		t.Fatal(err)
	}
	var elements []tftypes.Value
	if err := members["list"].As(&elements); err != nil {
		t.Fatal(err)
	}
	kinds := []tftypes.Type{tftypes.String, tftypes.Number, tftypes.Number, tftypes.Bool, tftypes.DynamicPseudoType, tftypes.Object{}}
	for i, kind := range kinds {
		if !elements[i].Type().Is(kind) {
			t.Errorf("element %d is %s, want %s", i, elements[i].Type(), kind)
		}
	}
}
