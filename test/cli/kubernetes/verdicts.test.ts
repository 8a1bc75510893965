import { copyOf } from "../../../cli/kubernetes/verdicts";

const pod = {
  metadata: {
    name: "plane-verdict",
    namespace: "media",
    labels: { "app.kubernetes.io/component": "verdict" },
    annotations: {
      "k8s.v1.cni.cncf.io/networks": '[{"name":"plane"}]',
      "k8s.v1.cni.cncf.io/network-status": "[]",
      "k8s.ovn.org/pod-networks": '{"default":{"ip_addresses":["10.42.0.7/24"]}}',
    },
  },
  spec: {
    nodeName: "agent",
    nodeSelector: { "kubernetes.io/hostname": "agent" },
    restartPolicy: "Never",
    initContainers: [
      { name: "verdict", volumeMounts: [{ name: "probe" }, { name: "kube-api-access-x7z2p", mountPath: "/var/run" }] },
    ],
    volumes: [
      { name: "probe", configMap: { name: "probe" } },
      { name: "kube-api-access-x7z2p", projected: {} },
    ],
  },
};

test("a copy judges as the pod did, without what the cluster added to it", () => {
  expect(copyOf(pod, "again-1a2b3c")).toEqual({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "plane-verdict-again-1a2b3c",
      namespace: "media",
      labels: { "app.kubernetes.io/component": "verdict", "multicast-lab/verify-copy": "true" },
      annotations: { "k8s.v1.cni.cncf.io/networks": '[{"name":"plane"}]' },
    },
    spec: {
      nodeSelector: { "kubernetes.io/hostname": "agent" },
      restartPolicy: "Never",
      initContainers: [{ name: "verdict", volumeMounts: [{ name: "probe" }] }],
      volumes: [{ name: "probe", configMap: { name: "probe" } }],
    },
  });
});

test("the copy's name stays a label of 63 characters at most", () => {
  const long = { ...pod, metadata: { ...pod.metadata, name: "a".repeat(63) } };
  expect(copyOf(long, "again-1a2b3c").metadata.name).toHaveLength(63);
});
