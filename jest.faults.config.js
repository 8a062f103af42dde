/** A fault at every change, and random histories: minutes each, beside `npm test`. */
module.exports = {
  ...require("./jest.config.js"),
  testPathIgnorePatterns: [],
  testMatch: ["<rootDir>/test/{faults,histories}/**/*.test.ts"],
  // The engine's processes are many enough for one at a time.
  maxWorkers: 1,
};
