/** Required by node (-r) to run the sources directly, where a test starts a process of its own. */
const { readFileSync } = require("node:fs");
const { Module } = require("node:module");
const { transformSync } = require("@swc/core");

Module._extensions[".ts"] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, "utf8"), {
    filename,
    module: { type: "commonjs" },
    jsc: { target: "es2022", parser: { syntax: "typescript", decorators: true } },
    sourceMaps: "inline",
  });
  module._compile(code, filename);
};
