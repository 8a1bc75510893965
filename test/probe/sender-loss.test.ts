import { SentBlocks, type Target } from "../../probe/sent-blocks";
import { DEAF_ADDRESS, verdictOn, type Trouble } from "./scene";

const reasons = (trouble: Trouble): (string | undefined)[] => {
  const { verdict, receivers } = verdictOn(trouble);
  expect(verdict).toBe("failed");
  return receivers.map(({ verdict: each, reason }) => (each === "passed" ? undefined : `${each} ${reason}`));
};
const half = { sent: 10, errors: { EPERM: 10 } };
const ten = (): number => 10;

test("packets of the test group that the sender's kernel refuses are lost, whatever came of the others", () => {
  const [ear, deaf] = reasons({ sent: ten, sendErrors: { EPERM: 10 }, heard: { ear: ten } });
  const why =
    "the sender's kernel refused 50 of 100 packets to 239.1.1.1 (EPERM): a firewall or a policy on its output";
  expect(ear).toContain(`failed heard 50 of 100 packets of 239.1.1.1:5004: ${why}`);
  expect(deaf).toContain(`inconclusive heard 0 of 100 packets of 239.1.1.1:5004: silence proves nothing, since ${why}`);
});

test.each<[string, Record<string, number>, string]>([
  [
    "a full queue",
    { ENOBUFS: 18 },
    "refused 90 of 100 packets to 239.1.1.1 (ENOBUFS): the queue of its interface is full",
  ],
  ["a full send buffer", { EAGAIN: 18 }, "(EAGAIN): its send buffer is full"],
  ["a route that comes and goes", { ENETUNREACH: 18 }, "(ENETUNREACH)"],
  ["an error that we do not know", { EWHATEVER: 18 }, "refused 90 of 100 packets to 239.1.1.1 (EWHATEVER)"],
])("nine packets in ten refused for %s fail by name", (_, sendErrors, words) => {
  const two = (): number => 2;
  expect(reasons({ sent: two, sendErrors, heard: { ear: two } })[0]).toContain(words);
});

test("one refused packet in two hundred is within the loss that is allowed", () => {
  const once = (block: number): number => (block === 12 ? 19 : 20);
  const found = verdictOn({ config: { maxLossPercent: 2 }, sent: once, sendErrors: {}, heard: { ear: once } });
  expect(found.receivers[0]?.numbers.sent).toBe(100);
});

test("a control group that the sender's kernel refuses proves no silence", () => {
  const [ear, deaf] = reasons({ controlSent: half, control: { ear: ten, deaf: ten } });
  expect(ear).toBeUndefined();
  expect(deaf).toContain("refused 50 of 100 packets to 239.1.129.1 (EPERM)");
});

test("unicast that the sender's kernel refuses proves no silence and is not heard", () => {
  const deaf = {
    name: "deaf",
    pod: "deaf",
    expect: "silent",
    joins: [],
    proof: "unicast",
    address: DEAF_ADDRESS,
  } as const;
  const ear = { name: "ear", pod: "ear", expect: "heard", joins: ["239.1.1.1"] } as const;
  const why = `the sender's kernel refused 50 of 100 packets to ${DEAF_ADDRESS} (EPERM)`;
  expect(reasons({ unicastSent: half, config: { receivers: [ear, deaf] } })[1]).toContain(why);
});

test("a sender without processor time is told from a network that loses", () => {
  const one = (): number => 1;
  const [ear, deaf] = reasons({ sent: one, heard: { ear: one }, control: { ear: one, deaf: one } });
  const why = "the sender skipped 95 of 100 packets to 239.1.1.1, having had no processor in time";
  expect(ear).toContain(`failed heard 5 of 100 packets of 239.1.1.1:5004: ${why}`);
  expect(deaf).toContain("inconclusive");
});

test("a block that the sender slept through is not judged: the window begins after it", () => {
  const asleep = (block: number): number => (block === 7 ? 0 : 20);
  const heard = { sent: asleep, heard: { ear: asleep }, control: { ear: asleep, deaf: asleep } };
  expect(verdictOn(heard)).toMatchObject({ verdict: "passed", receivers: [{ numbers: { sent: 100 } }, {}] });
});

const target: Target = { stream: "test", address: "239.1.1.1", port: 5004 };

test("a block that was slept through is told, with nothing sent", () => {
  const sent = new SentBlocks();
  sent.offer(0, target)();
  expect(sent.takeBefore(3, [target])).toEqual([
    { stream: "test", block: 0, sent: 1, errors: {} },
    { stream: "test", block: 1, sent: 0, errors: {} },
    { stream: "test", block: 2, sent: 0, errors: {} },
  ]);
  expect(sent.takeBefore(100_000, [target])).toHaveLength(60);
});

test("what the kernel never takes is waited for, and then told as refused", () => {
  const sent = new SentBlocks();
  const answer = sent.offer(0, target);
  sent.offer(0, target)("EPERM");
  expect(sent.takeBefore(2, [target])).toEqual([{ stream: "test", block: 1, sent: 0, errors: {} }]);
  expect(sent.takeBefore(3, [target])[0]).toEqual({
    stream: "test",
    block: 0,
    sent: 0,
    errors: { EPERM: 1, EAGAIN: 1 },
  });
  answer();
  expect(sent.pending).toBe(0);
});
