import { ExternalEndpoint } from "../../../constructs/verification/external-endpoint";
import { MulticastCheck } from "../../../constructs/verification/multicast-check";
import { MulticastGroup } from "../../../constructs/verification/multicast-group";
import { ServiceCheck } from "../../../constructs/verification/service-check";
import { SocatCheck } from "../../../constructs/verification/socat-check";
import { SshHost } from "../../../constructs/cluster/ssh-host";
import { newStack, synthStack, type Block, type Synthesised } from "../../helpers/synth";
import { podsOf, testNetwork, type PodBlock } from "./check-objects";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJyv3i6S8tTh5h0b6n4cR6j0o0m1x2y3z4A5B6C7D8E9";
const group = MulticastGroup.of("239.1.1.1", { port: 5004 });

interface Data extends Block {
  readonly input?: Record<string, string>;
  readonly triggers_replace?: { readonly key?: string };
  readonly provisioner?: { readonly "local-exec": { environment: Record<string, string> } }[];
}

function build(): Synthesised {
  const stack = newStack();
  const network = testNetwork(stack);
  const access = { user: "lab", privateKeyPath: "/etc/lab/key", hostKey, nodeName: "simulator" };
  const external = new ExternalEndpoint(stack, "Simulator", {
    host: SshHost.of("192.0.2.9", access),
    interfaceName: "eth1",
    addresses: ["10.20.0.9/24"],
  });
  const receivers = [
    { name: "a", node: "agent" },
    { name: "outside", external },
  ];
  new MulticastCheck(stack, "Works", { network, group, receivers });
  new ServiceCheck(stack, "Answers", { namespace: network.namespace, group, members: [{ name: "m" }] });
  new SocatCheck(stack, "Documents", { network, image: "docker.io/library/node:22.1" });
  return synthStack(stack);
}

const synthesised = build();
const data = Object.entries(synthesised.json.resource?.terraform_data ?? {}) as [string, Data][];
const identities = data.filter(([, { triggers_replace: made }]) => made?.key === "${sensitive(uuid())}");

test("each check has a random key of its own, which is kept once it is made", () => {
  expect(identities).toHaveLength(3);
  for (const [, identity] of identities)
    expect(identity).toMatchObject({ lifecycle: { ignore_changes: ["triggers_replace"] } });
  const secrets = synthesised.all("kubernetes_secret_v1") as { data: { key: string }; immutable: boolean }[];
  expect(new Set(secrets.map(({ data: { key } }) => key))).toEqual(
    new Set(identities.map(([name]) => `\${terraform_data.${name}.triggers_replace.key}`)),
  );
  expect(secrets.map(({ immutable }) => immutable)).toEqual([true, true, true]);
});

test("every pod that speaks or judges reads the key from a Secret whose name follows from the deployment", () => {
  const speaking = Object.values(podsOf(synthesised)).filter(
    ({ metadata }) => "app.kubernetes.io/instance" in metadata.labels,
  );
  expect(speaking.length).toBeGreaterThan(5);
  const volumesOf = ({ spec }: PodBlock) => spec.volume as { name: string; secret?: { secret_name: string } }[];
  for (const pod of speaking) {
    const secret = volumesOf(pod).find(({ name }) => name === "key")?.secret?.secret_name;
    expect(secret).toMatch(/^[a-z]+-key-\$\{substr\(sha256\(terraform_data\.\w+\.id\), 0, 8\)\}$/);
    const [container] = pod.spec.init_container ?? pod.spec.container;
    expect(container?.command.at(-1)).toBe("/probe-key/key");
  }
});

test("a machine outside gets the key by the step's environment alone, and a probe anew with another deployment", () => {
  const [identity] = identities.find(([name]) => name.startsWith("Works"))!;
  const started = data.filter(([name]) => name.includes("Started")).map(([, block]) => block);
  expect(started).toHaveLength(1);
  expect(started[0]?.input?.LAB_DEPLOYMENT).toBe(`\${terraform_data.${identity}.id}`);
  expect(started[0]?.provisioner?.[0]?.["local-exec"].environment.LAB_VALUE_KEY).toBe(
    `\${nonsensitive(terraform_data.${identity}.triggers_replace.key)}`,
  );
});

test("the key stands in nothing that is printed or can be read without it: no ConfigMap, no argument, no input", () => {
  const { resource = {} } = synthesised.json;
  const open = Object.entries(resource).filter(([type]) => type !== "kubernetes_secret_v1");
  const texts = open.flatMap(([, blocks]) =>
    Object.values(blocks).map((block) => JSON.stringify({ ...block, provisioner: undefined })),
  );
  const holding = texts.filter((text) => text.includes("triggers_replace.key"));
  // The listener's host name holds a digest of it.
  expect(holding.map((text) => text.replace(/nonsensitive\(substr\(sha256\([^)]+\), 0, 10\)\)/g, ""))).toEqual([
    expect.not.stringContaining("triggers_replace.key"),
  ]);
});
