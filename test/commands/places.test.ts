import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../src/cli/rehearse/tunnel";
import { scaleway } from "../support/clouds";
import { User, Running } from "../support/command-line";

jest.setTimeout(120_000);

const root = join(__dirname, "..", "..");
const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), "places-"));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** A substitute for talosctl: one TLS handshake with the talosconfig's credentials, to its endpoint or that of -e. */
const talosctl = `#!${process.execPath}
const { readFileSync } = require("fs");
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const yaml = require(${JSON.stringify(require.resolve("yaml"))});
const file = yaml.parse(readFileSync(option("--talosconfig"), "utf8"));
const context = file.contexts[file.context];
const pem = (text) => Buffer.from(text, "base64").toString().replaceAll("ED25519 PRIVATE", "PRIVATE");
const endpoint = process.argv.includes("-e") ? option("-e") : context.endpoints[0];
const [host, port] = endpoint.split(":");
const identity = { ca: pem(context.ca), cert: pem(context.crt), key: pem(context.key) };
require("tls")
  .connect({ host, port, ...identity, ALPNProtocols: ["h2"] }, () => {
    console.log("reached " + option("-n") + " by " + endpoint);
    process.exit();
  })
  .on("error", (problem) => {
    console.log(problem.message);
    process.exit(1);
  });
`;

/** The line that `tunnel` prints, run unchanged by a shell in that directory. */
async function printedLine(
  running: Running,
  cwd: string,
): Promise<{ readonly line: string; readonly message: string }> {
  while (!running.output.includes("Until Ctrl-C.") && !running.isOver) {
    await new Promise((again) => setTimeout(again, 50));
  }
  const line = /^ {2}(talosctl .*)$/m.exec(running.output)?.[1] ?? running.errors;
  const bin = join(scratch, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "talosctl"), talosctl, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
  const { stdout } = await run("sh", ["-c", line], { cwd, env }).catch((problem: unknown) => ({
    stdout: (problem as { stdout: string }).stdout,
  }));
  running.child.kill("SIGINT");
  await running.ended;
  return { line, message: stdout.trim() };
}

describe("in a directory whose name a shell, ssh or tofu would misread", () => {
  const name = "-a b%h%%'\"${HOME}$(x)#é;&";
  let user: User;
  let home: string;

  beforeAll(async () => {
    user = await User.in(scaleway, undefined, join(scratch, name));
    home = user.home;
  });
  afterAll(() => user.end());

  test("up creates a cluster, and doctor finds no problem", async () => {
    expect(home.endsWith(name)).toBe(true);
    expect(await user.done("up", "--yes")).toContain("The cluster exists.");
    expect(await user.done("plan")).toContain("no changes");
    const { output } = await user.openaether("doctor");
    expect(output).toContain("lets you in");
    expect(output).toContain("Talos's API answers the bastion");
    expect(output).not.toContain("do not log in");
    expect(await user.done("status")).toMatch(/kubeconfig +good until/);
    expect(await user.done("explain")).toContain("What is promised");
  });

  test("the line that tunnel prints reaches the node", async () => {
    const { line, message } = await printedLine(user.start(["tunnel"]), home);
    expect(line).toBe("talosctl --talosconfig talosconfig.simulated -n 172.16.4.4 version");
    expect(message).toBe(`reached 172.16.4.4 by 127.0.0.1:${user.tunnelPort}`);
  });

  test("the line that tunnel prints works from another directory, and with another port", async () => {
    const port = await freePort();
    const elsewhere = join(scratch, "elsewhere");
    mkdirSync(elsewhere);
    const args = ["tunnel", "--dir", home, "--port", String(port)];
    const running = new Running(
      spawn(join(root, "openaether"), args, { cwd: elsewhere, env: user.environment }),
    );
    const { line, message } = await printedLine(running, elsewhere);
    expect(line).toContain(` -e 127.0.0.1:${port} -n 172.16.4.4 version`);
    expect(message).toBe(`reached 172.16.4.4 by 127.0.0.1:${port}`);
  });

  test("tunnel runs no script and no provider from the cluster's directory", async () => {
    const mark = join(scratch, "ran");
    const script = join(user.stackDirectory, "assets", "tunnel", "script", "tunnel.sh");
    renameSync(script, `${script}.away`);
    writeFileSync(script, `touch '${mark}'\n`);
    const { message } = await printedLine(user.start(["tunnel"], { TOFU_BIN: "/no/tofu" }), home);
    renameSync(`${script}.away`, script);
    expect(message).toContain("reached 172.16.4.4");
    expect(() => execFileSync("ls", [mark], { stdio: "ignore" })).toThrow();
  });

  test("down destroys the cluster", async () => {
    expect(await user.done("down", "--name", "demo")).toContain("The state is empty.");
    expect(await user.cloudObjects()).toEqual({});
  });
});

describe("openaether finds its own files", () => {
  const version = async (
    program: string,
    cwd: string,
    environment: Record<string, string> = {},
  ) => {
    const { stdout } = await run(program, ["--help"], {
      cwd,
      env: { PATH: process.env["PATH"] ?? "", HOME: scratch, ...environment },
    });
    return stdout.split("\n")[0];
  };
  const help = "Usage: openaether [options] [command]";

  test("when called through a symbolic link, or a chain of relative ones", async () => {
    const bin = join(scratch, "links");
    mkdirSync(bin);
    symlinkSync(join(root, "openaether"), join(bin, "first"));
    symlinkSync("first", join(bin, "second"));
    expect(await version(join(bin, "first"), scratch)).toBe(help);
    expect(await version("links/second", scratch)).toBe(help);
    expect(await version("second", scratch, { PATH: `${bin}:${process.env["PATH"] ?? ""}` })).toBe(
      help,
    );
  });

  test("with CDPATH in the environment, which redirects cd", async () => {
    // A directory of the same name, which CDPATH finds.
    mkdirSync(join(scratch, "cdpath", "checkout"), { recursive: true });
    symlinkSync(root, join(scratch, "checkout"));
    const CDPATH = join(scratch, "cdpath");
    expect(await version("checkout/openaether", scratch, { CDPATH })).toBe(help);
    expect(
      (
        await run("sh", ["checkout/run.sh", "src/cli/index.js", "--help"], {
          cwd: scratch,
          env: { PATH: process.env["PATH"] ?? "", CDPATH },
        })
      ).stdout.split("\n")[0],
    ).toBe(help);
  });

  test("from a directory whose name begins like an option", async () => {
    symlinkSync(root, join(scratch, "-e x"));
    expect(await version("-e x/openaether", scratch)).toBe(help);
  });
});
