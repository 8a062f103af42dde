import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../../support/clouds";
import { answers, DeepCluster, healthy } from "../deep-cluster";
import { DeepUser } from "../deep-user";

jest.setTimeout(240_000);

describe("a backup of a cluster", () => {
  let deep: DeepCluster;
  let user: DeepUser;
  let first: string;

  const at = (...path: string[]) => join(deep.cluster.home, ...path);
  const backups = () => readdirSync(at("backups")).sort();
  const failing = async (...args: string[]) => {
    const { code, output, errors } = await (await user.start(...args)).ended;
    expect(code).toBe(1);
    expect(errors).not.toMatch(/^\s+at /m);
    return output + errors;
  };
  /** A copy of the first backup with other bytes. */
  const copyOf = (name: string, change: (bytes: Buffer) => Buffer) => {
    const file = at(name);
    writeFileSync(file, change(readFileSync(at("backups", first))));
    return file;
  };

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.available, workers: 0 },
      { controllers: false, haste: 10 },
    );
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(3));
    await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
  });
  afterAll(() => deep.end());

  test("is refused without a recipient, and nothing is written", async () => {
    expect(await failing("backup")).toContain("./openaether backup create-key");
    expect(() => backups()).toThrow("ENOENT");
  });

  test("is refused for recipients that are none, each named, and a secret key not repeated", async () => {
    const secret = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;
    const recipients = ["age1kim", "ssh-ed25519 AAAA", secret];
    const refused = await failing(
      "backup",
      ...recipients.flatMap((recipient) => ["--recipient", recipient]),
    );
    expect(refused).toContain('"age1kim" is not a public key of age\'s');
    expect(refused).toContain("An SSH key cannot be one here.");
    expect(refused).toContain("A recipient is a secret key");
    expect(refused).not.toContain(secret);
    const keep = await (await user.start("backup", "--keep", "0")).ended;
    expect([keep.code, keep.errors]).toEqual([64, expect.stringContaining("1 or more")]);
  });

  test("needs a key that is created with one command, and is never replaced", async () => {
    const output = await user.done("backup", "create-key", "backup.key");
    expect(statSync(at("backup.key")).mode & 0o777).toBe(0o600);
    const recipient = readFileSync(at("backup-recipients"), "utf8").trim();
    expect(output).toContain(recipient);
    expect(output).not.toContain("AGE-SECRET-KEY");
    const before = readFileSync(at("backup.key"));
    expect(await failing("backup", "create-key", "backup.key")).toContain("exists already");
    expect(readFileSync(at("backup.key"))).toEqual(before);
  });

  test("is one file for its owner only, and says what is in it and what is not", async () => {
    const output = await user.done("backup");
    [first = ""] = backups();
    expect(backups()).toHaveLength(1);
    expect(statSync(at("backups", first)).mode & 0o777).toBe(0o600);
    expect(output).toContain(`demo: backed up to ${first}`);
    expect(output).toContain("Not in it: data on volumes");
    expect(output).not.toContain("Warning");
  });

  test("is verified with the key, and every part of it is named", async () => {
    const file = join("backups", first);
    const verify = ["backup", "verify", file, "--identity", "backup.key"];
    expect(await user.done(...verify)).toContain("there is no etcdutl");
    user.variables = { ETCDUTL_BIN: deep.programs.etcd["3.7"]?.etcdutl ?? "" };
    const output = await user.done(...verify);
    user.variables = {};
    expect(output).toContain(`${file} is whole: demo on ${deep.cluster.cloud.name}`);
    expect(output).toMatch(/etcd .*of this cluster, \d+ keys/);
    expect(output).toContain("tofu.tfvars.json");
  });

  test("is opened with no other key", async () => {
    await user.done("backup", "create-key", "other.key", "--dir", "cloud");
    const refused = await failing(
      "backup",
      "verify",
      join("backups", first),
      "--identity",
      "other.key",
    );
    expect(refused).toContain("is encrypted for other keys");
  });

  test.each<[how: string, change: (bytes: Buffer) => Buffer, says: string]>([
    ["breaks off", (bytes) => bytes.subarray(0, bytes.length - 1000), "is damaged"],
    ["breaks off early", (bytes) => bytes.subarray(0, 100), "is not a backup"],
    [
      "has another byte",
      (bytes) =>
        Buffer.from(bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte))),
      "is damaged",
    ],
    ["is empty", () => Buffer.alloc(0), "is not a backup"],
    [
      "is another program's",
      () => Buffer.from("PK\u0003\u0004".padEnd(4000, "x")),
      "is not a backup",
    ],
  ])("that %s is refused with its name", async (_, change, says) => {
    const file = copyOf("changed.tar.gz.age", change);
    expect(await failing("backup", "verify", file, "--identity", "backup.key")).toContain(
      `${file} ${says}`,
    );
  });

  test("replaces the oldest ones of this cluster, and no other file", async () => {
    for (const year of [2023, 2024, 2025]) {
      copyFileSync(at("backups", first), at("backups", `demo-${year}0101T000000Z.tar.gz.age`));
    }
    copyFileSync(at("backups", first), at("backups", "demo-two-20230101T000000Z.tar.gz.age"));
    const output = await user.done("backup", "--keep", "2", "--json");
    const { file, removed, objects } = JSON.parse(output) as {
      file: string;
      removed: string[];
      objects: Record<string, number>;
    };
    expect(removed).toHaveLength(3);
    expect(backups()).toEqual(["demo-two-20230101T000000Z.tar.gz.age", first, file].sort());
    expect(objects["configmaps"]).toBeGreaterThan(0);
  });

  test("that is written while older ones cannot be removed is said to be written", async () => {
    const { length: before } = backups();
    mkdirSync(at("backups", "demo-20200101T000000Z.tar.gz.age"));
    const refused = await failing("backup", "--keep", "2");
    rmdirSync(at("backups", "demo-20200101T000000Z.tar.gz.age"));
    expect(refused).toMatch(/demo-\d+T\d+Z.tar.gz.age was written into backups, but not all older/);
    expect(backups()).toHaveLength(before + 1);
  });

  test("is not written into a directory that cannot be written to", async () => {
    mkdirSync(at("closed"));
    writeFileSync(at("closed", "file"), "");
    expect(await failing("backup", "--to", join("closed", "file"))).toContain("closed/file");
  });

  test("goes to a passphrase where there is no recipient", async () => {
    const key = readFileSync(at("backup-recipients"));
    writeFileSync(at("backup-recipients"), "# nobody\n");
    user.variables = { OPENAETHER_BACKUP_PASSPHRASE: "correct-horse-battery" };
    await user.done("backup", "--to", "with-passphrase");
    const [file = ""] = readdirSync(at("with-passphrase"));
    await user.done("backup", "verify", join("with-passphrase", file));
    user.variables = { OPENAETHER_BACKUP_PASSPHRASE: "another-horse-battery" };
    expect(await failing("backup", "verify", join("with-passphrase", file))).toContain(
      "with another passphrase",
    );
    user.variables = { OPENAETHER_BACKUP_PASSPHRASE: "short" };
    expect(await failing("backup")).toContain("16 are needed");
    user.variables = {};
    writeFileSync(at("backup-recipients"), key);
  });

  test("is taken of the last member after the quorum is lost, with a warning", async () => {
    for (const node of [0, 1])
      await deep.change(`demo-control-plane-${node}`, { state: "stopped" });
    await deep.until("alone", (status) => healthy(status, "etcd").length <= 1);
    const output = await user.done("backup", "--to", "last");
    expect(output).toMatch(/Warning: etcd reported ".*no leader"/);
    expect(output).toContain("from control-plane-2");
    const [file = ""] = readdirSync(at("last"));
    const verified = await user.done(
      "backup",
      "verify",
      join("last", file),
      "--identity",
      "backup.key",
    );
    expect(verified).toContain("is whole");
    expect(verified).toContain("of this cluster");
  });
});
