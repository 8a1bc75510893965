import type { K3sClusterProps, K3sSettings } from "./k3s-cluster-props";
import { checkConfigKeys } from "./k3s-config-keys";
import { checkNetworks, hostsOf } from "./k3s-networks";
import { checkRegistries } from "./k3s-registries";
import { PACKAGED_COMPONENTS, checkArtifact, checkRelease, hasStableCniDirectory } from "./k3s-release";
import { hostAddress, type SshHost } from "./ssh-host";
import { dns1123Label, filePath, oneOf, wholeNumber } from "../private/rules";
import type { IConstruct } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";

/** @throws ValidationError with everything that is wrong with the settings of a cluster. */
export function checkK3sCluster(scope: IConstruct, settings: K3sSettings, { stateDirectory }: K3sClusterProps): void {
  const faults = new Faults(scope);
  checkHosts(faults, settings);
  checkRelease(faults, settings.release);
  checkFiles(faults, settings);
  checkNetworks(faults, settings);
  checkRegistries(faults, settings.registries);
  checkConfigKeys(faults, "serverConfig", settings.serverConfig, "server", settings.release.version);
  checkConfigKeys(faults, "agentConfig", settings.agentConfig, "agent", settings.release.version);
  settings.disable.forEach((name, index) => faults.check(`disable[${index}]`, name, packagedComponent));
  settings.tlsSans.forEach((name, index) => faults.check(`tlsSans[${index}]`, name, hostAddress));
  faults
    .check("labName", settings.labName, dns1123Label)
    .check("stateDirectory", stateDirectory, filePath)
    .check("readyTimeoutSeconds", settings.readyTimeoutSeconds, wholeNumber(10, 3600))
    .throwIfAny();
}

const packagedComponent = oneOf(PACKAGED_COMPONENTS);

function checkHosts(faults: Faults, settings: K3sSettings): void {
  const { servers } = settings;
  if (servers.length % 2 === 0 || servers.length > 7) {
    faults.add("servers", servers.length, {
      must: "hold an odd number of hosts, at most seven: the etcd on them needs a majority, and one more of them than needed for it survives no more failures",
      use: "one server, or three (https://docs.k3s.io/datastore/ha-embedded)",
    });
  }
  const hosts = hostsOf(settings);
  for (const [field, host] of hosts) host.addFaultsTo(faults, field);
  refuseTwins(faults, hosts, "address", ({ address, port }) => [`${address} port ${port}`]);
  refuseTwins(faults, hosts, "nodeName", ({ nodeName }) => [nodeName]);
  refuseTwins(faults, hosts, "nodeIps", ({ nodeIps }) => nodeIps);
}

function refuseTwins(
  faults: Faults,
  hosts: [string, SshHost][],
  field: string,
  keysOf: (host: SshHost) => readonly string[],
): void {
  const seen = new Map<string, string>();
  for (const [place, host] of hosts) {
    for (const key of keysOf(host)) {
      const twin = seen.get(key);
      if (twin) faults.add(`${place}.${field}`, key, { must: `differ from that of ${twin}`, use: "each host once" });
      else seen.set(key, place);
    }
  }
}

/** What K3s imports by extension, of what `docker save`, `ctr export` and the air-gap archives have (https://docs.k3s.io/installation/airgap). */
const imageArchive: Rule<string> = (value) =>
  /\.(tar|tar\.gz|tgz|tar\.zst)$/.test(value)
    ? undefined
    : { must: "end in .tar, .tar.gz, .tgz or .tar.zst", use: "an archive as `docker save` writes it" };

/** The hosts unpack by `tar -xz`. */
const pluginArchive: Rule<string> = (value) =>
  /\.(tgz|tar\.gz)$/.test(value)
    ? undefined
    : {
        must: "end in .tgz or .tar.gz",
        use: "the archive of a release (https://github.com/containernetworking/plugins/releases)",
      };

function checkFiles(faults: Faults, { imageArchives, cniPlugins, release, flannelBackend }: K3sSettings): void {
  imageArchives.forEach((archive, index) => checkArtifact(faults, `imageArchives[${index}]`, archive, imageArchive));
  if (!cniPlugins) return;
  checkArtifact(faults, "cniPlugins", cniPlugins, pluginArchive);
  if (flannelBackend !== "none" && !hasStableCniDirectory(release.version)) {
    faults.add("release.version", release.version, {
      must: "keep its CNI directory over upgrades when cniPlugins are given",
      use: "v1.28.15, v1.29.10, v1.30.6, v1.31.2 or later (https://docs.k3s.io/networking/multus-ipams)",
    });
  }
}
