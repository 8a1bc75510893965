#!/bin/sh
# Prints the SHA-256 of each file that is not on the host yet, or not as it must be.
set -u
. host/common.sh
. host/files.sh

take_host
require_claim
value FILES | while read -r sha256 kind name; do
  has_file "$sha256" "$kind" "$name" || echo "$sha256"
done
