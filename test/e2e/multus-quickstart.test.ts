/** Multus' quick start, by the commands of docs/scenarios/multus-quickstart.md. */
import { reasonOf, unmet } from "./receivers";
import { scenario } from "./scenario";

const { lab, story, up, verify, down } = scenario("e2e-quickstart", "docs/scenarios/multus-quickstart.md");

const CHECK = "status-names-each-interface";
const UP_SECONDS = 2_400;
const MINUTES = 60_000;

test(
  "up ends with exit code 0",
  story.step(async () => {
    expect(up).toEqual(["up", "--lab", "multus-quickstart"]);
    const text = await lab.run(["--yes", ...up], { seconds: UP_SECONDS });
    expect(text).toMatch(/lab e2e-quickstart: PASSED, (\d+) of \1 expectations held/);
  }),
  UP_SECONDS * 1000,
);

test(
  "verify is green; each interface is named with its IP and MAC",
  story.step(async () => {
    expect(verify).toEqual(["verify"]);
    const report = await lab.verify("passed");
    const has = (name: string): RegExp => new RegExp(`${name} has [\\d.]+ and [0-9a-f]{2}(:[0-9a-f]{2}){5}`);
    expect(reasonOf(report, `${CHECK}/samplepod`)).toMatch(has("net1"));
    for (const name of ["net1", "net2"]) expect(reasonOf(report, `${CHECK}/samplepod-twice`)).toMatch(has(name));
  }),
  2 * MINUTES,
);

test(
  "with net2 gone from what Multus says, verify is red and names it",
  story.step(async () => {
    const annotation = 'k8s.v1.cni.cncf.io/network-status=[{"name":"quickstart/macvlan-conf","interface":"net1"}]';
    const pod = ["pod", "samplepod-twice", "--namespace=quickstart", "--overwrite"];
    await lab.exec("server", "k3s", "kubectl", "annotate", ...pod, annotation);
    const report = await lab.verify("failed");
    expect(unmet(report)).toEqual([`${CHECK}/samplepod-twice`]);
    expect(reasonOf(report, `${CHECK}/samplepod-twice`)).toContain("no net2 in k8s.v1.cni.cncf.io/network-status");
  }),
  2 * MINUTES,
);

test(
  "down leaves nothing behind",
  story.step(async () => {
    expect(down).toEqual(["down"]);
    expect(await lab.down()).toMatch(/^residue: 0$/m);
  }),
  4 * MINUTES,
);
