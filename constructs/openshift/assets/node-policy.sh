#!/usr/bin/env bash
# Puts a NodeNetworkConfigurationPolicy in force on its nodes (apply), and takes what it made off them again (remove): NMState leaves the
# nodes as they are when a policy is deleted.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

readonly kind=nodenetworkconfigurationpolicies.nmstate.io

# Status of a condition, such as True; nothing where there is none.
condition() {
  kube get "$kind" "$1" "--output=jsonpath={.status.conditions[?(@.type==\"$2\")].$3}"
}

is_settled() {
  [ "$(condition "$1" Available status)" = True ] || [ "$(condition "$1" Degraded status)" = True ]
}

# in_force NAME MANIFEST: a new policy, so that no condition is from before.
in_force() {
  printf '%s' "$2" | kube create --filename=-
  until_true "$LAB_WAIT_SECONDS" is_settled "$1" ||
    fail "the policy $1 is not in force after $LAB_WAIT_SECONDS s; \`kubectl get nnce\` tells which node it waits for"
  [ "$(condition "$1" Available status)" = True ] || fail "the nodes refuse the policy $1: $(condition "$1" Degraded message)"
}

# What is left of an attempt before goes first; that changes nothing on the nodes.
apply() {
  kube delete "$kind" "$LAB_NAME" --ignore-not-found
  in_force "$LAB_NAME" "$LAB_MANIFEST"
}

remove() {
  [ -n "$(kube get "$kind" "$LAB_NAME" --ignore-not-found --output=name)" ] || return 0
  kube delete "$kind" "$LAB_NAME-absent" --ignore-not-found
  in_force "$LAB_NAME-absent" "$LAB_ABSENT"
  kube delete "$kind" "$LAB_NAME" "$LAB_NAME-absent"
}

case $1 in
  apply) apply ;;
  remove) remove ;;
  *) fail "there is no step $1" ;;
esac
