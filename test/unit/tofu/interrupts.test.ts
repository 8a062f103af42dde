import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(__dirname, "..", "..", "..");

test("Ctrl-C after the end of tofu, of which was not heard yet, is one all the same", () => {
  const script = `
    const { spawnSync } = require("node:child_process");
    const { Interrupts } = require("./src/tofu/interrupts");
    const ended = spawnSync("true").pid;
    const interrupts = Interrupts.passedOnTo(() => ended);
    process.on("SIGINT", () => console.log(interrupts.happened));
    process.kill(process.pid, "SIGINT");
    setTimeout(() => interrupts.end(), 200);`;
  const args = ["-r", "./test/support/typescript.cjs", "-e", script];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
  });
  expect({ stdout, stderr, status }).toEqual({ stdout: "true\n", stderr: "", status: 0 });
});
