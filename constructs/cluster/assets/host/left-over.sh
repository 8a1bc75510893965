# shellcheck shell=sh
# What a step that was killed outright could not remove: its directory, with the secrets that it was sent. The directory's name has
# the number of the shell that made it (connection.sh), whose command line says multicast-lab.
remove_left_over() {
  for directory in /run/multicast-lab.*.* /var/lib/multicast-lab.*.*; do
    number=${directory#*/multicast-lab.}
    number=${number%%.*}
    case $number in '' | *[!0-9]*) continue ;; esac
    if [ -d "$directory" ] && ! grep -q -s multicast-lab "/proc/$number/cmdline"; then rm -rf -- "$directory"; fi
  done
}
