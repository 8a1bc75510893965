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

# A plugin that another program put there stays. What is put there, directories too, is noted first, with its digest: so the guard
# knows it after a kill as well.
put_cni_plugins() {
  mkdir plugins && tar -xzf "files/$1" -C plugins --no-same-owner && touch "$state/plugins" || return 1
  (cd plugins && find . -type f -o -type l) >names || return 1
  while read -r name; do put_plugin "${name#./}" || return 1; done <names
  echo "$1" >"$(place_of cni "$2")"
}

put_plugin() {
  plugin=$cni_directory/$1
  part=$(dirname "$plugin")/.multicast-lab.part
  present=$(mark_of "$plugin")
  [ -z "$present" ] || grep -q -x -F -e "$present $plugin" "$state/plugins" || return 0
  make_directory "$(dirname "$plugin")" && printf '%s %s\n' "$(mark_of "plugins/$1")" "$plugin" >>"$state/plugins" &&
    cp -P "plugins/$1" "$part" && mv "$part" "$plugin"
}

make_directory() {
  [ ! -d "$1" ] || return 0
  make_directory "$(dirname "$1")" && printf '%s\n' "$1" >>"$state/made" && mkdir "$1"
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
