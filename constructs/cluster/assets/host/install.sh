#!/bin/sh
# Writes K3s' configuration and unit, and starts it. A server is started when its API answers (Type=notify), an agent as soon as it
# runs: it waits for the server by itself.
set -u
. host/common.sh

role=$(value ROLE)
case $role in
  server) unit=k3s.service type=notify ;;
  agent) unit=k3s-agent.service type=exec ;;
  *) die "there is no role $role" ;;
esac

# has_server URL: whether a Kubernetes API answers there, be it with a refusal. Without any token kubectl would ask for a user name.
has_server() {
  "$binary" kubectl get --raw=/readyz --server="$1" --token=none --insecure-skip-tls-verify=true --request-timeout=5s >answer 2>&1 </dev/null ||
    grep -q -i -E 'unauthorized|forbidden|logged in' answer
}

# A server without data of its own joins the others where they run, also where it is the one that founds a new cluster.
server_to_join() {
  [ "$role" = server ] && [ ! -d "$data/server/db" ] || return 0
  for server in $(value OTHER_SERVERS); do
    if has_server "$server"; then
      echo "$server"
      return
    fi
  done
}

take_host
require_claim
join=$(server_to_join)
[ -z "$join" ] || [ ! -e values/TOKEN_IS_NEW ] ||
  die "$join runs this cluster, but its token is missing on the machine that deploys: copy it from \`token:\` in /etc/rancher/k3s/config.yaml there into the file token of the state directory"
printf '%s\n%s\n' "$(value PLACE)" "$(value SERVERS)" >"$state/place.part" || die "$state/place.part cannot be written"
mv "$state/place.part" "$state/place" || die "$state/place cannot be replaced"
(umask 022 && mkdir -p /etc/rancher/k3s) || die "/etc/rancher/k3s cannot be made"
{
  if [ -n "$join" ] && ! grep -q '^server:' values/CONFIG; then
    sed '/^cluster-init:/d' values/CONFIG
    printf 'server: %s\n' "$join"
  else
    value CONFIG
  fi
  printf 'token: %s\n' "$(value TOKEN)"
} >/etc/rancher/k3s/config.yaml.part || die "/etc/rancher/k3s/config.yaml cannot be written"
mv /etc/rancher/k3s/config.yaml.part /etc/rancher/k3s/config.yaml || die "/etc/rancher/k3s/config.yaml cannot be replaced"

# What is secret or a file of its own was sent as values/FILE_N; the directory is new each time, so that nothing old stays there.
write_registries() {
  registries=/etc/rancher/k3s/registries
  rm -rf "$registries" "$registries.yaml"
  [ -s values/REGISTRIES ] || return 0
  mkdir "$registries" || return 1
  for file in values/FILE_*; do
    [ ! -e "$file" ] || cp "$file" "$registries/${file#values/FILE_}" || return 1
  done
  awk -v place="$registries" -f host/registries.awk values/REGISTRIES >"$registries.yaml"
}
write_registries || die "/etc/rancher/k3s/registries.yaml cannot be written"

# The servers remember a node by the password of its first join. One that follows from the token lets a host that was taken off and put
# back, or a new host of the same name, join again (https://docs.k3s.io/architecture#how-agent-node-registration-works).
(umask 022 && mkdir -p /etc/rancher/node) || die "/etc/rancher/node cannot be made"
printf '%s %s' "$(value TOKEN)" "$(value HOST)" | sha256sum | cut -c1-32 >/etc/rancher/node/password || die "/etc/rancher/node/password cannot be written"

# As K3s' own unit (https://github.com/k3s-io/k3s/blob/v1.36.2%2Bk3s1/install.sh), without the limits that a container host may not raise.
(
  umask 022
  cat >"/etc/systemd/system/$unit" <<UNIT
[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Service]
Type=$type
KillMode=process
Delegate=yes
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$binary $role

[Install]
WantedBy=multi-user.target
UNIT
)
systemctl daemon-reload
systemctl enable --quiet "$unit" || die "$unit cannot be enabled"
say starting
if ! timeout "$(value TIMEOUT_SECONDS)" systemctl restart "$unit"; then
  journalctl --unit="$unit" --no-pager --lines=40 --output=cat >&2
  die "$unit did not start within $(value TIMEOUT_SECONDS) s"
fi
say started
