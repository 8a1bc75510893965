package convert

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"multicast-lab/embedded/provider/schema"
)

var served = map[string]reflect.Type{
	"kubernetes_cluster_role_binding_v1": reflect.TypeOf(rbacv1.ClusterRoleBinding{}),
	"kubernetes_cluster_role_v1":         reflect.TypeOf(rbacv1.ClusterRole{}),
	"kubernetes_config_map_v1":           reflect.TypeOf(corev1.ConfigMap{}),
	"kubernetes_secret_v1":               reflect.TypeOf(corev1.Secret{}),
	"kubernetes_daemon_set_v1":           reflect.TypeOf(appsv1.DaemonSet{}),
	"kubernetes_deployment_v1":           reflect.TypeOf(appsv1.Deployment{}),
	"kubernetes_job_v1":                  reflect.TypeOf(batchv1.Job{}),
	"kubernetes_namespace_v1":            reflect.TypeOf(corev1.Namespace{}),
	"kubernetes_network_policy_v1":       reflect.TypeOf(networkingv1.NetworkPolicy{}),
	"kubernetes_pod_v1":                  reflect.TypeOf(corev1.Pod{}),
	"kubernetes_role_binding_v1":         reflect.TypeOf(rbacv1.RoleBinding{}),
	"kubernetes_role_v1":                 reflect.TypeOf(rbacv1.Role{}),
	"kubernetes_service_account_v1":      reflect.TypeOf(corev1.ServiceAccount{}),
	"kubernetes_service_v1":              reflect.TypeOf(corev1.Service{}),
	"kubernetes_stateful_set_v1":         reflect.TypeOf(appsv1.StatefulSet{}),
}

// withoutField are arguments that the API does not have: setting one is refused at apply.
var withoutField = map[string]bool{
	"AzureFileVolumeSource.secret_namespace": true,
	"LocalObjectReference.namespace":         true,
	"Secret.binary_data":                     true,
	"Secret.binary_data_wo":                  true,
	"Secret.binary_data_wo_revision":         true,
	"Secret.data_wo":                         true,
	"Secret.data_wo_revision":                true,
	"Volume.local":                           true,
}

// Every argument of every served type must have its API field: a misspelt one would be dropped without a word.
func TestEveryArgumentHasItsField(t *testing.T) {
	provider, err := schema.Load("kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]bool{"id": true, "default_secret_name": true, "target_state": true, "timeouts": true}
	// These put one map on an object of any kind.
	delete(provider.Resources, "kubernetes_annotations")
	delete(provider.Resources, "kubernetes_labels")
	for name, resource := range provider.Resources {
		api, found := served[name]
		if !found {
			t.Errorf("%s: no API type in served", name)
			continue
		}
		checkBlock(t, name, resource.Block, api, own)
	}
}

func checkBlock(t *testing.T, path string, block *tfprotov6.SchemaBlock, api reflect.Type, skip map[string]bool) {
	t.Helper()
	for _, attribute := range block.Attributes {
		if skip[attribute.Name] || len(skip) > 0 && len(attribute.Name) > 9 && attribute.Name[:9] == "wait_for_" {
			continue
		}
		if _, found := lookup(api, attribute.Name); !found && !withoutField[api.Name()+"."+attribute.Name] {
			t.Errorf("%s.%s: no field in %s", path, attribute.Name, api)
		}
	}
	for _, nested := range block.BlockTypes {
		if skip[nested.TypeName] {
			continue
		}
		field, found := lookup(api, nested.TypeName)
		if !found && withoutField[api.Name()+"."+nested.TypeName] {
			continue
		}
		if !found {
			t.Errorf("%s.%s: no field in %s", path, nested.TypeName, api)
			continue
		}
		inner := newLiveList(nil, field.typ).elementType
		if inner.Kind() != reflect.Struct {
			t.Errorf("%s.%s: a block for the API type %s", path, nested.TypeName, inner)
			continue
		}
		checkBlock(t, path+"."+nested.TypeName, nested.Block, inner, nil)
	}
}
