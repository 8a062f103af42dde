import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPassphrase } from "../../../src/cli/init/passphrase";
import { stateFromAnswer } from "../../../src/config/schema/answers";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "init-passphrase-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const file = () => join(directory, "passphrase");
const create = (answer: string) => createPassphrase(directory, { state: stateFromAnswer(answer) });

test("init creates a passphrase of 256 bits for its owner only, and says to keep it", () => {
  const created = create("file");
  expect(readFileSync(file(), "utf8")).toMatch(/^[\w-]{43}\n$/);
  expect((statSync(file()).mode & 0o777).toString(8)).toBe("600");
  expect(created?.advice).toContain("Keep a copy in a password manager");
  created?.undo();
  expect(existsSync(file())).toBe(false);
});

test("init keeps a passphrase that is there, and never deletes it", () => {
  writeFileSync(file(), "kept from another time\n", { mode: 0o600 });
  create("file")?.undo();
  expect(readFileSync(file(), "utf8")).toBe("kept from another time\n");
});

test.each(["environment", "none"])("init creates no passphrase where it is %s", (answer) => {
  expect(create(answer)).toBeUndefined();
  expect(existsSync(file())).toBe(false);
});

test("init refuses any other place of the passphrase", () => {
  expect(() => stateFromAnswer("bucket")).toThrow("Allowed: file, environment, none.");
});
