# shellcheck shell=sh
# The lab's part of the host's packet filter: rules and chains of iptables, tables of nftables, sets. K3s brings the programs along for
# hosts without them.
PATH=$PATH:$data/data/current/bin:$data/data/current/bin/aux:$data/data/cni

iptables_variants() {
  for variant in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
    if command -v "$variant-save" >/dev/null; then echo "$variant"; fi
  done
}

# rules_of VARIANT WHAT: WHAT is `restore`, or nothing for lines to read.
rules_of() {
  saved=$("$1-save" 2>/dev/null) || return 0
  case $1 in ip6*) family=ip6 ;; *) family=ip ;; esac
  printf '%s\n' "$saved" | awk -v variant="$1" -v family="$family" -v networks="$(value POD_NETWORKS)" -v restore="$2" -f host/network.awk -f host/rules.awk baseline -
}

our_rules() {
  for variant in $(iptables_variants); do rules_of "$variant" "" || return 1; done
}

remove_rules() {
  for variant in $(iptables_variants); do
    restore=$(rules_of "$variant" restore) || return 1
    [ -z "$restore" ] || printf '%s\n' "$restore" | "$variant-restore" --wait 10 --noflush || return 1
  done
}

# kube-proxy's and flannel's tables are theirs alone; those of the CNI plugins are ours where they only have addresses of the pods'
# networks, and those that iptables-nft makes at first use where they have no rule and only open policies.
our_tables() {
  command -v nft >/dev/null || return 0
  tables=$(nft list tables 2>/dev/null) || return 0
  printf '%s\n' "$tables" | while read -r _ family name; do
    begins_in_baseline "nft $family $name " && continue
    case $name in
      kube-proxy | flannel-ipv4 | flannel-ipv6) ;;
      cni_hostport | cni_plugins_masquerade) has_pods_alone "$family" "$name" || continue ;;
      filter | nat | mangle | raw | security) ! has_rules "$family" "$name" || continue ;;
      *) continue ;;
    esac
    printf 'table %s %s\n' "$family" "$name"
  done
}

has_pods_alone() {
  nft -s list table "$1" "$2" 2>/dev/null | awk -v networks="$(value POD_NETWORKS)" -f host/network.awk -f host/pods-alone.awk
}

has_rules() {
  nft -s list table "$1" "$2" 2>/dev/null | grep -v -E '^(table .*|[[:space:]]*chain .*|[[:space:]]*type .* policy accept;|[[:space:]]*}|#.*|)$' | grep -q .
}

remove_tables() {
  while read -r _ family name; do nft delete table "$family" "$name" || return 1; done
}

our_sets() {
  command -v ipset >/dev/null || return 0
  ipset list -n 2>/dev/null | grep -E '^(inet6:)?KUBE-' | while read -r name; do in_baseline "ipset $name" || printf 'ipset %s\n' "$name"; done
}

# Sets of sets go first.
remove_sets() {
  sets=$(sed 's/^ipset //')
  for turn in 1 2; do
    for name in $sets; do ipset destroy "$name" 2>/dev/null || [ $turn = 1 ] || [ -z "$(our_sets)" ] || return 1; done
  done
}
