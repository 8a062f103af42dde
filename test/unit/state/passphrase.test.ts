import { afterEach, beforeEach, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PassphraseSource } from "../../../src/config/state-settings";
import { UserError } from "../../../src/errors";
import { stateVariables } from "../../../src/state/passphrase";
import { withoutSecrets } from "../../../src/view/secrets";

const good = "sixteen-or-more-1";
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "passphrase-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Of a source, in an environment with a PATH. */
async function passphraseOf(source: PassphraseSource, given?: string): Promise<string | undefined> {
  const environment = { PATH: process.env["PATH"], TF_VAR_state_passphrase: given };
  const settings = { encryption: "passphrase", source } as const;
  return (await stateVariables(settings, { home, environment }))["TF_VAR_state_passphrase"];
}

function file(content: string, mode = 0o600): PassphraseSource {
  writeFileSync(join(home, "key"), content);
  chmodSync(join(home, "key"), mode);
  return { file: "key" };
}

const shell = (script: string): PassphraseSource => ({ command: ["sh", "-c", script] });

test("a passphrase comes from the environment, else from the file, else from the command", async () => {
  expect(await passphraseOf(file(`${good}\n`), `${good}2`)).toBe(`${good}2`);
  expect(await passphraseOf(file(`${good}\n`))).toBe(good);
  expect(await passphraseOf(file(`${good}\r\n`))).toBe(good);
  expect(await passphraseOf(shell(`echo ${good}`))).toBe(good);
});

test("a command runs once, in the directory of tofu.tfvars", async () => {
  const source = shell(`pwd >> calls; echo ${good}`);
  await passphraseOf(source);
  await passphraseOf(source);
  expect(readFileSync(join(home, "calls"), "utf8").trim().split("\n")).toHaveLength(1);
});

test.each<[string, () => PassphraseSource, string | undefined, RegExp]>([
  ["none at all", () => ({}), undefined, /TF_VAR_state_passphrase is not set/],
  ["an empty variable", () => ({}), "", /from TF_VAR_state_passphrase, is empty/],
  ["15 characters", () => ({}), "123456789012345", /has 15 characters. OpenTofu wants 16/],
  ["a line break", () => ({}), `${good}\n${good}`, /a character that cannot be seen/],
  ["a missing file", () => ({ file: "key" }), undefined, /There is no key, the passphrase_file/],
  ["an empty file", () => file(""), undefined, /from key, is empty/],
  ["a file of 15 characters", () => file("123456789012345\n"), undefined, /has 15 characters/],
  ["a file of two lines", () => file(`${good}\n${good}\n`), undefined, /key.* has several lines/],
  ["a file that the group may read", () => file(good, 0o640), undefined, /chmod 600/],
  ["a file that all may read", () => file(good, 0o604), undefined, /others on this machine/],
  [
    "a directory",
    () => {
      mkdirSync(join(home, "key"), { mode: 0o700 });
      return { file: "key" };
    },
    undefined,
    /is not a file/,
  ],
  ["a command that fails", () => shell(`echo ${good}; exit 3`), undefined, /exit status 3/],
  ["a command that is killed", () => shell("kill -9 $$"), undefined, /ended by SIGKILL/],
  ["a command that prints nothing", () => shell("true"), undefined, /is empty/],
  ["a command that prints lines", () => shell("seq 20"), undefined, /has several lines/],
  ["no such command", () => ({ command: ["no-such-program-"] }), undefined, /no such program/],
])("is refused in one sentence: %s", async (_name, source, given, message) => {
  const problem: unknown = await passphraseOf(source(), given).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(UserError);
  expect((problem as UserError).message).toMatch(message);
  expect((problem as UserError).message).not.toContain(good);
});

test("whatever is taken has 16 characters and no line break, and is hidden in every later message", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 40, unit: "binary" }), async (text) => {
      const taken = await passphraseOf(file(text)).catch(() => undefined);
      if (taken === undefined) return;
      expect(taken.length).toBeGreaterThanOrEqual(16);
      expect(taken).not.toMatch(/[\r\n]/);
      expect(withoutSecrets(`tofu: ${taken}!`)).not.toContain(taken);
    }),
  );
  expect(existsSync(home)).toBe(true);
});

test("other encryptions and none need no passphrase", async () => {
  expect(await stateVariables(undefined, { home, environment: {} })).toEqual({});
  expect(await stateVariables({ encryption: "none" }, { home, environment: {} })).toEqual({});
});
