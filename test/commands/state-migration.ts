import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TestCloud } from "../support/clouds";
import { User } from "../support/command-line";
import { keysIn } from "../support/keys";
import { filesInClear } from "./state";

const first = "the-first-passphrase";
const second = "the-second-passphrase";
const clientFiles = ["kubeconfig.simulated", "talosconfig.simulated"];

/** A state in clear is encrypted, its passphrase changed, and it is decrypted again. */
export function stateIsMigratedOn(cloud: TestCloud): void {
  describe("a state in clear", () => {
    let user: User;
    let keys: string[];

    beforeAll(async () => {
      user = await User.in(cloud);
      await user.done("up", "--yes");
      keys = keysIn(user.read("cluster.tfstate"));
    });
    afterAll(() => user.end());

    const state = (settings: object) => {
      user.edit({ state: settings });
    };

    test("is named by plan, up and doctor once tofu.tfvars encrypts it, and stays as it is", async () => {
      user.write("passphrase", `${first}\n`);
      state({ encryption: "passphrase", passphrase_file: "passphrase" });
      const before = user.read("cluster.tfstate");
      for (const command of [["plan"], ["up", "--yes"]]) {
        const { code, errors } = await user.openaether(...command);
        expect(code).toBe(1);
        expect(errors).toContain("cluster.tfstate is in clear, and tofu.tfvars says encryption");
        expect(errors).toContain("./openaether state migrate");
      }
      expect((await user.openaether("doctor")).output).toContain("./openaether state migrate");
      expect(user.read("cluster.tfstate")).toBe(before);
    });

    test("is encrypted by one command, which leaves no copy in clear, and changes no resource", async () => {
      user.write("cluster.tfstate.cut", user.read("cluster.tfstate"));
      user.write("cdktf.out/stacks/demo/plan", user.read("cluster.tfstate"));
      const output = await user.done("state", "migrate");
      expect(output).toContain("the state is encrypted (passphrase)");
      expect(output).toContain("cluster.tfstate.cut, cdktf.out/stacks/demo/plan");
      expect(filesInClear(user, keys)).toEqual(clientFiles);
      expect(user.mode("cluster.tfstate")).toBe("600");
      expect(user.mode("cluster.tfstate.backup")).toBe("600");
      expect(await user.done("plan")).toContain("no changes");
    });

    test("gets another passphrase by a new file, without the former one being given", async () => {
      user.write("other", `${second}\n`);
      state({ encryption: "passphrase", passphrase_file: "other" });
      await user.done("state", "migrate");
      user.remove("passphrase");
      expect(await user.done("plan")).toContain("no changes");
    });

    test("gets another passphrase in the same file, with the former one in the environment", async () => {
      user.write("other", `${first}\n`);
      const refused = await user.openaether("state", "migrate");
      expect([refused.code, refused.errors]).toEqual([
        1,
        expect.stringContaining("OPENAETHER_FORMER_PASSPHRASE=… ./openaether state migrate"),
      ]);
      const migrated = await user.start(["state", "migrate"], {
        OPENAETHER_FORMER_PASSPHRASE: second,
      }).ended;
      expect(migrated.code).toBe(0);
      expect(await user.done("plan")).toContain("no changes");
      expect(filesInClear(user, [second])).toEqual([]);
    });

    test("is not taken for one without encryption when the lines are gone", async () => {
      user.edit({ state: undefined });
      const { code, errors } = await user.openaether("up", "--yes");
      expect([code, errors]).toEqual([1, expect.stringContaining("nothing here decrypts it")]);
    });

    test("is decrypted by one command, where tofu.tfvars consents by name", async () => {
      state({ encryption: "none" });
      expect((await user.openaether("plan")).errors).toContain("cluster.tfstate is encrypted");
      expect(await user.done("state", "migrate")).toContain("the state is in clear");
      expect(await user.done("plan")).toContain("no changes");
      expect(user.stateList()).toHaveLength(cloud.resources.single);
      expect(await user.done("down", "--name", "demo")).toContain("The state is empty.");
    });
  });
}
