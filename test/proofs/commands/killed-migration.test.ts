import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { filesInClear } from "../../commands/state";
import { scaleway } from "../../support/clouds";
import { User } from "../../support/command-line";
import { keysIn } from "../../support/keys";
import { killAt, killPoints } from "../../support/killed-at-tofu";
import { passphrase } from "../../support/state-in-bucket";

// A dozen runs of the command, each several of tofu.
jest.setTimeout(600_000);

const clientFiles = /^(kubeconfig|talosconfig)/;
const statesInClear = /^cluster\.tfstate(\.backup)?$/;

describe("state migrate that is killed", () => {
  let user: User;
  afterEach(() => user.end());

  test("leaves the former state or the new one, no other copy in clear, and is finished by another", async () => {
    user = await User.in(scaleway);
    await user.done("up", "--yes");
    const clear = user.read("cluster.tfstate");
    const keys = keysIn(clear);
    const inClear = () => filesInClear(user, keys).filter((file) => !clientFiles.test(file));
    user.passphrase = passphrase;
    user.edit({ state: { encryption: "passphrase" } });

    let kills = 0;
    for (const point of killPoints(4)) {
      user.write("cluster.tfstate", clear);
      user.write("cluster.tfstate.backup", clear);
      if (await killAt(user, point, ["state", "migrate"])) {
        kills += 1;
        expect([point, inClear().filter((file) => !statesInClear.test(file))]).toEqual([point, []]);
        await user.done("state", "migrate");
      }
      expect([point, inClear()]).toEqual([point, []]);
    }
    expect(kills).toBeGreaterThanOrEqual(4);

    // Between the two renames.
    user.write("cluster.tfstate.backup", clear);
    expect((await user.openaether("plan")).errors).toContain("cluster.tfstate.backup is in clear");
    await user.done("state", "migrate");
    expect(inClear()).toEqual([]);
    expect(await user.done("plan")).toContain("no changes");
  });
});
