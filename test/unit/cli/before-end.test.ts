import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(__dirname, "..", "..", "..");

/** Runs a script that knows `beforeEnd`, `say` and `later` (in some milliseconds). */
function run(script: string) {
  const begin =
    'const { beforeEnd } = require("./src/cli/cluster/before-end");' +
    'const { writeSync } = require("node:fs");' +
    "const say = (text) => writeSync(1, `${text}\\n`);" +
    "const later = () => new Promise((resolve) => setTimeout(resolve, 50));" +
    "const interrupt = () => process.kill(process.pid, 'SIGINT');" +
    "setTimeout(() => say('went on'), 3000);";
  const args = ["-r", "./test/support/typescript.cjs", "-e", begin + script];
  const { stdout, signal } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return { said: stdout.split("\n").filter((line) => line !== ""), signal };
}

test("what was begun last is ended first, and then the process, by the signal that it got", () => {
  const { said, signal } = run(`
    beforeEnd(() => say("directory"));
    beforeEnd(async () => { await later(); say("lease"); });
    interrupt();`);
  expect(said).toEqual(["lease", "directory"]);
  expect(signal).toBe("SIGINT");
});

test("a second Ctrl-C does not wait for what takes long", () => {
  const { said, signal } = run(`
    beforeEnd(() => say("directory"));
    beforeEnd(() => new Promise(() => {}));
    interrupt();
    setTimeout(interrupt, 100);`);
  expect(said).toEqual(["directory"]);
  expect(signal).toBe("SIGINT");
});

test("what cannot be done does not keep the process", () => {
  const { said, signal } = run(`
    beforeEnd(() => say("directory"));
    beforeEnd(() => { throw new Error("no connection"); });
    interrupt();`);
  expect(said).toEqual(["directory"]);
  expect(signal).toBe("SIGINT");
});

test("nothing is done for a signal whose meaning another listener decides", () => {
  const { said, signal } = run(`
    const takeBack = beforeEnd(() => say("directory"));
    process.on("SIGINT", () => { takeBack(); say("tofu"); });
    interrupt();`);
  expect(said).toEqual(["tofu", "went on"]);
  expect(signal).toBeNull();
});
