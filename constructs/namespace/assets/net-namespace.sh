#!/usr/bin/env bash
# Switches multicast on in a NetNamespace of OpenShift SDN (create), and back to what it was (destroy). What it was is
# kept on the object itself, so that nothing is lost with a machine.
set -euo pipefail

switch=netnamespace.network.openshift.io/multicast-enabled
was=multicast-lab.io/multicast-was
wait_seconds=60

kube() {
  local context=()
  [ -z "$LAB_CONTEXT" ] || context=("--context=$LAB_CONTEXT")
  kubectl "--kubeconfig=$LAB_KUBECONFIG" "${context[@]}" "$@"
}

# Value of an annotation behind "="; nothing where there is none.
annotation() {
  kube get netnamespace "$LAB_NAMESPACE" --output "go-template={{range \$key, \$value := .metadata.annotations}}{{if eq \$key \"$1\"}}={{\$value}}{{end}}{{end}}"
}

exists() {
  [ -n "$(kube get netnamespace "$LAB_NAMESPACE" --ignore-not-found --output name)" ]
}

create() {
  local tried=0 before
  # OpenShift makes the object some time after its namespace, and tells nobody.
  until exists; do
    tried=$((tried + 1))
    if [ "$tried" -ge "$wait_seconds" ]; then
      echo "no NetNamespace $LAB_NAMESPACE after ${wait_seconds} s: is the cluster's network OpenShift SDN?" >&2
      return 1
    fi
    sleep 1
  done
  before=$(annotation "$switch")
  [ "$before" != "=true" ] || return 0
  kube annotate --overwrite netnamespace "$LAB_NAMESPACE" "$was=${before:-absent}" "$switch=true"
}

destroy() {
  local before
  exists || return 0
  before=$(annotation "$was")
  case "$before" in
    "") ;;
    "=absent") kube annotate netnamespace "$LAB_NAMESPACE" "$switch-" "$was-" ;;
    *) kube annotate --overwrite netnamespace "$LAB_NAMESPACE" "$switch=${before#==}" "$was-" ;;
  esac
}

case $1 in
  create) create ;;
  destroy) destroy ;;
  *) echo "there is no step $1" >&2 && exit 2 ;;
esac
