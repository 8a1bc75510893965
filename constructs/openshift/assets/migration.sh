#!/usr/bin/env bash
# Migrates a cluster from OpenShift SDN to OVN-Kubernetes, live (migrate), or has OpenShift Cluster Manager do it (order). One way: what
# destroying the resource runs (told) only says so.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

network() {
  kube get networks.config.openshift.io cluster "--output=jsonpath=$1"
}

in_progress() {
  network "{.status.conditions[?(@.type==\"NetworkTypeMigrationInProgress\")].$1}"
}

# Names of the objects of a kind that have a condition with a status, one on each line.
with_condition() {
  kube get "$1" "--output=jsonpath={range .items[?(@.status.conditions[?(@.type==\"$2\")].status==\"$3\")]}{.metadata.name}{\"\n\"}{end}"
}

check_health() {
  local unwell updating paused
  unwell=$(with_condition clusteroperators.config.openshift.io Degraded True)
  [ -z "$unwell" ] || fail "these operators are degraded: ${unwell//$'\n'/ }; put them right first, a migration cannot be stopped"
  updating=$(with_condition machineconfigpools.machineconfiguration.openshift.io Updated False)
  [ -z "$updating" ] || fail "these machine config pools are not up to date: ${updating//$'\n'/ }; wait for them first"
  paused=$(kube get machineconfigpools.machineconfiguration.openshift.io '--output=jsonpath={range .items[?(@.spec.paused==true)]}{.metadata.name}{"\n"}{end}')
  [ -z "$paused" ] || fail "these machine config pools are paused: ${paused//$'\n'/ }; nodes would stay half migrated"
}

# Tells each new reason once.
tell() {
  [ "$1" = "$told" ] || printf 'migration: %s\n' "$1"
  told=$1
}

is_over() {
  [ "$(network '{.status.networkType}')" = OVNKubernetes ] && [ "$(in_progress status)" = False ]
}

# The operator refuses by a reason of its own, and then migrates nothing.
is_refused() {
  case $1 in
    '' | NetworkTypeMigrationNotInProgress | NetworkTypeMigrationStarted | NetworkTypeMigrationCompleted) return 1 ;;
    *) [ "$(in_progress status)" = False ] ;;
  esac
}

is_refused_or_over() {
  local reason
  reason=$(in_progress reason)
  tell "$reason"
  is_over || is_refused "$reason"
}

migrate() {
  local type
  type=$(network '{.status.networkType}')
  if [ "$type" = OVNKubernetes ]; then
    echo "the cluster is on OVN-Kubernetes already"
    return
  fi
  [ "$type" = OpenShiftSDN ] || fail "the cluster's network is ${type:-unknown}, not OpenShiftSDN"
  if [ "$(in_progress status)" != True ]; then
    check_health
    [ "$LAB_SUBNETS" = '{}' ] ||
      kube patch networks.operator.openshift.io cluster --type=merge --patch-file=<(printf '{"spec":{"defaultNetwork":{"ovnKubernetesConfig":%s}}}' "$LAB_SUBNETS")
    kube patch networks.config.openshift.io cluster --type=merge \
      --patch='{"metadata":{"annotations":{"network.openshift.io/network-type-migration":""}},"spec":{"networkType":"OVNKubernetes"}}'
  fi
  told=''
  until_true "$LAB_WAIT_SECONDS" is_refused_or_over ||
    fail "the migration is not over after $LAB_WAIT_SECONDS s and goes on by itself ($(in_progress message)); apply again to wait on"
  is_over || fail "the Cluster Network Operator refuses the migration: $(in_progress message)"
}

is_completed() {
  ocm get "$LAB_MIGRATIONS" | tr -d ' \n' | grep -q '"value":"completed"'
}

# https://docs.redhat.com/en/documentation/openshift_dedicated/4/html/ovn-kubernetes_network_plugin/migrate-from-openshift-sdn
order() {
  command -v ocm >/dev/null || fail "the program ocm is not there; install it and log in"
  if [ "$(network '{.status.networkType}')" = OVNKubernetes ]; then
    echo "the cluster is on OVN-Kubernetes already"
    return
  fi
  ocm get "$LAB_MIGRATIONS" | grep -q sdnToOvn || ocm post "$LAB_MIGRATIONS" --body=<(printf '%s' "$LAB_ORDER")
  until_true "$LAB_WAIT_SECONDS" is_completed ||
    fail "the migration is not over after $LAB_WAIT_SECONDS s and goes on by itself; apply again to wait on"
}

case $1 in
  migrate) migrate ;;
  order) order ;;
  told) echo "the cluster stays on OVN-Kubernetes: there is no way back to OpenShift SDN" ;;
  *) fail "there is no step $1" ;;
esac
