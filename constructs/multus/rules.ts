import type { Rule } from "../private/validate";

const MADE_BY_KUBERNETES = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** A namespace that we can make: Kubernetes has made these itself. */
export const notTakenByKubernetes: Rule<string> = (value) =>
  MADE_BY_KUBERNETES.includes(value)
    ? { must: "be a namespace that is made for Multus alone", use: 'a name of its own, like "multus"' }
    : undefined;

/** Versions of the CNI specification that name a configuration's format (https://github.com/containernetworking/cni/blob/v1.3.1/pkg/version/version.go). */
export const cniVersion: Rule<string> = (value) =>
  ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"].includes(value)
    ? undefined
    : {
        must: "be a version of the CNI specification",
        use: 'the "cniVersion" of the node\'s first file, like "1.0.0"',
      };

/** Kubernetes quantity (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/), without signs and exponents. */
export const kubernetesQuantity: Rule<string> = (value) =>
  /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.test(value)
    ? undefined
    : { must: "be a Kubernetes quantity", use: 'a quantity like "50m" of CPU or "64Mi" of memory' };
