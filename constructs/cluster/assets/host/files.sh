# shellcheck shell=sh
# Where the lab's files lie on a host. A line of the value FILES is "SHA256 KIND NAME"; the kinds are binary, image, cni.

images=$data/agent/images
cni_directory=$(value CNI_DIRECTORY)

place_of() {
  case $1 in
    binary) echo "$binary" ;;
    image) echo "$images/$2" ;;
    cni) echo "$state/cni-$2" ;;
  esac
}

is_file() { [ -e "$2" ] && printf '%s  %s\n' "$1" "$2" | sha256sum --check --status; }

# An archive of CNI plugins is unpacked; a mark that is written afterwards stands for it.
has_file() {
  case $2 in
    cni) [ "$(cat "$(place_of "$2" "$3")" 2>/dev/null)" = "$1" ] ;;
    *) is_file "$1" "$(place_of "$2" "$3")" ;;
  esac
}
