import { afterEach, expect, test } from "@jest/globals";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitForTofu, rememberTofu } from "../../../../src/cli/apply/running-tofu";
import { temporaryDirectory } from "../../../support/input";

let leader: ChildProcess | undefined;

afterEach(() => {
  leader?.kill("SIGKILL");
});

/** A process group whose leader is killed, and whose other process continues. */
async function killedTofu(
  program: string,
): Promise<{ cluster: { memory: string; stackDirectory: string }; provider: number }> {
  const directory = temporaryDirectory();
  const file = join(directory, program);
  writeFileSync(file, "#!/bin/sh\nwhile :; do sleep 1; done\n");
  chmodSync(file, 0o700);
  leader = spawn("sh", ["-c", `'${file}' & echo $!; wait`], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [reported] = (await once(leader.stdout ?? process.stdin, "data")) as [Buffer];
  const cluster = { memory: directory, stackDirectory: directory };
  rememberTofu(cluster, leader.pid ?? 0);
  const ended = once(leader, "exit");
  leader.kill("SIGKILL");
  await ended;
  return { cluster, provider: Number(reported.toString()) };
}

/** A zombie counts as ended. */
function isRunning(processId: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(processId)], {
    encoding: "utf8",
  });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

test("the providers of a killed tofu are ended before any look-up", async () => {
  const { cluster, provider } = await killedTofu("terraform-provider-scaleway_v2.80.0");
  expect(isRunning(provider)).toBe(true);
  await waitForTofu(cluster, () => undefined);
  expect(isRunning(provider)).toBe(false);
});

test("another program of that process group is left alone", async () => {
  const { cluster, provider } = await killedTofu("something-else");
  await waitForTofu(cluster, () => undefined);
  expect(isRunning(provider)).toBe(true);
  process.kill(provider, "SIGKILL");
});
