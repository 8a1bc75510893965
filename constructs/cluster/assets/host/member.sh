# shellcheck shell=sh
# A server that is one of several is a member of etcd, and counts for its majority until its Node object is deleted
# (https://docs.k3s.io/datastore/ha-embedded). While a member is away, etcd takes no new one.

is_member() { [ -e /etc/systemd/system/k3s.service ] && grep -q -E '^(cluster-init|server):' /etc/rancher/k3s/config.yaml 2>/dev/null; }

# While all servers go, there may be no majority any more that could let this one leave: that is no reason to stay. An agent may not delete its own node;
# that is left to the step `ready`.
leave_etcd() {
  is_member || return 0
  name=$(sed -n 's/^node-name: //p' /etc/rancher/k3s/config.yaml | tr -d '"')
  "$binary" kubectl delete node "$name" --ignore-not-found --wait=false --request-timeout=10s >&2 </dev/null || say "node-not-deleted node=$name"
}
