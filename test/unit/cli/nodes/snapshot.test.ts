import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NodeConnection } from "../../../../src/cli/nodes/connection";
import { saveSnapshot } from "../../../../src/cli/nodes/roll/snapshot";
import { observationOf, observedNode } from "../../../support/observed";

let memory: string;
beforeEach(() => {
  memory = mkdtempSync(join(tmpdir(), "snapshot-"));
});
afterEach(() => {
  rmSync(memory, { recursive: true });
});

const observation = observationOf([
  observedNode("control-plane-0"),
  observedNode("control-plane-1"),
]);

/** A database with its digest, as etcd sends it. */
function whole(): Buffer {
  const database = randomBytes(4 * 512);
  return Buffer.concat([database, createHash("sha256").update(database).digest()]);
}

/** The members' nodes; each sends this in parts of some bytes. */
function sending(bytes: Buffer, asked: string[] = []): NodeConnection {
  async function* snapshot() {
    for (let at = 0; at < bytes.length; at += 100) {
      await Promise.resolve();
      yield bytes.subarray(at, at + 100);
    }
  }
  const node = (address: string) => {
    asked.push(address);
    return Promise.resolve({ snapshot });
  };
  return { node } as unknown as NodeConnection;
}

describe("a snapshot of etcd before an upgrade", () => {
  test("comes from a member that does not lead, whole and for its owner only", async () => {
    const asked: string[] = [];
    const bytes = whole();
    const file = await saveSnapshot({ connection: sending(bytes, asked), memory }, observation);
    expect(readFileSync(file)).toEqual(bytes);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(asked).toEqual(["172.16.4.5"]);
  });

  test.each([
    ["breaks off", (bytes: Buffer) => bytes.subarray(0, 700), "it breaks off after 700 bytes"],
    [
      "breaks off at a page",
      (bytes: Buffer) => bytes.subarray(0, 1024 + 32),
      "its digest is another",
    ],
    [
      "has other bytes",
      (bytes: Buffer) => Buffer.concat([randomBytes(1), bytes.subarray(1)]),
      "its digest is another",
    ],
    ["is empty", () => Buffer.alloc(0), "it breaks off after 0 bytes"],
  ])("that %s is refused, and nothing of it stays", async (_, change, reason) => {
    const connection = sending(change(whole()));
    await expect(saveSnapshot({ connection, memory }, observation)).rejects.toThrow(reason);
    expect(readdirSync(join(memory, "snapshots"))).toEqual([]);
  });

  test("is one of the last three", async () => {
    const files: string[] = [];
    for (let count = 0; count < 5; count++) {
      files.push(await saveSnapshot({ connection: sending(whole()), memory }, observation));
    }
    const kept = readdirSync(join(memory, "snapshots")).map((name) =>
      join(memory, "snapshots", name),
    );
    expect(kept.sort()).toEqual([...new Set(files)].slice(-3));
  });
});
