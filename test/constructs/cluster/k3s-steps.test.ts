import { host } from "./hosts";
import { allProps } from "./k3s-samples";
import { digest, stepsOf } from "./steps";
import type { K3sClusterProps } from "../../../constructs/cluster/k3s-cluster-props";
import type { SshHost } from "../../../constructs/cluster/ssh-host";

describe("what runs again", () => {
  const again = (props: K3sClusterProps) =>
    Object.fromEntries(
      Object.entries(stepsOf(props)).flatMap(([name, { instances }]) =>
        Object.entries(instances).map(([key, { run_again_when: when }]) => [`${name} ${key}`, when]),
      ),
    );
  const before = again(allProps);
  const changed = (props: Partial<K3sClusterProps>) => {
    const now = again({ ...allProps, ...props });
    return Object.keys(now).filter((name) => now[name] !== before[name]);
  };
  const [first] = allProps.servers;
  const [worker] = allProps.agents;
  const otherwise = { nodeName: "server", managementInterface: "eth0", nodeIps: ["192.0.2.11", "2001:db8::11"] };
  const k3s = ["install 192.0.2.11", "agents 2001:db8::12 port 2222", "ready 192.0.2.11"];
  const files = ["files 192.0.2.11", "files 2001:db8::12 port 2222"];

  test("nothing for the same props", () => expect(changed({})).toEqual([]));
  test("nothing for another key file or user", () =>
    expect(
      changed({ servers: [host(first!.address, { ...otherwise, user: "lab", privateKeyPath: "/other" })] }),
    ).toEqual([]));
  test("all for another address of the only server, on the agent all but the guard", () =>
    expect(changed({ servers: [host("192.0.2.99", otherwise)] })).toEqual([
      "guard 192.0.2.99",
      "files 192.0.2.99",
      files[1],
      "install 192.0.2.99",
      k3s[1],
      "ready 192.0.2.99",
    ]));
  test("the guard never for another name: what the host was like before is known", () =>
    expect(changed({ agents: [host("2001:db8::12", { ...options(worker!), nodeName: "renamed" })] })).toEqual([
      files[1],
      ...k3s.slice(1),
    ]));
  test("files and K3s for another program", () =>
    expect(changed({ release: { ...allProps.release, binary: { path: "/x", sha256: digest("d") } } })).toEqual([
      ...files,
      ...k3s,
    ]));
  test("K3s for another configuration of servers", () => expect(changed({ disable: [] })).toEqual([k3s[0], k3s[2]]));
  test("K3s for other registries", () => expect(changed({ registries: {} })).toEqual(k3s));
  test("nothing for another place of the same file", () =>
    expect(changed({ release: { ...allProps.release, binary: { path: "/x", sha256: digest("a") } } })).toEqual([]));

  function options({ user, port, privateKeyPath, nodeIps, nodeLabels, nodeTaints, managementInterface }: SshHost) {
    return { user, port, privateKeyPath, nodeIps, nodeLabels, nodeTaints, managementInterface };
  }
});
