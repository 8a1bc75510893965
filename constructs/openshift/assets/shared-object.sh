#!/usr/bin/env bash
# Sets some fields of an object that belongs to the cluster (apply), and takes them away again (withdraw). Server-side apply keeps on the
# object itself whose each field is, so what others set before stays theirs.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

server_side_apply() {
  kube apply --server-side "--field-manager=$LAB_MANAGER" "$@" --filename=-
}

# Value of a field, by its JSONPath.
current() {
  kube get "$LAB_RESOURCE" "$LAB_NAME" "--output=jsonpath=$1"
}

# LAB_TAKEN_WHEN_EMPTY has a line for each field: its JSONPath. OpenShift writes such fields with "" into a new cluster.
all_are_empty() {
  local path value
  while read -r path; do
    [ -n "$path" ] || continue
    value=$(current "$path")
    [ -z "$value" ] || return 1
  done <<<"$LAB_TAKEN_WHEN_EMPTY"
}

apply() {
  local answer
  if answer=$(printf '%s' "$LAB_MANIFEST" | server_side_apply 2>&1); then
    printf '%s\n' "$answer"
  elif [[ $answer == *conflict* ]] && [ -n "$LAB_TAKEN_WHEN_EMPTY" ] && all_are_empty; then
    printf '%s' "$LAB_MANIFEST" | server_side_apply --force-conflicts
  elif [[ $answer == *conflict* ]]; then
    printf '%s\n' "$answer" >&2
    fail "$LAB_RESOURCE $LAB_NAME has another value there already, set by somebody else; nothing was changed. Take that out first, or leave it to its owner"
  else
    printf '%s\n' "$answer" >&2
    exit 1
  fi
}

# An apply without the fields takes away those that only this manager has.
withdraw() {
  [ -n "$(kube get "$LAB_RESOURCE" "$LAB_NAME" --ignore-not-found --output=name)" ] || return 0
  printf '%s' "$LAB_WITHDRAWN" | server_side_apply
}

case $1 in
  apply) apply ;;
  withdraw) withdraw ;;
  *) fail "there is no step $1" ;;
esac
