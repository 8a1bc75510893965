// Package objects serves the resource types of the kubernetes provider with one engine for all of them.
package objects

import (
	"context"
	"encoding/base64"
	"reflect"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// kind is all that sets one resource type apart from the others.
type kind struct {
	name      string
	resource  schema.GroupVersionResource
	clustered bool
	api       reflect.Type
	// replace names the argument paths whose change needs a new object, besides name and namespace.
	replace []string
	// keep names paths below those of replace that can be changed in place.
	keep []string
	// prepare puts in what the real provider sets where the API server's default is another.
	prepare func(object map[string]any)
	// readable takes back what prepare did, in an object that was read.
	readable func(object map[string]any)
	// ready waits after create and update, for as long as the argument waitArgument is not false.
	ready        func(context.Context, *waiter) error
	waitArgument string
	waitDefault  bool
	// propagation and waitGone: what a delete does with dependents, and whether it waits for the end.
	propagation metav1.DeletionPropagation
	waitGone    bool
	timeout     time.Duration
	// onlyHeld: see convert.Reader.
	onlyHeld bool
}

const (
	fiveMinutes   = 5 * time.Minute
	tenMinutes    = 10 * time.Minute
	twentyMinutes = 20 * time.Minute // the plugin SDK's own default
)

var kinds = map[string]*kind{
	"kubernetes_namespace_v1": {
		name: "Namespace", resource: core("namespaces"), clustered: true, api: reflect.TypeFor[corev1.Namespace](),
		ready: waitForDefaultServiceAccount, waitArgument: "wait_for_default_service_account",
		waitGone: true, timeout: fiveMinutes,
	},
	"kubernetes_service_account_v1": {
		name: "ServiceAccount", resource: core("serviceaccounts"), api: reflect.TypeFor[corev1.ServiceAccount](),
		prepare: mountTokens, timeout: twentyMinutes,
	},
	"kubernetes_config_map_v1": {
		name: "ConfigMap", resource: core("configmaps"), api: reflect.TypeFor[corev1.ConfigMap](), timeout: twentyMinutes,
	},
	"kubernetes_secret_v1": {
		name: "Secret", resource: core("secrets"), api: reflect.TypeFor[corev1.Secret](),
		replace: []string{"type"}, prepare: encodeData, readable: decodeData, timeout: twentyMinutes,
	},
	"kubernetes_service_v1": {
		name: "Service", resource: core("services"), api: reflect.TypeFor[corev1.Service](),
		replace: []string{"spec.cluster_ip", "spec.cluster_ips", "spec.load_balancer_class", "spec.health_check_node_port"},
		ready:   waitForLoadBalancer, waitArgument: "wait_for_load_balancer", waitDefault: true,
		timeout: tenMinutes,
	},
	"kubernetes_network_policy_v1": {
		name: "NetworkPolicy", resource: networkingv1.SchemeGroupVersion.WithResource("networkpolicies"),
		api: reflect.TypeFor[networkingv1.NetworkPolicy](), timeout: twentyMinutes,
	},
	"kubernetes_pod_v1": {
		name: "Pod", resource: core("pods"), api: reflect.TypeFor[corev1.Pod](),
		replace: []string{"spec"}, keep: []string{"spec.active_deadline_seconds"}, prepare: mountTokensInPod,
		ready: waitForPod, waitDefault: true, waitGone: true, timeout: fiveMinutes, onlyHeld: true,
	},
	"kubernetes_job_v1": {
		name: "Job", resource: batch("jobs"), api: reflect.TypeFor[batchv1.Job](),
		replace: []string{
			"spec.template", "spec.selector", "spec.completions", "spec.completion_mode",
			"spec.backoff_limit_per_index", "spec.pod_failure_policy",
		},
		prepare: prepareJob, ready: waitForJob, waitArgument: "wait_for_completion", waitDefault: true,
		propagation: metav1.DeletePropagationForeground, waitGone: true, timeout: time.Minute,
	},
	"kubernetes_daemon_set_v1": {
		name: "DaemonSet", resource: apps("daemonsets"), api: reflect.TypeFor[appsv1.DaemonSet](),
		replace: []string{"spec.selector"}, prepare: mountTokensInTemplate,
		ready: waitForDaemonSet, waitArgument: "wait_for_rollout", waitDefault: true, timeout: tenMinutes,
	},
	"kubernetes_deployment_v1": {
		name: "Deployment", resource: apps("deployments"), api: reflect.TypeFor[appsv1.Deployment](),
		replace: []string{"spec.selector"}, prepare: mountTokensInTemplate,
		ready: waitForDeployment, waitArgument: "wait_for_rollout", waitDefault: true,
		waitGone: true, timeout: tenMinutes,
	},
	"kubernetes_stateful_set_v1": {
		name: "StatefulSet", resource: apps("statefulsets"), api: reflect.TypeFor[appsv1.StatefulSet](),
		replace: []string{"spec.selector", "spec.service_name", "spec.pod_management_policy", "spec.volume_claim_template"},
		prepare: mountTokensInTemplate,
		ready:   waitForStatefulSet, waitArgument: "wait_for_rollout", waitDefault: true,
		waitGone: true, timeout: tenMinutes,
	},
	"kubernetes_role_v1": {
		name: "Role", resource: rbac("roles"), api: reflect.TypeFor[rbacv1.Role](), timeout: twentyMinutes,
	},
	"kubernetes_cluster_role_v1": {
		name: "ClusterRole", resource: rbac("clusterroles"), clustered: true, api: reflect.TypeFor[rbacv1.ClusterRole](),
		timeout: twentyMinutes,
	},
	"kubernetes_role_binding_v1": {
		name: "RoleBinding", resource: rbac("rolebindings"), api: reflect.TypeFor[rbacv1.RoleBinding](),
		replace: []string{"role_ref"}, prepare: defaultSubjectNamespace, timeout: twentyMinutes,
	},
	"kubernetes_cluster_role_binding_v1": {
		name: "ClusterRoleBinding", resource: rbac("clusterrolebindings"), clustered: true,
		api:     reflect.TypeFor[rbacv1.ClusterRoleBinding](),
		replace: []string{"role_ref"}, prepare: defaultSubjectNamespace, timeout: twentyMinutes,
	},
}

func core(resource string) schema.GroupVersionResource {
	return corev1.SchemeGroupVersion.WithResource(resource)
}

func apps(resource string) schema.GroupVersionResource {
	return appsv1.SchemeGroupVersion.WithResource(resource)
}

func batch(resource string) schema.GroupVersionResource {
	return batchv1.SchemeGroupVersion.WithResource(resource)
}

func rbac(resource string) schema.GroupVersionResource {
	return rbacv1.SchemeGroupVersion.WithResource(resource)
}

// mountTokens: the real provider's default is true; the API's is absent.
func mountTokens(object map[string]any) {
	setDefault(object, "automountServiceAccountToken", true)
}

// mountTokensInPod: an explicit true also overrides a service account that says false.
func mountTokensInPod(object map[string]any) {
	if spec, found := descend(object, "spec"); found {
		setDefault(spec, "automountServiceAccountToken", true)
	}
}

func mountTokensInTemplate(object map[string]any) {
	if template, found := descend(object, "spec", "template"); found {
		mountTokensInPod(template)
	}
}

// prepareJob: a Job's pods must not have the API's default, Always.
func prepareJob(object map[string]any) {
	mountTokensInTemplate(object)
	if spec, found := descend(object, "spec", "template", "spec"); found {
		setDefault(spec, "restartPolicy", "Never")
	}
}

// defaultSubjectNamespace: the API has no default for the namespace of a service account.
func defaultSubjectNamespace(object map[string]any) {
	subjects, _ := object["subjects"].([]any)
	for _, subject := range subjects {
		if subject, ok := subject.(map[string]any); ok && subject["kind"] == rbacv1.ServiceAccountKind {
			setDefault(subject, "namespace", metav1.NamespaceDefault)
		}
	}
}

// encodeData: the argument `data` is plain text, the API's field base64.
func encodeData(object map[string]any) {
	eachText(object, func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) })
}

func decodeData(object map[string]any) {
	eachText(object, func(text string) string {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return text // the API server takes nothing else; a text that stays shows as drift
		}
		return string(decoded)
	})
}

func eachText(object map[string]any, change func(string) string) {
	data, _ := descend(object, "data")
	for key, value := range data {
		if text, isText := value.(string); isText {
			data[key] = change(text)
		}
	}
}

func setDefault(object map[string]any, key string, value any) {
	if _, found := object[key]; !found {
		object[key] = value
	}
}

func descend(object map[string]any, keys ...string) (map[string]any, bool) {
	for _, key := range keys {
		next, ok := object[key].(map[string]any)
		if !ok {
			return nil, false
		}
		object = next
	}
	return object, true
}
