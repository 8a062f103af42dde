import { expect, test } from "@jest/globals";
import { release } from "../../../../src/cli/nodes/roll/node-work";
import type { Work } from "../../../../src/cli/nodes/roll/work";
import type { KubernetesClient } from "../../../../src/kubernetes/client";
import { KubernetesError } from "../../../../src/kubernetes/kubernetes-error";
import { observedNode } from "../../../support/observed";

test("a node is uncordoned though the API does not answer yet, as that of a control plane that has just booted", async () => {
  const calls: string[] = [];
  const call = (method: string, path: string) => {
    calls.push(`${method} ${path}`);
    if (calls.length > 1) return Promise.resolve({});
    return Promise.reject(new KubernetesError(undefined, "socket disconnected"));
  };
  const kubernetes = () => Promise.resolve({ call } as unknown as KubernetesClient);
  await release({ connection: { kubernetes } } as unknown as Work, observedNode("worker-0"));
  expect(calls).toEqual(Array(2).fill("PATCH /api/v1/nodes/prod-worker-0"));
});
