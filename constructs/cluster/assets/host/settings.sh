# shellcheck shell=sh
# The kernel's settings that K3s changes. One that has another value by now is an administrator's, and stays; so does one that the host's
# own configuration asks for.

# "PATH:VALUE" of each that has still the value that K3s gave it, with the value that it had before.
changed_settings() {
  { configured_settings; snapshot_sysctls; } | awk -v cpus="$(getconf _NPROCESSORS_ONLN)" -f host/settings.awk baseline -
}

# "configured PATH:VALUE" for each line of sysctl.d(5), whose names have dots or slashes.
configured_settings() {
  cat /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf 2>/dev/null |
    sed -n -E 's/[[:space:]]*=[[:space:]]*/:/; s/[[:space:]]+$//; s/^[[:space:]]*-?([A-Za-z].*:.*)$/\1/p' |
    while IFS=: read -r key text; do
      case $key in */*) ;; *) key=$(printf '%s' "$key" | tr . /) ;; esac
      printf 'configured /proc/sys/%s:%s\n' "$key" "$text"
    done
}

# Forwarding of all interfaces at once comes first: it sets that of each interface
# (https://docs.kernel.org/networking/ip-sysctl.html), and then each gets what it had, or what it has where that is not ours to change.
remove_settings() {
  changed=$(sed 's/^sysctl //')
  present=$(snapshot_sysctls | sed -n -E 's/^sysctl (.*\/conf\/[^/]*\/forwarding:)/\1/p' | grep -v '/conf/all/')
  printf '%s\n' "$changed" | grep -E '/conf/all/forwarding:|/ip_forward:' | write_settings &&
    printf '%s\n' "$present" | write_settings &&
    printf '%s\n' "$changed" | grep -v -E '/conf/all/forwarding:|/ip_forward:' | write_settings
}

write_settings() {
  while IFS=: read -r path text; do
    [ ! -w "$path" ] || [ "$(cat "$path")" = "$text" ] || printf '%s\n' "$text" >"$path" || return 1
  done
}
