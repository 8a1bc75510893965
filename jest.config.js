const { availableParallelism } = require("node:os");

/** Type errors are found once, by `npm run typecheck`; here each file is only transpiled. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  // Jest's own default leaves one core idle, which on two cores is half of the machine; and some of the tests wait for most of their time.
  maxWorkers: availableParallelism() + 1,
  // For what hangs; a busy machine may take its time.
  testTimeout: 30_000,
  globalSetup: "<rootDir>/test/temporary-directory.js",
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
  moduleNameMapper: { "/stack-trace$": "<rootDir>/test/no-stack-trace.js" },
  transform: {
    "^.+\\.ts$": ["ts-jest", { diagnostics: false, tsconfig: "tsconfig.json" }],
  },
};
