import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClusterDirectory } from "../../../src/cli/cluster/directory";
import { bootstrapAddress, hasEtcd } from "../../../src/cli/plan/etcd";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "etcd-"));
  mkdirSync(join(home, "memory"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

/** Whether etcd may exist, where the last run's journal has the start of the bootstrap's creation or deletion. */
function mayExist(action: string): boolean {
  const event = { type: "apply_start", hook: { resource: { addr: bootstrapAddress }, action } };
  writeFileSync(join(home, "memory", "journal.done"), `${JSON.stringify(event)}\n`);
  const directory = { home, memory: join(home, "memory"), fileName: (name: string) => name };
  return hasEtcd(directory as unknown as ClusterDirectory, []);
}

test("etcd may exist where a run has started its bootstrap, but not where it only ended", () => {
  expect(mayExist("create")).toBe(true);
  expect(mayExist("delete")).toBe(false);
});
