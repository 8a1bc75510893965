import { terraformErrors, phaseEvent } from "../../../cli/terraform/output";

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

const FAILED = "Error: unexpected state 'Failed', wanted target 'Running, Succeeded'";
const CAUSE = "* plane-verdict (Pod): MulticastCheckFailed: receiver other-node (node agent) heard 0 of 200 packets";
const WHERE = "with kubernetes_pod_v1.Plane_Verdict_B9D6FBB2 (Plane/Verdict/Resource),";

test("errors as cdktf prints them lose the stack's name, the place in the JSON and what follows", () => {
  const output = [
    "     Plan: 1 to add, 0 to change, 0 to destroy.",
    `lab  ${FAILED}`,
    `        ${CAUSE}`,
    "",
    `       ${WHERE}`,
    "       on cdk.tf.json line 1570, in resource.kubernetes_pod_v1.Plane_Verdict_B9D6FBB2:",
    "     1570:       }",
    "",
    "0 Stacks deploying     2 Stacks done     0 Stacks waiting",
    "Invoking Terraform CLI failed with exit code 1",
  ];
  expect(terraformErrors(output)).toEqual([`${FAILED}\n${CAUSE}\n${WHERE}`]);
});

test("errors as Terraform prints them lose their frame, and each is told once", () => {
  const box = ["╷", `│ ${FAILED}`, "│ ", `│   ${CAUSE}`, "╵"];
  const warning = [
    "╷",
    "│ Warning: Incomplete lock file information for providers",
    "╵",
    "kubernetes_pod_v1.X: Creating...",
  ];
  expect(terraformErrors([...warning, ...box, ...box])).toEqual([`${FAILED}\n${CAUSE}`]);
});

test("output without an error has none", () => {
  expect(terraformErrors(["Apply complete! Resources: 1 added, 0 changed, 0 destroyed."])).toEqual([]);
});
