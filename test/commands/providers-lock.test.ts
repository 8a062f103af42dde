import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../../src/synth";
import { lockedProviders, requiredProviders } from "../../src/tofu/lock-file";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";
import { tofuBinary } from "../support/tofu";

const lock = ".terraform.lock.hcl";
const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];
const credentials = {
  SCW_ACCESS_KEY: "SCWXXXXXXXXXXXXXXXXX",
  SCW_SECRET_KEY: "11111111-1111-1111-1111-111111111111",
  SCW_DEFAULT_PROJECT_ID: "11111111-1111-1111-1111-111111111111",
};

let user: User;
let mirror: string;
let environment: Record<string, string | undefined>;

beforeAll(async () => {
  user = await User.in(scaleway);
  mirror = join(user.home, "mirror");
  user.write("tofurc", `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`);
  environment = {
    ...credentials,
    // Here tofu downloads and starts its providers: packages of the test, which connect to the
    // simulator.
    TF_REATTACH_PROVIDERS: undefined,
    TF_CLI_CONFIG_FILE: join(user.home, "tofurc"),
    TF_DISABLE_PLUGIN_TLS: "1",
  };
});
afterAll(() => user.end());

beforeEach(async () => {
  for (const name of [lock, "mirror", "cdktf.out", ".openaether"]) {
    rmSync(join(user.home, name), { recursive: true, force: true });
  }
  await synthesize({ directory: user.home, environment: {} });
  publish();
});

/**
 * Fills the mirror with a package of each provider, or of one, for each platform. Those for this
 * platform connect to the simulator; the others exit at once.
 */
function publish({ only = "", runs = false, content = "" } = {}): void {
  for (const [source, version] of requiredProviders(user.stackDirectory)) {
    if (only !== "" && only !== source) continue;
    // go-plugin's handshake: where the plugin listens.
    const greeting = `echo '1|6|unix|${socketOf(source)}|grpc'; exec sleep 60`;
    for (const platform of platforms) {
      const directory = join(mirror, host(), source, version, platform);
      mkdirSync(directory, { recursive: true });
      writeFileSync(
        join(directory, `terraform-provider-${source.split("/")[1] ?? ""}`),
        `#!/bin/sh\n# ${platform} ${content}\n${runs ? greeting : "exit 1"}\n`,
        { mode: 0o755 },
      );
    }
  }
}

function socketOf(source: string): string {
  const found = Object.entries(user.simulator.ready.reattach).find(([address]) =>
    address.endsWith(source),
  );
  return found?.[1].Addr.String ?? "";
}

/** The registry of a provider that names no host. */
let knownHost: string | undefined;
function host(): string {
  if (knownHost !== undefined) return knownHost;
  const directory = join(user.home, "asked");
  mkdirSync(directory);
  writeFileSync(
    join(directory, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { one: { source: "some/one" } } } }),
  );
  const message = execFileSync(tofuBinary(), [`-chdir=${directory}`, "providers"], {
    encoding: "utf8",
    env: { TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" },
  });
  knownHost = /provider\[([^/]+)\//.exec(message)?.[1] ?? "";
  return knownHost;
}

const run = (...args: string[]) => user.start(args, environment).ended;
const locked = async () => lockedProviders(user.read(lock));

describe("without a lock file of the providers", () => {
  test("plan reports trust on first use, and keeps the hashes beside tofu.tfvars", async () => {
    publish({ runs: true });
    const first = await run("plan");
    expect(first.errors).toMatch(/First download of .*scaleway\/scaleway.*: trusted as it comes/);
    expect(first.output).toMatch(/\d+ resources to create/);
    const hashes = [...(await locked()).values()].map((provider) => provider.hashes.length);
    expect(hashes).toEqual([1, 1, 1, 1, 1]); // this platform's
  });

  test("simulated providers are not downloaded: nothing is reported or kept", async () => {
    const { errors } = await user.openaether("plan");
    expect(errors).toBe("");
    expect(user.has(lock)).toBe(false);
  });
});

describe("with a lock file of the providers", () => {
  beforeEach(async () => {
    const { code, errors } = await run("providers", "lock", "--fs-mirror", mirror);
    expect([code, errors]).toEqual([0, ""]);
  });

  test("it has a hash of every provider for every platform", async () => {
    const providers = await locked();
    expect(providers.get("scaleway/scaleway")?.hashes).toHaveLength(platforms.length);
    expect(providers.size).toBe(5);
  });

  test("synth copies it, and nothing needs to be trusted", async () => {
    rmSync(join(user.home, "cdktf.out"), { recursive: true });
    const { errors } = await run("plan");
    expect(errors).not.toContain("First download");
    expect(user.read(`cdktf.out/stacks/demo/${lock}`)).toBe(user.read(lock));
  });

  test("a package that changed in its registry is refused, by plan and by the command", async () => {
    const before = user.read(lock);
    publish({ only: "scaleway/scaleway", content: "something else" });
    const plan = await run("plan");
    expect(plan.code).toBe(1);
    expect(plan.errors.replaceAll(/\s+/g, " ")).toContain(
      "doesn't match any of the checksums previously recorded",
    );
    expect(plan.errors).toContain("./openaether providers lock");
    const again = await run("providers", "lock", "--fs-mirror", mirror);
    expect(again.code).toBe(1);
    expect(again.errors).toMatch(/^scaleway\/scaleway [\d.]+: what is served now is not what/);
    expect(user.read(lock)).toBe(before);
  });

  test("of another release's versions, plan prints the command that renews it", async () => {
    const before = user.read(lock);
    const older = before.replace(/(scaleway\/scaleway" {[^}]*?version +)= "[\d.]+"/, '$1= "1.0.0"');
    expect(older).toMatch(/version += "1\.0\.0"/);
    user.write(lock, older);
    const plan = await run("plan");
    expect(plan.errors).toContain("of other versions than this release's");
    const renewed = await run("providers", "lock", "--fs-mirror", mirror);
    expect(renewed.output).toMatch(/scaleway\/scaleway [\d.]+, was 1\.0\.0/);
    expect(user.read(lock)).toBe(before);
  });

  test("a rehearsal does not change it", async () => {
    const before = user.read(lock);
    await user.openaether("plan");
    expect(user.read(lock)).toBe(before);
  });
});

test("a package that is missing for one platform is named, and nothing is written", async () => {
  const versions = join(mirror, host(), "siderolabs/talos");
  const [version = ""] = readdirSync(versions);
  rmSync(join(versions, version, "darwin_arm64"), { recursive: true });
  const { code, errors } = await run("providers", "lock", "--fs-mirror", mirror);
  expect(code).toBe(1);
  expect(errors.replaceAll(/\s+/g, " ")).toContain("is not available for darwin_arm64");
  expect(user.has(lock)).toBe(false);
});
