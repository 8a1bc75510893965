package objects

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
)

// warningsShown is how many of an object's last Warning events an error tells.
const warningsShown = 3

// typed makes a condition of one on the API's own type.
func typed[T any](w *waiter, condition func(*T) (bool, string, error)) condition {
	return func(live *unstructured.Unstructured) (bool, string, error) {
		if live == nil {
			return false, "", fmt.Errorf("%s %s was deleted by somebody else", w.kindName, w.name)
		}
		object := new(T)
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(live.Object, object); err != nil {
			return false, "", err
		}
		return condition(object)
	}
}

// waitForPod waits for as long as the pod is Pending, which it is while its init containers run.
func waitForPod(ctx context.Context, w *waiter) error {
	targets := w.targetStates
	if len(targets) == 0 {
		targets = []string{string(corev1.PodRunning)}
	}
	wanted := strings.Join(targets, ", ")
	err := w.until(ctx, typed(w, func(pod *corev1.Pod) (bool, string, error) {
		phase := string(pod.Status.Phase)
		switch {
		case slices.Contains(targets, phase):
			return true, "", nil
		case phase == string(corev1.PodPending) || phase == "":
			return false, fmt.Sprintf("state to become '%s' (last state: '%s')", wanted, phase), nil
		}
		// The real provider's words, with its slip: users and tests match on them.
		return false, "", fmt.Errorf("unexpected state '%s', wanted target '%s'. last error: %s", phase, wanted, "%!s(<nil>)")
	}))
	return w.withWarnings(ctx, err)
}

func waitForJob(ctx context.Context, w *waiter) error {
	return w.until(ctx, typed(w, func(job *batchv1.Job) (bool, string, error) {
		for _, condition := range job.Status.Conditions {
			if condition.Status != corev1.ConditionTrue {
				continue
			}
			switch condition.Type {
			case batchv1.JobComplete:
				return true, "", nil
			case batchv1.JobFailed:
				return false, "", fmt.Errorf("job: %s/%s is in failed state", w.namespace, w.name)
			}
		}
		return false, fmt.Sprintf("job %s/%s to complete", w.namespace, w.name), nil
	}))
}

// waitForDaemonSet waits until the pods are scheduled, not until they are ready: so does the real provider.
func waitForDaemonSet(ctx context.Context, w *waiter) error {
	return w.until(ctx, typed(w, func(set *appsv1.DaemonSet) (bool, string, error) {
		status := set.Status
		scheduled := status.CurrentNumberScheduled == status.DesiredNumberScheduled
		waitingFor := fmt.Sprintf("%d replicas of %q to be scheduled (%d)", status.DesiredNumberScheduled, w.name, status.CurrentNumberScheduled)
		return scheduled && status.ObservedGeneration >= set.Generation, waitingFor, nil
	}))
}

func waitForDeployment(ctx context.Context, w *waiter) error {
	return w.until(ctx, typed(w, func(deployment *appsv1.Deployment) (bool, string, error) {
		status, wanted := deployment.Status, int32(1)
		if deployment.Spec.Replicas != nil {
			wanted = *deployment.Spec.Replicas
		}
		for _, condition := range status.Conditions {
			if condition.Type == appsv1.DeploymentProgressing && condition.Reason == "ProgressDeadlineExceeded" {
				return false, "", errors.New("Deployment exceeded its progress deadline")
			}
		}
		done := status.ObservedGeneration >= deployment.Generation && status.UpdatedReplicas >= wanted &&
			status.Replicas <= status.UpdatedReplicas && status.AvailableReplicas >= status.UpdatedReplicas
		waitingFor := fmt.Sprintf("rollout of %q to finish: %d of %d replicas updated, %d available", w.name, status.UpdatedReplicas, wanted, status.AvailableReplicas)
		return done, waitingFor, nil
	}))
}

func waitForStatefulSet(ctx context.Context, w *waiter) error {
	return w.until(ctx, typed(w, func(set *appsv1.StatefulSet) (bool, string, error) {
		status, wanted := set.Status, int32(1)
		if set.Spec.Replicas != nil {
			wanted = *set.Spec.Replicas
		}
		done := status.ObservedGeneration >= set.Generation && status.ReadyReplicas >= wanted &&
			status.UpdateRevision == status.CurrentRevision
		waitingFor := fmt.Sprintf("rollout of %q to finish: %d of %d replicas ready", w.name, status.ReadyReplicas, wanted)
		return done, waitingFor, nil
	}))
}

func waitForLoadBalancer(ctx context.Context, w *waiter) error {
	err := w.until(ctx, typed(w, func(service *corev1.Service) (bool, string, error) {
		done := service.Spec.Type != corev1.ServiceTypeLoadBalancer || len(service.Status.LoadBalancer.Ingress) > 0
		return done, fmt.Sprintf("service %s/%s to get an address from a load balancer", w.namespace, w.name), nil
	}))
	return w.withWarnings(ctx, err)
}

func waitForDefaultServiceAccount(ctx context.Context, w *waiter) error {
	accounts := &waiter{
		kindName: "ServiceAccount", api: w.client.Resource(core("serviceaccounts")).Namespace(w.name),
		namespace: w.name, name: "default", timeout: w.timeout,
	}
	return accounts.until(ctx, func(live *unstructured.Unstructured) (bool, string, error) {
		return live != nil, fmt.Sprintf("the default service account of namespace %s", w.name), nil
	})
}

// withWarnings adds the last Warning events about the object to an error, since they tell the cause.
func (w *waiter) withWarnings(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	warnings, listErr := w.warnings(context.WithoutCancel(ctx))
	if listErr != nil {
		return errors.Join(err, listErr)
	}
	text := err.Error()
	for _, event := range warnings {
		text += fmt.Sprintf("\n   * %s (%s): %s: %s", w.name, w.kindName, event.Reason, event.Message)
	}
	return errors.New(text)
}

func (w *waiter) warnings(ctx context.Context) ([]corev1.Event, error) {
	selector := fields.Set{"involvedObject.name": w.name, "involvedObject.kind": w.kindName, "type": corev1.EventTypeWarning}
	list, err := w.client.Resource(core("events")).Namespace(w.namespace).List(ctx, metav1.ListOptions{FieldSelector: selector.String()})
	if err != nil {
		return nil, err
	}
	events := new(corev1.EventList)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(list.UnstructuredContent(), events); err != nil {
		return nil, err
	}
	sort.SliceStable(events.Items, func(i, j int) bool {
		return events.Items[j].LastTimestamp.Before(&events.Items[i].LastTimestamp)
	})
	var latest []corev1.Event
	for _, event := range events.Items {
		repeated := slices.ContainsFunc(latest, func(e corev1.Event) bool { return e.Message == event.Message })
		if !repeated && len(latest) < warningsShown {
			latest = append(latest, event)
		}
	}
	return latest, nil
}
