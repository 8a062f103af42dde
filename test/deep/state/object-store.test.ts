import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { probeConditionalWrites } from "../../../src/object-store/conditional-writes";
import { createBucket } from "../../../src/object-store/create-bucket";
import { ObjectStore } from "../../../src/object-store/object-store";
import { S3Server } from "../../support/s3-server";

// The S3 servers may have to be built.
jest.setTimeout(600_000);

describe("a store that honors conditional writes", () => {
  let server: S3Server;
  let store: ObjectStore;
  beforeAll(async () => {
    server = await S3Server.start();
    store = new ObjectStore(server.bucket(), server.environment);
    await store.create();
  });
  afterAll(() => server.end());

  test("returns what was written, and nothing where nothing was", async () => {
    await store.put("a/b", "text");
    expect((await store.get("a/b"))?.body.toString()).toBe("text");
    expect(await store.get("a/c")).toBeUndefined();
    expect(await store.writtenAt("a/c")).toBeUndefined();
    const age = Date.now() - ((await store.writtenAt("a/b"))?.getTime() ?? 0);
    expect(age).toBeLessThan(60_000);
    expect(await store.list("a/")).toEqual(["a/b"]);
    await store.delete("a/b");
    await store.delete("a/b");
    expect(await store.get("a/b")).toBeUndefined();
  });

  test("does not replace an object that was to be absent", async () => {
    expect(await store.put("only", "first", { ifAbsent: true })).toBe(true);
    expect(await store.put("only", "second", { ifAbsent: true })).toBe(false);
    expect((await store.get("only"))?.body.toString()).toBe("first");
  });

  test("is recognized, and the probe leaves no object", async () => {
    expect(await probeConditionalWrites(store, "probe/")).toBe("honored");
    expect(await store.list("probe/")).toEqual([]);
  });

  test("a bucket is created private, and without the versions that would keep its lock taken", async () => {
    const other = new ObjectStore(server.bucket("acme-other"), server.environment);
    const expected = { isPublic: false, keepsVersions: false, conditionalWrites: "honored" };
    expect(await createBucket(other, "probe/")).toEqual({ isNew: true, ...expected });
    expect(await other.list("")).toEqual([]);
  });

  test("one that keeps versions already is not deleted, and its lock is said to stay", async () => {
    const old = new ObjectStore(server.bucket("acme-old"), server.environment);
    await old.create();
    await old.keepVersions();
    await old.put("theirs", "text");
    expect(await createBucket(old, "probe/")).toEqual({
      isNew: false,
      isPublic: false,
      keepsVersions: true,
      conditionalWrites: "refused after a deletion",
    });
    expect(await old.list("")).toEqual(["theirs"]);
  });

  test("a wrong key, a missing bucket and a store that is down are told apart, without the secret", async () => {
    const wrong = { ...server.environment, AWS_SECRET_ACCESS_KEY: "another-secret-of-the-test" };
    const stranger = new ObjectStore(server.bucket(), wrong);
    await expect(stranger.put("x", "")).rejects.toMatchObject({
      problem: "credentials",
      message: expect.not.stringContaining("another-secret"),
    });
    const missing = new ObjectStore(server.bucket("no-such-bucket"), server.environment);
    expect(await missing.exists()).toBe(false);
    await expect(missing.get("x")).rejects.toMatchObject({
      problem: "no bucket",
      message: `There is no bucket no-such-bucket at ${server.endpoint}.`,
    });
    await server.kill();
    await expect(store.get("x")).rejects.toMatchObject({
      problem: "unreachable",
      message: expect.stringContaining(`${server.endpoint} does not answer: `),
    });
    await server.restart();
    expect((await store.get("only"))?.body.toString()).toBe("first");
  });
});

test("a store that ignores conditional writes is recognized", async () => {
  const server = await S3Server.start("gofakes3");
  try {
    const store = new ObjectStore(server.bucket(), server.environment);
    await store.create();
    expect(await probeConditionalWrites(store, "")).toBe("ignored");
    expect(await store.list("")).toEqual([]);
    // It asks for no credentials.
    expect(await createBucket(store, "")).toMatchObject({
      isPublic: true,
      conditionalWrites: "ignored",
    });
  } finally {
    await server.end();
  }
});

test("a file is sent with its digest, by which a store refuses it where its sender died", async () => {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    request.resume().on("end", () => response.end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const home = mkdtempSync(join(tmpdir(), "store-"));
  try {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { AWS_ACCESS_KEY_ID: "AKTEST", AWS_SECRET_ACCESS_KEY: "secret" };
    const store = new ObjectStore({ endpoint, region: "r", name: "acme" }, credentials);
    const content = Buffer.alloc(200_000, "content");
    writeFileSync(join(home, "file"), content);
    await store.putFile("key", join(home, "file"));
    store.close();
    const digest = createHash("md5").update(content).digest("base64");
    expect(received).toEqual([expect.objectContaining({ "content-md5": digest })]);
  } finally {
    server.close();
    rmSync(home, { recursive: true, force: true });
  }
});

test("without credentials, the message names the variables that may hold them", () => {
  const bucket = { endpoint: "http://127.0.0.1:1", region: "r", name: "acme" };
  expect(() => new ObjectStore(bucket, {})).toThrow(
    "There are no credentials for the bucket acme at http://127.0.0.1:1: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  );
});
