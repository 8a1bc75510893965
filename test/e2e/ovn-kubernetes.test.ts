/** Multicast on the pods' own network, on a real OVN-Kubernetes: only where the bundle has its programs. */
import { artifactSettings } from "../../embedded/artifacts";
import { bundlePath } from "../../embedded/artifacts/bundle";
import { LabCommand, Story, whileBroken } from "./lab-command";
import { receiversOf, unmet } from "./receivers";

const MINUTES = 60_000;
const UP_SECONDS = 1_200;
const UP = ["--yes", "up", "--cluster-network", "ovn-kubernetes", "--lab", "openshift-multicast"];
const CHECK = "namespace-carries-multicast";

const programs = ["bin/ovnkube", "bin/ovn-k8s-cni-overlay"];
const isPossible = programs.every((program) => bundlePath(artifactSettings(), program) !== undefined);
const lab = new LabCommand("e2e-ovn");

(isPossible ? describe.skip : describe)("without OVN-Kubernetes (LAB_BUNDLE has it)", () => {
  test("up is refused, with what to put where", async () => {
    const ended = await lab.start(UP, 60).ended;
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("OVN-Kubernetes is not possible here: put bin/ovnkube");
  });
});

(isPossible ? describe : describe.skip)(`OVN-Kubernetes (needs ${programs.join(" and ")} in LAB_BUNDLE)`, () => {
  const story = new Story();
  const kubectl = (...words: string[]): Promise<string> => lab.exec("server", "k3s", "kubectl", ...words);
  const annotate = (change: string): Promise<string> =>
    kubectl("annotate", "--overwrite", "namespace", "media", `k8s.ovn.org/multicast-enabled${change}`);

  beforeAll(() => lab.down(), 4 * MINUTES);
  afterAll(() => lab.down(), 4 * MINUTES);

  test(
    "up ends with exit code 0: the listener answers, and both nodes hear",
    story.step(async () => {
      expect(await lab.run(UP, { seconds: UP_SECONDS })).toContain("PASSED, 5 of 5 expectations held in 2 checks");
      expect(await lab.exec("server", "ls", "/etc/cni/net.d")).toBe("10-ovn-kubernetes.conf\n");
    }),
    UP_SECONDS * 1000,
  );

  test(
    "a running stream is cut where the annotation is removed, and nothing else is",
    story.step(async () => {
      const report = await whileBroken(
        () => annotate("-"),
        () => annotate("=true"),
        () => lab.verify("failed"),
      );
      expect(unmet(report)).toEqual(expect.arrayContaining([`${CHECK}/other-node`, `${CHECK}/same-node`]));
      expect(receiversOf(report).find(({ title }) => title === "listener-answers/mlistener")?.verdict).toBe("passed");
    }),
    4 * MINUTES,
  );

  test(
    "the same stream is heard again once the annotation is back and members have been asked for",
    story.step(async () => {
      const until = Date.now() + 2 * MINUTES;
      // Nobody joins anew: the next general query of OVN decides when, and no event tells of it.
      let report = await lab.verify();
      while (!report.ok && Date.now() < until) report = await lab.verify();
      expect(unmet(report)).toEqual([]);
    }),
    4 * MINUTES,
  );

  test(
    "a deny-all NetworkPolicy stops no multicast",
    story.step(async () => {
      const policy = '{"spec":{"podSelector":{},"policyTypes":["Ingress","Egress"]}}';
      const named = `{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny-all"},${policy.slice(1)}`;
      const report = await whileBroken(
        () => lab.exec("server", "sh", "-c", `echo '${named}' | k3s kubectl --namespace=media apply --filename=-`),
        () => kubectl("--namespace=media", "delete", "networkpolicy", "deny-all"),
        () => lab.verify("passed"),
      );
      expect(unmet(report)).toEqual([]);
    }),
    4 * MINUTES,
  );

  test(
    "down leaves nothing on the hosts nor on this machine",
    story.step(async () => {
      expect(await lab.down()).toContain("residue: 0");
    }),
    4 * MINUTES,
  );
});
