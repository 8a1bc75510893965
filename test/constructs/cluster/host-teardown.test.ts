import { canMakeHostRoot, HostRoot } from "./host-root";

(canMakeHostRoot ? describe : describe.skip)("a host that is given back (needs root and namespaces)", () => {
  let host: HostRoot;
  beforeEach(async () => (host = await HostRoot.start()));
  afterEach(() => host.stop());

  test("is as it was", async () => {
    const before = host.look();
    expect(await host.install()).toMatchObject({ code: 0 });
    expect(host.look()).not.toBe(before);
    const end = await host.step("guard-destroy");
    expect(end).toMatchObject({ code: 0 });
    expect(host.look()).toBe(before);
    expect(end.output).not.toContain("lab-note");
  });
});
