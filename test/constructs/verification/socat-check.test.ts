import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { SocatCheck, type SocatCheckProps } from "../../../constructs/verification/socat-check";
import { Ipam } from "../../../constructs/network/ipam";
import { nodeOfSpec } from "../../helpers/placement";
import { faultsOf } from "../../helpers/faults";
import { newStack, synth, synthStack } from "../../helpers/synth";
import { configsOf, networksOf, podsOf, testNetwork } from "./check-objects";

const image = "lab.local/probe:1";

const faults = (props: Partial<SocatCheckProps>, ipam?: Ipam): readonly string[] =>
  faultsOf(() => {
    const stack = newStack();
    const network = testNetwork(stack, ipam ? { ipam } : {});
    return new SocatCheck(stack, "ListenerAnswers", { network, image, ...props });
  });

test("with the required props it asks as the documents do, across nodes", () => {
  const synthesised = synth(
    (stack) => new SocatCheck(stack, "ListenerAnswers", { network: testNetwork(stack), image }),
  );
  const pods = podsOf(synthesised);
  const listener = pods["listener-answers-mlistener"]!;
  const sender = pods["listener-answers-verdict"]!;
  expect(nodeOfSpec(listener.spec)).toBe("agent");
  expect(listener.spec.hostname).toMatch(/^mlistener-\$\{nonsensitive\(.+triggers_replace\.key.+\)\}$/);
  expect(nodeOfSpec(sender.spec)).toBe("server");
  const addresses = [listener, sender].flatMap((pod) => networksOf(pod)[0]?.ips ?? []);
  expect(new Set(addresses).size).toBe(2);
  const destination = { group: "224.1.0.1", port: 30102 };
  expect(configsOf(synthesised)).toMatchObject({
    "mlistener.json": { mode: "socat-listen", destination, interface: "net1" },
    "verdict.json": { mode: "socat-ask", destination, ttl: 64, range: "10.20.0.0/24", answer: "mlistener" },
  });
});

test("every prop reaches the pods", () => {
  const stack = newStack();
  const props: Required<SocatCheckProps> = {
    tolerations: [{ key: "dedicated", operator: "Exists" }],
    network: testNetwork(stack),
    image,
    group: MulticastGroup.of("239.9.9.9", { port: 999, ttl: 3 }),
    checkName: "ask",
    senderNode: "agent",
    listenerNode: "server",
    deadlineSeconds: 60,
  };
  const built = new SocatCheck(stack, "ListenerAnswers", props);
  const synthesised = synthStack(stack);
  expect(built).toMatchObject({ checkName: "ask", listener: { podName: "ask-mlistener" } });
  expect(nodeOfSpec(podsOf(synthesised)["ask-verdict"]?.spec)).toBe("agent");
  expect(configsOf(synthesised)["verdict.json"]).toMatchObject({
    destination: { group: "239.9.9.9", port: 999 },
    ttl: 3,
    deadlineSeconds: 60,
    listener: { node: "server" },
  });
});

test.each<[string, Partial<SocatCheckProps>, string]>([
  ["the name is no label", { checkName: "-" }, "checkName must be a DNS-1123 label"],
  ["the image is latest", { image: "socat:latest" }, "image must be an image reference"],
  ["the deadline is too short", { deadlineSeconds: 4 }, "deadlineSeconds must be a whole number from 5"],
  ["a node is unknown", { listenerNode: "moon" }, "listenerNode must be a node of the cluster"],
  ["the group is IPv6", { group: MulticastGroup.of("ff15::1", { port: 1 }) }, "group.address must be IPv4"],
])("fails if %s", (_, props, message) => {
  expect(faults(props)).toEqual([expect.stringContaining(message)]);
});

test("fails if the network's addresses are not known at synth", () => {
  expect(faults({}, Ipam.custom({ type: "dhcp" })).join()).toContain("network must have an IPv4 subnet known at synth");
});
