# Puts what was sent as values/FILE_N into registries.yaml: its only line for `!text N`, quoted as YAML asks
# (https://yaml.org/spec/1.2.2/#732-single-quoted-style), and the path of the copy on the host for `!place N`.
match($0, /!(text|place) [0-9]+$/) {
  split(substr($0, RSTART), word, " ")
  start = substr($0, 1, RSTART - 1)
  if (word[1] == "!place") {
    print start place "/" word[2]
    next
  }
  file = "values/FILE_" word[2]
  if ((getline text < file) <= 0 || (getline more < file) > 0) {
    print "a file of registries must hold exactly one line" > "/dev/stderr"
    exit 1
  }
  gsub(/'/, "''", text)
  print start "'" text "'"
  next
}
{ print }
