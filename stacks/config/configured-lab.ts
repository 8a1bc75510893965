import * as path from "node:path";
import type { ICluster } from "../../constructs/cluster/cluster";
import { OpenShiftCluster } from "../../constructs/openshift/openshift-cluster";
import { ExistingCluster } from "../../constructs/cluster/existing-cluster";
import { SshHost } from "../../constructs/cluster/ssh-host";
import type { Construct } from "../../constructs/private/terraform";
import { ValidationError } from "../../constructs/private/validate";
import { ClusterStack } from "../cluster-stack";
import { faultsOfConstruct } from "./construct-faults";
import { ConfigDocument } from "./document";
import { readConfigText } from "./file-text";
import { faultsOf, knownKeys } from "./issues";
import { READY_LABS } from "./labs";
import type { SshHostEntry } from "./plain";
import { labConfigSchema, type LabConfig } from "./schema";

/**
 * The stacks that a configuration file describes: the lab's, named like it, and `cluster` below it where the file asks for a cluster to be made.
 *
 * @throws ConfigError with what is wrong in the file, each fault with its line.
 */
export function configuredLab(scope: Construct, file: string): void {
  const document = new ConfigDocument(file, readConfigText(file));
  const directory = path.dirname(path.resolve(file));
  const parsed = labConfigSchema(directory).safeParse(document.value, { error: knownKeys });
  if (!parsed.success) throw document.error(faultsOf(document, parsed.error.issues));
  const name = parsed.data.name ?? nameOf(file);
  const stateDirectory = parsed.data.stateDirectory ?? path.join(directory, ".lab", name);
  try {
    addStacks(scope, parsed.data, { labName: name, stateDirectory });
  } catch (error) {
    if (error instanceof ValidationError) throw document.error(faultsOfConstruct(document, error));
    throw error;
  }
}

interface Place {
  readonly labName: string;
  readonly stateDirectory: string;
}

function addStacks(scope: Construct, config: LabConfig, place: Place): void {
  const { lab, cluster } = config;
  const clusterStack = clusterStackOf(scope, cluster, place);
  const statePath = path.join(place.stateDirectory, `${lab}.tfstate`);
  const basics = { cluster: clusterStack?.cluster ?? existingCluster(scope, cluster), statePath };
  const labStack = READY_LABS[lab]?.build(scope, lab, basics, config);
  if (clusterStack) labStack?.addDependency(clusterStack);
}

/** The stack of a cluster that is made; one that exists needs none. */
function clusterStackOf(scope: Construct, { k3s }: LabConfig["cluster"], place: Place) {
  const statePath = path.join(place.stateDirectory, "cluster.tfstate");
  if (!k3s) return undefined;
  const agents = k3s.agents?.map(sshHost);
  const props = { ...k3s, ...place, statePath, servers: k3s.servers.map(sshHost), agents };
  return new ClusterStack(scope, "cluster", props);
}

function existingCluster(scope: Construct, { openshift, existing }: LabConfig["cluster"]): ICluster {
  if (openshift) return OpenShiftCluster.fromKubeconfig(scope, "cluster", openshift);
  if (!existing) throw new Error("the schema asks for one kind of cluster");
  return ExistingCluster.fromKubeconfig(scope, "cluster", existing);
}

function sshHost({ address, ...options }: SshHostEntry): SshHost {
  return SshHost.of(address, options);
}

/** The file's name without its ending, as a label. */
function nameOf(file: string): string {
  const label = path
    .parse(file)
    .name.toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40);
  return label.replace(/^-+|-+$/g, "") || "lab";
}
