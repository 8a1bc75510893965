package convert

import (
	"encoding/json"
	"reflect"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"multicast-lab/embedded/provider/schema"
)

const (
	pod       = "kubernetes_pod_v1"
	daemonSet = "kubernetes_daemon_set_v1"
	configMap = "kubernetes_config_map_v1"
	service   = "kubernetes_service_v1"
	policy    = "kubernetes_network_policy_v1"
)

func block(t *testing.T, typeName string) *tfprotov6.SchemaBlock {
	t.Helper()
	provider, err := schema.Load("kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	return provider.Resources[typeName].Block
}

func value(t *testing.T, typeName, text string) tftypes.Value {
	t.Helper()
	//nolint:staticcheck // the notation of a state is the most readable one for a test
	parsed, err := tftypes.ValueFromJSON([]byte(text), block(t, typeName).ValueType())
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return parsed
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	parsed := map[string]any{}
	if err := utiljson.Unmarshal([]byte(text), &parsed); err != nil { // whole numbers as int64, as from the API
		t.Fatalf("%s: %v", text, err)
	}
	return parsed
}

func TestExpand(t *testing.T) {
	tests := map[string]struct{ typeName, state, want string }{
		"plurals and case": {
			pod, `{"spec":[{"host_ipc":true,"container":[{"name":"a","env_from":[{"prefix":"p"}]}]}]}`,
			`{"spec":{"hostIPC":true,"containers":[{"name":"a","envFrom":[{"prefix":"p"}]}]}}`,
		},
		"where a pod may run": {
			pod, `{"spec":[{"affinity":[{"node_affinity":[{"required_during_scheduling_ignored_during_execution":[{"node_selector_term":[{"match_fields":[{"key":"metadata.name","operator":"In","values":["a"]}]}]}]}],
				"pod_affinity":[{"required_during_scheduling_ignored_during_execution":[{"topology_key":"kubernetes.io/hostname","label_selector":[{"match_labels":{"b":"c"}}]}]}]}],
				"toleration":[{"key":"d","operator":"Equal","value":"e","effect":"NoExecute"}]}]}`,
			`{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In","values":["a"]}]}]}},
				"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"b":"c"}}}]}},
				"tolerations":[{"key":"d","operator":"Equal","value":"e","effect":"NoExecute"}]}}`,
		},
		"numbers in strings, octal modes": {
			pod, `{"spec":[{"security_context":[{"run_as_user":"1000"}],"volume":[{"config_map":[{"default_mode":"0555"}]}]}]}`,
			`{"spec":{"securityContext":{"runAsUser":1000},"volumes":[{"configMap":{"defaultMode":365}}]}}`,
		},
		"integer or string": {
			service, `{"spec":[{"port":[{"port":80,"target_port":"8080"},{"port":81,"target_port":"web"}]}]}`,
			`{"spec":{"ports":[{"port":80,"targetPort":8080},{"port":81,"targetPort":"web"}]}}`,
		},
		"another word": {
			daemonSet, `{"spec":[{"strategy":[{"type":"OnDelete"}]}]}`, `{"spec":{"updateStrategy":{"type":"OnDelete"}}}`,
		},
		"an empty block says something": {
			pod, `{"spec":[{"volume":[{"name":"e","empty_dir":[{}]}]}]}`, `{"spec":{"volumes":[{"name":"e","emptyDir":{}}]}}`,
		},
		"an empty rule and an empty selector": {
			policy, `{"spec":[{"pod_selector":[{}],"policy_types":["Egress"],"egress":[{"to":[],"ports":[]}],"ingress":[]}]}`,
			`{"spec":{"podSelector":{},"policyTypes":["Egress"],"egress":[{}]}}`,
		},
		"selectors of a policy": {
			policy, `{"spec":[{"ingress":[{"from":[{"namespace_selector":[{"match_expressions":[{"key":"k","operator":"NotIn","values":["v"]}]}]}]}]}]}`,
			`{"spec":{"ingress":[{"from":[{"namespaceSelector":{"matchExpressions":[{"key":"k","operator":"NotIn","values":["v"]}]}}]}]}}`,
		},
		"an empty string in a list": {pod, `{"spec":[{"container":[{"args":["a",null]}]}]}`, `{"spec":{"containers":[{"args":["a",""]}]}}`},
		"text byte for byte":        {configMap, `{"data":{"k":"$(x) ` + "`y`" + ` ${z}\n\"'"}}`, `{"data":{"k":"$(x) ` + "`y`" + ` ${z}\n\"'"}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Expand(value(t, test.typeName, test.state), served[test.typeName], nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := object(t, test.want); !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestExpandRefuses(t *testing.T) {
	tests := map[string]struct{ state, fault string }{
		"a field that pods do not have": {`{"spec":[{"volume":[{"local":[{"path":"/x"}]}]}]}`, `local: Volume has no such field`},
		"a mode that is not octal":      {`{"spec":[{"volume":[{"config_map":[{"default_mode":"0999"}]}]}]}`, `base 8, got "0999"`},
		"text for a number":             {`{"spec":[{"security_context":[{"run_as_user":"root"}]}]}`, `base 10, got "root"`},
		"a broken quantity":             {`{"spec":[{"container":[{"resources":[{"limits":{"cpu":"many"}}]}]}]}`, `got "many"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Expand(value(t, pod, test.state), served[pod], nil)
			if err == nil || !regexp.MustCompile(regexp.QuoteMeta(test.fault)).MatchString(err.Error()) {
				t.Errorf("want %q, got %v", test.fault, err)
			}
		})
	}
}

