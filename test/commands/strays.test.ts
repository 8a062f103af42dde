import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { refuseStrays } from "../../src/tofu/strays";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";
import { temporaryFolder } from "../support/input";

jest.setTimeout(120_000);

describe("a file beside the synthesized configuration that tofu would read", () => {
  test.each([
    "bastion_override.tf.json",
    "override.tf",
    "more.tf",
    "more.tf.json",
    "more.tofu",
    "more.tofu.json",
    "override.tofu.json",
    "terraform.tfvars",
    "terraform.tfvars.json",
    "x.auto.tfvars",
    "x.auto.tfvars.json",
    ".terraform/environment",
  ])("is refused with its path: %s", (name) => {
    const folder = temporaryFolder({ "cdk.tf.json": "{}", ".terraform.lock.hcl": "" });
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    expect(() => {
      refuseStrays(folder);
    }).not.toThrow();
    writeFileSync(file, "other");
    expect(() => {
      refuseStrays(folder);
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
  let person: User;
  let file: string;

  beforeAll(async () => {
    person = await User.in(scaleway);
    await person.done("up", "--yes");
    file = join(person.stackFolder, "stray_override.tf.json");
    writeFileSync(file, JSON.stringify(open));
  });
  afterAll(() => person.end());

  test.each([
    ["plan"],
    ["up", "--yes"],
    ["down", "--name", "demo"],
    ["explain"],
    ["explain", "--state"],
    ["tunnel"],
  ])("is named and refused by %s", async (...args) => {
    const { code, errors } = await person.openaether(...args);
    expect(errors).toMatch(
      /^tofu would apply what synth did not write:\n\n {2}\S+stray_override\.tf\.json\n/,
    );
    expect(errors).toContain(file);
    expect(code).toBe(1);
  });

  test("is named by doctor, and by a synth, which writes nothing", async () => {
    const { output, code } = await person.openaether("doctor", "--json");
    expect(output).toContain("stray_override.tf.json");
    expect(code).toBe(1);
    const before = person.read("cdktf.out/stacks/demo/cdk.tf.json");
    person.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
    expect(() =>
      execFileSync("node", [main], { cwd: person.home, env: person.environment, stdio: "pipe" }),
    ).toThrow("tofu would apply what synth did not write");
    expect(person.read("cdktf.out/stacks/demo/cdk.tf.json")).toBe(before);

    rmSync(file);
    await person.done("down", "--name", "demo");
  });
});
