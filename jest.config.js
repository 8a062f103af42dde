const { availableParallelism } = require("node:os");

/** Types are checked once, by `npm run types`; swc only strips them here. */
const swc = { jsc: { target: "es2022", parser: { syntax: "typescript", decorators: true } } };

// cdktf creates much short-lived garbage: collecting it took a sixth of a network proof's time.
process.env.NODE_OPTIONS ??= "--max-semi-space-size=64";

module.exports = {
  testMatch: ["<rootDir>/{test,simulator/test}/**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", swc] },
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  setupFiles: ["<rootDir>/test/support/environment.ts"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  globalTeardown: "<rootDir>/test/support/global-teardown.ts",
  // Twenty minutes and more; the tests have a sample of each: jest.proofs.config.js, jest.deep.config.js.
  testPathIgnorePatterns: ["/test/proofs/", "/test/deep/"],
  testSequencer: "<rootDir>/test/support/longest-first.js",
  // A quarter of the time they wait: for tunnels, signals, a server that is silent.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // An engine test is a dozen runs of tofu.
  testTimeout: 120_000,
};
