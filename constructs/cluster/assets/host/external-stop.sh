#!/bin/sh
# Ends a probe and removes its files; one that never started is no error.
set -eu
. host/external-common.sh
name=$(cat values/NAME)
stop_unit "$(unit_of "$name")"
rm -f "$home/$name.cjs" "$home/$name.json" "$home/$name.key"
