import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { Testing, TerraformStack } from "../../../constructs/private/terraform";
import { configuredLab } from "../../../stacks/config/configured-lab";
import { ConfigError } from "../../../stacks/config/faults";
import { synthStack, type Synthesised } from "../../helpers/synth";

/** A public key that is one, with a last letter of its own. */
export function hostKey(letter = "A"): string {
  return `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(42)}${letter}`;
}

/** A whole configuration, as data; `lab` on a K3s that is made. */
export function config() {
  const host = (last: number) => ({
    address: `192.0.2.${last}`,
    user: "lab",
    privateKeyPath: "~/.ssh/lab",
    hostKey: hostKey(),
  });
  return {
    lab: "lab",
    cluster: { k3s: { servers: [host(11)], agents: [host(12)] } },
    master: "eth1",
    range: { subnet: "10.20.0.0/24", rangeStart: "10.20.0.50", rangeEnd: "10.20.0.99" },
    probeImage: "registry.example.com/probe:1",
  };
}

/** The text of a configuration on a cluster that exists; nothing but what must be there. */
export const existingText = [
  "lab: lab",
  "cluster:",
  "  existing:",
  "    kubeconfigPath: kubeconfig",
  "    nodes: [{ name: one, role: server }, { name: two, role: agent }]",
  "master: eth1",
  "range: { subnet: 10.20.0.0/24 }",
  "probeImage: registry.example.com/probe:1",
  "",
].join("\n");

/** Writes a file into a new directory. */
export function write(content: string | Buffer, name = "lab.yaml"): string {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lab-config-")), name);
  fs.writeFileSync(file, content);
  return file;
}

/** The stacks that a file makes, by their names. */
export function stacksOf(file: string): Record<string, Synthesised> {
  const app = Testing.app();
  configuredLab(app, file);
  const stacks = app.node.children.filter((child): child is TerraformStack => child instanceof TerraformStack);
  return Object.fromEntries(stacks.map((stack) => [stack.node.id, synthStack(stack)]));
}

/** The faults that a file is refused with, without its name; an empty list where it is accepted. */
export function faultsIn(file: string): string[] {
  try {
    configuredLab(Testing.app(), file);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((fault) => fault.replace(file, ""));
  }
}

/** As {@link faultsIn}, of a configuration that is written as YAML. */
export function faultsOf(value: unknown): string[] {
  return faultsIn(write(stringify(value)));
}

/** Keys and indices that lead to a value. */
export type Path = readonly (string | number)[];

/** `value` with something else at a path; `undefined` takes the key out. */
export function changed(value: unknown, path: Path, to: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? changed(item, rest, to) : (item as unknown)));
  const object = value as Record<string, unknown>;
  return { ...object, [key]: changed(object[key], rest, to) };
}
