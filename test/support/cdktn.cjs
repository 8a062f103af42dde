/** Required by node (-r), so that a program runs on cdktn, with our bindings where it has none. */
const { Module } = require("node:module");
const { join } = require("node:path");

const bindings = join(__dirname, "..", "..", "bindings");
const resolve = Module._resolveFilename;

Module._resolveFilename = (request, ...rest) => {
  const [, binding] = /^@cdktf\/provider-((?:local|null|tls)\/.*)/.exec(request) ?? [];
  return resolve(
    binding === undefined ? request.replace(/^cdktf$/, "cdktn") : join(bindings, binding),
    ...rest,
  );
};
