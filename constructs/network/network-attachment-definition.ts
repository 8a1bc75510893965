import { checkCniConfig, type CniConfig } from "./cni-config";
import type { INetworkAttachmentDefinition } from "./network";
import type { IMultus } from "../multus/multus";
import type { INamespace } from "../namespace/namespace";
import { asciiJson } from "../private/carried-text";
import { cidr } from "../private/ip-rules";
import { KubernetesObjects } from "../private/kubernetes-objects";
import { nameFromPath, shortened } from "../private/names";
import { dns1123Label } from "../private/rules";
import { Construct, TerraformStack, type ITerraformDependable, type TerraformElement } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";

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
   * @default not known
   */
  readonly subnets?: readonly string[];
}

/** How an existing definition is named to {@link NetworkAttachmentDefinition.fromName}. */
export interface NetworkAttachmentDefinitionAttributes {
  /** Namespace of the definition. */
  readonly namespace: INamespace;
  /** Name of the object, a DNS-1123 label. */
  readonly networkName: string;
  /**
   * Subnets that the pods' addresses lie in, in CIDR notation, so that they can be checked.
   *
   * @default not known
   */
  readonly subnets?: readonly string[];
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
   * A definition that exists in the cluster already.
   *
   * @throws ValidationError when a value breaks a rule of its field.
   */
  public static fromName(
    scope: Construct,
    id: string,
    attributes: NetworkAttachmentDefinitionAttributes,
  ): INetworkAttachmentDefinition {
    const imported = new ImportedDefinition(scope, id, attributes);
    checkIdentity(new Faults(imported), attributes.networkName, attributes.subnets).throwIfAny();
    return imported;
  }

  public readonly networkName: string;
  public readonly namespace: INamespace;
  public readonly subnets: readonly string[];
  public readonly ready: ITerraformDependable[];
  /** The Helm release that carries the object. */
  public readonly resource: TerraformElement;
  private readonly overrides: { path: string[]; value: unknown }[] = [];

  /** @throws ValidationError when a value breaks a rule of its field, or another definition of the stack has the name. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: NetworkAttachmentDefinitionProps,
  ) {
    super(scope, id);
    const { multus, namespace } = props;
    this.namespace = namespace;
    this.networkName = props.networkName ?? nameFromPath(this);
    this.subnets = props.subnets ?? [];
    this.checkProps();
    const objects = new KubernetesObjects(this, "Objects", {
      cluster: multus.cluster,
      releaseName: shortened(`nad-${this.networkName}`, 53),
      namespaceName: namespace.namespaceName,
      objects: [this.manifest()],
      dependsOn: [...namespace.ready, ...multus.ready],
    });
    this.resource = objects.resource;
    this.ready = [objects.resource];
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
    new Faults(this).check("path", path, overridePath).throwIfAny();
    this.overrides.push({ path: path.split("."), value });
  }

  private checkProps(): void {
    const { multus, namespace, config } = this.props;
    const faults = checkIdentity(new Faults(this), this.networkName, this.subnets);
    checkCniConfig(faults, config);
    if (namespace.cluster !== multus.cluster) {
      const use = "a namespace and a Multus of the same cluster";
      faults.add("namespace", namespace.namespaceName, { must: "lie in the cluster that Multus runs on", use });
    }
    const taken = namesOf(this);
    const name = `${namespace.namespaceName}/${this.networkName}`;
    const key = `${multus.cluster.node.path} ${name}`;
    if (taken.has(key)) faults.add("networkName", name, { must: "be used once in a namespace", use: "another name" });
    faults.throwIfAny();
    taken.add(key);
  }

  private manifest() {
    return {
      apiVersion: "k8s.cni.cncf.io/v1",
      kind: "NetworkAttachmentDefinition",
      metadata: { name: this.networkName, namespace: this.namespace.namespaceName },
      // Read at synth, after the last override.
      spec: { config: { toJSON: () => asciiJson(this.cniConfig()) } },
    };
  }

  private cniConfig(): Record<string, unknown> {
    const name = `${this.namespace.namespaceName}.${this.networkName}`;
    const config: Record<string, unknown> = { cniVersion: "1.0.0", name, ...structuredClone(this.props.config) };
    this.overrides.forEach(({ path, value }) => setPath(config, path, value));
    return config;
  }
}

class ImportedDefinition extends Construct implements INetworkAttachmentDefinition {
  public readonly networkName: string;
  public readonly namespace: INamespace;
  public readonly subnets: readonly string[];
  public readonly ready: ITerraformDependable[] = [];

  public constructor(scope: Construct, id: string, attributes: NetworkAttachmentDefinitionAttributes) {
    super(scope, id);
    this.networkName = attributes.networkName;
    this.namespace = attributes.namespace;
    this.subnets = attributes.subnets ?? [];
  }

  public nameOn(): string {
    return this.networkName;
  }
}

const namesByStack = new WeakMap<TerraformStack, Set<string>>();

function namesOf(scope: Construct): Set<string> {
  const stack = TerraformStack.of(scope);
  const names = namesByStack.get(stack) ?? new Set<string>();
  namesByStack.set(stack, names);
  return names;
}

function checkIdentity(faults: Faults, networkName: string, subnets: readonly string[] = []): Faults {
  faults.check("networkName", networkName, dns1123Label);
  subnets.forEach((subnet, index) => faults.check(`subnets[${index}]`, subnet, cidr));
  return faults;
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
