import { expect, test } from "@jest/globals";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../../src/synth";
import { Stack, temporaryFolder, tfvars } from "../support/input";
import { noForeignExpression, noTextBecomesAnExpression } from "./expressions";

noTextBecomesAnExpression(60);

test("names of files and directories are no expressions either", async () => {
  const name = "${uuid()}%{x}.tfvars";
  const folder = join(temporaryFolder(), "${uuid()} %{if}");
  mkdirSync(folder);
  writeFileSync(join(folder, name), tfvars());
  const environment = { CDKTF_OUTDIR: join(folder, "..", "${out}") };
  const { stackFolder } = await synthesize({ folder, file: name, environment });
  const json = JSON.parse(readFileSync(join(stackFolder, "cdk.tf.json"), "utf8"));
  expect(noForeignExpression?.against(new Stack(json))).toEqual([]);
  expect(JSON.stringify(json)).not.toMatch(/(?<!\$)\$\{(uuid|out)/);
});
