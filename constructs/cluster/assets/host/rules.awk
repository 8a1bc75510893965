# Reads the baseline and then what VARIANT-save prints, and prints what of it is ours: as lines for people ("rule VARIANT …"), or with
# `restore` set as input for VARIANT-restore --noflush, which touches nothing else.
#
# KUBE- and FLANNEL- chains are of a Kubernetes, and there is no other on this host. CNI- chains are those of any program that uses CNI
# plugins (podman, nerdctl): a container's chain is ours where one of its rules has an address of the pods' networks, the shared
# ones (hostport, firewall) only where nothing of others is in them.
FILENAME == "baseline" {
  if ($1 == variant) known[$2 " " substr($0, length($1 $2) + 3)] = 1
  # A host without iptables of its own: nftables' view of the same chains.
  if ($1 == "nft" && $2 == family && $4 == "chain") known[$3 " chain " $5] = 1
  next
}
/^\*/ { table = substr($0, 2); next }
/^:/ {
  sub(/ \[[0-9]+:[0-9]+\]$/, "")
  name = substr($1, 2)
  if ((table " " $0) in known || (table " chain " name) in known) next
  if (name ~ /^(KUBE|FLANNEL)-/) ours[table, name] = 1
  if (name ~ /^CNI-/) candidate[table, name] = 1
  chain[++chains] = table SUBSEP name
  next
}
/^-A / {
  rule[++rules] = $0
  rule_table[rules] = table
  rule_chain[rules] = $2
  target[rules] = ""
  for (i = 3; i < NF; i++) if ($i == "-j" || $i == "-g") target[rules] = $(i + 1)
  place[rules] = where_of_addresses()
}

# "pods", "elsewhere", or nothing where the rule has no address.
function where_of_addresses(    i, found) {
  for (i = 3; i < NF; i++) {
    if ($i !~ /^(-s|-d|--to-destination|--to-source)$/ || $(i - 1) == "!") continue
    if ($(i + 1) ~ /^(127\.|224\.0\.0\.0\/4|ff00::\/8|::1)/) continue
    address = $(i + 1)
    if ($i ~ /^--to/) {
      if (address ~ /^\[/) { gsub(/^\[|\].*$/, "", address) } else if (address ~ /\./) sub(/:.*$/, "", address)
    }
    if (!in_networks(address)) return "elsewhere"
    found = "pods"
  }
  return found
}

END {
  # A container's chains: by their own rules and by those that lead to them.
  for (turn = 1; turn <= 2; turn++) for (i = 1; i <= rules; i++) {
    own = rule_table[i] SUBSEP rule_chain[i]
    to = rule_table[i] SUBSEP target[i]
    if (place[i] == "pods" && (own in candidate) && !is_shared(rule_chain[i])) ours[own] = 1
    if (place[i] == "pods" && (to in candidate) && !is_shared(target[i])) ours[to] = 1
  }
  find_shared()
  for (i = 1; i <= rules; i++) if (is_ours(i)) mine[i] = 1
  for (i = 1; i <= chains; i++) {
    split(chain[i], part, SUBSEP)
    if (chain[i] in ours) touched[part[1]] = 1
  }
  for (i in mine) touched[rule_table[i]] = 1
  for (name in touched) print_table(name)
}

function is_shared(name) { return name ~ /^CNI-(HOSTPORT|FORWARD|ADMIN|ISOLATION)/ }

# The shared chains of a table are ours where all that they have of a container is ours.
function find_shared(    i, key) {
  for (i = 1; i <= rules; i++) {
    if (!is_shared(rule_chain[i])) continue
    key = rule_table[i] SUBSEP target[i]
    if (place[i] == "elsewhere" || (target[i] ~ /^CNI-/ && !is_shared(target[i]) && !(key in ours))) others[rule_table[i]] = 1
    if (place[i] == "pods" || (key in ours)) used[rule_table[i]] = 1
  }
  for (key in candidate) {
    split(key, part, SUBSEP)
    if (is_shared(part[2]) && (part[1] in used) && !(part[1] in others)) ours[key] = 1
  }
}

function is_ours(i) {
  if ((rule_table[i] SUBSEP rule_chain[i]) in ours || (rule_table[i] " " rule[i]) in known) return 0
  if ((rule_table[i] SUBSEP target[i]) in ours) return 1
  if (rule[i] ~ /--comment "?flanneld/) return 1
  return is_shared(rule_chain[i]) && place[i] == "pods"
}

function print_table(table,    i, part) {
  if (restore) print "*" table
  for (i = 1; i <= chains; i++) if (chain[i] in ours) {
    split(chain[i], part, SUBSEP)
    if (part[1] == table) print restore ? ":" part[2] " - [0:0]" : "rule " variant " " table " chain " part[2]
  }
  for (i = 1; i <= rules; i++) if (i in mine && rule_table[i] == table) {
    print restore ? "-D" substr(rule[i], 3) : "rule " variant " " table " " rule[i]
  }
  if (!restore) return
  for (i = 1; i <= chains; i++) if (chain[i] in ours) {
    split(chain[i], part, SUBSEP)
    if (part[1] == table) print "-X " part[2]
  }
  print "COMMIT"
}
