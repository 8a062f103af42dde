// Loaded into every Node process of a measured command: records the largest resident set, in MiB.
"use strict";
const { appendFileSync } = require("node:fs");

process.once("exit", () => {
  const file = process.env.OPENAETHER_BENCH_PEAK;
  if (file) appendFileSync(file, `${process.resourceUsage().maxRSS / 1024}\n`);
});
