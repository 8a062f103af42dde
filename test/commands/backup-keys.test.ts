import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { Running } from "../support/command-line";

// Reading a file with a passphrase derives a key of it.
jest.setTimeout(60_000);

const root = join(__dirname, "..", "..");
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "keys-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const at = (name: string) => join(home, name);
const backup = (...args: string[]) =>
  new Running(
    spawn(join(root, "openaether"), ["backup", ...args], {
      cwd: home,
      env: { PATH: process.env["PATH"], HOME: home },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  ).ended;
const refused = async (...args: string[]) => {
  const { code, output, errors } = await backup(...args);
  expect([code, output]).toEqual([1, ""]);
  expect(errors).not.toMatch(/^\s+at |AGE-SECRET-KEY-1[A-Z0-9]/m);
  return errors;
};

/** Encrypts a file for a recipient by age's library, as `age -r` does. */
const encrypted = (name: string, content: Buffer, recipient: string) => {
  const script = `
    import { Encrypter } from "age-encryption";
    import { readFileSync, writeFileSync } from "node:fs";
    const encrypter = new Encrypter();
    encrypter.addRecipient(${JSON.stringify(recipient)});
    writeFileSync(${JSON.stringify(at(name))}, await encrypter.encrypt(readFileSync(0)));`;
  execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    input: content,
  });
  return name;
};

const tarOf = async (name: string, content: string) => {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return gzipSync(Buffer.concat(parts));
};

test("create-key adds each public key in a line of its own, and the secret key has a file for its owner", async () => {
  writeFileSync(at("backup-recipients"), "# of the team, no line break at its end");
  for (const name of ["one.key", "two.key"]) {
    const { code, output } = await backup("create-key", name);
    expect([code, output]).toEqual([0, expect.stringContaining(`${name} opens the backups`)]);
    expect(statSync(at(name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(at(name), "utf8")).toMatch(
      /^# created: .*\n# public key: age1\w+\nAGE-SECRET/,
    );
  }
  const lines = readFileSync(at("backup-recipients"), "utf8").split("\n");
  expect(lines).toEqual([
    "# of the team, no line break at its end",
    expect.stringMatching(/^age1\w{58}$/),
    expect.stringMatching(/^age1\w{58}$/),
    "",
  ]);
  expect(await refused("create-key", "missing/one.key")).toContain(
    "missing/one.key cannot be written",
  );
});

test("a file that is no secret key is refused with its line, and a public key is recognized", async () => {
  writeFileSync(at("x.age"), "");
  const verify = (key: string) => {
    writeFileSync(at("key"), key, { mode: 0o600 });
    return refused("verify", "x.age", "--identity", "key");
  };
  expect(await verify("# a comment\n\nAGE-SECRET-KEY-1WRONG\n")).toContain(
    "key:3 is not a secret key of age's",
  );
  expect(await verify("age1kim\n")).toContain("It is a public key: that only encrypts.");
  expect(await refused("verify", "x.age")).toContain("What opens the backup?");
});

test("what is encrypted for this key and no backup of openaether's is refused, and so is a newer form", async () => {
  await backup("create-key", "key");
  const recipient = readFileSync(at("backup-recipients"), "utf8").trim();
  const verify = (name: string) => refused("verify", name, "--identity", "key");
  const newer = encrypted("newer", await tarOf("manifest.json", '{"form":2}'), recipient);
  expect(await verify(newer)).toContain("newer was written by a newer openaether");
  const foreign = encrypted("foreign", await tarOf("manifest.json", "[]"), recipient);
  expect(await verify(foreign)).toContain("foreign is not a backup of openaether's");
  const other = encrypted("other", await tarOf("notes.txt", "hello"), recipient);
  expect(await verify(other)).toContain("other is not a backup of openaether's");
  const text = encrypted("text", Buffer.from("hello"), recipient);
  expect(await verify(text)).toMatch(/text is (damaged|not a backup)/);
  expect(await verify("missing")).toContain("There is no missing.");
  expect(await verify("text/missing")).toContain("text/missing cannot be read: ");
  expect(await verify(".")).toContain(". is a directory, not a backup.");
});
