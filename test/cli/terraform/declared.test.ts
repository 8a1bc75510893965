/** Against the stacks as CDKTF synthesises them, so that a label or a field that is renamed is noticed here. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { declaredLab, type DeclaredLab } from "../../../cli/terraform/declared";
import { embeddedLab } from "../../../stacks/embedded-lab";
import { App } from "../../../constructs/private/terraform";
import { inventoryFor } from "../../stacks/inventory";

function synthesised(stack: string): string {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), "declared-"));
  const app = new App({ outdir: out, skipValidation: true });
  embeddedLab(app, inventoryFor(stack));
  app.synth();
  return out;
}

describe("the usual lab", () => {
  let out: string;
  let lab: DeclaredLab;

  beforeAll(async () => {
    out = synthesised("lab");
    lab = await declaredLab(out);
  });

  test("its checks, with the pod that judges and the object that takes the report", () => {
    expect(lab.checks.map(({ namespace, checkName, verdictPod }) => [namespace, checkName, verdictPod]).sort()).toEqual(
      [
        ["media", "listener-answers", "listener-answers-verdict"],
        ["media", "outside-is-heard", "outside-is-heard-verdict"],
        ["media", "plane-carries-multicast", "plane-carries-multicast-verdict"],
      ],
    );
    expect(lab.checks.find(({ checkName }) => checkName === "listener-answers")?.reportObject).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "listener-answers-report",
        namespace: "media",
        labels: {
          "app.kubernetes.io/component": "report",
          "app.kubernetes.io/instance": "listener-answers",
          "app.kubernetes.io/managed-by": "multicast-lab",
          "app.kubernetes.io/name": "multicast-check",
        },
      },
    });
  });

  test("the objects of its Helm releases, and whose pods are attached by them", () => {
    const [crd, plane] = [...lab.releases].sort((left, right) => left.name.localeCompare(right.name)).reverse();
    const kinds = lab.releases.flatMap(({ objects }) =>
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    );
    expect(kinds.sort()).toEqual([
      "CustomResourceDefinition network-attachment-definitions.k8s.cni.cncf.io",
      "NetworkAttachmentDefinition plane",
    ]);
    for (const release of [crd, plane]) {
      const pods = release!.usedBy.map(({ address }) => address);
      expect(pods).toContainEqual(expect.stringMatching(/^kubernetes_pod_v1\.PlaneCarriesMulticast_Sender_/));
      expect(pods).not.toContainEqual(expect.stringMatching(/Multus/));
      expect(pods).toHaveLength(11);
    }
    const config = (plane!.objects[0]!.spec as { config: string }).config;
    expect(JSON.parse(config)).toMatchObject({ type: "macvlan", master: "eth1" });
  });

  test("the annotations of its pods", () => {
    const sender = lab.pods.find(({ name }) => name === "plane-carries-multicast-sender");
    expect(JSON.parse(sender!.annotations["k8s.v1.cni.cncf.io/networks"]!)).toMatchObject([{ name: "plane" }]);
  });
});

test.each(["k3s-media", "offline-planes", "openshift-multicast", "openshift-dedicated", "multus-quickstart"])(
  "every check of %s is known",
  async (stack) => {
    const out = synthesised(stack);
    const text = fs.readFileSync(path.join(out, "stacks", stack, "cdk.tf.json"), "utf8");
    const reports = [...text.matchAll(/"name": "([a-z0-9-]+)-report",/g)].map(([, name]) => name);
    const { checks } = await declaredLab(out);
    expect(checks.length).toBeGreaterThan(0);
    expect([...new Set(checks.map(({ checkName }) => checkName))].sort()).toEqual([...new Set(reports)].sort());
  },
);

test("nothing was synthesised, nothing is declared", async () => {
  expect(await declaredLab(path.join(os.tmpdir(), "no-such-directory"))).toEqual({
    checks: [],
    pods: [],
    releases: [],
  });
});

test("texts are read as Terraform does; what only an apply knows, and charts of others, are left out", async () => {
  const out = fs.mkdtempSync(path.join(os.tmpdir(), "declared-"));
  const directory = path.join(out, "stacks/own");
  fs.mkdirSync(directory, { recursive: true });
  const stack = { name: "own", workingDirectory: "stacks/own", dependencies: [] };
  fs.writeFileSync(path.join(out, "manifest.json"), JSON.stringify({ stacks: { own: stack } }));
  const annotations = { plain: "$${x} %%{y}", known: "later ${terraform_data.x.id}" };
  const pod = { metadata: { name: "p", namespace: "media", annotations } };
  const chart = { name: "c", namespace: "media", chart: "podinfo", values: ["replicas: 2"] };
  const resource = { kubernetes_pod_v1: { P: pod }, helm_release: { C: chart, D: { ...chart, values: undefined } } };
  fs.writeFileSync(path.join(directory, "cdk.tf.json"), JSON.stringify({ resource }));
  const { pods, releases } = await declaredLab(out);
  expect(pods.map((each) => each.annotations)).toEqual([{ plain: "${x} %{y}" }]);
  expect(releases).toEqual([]);
});
