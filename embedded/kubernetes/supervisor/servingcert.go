package supervisor

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"

	certificates "k8s.io/api/certificates/v1"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

const nodePrefix = "system:node:"

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
	name, isNode := strings.CutPrefix(request.Spec.Username, nodePrefix)
	if !isNode {
		return errors.New("not approved: only nodes serve as kubelets")
	}
	node, err := a.client.CoreV1().Nodes().Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return err
	}
	if err := fits(request.Spec.Request, node); err != nil {
		return fmt.Errorf("not approved: %w", err)
	}
	request.Status.Conditions = append(request.Status.Conditions, certificates.CertificateSigningRequestCondition{
		Type: certificates.CertificateApproved, Status: core.ConditionTrue, Reason: "NodeAddressesMatch",
		Message: "The requested names and addresses are the node's own.",
	})
	_, err = a.client.CertificatesV1().CertificateSigningRequests().UpdateApproval(ctx, request.Name, request, meta.UpdateOptions{})
	return err
}

// fits checks that a request asks for the node's own names and addresses. The signer checks the rest of its form.
func fits(request []byte, node *core.Node) error {
	block, _ := pem.Decode(request)
	if block == nil {
		return errors.New("it is not PEM")
	}
	asked, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return err
	}
	own := []string{node.Name}
	for _, address := range node.Status.Addresses {
		own = append(own, address.Address)
	}
	names := asked.DNSNames
	for _, ip := range asked.IPAddresses {
		names = append(names, ip.String())
	}
	for _, name := range names {
		if !slices.Contains(own, name) {
			return fmt.Errorf("%q is not one of the node's addresses %q", name, own)
		}
	}
	if asked.Subject.CommonName != nodePrefix+node.Name {
		return fmt.Errorf("its subject is %q", asked.Subject.CommonName)
	}
	return nil
}
