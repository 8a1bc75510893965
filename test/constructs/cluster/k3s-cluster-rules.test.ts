import { host } from "./hosts";
import { digest } from "./steps";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const server = host("192.0.2.11", { nodeName: "server" });
const agent = host("192.0.2.12", { nodeName: "agent" });
const hosts = (count: number) => Array.from({ length: count }, (_, index) => host(`192.0.2.${101 + index}`));

describe("rules", () => {
  const binary = { path: "/cache/k3s", sha256: digest("a") };
  const cniPlugins = { path: "/cache/cni.tgz", sha256: digest("c") };
  const cases: [string, string, Partial<K3sClusterProps>][] = [
    ["there is no server", "servers must hold an odd number of hosts", { servers: [] }],
    ["there are two servers", "servers must hold an odd number of hosts", { servers: [server, agent] }],
    ["there are nine servers", "servers must hold an odd number of hosts, at most seven", { servers: hosts(9) }],
    [
      "a host is given twice",
      "agents[0].address must differ from that of servers[0]",
      { agents: [host("192.0.2.11")] },
    ],
    [
      "a node name is given twice",
      "agents[0].nodeName must differ",
      { agents: [host("192.0.2.12", { nodeName: "server" })] },
    ],
    ["a host is malformed", "agents[0].port must be a whole number", { agents: [host("192.0.2.12", { port: 0 })] }],
    ["the version is not K3s'", "release.version must be a K3s version", { release: { version: "1.34.4", binary } }],
    [
      "the digest is short",
      "release.binary.sha256 must",
      { release: { version: "v1.34.4+k3s1", binary: { ...binary, sha256: "ab" } } },
    ],
    [
      "the program is not on a web server",
      "release.binary.url must",
      { release: { version: "v1.34.4+k3s1", binary: { url: "ftp://example.com/k3s", sha256: digest("a") } } },
    ],
    [
      "an address holds a password",
      "release.binary.url must be an https or http address without user",
      { release: { version: "v1.34.4+k3s1", binary: { url: "https://u:p@example.com/k3s", sha256: digest("a") } } },
    ],
    [
      "an image archive on a web server has another ending",
      "imageArchives[0].url must end in",
      { imageArchives: [{ url: "https://example.com/a.zip", sha256: digest("b") }] },
    ],
    ["the plugins are no .tgz", "cniPlugins.path must end in", { cniPlugins: { path: "/a.zip", sha256: digest("b") } }],
    [
      "an image archive has another ending",
      "imageArchives[0].path must end in",
      { imageArchives: [{ path: "/a.zip", sha256: digest("b") }] },
    ],
    [
      "an image archive has no digest",
      "imageArchives[0].sha256 must",
      { imageArchives: [{ path: "/a.tar", sha256: "" }] },
    ],
    ["the plugins have no digest", "cniPlugins.sha256 must", { cniPlugins: { path: "/a.tgz", sha256: "" } }],
    [
      "the release moves its CNI directory",
      "release.version must keep its CNI directory",
      { cniPlugins, release: { version: "v1.31.1+k3s1", binary } },
    ],
    ["a component is unknown", "disable[0] must be one of", { disable: ["treafik"] }],
    ["a name is none", "tlsSans[0] must be an IP address or a DNS name", { tlsSans: ["a b"] }],
    ["the lab's name is none", "labName must be a DNS-1123 label", { labName: "My Lab" }],
    ["the wait is too short", "readyTimeoutSeconds must be a whole number from 10 to 3600", { readyTimeoutSeconds: 9 }],
  ];
  test.each(cases)("fails if %s", (_, fault, props) => {
    const faults = faultsOf(() => new K3sCluster(newStack(), "Cluster", { servers: [server], ...props }));
    expect(faults).toContainEqual(expect.stringContaining(`[lab/Cluster] ${fault}`));
  });
  test("all faults are told at once", () => {
    const wrong: K3sClusterProps = { servers: [], disable: ["x"], labName: "", clusterCidrs: ["x"] };
    expect(faultsOf(() => new K3sCluster(newStack(), "Cluster", wrong))).toHaveLength(4);
  });
});
