#!/usr/bin/env bash
# Runs one step on a machine outside the cluster: `external.sh STEP`, with all it works on in the environment
# (constructs/verification/external-endpoint.ts and external-probe.ts).
set -euo pipefail
umask 077

assets=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
readonly assets
readonly step=$1
# shellcheck source=connection.sh
source "$assets/connection.sh"

# A host without Node.js gets the program that runs here, until it is cleaned.
prepare() {
  local answer program
  answer=$(remote external-prepare /var/lib) || fail "the machine was not made ready; the reason stands above"
  [[ $answer == needs-node ]] || return 0
  program=$(node --print process.execPath) || fail "there is no Node.js here to be lent to the host; name the host's own in nodePath"
  ln -s -- "$program" "$work/send/files/node"
  remote external-node /var/lib || fail "Node.js of this machine ($program) does not run there; install Node.js 18 or later there and name it in nodePath"
}

start() {
  ln -s -- "$(realpath -- "$LAB_PROGRAM")" "$work/send/files/probe.cjs"
  remote external-start /var/lib || fail "the probe was not started; the reason stands above"
}

prepare_connection
prepare_values
case $step in
  prepare) prepare ;;
  start) start ;;
  stop) remote external-stop /run || fail "the probe was not stopped" ;;
  clean) remote external-clean /run || fail "the machine is not as it was; the reason stands above" ;;
  *) fail "there is no step $step" ;;
esac
