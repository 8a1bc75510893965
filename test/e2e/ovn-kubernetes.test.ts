/** Multicast on the pods' own network, on a real OVN-Kubernetes: only where the bundle has its programs. */
import { artifactSettings } from "../../embedded/artifacts";
import { bundlePath } from "../../embedded/artifacts/bundle";
import type { LabReport } from "../../cli/report";
import { LabCommand, Story, whileBroken } from "./lab-command";
import { unmet } from "./receivers";

const MINUTES = 60_000;
const UP_SECONDS = 1_200;
const UP = ["--yes", "up", "--cluster-network", "ovn-kubernetes", "--lab"];
const [MATRIX, OFF, DENIED] = ["project-carries-multicast", "off-by-default", "deny-all-passes"];

const programs = ["bin/ovnkube", "bin/ovn-k8s-cni-overlay"];
const isPossible = programs.every((program) => bundlePath(artifactSettings(), program) !== undefined);
const lab = new LabCommand("e2e-ovn");

(isPossible ? describe.skip : describe)("without OVN-Kubernetes (LAB_BUNDLE has it)", () => {
  test.each(["openshift-multicast", "openshift-dedicated"])(
    "up of %s is refused, with what to put where",
    async (name) => {
      const ended = await lab.start([...UP, name], 60).ended;
      expect(ended.code).toBe(2);
      expect(ended.stderr).toContain("OVN-Kubernetes is not possible here: put bin/ovnkube");
    },
  );

  test("doctor names it", async () => {
    expect(await lab.run(["doctor"])).toContain(
      "checks on the pods' own network: OVN-Kubernetes is not possible here: put bin/ovnkube",
    );
  });
});

(isPossible ? describe : describe.skip)(`OVN-Kubernetes (needs ${programs.join(" and ")} in LAB_BUNDLE)`, () => {
  const story = new Story();
  const kubectl = (...words: string[]): Promise<string> => lab.exec("server", "k3s", "kubectl", ...words);
  const annotate = (namespace: string, change: string): Promise<string> =>
    kubectl("annotate", "--overwrite", "namespace", namespace, `k8s.ovn.org/multicast-enabled${change}`);

  /** Nobody joins anew: OVN's next general query decides when members are known, and no event tells of it. */
  async function verifyUntil(isReached: (missing: string[]) => boolean): Promise<LabReport> {
    const until = Date.now() + 4 * MINUTES;
    let report = await lab.verify();
    while (!isReached(unmet(report)) && Date.now() < until) report = await lab.verify();
    return report;
  }

  beforeAll(() => lab.down(), 4 * MINUTES);
  afterAll(() => lab.down(), 4 * MINUTES);

  test(
    "openshift-multicast: the listener answers, both nodes hear, and nobody does in other namespaces",
    story.step(async () => {
      const said = await lab.run([...UP, "openshift-multicast"], { seconds: UP_SECONDS });
      expect(said).toContain("PASSED, 9 of 9 expectations held in 3 checks");
      expect(await lab.exec("server", "ls", "/etc/cni/net.d")).toBe("10-ovn-kubernetes.conf\n");
    }),
    UP_SECONDS * 1000,
  );

  test(
    "a running stream is cut where the annotation is removed, and nothing else is",
    story.step(async () => {
      const report = await whileBroken(
        () => annotate("multicast-verify", "-"),
        () => annotate("multicast-verify", "=true"),
        () => lab.verify("failed"),
      );
      expect(unmet(report)).toEqual(
        expect.arrayContaining(["listener-answers/mlistener", `${MATRIX}/other-node`, `${MATRIX}/same-node`]),
      );
      expect(unmet(report).filter((title) => title.startsWith(OFF))).toEqual([]);
      // Those who must hear did not, so silence counts for nobody.
      expect(unmet(report)).toEqual(expect.arrayContaining([`${MATRIX}/other-namespace`, `${MATRIX}/no-annotation`]));
    }),
    4 * MINUTES,
  );

  test(
    "the same stream is heard again once the annotation is back",
    story.step(async () => {
      expect(unmet(await verifyUntil((missing) => missing.length === 0))).toEqual([]);
    }),
    6 * MINUTES,
  );

  test(
    "an annotation that nobody asked for is red",
    story.step(async () => {
      const red = [`${OFF}/other-node`, `${OFF}/same-node`];
      const report = await whileBroken(
        () => annotate("multicast-verify-off", "=true"),
        () => annotate("multicast-verify-off", "-"),
        () => verifyUntil((missing) => red.every((title) => missing.includes(title))),
      );
      expect(unmet(report)).toEqual(red);
      expect(await lab.down()).toContain("residue: 0");
    }),
    8 * MINUTES,
  );

  test(
    "openshift-dedicated: pods on their node's network do not hear, a deny-all policy stops unicast alone, a stream follows the annotation",
    story.step(async () => {
      const said = await lab.run([...UP, "openshift-dedicated"], { seconds: UP_SECONDS });
      expect(said).toContain("PASSED, 21 of 21 expectations held in 5 checks");
    }),
    UP_SECONDS * 1000,
  );

  test(
    "a policy that is gone is red, and the verdict leaves the namespace that it switches as it was",
    story.step(async () => {
      await kubectl("--namespace=multicast-verify-denied", "delete", "networkpolicy", "default-deny-all");
      const report = await lab.verify("failed", 8 * 60);
      expect(unmet(report)).toEqual([`${DENIED}/other-node`, `${DENIED}/same-node`]);
      const annotations = await kubectl(
        "get",
        "namespace",
        "multicast-verify-switched",
        "-o=jsonpath={.metadata.annotations}",
      );
      expect(annotations).not.toContain("multicast-enabled");
    }),
    10 * MINUTES,
  );

  test(
    "down leaves nothing on the hosts nor on this machine",
    story.step(async () => {
      expect(await lab.down()).toContain("residue: 0");
    }),
    4 * MINUTES,
  );
});
