// These take as long as all other files together: they build OpenTofu and the providers from nothing, install K3s eleven times, time a lab beside kubectl, and keep hosts from the internet. By LONG=1.
const long =
  process.env.LONG === "1" ? [] : ["/(bare-root|bench-phases|cluster-life|offline-media|offline-planes)\\.test\\.ts$"];

/** Tests that boot hosts: as root, one after the other, each cleaning up after itself. */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: "../..",
  roots: ["<rootDir>/test/e2e"],
  testPathIgnorePatterns: ["/node_modules/", ...long],
  maxWorkers: 1,
  testTimeout: 180_000,
};
