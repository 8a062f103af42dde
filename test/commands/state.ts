import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";
import { filesWithKeys, keysIn } from "../support/keys";
import { passphrase } from "../support/state-in-bucket";

const TF_VAR_state_passphrase = passphrase;

/** Files in a user's directory that hold a string, without the simulated cloud's own. */
export function filesInClear(user: User, texts: readonly string[]): string[] {
  return filesWithKeys(user.home, texts).filter((file) => !/^(cloud\/|key$)/.test(file));
}

/** A cluster's lifecycle with `state = { encryption = "passphrase" }`. */
export function encryptedLifecycleOn(clouds: readonly TestCloud[]): void {
  describe.each(clouds)("with an encrypted state on $name,", (cloud) => {
    let user: User;

    beforeAll(async () => {
      user = await User.in(cloud);
      user.edit({ state: { encryption: "passphrase" } });
    });
    afterAll(() => user.end());

    const run = (...args: string[]) => user.start(args, { TF_VAR_state_passphrase }).ended;

    test("nothing is written without the passphrase, and the message names its variable", async () => {
      const { code, errors } = await user.openaether("up", "--yes");
      expect([code, errors]).toEqual([
        1,
        expect.stringContaining("export TF_VAR_state_passphrase"),
      ]);
      expect(user.has("cdktf.out")).toBe(false);
    });

    test("up creates the cluster, and the state is never in clear", async () => {
      const up = await run("up", "--yes");
      expect(`${up.errors}${up.output}`).toContain("kubectl --kubeconfig");
      expect(up.code).toBe(0);
      for (const name of ["cluster.tfstate", "cluster.tfstate.backup"]) {
        expect(JSON.parse(user.read(name))).toHaveProperty("encrypted_data");
      }
    });

    test("every command reads it", async () => {
      expect((await run("plan")).output).toContain("no changes");
      expect((await run("status")).output).toContain("control-plane-0");
      expect((await run("explain", "--state")).output).toContain("What is promised");
      const doctor = await run("doctor");
      expect(doctor.output).toContain("the state, with the passphrase of TF_VAR_state_passphrase");
      expect(doctor.output).not.toContain("✗");
      expect((await run("tunnel", "--background")).code).toBe(0);
      await run("tunnel", "--close");
    });

    test("another passphrase is refused in one sentence, by every command", async () => {
      const wrong = { TF_VAR_state_passphrase: "not-the-passphrase-of-it" };
      for (const args of [["plan"], ["up", "--yes"], ["status"], ["down", "--name", "demo"]]) {
        const { code, errors } = await user.start(args, wrong).ended;
        expect([args, code, errors]).toEqual([
          args,
          1,
          expect.stringMatching(/^The state cannot be decrypted: this passphrase/),
        ]);
      }
    });

    test("plain tofu works with the variable, and its JSON does not show the passphrase", () => {
      user.passphrase = passphrase;
      const tofu = (...args: string[]) => user.tofu(...args);
      const plan = `${user.home}/by-hand.plan`;
      tofu("plan", `-out=${plan}`, `-var-file=${user.home}/tofu.tfvars.json`);
      const shown = tofu("show", "-json", plan);
      expect(shown).toContain("resource_changes");
      expect(shown).not.toContain(passphrase);
      const keys = keysIn(tofu("state", "pull"));
      expect(keys.length).toBeGreaterThan(5);
      expect(filesInClear(user, keys)).toEqual(["kubeconfig.simulated", "talosconfig.simulated"]);
      user.remove("by-hand.plan");
    });

    test("down destroys it, and nothing holds a key or the passphrase", async () => {
      const down = await run("down", "--name", "demo");
      expect(`${down.errors}${down.output}`).toContain("The state is empty.");
      expect(filesInClear(user, [passphrase])).toEqual([]);
      expect(await user.cloudObjects()).toEqual({});
    });
  });
}
