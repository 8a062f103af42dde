import { expect, test } from "@jest/globals";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesize } from "../../src/synth";
import { Stack, temporaryDirectory, tfvars } from "../support/input";
import { noForeignExpression, noTextBecomesAnExpression } from "./expressions";

noTextBecomesAnExpression(60);

test("names of files and directories never become expressions", async () => {
  const name = "${uuid()}%{x}.tfvars";
  const directory = join(temporaryDirectory(), "${uuid()} %{if}");
  mkdirSync(directory);
  writeFileSync(join(directory, name), tfvars());
  const environment = { CDKTF_OUTDIR: join(directory, "..", "${out}") };
  const { stackDirectory } = await synthesize({ directory, file: name, environment });
  const json = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8"));
  expect(noForeignExpression?.against(new Stack(json))).toEqual([]);
  expect(JSON.stringify(json)).not.toMatch(/(?<!\$)\$\{(uuid|out)/);
});
