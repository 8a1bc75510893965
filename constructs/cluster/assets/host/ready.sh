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
  [ "$(value NETWORK)" = own ] || return 0
  "$binary" kubectl wait --for=condition=Ready "node/$1" "--timeout=$((deadline - $(date +%s)))s" >/dev/null 2>problem
}

explain() {
  cat problem
  "$binary" kubectl get nodes -o wide
  "$binary" kubectl describe "node/$1" | sed -n '/^Conditions:/,/^Addresses:/p'
  journalctl --unit=k3s.service --no-pager --lines=25 --output=cat
} >&2

take_host
require_claim
for node in $(value NODES); do
  if ! wait_for_node "$node"; then
    explain "$node"
    die "node $node was not Ready within $(value TIMEOUT_SECONDS) s"
  fi
  say "node-ready node=$node"
done

# A node that this cluster had and has no more was taken off its host by its guard; its object would stay, as NotReady.
touch "$state/nodes"
while read -r node; do
  case " $(value NODES) " in
    *" $node "*) ;;
    *) "$binary" kubectl delete node "$node" --ignore-not-found --timeout=60s >&2 || exit 1 ;;
  esac
done <"$state/nodes" || die "a node that is not part of the cluster any more cannot be deleted"
value NODES | xargs -n 1 >"$state/nodes"
cat /etc/rancher/k3s/k3s.yaml
