import type { ReceiverReport } from "../../probe/report";
import { config } from "./scene";

const TEST = config.destinations.test.group;
const CONTROL = config.destinations.control.group;

/** What must be so where a report says it: each pattern is taken off the reason, and nothing may be left. */
const OUTCOMES: readonly (readonly [RegExp, (receiver: ReceiverReport, match: readonly string[]) => boolean])[] = [
  [
    /^heard (\d+) of (\d+) packets of [^ ]+?:\d+(?:: |$)/,
    ({ numbers: n }, [, got, sent]) => n.received === Number(got) && n.sent === Number(sent),
  ],
  [
    /^lost ([\d.]+) %, at most [\d.]+ % are allowed(?:; |$)/,
    ({ numbers: n }, [, lost]) => n.lossPercent === Number(lost) && n.lossPercent > config.maxLossPercent,
  ],
  [
    /^silence was expected, but the receiver's net1 has (not )?joined .*/,
    ({ numbers: n, expectation, evidence }, [, not]) =>
      expectation === "silent" &&
      n.received > 0 &&
      (evidence?.memberships.groups.includes(TEST) ?? false) === (not === undefined),
  ],
  [
    /^silence proves nothing, since it did not hear the control group all the time either(?:: |$)/,
    ({ expectation }) => expectation === "silent",
  ],
  [
    /^silence proves nothing, since it did not hear unicast of the sender all the time either(?:: |$)/,
    ({ expectation }) => expectation === "silent",
  ],
  [/^silence proves nothing, since nothing was sent(?:: |$)/, ({ numbers: n }) => n.sent === 0],
  [
    /^silence proves nothing, since the receivers that must hear the group did not hear it all the time either$/,
    ({ expectation }) => expectation === "silent",
  ],
  [
    /^by unicast (\d+) of (\d+) came(?:, and none may: no policy keeps them away|: some are lost|: )/,
    ({ numbers: n }, [, got, sent]) => n.unicastReceived === Number(got) && n.unicastSent === Number(sent),
  ],
  [/^nothing was sent by unicast$/, ({ numbers: n }) => n.unicastSent === 0],
  [/^nothing was sent$/, ({ numbers: n }) => n.sent === 0],
  [/^that is past, and now /, ({ verdict }) => verdict !== "passed"],
  [/^nothing of .*? comes .*/, ({ numbers: n }) => n.received === 0 || n.controlReceived === 0],
  [
    /^routes, memberships and interfaces are in order at both ends, but nothing of (\S+)( and \S+)? comes .*/,
    ({ numbers: n }, [, group, both]) =>
      (group === CONTROL || n.received === 0) && ((group !== CONTROL && both === undefined) || n.controlReceived === 0),
  ],
  [/^the receiver hears the control group \S+ but not .*/, ({ numbers: n }) => n.received === 0],
  [/^the receiver hears \S+ but not the control group .*/, ({ numbers: n }) => n.controlReceived === 0],
  [/^nothing was sent by unicast to .*/, ({ numbers: n }) => n.unicastSent === 0],
  [/^no unicast comes .*/, ({ numbers: n }) => n.unicastReceived === 0],
  [
    /^by unicast only (\d+) of (\d+) came$/,
    ({ numbers: n }, [, got, sent]) => n.unicastReceived === Number(got) && n.unicastSent === Number(sent),
  ],
  [
    /^by unicast all (\d+) came, but .*/,
    ({ numbers: n }, [, got]) => n.unicastReceived === Number(got) && n.unicastSent === n.unicastReceived,
  ],
  [/^of the last \d+ s the lines of .*/, () => true],
  [/^no line comes from .*/, () => true],
  [
    /^(?:silence proves nothing, since )?the sender skipped (\d+) of (\d+) packets to (\S+), having had no processor in time; that is no loss of the network$/,
    ({ numbers: n }, [, skipped, due, to]) => {
      // What should have been sent to the group under test is given by the rate.
      if (to === TEST) return n.sent === Number(due);
      return (to === CONTROL ? n.controlSent : n.unicastSent) === Number(due) - Number(skipped);
    },
  ],
];

/** What a receiver's reason says that is not so in its numbers; nothing where all is. */
export function untrue(receiver: ReceiverReport): string | undefined {
  let rest = receiver.reason;
  while (rest !== "") {
    const entry = OUTCOMES.find(([pattern]) => pattern.test(rest));
    if (!entry) return `no entry for: ${rest}`;
    const match = entry[0].exec(rest)!;
    if (!entry[1](receiver, match)) return `not so: ${rest} ${JSON.stringify(receiver.numbers)}`;
    rest = rest.slice(match[0].length);
  }
  return undefined;
}
