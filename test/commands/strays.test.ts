import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { refuseStrays } from "../../src/tofu/strays";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";
import { temporaryDirectory } from "../support/input";

jest.setTimeout(120_000);

describe("a file beside the synthesized configuration that tofu would read", () => {
  test.each([
    "bastion_override.tf.json",
    "override.tf",
    "more.tf",
    "more.tf.json",
    "simulated.tf.json",
    "more.tofu",
    "more.tofu.json",
    "override.tofu.json",
    "terraform.tfvars",
    "terraform.tfvars.json",
    "x.auto.tfvars",
    "x.auto.tfvars.json",
    ".terraform/environment",
  ])("is refused with its path: %s", (name) => {
    const directory = temporaryDirectory({ "cdk.tf.json": "{}", ".terraform.lock.hcl": "" });
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    expect(() => {
      refuseStrays(directory);
    }).not.toThrow();
    writeFileSync(file, "other");
    expect(() => {
      refuseStrays(directory);
    }).toThrow(file);
  });
});

describe("an override in the stack's directory", () => {
  const open = {
    resource: {
      scaleway_instance_security_group: { bastion: { inbound_default_policy: "accept" } },
    },
  };
  const main = join(__dirname, "..", "..", "dist", "main.js");
  let user: User;
  let file: string;

  beforeAll(async () => {
    user = await User.in(scaleway);
    await user.done("up", "--yes");
    file = join(user.stackDirectory, "stray_override.tf.json");
    writeFileSync(file, JSON.stringify(open));
  });
  afterAll(() => user.end());

  test.each([
    ["plan"],
    ["up", "--yes"],
    ["down", "--name", "demo"],
    ["explain"],
    ["explain", "--state"],
    ["tunnel"],
  ])("is named and refused by %s", async (...args) => {
    const { code, errors } = await user.openaether(...args);
    expect(errors).toMatch(
      /^tofu would apply what synth did not write:\n\n {2}\S+stray_override\.tf\.json\n/,
    );
    expect(errors).toContain(file);
    expect(code).toBe(1);
  });

  test("is named by doctor, and by a synth, which writes nothing", async () => {
    const { output, code } = await user.openaether("doctor", "--json");
    expect(output).toContain("stray_override.tf.json");
    expect(code).toBe(1);
    const before = user.read("cdktf.out/stacks/demo/cdk.tf.json");
    user.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
    expect(() =>
      execFileSync("node", [main], { cwd: user.home, env: user.environment, stdio: "pipe" }),
    ).toThrow("tofu would apply what synth did not write");
    expect(user.read("cdktf.out/stacks/demo/cdk.tf.json")).toBe(before);

    rmSync(file);
    await user.done("down", "--name", "demo");
  });
});
