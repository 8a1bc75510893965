/** The two apps that `bench/synth` compares: one of the library, and one by hand that writes the same JSON. */
import * as fs from "node:fs";
import * as path from "node:path";
import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DaemonSetV1 } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { PodV1 } from "@cdktf/provider-kubernetes/lib/pod-v1";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { Release } from "@cdktf/provider-helm/lib/release";
import {
  ExistingCluster,
  Ipam,
  MacvlanNetwork,
  MulticastCheck,
  MulticastGroup,
  MulticastNamespace,
  Multus,
} from "../constructs";
import { App, LocalBackend, TerraformStack, type TerraformResource } from "../constructs/private/terraform";

const STACK = "lab";

/** The synthesised JSON of one of these apps. */
export function jsonFile(outdir: string): string {
  return path.join(outdir, "stacks", STACK, "cdk.tf.json");
}

/** A lab of so many networks, each with its check. */
export function libraryApp(outdir: string, networks: number): void {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, STACK);
  new LocalBackend(stack, { path: "lab.tfstate" });
  const cluster = ExistingCluster.fromKubeconfig(stack, "Cluster", {
    kubeconfigPath: "/etc/kubeconfig",
    distribution: "k3s",
    nodes: [
      { name: "server", role: "server" },
      { name: "agent", role: "agent" },
    ],
    clusterCidrs: ["10.42.0.0/16"],
    serviceCidrs: ["10.43.0.0/16"],
    managementInterfaces: ["eth0"],
  });
  const multus = new Multus(stack, "Multus", { cluster });
  const namespace = new MulticastNamespace(stack, "Media", { cluster, namespaceName: "media" });
  for (let index = 0; index < networks; index += 1) {
    const subnet = `172.${16 + Math.floor(index / 250)}.${index % 250}.0/24`;
    const ipam = Ipam.hostLocal({ subnet });
    // All on one interface: each range is held against all others.
    const network = new MacvlanNetwork(stack, `Plane${index}`, { multus, namespace, master: "eth1", ipam });
    const group = MulticastGroup.of("239.1.1.1", { port: 5004 });
    new MulticastCheck(stack, `Check${index}`, { network, group });
  }
  app.synth();
}

type Block = Record<string, unknown>;
type ResourceClass = new (scope: TerraformStack, id: string, config: never) => TerraformResource;

const classes = [
  ClusterRoleBindingV1,
  ClusterRoleV1,
  ConfigMapV1,
  DaemonSetV1,
  NamespaceV1,
  PodV1,
  Release,
  RoleBindingV1,
  RoleV1,
  ServiceAccountV1,
];
const classOf = new Map(classes.map((each) => [each.tfResourceType, each]));

/** Resources as somebody would write them by hand, with their names in the JSON. */
export interface PlainResource {
  readonly type: string;
  readonly id: string;
  readonly config: Block;
  /** What it depends on, as `type.id`. */
  readonly dependsOn?: readonly string[];
}

/** Reads what another app has written. This is no part of what is measured. */
export function plainResources(file: string): PlainResource[] {
  const { resource } = JSON.parse(fs.readFileSync(file, "utf8")) as { resource: Record<string, Record<string, Block>> };
  return Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([id, { depends_on: dependsOn, ...block }]) => ({
      type,
      id,
      config: configOf(block),
      dependsOn: dependsOn as string[] | undefined,
    })),
  );
}

/** The same resources by the providers' own classes, each told what it depends on, and nothing else. */
export function plainApp(outdir: string, resources: readonly PlainResource[]): void {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, STACK);
  new LocalBackend(stack, { path: "lab.tfstate" });
  const access = { configPath: "/etc/kubeconfig" };
  const providers = {
    kubernetes: new KubernetesProvider(stack, "Kubernetes", access),
    helm: new HelmProvider(stack, "Helm", { kubernetes: access }),
  };
  const made = new Map<string, TerraformResource>();
  const byName = new Map(resources.map((resource) => [`${resource.type}.${resource.id}`, resource]));
  const make = (name: string): TerraformResource => {
    const known = made.get(name);
    if (known) return known;
    const resource = byName.get(name);
    const Resource = classOf.get(resource?.type ?? "") as ResourceClass | undefined;
    if (!resource || !Resource) throw new Error(`there is no binding of ${name}`);
    const { type, id, config, dependsOn } = resource;
    const provider = type === "helm_release" ? providers.helm : providers.kubernetes;
    const block = new Resource(stack, id, { ...config, provider, dependsOn: dependsOn?.map(make) } as never);
    made.set(name, block);
    return block;
  };
  [...byName.keys()].forEach(make);
  app.synth();
}

/** Attributes whose keys are the user's own. */
const maps = new Set(["annotations", "data", "labels", "limits", "match_labels", "node_selector", "requests"]);

function configOf({ "//": _, provider: __, ...block }: Block): Block {
  return camel(block) as Block;
}

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      maps.has(key) ? member : camel(member),
    ]),
  );
}
