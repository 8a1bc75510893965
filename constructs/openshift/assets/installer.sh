#!/usr/bin/env bash
# Runs openshift-install: check and destroy are the guard's, install makes the cluster. The installer's directory holds all that it knows
# of the cluster, with its passwords: nobody else may read it.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"
umask 077

readonly directory=$LAB_STATE_DIRECTORY/install
readonly claim=$LAB_STATE_DIRECTORY/install.claim

# The installer prints the administrator's password when it is done; its own log in the directory keeps it.
installer() {
  "$LAB_INSTALLER" "$@" "--dir=$directory" --log-level=info 2>&1 |
    sed -u -E 's/(password: ?).*/\1(in auth\/kubeadmin-password)/'
}

check_installer() {
  local answer version
  command -v -- "$LAB_INSTALLER" >/dev/null || fail "the program $LAB_INSTALLER is not there; name the installer of OpenShift $LAB_VERSION in installerPath"
  answer=$("$LAB_INSTALLER" version) || fail "$LAB_INSTALLER does not tell its version"
  version=$(sed -n '1s/^.* v\{0,1\}//p' <<<"$answer")
  [ "$version" = "$LAB_VERSION" ] || fail "$LAB_INSTALLER installs OpenShift $version, and version is $LAB_VERSION; an installer installs its own version only"
}

check_files() {
  local file
  for file in "$LAB_PULL_SECRET_PATH" "$LAB_SSH_PUBLIC_KEY_PATH" "$LAB_TRUST_BUNDLE_PATH" "$LAB_PLATFORM_PATH"; do
    [ -z "$file" ] || [ -r "$file" ] || fail "$file cannot be read"
  done
  grep -q '"auths"' -- "$LAB_PULL_SECRET_PATH" || fail "$LAB_PULL_SECRET_PATH is no pull secret: it has no \"auths\""
  [ -z "$LAB_SSH_PUBLIC_KEY_PATH" ] || ! grep -q 'PRIVATE KEY' -- "$LAB_SSH_PUBLIC_KEY_PATH" ||
    fail "$LAB_SSH_PUBLIC_KEY_PATH is a private key; give the public half"
}

check() {
  check_installer
  check_files
  if [ ! -e "$claim" ] && [ -d "$directory" ] && [ -n "$(ls -A -- "$directory")" ]; then
    fail "$directory has files of another installation; use another stateDirectory"
  fi
  mkdir -p -- "$directory"
  [ -e "$claim" ] || : >"$claim"
}

# indented FILE: its lines as the content of a YAML key.
indented() { sed 's/^/  /' -- "$1"; }

# quoted: standard input, a text without line breaks, as a YAML text.
quoted() { tr -d '\r\n' | sed "s/'/''/g; s/^/'/; s/\$/'/"; }

# LAB_INSTALL_CONFIG has everything but what is kept in files.
write_config() {
  {
    printf '%s' "$LAB_INSTALL_CONFIG"
    printf 'pullSecret: %s\n' "$(quoted <"$LAB_PULL_SECRET_PATH")"
    [ -z "$LAB_SSH_PUBLIC_KEY_PATH" ] || printf 'sshKey: %s\n' "$(quoted <"$LAB_SSH_PUBLIC_KEY_PATH")"
    [ -z "$LAB_TRUST_BUNDLE_PATH" ] || printf 'additionalTrustBundle: |\n%s\n' "$(indented "$LAB_TRUST_BUNDLE_PATH")"
    [ -z "$LAB_PLATFORM_PATH" ] || printf 'platform:\n%s\n' "$(indented "$LAB_PLATFORM_PATH")"
  } >"$directory/install-config.yaml"
}

# The only way to say more of the network than install-config.yaml knows.
write_network_manifest() {
  [ -n "$LAB_NETWORK_MANIFEST" ] || return 0
  installer create manifests
  printf '%s' "$LAB_NETWORK_MANIFEST" >"$directory/manifests/cluster-network-03-config.yml"
}

digest() {
  printf '%s' "$LAB_INSTALL_CONFIG$LAB_NETWORK_MANIFEST" | sha256sum | cut -d' ' -f1
}

begin() {
  write_config
  write_network_manifest
  digest >"$claim"
  if [ "$LAB_USER_PROVISIONED" = true ]; then
    installer create ignition-configs
    echo "boot the machines with the ignition files of $directory now"
    installer wait-for bootstrap-complete
    installer wait-for install-complete
  else
    installer create cluster
  fi
}

install() {
  [ -d "$directory" ] || fail "$directory is gone"
  if [ ! -e "$directory/metadata.json" ]; then
    begin
  elif [ "$(cat -- "$claim")" = "$(digest)" ]; then
    installer wait-for install-complete
  else
    fail "the cluster was installed with another configuration, which cannot be changed afterwards; take the change back, or destroy the cluster and install it anew"
  fi
  chmod 600 -- "$directory/auth/kubeconfig"
}

destroy() {
  if [ -e "$directory/metadata.json" ] && [ "$LAB_USER_PROVISIONED" != true ]; then
    installer destroy cluster
  elif [ -e "$directory/metadata.json" ]; then
    echo "the machines of this cluster are not the installer's; wipe them by their own means"
  fi
  rm -rf -- "$directory" "$claim"
}

case $1 in
  check) check ;;
  install) install ;;
  destroy) destroy ;;
  *) fail "there is no step $1" ;;
esac
