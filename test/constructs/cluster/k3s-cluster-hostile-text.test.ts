import { host, HOSTILE_TEXTS } from "./hosts";
import { digest, stepsOf, valuesOf } from "./steps";
import { K3sCluster } from "../../../constructs/cluster/k3s-cluster";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
import { faultsOf } from "../../helpers/faults";
import { newStack } from "../../helpers/synth";

const server = host("192.0.2.11", { nodeName: "server" });

describe("hostile text", () => {
  const build = (props: Partial<K3sClusterProps>) => () =>
    new K3sCluster(newStack(), "Cluster", { servers: [server], ...props });
  const refusing = {
    labName: (labName: string) => ({ labName }),
    clusterCidrs: (text: string) => ({ clusterCidrs: [text] }),
    serviceCidrs: (text: string) => ({ serviceCidrs: [text] }),
    flannelBackend: (text: string) => ({ flannelBackend: text as "none" }),
    serverConfig: (text: string) => ({ serverConfig: { [text]: true } }),
    agentConfig: (text: string) => ({ agentConfig: { [text]: true } }),
    registries: (text: string) => ({ registries: { mirrors: { [text]: {} } } }),
    endpoint: (text: string) => ({ registries: { mirrors: { "docker.io": { endpoint: [text] } } } }),
    nodeIps: (text: string) => ({ servers: [host("192.0.2.11", { nodeIps: [text] })] }),
    nodeLabels: (text: string) => ({ servers: [host("192.0.2.11", { nodeLabels: { [text]: "x" } })] }),
    nodeTaints: (text: string) => ({
      servers: [host("192.0.2.11", { nodeTaints: [{ key: text, effect: "NoSchedule" }] })],
    }),
    flannelInterface: (flannelInterface: string) => ({ flannelInterface }),
    disable: (text: string) => ({ disable: [text] }),
    tlsSans: (text: string) => ({ tlsSans: [text] }),
    version: (version: string) => ({ release: { version, binary: { path: "/k3s", sha256: digest("a") } } }),
    url: (url: string) => ({ release: { version: "v1.34.4+k3s1", binary: { url, sha256: digest("a") } } }),
  };
  describe.each(Object.entries<(text: string) => Partial<K3sClusterProps>>(refusing))("as %s", (_, propsWith) => {
    test.each(HOSTILE_TEXTS)("fails if it is %j", (text) => {
      expect(faultsOf(build(propsWith(text)))).not.toEqual([]);
    });
  });
  test.each(["/a/$(touch x)/${path.module}/%{if}/'q\"/k3s", "/a b/k3s"])("a path arrives byte for byte: %s", (file) => {
    const binary = { path: file, sha256: digest("a") };
    const steps = stepsOf({ servers: [server], release: { version: "v1.34.4+k3s1", binary }, stateDirectory: file });
    expect(valuesOf(steps.files, "server")).toMatchObject({
      LAB_SOURCES: `${digest("a")} ${file}`,
      LAB_STATE_DIRECTORY: file,
    });
  });
  test("fails if a path has a line break", () => {
    const binary = { path: "/a\nb", sha256: digest("a") };
    expect(faultsOf(build({ release: { version: "v1.34.4+k3s1", binary } }))).toHaveLength(1);
    expect(faultsOf(build({ stateDirectory: "/a\nb" }))).toHaveLength(1);
  });
});
