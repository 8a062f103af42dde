import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "@jest/globals";
import { explain } from "../../src/view/messages";
import { synthesize } from "../../src/synth";
import { type Json, publicKey, Stack, temporaryDirectory, tfvars } from "../support/input";

const withFile = (text = tfvars()) => temporaryDirectory({ "tofu.tfvars": text });
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

const written = (stackDirectory: string): Stack =>
  new Stack(
    JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8")) as Record<string, Json>,
  );
const statePath = ({ json }: Stack) =>
  (json["terraform"] as { backend: { local: { path: string } } }).backend.local.path;

describe("a synth", () => {
  test("writes one stack, named after the cluster, beside tofu.tfvars", async () => {
    const directory = withFile(tfvars('cluster_name = "prod"'));
    const result = await synthesize({ directory, environment: {} });
    expect(result.stackDirectory).toBe(join(directory, "cdktf.out", "stacks", "prod"));
    const stack = written(result.stackDirectory);
    const counted = Object.values(stack.resource).flatMap((named) => Object.keys(named));
    expect(result.resources).toBe(counted.length);
    expect(statePath(stack)).toBe("../../../cluster.tfstate");
    expect(existsSync(join(result.stackDirectory, "assets", "tunnel", "script", "tunnel.sh"))).toBe(
      true,
    );
  });

  test("writes to the given directory, with relative paths from there to the user's directory", async () => {
    const [directory, outdir] = [withFile(), temporaryDirectory()];
    const { stackDirectory } = await synthesize({
      directory,
      environment: { CDKTF_OUTDIR: outdir },
    });
    expect(stackDirectory.startsWith(outdir)).toBe(true);
    expect(join(stackDirectory, statePath(written(stackDirectory)))).toBe(
      join(directory, "cluster.tfstate"),
    );
  });

  it.each([
    ["a mistake", tfvars('cluster_name = "X"')],
    ["a syntax error", "admin_ip = "],
  ])("writes nothing at all after %s", async (_kind, text) => {
    const directory = withFile(text);
    await expect(synthesize({ directory, environment: {} })).rejects.toThrow();
    expect(readdirSync(directory)).toEqual(["tofu.tfvars"]);
  });
});

describe("the state, which has every key of the cluster,", () => {
  const files = ["cluster.tfstate", "cluster.tfstate.backup"];

  test("is created empty and for its owner only, before tofu would create it for everyone", async () => {
    const directory = withFile();
    const umask = process.umask(0o022);
    await synthesize({ directory, environment: { CI: "" } });
    process.umask(umask);
    for (const name of files) {
      expect([readFileSync(join(directory, name), "utf8"), mode(join(directory, name))]).toEqual([
        "",
        "600",
      ]);
    }
  });

  test("is never changed where it exists", async () => {
    const directory = withFile();
    for (const name of files) {
      writeFileSync(join(directory, name), "{}");
      chmodSync(join(directory, name), 0o640); // whatever the umask
    }
    await synthesize({ directory, environment: {} });
    for (const name of files) {
      expect([readFileSync(join(directory, name), "utf8"), mode(join(directory, name))]).toEqual([
        "{}",
        "640",
      ]);
    }
  });

  test("is not created in CI, where it is elsewhere", async () => {
    const directory = withFile();
    await synthesize({ directory, environment: { CI: "true" } });
    expect(readdirSync(directory).sort()).toEqual(["cdktf.out", "tofu.tfvars"]);
  });
});

describe("a synth writes the same bytes for the same input", () => {
  const text = tfvars('cluster_endpoint = "api.example.org"', 'network_cidr = "10.0.0.0/16"');
  const hook = join(__dirname, "..", "support", "typescript.cjs");
  const program = `
    require(${JSON.stringify(join(__dirname, "..", "..", "src", "synth.ts"))})
      .synthesize({ directory: process.cwd(), environment: {} })
      .catch((error) => { console.error(error); process.exitCode = 1; });`;

  const bytes = (environment: Record<string, string>) => {
    const cwd = withFile(text);
    const env = { PATH: process.env["PATH"], HOME: cwd, ...environment };
    execFileSync(process.execPath, ["-r", hook, "-e", program], { cwd, env });
    return {
      cwd,
      json: readFileSync(join(cwd, "cdktf.out/stacks/openaether/cdk.tf.json"), "utf8"),
    };
  };

  test("in another directory, time zone and language, without naming any of them", () => {
    const one = bytes({ TZ: "UTC", LC_ALL: "C" });
    const other = bytes({ TZ: "Pacific/Auckland", LC_ALL: "tr_TR.UTF-8", USER: "somebody" });
    expect(other.json).toBe(one.json);
    for (const machine of [one.cwd, process.cwd(), "/home/", "/tmp/"]) {
      expect(one.json).not.toContain(machine);
    }
  });

  test("whatever the order of the networks in admin_ip, except for that variable", async () => {
    const reading = async (admin: string) => {
      const directory = withFile(tfvars().replace('"203.0.113.7"', admin));
      const { stackDirectory } = await synthesize({ directory, environment: { CI: "1" } });
      return written(stackDirectory).resource;
    };
    expect(await reading('["203.0.113.9", "203.0.113.8", "9.9.9.9"]')).toEqual(
      await reading('["9.9.9.9/32", "203.0.113.8/31"]'),
    );
  });
});

test("the synthesized configuration has no keys but public ones", async () => {
  const directory = withFile();
  const { stackDirectory } = await synthesize({
    directory,
    environment: { SCW_SECRET_KEY: "s3cr3t" },
  });
  const json = readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8");
  expect(json).toContain(publicKey);
  expect(json).not.toMatch(/s3cr3t|PRIVATE KEY-----|-----BEGIN|LS0tLS1CRUdJTi/);
});

describe("an error of the file system is reported as a message, with the path,", () => {
  const refusal = async (directory: string) =>
    explain(await synthesize({ directory, environment: {} }).catch((error: unknown) => error));

  test("where cdktf.out is a file", async () => {
    const directory = withFile();
    writeFileSync(join(directory, "cdktf.out"), "");
    expect(await refusal(directory)).toBe(
      `${join(directory, "cdktf.out", "stacks")}: part of the path is a file, not a directory (mkdir).`,
    );
  });

  test("where TMPDIR names no directory, with what to set", () => {
    const missing = join(temporaryDirectory(), "missing", "openaether-");
    let error: unknown;
    try {
      mkdtempSync(missing);
    } catch (thrown) {
      error = thrown;
    }
    expect(explain(error)).toBe(
      `${missing}XXXXXX: no such file or directory (mkdtemp). ` +
        "Set TMPDIR to a directory that you can write to.",
    );
  });

  test("where the state is a directory", async () => {
    const directory = withFile();
    mkdirSync(join(directory, "cluster.tfstate"));
    await synthesize({ directory, environment: {} });
    expect(statSync(join(directory, "cluster.tfstate")).isDirectory()).toBe(true);
  });

  (process.geteuid?.() === 0 ? test : test.skip)("in a directory that is read-only", async () => {
    const directory = withFile();
    chmodSync(join(directory, "tofu.tfvars"), 0o644); // whatever the umask
    chmodSync(directory, 0o555);
    process.seteuid?.(65534); // root may write anywhere
    try {
      expect(await refusal(directory)).toBe(
        `${join(directory, "cdktf.out")}: permission denied (mkdir).`,
      );
    } finally {
      process.seteuid?.(0);
    }
  });
});
