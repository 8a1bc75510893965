# shellcheck shell=sh
# Takes what is ours (ours.sh) off the host, on a host where the install stopped anywhere. The order matters: what is still there after
# one part keeps the next from running.
. host/ours.sh
. host/firewall.sh
. host/settings.sh
. host/files-ours.sh

uninstall() {
  for part in units processes mounts namespaces links routes rules tables sets slices files settings; do
    "remove_$part" && "our_$part" >left && [ ! -s left ] || return 1
  done
  remove_control_groups
}

# Its data goes anyway, so K3s is not asked to end, it is ended. While the unit's file says KillMode=process, systemd does not wait
# for pods that it may never be told of: on cgroup v1 in a container no message says that a group is empty.
remove_units() {
  our_units >list
  while read -r _ unit; do
    systemctl disable --quiet "$unit" 2>/dev/null
    main=$(systemctl show --property=MainPID --value "$unit")
    [ "${main:-0}" = 0 ] || kill -KILL "$main" 2>/dev/null
    timeout 100 systemctl stop "$unit" 2>/dev/null
    systemctl reset-failed "$unit" 2>/dev/null
    rm -f "/etc/systemd/system/$unit" "/etc/systemd/system/multi-user.target.wants/$unit" || return 1
  done <list
  [ ! -s list ] || systemctl daemon-reload
}

# KillMode=process leaves pods running when the unit stops.
remove_processes() {
  deadline=$(($(date +%s) + 20))
  while our_processes >processes && [ -s processes ] && [ "$(date +%s)" -lt "$deadline" ]; do
    while read -r _ pid _; do kill -KILL "$pid" 2>/dev/null; done <processes
    sleep 0.05
  done
}

# The deepest first.
remove_mounts() {
  our_mounts >list
  while read -r _ target; do umount "$target" 2>/dev/null || umount -l "$target" || return 1; done <list
}

remove_namespaces() {
  our_namespaces >list
  while read -r _ name; do ip netns delete "$name" || return 1; done <list
  remove_namespace_directory
}

# The first namespace makes the directory, `ip netns add` mounts it on itself as well; others' namespaces keep it.
remove_namespace_directory() {
  [ -s list ] && [ -d /run/netns ] && [ -z "$(ls -A /run/netns)" ] || return 0
  begins_in_baseline 'mount /run/netns ' || umount /run/netns 2>/dev/null
  file_in_baseline /run/netns || rmdir /run/netns
}

remove_links() {
  our_links >list
  while read -r _ name; do ip link delete "$name" || return 1; done <list
}

remove_routes() {
  our_routes >list
  while read -r _ family route; do
    # shellcheck disable=SC2086 # a route is words, printed by ip itself
    ip "$family" route delete $route || return 1
  done <list
}

# A slice in which something still runs is left.
remove_slices() {
  our_slices >list
  while read -r _ slice; do
    [ -z "$(find /sys/fs/cgroup -path '*/kubepods.slice/*' -name cgroup.procs -exec cat {} + 2>/dev/null)" ] || return 1
    systemctl stop "$slice" || return 1
  done <list
}

# What systemd leaves where no message tells it that a group is empty; a group whose last process is still going refuses.
remove_control_groups() {
  our_control_groups >list
  while read -r _ group; do find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; done <list
  return 0
}
