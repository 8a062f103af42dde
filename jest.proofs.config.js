/** The proofs: the same code as the tests, over every case where the tests take a sample. */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/{test,simulator/test}/proofs/**/*.test.ts"],
  testPathIgnorePatterns: [],
};
