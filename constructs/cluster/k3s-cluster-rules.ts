import type { K3sSettings } from "./k3s-cluster";
import { PACKAGED_COMPONENTS, checkArtifact, checkRelease, hasStableCniDirectory } from "./k3s-release";
import { hostAddress, type SshHost } from "./ssh-host";
import { parseAddress, parseSubnet } from "../private/ip-range";
import { cidr } from "../private/ip-rules";
import { dns1123Label, filePath, interfaceName, oneOf, wholeNumber } from "../private/rules";
import type { IConstruct } from "../private/terraform";
import { Faults, type Rule } from "../private/validate";

/** @throws ValidationError with everything that is wrong with the settings of a cluster. */
export function checkK3sCluster(scope: IConstruct, settings: K3sSettings): void {
  const faults = new Faults(scope);
  checkHosts(faults, settings);
  checkRelease(faults, settings.release);
  checkFiles(faults, settings);
  checkNetworks(faults, settings);
  settings.disable.forEach((name, index) => faults.check(`disable[${index}]`, name, packagedComponent));
  settings.tlsSans.forEach((name, index) => faults.check(`tlsSans[${index}]`, name, hostAddress));
  faults
    .check("labName", settings.labName, dns1123Label)
    .check("stateDirectory", settings.stateDirectory, filePath)
    .check("readyTimeoutSeconds", settings.readyTimeoutSeconds, wholeNumber(10, 3600))
    .throwIfAny();
}

const packagedComponent = oneOf(PACKAGED_COMPONENTS);

function checkHosts(faults: Faults, { servers, agents }: K3sSettings): void {
  if (servers.length !== 1) {
    faults.add("servers", servers.length, {
      must: "hold exactly one host",
      use: "one server and any number of agents",
    });
  }
  const hosts = [...fieldsOf("servers", servers), ...fieldsOf("agents", agents)];
  for (const [field, host] of hosts) host.addFaultsTo(faults, field);
  refuseTwins(faults, hosts, "address", ({ address, port }) => `${address} port ${port}`);
  refuseTwins(faults, hosts, "nodeName", ({ nodeName }) => nodeName);
}

function fieldsOf(list: string, hosts: readonly SshHost[]): [string, SshHost][] {
  return hosts.map((host, index) => [`${list}[${index}]`, host]);
}

function refuseTwins(
  faults: Faults,
  hosts: [string, SshHost][],
  field: string,
  keyOf: (host: SshHost) => string,
): void {
  const seen = new Map<string, string>();
  for (const [place, host] of hosts) {
    const key = keyOf(host);
    const twin = seen.get(key);
    if (twin) faults.add(`${place}.${field}`, key, { must: `differ from that of ${twin}`, use: "each host once" });
    else seen.set(key, place);
  }
}

/** What K3s imports by extension, of what `docker save`, `ctr export` and the air-gap archives have (https://docs.k3s.io/installation/airgap). */
const imageArchive: Rule<string> = (value) =>
  /\.(tar|tar\.gz|tgz|tar\.zst)$/.test(value)
    ? undefined
    : { must: "end in .tar, .tar.gz, .tgz or .tar.zst", use: "an archive as `docker save` writes it" };

function checkFiles(faults: Faults, { imageArchives, cniPlugins, release }: K3sSettings): void {
  imageArchives.forEach((archive, index) => {
    checkArtifact(faults, `imageArchives[${index}]`, archive);
    faults.check(`imageArchives[${index}].path`, archive.path, imageArchive);
  });
  if (!cniPlugins) return;
  checkArtifact(faults, "cniPlugins", cniPlugins);
  if (!hasStableCniDirectory(release.version)) {
    faults.add("release.version", release.version, {
      must: "keep its CNI directory over upgrades when cniPlugins are given",
      use: "v1.28.15, v1.29.10, v1.30.6, v1.31.2 or later (https://docs.k3s.io/networking/multus-ipams)",
    });
  }
}

function checkNetworks(
  faults: Faults,
  { clusterCidr, serviceCidr, flannelInterface, servers, agents }: K3sSettings,
): void {
  faults
    .check("clusterCidr", clusterCidr, cidr)
    .check("serviceCidr", serviceCidr, cidr)
    .check("flannelInterface", flannelInterface, interfaceName);
  const networks = [
    ["clusterCidr", clusterCidr, parseSubnet(clusterCidr)],
    ["serviceCidr", serviceCidr, parseSubnet(serviceCidr)],
  ] as const;
  const [[, , cluster], [, , service]] = networks;
  if (cluster && service?.overlaps(cluster)) {
    faults.add("serviceCidr", serviceCidr, {
      must: `not overlap clusterCidr ${clusterCidr}`,
      use: "a network of its own",
    });
  }
  for (const { address } of [...servers, ...agents]) {
    const parsed = parseAddress(address);
    for (const [field, text, network] of networks) {
      if (!parsed || !network?.contains(parsed)) continue;
      faults.add(field, text, { must: `not contain the host ${address}`, use: "a network that no host lies in" });
    }
  }
}
