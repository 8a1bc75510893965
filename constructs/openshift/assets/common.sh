#!/usr/bin/env bash
# What the steps have in common. Everything they work on comes by the environment (constructs/openshift/cluster-step.ts).

fail() {
  printf 'lab-error: %s\n' "$1" >&2
  exit 1
}

kube() {
  local context=()
  [ -z "$LAB_CONTEXT" ] || context=("--context=$LAB_CONTEXT")
  kubectl "--kubeconfig=$LAB_KUBECONFIG" "${context[@]}" "$@"
}

# until_true SECONDS COMMAND…: asks once a second until the command is true; false when the time is up.
until_true() {
  local deadline=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 1
  done
}
