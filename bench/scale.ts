/**
 * Synth of 10, 100 and 500 nodes: at most 2 ms per resource, not growing, and 500 nodes below 400
 * MiB. A file with 100 mistakes is refused in at most the time of a valid one. A resource of
 * another cloud takes at most a tenth longer than one of Scaleway's. Every figure is a process of
 * its own, the best of some rounds.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sshKeyPair } from "../simulator/utility/ssh-key-pair";
import { synthesize } from "../src/synth";

const rounds = 5;

interface Figures {
  readonly milliseconds: number;
  readonly resources: number;
  readonly mebibytes: number;
}

/** In the child process: one synth, and what it took after loading. */
async function measure(directory: string): Promise<void> {
  const start = process.hrtime.bigint();
  const options = { directory, environment: { CI: "1" } };
  const resources = await synthesize(options).then(
    (result) => result.resources,
    () => 0,
  );
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ milliseconds, resources, mebibytes } satisfies Figures));
}

function best(directory: string): Figures {
  const figures = Array.from(
    { length: rounds },
    () => JSON.parse(execFileSync(process.execPath, [__filename, directory]).toString()) as Figures,
  );
  return figures.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
}

const key = sshKeyPair().public;

const places = {
  scaleway: 'zones = ["fr-par-1", "fr-par-2"]',
  ovh: 'region = "GRA11"',
  outscale: 'zones = ["eu-west-2a", "eu-west-2b"]',
} as const;

function input(workers: number, mistakes = 0, cloud: keyof typeof places = "scaleway"): string {
  const wrong = Array.from({ length: mistakes }, (_, i) => `  colour_${i} = "red"`).join("\n");
  return `admin_ip = "203.0.113.7"
bastion_ssh_keys = { ${cloud} = "${key}" }
network_cidr = "10.42.0.0/16"
node_distribution = { ${cloud} = {
  control_planes = 3
  workers = ${workers}
  ${places[cloud]}
  image_name = "talos-v1.13.9"
${wrong}
} }
`;
}

function compare(): void {
  const run = (text: string) => {
    const directory = mkdtempSync(join(tmpdir(), "bench-"));
    writeFileSync(join(directory, "tofu.tfvars"), text);
    const figures = best(directory);
    rmSync(directory, { recursive: true });
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

  // Resources differ between clouds; both the fixed part of a synth and what each resource adds
  // count.
  const nodes = 995;
  const growth = (cloud: keyof typeof places) => {
    const [few, many] = [run(input(2, 0, cloud)), run(input(2 + nodes, 0, cloud))];
    const milliseconds = many.milliseconds - few.milliseconds;
    return {
      node: milliseconds / nodes,
      resource: milliseconds / (many.resources - few.resources),
    };
  };
  const scaleway = growth("scaleway");
  for (const cloud of ["ovh", "outscale"] as const) {
    const each = growth(cloud);
    console.log(
      `${cloud.padEnd(9)}  from 5 to 1,000 nodes ${each.node.toFixed(2)} ms a node, ` +
        `${(each.node / scaleway.node).toFixed(2)} of Scaleway's ${scaleway.node.toFixed(2)}; ` +
        `${each.resource.toFixed(2)} ms a resource, ${(each.resource / scaleway.resource).toFixed(2)} of ` +
        `Scaleway's ${scaleway.resource.toFixed(2)} (at most 1.1)`,
    );
  }
}

const [directory] = process.argv.slice(2);
if (directory === undefined) compare();
else void measure(directory);
