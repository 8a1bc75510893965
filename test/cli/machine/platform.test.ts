import { LabError } from "../../../cli/errors";
import { requireKernelParts } from "../../../cli/machine/kernel";
import { requireLinuxRoot } from "../../../cli/machine/platform";
import { describeWith } from "../../helpers/needs";

const machine = { system: "linux", architecture: "x64", userId: 0 } as const;

test("root on 64-bit Linux serves", () => {
  expect(() => requireLinuxRoot(machine)).not.toThrow();
});

test.each([
  ["macOS", { ...machine, system: "darwin" as const }, "needs Linux on x86-64, this is darwin on x64"],
  ["another processor", { ...machine, architecture: "arm64" }, "this is linux on arm64"],
  ["no root", { ...machine, userId: 1000 }, 'needs root (network namespaces, mounts): run "sudo ./lab …"'],
])("fails if there is %s, and says what serves instead", (_, platform, message) => {
  const refuse = (): void => requireLinuxRoot(platform);
  expect(refuse).toThrow(message);
  expect(refuse).toThrow("hosts of your own by SSH, or a cluster that exists");
});

describeWith(["root", "ip", "nft"], "as root", () => {
  test("kernel parts are tried, and one that is refused is named", async () => {
    await expect(requireKernelParts()).resolves.toBeUndefined();
    const path = process.env.PATH;
    process.env.PATH = "/usr/bin:/bin";
    try {
      // Without /usr/sbin `nft` is not found, which ends as with a kernel that refuses it.
      await expect(requireKernelParts()).rejects.toThrow(LabError);
      await expect(requireKernelParts()).rejects.toThrow(/it lacks: .*nftables/);
    } finally {
      process.env.PATH = path;
    }
  });
});
