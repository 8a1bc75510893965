import { SshHost, type SshHostOptions } from "../../../constructs/cluster/ssh-host";

/** A well-formed ed25519 key that no host has. */
export const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKjbIkJ8keT0nGJaVJupwucAgFba6noMjf22uglbr1ZW";

/** A host whose options are right but for the given ones. */
export function host(address: string, options: Partial<SshHostOptions> = {}): SshHost {
  return SshHost.of(address, { user: "root", privateKeyPath: "/etc/lab/key", hostKey: HOST_KEY, ...options });
}

/** Text that a shell, Terraform or YAML would take for more than text. */
export const HOSTILE_TEXTS: readonly string[] = [
  "$(touch /tmp/canary)",
  "`touch /tmp/canary`",
  "a; touch /tmp/canary",
  "a' b",
  'a" b',
  "a\nb",
  "a\u0000b",
  "${path.module}",
  "%{ if true }x%{ endif }",
  "-oProxyCommand=touch /tmp/canary",
  "../../etc/passwd\n",
  "",
  " ",
];
