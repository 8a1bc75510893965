import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { allocate, findLab, firstFreeIndex, listLabs, release } from "../../../embedded/hosts/allocation";
import { USUAL_HOSTS } from "../../../embedded/hosts/layout";

describe("allocation", () => {
  let home: string;
  beforeEach(async () => {
    home = await fs.mkdtemp(path.join(os.tmpdir(), "hosts-allocation-"));
  });
  afterEach(() => fs.rm(home, { recursive: true }));

  it("gives the same name the same index", async () => {
    const first = await allocate("one", home);
    expect((await allocate("one", home)).index).toBe(first.index);
    expect((await findLab("one", home))?.index).toBe(first.index);
  });

  it("gives labs that are allocated at the same time an index each", async () => {
    const names = Array.from({ length: 12 }, (_unused, i) => `lab${i}`);
    const labs = await Promise.all(names.map((name) => allocate(name, home)));
    expect(new Set(labs.map(({ index }) => index)).size).toBe(names.length);
    expect((await listLabs(home)).map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it("remembers the hosts that a lab was made with", async () => {
    const hosts = { ...USUAL_HOSTS, agents: 2 };
    const names = ["server", "agent-1", "agent-2", "external"];
    await allocate("one", home, hosts);
    for (const lab of [await findLab("one", home), await allocate("one", home), await allocate("one", home, hosts)])
      expect(lab?.hosts.map(({ name }) => name)).toEqual(names);
  });

  it("fails if a lab exists with other hosts, and says what to do", async () => {
    await allocate("one", home);
    await expect(allocate("one", home, { ...USUAL_HOSTS, planes: 2 })).rejects.toThrow(
      'lab "one" has other hosts (server, agent, external; cluster network flannel); run "./lab down --name one" first, or use another name',
    );
  });

  it("fails if a lab exists with another cluster network", async () => {
    await allocate("one", home, { ...USUAL_HOSTS, clusterNetwork: "ovn-kubernetes" });
    await expect(allocate("one", home, USUAL_HOSTS)).rejects.toThrow("cluster network ovn-kubernetes); run");
    expect((await allocate("one", home)).clusterNetwork).toBe("ovn-kubernetes");
  });

  it("keeps the lab directory to its owner", async () => {
    const lab = await allocate("one", home);
    expect((await fs.stat(lab.directory)).mode & 0o777).toBe(0o700);
  });

  it("gives an index back with the lab", async () => {
    const lab = await allocate("one", home);
    await release(lab);
    expect(await findLab("one", home)).toBeUndefined();
    expect((await allocate("two", home)).index).toBe(lab.index);
    await expect(fs.stat(lab.directory)).rejects.toThrow("ENOENT");
  });

  it("ignores what a killed allocation left", async () => {
    await fs.mkdir(path.join(home, "indices"));
    await fs.writeFile(path.join(home, "indices", "draft-1234"), "half");
    expect(await listLabs(home)).toEqual([]);
  });

  it("passes over indices in use on the machine", () => {
    expect(firstFreeIndex([{ index: 0, name: "a" }], (index) => index === 1)).toBe(2);
  });

  it("fails if every index is taken", () => {
    expect(() => firstFreeIndex([], () => true)).toThrow(/all 127 lab indices are taken/);
  });
});
