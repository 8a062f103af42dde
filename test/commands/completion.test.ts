import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const terminal = join(root, "test", "support", "terminal.py");
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const hasPython = has("python3", "-c", "import pty");
const inBash = hasPython && has("bash", "--version") ? test : test.skip;
const inZsh = hasPython && has("zsh", "--version") ? test : test.skip;
const inFish = has("fish", "--version") ? test : test.skip;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "completion-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** The documented line in the shell's own startup file. */
function load(shell: string): string {
  const script = execFileSync(join(root, "openaether"), ["completion", shell], {
    encoding: "utf8",
  });
  writeFileSync(join(directory, `script.${shell}`), script);
  return join(directory, `script.${shell}`);
}

/** Types lines into an interactive shell, and returns the arguments that the command was called with. */
function typed(shell: readonly string[], lines: readonly string[]): string[] {
  const output = execFileSync("python3", [terminal, ...shell], {
    encoding: "utf8",
    cwd: directory,
    env: { PATH: process.env["PATH"] ?? "", HOME: directory, ZDOTDIR: directory, TERM: "xterm" },
    input: [...lines, "exit"].map((line) => `${line}\r`).join(""),
  });
  return [...output.matchAll(/called with: ([^\r\n]*?) *[\r\n]/g)].map(([, args = ""]) => args);
}

/** Where no program has that name. */
const standIn = `openaether() { echo "called with: $*"; }`;
const halves = ["openaether statu\t", "openaether up --rep\t", "openaether completion --h\t"];
const wholes = ["status", "up --replace", "completion --help"];

inBash("bash completes a command and its options", () => {
  const file = join(directory, "bashrc");
  writeFileSync(file, `${standIn}\neval "$(cat ${load("bash")})"\n`);
  expect(typed(["bash", "--noprofile", "--rcfile", file, "-i"], halves)).toEqual(wholes);
});

inZsh("zsh completes a command and its options", () => {
  writeFileSync(
    join(directory, ".zshrc"),
    `${standIn}\nautoload -Uz compinit && compinit -u\neval "$(cat ${load("zsh")})"\n`,
  );
  expect(typed(["zsh", "-i"], halves)).toEqual(wholes);
});

inFish("fish completes a command and its options, with what they are for", () => {
  const file = load("fish");
  const offered = (line: string) =>
    execFileSync("fish", ["--no-config", "-c", `source ${file}; complete -C '${line}'`], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] ?? "", HOME: directory },
    });
  expect(offered("openaether stat")).toMatch(/^status\tShow resources/);
  expect(offered("openaether up --rep")).toMatch(/^--replace\tmake this node anew/);
});
