/**
 * The library against its floors, in processes of their own: `import` may take 1.3 times as long as
 * cdktf's own, and the synth of two clusters in one app 1.1 times the sum of each alone.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshKeyPair } from "../simulator/utility/ssh-key-pair";

const root = join(__dirname, "..", "..");
const rounds = Number(process.argv[2] ?? 7);
const key = sshKeyPair().public;
const library = JSON.stringify(join(root, "dist", "index.js"));

/** Milliseconds that a program takes, as it measures itself: without the start of node. */
function milliseconds(program: string): number {
  const timed = `const start = process.hrtime.bigint(); ${program}; console.log(Number(process.hrtime.bigint() - start) / 1e6)`;
  return Number(execFileSync(process.execPath, ["-e", timed], { cwd: root, encoding: "utf8" }));
}

function synthOf(clouds: readonly ("scaleway" | "ovh")[]): number {
  const directory = mkdtempSync(join(tmpdir(), "bench-library-"));
  const regions = { scaleway: "fr-par", ovh: "GRA11" };
  const clusters = clouds.map(
    (cloud, i) => `new library.ManagementCluster(new TerraformStack(app, "${cloud}"), "mgmt", {
      cloud: library.${cloud},
      tunnelPort: ${50000 + i},
      spec: library.clusterSpec({
        clusterName: "${cloud}",
        adminIp: "203.0.113.7",
        bastionSshKeys: { ${cloud}: ${JSON.stringify(key)} },
        nodeDistribution: { ${cloud}: { controlPlanes: 3, workers: 2, region: "${regions[cloud]}" } },
      }),
    })`,
  );
  const time = milliseconds(
    `const { App, TerraformStack } = require("cdktf"); const library = require(${library});
     const app = new App({ outdir: ${JSON.stringify(directory)} });
     ${clusters.join(";")}; app.synth()`,
  );
  rmSync(directory, { recursive: true });
  return time;
}

const times = { cdktf: [], import: [], scaleway: [], ovh: [], both: [] } as Record<
  "cdktf" | "import" | "scaleway" | "ovh" | "both",
  number[]
>;
for (let round = 0; round < rounds; round++) {
  times.cdktf.push(milliseconds('require("cdktf")'));
  times.import.push(milliseconds(`require(${library})`));
  times.scaleway.push(synthOf(["scaleway"]));
  times.ovh.push(synthOf(["ovh"]));
  times.both.push(synthOf(["scaleway", "ovh"]));
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const ratio = (a: number, b: number) => (a / b).toFixed(2);
const sum = median(times.scaleway) + median(times.ovh);
console.log(
  `import  ${median(times.import).toFixed(0)} ms, cdktf ${median(times.cdktf).toFixed(0)} ms: ratio ${ratio(median(times.import), median(times.cdktf))} (at most 1.3)`,
);
console.log(
  `synth   both ${median(times.both).toFixed(0)} ms, each ${median(times.scaleway).toFixed(0)} and ${median(times.ovh).toFixed(0)} ms: ratio ${ratio(median(times.both), sum)} (at most 1.1)`,
);
