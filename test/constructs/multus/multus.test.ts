import type { Distribution } from "../../../constructs/cluster/cluster";
import { Multus, type MultusProps, type MultusResources } from "../../../constructs/multus/multus";
import { newStack, synth, synthStack, type Block, type Synthesised } from "../../helpers/synth";
import { TestCluster } from "../../helpers/test-cluster";

interface Container {
  image: string;
  command: string[];
  args: string[];
  resources: unknown;
  security_context: Record<string, unknown>;
}

interface Binding<T> {
  required_during_scheduling_ignored_during_execution: T;
}

interface PodSpec {
  host_network: boolean;
  affinity?: {
    node_affinity: Binding<{ node_selector_term: { match_fields: { key: string; values: string[] }[] }[] }>;
    pod_affinity: Binding<{ label_selector: { match_labels: Record<string, string> }[] }[]>;
  };
  container: Container[];
  volume: { name: string; host_path: { path: string; type: string } }[];
}

function daemonPod(found: Synthesised): PodSpec {
  const { spec } = found.only("kubernetes_daemon_set_v1") as unknown as { spec: { template: { spec: PodSpec } } };
  return spec.template.spec;
}

function gates(found: Synthesised): PodSpec[] {
  return found.all("kubernetes_pod_v1").map(({ spec }) => spec as PodSpec);
}

/** The node that a pod is bound to, by its name. */
function nodeOf({ affinity }: PodSpec): string | undefined {
  const [term] = affinity!.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term;
  const [{ key, values } = { key: "", values: [] }] = term?.match_fields ?? [];
  return key === "metadata.name" ? values.join() : undefined;
}

/** Labels of the pods that must be on the same node. */
function besideOf({ affinity }: PodSpec): Record<string, string> {
  const [term] = affinity!.pod_affinity.required_during_scheduling_ignored_during_execution;
  return term!.label_selector[0]!.match_labels;
}

function flagsOf(found: Synthesised): Record<string, string> {
  const pairs = daemonPod(found).container[0]!.args.map((flag) => {
    const [, name, value] = /^--([a-z-]+)=(.*)$/.exec(flag)!;
    return [name!, value!] as const;
  });
  return Object.fromEntries(pairs);
}

function hostPaths(spec: PodSpec): string[] {
  return spec.volume.map((volume) => `${volume.host_path.type} ${volume.host_path.path}`);
}

describe("Multus with required props only", () => {
  const stack = newStack();
  const multus = new Multus(stack, "Multus", { cluster: new TestCluster(stack) });
  const found = synthStack(stack);

  it("leaves the CRD in the cluster when it goes, with the definitions of others", () => {
    const release = found.all("helm_release").find(({ name }) => name === "network-attachment-definitions");
    expect(JSON.stringify(release)).toContain("helm.sh/resource-policy");
  });

  it("installs the pinned thin image into the cluster's own CNI directories", () => {
    const spec = daemonPod(found);
    expect(spec.container[0]!.image).toBe("ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0");
    expect(hostPaths(spec)).toEqual([
      "Directory /var/lib/rancher/k3s/agent/etc/cni/net.d",
      "Directory /var/lib/rancher/k3s/data/cni",
    ]);
    expect(flagsOf(found)).toMatchObject({
      "multus-conf-file": "auto",
      "multus-kubeconfig-file-host": "/var/lib/rancher/k3s/agent/etc/cni/net.d/multus.d/multus.kubeconfig",
      "cleanup-config-on-exit": "true",
      "namespace-isolation": "true",
      "global-namespaces": "default",
    });
  });

  it("runs without privileges, capabilities or a writable root", () => {
    const { security_context: context } = daemonPod(found).container[0]!;
    expect(context).toMatchObject({
      allow_privilege_escalation: false,
      read_only_root_filesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(context).not.toHaveProperty("privileged");
  });

  it("grants what thin Multus uses and nothing else", () => {
    expect(found.only("kubernetes_cluster_role_v1").rule).toEqual([
      { api_groups: ["k8s.cni.cncf.io"], resources: ["network-attachment-definitions"], verbs: ["get"] },
      { api_groups: [""], resources: ["pods"], verbs: ["get"] },
      { api_groups: [""], resources: ["pods/status"], verbs: ["update"] },
      { api_groups: [""], resources: ["events"], verbs: ["create", "patch"] },
    ]);
    expect(found.only("kubernetes_cluster_role_binding_v1").subject).toEqual([
      { kind: "ServiceAccount", name: "multus", namespace: "multus" },
    ]);
  });

  it("defines the NetworkAttachmentDefinition with both short names", () => {
    const values = found.only("helm_release").values as string[];
    const { objects } = JSON.parse(values[0]!) as {
      objects: { spec: { group: string; names: Record<string, unknown> } }[];
    };
    expect(objects).toHaveLength(1);
    expect(objects[0]!.spec.group).toBe("k8s.cni.cncf.io");
    expect(objects[0]!.spec.names.shortNames).toEqual(["nad", "net-attach-def"]);
  });

  it("waits for the pods of the DaemonSet as it is now", () => {
    const labelsOf = (of: Synthesised) =>
      (of.only("kubernetes_daemon_set_v1").spec as { template: { metadata: { labels: Record<string, string> } } })
        .template.metadata.labels;
    const [gate] = gates(found);
    expect(besideOf(gate!)).toEqual(labelsOf(found));
    const other = synth(
      (each) => new Multus(each, "Multus", { cluster: new TestCluster(each), namespaceIsolation: false }),
    );
    expect(labelsOf(other)).not.toEqual(labelsOf(found));
  });

  it("is ready when every node has the configuration", () => {
    expect(gates(found).map((gate) => [nodeOf(gate), ...hostPaths(gate)])).toEqual([
      ["agent", "File /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conflist"],
      ["server", "File /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conflist"],
    ]);
    expect(multus.ready).toHaveLength(2);
  });

  it("goes in the order namespace, CRD and rights, DaemonSet, nodes", () => {
    const dependencies = ({ depends_on = [] }: Block) =>
      (depends_on as string[]).map((address) => address.split(".")[0]).sort();
    expect(dependencies(found.only("helm_release"))).toEqual(["kubernetes_namespace_v1"]);
    expect(dependencies(found.only("kubernetes_service_account_v1"))).toEqual(["kubernetes_namespace_v1"]);
    expect(dependencies(found.only("kubernetes_daemon_set_v1"))).toEqual([
      "helm_release",
      "kubernetes_cluster_role_binding_v1",
      "kubernetes_service_account_v1",
    ]);
    for (const gate of found.all("kubernetes_pod_v1")) {
      expect(dependencies(gate)).toEqual(["kubernetes_daemon_set_v1"]);
    }
  });
});

describe("Multus with all props", () => {
  const image = `lab.local/multus:1@sha256:${"a".repeat(64)}`;
  const resources: Required<MultusResources> = { cpuRequest: "50m", memoryRequest: "64Mi", memoryLimit: "1Gi" };
  const stack = newStack();
  const props: Required<MultusProps> = {
    cluster: Object.assign(new TestCluster(stack, "Cluster", "kubernetes"), {
      cniPaths: { confDir: "/etc/cni/net.d", binDir: "/opt/cni/bin" },
    }),
    image,
    namespaceName: "plumbing",
    namespaceIsolation: false,
    globalNamespaces: ["shared", "media"],
    defaultNetworkCniVersion: "0.4.0",
    logLevel: "debug",
    resources,
  };
  new Multus(stack, "Multus", props);
  const found = synthStack(stack);

  it("hands each of them on", () => {
    expect(flagsOf(found)).toMatchObject({
      "multus-log-level": "debug",
      "namespace-isolation": "false",
      "global-namespaces": "shared,media",
      "multus-kubeconfig-file-host": "/etc/cni/net.d/multus.d/multus.kubeconfig",
    });
    expect(daemonPod(found).container[0]).toMatchObject({
      image,
      resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "1Gi" } },
    });
    expect(found.only("kubernetes_namespace_v1").metadata).toMatchObject({ name: "plumbing" });
  });

  it("waits for the file that the default network's version leads to", () => {
    expect(gates(found).map((gate) => [gate.container[0]!.image, ...hostPaths(gate)])).toEqual([
      [image, "File /etc/cni/net.d/00-multus.conf"],
      [image, "File /etc/cni/net.d/00-multus.conf"],
    ]);
  });
});

