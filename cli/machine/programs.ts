/** Programs by name, and the Debian package that has each. */
export type Programs = Readonly<Record<string, string>>;

/**
 * What `./lab` calls to make a lab, besides Node.js, Go and Terraform, which it can install itself, and besides what every Debian
 * system has (its essential packages). test/architecture/programs.test.ts holds these tables against the code.
 */
export const LAB_PROGRAMS: Programs = {
  "systemd-nspawn": "systemd-container",
  mmdebstrap: "mmdebstrap",
  ip: "iproute2",
  ss: "iproute2",
  nft: "nftables",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  mount: "mount",
  umount: "mount",
  python3: "python3",
};

/** What the constructs' scripts call on the machine that runs Terraform. */
export const DEPLOY_PROGRAMS: Programs = {
  ssh: "openssh-client",
  curl: "curl",
};

/** What the tests call that need no hosts, and the scripts of the repository that are run with them. */
export const TEST_PROGRAMS: Programs = {
  ...DEPLOY_PROGRAMS,
  shellcheck: "shellcheck",
  sshd: "openssh-server",
  "ssh-keygen": "openssh-client",
  ip: "iproute2",
  tc: "iproute2",
  nft: "nftables",
  mount: "mount",
  socat: "socat",
  openssl: "openssl",
  ps: "procps",
  ipset: "ipset",
  "iptables-nft": "iptables",
  "iptables-nft-save": "iptables",
  "iptables-nft-restore": "iptables",
  awk: "mawk",
  python3: "python3",
};

/** What the end-to-end tests call besides those of a lab and of the other tests. */
export const END_TO_END_PROGRAMS: Programs = {
  containerd: "containerd",
  git: "git",
};

/** Debian's virtual environments need a package of their own; a Go from PyPI is installed into one. */
export const PYTHON_PACKAGES = ["python3", "python3-venv"];
