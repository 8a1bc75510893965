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
  "$1-save" >saved 2>/dev/null || return 0
  case $1 in ip6*) family=ip6 ;; *) family=ip ;; esac
  awk -v variant="$1" -v family="$family" -v networks="$(value POD_NETWORKS)" -v restore="$2" -f host/network.awk -f host/rules.awk baseline saved
}

our_rules() {
  for variant in $(iptables_variants); do rules_of "$variant" "" || return 1; done
}

remove_rules() {
  for variant in $(iptables_variants); do
    rules_of "$variant" restore >restore || return 1
    [ ! -s restore ] || "$variant-restore" --wait 10 --noflush <restore || return 1
  done
}

# kube-proxy's and flannel's tables are theirs alone; those of the CNI plugins are ours where they only have addresses of the pods'
# networks, and those that iptables-nft makes at first use where they have no rule and only open policies.
our_tables() {
  command -v nft >/dev/null || return 0
  nft list tables 2>/dev/null >tables || return 0
  while read -r _ family name; do
    begins_in_baseline "nft $family $name " && continue
    case $name in
      kube-proxy | flannel-ipv4 | flannel-ipv6) ;;
      cni_hostport | cni_plugins_masquerade) has_pods_alone "$family" "$name" || continue ;;
      filter | nat | mangle | raw | security) ! has_rules "$family" "$name" || continue ;;
      *) continue ;;
    esac
    printf 'table %s %s\n' "$family" "$name"
  done <tables
}

has_pods_alone() {
  nft -s list table "$1" "$2" 2>/dev/null | awk -v networks="$(value POD_NETWORKS)" -f host/network.awk -f host/pods-alone.awk
}

has_rules() {
  nft -s list table "$1" "$2" 2>/dev/null | grep -v -E '^(table .*|[[:space:]]*chain .*|[[:space:]]*type .* policy accept;|[[:space:]]*}|#.*|)$' | grep -q .
}

remove_tables() {
  our_tables >list
  while read -r _ family name; do nft delete table "$family" "$name" || return 1; done <list
}

our_sets() {
  command -v ipset >/dev/null || return 0
  ipset list -n 2>/dev/null | grep -E '^(inet6:)?KUBE-' | while read -r name; do in_baseline "ipset $name" || printf 'ipset %s\n' "$name"; done
}

# Sets of sets go first.
remove_sets() {
  our_sets >list
  for turn in 1 2; do
    while read -r _ name; do ipset destroy "$name" 2>failure || [ $turn = 1 ] || return 1; done <list
    our_sets >list
  done
}
