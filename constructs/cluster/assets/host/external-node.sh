#!/bin/sh
# Takes the Node.js that came along.
set -eu
. host/external-common.sh
install -m 755 files/node "$home/node"
# With its own words where it cannot run: another architecture, a library that is missing.
"$home/node" --version >/dev/null
is_recent "$home/node" || die "it is older than Node.js 18"
