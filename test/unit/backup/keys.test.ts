import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyLines, passphraseFrom, readIdentities } from "../../../src/backup/keys";
import { writerOf } from "../../../src/backup/archive";
import { keysFor, recipientsIn } from "../../../src/backup/recipients";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "keys-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

test("a file of keys has one in a line, comments and empty lines, on any system", () => {
  expect(keyLines("# created: today\r\n\r\n  age1one \r\n#age1two\nage1three")).toEqual([
    { line: 3, text: "age1one" },
    { line: 5, text: "age1three" },
  ]);
});

test("recipients that are named count before the file, and the file before a passphrase", () => {
  expect(recipientsIn(home)).toEqual([]);
  expect(() => keysFor(home, [])).toThrow("./openaether backup create-key");
  writeFileSync(join(home, "backup-recipients"), "# kim\nage1kim\n");
  expect(keysFor(home, [])).toEqual({ recipients: ["age1kim"] });
  expect(keysFor(home, ["age1alex"])).toEqual({ recipients: ["age1alex"] });
});

test("a passphrase that is too short is refused without its text", () => {
  const given = (text: string) => passphraseFrom({ OPENAETHER_BACKUP_PASSPHRASE: text });
  expect(given("correct-horse-battery")).toBe("correct-horse-battery");
  expect(passphraseFrom({})).toBeUndefined();
  expect(() => given("hunter2")).toThrow(
    "OPENAETHER_BACKUP_PASSPHRASE has 7 characters; 16 are needed at least.",
  );
  expect(() => given("hunter2")).not.toThrow("hunter2");
});

test("a file with secret keys is refused where it is missing, a directory, empty, or open to others", async () => {
  const file = join(home, "a key");
  await expect(readIdentities(file)).rejects.toThrow(`There is no ${file}.`);
  await expect(readIdentities(home)).rejects.toThrow("is not a file");
  writeFileSync(file, "# nothing\n", { mode: 0o600 });
  await expect(readIdentities(file)).rejects.toThrow("has no secret key of age's");
  chmodSync(file, 0o640);
  await expect(readIdentities(file)).rejects.toThrow(`chmod 600 '${file}'`);
});

test("an unfinished file names the process that writes it, and no other file does", () => {
  expect(writerOf("prod-20260101T000000Z.tar.gz.age.4711.part")).toBe(4711);
  for (const name of ["prod-20260101T000000Z.tar.gz.age", "notes.4711.part", "x.age.part"]) {
    expect(writerOf(name)).toBeUndefined();
  }
});
