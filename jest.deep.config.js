/** Tests on real programs: etcd, kube-apiserver, talosctl, kubectl. */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/test/deep/**/*.test.ts"],
  testPathIgnorePatterns: [],
  globalSetup: "<rootDir>/test/support/deep-setup.ts",
  // A cluster is ten and more processes, and a gigabyte; two fifths of the time they wait.
  maxWorkers: 3,
  // A failed test may leave a program running, for which jest would wait without end.
  forceExit: true,
};
