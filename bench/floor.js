// The floor of a synth: a node process that loads cdktf, parses the same tfvars
// and writes a file of the same size. Usage: floor.js INPUT OUTPUT SIZE
"use strict";
require("cdktf");
const { parse } = require("@cdktf/hcl2json");
const { readFileSync, writeFileSync } = require("node:fs");

const [input, output, size] = process.argv.slice(2);
parse("tofu.tfvars", readFileSync(input, "utf8")).then((values) => {
  writeFileSync(output, JSON.stringify(values).padEnd(Number(size)));
});
