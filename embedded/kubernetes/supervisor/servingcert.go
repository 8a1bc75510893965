package supervisor

import (
	"context"
	"fmt"
	"log"

	"multicast-lab/embedded/kubernetes/internal/servingcert"

	certificates "k8s.io/api/certificates/v1"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// approver approves the serving certificates that kubelets ask for, so that `kubectl logs` and `exec` talk to a
// kubelet whose identity is checked. Kubernetes leaves this to the cluster's makers, since only they know which
// names a node may have (https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/#client-and-serving-certificates).
type approver struct{ client kubernetes.Interface }

func (a approver) run(ctx context.Context) error {
	factory := informers.NewSharedInformerFactoryWithOptions(a.client, 0, informers.WithTweakListOptions(func(o *meta.ListOptions) {
		o.FieldSelector = "spec.signerName=" + certificates.KubeletServingSignerName
	}))
	handle := func(object any) {
		request, ok := object.(*certificates.CertificateSigningRequest)
		if !ok || len(request.Status.Conditions) > 0 {
			return
		}
		if err := a.decide(ctx, request.DeepCopy()); err != nil {
			log.Printf("serving certificate %s of %s: %v", request.Name, request.Spec.Username, err)
		}
	}
	_, err := factory.Certificates().V1().CertificateSigningRequests().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    handle,
		UpdateFunc: func(_, object any) { handle(object) },
	})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	return nil
}

// decide approves a request that is right and leaves another pending: an administrator may see why and decide.
func (a approver) decide(ctx context.Context, request *certificates.CertificateSigningRequest) error {
	name, err := servingcert.NodeOf(request.Spec.Username)
	if err != nil {
		return fmt.Errorf("not approved: %w", err)
	}
	node, err := a.client.CoreV1().Nodes().Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return err
	}
	var addresses []string
	for _, address := range node.Status.Addresses {
		addresses = append(addresses, address.Address)
	}
	if err := servingcert.Check(request.Spec.Request, name, addresses); err != nil {
		return fmt.Errorf("not approved: %w", err)
	}
	request.Status.Conditions = append(request.Status.Conditions, certificates.CertificateSigningRequestCondition{
		Type: certificates.CertificateApproved, Status: core.ConditionTrue, Reason: "NodeAddressesMatch",
		Message: "The requested names and addresses are the node's own.",
	})
	_, err = a.client.CertificatesV1().CertificateSigningRequests().UpdateApproval(ctx, request.Name, request, meta.UpdateOptions{})
	return err
}
