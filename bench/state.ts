/**
 * `up` and `plan` with an encrypted state against the same in clear, on simulated clouds of 3+2 nodes, in
 * interleaved rounds: at most 1.15 times as long, by the median.
 */
import { environmentVariable } from "../src/state/passphrase";
import { findTofu } from "../src/tofu/binary";
import { median, Workspace } from "./workspace";

const rounds = Number(process.argv[2] ?? 5);
const most = 1.15;

const encryption = 'state = { encryption = "passphrase" }\n';
const passphrase = { [environmentVariable]: "correct-horse-battery-staple" };

async function main(): Promise<void> {
  const { path } = await findTofu({ environment: process.env, progress: console.error });
  const clear = { up: [] as number[], plan: [] as number[] };
  const encrypted = { up: [] as number[], plan: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const pairs = [
      [clear, await Workspace.create(path)],
      [encrypted, await Workspace.create(path, passphrase, encryption)],
    ] as const;
    // The second one finds a warmer machine.
    const inOrder = round % 2 === 0 ? pairs : [pairs[1], pairs[0]];
    try {
      for (const [times, workspace] of inOrder) {
        times.up.push(workspace.openaether("up", "--yes").seconds);
      }
      for (let again = 0; again < 3; again++) {
        for (const [times, workspace] of inOrder) {
          times.plan.push(workspace.openaether("plan").seconds);
        }
      }
    } finally {
      for (const [, workspace] of pairs) await workspace.end();
    }
  }
  for (const what of ["up", "plan"] as const) {
    const [inClear, withKey] = [median(clear[what]), median(encrypted[what])];
    console.log(
      `${what.padEnd(4)} ${(withKey / inClear).toFixed(2)} times the one in clear (at most ${most}): ` +
        `${withKey.toFixed(2)} s against ${inClear.toFixed(2)} s`,
    );
  }
}

void main();
