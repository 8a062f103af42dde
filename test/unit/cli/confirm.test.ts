import { expect, test } from "@jest/globals";
import { confirm } from "../../../src/cli/plan/confirm";
import { Retries } from "../../../src/cli/cluster/retry";
import { warningsOf } from "../../../src/cli/plan/warnings";
import type { Change } from "../../../src/cli/plan/changes";

const replaced = (node: string): Change => ({
  address: `scaleway_instance_server.${node.replaceAll("-", "_")}`,
  type: "scaleway_instance_server",
  action: "replace",
  part: "nodes",
  node,
  isServer: true,
  before: {},
  after: {},
  changed: [],
  replacedBy: [],
  reason: undefined,
});
const both = [replaced("control-plane-0"), replaced("control-plane-1")];
const yes = { yes: true, allow: [], isStaged: false };

test("control planes that never had etcd may be replaced together with --yes", async () => {
  const reported = warningsOf(both, [], false);
  expect(reported.map(({ detail }) => detail)).toEqual([
    "etcd was not bootstrapped yet: nothing is lost",
    "etcd was not bootstrapped yet: nothing is lost",
  ]);
  expect(await confirm("Continue?", reported, yes)).toBe(true);
});

test("losing two control planes at once is refused where the plan cannot be applied in stages", async () => {
  await expect(confirm("Continue?", warningsOf(both, []), yes)).rejects.toThrow("loses its quorum");
});

test("two control planes, one after the other, are one question that names both", async () => {
  await expect(
    confirm("Continue?", warningsOf(both, []), { ...yes, isStaged: true }),
  ).rejects.toThrow("Name it: --allow control-plane-0 --allow control-plane-1");
  const allow = ["control-plane-0", "control-plane-1"];
  expect(await confirm("Continue?", warningsOf(both, []), { ...yes, allow, isStaged: true })).toBe(
    true,
  );
});

test("a restart that leaves etcd its quorum is covered by --yes", async () => {
  const [warning] = warningsOf([replaced("control-plane-0")], []);
  const gated = [{ ...warning!, isGated: true as const }];
  expect(await confirm("Continue?", gated, { ...yes, isStaged: true })).toBe(true);
});

test("a destroy is retried while it progresses, and for ten minutes without progress", () => {
  const retries = new Retries();
  expect(retries.hasMore(5)).toBe(true);
  expect(retries.hasMore(5)).toBe(true);
  expect(retries.pause).toBe(1000);
});
