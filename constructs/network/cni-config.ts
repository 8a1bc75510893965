import type { Faults, Rule } from "../private/validate";

/** One CNI plugin's configuration; `type` names the plugin (https://www.cni.dev/docs/spec/#section-1-network-configuration-format). */
export interface CniPluginConfig {
  /** Name of the plugin's program in the nodes' CNI binary directory. */
  readonly type: string;
  /** Anything else that the plugin takes. */
  readonly [key: string]: unknown;
}

/** A CNI network: a single plugin, or a chain of them. */
export type CniConfig = CniPluginConfig | CniPluginChain;

/** Plugins that are run one after another, each on the result of the one before it. */
export interface CniPluginChain {
  /**
   * Name of the network.
   *
   * @default `<namespace>.<networkName>` of the definition
   */
  readonly name?: string;
  /** The chain, first plugin first. */
  readonly plugins: readonly CniPluginConfig[];
  /** Anything else that the CNI specification knows for a chain, like `disableCheck`. */
  readonly [key: string]: unknown;
}

/** Version of the CNI specification that a configuration is written in. */
export const cniVersion: Rule<string> = (value) =>
  /^(0\.[1-4]\.[0-9]|1\.[01]\.0)$/.test(value)
    ? undefined
    : { must: "be a version of the CNI specification", use: '"1.0.0", or "0.3.1" for plugins older than 1.0' };

/** A plugin is looked up by this name in a directory; a path separator would leave it. */
export const pluginName: Rule<string> = (value) =>
  typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(value)
    ? undefined
    : { must: "be the name of a CNI plugin", use: 'the file name of a plugin like "macvlan" or "host-local"' };

/** libcni's own rule for network names (github.com/containernetworking/cni pkg/utils `ValidateNetworkName`). */
const cniNetworkName: Rule<string> = (value) =>
  typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(value)
    ? undefined
    : { must: "be a CNI network name", use: "letters, digits, dot, - and _, starting with a letter or digit" };

/** Whether a configuration is a chain. */
export function isChain(config: CniConfig): config is CniPluginChain {
  return Array.isArray(config.plugins);
}

/** The plugins of a configuration, in the order in which they are run. */
export function pluginsOf(config: CniConfig): readonly CniPluginConfig[] {
  return isChain(config) ? config.plugins : [config];
}

/** Adds what is wrong with a configuration as a whole; what a plugin's own fields may hold is the plugin's business. */
export function checkCniConfig(faults: Faults, config: CniConfig): void {
  const plugins = pluginsOf(config);
  if (plugins.length === 0) {
    faults.add("config.plugins", plugins, {
      must: "name at least one plugin",
      use: 'a plugin like { type: "macvlan" }',
    });
  }
  plugins.forEach(({ type }, index) => {
    faults.check(isChain(config) ? `config.plugins[${index}].type` : "config.type", type ?? "", pluginName);
  });
  faults.check("config.cniVersion", config.cniVersion as string | undefined, cniVersion);
  faults.check("config.name", config.name as string | undefined, cniNetworkName);
  checkJson(faults, config);
}

function checkJson(faults: Faults, config: CniConfig): void {
  const wrong = firstNonJson(config, "config");
  if (wrong)
    faults.add(wrong, undefined, {
      must: "be plain JSON",
      use: "strings, finite numbers, booleans, null, lists and objects",
    });
}

function firstNonJson(value: unknown, path: string): string | undefined {
  if (value === null || value === undefined || ["string", "boolean"].includes(typeof value)) return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : path;
  if (typeof value !== "object") return path;
  for (const [key, member] of Object.entries(value)) {
    const wrong = firstNonJson(member, `${path}.${key}`);
    if (wrong) return wrong;
  }
  return undefined;
}
