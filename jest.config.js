/** Types are checked once, by `npm run types`; swc only strips them here. */
module.exports = {
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript", decorators: true } } }] },
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  testTimeout: 20000,
};
