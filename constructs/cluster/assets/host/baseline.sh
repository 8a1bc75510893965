# shellcheck shell=sh
# A baseline ends with a mark that holds the digest of everything before it: without the mark some of it is missing.

# baseline_mark FILE: the mark that belongs behind FILE.
baseline_mark() { printf 'end %s\n' "$(sha256sum <"$1" | cut -d' ' -f1)"; }

# is_complete FILE
is_complete() {
  [ -s "$1" ] && [ "$(tail -n 1 -- "$1")" = "end $(sed '$d' "$1" | sha256sum | cut -d' ' -f1)" ]
}

# Puts a complete baseline into the file `baseline` here: the host's own, else the copy that the machine with Terraform's state sent.
require_baseline() {
  for source in "$state/baseline" values/BASELINE; do
    is_complete "$source" || continue
    if cp -- "$source" baseline && is_complete baseline; then return; fi
    die "$PWD cannot be written; is the disk full? Nothing was removed"
  done
  die "There is no complete baseline of this host, neither in $state nor in stateDirectory, so nothing can tell what was here before the lab; nothing was removed. Put the copy (baseline/$(value HOST).snapshot) back into stateDirectory, or remove K3s by its own means and then $state"
}
