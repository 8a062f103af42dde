import { status } from "@grpc/grpc-js";
import { expect, test } from "@jest/globals";
import type { ObservedNode } from "../../../../src/cli/nodes/observation";
import { startReboot } from "../../../../src/cli/nodes/roll/node-work";
import type { Work } from "../../../../src/cli/nodes/roll/work";
import { TalosError } from "../../../../src/talos/talos-error";

const cancelled = new TalosError(status.CANCELLED, "Call cancelled");

/** @param reboots What each call does: whether the node boots, and whether its answer arrives */
async function asked(...reboots: { boots: boolean; isAnswered: boolean }[]) {
  let bootId = 1;
  let calls = 0;
  const node = {
    bootId: () => Promise.resolve(`boot ${bootId}`),
    reboot: () => {
      const { boots = true, isAnswered = true } = reboots[calls] ?? {};
      calls += 1;
      if (boots) bootId += 1;
      return isAnswered ? Promise.resolve() : Promise.reject(cancelled);
    },
  };
  const work = { connection: { node: () => Promise.resolve(node) } };
  const before = await startReboot(
    work as unknown as Work,
    { address: "172.16.4.5" } as ObservedNode,
  );
  return { before, calls };
}

test("a node is asked to reboot once, and known by its boot before that", async () => {
  expect(await asked({ boots: true, isAnswered: true })).toEqual({ before: "boot 1", calls: 1 });
});

test("a node that did not get it is asked again", async () => {
  const lost = { boots: false, isAnswered: false };
  expect(await asked(lost)).toEqual({ before: "boot 1", calls: 2 });
});

test("a node whose answer was lost, and that has booted, is not asked again", async () => {
  const lost = { boots: true, isAnswered: false };
  expect(await asked(lost)).toEqual({ before: "boot 1", calls: 1 });
});
