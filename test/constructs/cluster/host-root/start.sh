#!/bin/bash
# Makes a host of nothing but this machine's programs below $1, in namespaces that the caller has made (unshare), and stays as its
# first process. Everything in it is in memory and goes with that process. HOST_ROOT_PROGRAMS may name a directory that has more programs
# for /usr: iptables and ipset of Debian's packages, where this machine has none.
set -euo pipefail
root=$1
stand_ins=$(dirname -- "$(realpath -- "$0")")

mount --make-rprivate /
mount -t tmpfs tmpfs "$root"
cd "$root"
mkdir run && mount -t tmpfs -o size=4m tmpfs run
mkdir -p usr upper/usr work/usr etc/systemd/system etc/ld.so.conf.d var/lib var/log run/systemd/system run/lock opt root tmp dev proc sys stand-ins
for link in bin sbin lib lib64; do ln -s "usr/$link" "$link"; done
mount -t overlay overlay -o "lowerdir=${HOST_ROOT_PROGRAMS:+$HOST_ROOT_PROGRAMS:}/usr,upperdir=upper/usr,workdir=work/usr" usr
cp -a /etc/alternatives /etc/ld.so.cache etc/
printf 'root:x:0:0:root:/root:/bin/sh\n' >etc/passwd
printf 'root:x:0:\n' >etc/group
printf '127.0.0.1 localhost\n' >etc/hosts
printf 'nameserver 192.0.2.53\n' >etc/resolv.conf
for device in null zero full random urandom tty; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
mount -t proc proc proc
# As in a container, /sys may tell of other links than the host has.
mount --bind /sys sys
mount -t tmpfs tmpfs sys/fs/cgroup
mkdir -p sys/fs/cgroup/system.slice usr/libexec/x && rmdir usr/libexec/x
mount -t tmpfs tmpfs usr/local/bin
cp "$stand_ins"/{systemctl,systemd-detect-virt,sh} stand-ins/
ip link set lo up
exec chroot "$root" /bin/bash -c 'trap : CHLD; mkfifo /dev/wait; echo ready; while :; do read -r _ <>/dev/wait; done'
