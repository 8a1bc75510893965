#!/bin/sh
# Waits until every node of the cluster is Ready (where another program makes the default network: until it is registered), then
# prints the kubeconfig of its administrator.
set -u
. host/common.sh

# Else kubectl keeps what it learns of the API in the home directory.
export KUBECACHEDIR="$PWD/cache"

deadline=$(($(date +%s) + $(value TIMEOUT_SECONDS)))

# `kubectl wait` watches, but fails at once for an object that is not there yet (https://github.com/kubernetes/kubernetes/issues/83242).
wait_for_node() {
  while ! timeout 30 "$binary" kubectl get "node/$1" >/dev/null 2>problem; do
    [ "$(date +%s)" -lt "$deadline" ] || return 1
    sleep 0.3
  done
  wait_for_addresses "$@" || return 1
  [ "$(value NETWORK)" = own ] || return 0
  "$binary" kubectl wait --for=condition=Ready "node/$1" "--timeout=$((deadline - $(date +%s)))s" >/dev/null 2>problem
}

# A host that has taken over the name of another is here when the Node object has its addresses.
wait_for_addresses() {
  name=$1
  shift
  for ip in "$@"; do
    "$binary" kubectl wait "node/$name" "--for=jsonpath={.status.addresses[?(@.address==\"$ip\")].type}" \
      "--timeout=$((deadline - $(date +%s)))s" >/dev/null 2>problem || return 1
  done
}

explain() {
  cat problem
  "$binary" kubectl get nodes -o wide
  "$binary" kubectl describe "node/$1" | sed -n '/^Conditions:/,/^Addresses:/p'
  journalctl --unit=k3s.service --no-pager --lines=25 --output=cat
} >&2

take_host
require_claim
value NODES >nodes
echo >>nodes
while read -r node ips; do
  # shellcheck disable=SC2086 # addresses are words
  if ! wait_for_node "$node" $ips </dev/null; then
    explain "$node"
    die "node $node was not Ready within $(value TIMEOUT_SECONDS) s"
  fi
  say "node-ready node=$node"
done <nodes || exit 1

# A node that this cluster had and has no more was taken off its host by its guard, or got another name; its object would stay, as NotReady.
"$binary" kubectl get nodes "--selector=$(value NODE_LABEL)" --output=name >present || die "the nodes cannot be listed"
while read -r object; do
  cut -d ' ' -f 1 nodes | grep -q -x -F "${object#node/}" ||
    "$binary" kubectl delete "$object" --ignore-not-found --timeout=60s >&2 </dev/null || exit 1
done <present || die "a node that is not part of the cluster any more cannot be deleted"
cat /etc/rancher/k3s/k3s.yaml
