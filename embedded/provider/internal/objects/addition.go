package objects

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"

	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/internal/values"
)

// additions are the types that put something on an object of somebody else's: their argument, and the field below metadata.
var additions = map[string]string{"kubernetes_annotations": "annotations", "kubernetes_labels": "labels"}

// additionIdentity is what another object is meant by.
var additionIdentity = []string{"api_version", "kind", "metadata.name", "metadata.namespace"}

// addition sets labels or annotations by server-side apply: what its field manager set before and does not set again is
// taken away, what others set is left alone, and another value of theirs is a conflict
// (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
type addition struct {
	field    string
	provider *Provider
	schema   *tfprotov6.SchemaBlock
}

func (a *addition) Validate(config tftypes.Value) error {
	if values.IsNull(values.Members(config)["template_annotations"]) {
		return nil
	}
	return errors.New("template_annotations is not supported by the embedded provider; use the real one")
}

func (a *addition) Plan(change server.Change) (server.Planned, error) {
	if change.IsCreate() {
		return server.Planned{State: server.MarkComputed(a.schema, change.Prior, change.Config, change.Proposed)}, nil
	}
	paths, err := server.ChangedPaths(change.Proposed, change.Prior)
	if err != nil || len(paths) == 0 {
		return server.Planned{State: change.Prior}, err
	}
	result := server.Planned{State: change.Proposed}
	for _, path := range paths {
		if slices.Contains(additionIdentity, strings.Join(server.Names(path), ".")) {
			result.RequiresReplace = append(result.RequiresReplace, path)
		}
	}
	return result, nil
}

// Read keeps of the live values those that are configured; an object that is gone leaves the state as it is, as with the real provider.
func (a *addition) Read(ctx context.Context, state tftypes.Value) (tftypes.Value, error) {
	target, err := a.target(state)
	if err != nil {
		return state, err
	}
	live, err := target.api.Get(ctx, target.name, metav1.GetOptions{})
	if err != nil {
		if apierrors.IsNotFound(err) {
			err = nil
		}
		return state, err
	}
	members := values.Members(state)
	configured := values.Members(members[a.field])
	there, _, err := unstructured.NestedStringMap(live.Object, "metadata", a.field)
	if err != nil {
		return state, err
	}
	kept := map[string]tftypes.Value{}
	for key := range configured {
		if value, found := there[key]; found {
			kept[key] = tftypes.NewValue(tftypes.String, value)
		}
	}
	members[a.field] = tftypes.NewValue(members[a.field].Type(), kept)
	return tftypes.NewValue(state.Type(), members), nil
}

func (a *addition) Create(ctx context.Context, planned tftypes.Value) (tftypes.Value, error) {
	none := tftypes.NewValue(planned.Type(), nil)
	target, err := a.target(planned)
	if err != nil {
		return none, err
	}
	members := values.Members(planned)
	if err := a.apply(ctx, target, members[a.field]); err != nil {
		return none, err
	}
	members["id"] = tftypes.NewValue(tftypes.String, target.id())
	return tftypes.NewValue(planned.Type(), members), nil
}

func (a *addition) Update(ctx context.Context, prior, planned tftypes.Value) (tftypes.Value, error) {
	target, err := a.target(planned)
	if err != nil {
		return prior, err
	}
	if err := a.apply(ctx, target, values.Members(planned)[a.field]); err != nil {
		return prior, err
	}
	return planned, nil
}

// Delete sets nothing any more, which takes away what was set.
func (a *addition) Delete(ctx context.Context, prior tftypes.Value) error {
	target, err := a.target(prior)
	if err != nil {
		return err
	}
	err = a.apply(ctx, target, tftypes.Value{})
	if errors.Is(err, errMissing) {
		return nil
	}
	return err
}

var errMissing = errors.New("does not exist")

func (a *addition) apply(ctx context.Context, target *target, set tftypes.Value) error {
	// An apply would make the object.
	if _, err := target.api.Get(ctx, target.name, metav1.GetOptions{}); err != nil {
		if apierrors.IsNotFound(err) {
			return fmt.Errorf("the resource %q %w", target.name, errMissing)
		}
		return err
	}
	fields := map[string]any{}
	for key, value := range values.Members(set) {
		fields[key] = values.Text(value)
	}
	metadata := map[string]any{"name": target.name, a.field: fields}
	if target.namespace != "" {
		metadata["namespace"] = target.namespace
	}
	patch := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": target.apiVersion, "kind": target.kind, "metadata": metadata,
	}}
	_, err := target.api.Apply(ctx, target.name, patch, metav1.ApplyOptions{FieldManager: target.manager, Force: target.force})
	if apierrors.IsConflict(err) {
		return fmt.Errorf(`Field manager conflict: another client is managing a field Terraform tried to update. Set "force" to true to override: %w`, err) //nolint:staticcheck // the real provider's summary
	}
	return err
}

// target is the object that is added to, and by whom.
type target struct {
	api                               dynamic.ResourceInterface
	apiVersion, kind, namespace, name string
	manager                           string
	force                             bool
}

func (a *addition) target(state tftypes.Value) (*target, error) {
	members := values.Members(state)
	metadata := values.Members(values.Elements(members["metadata"])[0])
	found := &target{
		apiVersion: values.Text(members["api_version"]), kind: values.Text(members["kind"]),
		name: values.Text(metadata["name"]), manager: values.Text(members["field_manager"]),
		force: values.Flag(members["force"], false),
	}
	if found.manager == "" {
		found.manager = fieldManager
	}
	api, isNamespaced, err := a.provider.api(found.apiVersion, found.kind)
	if err != nil {
		return nil, err
	}
	found.api = api
	if isNamespaced {
		found.namespace = values.Text(metadata["namespace"])
		if found.namespace == "" {
			found.namespace = metav1.NamespaceDefault
		}
		found.api = api.Namespace(found.namespace)
	}
	return found, nil
}

// id has the form of the real provider's.
func (t *target) id() string {
	parts := []string{"apiVersion=" + t.apiVersion, "kind=" + t.kind}
	if t.namespace != "" {
		parts = append(parts, "namespace="+t.namespace)
	}
	return strings.Join(append(parts, "name="+t.name), ",")
}
