package supervisor

import (
	"context"
	"time"

	"multicast-lab/embedded/kubernetes/internal/clusterinfo"
	"multicast-lab/embedded/kubernetes/internal/jointoken"

	core "k8s.io/api/core/v1"
	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	bootstrapapi "k8s.io/cluster-bootstrap/token/api"
)

const (
	clusterRole = "ClusterRole"
	ownPrefix   = "k3s-embedded:"
	seedLimit   = 30 * time.Second
)

// seeder makes the objects that let nodes join, as kubeadm does
// (https://kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping/).
type seeder struct {
	client    kubernetes.Interface
	authority []byte
	server    string
	shared    shared
	sealed    []byte // credentials of servers that join; nil where none can
}

func (s seeder) run(ctx context.Context, token jointoken.Token) error {
	bootstrap, err := token.Bootstrap()
	if err != nil {
		return err
	}
	sealed, err := clusterinfo.Seal(s.server, s.authority, bootstrap)
	if err != nil {
		return err
	}
	info := &core.ConfigMap{ObjectMeta: meta.ObjectMeta{Name: clusterinfo.Name}, Data: sealed}
	// The API server makes the system namespaces in the background, so the first tries may find none.
	return poll(ctx, seedLimit, 2*readyInterval, func(ctx context.Context) error {
		if err := s.rights(ctx); err != nil {
			return err
		}
		if err := s.token(ctx, bootstrap); err != nil {
			return err
		}
		if err := s.share(ctx); err != nil {
			return err
		}
		if err := s.publishCredentials(ctx); err != nil {
			return err
		}
		maps := s.client.CoreV1().ConfigMaps(meta.NamespacePublic)
		return ensure(ctx, maps.Create, maps.Update, info) // last: an agent that finds it can join
	})
}

// token makes the secret behind the bootstrap token and removes those of earlier tokens.
func (s seeder) token(ctx context.Context, token jointoken.Bootstrap) error {
	secrets := s.client.CoreV1().Secrets(meta.NamespaceSystem)
	secret := &core.Secret{
		ObjectMeta: meta.ObjectMeta{
			Name:   bootstrapapi.BootstrapTokenSecretPrefix + token.ID,
			Labels: map[string]string{"app.kubernetes.io/managed-by": "k3s"},
		},
		Type: bootstrapapi.SecretTypeBootstrapToken,
		StringData: map[string]string{
			bootstrapapi.BootstrapTokenIDKey:               token.ID,
			bootstrapapi.BootstrapTokenSecretKey:           token.Secret,
			bootstrapapi.BootstrapTokenUsageAuthentication: "true",
		},
	}
	if err := ensure(ctx, secrets.Create, secrets.Update, secret); err != nil {
		return err
	}
	return secrets.DeleteCollection(ctx, meta.DeleteOptions{}, meta.ListOptions{
		LabelSelector: "app.kubernetes.io/managed-by=k3s",
		FieldSelector: "type=" + string(bootstrapapi.SecretTypeBootstrapToken) + ",metadata.name!=" + secret.Name,
	})
}

func (s seeder) rights(ctx context.Context) error {
	bootstrappers := rbac.Subject{APIGroup: rbac.GroupName, Kind: rbac.GroupKind, Name: "system:bootstrappers"}
	nodes := rbac.Subject{APIGroup: rbac.GroupName, Kind: rbac.GroupKind, Name: "system:nodes"}
	anyone := rbac.Subject{APIGroup: rbac.GroupName, Kind: rbac.UserKind, Name: "system:anonymous"}
	for _, grant := range []struct {
		name, role string
		to         rbac.Subject
	}{
		{"node-bootstrapper", "system:node-bootstrapper", bootstrappers},
		{"approve-node-client", "system:certificates.k8s.io:certificatesigningrequests:nodeclient", bootstrappers},
		{"renew-node-client", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", nodes},
		{"node-proxier", "system:node-proxier", nodes}, // kube-proxy and the route watch use the kubelet's identity
	} {
		bindings := s.client.RbacV1().ClusterRoleBindings()
		err := ensure(ctx, bindings.Create, bindings.Update, &rbac.ClusterRoleBinding{
			ObjectMeta: meta.ObjectMeta{Name: ownPrefix + grant.name},
			RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: clusterRole, Name: grant.role},
			Subjects:   []rbac.Subject{grant.to},
		})
		if err != nil {
			return err
		}
	}
	if s.sealed != nil {
		if err := s.publish(ctx, meta.NamespaceSystem, "secrets", credentialsName, bootstrappers); err != nil {
			return err
		}
	}
	if err := s.publish(ctx, meta.NamespaceSystem, "configmaps", sharedName, nodes); err != nil {
		return err
	}
	return s.publish(ctx, meta.NamespacePublic, "configmaps", clusterinfo.Name, anyone)
}

// publish lets somebody read one object, and nothing else.
func (s seeder) publish(ctx context.Context, namespace, resource, object string, reader rbac.Subject) error {
	name := ownPrefix + object
	roles, bindings := s.client.RbacV1().Roles(namespace), s.client.RbacV1().RoleBindings(namespace)
	err := ensure(ctx, roles.Create, roles.Update, &rbac.Role{
		ObjectMeta: meta.ObjectMeta{Name: name},
		Rules: []rbac.PolicyRule{{
			APIGroups: []string{""}, Resources: []string{resource}, ResourceNames: []string{object}, Verbs: []string{"get"},
		}},
	})
	if err != nil {
		return err
	}
	return ensure(ctx, bindings.Create, bindings.Update, &rbac.RoleBinding{
		ObjectMeta: meta.ObjectMeta{Name: name},
		RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "Role", Name: name},
		Subjects:   []rbac.Subject{reader},
	})
}

// ensure creates an object, or brings the existing one to what is wanted.
func ensure[T any](
	ctx context.Context,
	create func(context.Context, *T, meta.CreateOptions) (*T, error),
	update func(context.Context, *T, meta.UpdateOptions) (*T, error),
	object *T,
) error {
	_, err := create(ctx, object, meta.CreateOptions{})
	if errors.IsAlreadyExists(err) {
		_, err = update(ctx, object, meta.UpdateOptions{})
	}
	return err
}
