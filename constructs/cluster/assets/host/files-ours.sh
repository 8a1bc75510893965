# shellcheck shell=sh
# The lab's files on a host.

# each_file ACTION: ACTION PATH for each path that is ours, a directory as a whole where the host did not have it. What is in places
# that other programs use too comes first: K3s' own directories tell whose it is.
each_file() {
  each_cni_record "$1" && each_socket "$1" && each_plugin "$1" && each_log "$1" && each_cached_answer "$1" || return 1
  for place in "$binary" "$binary.part" /etc/rancher/k3s /etc/rancher/node /run/k3s /run/flannel /var/lib/kubelet "$data"; do
    each_place "$1" "$place" || return 1
  done
}

# each_place ACTION PATH: PATH may be a link that the host had, to a place on another disk. The baseline has what was behind it.
each_place() {
  if [ -L "$2" ] && [ -d "$2" ] && file_in_baseline "$2"; then
    for child in "$2"/* "$2"/.[!.]* "$2"/..?*; do each_new "$1" "$child" || return 1; done
  else
    each_new "$1" "$2"
  fi
}

# each_new ACTION PATH: where the host had PATH, what is new below it. Names come from the shell, so that none of them is read as two.
each_new() {
  [ -e "$2" ] || [ -L "$2" ] || return 0
  if ! file_in_baseline "$2"; then
    "$1" "$2"
    return
  fi
  [ -d "$2" ] && [ ! -L "$2" ] || return 0
  for child in "$2"/* "$2"/.[!.]* "$2"/..?*; do
    ( each_new "$1" "$child" ) || return 1
  done
}

# Records of CNI plugins belong to the program that ran the plugin: K3s where they name its network or one of its sandboxes.
each_cni_record() {
  sandboxes=$(sandboxes)
  each_new "$1" /var/lib/cni/networks/cbr0 || return 1
  for network in /var/lib/cni/networks/*; do
    if [ -d "$network" ] && is_network_of_kubernetes "$network"; then each_new "$1" "$network" || return 1; fi
  done
  for record in /var/lib/cni/*/* /var/lib/cni/networks/*/* /var/lib/cni/multus/*/* /run/cni/*/*; do
    [ -f "$record" ] && ! file_in_baseline "$record" || continue
    case ${record##*/} in
      cbr0-*) ;;
      *) if ! { printf '%s\n' "${record##*/}"; cat "$record"; } | grep -a -F -e "$sandboxes" | grep -q .; then continue; fi ;;
    esac
    "$1" "$record" || return 1
  done
}

# host-local keeps the last address of a network whose pods are gone. A network that no file of the host configures was one of a
# NetworkAttachmentDefinition.
is_network_of_kubernetes() {
  for record in "$1"/*; do
    case ${record##*/} in lock | last_reserved_ip.*) ;; *) grep -q -a -F -e "$sandboxes" "$record" || return 1 ;; esac
  done
  ! grep -r -q -s -F "\"${1##*/}\"" /etc/cni /opt/cni /etc/containers /etc/nomad.d
}

# The sandboxes of K3s' containerd; a line that nothing has where there are none, for grep takes an empty list for everything.
sandboxes() {
  printf 'no sandbox\n'
  for sandbox in "$data"/agent/containerd/io.containerd.*/sandboxes/* /run/k3s/containerd/io.containerd.*/sandboxes/*; do
    [ ! -d "$sandbox" ] || printf '%s\n' "${sandbox##*/}"
  done
}

# A shim's socket, and what runc notes of a container, lie where those of every containerd do; the bundle below /run/k3s says which they
# are (https://github.com/containerd/containerd/blob/v2.1.5/pkg/shim/util_unix.go).
each_socket() {
  for socket in $(grep -r -s -h -o -E '/run/containerd/s/[0-9a-f]{64}' /run/k3s/containerd/io.containerd.runtime.v2.task | sort -u); do
    if [ -e "$socket" ] && ! file_in_baseline "$socket"; then "$1" "$socket" || return 1; fi
  done
  for bundle in /run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/*; do
    each_new "$1" "/run/containerd/runc/k8s.io/${bundle##*/}" || return 1
  done
}

# What the step `files` unpacked and is unchanged, and Multus, which serves nothing but a Kubernetes.
each_plugin() {
  if [ -e "$state/plugins" ]; then
    while read -r mark plugin; do
      if ! file_in_baseline "$plugin" && [ "$(mark_of "$plugin")" = "$mark" ]; then "$1" "$plugin" || return 1; fi
      if [ -e "${plugin%/*}/.multicast-lab.part" ]; then "$1" "${plugin%/*}/.multicast-lab.part" || return 1; fi
    done <"$state/plugins"
  fi
  for path in /opt/cni/bin/multus /etc/cni/net.d/00-multus.conf /etc/cni/net.d/00-multus.conflist /etc/cni/net.d/multus.d; do
    each_new "$1" "$path" || return 1
  done
}

# The kubelet's forms: NAMESPACE_POD_UID, and links to them.
each_log() {
  for path in /var/log/pods/*_*_*-*; do
    [ -d "$path" ] || continue
    each_new "$1" "$path" || return 1
  done
  for path in /var/log/containers/*.log; do
    case $(readlink "$path") in /var/log/pods/*) each_new "$1" "$path" || return 1 ;; esac
  done
}

# kubectl's cache of this API; all of the cache where it knows no other API.
each_cached_answer() {
  cache=/root/.kube/cache
  [ -d "$cache/discovery/127.0.0.1_6443" ] || return 0
  if [ "$(ls -A "$cache/discovery")" = 127.0.0.1_6443 ]; then each_new "$1" "$cache"; else each_new "$1" "$cache/discovery/127.0.0.1_6443"; fi
}

remove_files() {
  # A directory that something is mounted in is not removed: what is mounted may be anyone's.
  mounts=$(our_mounts) && [ -z "$mounts" ] || return 1
  each_file remove_path
}

remove_path() { rm -rf --one-file-system -- "$1"; }

# Directories that were made for the above, where nothing else is in them. rmdir refuses the others.
remove_empty() {
  for directory in /etc/rancher /var/lib/rancher /run/containerd/s /run/containerd/runc/k8s.io /run/containerd/runc /run/containerd /var/log/pods /var/log/containers /root/.kube \
    /usr/libexec/kubernetes/kubelet-plugins/volume/exec /usr/libexec/kubernetes/kubelet-plugins/volume /usr/libexec/kubernetes/kubelet-plugins \
    /usr/libexec/kubernetes /var/lib/cni/networks/* /var/lib/cni/networks /var/lib/cni/results /var/lib/cni/flannel /var/lib/cni/multus/results /var/lib/cni/multus /var/lib/cni /run/cni/tuning /run/cni; do
    [ -d "$directory" ] && ! file_in_baseline "$directory" && [ -z "$(ls -A "$directory")" ] || continue
    rmdir "$directory" || return 1
  done
  remove_namespace_directory || return 1
  [ ! -e "$state/made" ] || LC_ALL=C sort -r "$state/made" | while read -r directory; do
    [ ! -d "$directory" ] || [ -n "$(ls -A "$directory")" ] || rmdir "$directory"
  done
}

# The first namespace makes the directory, `ip netns add` mounts it on itself as well; others' namespaces keep it.
remove_namespace_directory() {
  [ -d /run/netns ] && [ -z "$(ls -A /run/netns)" ] || return 0
  begins_in_baseline 'mount /run/netns ' || umount /run/netns 2>/dev/null
  file_in_baseline /run/netns || rmdir /run/netns
}
