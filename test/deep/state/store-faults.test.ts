import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { oneOf, scaleway } from "../../support/clouds";
import { User } from "../../support/command-line";
import { S3Faults } from "../../support/s3-faults";
import { S3Server } from "../../support/s3-server";
import { stateVariablesFor } from "../../support/state-in-bucket";

// Each command is several runs of tofu, which repeats what a store refuses.
jest.setTimeout(400_000);

describe.each(oneOf(scaleway))("a store that fails, with the state of $name,", (cloud) => {
  let server: S3Server;
  let faults: S3Faults;
  let user: User;
  let expected: Record<string, number>;

  beforeAll(async () => {
    server = await S3Server.start();
    faults = await S3Faults.before(server.port);
    user = await User.in(cloud);
    user.variables = stateVariablesFor(server);
    const { region, name } = server.bucket();
    const bucket = { endpoint: faults.endpoint, region, name };
    user.edit({ state: { encryption: "passphrase", bucket } });
    await user.done("state", "create");
    await user.done("up", "--yes");
    expected = await user.cloudObjects();
  });
  afterAll(async () => {
    await user.end();
    faults.end();
    await server.end();
  });

  test("an expired credential is named as that, by every command", async () => {
    faults.fault = { kind: "expired" };
    for (const args of [["plan"], ["up", "--yes"], ["status"], ["down", "--name", "demo"]]) {
      const { code, errors } = await user.openaether(...args);
      expect([args, code, errors]).toEqual([args, 1, expect.stringContaining("expired")]);
    }
    faults.fault = undefined;
  });

  test("credentials that may only read are enough for a plan without the lock", async () => {
    faults.fault = { kind: "read-only" };
    expect((await user.openaether("plan")).errors).toContain("do not have the right");
    expect(await user.done("plan", "--no-lock")).toContain("no changes");
    faults.fault = undefined;
  });

  test("a slow one is waited for", async () => {
    faults.fault = { kind: "slow", milliseconds: 700 };
    expect(await user.done("plan")).toContain("no changes");
    faults.fault = undefined;
  });

  test("a full one is named, and up goes on when there is space again", async () => {
    faults.fault = { kind: "full" };
    user.edit({ admin_ip: "203.0.113.9" });
    const { code, output, errors } = await user.openaether("up", "--yes");
    expect(code).toBe(1);
    expect(`${output}${errors}`).toMatch(/no space left/i);
    faults.fault = undefined;
    await user.done("up", "--yes");
    expect(await user.cloudObjects()).toEqual(expected);
    expect(await user.done("plan")).toContain("no changes");
  });
});
