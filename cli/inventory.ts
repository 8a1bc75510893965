import { sha256Of, type Artifacts } from "../embedded/artifacts";
import { readHostKey, type Lab } from "../embedded/hosts";
import { parseInventory, type LabInventory } from "../stacks/lab-inventory";
import { LabError } from "./errors";
import { labFiles } from "./lab-files";
import { writeWhole } from "./whole-file";

/** Writes what the stacks need to know of a lab's hosts and artifacts. */
export async function writeInventory(lab: Lab, stack: string, artifacts: Artifacts): Promise<void> {
  const files = labFiles(lab);
  const text = `${JSON.stringify(await inventoryOf(lab, stack, artifacts), undefined, 2)}\n`;
  parseInventory(text, files.inventory);
  await writeWhole(files.inventory, text);
}

async function inventoryOf(lab: Lab, stack: string, artifacts: Artifacts): Promise<LabInventory> {
  const { k3s, "cni-plugins": cniPlugins, "image-multus": multus, "image-probe": probe } = artifacts;
  const archives = [...(k3s.imageArchives ?? []), multus.path, probe.path].filter((path) => path !== "");
  const hosts = lab.hosts.map(async (host) => ({
    name: host.name,
    role: host.role,
    address: host.address,
    port: 22,
    user: "root",
    privateKeyPath: lab.privateKeyPath,
    hostKey: await readHostKey(lab, host),
    managementInterface: host.managementInterface,
    dataInterfaces: host.dataInterfaces,
    clusterInterface: host.clusterNic?.interface,
  }));
  return {
    labName: lab.name,
    stack,
    stateDirectory: labFiles(lab).state,
    hosts: await Promise.all(hosts),
    dataSubnet: lab.dataSubnet,
    clusterNetwork: lab.clusterNetwork,
    k3s: {
      version: k3s.version,
      binary: { path: k3s.path, sha256: k3s.sha256 },
      imageArchives: await Promise.all(archives.map(async (path) => ({ path, sha256: await sha256Of(path) }))),
      cniPlugins: { path: cniPlugins.path, sha256: cniPlugins.sha256 },
    },
    images: { probe: referenceOf(probe), multus: referenceOf(multus) },
  };
}

/** @throws LabError when the hosts of a lab without a way out would have to pull an image. */
export function requireArchives(artifacts: Artifacts): void {
  for (const { name, path, reference } of [artifacts["image-multus"], artifacts["image-probe"]]) {
    if (path !== "") continue;
    throw new LabError(
      `the hosts of this lab reach no registry, and ${name} is to be pulled from one (${reference}); ` +
        "put its archive into a directory that LAB_BUNDLE names, or set LAB_OFFLINE=1 for a stand-in",
    );
  }
}

function referenceOf({ name, reference }: Artifacts["image-probe"]): string {
  if (reference === undefined) throw new LabError(`${name} has no image reference`);
  return reference;
}
