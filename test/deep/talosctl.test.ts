import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { Clock } from "../../simulator/clock";
import { TalosNodes } from "../../simulator/talos";
import { objectOf } from "../../simulator/talos/values";
import {
  createSecrets,
  createWorld,
  ListedCloud,
  render,
} from "../../simulator/test/talos/fixtures";
import { type Forward, openForward } from "../../simulator/test/talos/forward";
import { realPrograms } from "../support/real-programs";
import {
  access,
  configuration,
  lives,
  onlyDeep,
  questions,
  type TalosctlCommand,
} from "./talosctl-commands";

/** Slow enough that talosctl sees a node go down before it is back. */
const timeScale = 0.01;

const machines = [
  ["control-plane-0", "172.16.4.4", "controlplane"],
  ["control-plane-1", "172.16.4.5", "controlplane"],
  ["control-plane-2", "172.16.4.6", "controlplane"],
  ["worker-0", "172.16.5.4", "worker"],
] as const;

let directory: string;
let nodes: TalosNodes;
let forward: Forward;
let talosctl: string;

beforeAll(async () => {
  ({ talosctl } = await realPrograms());
  directory = mkdtempSync(join(tmpdir(), "talosctl-"));
  const world = { store: createWorld().store, clock: new Clock(timeScale) };
  const secrets = await createSecrets(world);
  const cloud = new ListedCloud();
  for (const [name, privateAddress, role] of machines) {
    const patches = ["machine: {certSANs: [127.0.0.1]}"];
    const userData = await render(world, secrets, { role, patches });
    cloud.add({ name, privateAddress, userData, image: "talos-v1.14.1" });
  }
  nodes = new TalosNodes(world, cloud);
  await nodes.booted();
  forward = await openForward(nodes, "172.16.4.4");
  const { ca_certificate, client_certificate, client_key } = objectOf(secrets.client_configuration);
  writeConfiguration("admin", {
    ca: ca_certificate,
    crt: client_certificate,
    key: client_key,
    nodes: ["172.16.4.4"],
  });
  expect(await run({ command: "bootstrap", prints: [] })).toEqual({ failed: false, output: "" });
  await nodes.booted();
});

afterAll(async () => {
  forward.close();
  await nodes.close();
  rmSync(directory, { recursive: true, force: true });
});

describe.each([
  ["looks", questions],
  ["hands out access", access],
  ["changes the configuration", configuration],
  ["needs a real etcd", onlyDeep],
  ["powers, upgrades and removes", lives],
])("talosctl, where it %s", (_, commands) => {
  test.each(commands.map((one) => [one.command, one] as const))("%s", async (_name, one) => {
    const { failed, output } = await run(one);
    for (const expected of one.prints) expect(output).toMatch(expected);
    expect({ output, failed }).toEqual({ output, failed: one.fails === true });
    if (one.saves !== undefined) writeFileSync(join(directory, one.saves), output);
    await nodes.booted();
  });
});

function writeConfiguration(name: string, context: object): void {
  const contexts = { simulated: { endpoints: [forward.endpoint], ...context } };
  writeFileSync(join(directory, name), stringify({ context: "simulated", contexts }), {
    mode: 0o600,
  });
}

function run({ command, as = "admin", follows = false, prints }: TalosctlCommand) {
  const words = command.replaceAll("{directory}", directory).split(" ");
  const child = spawn(talosctl, ["--talosconfig", join(directory, as), ...words], {
    env: { HOME: directory, PATH: "", EDITOR: "/bin/true" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  let output = "";
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    if (follows && prints.every((expected) => expected.test(output))) child.kill("SIGKILL");
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  return new Promise<{ failed: boolean; output: string }>((resolve) => {
    child.once("close", (code, signal) => {
      resolve({ failed: follows ? signal !== "SIGKILL" : code !== 0, output: output.trim() });
    });
  });
}
