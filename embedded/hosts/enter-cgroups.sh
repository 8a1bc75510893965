#!/bin/sh
# Usage: enter-cgroups.sh CGROUP_DIRECTORY... -- PROGRAM ARGUMENT...
# Moves itself into each control group, then becomes the program: only a process itself can do so before it starts others.
set -eu
while [ "$1" != "--" ]; do
  echo "$$" >"$1/cgroup.procs"
  shift
done
shift
exec "$@"
