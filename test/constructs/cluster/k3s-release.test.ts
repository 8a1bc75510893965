import { DEFAULT_K3S_RELEASE, hasStableCniDirectory, k3sCniPaths } from "../../../constructs/cluster/k3s-release";

test.each([
  ["v1.28.14+k3s1", false],
  ["v1.28.15+k3s1", true],
  ["v1.29.9+k3s1", false],
  ["v1.29.10+k3s1", true],
  ["v1.30.5+k3s1", false],
  ["v1.30.6+k3s1", true],
  ["v1.31.1+k3s1", false],
  ["v1.31.2+k3s1", true],
  ["v1.32.0+k3s1", true],
  ["v1.27.16+k3s1", false],
  ["v1.34.4+k3s1-embedded", true],
])("%s keeps its CNI directory over upgrades: %s", (version, stable) => {
  expect(hasStableCniDirectory(version)).toBe(stable);
  expect(k3sCniPaths(version)).toEqual({
    confDir: "/var/lib/rancher/k3s/agent/etc/cni/net.d",
    binDir: stable ? "/var/lib/rancher/k3s/data/cni" : "/var/lib/rancher/k3s/data/current/bin",
  });
});

test("the default release is pinned by digest and named in its address", () => {
  const { version, binary } = DEFAULT_K3S_RELEASE;
  expect(binary.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(binary).toHaveProperty("url", expect.stringContaining(encodeURIComponent(version)));
});
