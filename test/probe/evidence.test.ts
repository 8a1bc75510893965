/** What the probe sees of its interface where /sys shows that of another network, as on a machine that is itself a container. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import type { Evidence } from "../../probe/evidence";
import { describeWith } from "../helpers/needs";

const NAMESPACE = `vft${process.pid}-evidence`;
const inside = (...argv: string[]) => execFileSync("ip", ["netns", "exec", NAMESPACE, ...argv], { encoding: "utf8" });

const PROGRAM = `
const { takeEvidence } = require(${JSON.stringify(path.join(__dirname, "../../probe/evidence.ts"))});
console.log(JSON.stringify(["eth9", "eth7"].map((name) => takeEvidence(name, "239.1.1.1", true))));
`;
const node = [process.execPath, "--import", "tsx", "--eval", PROGRAM];

describeWith(["root", "ip"], "evidence", () => {
  beforeAll(() => {
    execFileSync("ip", ["netns", "add", NAMESPACE]);
    inside("ip", "link", "add", "eth9", "type", "veth", "peer", "name", "eth8");
    inside("ip", "address", "add", "198.51.100.9/24", "dev", "eth9");
    for (const name of ["eth8", "eth9"]) inside("ip", "link", "set", name, "up");
  });

  afterAll(() => execFileSync("ip", ["netns", "delete", NAMESPACE]));

  test("with the /sys of its own network all is told", () => {
    const [eth9, eth7] = JSON.parse(inside(...node)) as Evidence[];
    expect(eth9).toMatchObject({ present: true, carrier: true, operstate: "up", addresses: ["198.51.100.9/24"] });
    expect(eth7).toMatchObject({ present: false, addresses: [] });
  });

  test("with that of another network the interface is still there, and nothing is told of its link", () => {
    // nsenter changes the network and leaves /sys as it is.
    const text = execFileSync("nsenter", [`--net=/run/netns/${NAMESPACE}`, ...node], { encoding: "utf8" });
    const [eth9, eth7] = JSON.parse(text) as Evidence[];
    expect(eth9).toMatchObject({ present: true, addresses: ["198.51.100.9/24"] });
    expect([eth9?.operstate, eth9?.carrier, eth9?.mtu]).toEqual([undefined, undefined, undefined]);
    expect(eth7).toMatchObject({ present: false });
  });
});
