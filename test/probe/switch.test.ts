import type { VerdictConfig } from "../../probe/config";
import type { Report } from "../../probe/report";
import { judgeSwitched } from "../../probe/switch";
import { config, verdictOn } from "./scene";

const switched = { annotation: "example.org/multicast", value: "true", seconds: 60 };
const told: VerdictConfig = {
  ...config,
  receivers: [{ name: "ear", pod: "ear", expect: "silent", joins: ["239.1.1.1"] }],
};

/** A namespace whose network carries what `carries` says of the annotation and of how often it was looked since it was set. */
class Namespace {
  public readonly set: unknown[] = [];
  public readonly asked = new Set<string>();
  private looks = 0;

  public constructor(private readonly carries: (value: unknown, looks: number) => boolean) {}

  public json(method: string, path: string, body?: unknown): Promise<unknown> {
    const { annotations } = (body as { metadata: { annotations: Record<string, unknown> } }).metadata;
    this.asked.add(`${method} ${path} ${Object.keys(annotations).join()}`);
    this.set.push(annotations[switched.annotation]);
    this.looks = 0;
    return Promise.resolve({});
  }

  public judge(asked: VerdictConfig): Promise<Report> {
    this.looks += 1;
    const isHeard = this.carries(this.set.at(-1), this.looks);
    return Promise.resolve(verdictOn({ config: asked, heard: { ear: () => (isHeard ? 20 : 0) } }));
  }

  public verdict(seconds = switched.seconds): Promise<Report> {
    return judgeSwitched(told, { ...switched, seconds }, this, (asked) => this.judge(asked));
  }
}

const outcomes = ({ receivers }: Report): string[] =>
  receivers.map(({ name, expectation, verdict }) => `${name} ${expectation} ${verdict}`);

test("a stream that follows the switch is green, each phase by its name, and the namespace is left as it was", async () => {
  const namespace = new Namespace((value) => value === "true");
  const report = await namespace.verdict();
  expect(report.verdict).toBe("passed");
  expect(outcomes(report)).toEqual([
    "ear-before silent passed",
    "ear-on heard passed",
    "ear-off silent passed",
    "ear-on-again heard passed",
  ]);
  expect(report.summary).toContain("4 of 4 expectations met while multicast was switched");
  expect(report.times.judgedSeconds).toBe(20);
  expect(namespace.set).toEqual([null, "true", null, "true", null]);
  expect([...namespace.asked]).toEqual(["PATCH /api/v1/namespaces/media example.org/multicast"]);
});

test("a change that takes its time is waited for", async () => {
  const namespace = new Namespace((value, looks) => (value === "true") === looks > 2);
  const late = new Namespace((value, looks) => value === "true" && looks > 2);
  expect((await late.verdict()).verdict).toBe("passed");
  expect((await namespace.verdict()).verdict).toBe("passed");
});

test("a change that comes in time while it is being judged is judged once more", async () => {
  const namespace = new Namespace((value, looks) => value === "true" && looks > 1);
  const slowly = async (asked: VerdictConfig): Promise<Report> => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    return namespace.judge(asked);
  };
  const report = await judgeSwitched(told, { ...switched, seconds: 0.02 }, namespace, slowly);
  expect(report.verdict).toBe("passed");
});

test.each<[string, () => boolean, string[]]>([
  ["nothing is ever carried", () => false, ["ear-before silent passed", "ear-on heard failed"]],
  ["all is carried without the annotation", () => true, ["ear-before silent failed"]],
])("fails if %s, and the phases after it are not tried", async (_, carries, expected) => {
  const namespace = new Namespace(carries);
  const report = await namespace.verdict(0);
  expect(report.verdict).toBe("failed");
  expect(outcomes(report)).toEqual(expected);
  expect(report.summary).toMatch(new RegExp(`^${expected.length - 1} of 4 .*(before|on): `));
  expect(namespace.set.at(-1)).toBeNull();
});

test("the annotation is taken away too when the verdict itself breaks", async () => {
  const namespace = new Namespace((value) => {
    if (value === "true") throw new Error("no API server");
    return false;
  });
  await expect(namespace.verdict()).rejects.toThrow("no API server");
  expect(namespace.set.at(-1)).toBeNull();
});
