# Reads a table of nftables: success where it has addresses of the pods' networks and no others than these, loopback and multicast.
{
  line = $0
  gsub(/"[^"]*"/, "", line)
  count = split(line, word, /[ ,{}]+/)
  for (i = 1; i <= count; i++) {
    if (word[i] !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+(\/[0-9]+)?$/ && word[i] !~ /^[0-9a-f]*:[0-9a-f:]+(\/[0-9]+)?$/) continue
    if (word[i] ~ /^(127\.|224\.0\.0\.0\/4|ff00::\/8|::1)/) continue
    if (in_networks(word[i])) pods = 1
    else others = 1
  }
}
END { exit !(pods && !others) }
