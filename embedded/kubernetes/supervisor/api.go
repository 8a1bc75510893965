package supervisor

import (
	"context"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	readyLimit    = 90 * time.Second // a cold start on a loaded machine
	readyInterval = 50 * time.Millisecond
)

func newClient(kubeconfig string) (kubernetes.Interface, error) {
	settings, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	return clientFor(settings)
}

func clientFor(settings *rest.Config) (kubernetes.Interface, error) {
	settings.QPS = -1 // a handful of requests at the start must not wait for each other
	settings.UserAgent = "k3s"
	return kubernetes.NewForConfig(settings)
}

func waitReady(ctx context.Context, client kubernetes.Interface) error {
	return poll(ctx, readyLimit, readyInterval, func(ctx context.Context) error {
		return client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}
