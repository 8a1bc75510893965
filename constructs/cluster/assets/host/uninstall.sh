# shellcheck shell=sh
# Takes what is ours (ours.sh) off the host, on a host where the install stopped anywhere. The order matters: what is still there after
# one part keeps the next from running.
. host/ours.sh
. host/firewall.sh
. host/settings.sh
. host/files-ours.sh

uninstall() {
  remove_parts units processes mounts namespaces links routes rules tables sets slices files settings && remove_empty && remove_part control_groups
}

# remove_parts PART…: fails where something of a part is still there.
remove_parts() {
  for part in "$@"; do
    remove_part "$part" || return 1
  done
}

# remove_part PART: hands the part's list to what removes it, and looks again.
remove_part() {
  things=$("our_$1") || return 1
  [ -n "$things" ] || return 0
  printf '%s\n' "$things" | "remove_$1" || return 1
  things=$("our_$1") && [ -z "$things" ]
}

# Its data goes anyway, so K3s is not asked to end, it is ended. While the unit's file says KillMode=process, systemd does not wait
# for pods that it may never be told of: on cgroup v1 in a container no message says that a group is empty.
remove_units() {
  while read -r _ unit; do
    systemctl disable --quiet "$unit" 2>/dev/null
    main=$(systemctl show --property=MainPID --value "$unit")
    [ "${main:-0}" = 0 ] || kill -KILL "$main" 2>/dev/null
    timeout 100 systemctl stop "$unit" 2>/dev/null
    systemctl reset-failed "$unit" 2>/dev/null
    rm -f "/etc/systemd/system/$unit" "/etc/systemd/system/multi-user.target.wants/$unit" || return 1
  done
  systemctl daemon-reload
}

# KillMode=process leaves pods running when the unit stops.
remove_processes() {
  deadline=$(($(date +%s) + 20))
  while read -r _ pid _; do kill -KILL "$pid" 2>/dev/null; done
  while left=$(our_processes) && [ -n "$left" ] && [ "$(date +%s)" -lt "$deadline" ]; do
    printf '%s\n' "$left" | while read -r _ pid _; do kill -KILL "$pid" 2>/dev/null; done
    sleep 0.05
  done
}

# The deepest first.
remove_mounts() {
  while read -r _ target; do umount "$target" 2>/dev/null || umount -l "$target" || return 1; done
}

remove_namespaces() {
  while read -r _ name; do ip netns delete "$name" || return 1; done
}

remove_links() {
  while read -r _ name; do ip link delete "$name" || return 1; done
}

remove_routes() {
  while read -r _ family route; do
    # shellcheck disable=SC2086 # a route is words, printed by ip itself
    ip "$family" route delete $route || return 1
  done
}

remove_slices() {
  while read -r _ slice; do systemctl stop "$slice" || return 1; done
}

# What systemd leaves where no message tells it that a group is empty; a group whose last process is still going refuses.
remove_control_groups() {
  while read -r _ group; do find "$group" -depth -type d -exec rmdir {} + 2>/dev/null; done
  return 0
}
