/**
 * Every sentence that names a cause, with what shows it: a sentence may only be said where its witnesses were heard, and
 * test/probe/sentences.test.ts holds each against the numbers and the evidence. A sentence that has no entry there is red.
 */

/** Where evidence comes from: the API server, the sender's lines, the receiver's, or what was counted over the blocks. */
export type Witness = "state" | "sender" | "receiver" | "counts";

interface Sentence {
  /** Waiting cannot mend what it names. */
  readonly certain: boolean;
  readonly witnesses: readonly Witness[];
  readonly text: (...parts: string[]) => string;
}

const sentence = (witnesses: readonly Witness[], text: Sentence["text"]): Sentence => ({
  certain: false,
  witnesses,
  text,
});
const fault = (witnesses: readonly Witness[], text: Sentence["text"]): Sentence => ({ certain: true, witnesses, text });

const ofSide = {
  podMissing: (title = "", pod = "") => `${title}'s pod ${pod} does not exist`,
  podEnded: (title = "", pod = "", phase = "") => `${title}'s pod ${pod} is ${phase}`,
  podNotRunning: (title = "", pod = "", phase = "") => `${title}'s pod ${pod} is ${phase}`,
  podQuiet: (title = "", pod = "", why = "") => `no line comes from ${title}'s pod ${pod}${why}`,
  hostQuiet: (title = "", host = "", why = "") => `${title}'s program on external host ${host} cannot be heard: ${why}`,
  noInterface: (title = "", owner = "", name = "", see = "") => `${title}'s ${owner} has no interface ${name}${see}`,
  interfaceDown: (title = "", name = "") => `${title}'s ${name} is down`,
  noCarrier: (title = "", name = "") =>
    `${title}'s ${name} has no carrier: the host's interface under it is down or unplugged`,
  noAddress: (title = "", name = "", family = "", orDown = "") =>
    `${title}'s ${name} has no IPv${family} address${orDown}`,
} as const;

export const SENTENCES = {
  senderPodMissing: fault(["state"], ofSide.podMissing),
  senderPodEnded: fault(["state"], ofSide.podEnded),
  senderPodNotRunning: sentence(["state"], ofSide.podNotRunning),
  senderPodQuiet: sentence([], ofSide.podQuiet),
  senderHostQuiet: sentence([], ofSide.hostQuiet),
  senderNoInterface: fault(["sender"], ofSide.noInterface),
  senderInterfaceDown: fault(["sender"], ofSide.interfaceDown),
  senderNoCarrier: fault(["sender"], ofSide.noCarrier),
  senderNoAddress: fault(["sender"], ofSide.noAddress),
  receiverPodMissing: fault(["state"], ofSide.podMissing),
  receiverPodEnded: fault(["state"], ofSide.podEnded),
  receiverPodNotRunning: sentence(["state"], ofSide.podNotRunning),
  receiverPodQuiet: sentence([], ofSide.podQuiet),
  receiverHostQuiet: sentence([], ofSide.hostQuiet),
  receiverNoInterface: fault(["receiver"], ofSide.noInterface),
  receiverInterfaceDown: fault(["receiver"], ofSide.interfaceDown),
  receiverNoCarrier: fault(["receiver"], ofSide.noCarrier),
  receiverNoAddress: fault(["receiver"], ofSide.noAddress),
  noRoute: fault(["sender"], (group, remedy) => `the sender has no route to ${group} (ENETUNREACH); ${remedy}`),
  otherRoute: fault(
    ["sender"],
    (group, by, name, remedy) => `the sender's route to ${group} leaves by ${by}, not ${name}; ${remedy}`,
  ),
  sendRefused: fault(["sender"], (group, code) => `the sender's kernel refuses to send to ${group} (${code})`),
  linesMissing: sentence(
    ["receiver"],
    (pod, seconds) => `of the last ${seconds} s the lines of the receiver's pod ${pod} have not come yet`,
  ),
  notJoined: fault(
    ["receiver"],
    (group, name, table, why) => `the receiver has not joined ${group} on ${name}, as ${table} shows${why}`,
  ),
  sharedAddress: fault(
    ["sender", "receiver"],
    (address) => `sender and receiver both have the address ${address}; give each pod an address of its own`,
  ),
  reversePath: fault(
    ["sender", "receiver"],
    (name, source, back) =>
      `rp_filter is strict on the receiver's ${name} and its route back to ${source} leaves by ${back}; ` +
      `add that route on ${name} or set net.ipv4.conf.${name}.rp_filter=2`,
  ),
  timeToLive: fault(
    ["sender", "receiver"],
    (ttl, source, subnets) => `TTL ${ttl} does not cross the router between ${source} and ${subnets}; raise ttl`,
  ),
  droppedBySocket: sentence(
    ["receiver"],
    (count) =>
      `${count} datagrams that had arrived were dropped by the receiver's own socket, whose buffer was full (the column drops of ` +
      "/proc/net/udp): it had no processor for too long",
  ),
  onlyControlHeard: sentence(
    ["counts"],
    (control, test) =>
      `the receiver hears the control group ${control} but not ${test}, so the path forwards one ` +
      "and not the other: look for IGMP snooping without a querier, or a filter on that group",
  ),
  onlyTestHeard: sentence(
    ["counts"],
    (test, control) =>
      `the receiver hears ${test} but not the control group ${control}, so the path forwards one and not the other: ` +
      "look for a filter on the control group",
  ),
  bothEndsInOrder: sentence(
    ["sender", "receiver", "counts"],
    (groups, where, suspects) =>
      `routes, memberships and interfaces are in order at both ends, but nothing of ${groups} comes ${where}: ` +
      `look for ${suspects}`,
  ),
  oneEndKnown: sentence(
    ["counts"],
    (groups, where, unknown) => `nothing of ${groups} comes ${where}, and nothing is known of ${unknown}`,
  ),
  unicastNotSent: sentence(["counts"], (address) => `nothing was sent by unicast to ${address}`),
  noUnicast: sentence(
    ["counts"],
    (from, address, to) =>
      `no unicast comes from ${from} to ${address} on ${to}: look for a firewall, a NetworkPolicy, an address that is in use twice`,
  ),
  noAnswer: sentence(
    ["sender"],
    (name) =>
      `no answer came; the route and ${name} are in order at the sender, and nothing is known of the listener's interface: ` +
      "look at the listener's pod, and at what carries multicast between the two",
  ),
  unicastPaused: sentence(
    ["counts"],
    (sent) => `by unicast all ${sent} came, but in some of the judged seconds nothing was sent`,
  ),
  someUnicast: sentence(["counts"], (received, sent) => `by unicast only ${received} of ${sent} came`),
} as const satisfies Readonly<Record<string, Sentence>>;

/** Names of the sentences. */
export type SentenceName = keyof typeof SENTENCES;

/** Why something was not heard, as far as evidence shows. */
export interface Cause {
  readonly name: SentenceName;
  /** Completes "… heard 0 of 200 packets: ". */
  readonly text: string;
  /** Waiting longer cannot help: the evidence names a fault that is there now. */
  readonly certain: boolean;
  /** What shows it. */
  readonly witnesses: readonly Witness[];
}

/** Says a sentence. */
export function say(name: SentenceName, ...parts: (string | number)[]): Cause {
  const { certain, witnesses, text }: Sentence = SENTENCES[name];
  return { name, certain, witnesses, text: text(...parts.map(String)) };
}
