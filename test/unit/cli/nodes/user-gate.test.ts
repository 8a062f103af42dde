import { expect, test } from "@jest/globals";
import { waitForUserGate } from "../../../../src/cli/nodes/roll/user-gate";
import { usualPatience, type Work } from "../../../../src/cli/nodes/roll/work";

const work = (userGate: string): Work =>
  ({ userGate, patience: { ...usualPatience, gate: 100, between: 10 } }) as unknown as Work;

test("a user's check that succeeds lets the next node begin", async () => {
  await expect(waitForUserGate(work("true"), "worker-0")).resolves.toBeUndefined();
});

test("a user's check that goes on failing stops the roll, with its output and status", async () => {
  const check = work("echo storage is degraded; exit 3");
  const waiting = waitForUserGate(check, "worker-0: Talos");
  await expect(waiting).rejects.toThrow(/Stopped after "worker-0: Talos".*ends with 3/);
  await expect(waiting).rejects.toThrow("storage is degraded");
});
