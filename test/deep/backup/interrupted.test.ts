import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { outscale } from "../../support/clouds";
import { Running } from "../../support/command-line";
import { filesWithKeys, keysIn } from "../../support/keys";
import { tofuBinary } from "../../support/tofu";
import { answers, DeepCluster } from "../deep-cluster";
import { DeepUser } from "../deep-user";

jest.setTimeout(240_000);

const killer = join(__dirname, "..", "..", "support", "killed-at-write.cjs");
const name = /^demo-\d{8}T\d{6}Z\.tar\.gz\.age$/;
/** A value that only etcd has. */
const note = "a-text-that-only-etcd-has-in-clear";
const hasMounts =
  spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
const withMounts = hasMounts ? test : test.skip;

describe("a backup that is interrupted", () => {
  let deep: DeepCluster;
  let user: DeepUser;
  /** Files that hold keys or the text, without a backup. */
  let expected: string[];
  let secrets: string[];

  const at = (...path: string[]) => join(deep.cluster.home, ...path);
  const inClear = () =>
    filesWithKeys(deep.cluster.home, secrets).filter((file) => !file.startsWith("cloud/"));
  const leftovers = () => [
    // Not the sockets of the login to the bastion, which every command has.
    ...readdirSync(at("temporary")).filter((file) => file.startsWith("openaether-")),
    ...readdirSync(at(".openaether")).filter((file) => file.startsWith("run-")),
    ...readdirSync(at("backups")).filter((file) => !name.test(file)),
  ];
  const verify = (file: string) => user.done("backup", "verify", file, "--identity", "backup.key");
  const killedAt = async (moment: string, ...args: string[]) => {
    const { variables } = user;
    user.variables = { ...variables, NODE_OPTIONS: `--require=${killer}`, KILLED_AT: moment };
    const { code } = await (await user.start(...args)).ended;
    user.variables = variables;
    expect([moment, code, inClear()]).toEqual([moment, null, expected]);
  };

  beforeAll(async () => {
    deep = await DeepCluster.create(outscale, outscale.single, { controllers: false, haste: 10 });
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    const file = at("random");
    for (let index = 0; index < 4; index++) {
      writeFileSync(file, randomBytes(700_000));
      await deep.kubectl("create", "configmap", `random-${index}`, `--from-file=${file}`);
    }
    await deep.kubectl("create", "configmap", "note", `--from-literal=text=${note}`);
    mkdirSync(at("temporary"));
    user.variables = {
      TMPDIR: at("temporary"),
      ETCDUTL_BIN: deep.programs.etcd["3.7"]?.etcdutl ?? "",
    };
    await user.done("backup", "create-key", "backup.key");
    secrets = [note, ...keysIn(state())];
    expected = inClear();
  });
  afterAll(() => deep.end());

  const state = () => {
    const stack = at("cdktf.out", "stacks", "demo");
    const environment = { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null" };
    return execFileSync(tofuBinary(), [`-chdir=${stack}`, "state", "pull"], {
      encoding: "utf8",
      env: environment,
    });
  };

  test.each([
    ["while the snapshot arrives", "write 2 etcd.spool"],
    ["while its file is written", "write 1 .part"],
    ["in the middle of its file", "write 10 .part"],
    ["before its file has its name", "sync 1 .part"],
  ])("by a kill %s leaves no backup, and nothing in clear", async (_, moment) => {
    mkdirSync(at("backups"), { recursive: true });
    const before = readdirSync(at("backups")).filter((file) => name.test(file));
    await killedAt(moment, "backup");
    expect(readdirSync(at("backups")).filter((file) => name.test(file))).toEqual(before);
    expect(leftovers()).not.toEqual([]);
  });

  test("by a kill when its file has its name leaves it whole; the next one removes what was left", async () => {
    await killedAt("rename 1 .age", "backup");
    const [file = "", ...others] = readdirSync(at("backups")).filter((one) => name.test(one));
    expect(others).toEqual([]);
    expect(await verify(join("backups", file))).toContain("is whole");
    await user.done("backup", "--keep", "1");
    expect(leftovers()).toEqual([]);
    expect(readdirSync(at("backups"))).toHaveLength(1);
  });

  test("verify that is killed while etcdutl reads leaves nothing in clear, and the next one removes the rest", async () => {
    const [file = ""] = readdirSync(at("backups"));
    const script = `#!/bin/sh\n[ "$1" = version ] && exec '${user.variables["ETCDUTL_BIN"]}' version\nkill -9 $PPID\n`;
    writeFileSync(at("etcdutl"), script, { mode: 0o700 });
    const { variables } = user;
    user.variables = { ...variables, ETCDUTL_BIN: at("etcdutl") };
    const args = ["backup", "verify", join("backups", file), "--identity", "backup.key"];
    expect((await (await user.start(...args)).ended).code).toBe(null);
    user.variables = variables;
    expect(inClear()).toEqual(expected);
    expect(leftovers()).not.toEqual([]);
    expect(await verify(join("backups", file))).toMatch(/of this cluster, \d+ keys/);
    expect(leftovers()).toEqual([]);
  });

  withMounts("by a disk that is full is refused in a sentence, and leaves nothing", async () => {
    mkdirSync(at("small"));
    const { file, args, options } = await user.command("backup", "--to", "small");
    const script = `mount -t tmpfs -o size=1m none '${at("small")}' && { "$0" "$@"; code=$?; ls -A small; exit $code; }`;
    const { code, output, errors } = await new Running(
      spawn("unshare", ["-rm", "sh", "-c", script, file, ...args], options),
    ).ended;
    expect(errors).toContain("The backup was not written into small: ");
    expect(errors).toContain("the disk is full");
    expect(errors).not.toMatch(/^\s+at /m);
    expect([code, output]).toEqual([1, ""]);
  });

  withMounts(
    "by a disk without place for the snapshot is refused, and leaves nothing",
    async () => {
      const { file, args, options } = await user.command("backup", "--to", "small");
      const memory = at(".openaether");
      const script = `mount -t tmpfs -o size=1m none '${memory}' && { "$0" "$@"; code=$?; ls -A '${memory}' small; exit $code; }`;
      const { code, output, errors } = await new Running(
        spawn("unshare", ["-rm", "sh", "-c", script, file, ...args], options),
      ).ended;
      expect(errors).toMatch(/^The snapshot of etcd found no place in .*the disk is full/m);
      expect(errors).not.toMatch(/^\s+at /m);
      expect(code).toBe(1);
      expect(output).not.toMatch(/run-|\.part|\.age/);
    },
  );

  test("is not needed where cron takes it: the script of --schedule works without an environment", async () => {
    const { variables } = user;
    user.variables = { ...variables, TF_VAR_state_passphrase: "a 'quoted' % passphrase" };
    const printed = await user.done("backup", "--schedule", "--keep", "2", "--to", "by cron");
    user.variables = variables;
    const script = at(".openaether", "backup.sh");
    expect(statSync(script).mode & 0o777).toBe(0o700);
    expect(printed).toContain("OPENAETHER_SSH_KEY");
    expect(printed).toContain("TF_REATTACH_PROVIDERS");
    expect(printed).not.toContain("quoted");
    const [, command = ""] = /^15 3 \* \* \* {2}(.*)$/m.exec(printed) ?? [];
    const bare = { HOME: deep.cluster.home, PATH: "/usr/bin:/bin" };
    const { code, output, errors } = await new Running(
      spawn("/bin/sh", ["-c", command.replaceAll(String.raw`\%`, "%")], {
        cwd: "/",
        env: bare,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    ).ended;
    expect([code, errors]).toEqual([0, ""]);
    expect(output).toContain("demo: backed up to demo-");
    expect(readdirSync(at("by cron"))).toEqual([expect.stringMatching(name)]);
  });
});
