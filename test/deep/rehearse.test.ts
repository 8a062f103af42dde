import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { spawn, type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Checkout } from "../support/checkout";
import { oneOf, outscale } from "../support/clouds";
import { realPrograms } from "../support/real-programs";
import { tofuBinary } from "../support/tofu";

let checkout: Checkout;
let temporary: string;
/** Directory of kubectl and talosctl, as a user has them on the PATH. */
let clients: string;
let running: ChildProcess | undefined;

beforeAll(async () => {
  checkout = new Checkout();
  temporary = join(checkout.directory, "tmp");
  clients = join(checkout.directory, "clients");
  mkdirSync(temporary);
  mkdirSync(clients);
  const { kubectl, talosctl } = await realPrograms();
  symlinkSync(kubectl, join(clients, "kubectl"));
  symlinkSync(talosctl, join(clients, "talosctl"));
});
afterEach(() => {
  running?.kill("SIGKILL");
});
afterAll(() => {
  checkout.remove();
});

/** Starts a kept rehearsal, and waits for its lines. */
async function keep(...options: string[]) {
  const child = spawn("./openaether", ["rehearse", "--deep", "--keep", ...options], {
    cwd: checkout.directory,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const take = (text: Buffer) => {
      output += text.toString();
      if (/^ {2}.* state list$/m.test(output)) resolve();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("exit", () => {
      reject(new Error(`it ended: ${output}`));
    });
  });
  const [, after = ""] = output.split("in another terminal:");
  const lines = after.split("\n").filter((line) => line.startsWith("  "));
  return { child, lines, text: () => output };
}

/** Ids and commands of this test's processes, by the temporary directory in their arguments or as theirs. */
function processesLeft(): string[] {
  const listed = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
  return listed
    .split("\n")
    .filter((line) => line.includes(temporary) || directoryOf(line).startsWith(temporary));
}

/** Where the process of a line of ps runs; empty when it has ended, or the system does not tell. */
function directoryOf(line: string): string {
  try {
    return readlinkSync(`/proc/${line.trim().split(" ")[0] ?? ""}/cwd`);
  } catch {
    return "";
  }
}

/** Resolves when a condition holds, asking a few times a second for at most ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 50 && !holds(); attempt++) await pause(200);
  expect(holds()).toBe(true);
}

describe.each(oneOf(outscale))("a deep rehearsal on $name", ({ name }) => {
  test("answers kubectl and talosctl with the lines that it prints, and leaves nothing", async () => {
    const { child, lines, text } = await keep("--cloud", name);
    writeFileSync(join(checkout.directory, "lines.sh"), `${lines.join("\n")}\n`);
    const { code, output } = await checkout.run('PATH="$CLIENTS:$PATH" bash -e lines.sh', {
      CLIENTS: clients,
    });
    expect({ code, output }).toMatchObject({ code: 0 });
    for (const node of ["control-plane-0", "control-plane-1", "control-plane-2", "worker-0"]) {
      expect(output).toMatch(new RegExp(`^node/openaether-${node} +Ready `, "m"));
    }
    expect(output).toMatch(
      /kube-system +pod\/kube-apiserver-openaether-control-plane-0 +1\/1 +Running/,
    );
    expect(output).toMatch(/^172\.16\.4\.4 +[0-9a-f]{8,16} /m);

    child.kill("SIGINT");
    const [status] = (await once(child, "exit")) as [number];
    expect({ status, text: text() }).toMatchObject({ status: 0 });
    expect(text()).toContain("nothing left");
    // The tunnel's watcher notices within half a second.
    await until(() => processesLeft().length === 0);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(checkout.directory).filter((one) => one.endsWith(".simulated"))).toEqual([]);
  }, 240_000);
});

test("a deep rehearsal that is killed leaves no process, no directory and no client file", async () => {
  const { child } = await keep();
  expect(processesLeft().length).toBeGreaterThan(12);
  child.kill("SIGKILL");
  await until(() => processesLeft().length === 0);
  await until(() => readdirSync(temporary).length === 0);
  expect(readdirSync(checkout.directory).filter((one) => one.endsWith(".simulated"))).toEqual([]);
}, 240_000);

test("a program that is killed under a deep rehearsal is reported with its last lines, and started again", async () => {
  const { child, text } = await keep();
  const [etcd = ""] = processesLeft().filter((line) =>
    /etcd --name=\S+control-plane-1 /.test(line),
  );
  process.kill(Number(etcd.trim().split(" ")[0]), "SIGKILL");
  await until(() => text().includes("etcd of openaether-control-plane-1 ended (signal SIGKILL)"));
  expect(text()).toMatch(/it is started again\.\n {2}\{"level"/);
  child.kill("SIGINT");
  const [status] = (await once(child, "exit")) as [number];
  expect({ status, text: text() }).toMatchObject({ status: 0 });
}, 240_000);

test("a kept deep rehearsal refuses to replace the client file of another simulated cluster", async () => {
  const file = join(checkout.directory, "kubeconfig.simulated");
  writeFileSync(file, "client-key-data: of another\n");
  const { code, output } = await checkout.run("./openaether rehearse --deep --keep", {
    TMPDIR: temporary,
  });
  expect(output).toContain("kubeconfig.simulated is here already");
  expect(code).toBe(1);
  expect(readFileSync(file, "utf8")).toBe("client-key-data: of another\n");
  rmSync(file);
  expect(readdirSync(temporary)).toEqual([]);
});

test("where there are neither programs nor Go, a deep rehearsal says what to install", async () => {
  const { code, output } = await checkout.run(
    'PATH=$(dirname "$(command -v node)"):/usr/bin:/bin ./openaether rehearse --deep',
    {
      TMPDIR: temporary,
      XDG_CACHE_HOME: join(checkout.directory, "empty"),
      TOFU_BIN: tofuBinary(),
    },
  );
  expect(output).toMatch(
    /etcd 3\.7\.\d+ is not here \(etcd, etcdutl\), and could not be built: there is no Go/,
  );
  expect(output).toContain("ETCD_BIN, ETCDUTL_BIN");
  expect(code).toBe(1);
  expect(readdirSync(temporary)).toEqual([]);
});
