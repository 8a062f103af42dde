/**
 * `up` and `plan` with an encrypted state, in a file and in a bucket of a real S3 server on loopback, against
 * the same with a file in clear: on simulated clouds of 3+2 nodes, in interleaved rounds, by the median. At
 * most 1.15 times as long in a file, 1.3 times in a bucket. The cloud answers at once:
 *
 *   npm run bench:state -- 5         # rounds
 *   npm run bench:state -- 5 0.02    # and what it creates takes a fiftieth of the real time
 */
import { environmentVariable } from "../src/state/passphrase";
import { findTofu } from "../src/tofu/binary";
import { S3Server } from "../test/support/s3-server";
import { median, Workspace } from "./workspace";

const rounds = Number(process.argv[2] ?? 5);
const timeScale = process.argv[3] === undefined ? undefined : Number(process.argv[3]);

const passphrase = { [environmentVariable]: "correct-horse-battery-staple" };

/** A way to keep the state, with its times in seconds. */
class Way {
  readonly up: number[] = [];
  readonly plan: number[] = [];

  constructor(
    readonly title: string,
    readonly most: number,
    readonly create: () => Promise<Workspace>,
  ) {}
}

/** The later ones find a warmer machine: each round begins with another one. */
function rotated<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

async function main(): Promise<void> {
  const { path } = await findTofu({ environment: process.env, progress: console.error });
  const server = await S3Server.start();
  const inClear = new Way("in clear", 1, () => Workspace.create(path, {}, "", timeScale));
  const ways = [
    inClear,
    new Way("encrypted", 1.15, () =>
      Workspace.create(path, passphrase, 'state = { encryption = "passphrase" }\n', timeScale),
    ),
    new Way("encrypted, in a bucket", 1.3, async () => {
      const { endpoint, region } = server.bucket();
      const bucket = `{ endpoint = "${endpoint}", region = "${region}", name = "bench-${Date.now()}" }`;
      const state = `state = {\n  encryption = "passphrase"\n  bucket = ${bucket}\n}\n`;
      const workspace = await Workspace.create(
        path,
        { ...passphrase, ...server.environment },
        state,
        timeScale,
      );
      workspace.openaether("state", "create");
      return workspace;
    }),
  ];
  try {
    for (let round = 0; round < rounds; round++) await measure(rotated(ways, round));
  } finally {
    await server.end();
  }
  for (const what of ["up", "plan"] as const) {
    const floor = median(inClear[what]);
    for (const way of ways.slice(1)) {
      const seconds = median(way[what]);
      console.log(
        `${what.padEnd(4)} ${way.title}: ${(seconds / floor).toFixed(2)} times the one in clear ` +
          `(at most ${way.most}): ${seconds.toFixed(2)} s against ${floor.toFixed(2)} s`,
      );
    }
  }
}

async function measure(ways: readonly Way[]): Promise<void> {
  const workspaces: [Way, Workspace][] = [];
  try {
    for (const way of ways) workspaces.push([way, await way.create()]);
    for (const [way, workspace] of workspaces) {
      way.up.push(workspace.openaether("up", "--yes").seconds);
    }
    for (let again = 0; again < 3; again++) {
      for (const [way, workspace] of workspaces) {
        way.plan.push(workspace.openaether("plan").seconds);
      }
    }
  } finally {
    for (const [, workspace] of workspaces) await workspace.end();
  }
}

void main();
