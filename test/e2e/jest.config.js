// These take as long as all other files together: the one builds OpenTofu and the providers from nothing, the other installs K3s eleven times. By LONG=1.
const long = process.env.LONG === "1" ? [] : ["/(bare-root|cluster-life)\\.test\\.ts$"];

/** Tests that boot hosts: as root, one after the other, each cleaning up after itself. */
module.exports = {
  ...require("../../jest.config.js"),
  rootDir: "../..",
  roots: ["<rootDir>/test/e2e"],
  testPathIgnorePatterns: ["/node_modules/", ...long],
  maxWorkers: 1,
  testTimeout: 180_000,
};
