package objects

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/client-go/dynamic"

	"multicast-lab/embedded/provider/internal/convert"
	"multicast-lab/embedded/provider/internal/values"
)

// fieldManager is the name under which the API server records our changes.
const fieldManager = "Terraform"

// ownArguments are no fields of the objects.
var ownArguments = map[string]bool{
	"id": true, "default_secret_name": true, "target_state": true, "timeouts": true, "wait_for_completion": true,
	"wait_for_default_service_account": true, "wait_for_load_balancer": true, "wait_for_rollout": true,
	"wait_for_service_account_token": true,
	"status":                         true,
}

// object is the engine for one resource type.
type object struct {
	kind     *kind
	provider *Provider
	schema   *tfprotov6.SchemaBlock
}

// Read gives a null value when the object is gone.
func (o *object) Read(ctx context.Context, state tftypes.Value) (tftypes.Value, error) {
	api, name, err := o.locate(state)
	if err != nil {
		return state, err
	}
	live, err := api.Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return tftypes.NewValue(state.Type(), nil), nil
	}
	if err != nil {
		return state, err
	}
	reader := &convert.Reader{
		IgnoredAnnotations: o.provider.ignoredAnnotations,
		IgnoredLabels:      o.provider.ignoredLabels,
		OnlyHeld:           o.kind.onlyHeld,
	}
	return reader.Read(o.schema, state, o.content(live), o.kind.api)
}

// Create gives the state with an error when the object was made and did not become what it should.
func (o *object) Create(ctx context.Context, planned tftypes.Value) (tftypes.Value, error) {
	none := tftypes.NewValue(planned.Type(), nil)
	manifest, err := o.manifest(planned)
	if err != nil {
		return none, err
	}
	api, err := o.api(manifest.GetNamespace())
	if err != nil {
		return none, err
	}
	live, err := api.Create(ctx, manifest, metav1.CreateOptions{FieldManager: fieldManager})
	if err != nil {
		return none, err
	}
	return o.settle(ctx, planned, live, "create")
}

// Update sends what differs between the old and the new state: fields that were taken out are removed, and fields
// that others have set are left alone.
func (o *object) Update(ctx context.Context, prior, planned tftypes.Value) (tftypes.Value, error) {
	before, err := o.manifest(prior)
	if err != nil {
		return prior, err
	}
	after, err := o.manifest(planned)
	if err != nil {
		return prior, err
	}
	api, name, err := o.locate(prior)
	if err != nil {
		return prior, err
	}
	patch, err := json.Marshal(mergePatch(before.Object, after.Object))
	if err != nil {
		return prior, err
	}
	live, err := api.Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: fieldManager})
	if err != nil {
		return prior, err
	}
	return o.settle(ctx, planned, live, "update")
}

// Delete ends when the object is gone, for the kinds whose end matters to others.
func (o *object) Delete(ctx context.Context, prior tftypes.Value) error {
	api, name, err := o.locate(prior)
	if err != nil {
		return err
	}
	options := metav1.DeleteOptions{}
	if o.kind.propagation != "" {
		options.PropagationPolicy = &o.kind.propagation
	}
	if err := api.Delete(ctx, name, options); err != nil {
		if apierrors.IsNotFound(err) {
			return nil
		}
		return err
	}
	if !o.kind.waitGone {
		return nil
	}
	timeout, err := o.timeout(prior, "delete")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return (&waiter{kindName: o.kind.name, api: api, name: name, timeout: timeout}).untilGone(ctx)
}

// settle waits for the object and makes the new state of it.
func (o *object) settle(ctx context.Context, planned tftypes.Value, live *unstructured.Unstructured, operation string) (tftypes.Value, error) {
	waitErr := o.await(ctx, planned, live, operation)
	api, err := o.api(live.GetNamespace())
	if err != nil {
		return tftypes.NewValue(planned.Type(), nil), err
	}
	// The wait may have been interrupted; what is there must still be recorded.
	latest, err := api.Get(context.WithoutCancel(ctx), live.GetName(), metav1.GetOptions{})
	if err == nil && latest.GetUID() == live.GetUID() {
		live = latest
	}
	state, err := o.state(planned, live)
	if waitErr != nil {
		return state, waitErr
	}
	return state, err
}

