import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { ObjectStore } from "../../../src/object-store/object-store";
import { scaleway } from "../../support/clouds";
import { S3Faults } from "../../support/s3-faults";
import { S3Server } from "../../support/s3-server";
import { answers, DeepCluster } from "../deep-cluster";
import { DeepUser } from "../deep-user";

// The S3 servers may have to be built.
jest.setTimeout(600_000);

const name = /^demo-\d{8}T\d{6}Z\.tar\.gz\.age$/;

describe("a backup in a bucket", () => {
  let deep: DeepCluster;
  let user: DeepUser;
  let server: S3Server;
  let faults: S3Faults;
  let store: ObjectStore;

  const at = (...path: string[]) => join(deep.cluster.home, ...path);
  const bucket = (endpoint = server.endpoint) => [
    "--endpoint",
    endpoint,
    "--region",
    server.bucket().region,
  ];
  const to = (place: string, endpoint?: string) => ["backup", "--to", place, ...bucket(endpoint)];
  const verify = (place: string, endpoint?: string) =>
    ["backup", "verify", place, "--identity", "backup.key"].concat(bucket(endpoint));
  const failing = async (...args: string[]) => {
    const { code, output, errors } = await (await user.start(...args)).ended;
    expect([args, code]).toEqual([args, 1]);
    expect(errors).not.toMatch(/^\s+at /m);
    expect(output + errors).not.toContain(server.environment["AWS_SECRET_ACCESS_KEY"]);
    return errors;
  };

  beforeAll(async () => {
    server = await S3Server.start();
    faults = await S3Faults.before(server.port);
    store = new ObjectStore(server.bucket(), server.environment);
    await store.create();
    deep = await DeepCluster.create(scaleway, scaleway.single, { controllers: false, haste: 10 });
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    // What gzip cannot shorten: the file has several MB.
    const file = at("random");
    for (let index = 0; index < 8; index++) {
      writeFileSync(file, randomBytes(700_000));
      await deep.kubectl("create", "configmap", `random-${index}`, `--from-file=${file}`);
    }
    mkdirSync(at("temporary"));
    user.variables = { ...server.environment, TMPDIR: at("temporary") };
    await user.done("backup", "create-key", "backup.key");
  });
  afterAll(async () => {
    await deep.end();
    faults.end();
    await server.end();
  });

  test("is written below its prefix, and verified there; nothing of it stays here", async () => {
    const output = await user.done(...to("s3://acme-openaether/backups//prod"));
    const [key = "", ...others] = await store.list("");
    expect([key.startsWith("backups/prod/demo-"), others]).toEqual([true, []]);
    expect(output).toContain(`in s3://acme-openaether/backups/prod at ${server.endpoint}.`);
    const stored = await store.get(key);
    expect(stored?.body.length).toBeGreaterThan(4_000_000);
    const verified = await user.done(...verify(`s3://acme-openaether/${key}`));
    expect(verified).toContain(`s3://acme-openaether/${key} is whole: demo on scaleway`);
    expect(readdirSync(at("temporary"))).toEqual([]);
    expect(readdirSync(at(".openaether")).filter((file) => file.startsWith("run-"))).toEqual([]);
    await store.delete(key);
  });

  test("replaces the oldest ones of this cluster there, and no other object", async () => {
    const old = [2023, 2024].map((year) => `demo-${year}0101T000000Z.tar.gz.age`);
    const others = ["demo-notes.txt", "demo-two-20230101T000000Z.tar.gz.age", `kept/${old[0]}`];
    for (const key of [...old, ...others]) await store.put(key, "");
    const output = await user.done(...to("s3://acme-openaether"), "--keep", "2", "--json");
    const { file, removed } = JSON.parse(output) as { file: string; removed: string[] };
    expect(file).toMatch(name);
    expect(removed).toEqual([old[0]]);
    expect(await store.list("")).toEqual([old[1], file, ...others].sort());
    for (const key of await store.list("")) await store.delete(key);
  });

  test("is refused where there is no such bucket, no credential, a wrong one, or none of its rights", async () => {
    expect(await failing(...to("s3://no-such-bucket"))).toContain("There is no bucket no-such-");
    const { variables } = user;
    user.variables = { TMPDIR: at("temporary") };
    expect(await failing(...to("s3://acme-openaether"))).toContain("AWS_ACCESS_KEY_ID");
    user.variables = { ...variables, AWS_SECRET_ACCESS_KEY: "another-secret-of-the-test" };
    const wrong = await failing(...to("s3://acme-openaether"));
    expect(wrong).toContain("does not accept the credentials");
    expect(wrong).not.toContain("another-secret");
    user.variables = variables;
    faults.fault = { kind: "read-only" };
    expect(await failing(...to("s3://acme-openaether", faults.endpoint))).toContain(
      "do not have the right",
    );
    faults.fault = undefined;
    expect(await store.list("")).toEqual([]);
  });

  test("is refused without its store, with every option that is wrong", async () => {
    expect(await failing("backup", "--to", "s3://acme")).toContain("--cloud or --endpoint, --reg");
    const options = ["--cloud", "scaleway", "--region", "gra"];
    const wrong = await failing("backup", "--to", "s3://ACME", ...options);
    expect(wrong).toMatch(/--region: No such region/);
    expect(wrong).toMatch(/s3:\/\/ACME: Not a bucket's name/);
    expect(await failing("backup", "--region", "gra")).toContain("--region: only with a bucket");
    expect(await failing("backup", "verify", "here.age", "--region", "gra")).toContain(
      "--region: only with a bucket",
    );
    expect(await failing("backup", "--to", "https://acme")).toContain("s3://NAME/PREFIX");
  });

  test("is not there where the store is full, and the message says so", async () => {
    faults.fault = { kind: "full" };
    expect(await failing(...to("s3://acme-openaether", faults.endpoint))).toContain(
      "There is no space left in the bucket acme-openaether",
    );
    faults.fault = undefined;
    expect(await store.list("")).toEqual([]);
  });

  test("is not there where the store dies while it is sent", async () => {
    faults.fault = { kind: "stuck", after: 1_000_000 };
    faults.onStuck = () => void server.kill();
    const errors = await failing(...to("s3://acme-openaether", faults.endpoint));
    expect(errors).toContain(`${faults.endpoint} does not answer`);
    expect(errors.trim().split("\n")).toHaveLength(1);
    faults.fault = undefined;
    await server.restart();
    expect(await store.list("")).toEqual([]);
    await user.done(...to("s3://acme-openaether", faults.endpoint));
    expect(await store.list("")).toEqual([expect.stringMatching(name)]);
  });

  test("is not there where backup is killed while it is sent, and the next one is", async () => {
    const [before] = await store.list("");
    faults.fault = { kind: "stuck", after: 1_000_000 };
    const isStuck = new Promise<void>((resolve) => (faults.onStuck = resolve));
    const running = await user.start(...to("s3://acme-openaether", faults.endpoint));
    await isStuck;
    running.child.kill("SIGKILL");
    expect((await running.ended).code).toBe(null);
    faults.fault = undefined;
    expect(await store.list("")).toEqual([before]);
    await user.done(...to("s3://acme-openaether"), "--keep", "1");
    expect(await store.list("")).toEqual([expect.stringMatching(name)]);
    expect(readdirSync(at(".openaether")).filter((file) => file.startsWith("run-"))).toEqual([]);
  });

  test("that is not there, or whose store does not answer, is not verified; those that are there are named", async () => {
    const missing = "s3://acme-openaether/demo.tar.gz.age";
    const [newest] = await store.list("");
    for (const place of [missing, "s3://acme-openaether"]) {
      const errors = await failing(...verify(place));
      expect(errors).toMatch(/^There is no backup s3:\/\/acme-openaether\/\S* at http:/);
      expect(errors).toContain(`The newest there:\n\n  s3://acme-openaether/${newest}\n`);
    }
    const directory = await failing("backup", "verify", ".", "--identity", "backup.key");
    expect(directory).toContain(". is a directory, not a backup.");
    faults.fault = { kind: "dead" };
    expect(await failing(...verify(missing, faults.endpoint))).toContain("does not answer");
    faults.fault = undefined;
  });
});
