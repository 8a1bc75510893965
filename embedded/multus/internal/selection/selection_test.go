package selection

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for annotation, want := range map[string]string{
		"":                     `null`,
		"  ":                   `null`,
		"a":                    `[{"name":"a","namespace":"pod"}]`,
		"a, b@eth9 ,other/c@x": `[{"name":"a","namespace":"pod"},{"name":"b","namespace":"pod","interface":"eth9"},{"name":"c","namespace":"other","interface":"x"}]`,
		`[{"name":"a"}]`:       `[{"name":"a","namespace":"pod"}]`,
		`[{"name":"a.b"}]`:     `[{"name":"a.b","namespace":"pod"}]`,
		`[{"name":"a","ips":["10.0.0.1/24","fd00::1"],"mac":"02:00:00:00:00:01","interface":"m0","default-route":["10.0.0.254"]}]`: `[{"name":"a","namespace":"pod","ips":["10.0.0.1/24","fd00::1"],"mac":"02:00:00:00:00:01","interface":"m0","default-route":["10.0.0.254"]}]`,
	} {
		got, err := Parse(annotation, "pod")
		if err != nil {
			t.Errorf("%q: %v", annotation, err)
			continue
		}
		text, _ := json.Marshal(got)
		if string(text) != want {
			t.Errorf("%q: %s instead of %s", annotation, text, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for annotation, reason := range map[string]string{
		",":                                    `""`,
		"a,,b":                                 `""`,
		"A":                                    `"A"`,
		"a.b":                                  `"a.b"`,
		"a/b/c":                                `"a/b/c"`,
		"/a":                                   "no namespace before /",
		"a@":                                   "no interface after @",
		"a@x@y/z":                              `"x@y/z"`,
		"a@sixteen-letters0":                   "at most 15",
		`"a"`:                                  "JSON list",
		`{"name":"a"}`:                         "JSON list",
		`[{"namespace":"b"}]`:                  `name ""`,
		`[{"name":"a","mac":"02:00"}]`:         "mac:",
		`[{"name":"a","ips":["10.0.0.0/33"]}]`: "10.0.0.0/33",
		`[{"name":"a"},{"name":"b","ips":["x"]}]`: "network 2",
	} {
		if got, err := Parse(annotation, "pod"); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: %v, %v; the error should say %s", annotation, got, err, reason)
		}
	}
}
