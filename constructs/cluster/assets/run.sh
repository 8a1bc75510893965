#!/usr/bin/env bash
# Runs one step on one host over SSH: `run.sh STEP`. All it works on comes by the environment (constructs/cluster/host-step.ts);
# to the host everything goes as files in one tar stream on standard input, so no value ever stands on a command line.
set -euo pipefail
umask 077

assets=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
readonly assets
readonly step=$1
# shellcheck source=connection.sh
source "$assets/connection.sh"

# Whose host it is: the lab's name, and the identity that Terraform's state gives this deployment.
prepare_identity() {
  printf '%s %s' "$LAB_NAME" "$LAB_IDENTITY" >"$work/send/values/LAB"
  printf '%s' "$LAB_HOST" >"$work/send/values/HOST"
}

# The cluster's shared secret is made with the cluster. A machine that has no copy of it takes it from a host that has.
recall_token() {
  local token=$LAB_STATE_DIRECTORY/token
  [[ ! -e $token ]] || return 0
  # Without an answer nothing says that there is none, and another one would end the cluster.
  remote token /run >"$work/token" || fail "the host did not say whether it has the cluster's token; try again"
  [[ ! -s $work/token ]] || keep_token "$work/token"
}

# `ln` lets one of several parallel steps win.
keep_token() {
  local token=$LAB_STATE_DIRECTORY/token part
  mkdir -p -- "$LAB_STATE_DIRECTORY"
  part=$(mktemp -- "$token.XXXXXX")
  cat -- "$1" >"$part"
  ln -- "$part" "$token" 2>"$work/ln.log" || [[ -e $token ]] || fail "$token cannot be written"
  rm -f -- "$part"
}

# write_file PATH: standard input into PATH, complete or not at all.
write_file() {
  local part
  mkdir -p -- "$(dirname -- "$1")"
  part=$(mktemp -- "$1.XXXXXX")
  cat >"$part"
  mv -f -- "$part" "$1"
}

# send_baseline: the copy of the host's baseline, for a host that has lost its own.
send_baseline() {
  [[ ! -e $LAB_STATE_DIRECTORY/baseline/$LAB_HOST.snapshot ]] ||
    ln -s -- "$LAB_STATE_DIRECTORY/baseline/$LAB_HOST.snapshot" "$work/send/values/BASELINE"
}

take_host() {
  send_baseline
  remote guard-create /run >"$work/baseline" || fail "the host was not taken; the reasons stand above"
  write_file "$LAB_STATE_DIRECTORY/baseline/$LAB_HOST.snapshot" <"$work/baseline"
}

guard_create() {
  phase guard-start
  take_host
  recall_token
  phase guard-done
}

# The host's answer has a line for each thing: `residue` for what is the lab's and still there, `change` for everything else that
# differs from the baseline.
guard_destroy() {
  local status=0 residue=$LAB_STATE_DIRECTORY/residue/$LAB_HOST.txt changes=$LAB_STATE_DIRECTORY/residue/$LAB_HOST.other-changes.txt
  phase cleanup-start
  send_baseline
  remote guard-destroy /run >"$work/found" || status=$?
  sed -n 's/^residue //p' "$work/found" | write_file "$residue"
  sed -n 's/^change //p' "$work/found" | write_file "$changes"
  if [[ $status != 0 ]]; then
    cat -- "$residue" >&2
    fail "the lab was not taken off; the reasons stand above (what is left: $residue). Remove the cause and destroy again"
  fi
  name_changes "$changes"
  rm -f -- "$LAB_STATE_DIRECTORY/baseline/$LAB_HOST.snapshot"
  phase cleanup-done
}

# name_changes FILE: says what else changed on the host, the first lines of it.
name_changes() {
  local count
  count=$(wc -l <"$1" | tr -d ' ')
  [[ $count != 0 ]] || return 0
  printf 'lab-note: host=%s: %s differences from the baseline are not of the lab and were left as they are ("+" is new, "-" is gone; all in %s):\n' "$LAB_HOST" "$count" "$1" >&2
  head -n 40 -- "$1" >&2
}

