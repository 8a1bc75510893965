#!/bin/sh
# Ends K3s on a host whose place in the cluster changes: its node gets another name, a server becomes an agent or the reverse, or the cluster is a new one. What
# belongs to the old place goes; the program, the images, and the data of a server that stays a server remain. Does nothing where the place stays.
set -u
. host/common.sh
. host/snapshot.sh
. host/uninstall.sh
. host/baseline.sh
. host/member.sh

old=$(sed -n 1p "$state/place" 2>/dev/null)
old_role=${old% *}
new=$(value PLACE)
new_role=${new% *}

# Whether none of the servers that this agent knew is left: its certificates are another cluster's then.
is_other_cluster() {
  [ "$old_role" = agent ] || return 1
  known=$(sed -n 2p "$state/place")
  for server in $known; do
    case " $(value SERVERS) " in *" $server "*) return 1 ;; esac
  done
}

# empty DIRECTORY [BUT]: it may be a mount of the host's own, so it stays.
empty() {
  [ ! -d "$1" ] || find "$1" -mindepth 1 -maxdepth 1 ! -name "${2:-}" -exec rm -rf --one-file-system {} +
}

# The images that were put here stay: they are the new place's too.
remove_place() {
  empty "$data/agent" images && empty /var/lib/kubelet && empty /var/lib/cni && empty /run/k3s && empty /run/flannel && rm -rf /etc/rancher/node || return 1
  [ "$1" = keep-server ] || empty "$data/server"
}

# What runs, and what it made of the network. Some of it goes away a while after the call that ends it, and no event tells of that.
end_place() {
  deadline=$(($(date +%s) + 20))
  until remove_parts units processes mounts namespaces links routes control_groups 2>problem; do
    if [ "$(date +%s)" -ge "$deadline" ]; then
      cat problem >&2
      return 1
    fi
    sleep 0.2
  done
}

take_host
require_claim
[ -n "$old" ] || exit 0
[ "$old" != "$new" ] || is_other_cluster || exit 0
say "leaving place=$old"
server_data=keep-server
if is_member || [ "$old_role" != "$new_role" ]; then server_data=; fi
leave_etcd
require_baseline
end_place || die "what $old has left cannot be removed"
remove_place "$server_data" || die "the files of $old cannot be removed"
rm -f "$state/place"
say left