describe("Multus refuses", () => {
  const make = (props: Partial<MultusProps>, distribution: Distribution = "k3s") => {
    const stack = newStack();
    return () => new Multus(stack, "Multus", { cluster: new TestCluster(stack, "Cluster", distribution), ...props });
  };

  it("fails if the cluster is OpenShift, and names the way out", () => {
    expect(make({}, "openshift")).toThrow("[lab/Multus] cluster must be a cluster without Multus");
    expect(make({}, "openshift")).toThrow("use Multus.fromCluster");
  });

  it("fails if the image is not pinned", () => {
    expect(make({ image: "multus:latest" })).toThrow("[lab/Multus] image must be an image reference with a digest");
  });

  it("fails if the namespace is not a DNS-1123 label", () => {
    expect(make({ namespaceName: "Multus" })).toThrow("[lab/Multus] namespaceName must be a DNS-1123 label");
  });

  it("fails if the namespace is one that Kubernetes has made", () => {
    expect(make({ namespaceName: "kube-system" })).toThrow("must be a namespace that is made for Multus alone");
  });

  it("fails if an exempt namespace is not a DNS-1123 label", () => {
    expect(make({ globalNamespaces: ["media", "a,b"] })).toThrow("globalNamespaces[1] must be a DNS-1123 label");
  });

  it("fails if the default network's version is none of CNI's", () => {
    expect(make({ defaultNetworkCniVersion: "v1" })).toThrow("defaultNetworkCniVersion must be a version of the CNI");
  });

  it("fails if a resource is not a quantity", () => {
    expect(make({ resources: { memoryLimit: "50 MB" } })).toThrow(
      "resources.memoryLimit must be a Kubernetes quantity",
    );
  });

  it("tells all faults at once", () => {
    const faulty = make({ image: "multus", namespaceName: "default", resources: { cpuRequest: "-1" } });
    expect(faulty).toThrow(/image must .*\n.*namespaceName must .*\n.*resources.cpuRequest must /);
  });
});

describe("the exemptions from namespace isolation", () => {
  it("can be none, not even Multus' own default", () => {
    const stack = newStack();
    new Multus(stack, "Multus", { cluster: new TestCluster(stack), globalNamespaces: [] });
    expect(flagsOf(synthStack(stack))["global-namespaces"]).toBe("multus");
  });
});

describe("Multus.fromCluster", () => {
  it("makes nothing and has nothing to wait for", () => {
    const stack = newStack();
    const cluster = new TestCluster(stack, "Cluster", "openshift");
    const multus = Multus.fromCluster(stack, "Multus", { cluster });
    expect(multus).toMatchObject({ cluster, ready: [] });
    expect(synthStack(stack).json).not.toHaveProperty("resource");
  });
});
