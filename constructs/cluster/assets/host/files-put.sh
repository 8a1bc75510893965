#!/bin/sh
# Puts each file that came along (files/SHA256) where it belongs, after its SHA-256 was checked here.
set -u
. host/common.sh
. host/files.sh

# Every file appears complete: it is renamed inside its own file system, and a running K3s keeps its old binary.
put_file() {
  target=$(place_of "$2" "$3")
  mkdir -p "$(dirname "$target")" && mv "files/$1" "$target.part" && chmod "$4" "$target.part" && chown 0:0 "$target.part" && mv "$target.part" "$target"
}

# A plugin that the host had before stays the host's.
put_cni_plugins() {
  sed -n "s#^file $cni_directory/\([^\t]*\)\t.*#\1#p" "$state/baseline" >kept
  mkdir -p "$cni_directory" && tar -xzf "files/$1" -C "$cni_directory" --no-same-owner --exclude-from=kept && echo "$1" >"$(place_of cni "$2")"
}

take_host
require_claim
umask 022
value FILES >list
while read -r sha256 kind name; do
  [ -e "files/$sha256" ] || continue
  is_file "$sha256" "files/$sha256" || die "$kind $name came with SHA-256 $(sha256sum "files/$sha256" | cut -d' ' -f1), not the pinned $sha256; nothing of it was installed"
  case $kind in
    binary) put_file "$sha256" binary "$name" 0755 ;;
    image) put_file "$sha256" image "$name" 0644 ;;
    cni) put_cni_plugins "$sha256" "$name" ;;
  esac || die "$kind $name could not be installed; is the disk full?"
  say "$kind-installed"
done <list
