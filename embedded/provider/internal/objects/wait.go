package objects

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
)

// waiter waits for one object by watching it.
type waiter struct {
	kindName        string
	client          dynamic.Interface
	api             dynamic.ResourceInterface
	namespace, name string
	timeout         time.Duration
	targetStates    []string
}

// condition looks at the object, nil when it does not exist; done ends the wait, and so does an error. The text says
// what is waited for, should the time run out.
type condition func(live *unstructured.Unstructured) (done bool, waitingFor string, err error)

// watchPause is the least time between two watches, should the server end them at once.
const watchPause = time.Second

// until waits for a condition.
func (w *waiter) until(ctx context.Context, condition condition) error {
	waitingFor := "the object"
	check := func(live *unstructured.Unstructured) (done bool, err error) {
		done, waitingFor, err = condition(live)
		return done, err
	}
	for {
		started := time.Now()
		done, err := w.watchOnce(ctx, check)
		switch {
		case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
			return fmt.Errorf("timeout after %s: waiting for %s", w.timeout, waitingFor)
		case ctx.Err() != nil:
			return fmt.Errorf("interrupted while waiting for %s", waitingFor)
		case err != nil || done:
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(watchPause - time.Since(started)):
		}
	}
}

// watchOnce lists and watches until the condition holds or the server ends the watch.
func (w *waiter) watchOnce(ctx context.Context, check func(*unstructured.Unstructured) (bool, error)) (bool, error) {
	options := metav1.ListOptions{FieldSelector: fields.OneTermEqualSelector("metadata.name", w.name).String()}
	list, err := w.api.List(ctx, options)
	if err != nil {
		return false, err
	}
	var current *unstructured.Unstructured
	if len(list.Items) > 0 {
		current = &list.Items[0]
	}
	if done, err := check(current); done || err != nil {
		return done, err
	}
	options.ResourceVersion = list.GetResourceVersion()
	watcher, err := w.api.Watch(ctx, options)
	if err != nil {
		return false, err
	}
	defer watcher.Stop()
	for event := range watcher.ResultChan() {
		live, _ := event.Object.(*unstructured.Unstructured)
		switch event.Type {
		case watch.Deleted:
			live = nil
		case watch.Error:
			if err := apierrors.FromObject(event.Object); !apierrors.IsResourceExpired(err) && !apierrors.IsGone(err) {
				return false, err
			}
			return false, nil
		case watch.Bookmark:
			continue
		}
		if done, err := check(live); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

func (w *waiter) untilGone(ctx context.Context) error {
	return w.until(ctx, func(live *unstructured.Unstructured) (bool, string, error) {
		return live == nil, fmt.Sprintf("%s %s to be gone", w.kindName, w.name), nil
	})
}
