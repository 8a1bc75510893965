package release

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/internal/values"
	"multicast-lab/embedded/provider/schema"
)

func releaseValue(t *testing.T, text string) arguments {
	t.Helper()
	schemas, err := schema.Load("helm")
	if err != nil {
		t.Fatal(err)
	}
	//nolint:staticcheck // the notation of a state is the most readable one for a test
	value, err := tftypes.ValueFromJSON([]byte(text), schemas.Resources["helm_release"].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return values.Members(value)
}

func TestChartValues(t *testing.T) {
	tests := map[string]struct{ arguments, want string }{
		"later documents win": {`{"values":["a: {x: 1, z: 1}","a: {z: 2}"]}`, `{"a":{"x":1,"z":2}}`},
		"settings win":        {`{"values":["a: {x: 1}"],"set":[{"name":"a.x","value":"2"}]}`, `{"a":{"x":2}}`},
		"a string stays one":  {`{"set":[{"name":"a","value":"2","type":"string"}]}`, `{"a":"2"}`},
		"lists":               {`{"set_list":[{"name":"a","value":["x","y"]}]}`, `{"a":["x","y"]}`},
		"templates are text":  {`{"values":["a: '{{ .Values }} ${x}'"]}`, `{"a":"{{ .Values }} ${x}"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			merged, err := releaseValue(t, test.arguments).chartValues()
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := json.Marshal(merged); string(got) != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestSensitiveSettingsAreConcealed(t *testing.T) {
	release := releaseValue(t, `{"set_sensitive":[{"name":"a.key","value":"hush"}],"values":["a: {b: c}"]}`)
	merged, err := release.chartValues()
	if err != nil {
		t.Fatal(err)
	}
	if err := release.conceal(merged); err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(merged); strings.Contains(string(got), "hush") || !strings.Contains(string(got), `"b":"c"`) {
		t.Errorf("got %s", got)
	}
}

func TestUnsupportedArgumentsAreRefusedByName(t *testing.T) {
	err := releaseValue(t, `{"repository":"https://example.org","verify":true,"lint":false,"wait":true}`).refuseUnsupported()
	if err == nil || !strings.Contains(err.Error(), "repository is not") || !strings.Contains(err.Error(), "verify is not") {
		t.Errorf("got %v", err)
	}
	if strings.Contains(err.Error(), "lint") {
		t.Errorf("false is what the embedded provider does anyway: %v", err)
	}
	if err := releaseValue(t, `{"name":"a","chart":"./c","wait":false}`).refuseUnsupported(); err != nil {
		t.Errorf("got %v", err)
	}
}
