import { errorBoxes, phaseEvent } from "../../../cli/terraform/output";

test.each([
  [
    'cluster  terraform_data.Cluster_Steps_Guard_66995684 (Cluster/Steps/Guard/Resource)["agent"]: Creating...',
    { phase: "baseline", event: "begin" },
  ],
  [
    '         terraform_data.Cluster_Steps_Install_6D2D14A6 (Cluster/Steps/Install/Resource)["server"]: Creation complete after 6s [id=3a99]',
    { phase: "install", event: "end" },
  ],
  [
    'cluster  terraform_data.Cluster_Steps_Ready_0B33EDA8 (Cluster/Steps/Ready/Resource)["server"] (local-exec): lab-phase: host=server phase=node-ready node=agent',
    { phase: "node-ready", event: "note", note: "server: node-ready node=agent" },
  ],
  [
    "lab  kubernetes_daemon_set_v1.Multus_DaemonSet_5AD7AE86 (Multus/DaemonSet/Resource): Creating...",
    { phase: "multus", event: "begin" },
  ],
  [
    "lab  kubernetes_pod_v1.Multus_InstalledOn-server_77FF0C2B (Multus/InstalledOn-server/Resource): Creation complete after 3s",
    { phase: "multus", event: "end" },
  ],
  [
    "lab  helm_release.Plane_Definition_Objects_728430E6 (Plane/Definition/Objects/Resource): Creation complete after 0s",
    { phase: "network", event: "end" },
  ],
  [
    "     kubernetes_pod_v1.PlaneCarriesMulticast_Receiver-not-joined_54193A19 (PlaneCarriesMulticast/Receiver-not-joined/Resource): Creating...",
    { phase: "pods", event: "begin" },
  ],
  ["kubernetes_pod_v1.ListenerAnswers_Verdict_C52FA773: Creating...", { phase: "verdict", event: "begin" }],
])("%s", (line, event) => {
  expect(phaseEvent(line)).toEqual(event);
});

test.each([
  "lab  Apply complete! Resources: 28 added, 0 changed, 0 destroyed.",
  "lab  kubernetes_namespace_v1.Media_A721A567 (Media/Resource): Creating...",
  'cluster  terraform_data.Cluster_Steps_Guard_66995684 (Cluster/Steps/Guard/Resource)["agent"]: Still creating... [10s elapsed]',
  "",
])("says nothing of a phase: %s", (line) => {
  expect(phaseEvent(line)).toBeUndefined();
});

test("error boxes lose their frame and cdktf's stack names, and warnings", () => {
  const output = [
    "lab  ╷",
    "lab  │ Warning: Incomplete lock file information for providers",
    "lab  ╵",
    "lab  ╷",
    "     │ Error: receiver other-node (node agent) heard 0 of 200 packets",
    "     │ ",
    "     │   with kubernetes_pod_v1.Verdict,",
    "     ╵",
    "╷",
    "│ Error: receiver other-node (node agent) heard 0 of 200 packets",
    "│ ",
    "│   with kubernetes_pod_v1.Verdict,",
    "╵",
  ];
  expect(errorBoxes(output)).toEqual([
    "Error: receiver other-node (node agent) heard 0 of 200 packets\n\n  with kubernetes_pod_v1.Verdict,",
  ]);
});
