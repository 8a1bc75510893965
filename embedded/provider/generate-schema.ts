/**
 * Writes `schema/kubernetes.json` and `schema/helm.json`, the schemas that the embedded providers serve, from the npm
 * bindings: `node --import tsx embedded/provider/generate-schema.ts`. A test fails when they are out of date.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { deriveBlock, type Attribute, type Block, type Nesting } from "./derive-schema";
import { OVERRIDES, type Override } from "./schema-overrides";

/** A schema as `terraform providers schema -json` prints it, without the descriptions. */
export interface VersionedBlock {
  version: number;
  block: Block;
}

/** One provider's schemas. */
export interface ProviderSchema {
  provider: VersionedBlock;
  resource_schemas: { [type: string]: VersionedBlock };
  data_source_schemas: { [type: string]: VersionedBlock };
}

/** Directory of the binding, class, Terraform's type and the schema version of the real provider. */
type Binding = readonly [directory: string, className: string, type: string, version: number];

interface Source {
  readonly packageName: string;
  readonly providerClass: string;
  readonly nesting: Nesting;
  readonly resources: readonly Binding[];
  readonly dataSources: readonly Binding[];
}

const SOURCES: { readonly [name: string]: Source } = {
  kubernetes: {
    packageName: "@cdktf/provider-kubernetes",
    providerClass: "KubernetesProvider",
    nesting: "blocks",
    resources: [
      ["annotations", "Annotations", "kubernetes_annotations", 0],
      ["cluster-role-binding-v1", "ClusterRoleBindingV1", "kubernetes_cluster_role_binding_v1", 0],
      ["cluster-role-v1", "ClusterRoleV1", "kubernetes_cluster_role_v1", 0],
      ["config-map-v1", "ConfigMapV1", "kubernetes_config_map_v1", 0],
      ["daemon-set-v1", "DaemonSetV1", "kubernetes_daemon_set_v1", 1],
      ["deployment-v1", "DeploymentV1", "kubernetes_deployment_v1", 1],
      ["job-v1", "JobV1", "kubernetes_job_v1", 1],
      ["labels", "Labels", "kubernetes_labels", 0],
      ["namespace-v1", "NamespaceV1", "kubernetes_namespace_v1", 0],
      ["network-policy-v1", "NetworkPolicyV1", "kubernetes_network_policy_v1", 0],
      ["pod-v1", "PodV1", "kubernetes_pod_v1", 1],
      ["role-binding-v1", "RoleBindingV1", "kubernetes_role_binding_v1", 0],
      ["role-v1", "RoleV1", "kubernetes_role_v1", 0],
      ["secret-v1", "SecretV1", "kubernetes_secret_v1", 0],
      ["service-account-v1", "ServiceAccountV1", "kubernetes_service_account_v1", 0],
      ["service-v1", "ServiceV1", "kubernetes_service_v1", 1],
      ["stateful-set-v1", "StatefulSetV1", "kubernetes_stateful_set_v1", 1],
    ],
    dataSources: [["data-kubernetes-resource", "DataKubernetesResource", "kubernetes_resource", 1]],
  },
  helm: {
    packageName: "@cdktf/provider-helm",
    providerClass: "HelmProvider",
    nesting: "attributes",
    resources: [["release", "Release", "helm_release", 2]],
    dataSources: [],
  },
};

/** The schemas of all providers, by provider name, derived from the bindings that are installed. */
export function deriveSchemas(): { [provider: string]: ProviderSchema } {
  return Object.fromEntries(Object.entries(SOURCES).map(([name, source]) => [name, deriveProvider(name, source)]));
}

/** Where a provider's checked-in schema lies. */
export function schemaPath(provider: string): string {
  return path.join(__dirname, "schema", `${provider}.json`);
}

/** The text of a provider's schema file. */
export function schemaText(schema: ProviderSchema): string {
  return `${JSON.stringify(schema, undefined, 1)}\n`;
}

function deriveProvider(name: string, source: Source): ProviderSchema {
  const library = path.dirname(require.resolve(`${source.packageName}/package.json`));
  const derive = (directory: string, className: string): Block =>
    deriveBlock(path.join(library, "lib", directory), className, source.nesting);
  const blocks = (bindings: readonly Binding[]): { [type: string]: VersionedBlock } =>
    Object.fromEntries(
      bindings.map(([directory, className, type, version]) => [type, { version, block: derive(directory, className) }]),
    );
  const schema: ProviderSchema = {
    provider: { version: 0, block: derive("provider", source.providerClass) },
    resource_schemas: blocks(source.resources),
    data_source_schemas: blocks(source.dataSources),
  };
  for (const override of OVERRIDES[name] ?? []) applyOverride(schema, override);
  return schema;
}

function applyOverride(schema: ProviderSchema, { at, set }: Override): void {
  let node: unknown = schema;
  for (const key of at) node = (node as { [key: string]: unknown } | undefined)?.[key];
  if (typeof node !== "object" || node === null) throw new Error(`override matches nothing: ${at.join(".")}`);
  Object.assign(node as Attribute, set);
}

if (require.main === module) {
  for (const [name, schema] of Object.entries(deriveSchemas())) fs.writeFileSync(schemaPath(name), schemaText(schema));
}