# download SHA256 URL PATH: never replaces what is there, since another step may be sending it: tar fails when a file's inode changes under it.
download() {
  local part
  curl --proto =http,https --fail --silent --show-error --location --connect-timeout 15 --max-time 900 \
    --output "$work/download" -- "$2" || fail "$2 cannot be downloaded; give the file by path instead"
  printf '%s  %s\n' "$1" "$work/download" | sha256sum --check --status ||
    fail "$2 has SHA-256 $(sha256sum <"$work/download" | cut -d' ' -f1), not the pinned $1; nothing was installed"
  part=$(mktemp -- "$3.XXXXXX")
  mv -f -- "$work/download" "$part"
  mv -n -- "$part" "$3"
  rm -f -- "$part"
}

# local_copy SHA256 SOURCE: prints the path of SOURCE here, downloaded first where it is a web address; the digest decides, so a server of one's own may do without TLS.
local_copy() {
  local sha256=$1 source=$2 copy=$LAB_STATE_DIRECTORY/artifacts/$1
  if [[ ! $source =~ ^https?:// ]]; then
    [[ -r $source ]] || fail "$source cannot be read"
    printf '%s\n' "$source"
    return
  fi
  mkdir -p -- "$LAB_STATE_DIRECTORY/artifacts"
  # One of several parallel steps downloads while the rest wait (macOS has no flock: there each downloads). What outlives a killed step must not hold the lock.
  exec 9>"$copy.lock"
  ! command -v flock >/dev/null || flock 9
  [[ -e $copy ]] || download "$sha256" "$source" "$copy" 9>&-
  printf '%s\n' "$copy"
}

# LAB_SOURCES has a line for each file: its SHA-256, a blank, where it lies.
files() {
  local sha256 source missing
  phase upload-start
  take_host
  recall_token
  remote leave /run || fail "K3s could not leave its old place; the reason stands above"
  missing=$(remote files-check /run) || fail "the host's files could not be listed"
  if [[ -n $missing ]]; then
    while read -r sha256 source; do
      [[ $missing == *"$sha256"* ]] || continue
      source=$(local_copy "$sha256" "$source")
      ln -sf -- "$source" "$work/send/files/$sha256"
    done <<<"$LAB_SOURCES"
    remote files-put /var/lib || fail "the files were not installed"
  fi
  phase upload-done
}

# LAB_REGISTRY_FILES has a line for each file that registries.yaml needs: `secret` or `public`, a blank, its path here.
send_registry_files() {
  local number=0 secrecy file
  while read -r secrecy file; do
    [[ -n $file ]] || continue
    [[ -r $file ]] || fail "$file cannot be read; create it or name another one in registries"
    # shellcheck disable=SC2012 # stat has another syntax on macOS
    [[ $secrecy == public || $(ls -ldL -- "$file") == ????------* ]] ||
      fail "$file can be read by others than its owner; \`chmod 600\` it"
    ln -s -- "$file" "$work/send/values/FILE_$number"
    number=$((number + 1))
  done <<<"$LAB_REGISTRY_FILES"
}

# Only the server that founds a cluster may bring a new one; it learns on the host whether there is a cluster already.
prepare_token() {
  recall_token
  if [[ -e $LAB_STATE_DIRECTORY/token ]]; then
    ln -s -- "$LAB_STATE_DIRECTORY/token" "$work/send/values/TOKEN"
    return
  fi
  [[ $LAB_FOUNDS == true ]] ||
    fail "the cluster's token is missing: $LAB_STATE_DIRECTORY/token; copy it from the machine that made the cluster, or from \`token:\` in /etc/rancher/k3s/config.yaml of a server"
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$work/token.new"
  ln -s -- "$work/token.new" "$work/send/values/TOKEN"
  printf yes >"$work/send/values/TOKEN_IS_NEW"
}

install_node() {
  phase install-start
  send_registry_files
  prepare_token
  remote install /run || fail "K3s was not installed; the end of its journal stands above"
  [[ ! -e $work/token.new ]] || keep_token "$work/token.new"
  phase install-done
}

ready() {
  phase ready-start
  recall_token
  remote ready /run >"$work/kubeconfig" || fail "the cluster did not become ready"
  sed "s#https://127\.0\.0\.1:6443#$LAB_SERVER_URL#" "$work/kubeconfig" | write_file "$LAB_STATE_DIRECTORY/kubeconfig"
  phase ready-done
}

prepare_connection
prepare_values
prepare_identity
case $step in
  guard-create) guard_create ;;
  guard-destroy) guard_destroy ;;
  files) files ;;
  install) install_node ;;
  ready) ready ;;
  *) fail "there is no step $step" ;;
esac
