import * as fs from "node:fs";
import { z } from "zod";
import { RefusedInput } from "./refused-input";

const file = z
  .strictObject({
    path: absolutePath(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be a SHA-256 digest of 64 lower-case hex digits"),
  })
  .readonly();

const host = z
  .strictObject({
    name: label(63),
    role: z.enum(["server", "agent", "external"]),
    address: z.ipv4("must be an IPv4 address"),
    port: z.int().min(1).max(65535),
    user: z.string().min(1, "must not be empty"),
    privateKeyPath: absolutePath(),
    hostKey: z.string().regex(/^ssh-\S+ \S+$/, 'must be a public host key like "ssh-ed25519 AAAA…"'),
    managementInterface: interfaceName(),
    dataInterfaces: z.array(interfaceName()).min(1, "must name an interface").readonly(),
    /** Uplink of the cluster's own network, where it has one to itself. */
    clusterInterface: interfaceName().optional(),
  })
  .readonly();

const inventory = z
  .strictObject({
    labName: label(20),
    /** Name in the registry of stacks. */
    stack: label(63),
    stateDirectory: absolutePath(),
    hosts: z.array(host).readonly(),
    dataSubnet: z.cidrv4('must be an IPv4 network like "198.19.0.0/24"'),
    /** What carries the pods. */
    clusterNetwork: z.enum(["flannel", "ovn-kubernetes"]),
    k3s: z
      .strictObject({
        version: z.string().regex(/^v\d+\.\d+\.\d+\+k3s\d+/, 'must be a K3s version like "v1.34.4+k3s1"'),
        binary: file,
        imageArchives: z.array(file).readonly(),
        cniPlugins: file,
      })
      .readonly(),
    images: z.strictObject({ probe: z.string().min(1), multus: z.string().min(1) }).readonly(),
  })
  .readonly()
  .superRefine(({ hosts }, context) => {
    for (const role of ["server", "agent"] as const) {
      if (!hosts.some((entry) => entry.role === role)) {
        context.addIssue({ code: "custom", path: ["hosts"], message: `must hold a host of role "${role}"` });
      }
    }
    for (const field of ["name", "address"] as const) {
      const values = hosts.map((entry) => entry[field]);
      const twice = values.filter((value, index) => values.indexOf(value) !== index);
      if (twice.length > 0) {
        context.addIssue({
          code: "custom",
          path: ["hosts"],
          message: `must differ in ${field}, twice: ${twice.join(", ")}`,
        });
      }
    }
  });

/** What `./lab up` knows of a lab's hosts and artifacts, and the stacks of the embedded lab are made from. */
export type LabInventory = z.infer<typeof inventory>;

/** One host of a {@link LabInventory}. */
export type InventoryHost = LabInventory["hosts"][number];

/**
 * Reads the file that LAB_INVENTORY names.
 *
 * @throws RefusedInput with all faults at once, each with file, field and what is allowed.
 */
export function readInventory(path: string | undefined): LabInventory {
  if (path === undefined || path === "") {
    throw new RefusedInput(
      'LAB_INVENTORY must name the inventory file of a lab; run "./lab up", or take the environment of a running lab with: eval "$(./lab env)"',
    );
  }
  return parseInventory(readText(path), path);
}

/**
 * Parses an inventory.
 *
 * @param source - name of the file for messages
 * @throws RefusedInput with all faults at once.
 */
export function parseInventory(text: string, source: string): LabInventory {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RefusedInput(`${source} must be JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = inventory.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${source}: ${path.join(".") || "inventory"}: ${message}`,
  );
  throw new RefusedInput(faults.join("\n"));
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (error) {
    throw new RefusedInput(`LAB_INVENTORY names ${path}, which cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function absolutePath(): z.ZodString {
  return z.string().regex(/^\/[^\0\n]*$/, "must be an absolute path");
}

function label(longest: number): z.ZodString {
  return z
    .string()
    .max(longest, `must have ${longest} characters at most`)
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "must be a DNS-1123 label (a-z, 0-9 and -)");
}

function interfaceName(): z.ZodString {
  return z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, "must be an interface name of 15 characters at most");
}
