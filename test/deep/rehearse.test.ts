import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { spawn, type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../support/checkout";
import { testClouds } from "../support/clouds";
import { realPrograms } from "../support/real-programs";

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

/** Ids and commands of processes of this test's rehearsal, by the temporary directory in their arguments. */
function processesLeft(): string[] {
  const listed = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" });
  return listed.split("\n").filter((line) => line.includes(temporary));
}

describe.each(testClouds)("a deep rehearsal on $name", ({ name }) => {
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
    expect(processesLeft()).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(checkout.directory).filter((one) => one.endsWith(".simulated"))).toEqual([]);
  }, 240_000);
});
