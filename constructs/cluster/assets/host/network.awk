# Whether an address lies in a network, by their bits: `within(ADDRESS, NETWORK)`, IPv4 or IPv6, each with or without /LENGTH.
function within(address, network,    length_, part) {
  split(network, part, "/")
  length_ = part[2] == "" ? 128 : part[2] + 0
  sub(/\/.*/, "", address)
  if ((address ~ /:/) != (network ~ /:/)) return 0
  return substr(bits(address), 1, length_) == substr(bits(part[1]), 1, length_)
}

function bits(address,    count, i, part, text) {
  if (address !~ /:/) {
    split(address, part, ".")
    for (i = 1; i <= 4; i++) text = text binary(part[i] + 0, 8)
    return text
  }
  count = split(expanded(address), part, ":")
  for (i = 1; i <= count; i++) text = text binary(number(part[i]), 16)
  return text
}

# :: stands for as many groups of zeros as are missing.
function expanded(address,    groups, missing, copy) {
  if (address !~ /::/) return address
  copy = address
  groups = gsub(/[0-9a-fA-F]+/, "", copy)
  for (missing = ":"; groups < 8; groups++) missing = missing "0:"
  sub(/::/, missing, address)
  gsub(/^:|:$/, "", address)
  return address
}

function number(hex,    i, value) {
  for (i = 1; i <= length(hex); i++) value = value * 16 + index("0123456789abcdef", tolower(substr(hex, i, 1))) - 1
  return value
}

function binary(value, width,    text) {
  for (; width > 0; width--) {
    text = value % 2 text
    value = int(value / 2)
  }
  return text
}

# in_networks(ADDRESS): whether it lies in one of the networks of `networks`, which blanks divide.
function in_networks(address,    count, i, list) {
  count = split(networks, list, " ")
  for (i = 1; i <= count; i++) if (within(address, list[i])) return 1
  return 0
}
