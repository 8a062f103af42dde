import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { readdirSync } from "node:fs";
import { outscale, type TestCloud, testClouds } from "../support/clouds";
import { User } from "../support/command-line";
import { upOn } from "./up";

upOn([outscale]);

describe("before anything changes, the command line refuses", () => {
  const [cloud] = testClouds as [TestCloud];
  let user: User;

  beforeAll(async () => {
    user = await User.in(cloud, { ...cloud.available, workers: 1 });
    await user.done("up", "--yes");
  });
  afterAll(() => user.end());

  const refusal = async (...args: string[]) => {
    const { code, errors } = await user.openaether(...args);
    expect(code).toBe(1);
    return errors;
  };

  test("up without --yes, not on a terminal", async () => {
    user.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
    expect(await refusal("up")).toBe("Not a terminal: cannot ask for confirmation. Pass --yes\n");
    user.edit({ admin_ip: "203.0.113.7" });
  });

  test("the loss of a control plane, which needs its name in addition to --yes", async () => {
    expect(await refusal("up", "--yes", "--replace", "control-plane-1")).toBe(
      "--yes does not cover this: control-plane-1 will be REPLACED. Name it: --allow control-plane-1\n",
    );
    const output = await user.done(
      ...["up", "--yes", "--replace", "control-plane-1", "--allow", "control-plane-1"],
    );
    expect(output).toContain("control-plane-1 will be REPLACED");
    expect(await user.done("plan")).toContain("no changes");
  });

  test("the loss of two control planes, one after the other, which needs the names of both", async () => {
    const replace = ["--replace", "control-plane-1", "--replace", "control-plane-2"];
    const allow = ["--allow", "control-plane-1", "--allow", "control-plane-2"];
    expect(await refusal("up", "--yes", ...replace)).toBe(
      "--yes does not cover this: control-plane-1 will be REPLACED; control-plane-2 will be REPLACED. " +
        `Name it: ${allow.join(" ")}\n`,
    );
    const output = await user.done("up", "--yes", ...replace, ...allow);
    expect(output).toContain("control-plane-1 is replaced (1 of 2)");
    expect(output).toContain("control-plane-2 is replaced (2 of 2)");
    expect(await user.done("plan")).toContain("no changes");
  });

  test("an unknown node, and names the existing ones", async () => {
    expect(await refusal("up", "--yes", "--replace", "worker-7")).toBe(
      "There is no node worker-7. There are: control-plane-0, control-plane-1, control-plane-2, worker-0.\n",
    );
    expect(await refusal("up", "--yes", "--allow", "wroker-0")).toContain(
      "There is no node wroker-0.",
    );
  });

  test("no node that was allowed and is deleted by now", async () => {
    expect(await user.done("up", "--yes", "--allow", "worker-7")).toContain(
      "--allow worker-7: there is no such node, or no longer.",
    );
  });

  test("another cluster's name in the same directory", async () => {
    user.edit({ cluster_name: "other" });
    expect(await refusal("up", "--yes")).toContain("cluster_name cannot change");
    user.edit({ cluster_name: "demo" });
  });
});

test.each(testClouds)(
  "missing credentials of $name are named, never printed, before tofu runs",
  async (cloud) => {
    const user = await User.in(cloud);
    try {
      const { code, errors } = await user.start(["up", "--yes"], {
        TF_REATTACH_PROVIDERS: undefined,
        SCW_ACCESS_KEY: "SCWSECRETSECRETSECRE",
        OS_PASSWORD: "hunter2",
        OUTSCALE_ACCESSKEYID: "hunter2",
        OSC_ACCESS_KEY: "hunter2",
      }).ended;
      expect(errors).toMatch(/^Credentials of .*: .* (is|are) not set/);
      expect(errors).not.toMatch(/hunter2|SECRETSECRET/);
      expect(code).toBe(1);
      expect(readdirSync(user.stackDirectory)).not.toContain(".terraform");
      expect(user.has(join(".openaether", "initialized"))).toBe(false);
    } finally {
      await user.end();
    }
  },
);
