/**
 * A backup of an etcd of 100 MB that cannot be compressed, in a deep cluster of one control plane: at most
 * 15 s and 300 MiB of memory, by the median; and its verification, for comparison. The programs are found
 * or built before. The time is that of the whole command, with the login to the bastion; the simulator is
 * optimized (--opt), as nodes are.
 *
 *   npm run bench:backup -- 3        # rounds
 */
import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../constructs/package-root";
import { findTofu } from "../src/tofu/binary";
import { answers, DeepCluster } from "../test/deep/deep-cluster";
import { DeepUser } from "../test/deep/deep-user";
import { scaleway } from "../test/support/clouds";
import { type Figures, median, peakIn } from "./workspace";

const rounds = Number(process.argv[2] ?? 3);

/** Just below what an object may have. */
const objectSize = 950_000;
const objects = 105;
/** In one call of kubectl. */
const batch = 15;

async function main(): Promise<void> {
  const { path } = await findTofu({ environment: process.env, progress: console.error });
  process.env["TOFU_BIN"] = path;
  const deep = await DeepCluster.create(scaleway, scaleway.single, {
    controllers: false,
    haste: 10,
  });
  try {
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    for (let first = 0; first < objects; first += batch) await deep.create(someObjects(first));
    await measure(deep);
  } finally {
    await deep.end();
  }
}

function someObjects(first: number): object[] {
  const count = Math.min(batch, objects - first);
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `random-${first + index}`, namespace: "default" },
    data: { text: randomBytes((objectSize * 3) / 4).toString("base64") },
  }));
}

async function measure(deep: DeepCluster): Promise<void> {
  const user = new DeepUser(deep);
  await user.done("backup", "create-key", "backup.key");
  const peak = join(deep.cluster.home, "peak");
  user.variables = {
    NODE_OPTIONS: `--require=${join(packageRoot(), "bench", "peak.js")}`,
    OPENAETHER_BENCH_PEAK: peak,
  };
  const timed = async (...args: string[]): Promise<Figures> => {
    const start = process.hrtime.bigint();
    await user.done(...args);
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9, mebibytes: peakIn(peak) };
  };
  const backups = join(deep.cluster.home, "backups");
  const written: Figures[] = [];
  const verified: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    written.push(await timed("backup", "--keep", "1"));
    const [file = ""] = readdirSync(backups);
    verified.push(await timed("backup", "verify", join(backups, file), "--identity", "backup.key"));
  }
  const [file = ""] = readdirSync(backups);
  const megabytes = statSync(join(backups, file)).size / 1e6;
  console.log(
    `backup of an etcd of 100 MB: ${text(written)} (15 s, 300 MiB); ${megabytes.toFixed(0)} MB written`,
  );
  console.log(`verified:                    ${text(verified)}`);
}

function text(figures: readonly Figures[]): string {
  const seconds = median(figures.map((one) => one.seconds));
  const mebibytes = median(figures.map((one) => one.mebibytes));
  return `${seconds.toFixed(1)} s, ${mebibytes.toFixed(0)} MiB`;
}

void main();
