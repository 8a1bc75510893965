#!/bin/sh
# Prints the cluster's token as this host has it, for a machine that has lost its own copy; nothing where there is none.
set -u
. host/common.sh

[ "$(cat "$state/lab" 2>/dev/null)" = "$(value LAB)" ] || exit 0
sed -n 's/^token: //p' /etc/rancher/k3s/config.yaml 2>/dev/null | tr -d '\n'
