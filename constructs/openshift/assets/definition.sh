#!/usr/bin/env bash
# Waits until the Cluster Network Operator has made a NetworkAttachmentDefinition of what its configuration says.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

is_made() {
  [ "$(kube get network-attachment-definitions.k8s.cni.cncf.io "$LAB_NAME" "--namespace=$LAB_NAMESPACE" --ignore-not-found "--output=jsonpath={.spec.config}")" = "$LAB_CONFIG" ]
}

until_true "$LAB_WAIT_SECONDS" is_made ||
  fail "the Cluster Network Operator made no NetworkAttachmentDefinition $LAB_NAMESPACE/$LAB_NAME with that configuration in $LAB_WAIT_SECONDS s; \`kubectl get clusteroperator network\` tells why"
