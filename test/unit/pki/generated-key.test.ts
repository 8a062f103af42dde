import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(__dirname, "..", "..", "..");

test("keys are generated and exported while garbage is collected, without a deadlock of Node 20", () => {
  const source = `
    const { generateEd25519Key } = require("./simulator/pki/generated-key.ts");
    for (let count = 0; count < 4000; count++) generateEd25519Key().export({ format: "jwk" });
  `;
  const { status } = spawnSync(
    process.execPath,
    ["--max-semi-space-size=1", "-r", "./test/support/typescript.cjs", "-e", source],
    { cwd: root, timeout: 100_000, killSignal: "SIGKILL" },
  );
  expect(status).toBe(0);
});

test("the command line and the simulator generate keys in this way alone", () => {
  const { stdout } = spawnSync(
    "grep",
    ["-rlE", "generateKeyPair", "src", "simulator", "constructs", "providers", "--include=*.ts"],
    { cwd: root, encoding: "utf8" },
  );
  expect(stdout.trim().split("\n")).toEqual(["simulator/pki/generated-key.ts"]);
});