func TestRead(t *testing.T) {
	reader := &Reader{IgnoredAnnotations: []*regexp.Regexp{regexp.MustCompile(`^k8s\.v1\.cni`)}}
	tests := map[string]struct{ typeName, state, live, want string }{
		"defaults of the server are no drift": {
			daemonSet, `{"spec":[{"template":[{"spec":[{"container":[{"name":"a"}]}]}]}]}`,
			`{"spec":{"revisionHistoryLimit":10,"template":{"spec":{"dnsPolicy":"ClusterFirst","containers":[{"name":"a","tty":true}]}}}}`,
			`{"spec":[{"template":[{"spec":[{"container":[{"name":"a"}]}]}]}]}`,
		},
		"a changed field, elements by name": {
			daemonSet, `{"spec":[{"template":[{"spec":[{"container":[{"name":"a","image":"x:1"},{"name":"b","image":"y:1"}]}]}]}]}`,
			`{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"y:1"},{"name":"a","image":"x:2"}]}}}}`,
			`{"spec":[{"template":[{"spec":[{"container":[{"name":"a","image":"x:2"},{"name":"b","image":"y:1"}]}]}]}]}`,
		},
		"where a pod may run": {
			pod, `{"spec":[{"affinity":[{"node_affinity":[{"required_during_scheduling_ignored_during_execution":[{"node_selector_term":[{"match_fields":[{"key":"metadata.name","operator":"In","values":["a"]}]}]}]}],
				"pod_affinity":[{"required_during_scheduling_ignored_during_execution":[{"topology_key":"kubernetes.io/hostname","label_selector":[{"match_labels":{"b":"c"}}]}]}]}],
				"toleration":[{"key":"d","operator":"Equal","value":"e","effect":"NoExecute"}]}]}`,
			`{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In","values":["a"]}]}]}},
				"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"b":"c"}}}]}},
				"tolerations":[{"key":"d","operator":"Equal","value":"e","effect":"NoExecute"}]}}`,
			`{"spec":[{"affinity":[{"node_affinity":[{"required_during_scheduling_ignored_during_execution":[{"node_selector_term":[{"match_fields":[{"key":"metadata.name","operator":"In","values":["a"]}]}]}]}],
				"pod_affinity":[{"required_during_scheduling_ignored_during_execution":[{"topology_key":"kubernetes.io/hostname","label_selector":[{"match_labels":{"b":"c"}}]}]}]}],
				"toleration":[{"key":"d","operator":"Equal","value":"e","effect":"NoExecute"}]}]}`,
		},
		"a lost field":         {configMap, `{"data":{"k":"v"},"immutable":true}`, `{"data":{"k":"v"}}`, `{"data":{"k":"v"}}`},
		"false is nothing":     {configMap, `{"immutable":false}`, `{}`, `{"immutable":false}`},
		"data added by others": {configMap, `{"data":{"k":"v"}}`, `{"data":{"k":"v","x":"y"}}`, `{"data":{"k":"v","x":"y"}}`},
		"keys of the system and ignored ones": {
			configMap, `{"metadata":[{"annotations":{"a":"b"}}]}`,
			`{"metadata":{"annotations":{"a":"b","kubernetes.io/x":"y","k8s.v1.cni.cncf.io/network-status":"[]"}}}`,
			`{"metadata":[{"annotations":{"a":"b"}}]}`,
		},
		"an annotation added by somebody": {
			configMap, `{"metadata":[{}]}`, `{"metadata":{"annotations":{"example.org/x":"y"}}}`, `{"metadata":[{"annotations":{"example.org/x":"y"}}]}`,
		},
		"equal quantities, octal modes": {
			daemonSet, `{"spec":[{"template":[{"spec":[{"container":[{"name":"a","resources":[{"limits":{"cpu":"1000m"}}]}],"volume":[{"name":"v","config_map":[{"default_mode":"0644"}]}]}]}]}]}`,
			`{"spec":{"template":{"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":"1"}}}],"volumes":[{"name":"v","configMap":{"defaultMode":420}}]}}}}`,
			`{"spec":[{"template":[{"spec":[{"container":[{"name":"a","resources":[{"limits":{"cpu":"1000m"}}]}],"volume":[{"name":"v","config_map":[{"default_mode":"0644"}]}]}]}]}]}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := reader.Read(block(t, test.typeName), value(t, test.typeName, test.state), object(t, test.live), served[test.typeName])
			if err != nil {
				t.Fatal(err)
			}
			assertHolds(t, got, value(t, test.typeName, test.want), served[test.typeName])
		})
	}
}

func TestReadOfAPodLeavesOutWhatAdmissionAdds(t *testing.T) {
	state := value(t, pod, `{"spec":[{"volume":[{"name":"mine"}],"toleration":[{"key":"a"}]}]}`)
	live := object(t, `{"spec":{"volumes":[{"name":"mine"},{"name":"kube-api-access-x"}],"tolerations":[{"key":"a"},{"key":"node.kubernetes.io/not-ready"}]}}`)
	got, err := (&Reader{OnlyHeld: true}).Read(block(t, pod), state, live, served[pod])
	if err != nil {
		t.Fatal(err)
	}
	assertHolds(t, got, state, served[pod])
	got, err = (&Reader{}).Read(block(t, pod), state, live, served[pod])
	if err != nil {
		t.Fatal(err)
	}
	if expanded, _ := Expand(got, served[pod], nil); len(expanded["spec"].(map[string]any)["volumes"].([]any)) != 2 {
		t.Errorf("an element added by somebody else must show as drift elsewhere: %v", expanded)
	}
}

func TestCompleteFillsOnlyWhatIsUnknown(t *testing.T) {
	planned, err := tftypes.Transform(
		value(t, configMap, `{"data":{"k":"planned"},"metadata":[{"name":"n"}]}`),
		func(path *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
			if last := path.LastStep(); last == tftypes.AttributeName("uid") || last == tftypes.AttributeName("generation") {
				return tftypes.NewValue(v.Type(), tftypes.UnknownValue), nil
			}
			return v, nil
		})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Complete(block(t, configMap), planned, object(t, `{"data":{"k":"live"},"metadata":{"name":"n","uid":"u"}}`), served[configMap])
	if err != nil {
		t.Fatal(err)
	}
	assertHolds(t, got, value(t, configMap, `{"data":{"k":"planned"},"metadata":[{"name":"n","uid":"u"}]}`), served[configMap])
	if !got.IsFullyKnown() {
		t.Error("nothing may be unknown after an apply")
	}
}

// assertHolds compares by meaning: what both values say to the API.
func assertHolds(t *testing.T, got, want tftypes.Value, api reflect.Type) {
	t.Helper()
	skip := map[string]bool{"id": true, "timeouts": true}
	gotJSON, err := Expand(got, api, skip)
	if err != nil {
		t.Fatal(err)
	}
	wantJSON, err := Expand(want, api, skip)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(gotJSON, wantJSON) {
		a, _ := json.Marshal(gotJSON)
		b, _ := json.Marshal(wantJSON)
		t.Errorf("got  %s\nwant %s", a, b)
	}
}
