// Package kube makes the three API requests that the plugin needs. It uses client-go's REST client without the generated
// clientsets: the binary is copied to every node and started for every pod, and the clientsets make it four times larger.
package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/util/retry"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
)

// The kubelet gives a sandbox minutes and tries again; within one ADD only a short outage is bridged.
const (
	requestTimeout = 10 * time.Second
	retryEvery     = 250 * time.Millisecond
	retryFor       = 5 * time.Second
)

// Client speaks to the API server with the rights of the Multus service account.
type Client struct {
	rest rest.Interface
}

// NewClient reads the kubeconfig that thin_entrypoint keeps current.
func NewClient(kubeconfig string) (*Client, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("kubeconfig %s: %w", kubeconfig, err)
	}
	config.Timeout = requestTimeout
	config.UserAgent = "multus"
	client, err := rest.UnversionedRESTClientFor(withoutCodec(config))
	if err != nil {
		return nil, fmt.Errorf("kubeconfig %s: %w", kubeconfig, err)
	}
	return &Client{rest: client}, nil
}

// Pod is what the plugin needs of a pod.
type Pod struct {
	Metadata struct {
		Name        string            `json:"name"`
		Namespace   string            `json:"namespace"`
		UID         string            `json:"uid"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
}

// Pod reads one pod.
func (c *Client) Pod(ctx context.Context, namespace, name string) (*Pod, error) {
	var pod Pod
	if err := c.get(ctx, podPath(namespace, name), &pod); err != nil {
		return nil, err
	}
	return &pod, nil
}

// Network reads one NetworkAttachmentDefinition.
func (c *Client) Network(ctx context.Context, namespace, name string) (*nad.NetworkAttachmentDefinition, error) {
	var network nad.NetworkAttachmentDefinition
	path := "/apis/k8s.cni.cncf.io/v1/namespaces/" + namespace + "/network-attachment-definitions/" + name
	if err := c.get(ctx, path, &network); err != nil {
		return nil, err
	}
	return &network, nil
}

// SetNetworkStatus writes the pod's network-status annotation. Like upstream it reads the pod and updates its status
// sub-resource, so that one and the same role serves both: a patch would need one verb more.
func (c *Client) SetNetworkStatus(ctx context.Context, namespace, name, value string) error {
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		var pod map[string]any
		if err := c.get(ctx, podPath(namespace, name), &pod); err != nil {
			return err
		}
		metadata, ok := pod["metadata"].(map[string]any)
		if !ok {
			return fmt.Errorf("pod %s/%s came without metadata", namespace, name)
		}
		annotations, ok := metadata["annotations"].(map[string]any)
		if !ok {
			annotations = map[string]any{}
			metadata["annotations"] = annotations
		}
		annotations[nad.NetworkStatusAnnot] = value
		body, err := json.Marshal(pod)
		if err != nil {
			return err
		}
		put := c.rest.Put().AbsPath(podPath(namespace, name)+"/status").SetHeader("Content-Type", "application/json").SetHeader("Accept", "application/json")
		return put.Body(body).Do(ctx).Error()
	})
}

// get reads one object; an API server that is restarting is asked again for some seconds.
func (c *Client) get(ctx context.Context, path string, object any) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, retryEvery, retryFor, true, func(ctx context.Context) (bool, error) {
		result := c.rest.Get().AbsPath(path).SetHeader("Accept", "application/json").Do(ctx)
		// Error, unlike Raw, reads what the API server says of a refusal.
		if last = result.Error(); isOutage(last) {
			return false, nil
		}
		body, err := result.Raw()
		if last != nil || err != nil {
			return false, errors.Join(last, err)
		}
		return true, json.Unmarshal(body, object)
	})
	if err != nil && last != nil {
		return last
	}
	return err
}

func isOutage(err error) bool {
	return apierrors.IsServiceUnavailable(err) || apierrors.IsInternalError(err) || utilnet.IsConnectionReset(err) || utilnet.IsConnectionRefused(err)
}

func podPath(namespace, name string) string {
	return "/api/v1/namespaces/" + namespace + "/pods/" + name
}
