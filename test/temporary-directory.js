const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/**
 * Testing.synth leaves a directory in the temporary directory for each stack; the workers' own one goes with the run.
 * https://jestjs.io/docs/configuration#globalsetup-string
 */
module.exports = () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "multicast-lab-jest-"));
  // Programs that a test runs as another user must get through.
  fs.chmodSync(directory, 0o711);
  process.env.TMPDIR = directory;
  // A function of the run's own, since globalTeardown is another file and an interrupted run never gets there.
  process.once("exit", () => fs.rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, () => process.exit(128 + os.constants.signals[signal]));
};
