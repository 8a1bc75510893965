# shellcheck shell=bash
# How a step reaches its host: sourced by run.sh and external.sh. LAB_HOST, LAB_ADDRESS, LAB_PORT, LAB_USER, LAB_PRIVATE_KEY_PATH and
# LAB_HOST_KEY say where; what is sent lies in $work/send. $assets is the directory of the scripts.
work=$(mktemp -d)
readonly work
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT TERM HUP

# The only command a host is ever given: unpack standard input into a directory of its own, run the step in it as root,
# remove the directory. The step gets a session of its own, so that a later step can end it with all it started. The directory
# has the shell's number in its name: one whose shell was killed is removed by a later step (host/left-over.sh).
# shellcheck disable=SC2016 # expanded on the host
readonly on_host='
umask 077
work=$(mktemp -d "$1/multicast-lab.$$.XXXXXX") || exit 1
trap "rm -rf \"$work\"" EXIT
trap "exit 129" HUP INT TERM PIPE
tar -C "$work" -xf - && cd "$work" && setsid -w sh "host/$0.sh"'

phase() { printf 'lab-phase: host=%s phase=%s\n' "$LAB_HOST" "$1"; }

fail() {
  printf 'lab-error: host=%s: %s\n' "$LAB_HOST" "$1" >&2
  exit 1
}

prepare_connection() {
  local key=$LAB_PRIVATE_KEY_PATH
  [[ -r $key ]] || fail "private key $key cannot be read; create it or name another one in privateKeyPath"
  ln -s -- "$key" "$work/key"
  printf 'lab-host %s\n' "$LAB_HOST_KEY" >"$work/known_hosts"
  # -F none: a user's own configuration must not loosen the host key check. The alias keeps address and port out of the match.
  ssh_options=(
    -F none -T -E "$work/ssh.log" -i "$work/key" -l "$LAB_USER" -p "$LAB_PORT"
    -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o HostKeyAlias=lab-host
    -o "UserKnownHostsFile=$work/known_hosts" -o GlobalKnownHostsFile=none -o UpdateHostKeys=no -o LogLevel=INFO
    -o ConnectTimeout=15 -o ConnectionAttempts=3 -o ServerAliveInterval=5 -o ServerAliveCountMax=6
    -o "Ciphers=^aes128-gcm@openssh.com" -o Compression=no
  )
}

# The host's scripts, and everything named LAB_VALUE_x as the file values/x, byte for byte.
prepare_values() {
  local name
  mkdir -p "$work/send/values" "$work/send/files"
  # shellcheck disable=SC2154 # set by who sources this
  ln -s -- "$assets/host" "$work/send/host"
  for name in $(compgen -v LAB_VALUE_); do
    printf '%s' "${!name}" >"$work/send/values/${name#LAB_VALUE_}"
  done
}

# ssh writes its own complaints to a log of its own, apart from the step's; 255 is its own exit code.
explain_connection_failure() {
  local target="$LAB_USER@$LAB_ADDRESS port $LAB_PORT" log
  log=$(tr '\r\n' '  ' <"$work/ssh.log")
  case $log in
    *"Host key verification failed"* | *"IDENTIFICATION HAS CHANGED"* | *"no matching host key type"*)
      fail "the host key of $target is not the pinned one (${LAB_HOST_KEY:0:40}…); nothing was sent. Compare with \`ssh-keyscan\` over a path you trust, then set hostKey" ;;
    *"Permission denied"*)
      fail "$target refused the key $LAB_PRIVATE_KEY_PATH; put its public half into that user's authorized_keys" ;;
    *)
      fail "$target cannot be reached by SSH (3 attempts of 15 s; ssh says: ${log:-nothing}). Check that the host runs, the address, the port and the firewall" ;;
  esac
}

# remote STEP DIRECTORY: runs host/STEP.sh on the host in a new directory below DIRECTORY; its standard output is ours.
remote() {
  # A killed Terraform leaves its provisioners running; they must not start anything that the next apply or destroy would meet.
  kill -0 "$PPID" 2>/dev/null || fail "the program that ran this step has ended"
  local status=0 command="exec sh -c 'if [ \"\$(id -u)\" = 0 ]; then exec sh -c \"\$2\" \"\$0\" \"\$1\"; else exec sudo -n sh -c \"\$2\" \"\$0\" \"\$1\"; fi' $1 $2 '$on_host'"
  COPYFILE_DISABLE=1 tar -C "$work/send" -chf - . | ssh "${ssh_options[@]}" -- "$LAB_ADDRESS" "$command" || status=$?
  [[ $status != 255 ]] || explain_connection_failure
  return "$status"
}
