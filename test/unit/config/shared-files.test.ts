import { expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCluster } from "../../../src/config/load";
import { InputProblems } from "../../../src/config/problems";
import { values } from "../../support/input";

const bucket = { cloud: "scaleway", region: "fr-par", name: "acme" };

/** Loads an input in a directory beside "shared.yaml", which is linked in it. */
async function loaded(patch: string, state: object | undefined) {
  const parent = mkdtempSync(join(tmpdir(), "shared-"));
  const directory = join(parent, "prod");
  try {
    mkdirSync(directory);
    writeFileSync(join(parent, "shared.yaml"), "machine: {}\n");
    symlinkSync("../shared.yaml", join(directory, "link.yaml"));
    writeFileSync(
      join(directory, "tofu.tfvars.json"),
      JSON.stringify(values({}, { config_patches: { all: [patch] }, state })),
    );
    return await loadCluster({ directory, environment: {} });
  } finally {
    rmSync(parent, { recursive: true });
  }
}

test("with the state in a bucket, a file outside of the directory is refused", async () => {
  const state = { encryption: "passphrase", bucket };
  const refused = loaded("../shared.yaml", state);
  await expect(refused).rejects.toBeInstanceOf(InputProblems);
  await expect(refused).rejects.toMatchObject({
    problems: [{ summary: expect.stringContaining("../shared.yaml is outside of the directory") }],
  });
});

test("a link in the directory may lead outside, and a state in a file has no such limit", async () => {
  const state = { encryption: "passphrase", bucket };
  expect((await loaded("link.yaml", state)).bucket?.name).toBe("acme");
  expect((await loaded("../shared.yaml", undefined)).bucket).toBeUndefined();
});