func (o *object) await(ctx context.Context, planned tftypes.Value, live *unstructured.Unstructured, operation string) error {
	members := values.Members(planned)
	if o.kind.ready == nil || !values.Flag(members[o.kind.waitArgument], o.kind.waitDefault) {
		return nil
	}
	if operation == "update" && (o.kind.name == "Pod" || o.kind.name == "Service" || o.kind.name == "Namespace") {
		return nil // as the real provider: these are waited for when they are made
	}
	timeout, err := o.timeout(planned, operation)
	if err != nil {
		return err
	}
	client, err := o.provider.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return o.kind.ready(ctx, &waiter{
		kindName: o.kind.name, client: client, api: o.in(client, live.GetNamespace()), namespace: live.GetNamespace(), name: live.GetName(),
		timeout: timeout, targetStates: values.Texts(members["target_state"]),
	})
}

func (o *object) state(planned tftypes.Value, live *unstructured.Unstructured) (tftypes.Value, error) {
	members := values.Members(planned)
	members["id"] = tftypes.NewValue(tftypes.String, o.id(live))
	if _, found := members["default_secret_name"]; found {
		// Kubernetes makes no token secrets since 1.24.
		members["default_secret_name"] = tftypes.NewValue(tftypes.String, "")
	}
	return convert.Complete(o.schema, tftypes.NewValue(planned.Type(), members), o.content(live), o.kind.api)
}

// content is what a state is made of.
func (o *object) content(live *unstructured.Unstructured) map[string]any {
	if o.kind.readable != nil {
		o.kind.readable(live.Object)
	}
	return live.Object
}

func (o *object) id(live *unstructured.Unstructured) string {
	if o.kind.clustered {
		return live.GetName()
	}
	return live.GetNamespace() + "/" + live.GetName()
}

// manifest makes the object that a state stands for.
func (o *object) manifest(state tftypes.Value) (*unstructured.Unstructured, error) {
	content, err := convert.Expand(state, o.kind.api, ownArguments)
	if err != nil {
		return nil, err
	}
	manifest := &unstructured.Unstructured{Object: content}
	manifest.SetGroupVersionKind(o.kind.resource.GroupVersion().WithKind(o.kind.name))
	metadata, _ := descend(content, "metadata")
	for _, read := range []string{"generation", "resourceVersion", "uid"} {
		delete(metadata, read)
	}
	if !o.kind.clustered && manifest.GetNamespace() == "" {
		manifest.SetNamespace(metav1.NamespaceDefault)
	}
	if o.kind.prepare != nil {
		o.kind.prepare(content)
	}
	return manifest, nil
}

// locate gives the API and the name of the object that a state stands for.
func (o *object) locate(state tftypes.Value) (dynamic.ResourceInterface, string, error) {
	manifest, err := o.manifest(state)
	if err != nil {
		return nil, "", err
	}
	api, err := o.api(manifest.GetNamespace())
	return api, manifest.GetName(), err
}

func (o *object) api(namespace string) (dynamic.ResourceInterface, error) {
	client, err := o.provider.client()
	if err != nil {
		return nil, err
	}
	return o.in(client, namespace), nil
}

func (o *object) in(client dynamic.Interface, namespace string) dynamic.ResourceInterface {
	if o.kind.clustered {
		return client.Resource(o.kind.resource)
	}
	return client.Resource(o.kind.resource).Namespace(namespace)
}

// timeout reads the `timeouts` block.
func (o *object) timeout(state tftypes.Value, operation string) (time.Duration, error) {
	text := values.Text(values.Members(values.Members(state)["timeouts"])[operation])
	if text == "" {
		return o.kind.timeout, nil
	}
	timeout, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("timeouts.%s must be a duration such as 90s or 5m, got %q", operation, text)
	}
	return timeout, nil
}
