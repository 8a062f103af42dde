import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { freePort } from "../../src/cli/rehearse/tunnel";
import { runTofu, type TofuResult } from "../../src/tofu/process";
import { outscale, ovh, scaleway, type TestCloud } from "../support/clouds";
import { User } from "../support/command-line";
import { tofuBinary } from "../support/tofu";

const clouds: readonly TestCloud[] = [scaleway, ovh, outscale];

describe.each(clouds)("the exported module on $name, called as its README shows", (cloud) => {
  let user: User;

  beforeAll(async () => {
    user = await User.in(cloud);
    const output = await user.done("export", "modules/cluster");
    expect(output).toContain("a module in modules/cluster.");
    const readme = readFileSync(join(user.home, "modules", "cluster", "README.md"), "utf8");
    const [, lines = ""] = /```hcl\n([\s\S]*?)```/.exec(readme) ?? [];
    const port = `  tunnel_port = ${await freePort()}\n`;
    writeFileSync(join(user.home, "main.tf"), lines.replace(/^ {2}source = .*\n/m, `$&${port}`));
  });
  afterAll(() => user.end());

  const tofu = (...args: string[]): Promise<TofuResult> =>
    runTofu(tofuBinary(), args, {
      stackDirectory: user.home,
      reattach: user.simulator.reattachProviders,
      environment: {
        OPENAETHER_SSH_CONFIG: join(user.home, "ssh_config"),
        OPENAETHER_SSH_KEY: join(user.home, "key"),
        OPENAETHER_SSH_WAIT: "20",
      },
    });

  test("creates the cluster, with an empty second plan and nothing left after destroy", async () => {
    expect(await tofu("init")).toMatchObject({ code: 0 });
    const applied = await tofu("apply", "-auto-approve");
    expect(applied.output).toContain("Apply complete!");
    expect((await tofu("output", "-raw", "api")).output).toMatch(/^\d+\.\d+\.\d+\.\d+$/m);
    expect(await tofu("plan", "-detailed-exitcode")).toMatchObject({ code: 0 });
    expect(await tofu("destroy", "-auto-approve")).toMatchObject({ code: 0 });
    expect(await user.cloudObjects()).toEqual({});
  });

  test("is the same when it is exported again", async () => {
    const file = join(user.home, "modules", "cluster", "openaether.tf.json");
    const before = readFileSync(file, "utf8");
    await user.done("export", "modules/cluster");
    expect(readFileSync(file, "utf8")).toBe(before);
  });
});

describe("export refuses,", () => {
  let user: User;

  beforeAll(async () => {
    user = await User.in(scaleway);
  });
  afterAll(() => user.end());

  test("and writes nothing, where the directory holds something else", async () => {
    const before = readdirSync(user.home);
    const { code, errors } = await user.openaether("export", ".");
    expect(errors).toContain(". is not empty, and no export wrote it");
    expect(code).toBe(1);
    expect(readdirSync(user.home)).toEqual(before);
  });

  test("and writes nothing, where the input has a problem", async () => {
    user.edit({ admin_ip: "here" });
    const { code, errors } = await user.openaether("export", "module");
    expect(errors).toContain("admin_ip");
    expect(code).toBe(1);
    expect(readdirSync(user.home)).not.toContain("module");
  });
});
