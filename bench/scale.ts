/**
 * Synth of 10, 100 and 500 nodes: at most 2 ms a resource, not growing, and 500 nodes
 * below 400 MiB. A file with 100 mistakes is refused in at most the time of a right one.
 * Every figure is a process of its own, the best of some rounds.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { utils } from "ssh2";
import { synthesize } from "../src/synth";

const rounds = 5;

interface Figures {
  readonly milliseconds: number;
  readonly resources: number;
  readonly mebibytes: number;
}

/** In the child: one synth, and what it took once everything was loaded. */
async function measure(folder: string): Promise<void> {
  const start = process.hrtime.bigint();
  const options = { folder, environment: { CI: "1" } };
  const resources = await synthesize(options).then(
    (result) => result.resources,
    () => 0,
  );
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ milliseconds, resources, mebibytes } satisfies Figures));
}

function best(folder: string): Figures {
  const figures = Array.from(
    { length: rounds },
    () => JSON.parse(execFileSync(process.execPath, [__filename, folder]).toString()) as Figures,
  );
  return figures.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
}

const key = utils.generateKeyPairSync("ed25519").public;

function input(workers: number, mistakes = 0): string {
  const wrong = Array.from({ length: mistakes }, (_, i) => `  colour_${i} = "red"`).join("\n");
  return `admin_ip = "203.0.113.7"
bastion_ssh_keys = { scaleway = "${key}" }
network_cidr = "10.42.0.0/16"
node_distribution = { scaleway = {
  control_planes = 3
  workers = ${workers}
  zones = ["fr-par-1", "fr-par-2"]
  image_name = "talos-v1.13.9"
${wrong}
} }
`;
}

function compare(): void {
  const run = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), "bench-"));
    writeFileSync(join(folder, "tofu.tfvars"), text);
    const figures = best(folder);
    rmSync(folder, { recursive: true });
    return figures;
  };
  const base = run(input(0));
  for (const nodes of [10, 100, 500]) {
    const figures = run(input(nodes - 3));
    const each = (figures.milliseconds - base.milliseconds) / (figures.resources - base.resources);
    console.log(
      `${String(nodes).padStart(3)} nodes  ${figures.resources} resources in ` +
        `${figures.milliseconds.toFixed(0)} ms, ${each.toFixed(2)} ms for each one more than ` +
        `${base.resources} (at most 2), ${figures.mebibytes.toFixed(0)} MiB`,
    );
  }
  const right = run(input(97));
  const wrong = run(input(97, 100));
  const ratio = wrong.milliseconds / right.milliseconds;
  console.log(`100 mistakes  ${ratio.toFixed(2)} times a right file of 100 nodes (at most 1)`);
  const small = run(input(2, 100)).milliseconds / run(input(2)).milliseconds;
  console.log(`              ${small.toFixed(2)} times a right file of 5 nodes (at most 1)`);
}

const [folder] = process.argv.slice(2);
if (folder === undefined) compare();
else void measure(folder);
