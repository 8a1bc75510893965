# Reads facts about all processes, each line after its kind, and prints those that are ours; see our_processes in ours.sh.
{ kind = $1; sub(/^[^ ]+ /, "") }
kind == "stat" {
  pid = $1
  sub(/^.*\) /, "")
  parent[pid] = $2
  started[pid] = $20
}
kind == "group" {
  # /proc/PID/cgroup:HIERARCHY:CONTROLLERS:PATH
  split($0, part, ":")
  pid = part[1]
  gsub(/[^0-9]/, "", pid)
  path = substr($0, length(part[1] part[2] part[3]) + 4)
  if (pid == 1) {
    sub(/\/init\.scope$/, "", path)
    top[part[2]] = path == "/" ? "" : path
  }
  n++
  of[n] = pid
  hierarchy[n] = part[2]
  group[n] = path
}
kind == "root" {
  split($1, part, "/")
  root[part[3]] = $2
}
kind == "program" { program[$1] = $2; arguments[$1] = $0 }

END {
  # Nothing is told of a list that is not all there.
  if (!(1 in parent) || !(1 in program) || !n) exit 1
  for (i = 1; i <= n; i++) {
    below = group[i]
    if (index(below, top[hierarchy[i]]) != 1) continue
    below = substr(below, length(top[hierarchy[i]]) + 1)
    if (below ~ /^\/system\.slice\/k3s(-agent)?\.service(\/|$)/) unit[of[i]] = 1
    if (below ~ /^\/kubepods(\.slice)?(\/|$)/) pod[of[i]] = 1
  }
  for (pid in parent) if (is_ours(pid)) print "process", pid, program[pid]
}

# The number comes with its predecessors: a process may have ended while this was read.
function is_ours(pid,    up, last) {
  if (pid == self || !(pid in program) || predates(pid)) return 0
  for (up = pid; up > 1 && (up in parent); up = parent[up]) {
    if (is_root(up)) return !predates(up)
    last = up
  }
  return pid in pod && last in pod && !predates(last)
}

function is_root(pid) {
  if (pid in unit) return 1
  if (root[pid] != host) return 0
  return program[pid] == binary || index(program[pid], data) == 1 || (program[pid] ~ /containerd-shim/ && index(arguments[pid], "-address /run/k3s/"))
}

function predates(pid) { return began != "" && started[pid] + 0 < began + 0 }
