package objects

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/schema"
)

const namespacesAPI = `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"v1","resources":[{"name":"namespaces","kind":"Namespace","namespaced":false,"verbs":["get"]}]}`

// apiServer answers for one namespace, and refuses an apply that is not forced where conflicts is set.
type apiServer struct {
	labels    string
	conflicts bool
	applied   []string
	query     string
	kind      string
}

func (a *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.URL.Path == "/api/v1":
		_, _ = io.WriteString(w, namespacesAPI)
	case r.URL.Path != "/api/v1/namespaces/studio":
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`)
	case r.Method == http.MethodPatch && a.conflicts && r.URL.Query().Get("force") != "true":
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Conflict","code":409,"message":"conflict with \"kubectl\": .metadata.labels.team"}`)
	default:
		if r.Method == http.MethodPatch {
			body, _ := io.ReadAll(r.Body)
			a.applied, a.query, a.kind = append(a.applied, strings.TrimSpace(string(body))), r.URL.RawQuery, r.Header.Get("Content-Type")
		}
		_, _ = io.WriteString(w, `{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"studio","labels":`+a.labels+`}}`)
	}
}

func newAddition(t *testing.T, api *apiServer, typeName string) (server.Resource, func(string) tftypes.Value) {
	t.Helper()
	listening := httptest.NewServer(api)
	t.Cleanup(listening.Close)
	schemas, err := schema.Load("kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	provider := NewProvider(schemas)
	if err := provider.Configure(context.Background(), state(t, schemas.Config, `{"host":"`+listening.URL+`"}`)); err != nil {
		t.Fatal(err)
	}
	return provider.Resource(typeName), func(text string) tftypes.Value { return state(t, schemas.Resources[typeName], text) }
}

const labelled = `{"id":"x","api_version":"v1","kind":"Namespace","metadata":[{"name":"studio"}],"field_manager":"lab","labels":{"team":"video"}}`

func TestLabelsAreAppliedUnderTheirManagerAndTakenAwayByAnEmptyApply(t *testing.T) {
	api := &apiServer{labels: `{"team":"video","owner":"them"}`}
	engine, parse := newAddition(t, api, "kubernetes_labels")
	created, err := engine.Create(context.Background(), parse(labelled))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"apiVersion":"v1","kind":"Namespace","metadata":{"labels":{"team":"video"},"name":"studio"}}`
	if len(api.applied) != 1 || !sameJSON(t, api.applied[0], want) {
		t.Errorf("applied %v, want %s", api.applied, want)
	}
	if !strings.Contains(api.query, "fieldManager=lab") || strings.Contains(api.query, "force=true") || api.kind != "application/apply-patch+yaml" {
		t.Errorf("query %s as %s", api.query, api.kind)
	}
	if err := engine.Delete(context.Background(), created); err != nil {
		t.Fatal(err)
	}
	if last := api.applied[len(api.applied)-1]; !sameJSON(t, last, strings.Replace(want, `{"team":"video"}`, `{}`, 1)) {
		t.Errorf("the last apply was %s", last)
	}
}

func TestReadKeepsWhatIsConfiguredAndSeesWhatIsGone(t *testing.T) {
	for labels, want := range map[string]string{
		`{"team":"video","owner":"them"}`: `{"team":"video"}`, `{"team":"audio"}`: `{"team":"audio"}`, `{}`: `{}`,
	} {
		engine, parse := newAddition(t, &apiServer{labels: labels}, "kubernetes_labels")
		got, err := engine.Read(context.Background(), parse(labelled))
		if err != nil {
			t.Fatal(err)
		}
		if !got.Equal(parse(strings.Replace(labelled, `{"team":"video"}`, want, 1))) {
			t.Errorf("with %s the state is %s", labels, got)
		}
	}
}

func TestAConflictIsToldUnlessItIsForced(t *testing.T) {
	api := &apiServer{labels: `{}`, conflicts: true}
	engine, parse := newAddition(t, api, "kubernetes_labels")
	state, err := engine.Create(context.Background(), parse(labelled))
	if err == nil || !strings.Contains(err.Error(), "Field manager conflict") || !strings.Contains(err.Error(), ".metadata.labels.team") || !state.IsNull() {
		t.Errorf("got %v", err)
	}
	forced := strings.Replace(labelled, `"field_manager"`, `"force":true,"field_manager"`, 1)
	if _, err := engine.Create(context.Background(), parse(forced)); err != nil {
		t.Error(err)
	}
}

func TestAnObjectThatIsNotThereIsRefusedAndNothingToDelete(t *testing.T) {
	engine, parse := newAddition(t, &apiServer{}, "kubernetes_labels")
	missing := parse(strings.Replace(labelled, "studio", "nobody", 1))
	if _, err := engine.Create(context.Background(), missing); err == nil || !strings.Contains(err.Error(), `"nobody" does not exist`) {
		t.Errorf("got %v", err)
	}
	if err := engine.Delete(context.Background(), missing); err != nil {
		t.Error(err)
	}
}

func TestPlanOfAnAdditionReplacesForAnotherObjectAlone(t *testing.T) {
	engine, parse := newAddition(t, &apiServer{}, "kubernetes_labels")
	for proposed, replaces := range map[string]int{
		strings.Replace(labelled, "studio", "other", 1): 1, strings.Replace(labelled, "video", "audio", 1): 0, labelled: 0,
	} {
		result, err := engine.Plan(server.Change{Prior: parse(labelled), Config: parse(proposed), Proposed: parse(proposed)})
		if err != nil || len(result.RequiresReplace) != replaces || !result.State.Equal(parse(proposed)) {
			t.Errorf("%s: %v, %v", proposed, result.RequiresReplace, err)
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	texts := []string{a, b}
	for i, text := range texts {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		sorted, _ := json.Marshal(value)
		texts[i] = string(sorted)
	}
	return texts[0] == texts[1]
}

func state(t *testing.T, of interface{ ValueType() tftypes.Type }, text string) tftypes.Value {
	t.Helper()
	//nolint:staticcheck // the notation of a state is the most readable one for a test
	value, err := tftypes.ValueFromJSON([]byte(text), of.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return value
}
