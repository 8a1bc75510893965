import type { KubernetesObject } from "../private/kubernetes-objects";

const GROUP = "k8s.cni.cncf.io";

/**
 * The CRD as upstream defines it (https://github.com/k8snetworkplumbingwg/multus-cni/blob/v4.3.0/deployments/multus-daemonset.yml).
 * It stays when Multus goes: with a CRD its objects go, those of other people in the cluster too
 * (https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource).
 */
export const networkAttachmentDefinitionCrd: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: `network-attachment-definitions.${GROUP}`,
    annotations: { "helm.sh/resource-policy": "keep" },
  },
  spec: {
    group: GROUP,
    scope: "Namespaced",
    names: {
      plural: "network-attachment-definitions",
      singular: "network-attachment-definition",
      kind: "NetworkAttachmentDefinition",
      shortNames: ["nad", "net-attach-def"],
    },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            description:
              "A network that pods can be attached to, https://github.com/k8snetworkplumbingwg/multi-net-spec",
            type: "object",
            properties: {
              apiVersion: { type: "string" },
              kind: { type: "string" },
              metadata: { type: "object" },
              spec: {
                type: "object",
                properties: {
                  config: { type: "string", description: "CNI configuration or configuration list, as JSON" },
                },
              },
            },
          },
        },
      },
    ],
  },
};
