# shellcheck shell=sh
# The kernel's settings that K3s changes. One that has another value by now is an administrator's, and stays.

# "PATH:VALUE" of each that has still the value that K3s gave it, with the value that it had before.
changed_settings() {
  snapshot_sysctls >settings || return 1
  awk -v cpus="$(getconf _NPROCESSORS_ONLN)" -f host/settings.awk baseline settings
}

# Forwarding of all interfaces at once comes first: it sets that of each interface
# (https://docs.kernel.org/networking/ip-sysctl.html), and then each gets what it had, or what it has where that is not ours to change.
remove_settings() {
  changed_settings >changed || return 1
  grep -E '/conf/all/forwarding:|/ip_forward:' changed | write_settings || return 1
  if [ -s changed ]; then sed -n 's/^sysctl //p' settings | grep -E '/conf/[^/]*/forwarding:' | grep -v '/conf/all/' | write_settings || return 1; fi
  grep -v -E '/conf/all/forwarding:|/ip_forward:' changed | write_settings
}

write_settings() {
  while IFS=: read -r path text; do
    [ ! -w "$path" ] || [ "$(cat "$path")" = "$text" ] || printf '%s\n' "$text" >"$path" || return 1
  done
}
