import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { scaleway } from "../support/clouds";
import { User } from "../support/command-line";
import { filesWithKeys, keysIn } from "../support/keys";
import { tofuBinary } from "../support/tofu";

/** The user's own settings: OpenTofu reads them from the environment, for the state and for saved plans. */
const TF_ENCRYPTION = `
key_provider "pbkdf2" "passphrase" {
  passphrase = "correct horse battery staple"
  # The fewest that tofu takes: at its own 600 000, the key is half of the time of this test.
  iterations = 200000
}
method "aes_gcm" "main" { keys = key_provider.pbkdf2.passphrase }
state { method = method.aes_gcm.main }
plan { method = method.aes_gcm.main }
`;

/** @param isWhole Whether the cluster is changed and destroyed, too, and keys are searched. */
export function stateIsEncrypted(isWhole: boolean): void {
  let user: User;

  beforeAll(async () => {
    user = await User.in(scaleway);
  });
  afterAll(() => user.end());

  const run = (...args: string[]) => user.start(args, { TF_ENCRYPTION }).ended;

  test("a cluster with an encrypted state is created, its plan is empty, and every command reads it", async () => {
    const up = await run("up", "--yes");
    expect(`${up.errors}${up.output}`).toContain("kubectl --kubeconfig");
    expect(up.code).toBe(0);
    expect(JSON.parse(user.read("cluster.tfstate"))).toHaveProperty("encrypted_data");

    expect((await run("plan")).code).toBe(0);
    const status = await run("status");
    expect(status.output).toContain("control-plane-0");
    expect(status.code).toBe(0);
    const explained = await run("explain", "--state");
    expect(explained.output).toContain("What is promised");
    expect(explained.code).toBe(0);
    expect((await run("doctor")).output).not.toContain("✗");
    const opened = await run("tunnel", "--background");
    expect(opened.code).toBe(0);
    await run("tunnel", "--close");
  });

  test("without the passphrase nothing is changed, and the encrypted state stays", async () => {
    const before = user.read("cluster.tfstate");
    const { code, errors } = await user.openaether("up", "--yes");
    expect(code).toBe(1);
    expect(errors).toMatch(/encrypt/i);
    expect(user.read("cluster.tfstate")).toBe(before);
  });

  if (!isWhole) return;

  test("a change is applied and the cluster destroyed, and no key was ever unencrypted outside the clients' files", async () => {
    user.edit({ admin_ip: ["203.0.113.7", "198.51.100.0/24"] });
    expect((await run("up", "--yes")).code).toBe(0);
    const state = execFileSync(tofuBinary(), [`-chdir=${user.stackDirectory}`, "state", "pull"], {
      encoding: "utf8",
      env: { ...user.environment, TF_ENCRYPTION },
    });
    const keys = keysIn(state);
    expect(keys.length).toBeGreaterThan(5);
    const inClear = () =>
      // The simulated cloud serves user data, as a real one does.
      filesWithKeys(user.home, keys).filter((file) => !/^(cloud\/|key$)/.test(file));
    expect(inClear()).toEqual(["kubeconfig.simulated", "talosconfig.simulated"]);

    const down = await run("down", "--name", "demo");
    expect(`${down.errors}${down.output}`).toContain("The state is empty.");
    expect(inClear()).toEqual([]);
    expect(await user.cloudObjects()).toEqual({});
  });
}
