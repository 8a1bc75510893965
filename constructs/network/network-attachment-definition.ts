import { checkCniConfig, type CniConfig } from "./cni-config";
import { addressesOf, checkConfigOnCluster } from "./cni-config-rules";
import { checkIdentity, ExistingNetwork, type NetworkAttachmentDefinitionAttributes } from "./existing-network";
import type { INetwork, INetworkAttachmentDefinition } from "./network";
import type { ICluster } from "../cluster/cluster";
import type { IMultus } from "../multus/multus";
import type { INamespace } from "../namespace/namespace";
import { asciiJson } from "../private/carried-text";
import { KubernetesObjects } from "../private/kubernetes-objects";
import { nameFromPath, shortened } from "../private/names";
import { Construct, type ITerraformDependable, type TerraformElement } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";
import { checkShape } from "../private/shape";

/** Props of {@link NetworkAttachmentDefinition}. */
export interface NetworkAttachmentDefinitionProps {
  /** The Multus that serves the definition. */
  readonly multus: IMultus;
  /** Namespace of the definition; pods of other namespaces can use it unless Multus isolates namespaces. */
  readonly namespace: INamespace;
  /**
   * Name of the object, a DNS-1123 label.
   *
   * @default made from the construct's path: the id in kebab-case
   */
  readonly networkName?: string;
  /**
   * The CNI configuration: one plugin or a chain. `cniVersion` and `name` are filled in where missing, the name with
   * `<namespace>.<networkName>`, since host-local keeps its addresses on each node by that name.
   */
  readonly config: CniConfig;
  /**
   * Subnets that the pods' addresses lie in, in CIDR notation, so that they can be checked.
   *
   * @default those that host-local's and whereabouts' fields name
   */
  readonly subnets?: readonly string[];
  /**
   * Whether the configuration may hold a default route, which takes the pods' way to Services and DNS.
   *
   * @default false
   */
  readonly takesDefaultRoute?: boolean;
}

const overridePath: Rule<string> = (value) =>
  /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(value) && !value.split(".").includes("__proto__")
    ? undefined
    : { must: "be keys joined by dots", use: 'a path like "ipam.gateway" or "plugins.0.mtu"' };

/**
 * A NetworkAttachmentDefinition with any CNI configuration or chain.
 *
 * @see https://github.com/k8snetworkplumbingwg/multi-net-spec
 */
export class NetworkAttachmentDefinition extends Construct implements INetworkAttachmentDefinition {
  /**
   * A definition that exists in the cluster already; it is left as it is.
   *
   * @throws ValidationError when a value breaks a rule of its field.
   */
  public static fromNetworkName(
    scope: Construct,
    id: string,
    attributes: NetworkAttachmentDefinitionAttributes,
  ): INetwork {
    return new ExistingNetwork(scope, id, attributes);
  }

  public readonly networkName: string;
  public readonly namespace: INamespace;
  public readonly subnets: readonly string[];
  public readonly takesDefaultRoute: boolean;
  public readonly ready: ITerraformDependable[];
  /** The Helm release that carries the object; where the cluster's operator makes it, the step that tells it to. */
  public readonly resource: TerraformElement;
  private readonly overrides: { path: string[]; value: unknown }[] = [];

  /** @throws ValidationError when a value breaks a rule of its field, or another definition of the cluster has the name. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkAttachmentDefinitionProps,
  ) {
    super(scope, id);
    checkShape(this, "NetworkAttachmentDefinitionProps", props);
    this.namespace = props.namespace;
    this.networkName = props.networkName ?? nameFromPath(this);
    this.checkProps();
    const addresses = addressesOf(props.config);
    this.subnets = props.subnets ?? addresses.subnets;
    this.takesDefaultRoute = addresses.takesDefaultRoute;
    const resource = this.put();
    this.resource = resource;
    this.ready = [resource];
  }

  /** {@inheritDoc INetworkAttachmentDefinition.nameOn} */
  public nameOn(): string {
    return this.networkName;
  }

  /**
   * Sets one value of the CNI configuration, also one that this library does not know. The value is not checked.
   *
   * @param path keys joined by dots, list elements by their index: `ipam.gateway`, `plugins.0.mtu`
   * @param value anything that JSON can hold
   * @throws ValidationError when the path is not of that form.
   */
  public addCniOverride(path: string, value: unknown): void {
    checkShape(this, "NetworkAttachmentDefinition.addCniOverride(path)", path, "path");
    checkShape(this, "NetworkAttachmentDefinition.addCniOverride(value)", value, "value");
    new Faults(this).check("path", path, overridePath).throwIfAny();
    this.overrides.push({ path: path.split("."), value });
  }

  private checkProps(): void {
    const { multus, namespace, config } = this.props;
    const faults = checkIdentity(new Faults(this), this.networkName, this.props.subnets ?? []);
    checkCniConfig(faults, config);
    checkConfigOnCluster(faults, config, multus.cluster, this.props.takesDefaultRoute ?? false);
    if (namespace.cluster !== multus.cluster) {
      const use = "a namespace and a Multus of the same cluster";
      faults.add("namespace", namespace.namespaceName, { must: "lie in the cluster that Multus runs on", use });
    }
    const taken = namesIn(multus.cluster);
    const name = `${namespace.namespaceName}/${this.networkName}`;
    if (taken.has(name)) faults.add("networkName", name, { must: "be used once in a namespace", use: "another name" });
    faults.throwIfAny();
    taken.add(name);
  }

  private put(): TerraformElement & ITerraformDependable {
    const { networkName } = this;
    const { multus, namespace } = this.props;
    const { namespaceName } = namespace;
    const dependsOn = [...namespace.ready, ...multus.ready];
    // Read at synth, after the last override.
    const config = () => asciiJson(this.cniConfig());
    if (multus.putDefinition) return multus.putDefinition(this, { networkName, namespaceName, config, dependsOn });
    const manifest = {
      apiVersion: "k8s.cni.cncf.io/v1",
      kind: "NetworkAttachmentDefinition",
      metadata: { name: networkName, namespace: namespaceName },
      spec: { config: { toJSON: config } },
    };
    return new KubernetesObjects(this, "Objects", {
      cluster: multus.cluster,
      releaseName: shortened(`nad-${networkName}`, 53),
      namespaceName,
      objects: [manifest],
      dependsOn,
    }).resource;
  }

  private cniConfig(): Record<string, unknown> {
    const name = `${this.namespace.namespaceName}.${this.networkName}`;
    const config: Record<string, unknown> = { cniVersion: "1.0.0", name, ...structuredClone(this.props.config) };
    this.overrides.forEach(({ path, value }) => setPath(config, path, value));
    return config;
  }
}

const namesByCluster = new WeakMap<ICluster, Set<string>>();

function namesIn(cluster: ICluster): Set<string> {
  const names = namesByCluster.get(cluster) ?? new Set<string>();
  namesByCluster.set(cluster, names);
  return names;
}

function setPath(config: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    config[key] = value;
    return;
  }
  if (typeof config[key] !== "object" || config[key] === null) config[key] = {};
  setPath(config[key] as Record<string, unknown>, rest, value);
}
