import { describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import type { Command } from "commander";
import { completion, shells } from "../../../src/cli/completion";
import { questions } from "../../../src/cli/init/questions";
import { createProgram } from "../../../src/cli/program";

/** What a command line prints before any command is called. */
async function printed(...args: string[]): Promise<string> {
  const program = createProgram(() => undefined, questions);
  let text = "";
  const take = (words: string) => (text += words);
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ writeOut: take, writeErr: take });
  }
  await program.parseAsync(["node", "openaether", ...args]).catch(() => undefined);
  return text;
}

const commands: readonly Command[] = createProgram(() => undefined, questions).commands;

test.each(commands.map((command) => command.name()))("%s --help has examples", async (name) => {
  expect(await printed(name, "--help")).toMatch(new RegExp(`Examples:\\n.*openaether ${name}`));
});

test.each([
  ["statsu", "status"],
  ["upp", "up"],
  ["dwon", "down"],
])("%s suggests the nearest command", async (wrong, right) => {
  expect(await printed(wrong)).toContain(`Did you mean ${right}?`);
});

test("a mistyped option is answered with the nearest one", async () => {
  expect(await printed("up", "--alow", "worker-1")).toContain("Did you mean --allow?");
});

test.each(["5", "0m", "25h", "1d", "-5m"])("up --drain-timeout %s is refused", async (time) => {
  const said = await printed("up", `--drain-timeout=${time}`);
  expect(said).toContain("A time such as 90s, 15m or 2h, at most 24h.");
});

describe("completion of the command line", () => {
  const bash = (...line: string[]) => {
    const script = `${completion(
      createProgram(() => undefined, questions),
      "bash",
    )}
COMP_WORDS=(${line.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${line.length - 1}
_openaether; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\n").filter(Boolean);
  };

  test("of `openaether sta` in bash is status and state", () => {
    expect(bash("openaether", "sta")).toEqual(["status", "state"]);
  });

  test("of a command's options in bash are those of that command", () => {
    expect(bash("openaether", "up", "--a").sort()).toEqual(["--adopt", "--allow"]);
    expect(bash("openaether", "down", "--n")).toEqual(["--name"]);
  });

  test.each(shells)("for %s names every command", (shell) => {
    const script = completion(
      createProgram(() => undefined, questions),
      shell,
    );
    for (const command of commands) expect(script).toMatch(new RegExp(`\\b${command.name()}\\b`));
  });
});
