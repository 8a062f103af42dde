import { describe, expect, test } from "@jest/globals";

import { applyToNode, desiredNode } from "../../runtime/kubelet/node-apply";
import { registeredNode } from "../../runtime/kubelet/node-object";
import type { NodeObject, Taint } from "../../runtime/kubelet/objects";
import { nodeFactory } from "./nodes";

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

function nodeWith(metadata: object = {}, spec: NodeObject["spec"] = {}): NodeObject {
  return { metadata: { name: "a", ...metadata }, spec };
}

function desired(part: Partial<ReturnType<typeof desiredNode>> = {}) {
  return { labels: {}, annotations: {}, taints: [], isCordoned: false, ...part };
}

describe("what Talos applies to its Node", () => {
  test("gives a control plane its role and the taint that keeps ordinary pods away", async () => {
    const create = await nodeFactory();
    const node = await create("control-plane-0");

    const applied = applyToNode(nodeWith(), desiredNode(node));

    expect(applied.metadata.labels).toMatchObject({ [CONTROL_PLANE]: "" });
    expect(applied.spec?.taints).toEqual([{ key: CONTROL_PLANE, effect: "NoSchedule" }]);
    expect(applied.metadata.annotations).toMatchObject({
      "talos.dev/owned-taints": JSON.stringify([CONTROL_PLANE]),
    });
    expect(applied.metadata.annotations?.["talos.dev/owned-labels"]).toContain(CONTROL_PLANE);
  });

  test("leaves control planes open to pods where the configuration says so", async () => {
    const create = await nodeFactory();
    const patches = [{ cluster: { allowSchedulingOnControlPlanes: true } }];
    const node = await create("control-plane-0", { patches });

    expect(desiredNode(node).taints).toEqual([]);
  });

  test("registers a worker with the labels and taints of its configuration", async () => {
    const create = await nodeFactory();
    const patches = [
      {
        machine: {
          nodeLabels: { "example.com/pool": "a" },
          nodeTaints: { dedicated: "db:NoExecute" },
          kubelet: {
            extraConfig: { registerWithTaints: [{ key: "early", effect: "NoSchedule" }] },
          },
        },
      },
    ];
    const node = await create("worker-0", { role: "worker", patches });

    expect(registeredNode(node)).toMatchObject({
      metadata: { name: "worker-0", labels: { "kubernetes.io/hostname": "worker-0" } },
      spec: {
        taints: [
          { key: "early", effect: "NoSchedule" },
          { key: "dedicated", value: "db", effect: "NoExecute" },
        ],
      },
      status: {
        addresses: [
          { type: "InternalIP", address: "172.16.4.4" },
          { type: "Hostname", address: "worker-0" },
        ],
        nodeInfo: {
          kubeletVersion: "v1.36.3",
          osImage: "Talos (v1.13.9)",
          containerRuntimeVersion: "containerd://2.2.7",
          bootID: "boot-1",
        },
      },
    });
    expect(desiredNode(node).labels).toEqual({ "example.com/pool": "a" });
  });

  test("notes the schematic of a factory image", async () => {
    const create = await nodeFactory();
    const schematic = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";
    const image = `factory.talos.dev/nocloud-installer/${schematic}:v1.13.9`;
    const node = await create("control-plane-0", {
      patches: [{ machine: { install: { image } } }],
    });

    expect(desiredNode(node).annotations).toEqual({ "extensions.talos.dev/schematic": schematic });
  });

  test("changes and removes what it owns, and nothing of others", () => {
    const first = applyToNode(
      nodeWith({ labels: { theirs: "1", taken: "other" } }),
      desired({ labels: { mine: "1", taken: "wanted" } }),
    );
    expect(first.metadata.labels).toEqual({ theirs: "1", taken: "other", mine: "1" });

    const second = applyToNode(first, desired({ labels: { mine: "2" } }));
    expect(second.metadata.labels).toEqual({ theirs: "1", taken: "other", mine: "2" });

    const third = applyToNode(second, desired());
    expect(third.metadata.labels).toEqual({ theirs: "1", taken: "other" });
    expect(third.metadata.annotations).toEqual({});
  });

  test("changes nothing when all is as it should be", () => {
    const once = applyToNode(nodeWith(), desired({ labels: { mine: "1" } }));

    expect(applyToNode(once, desired({ labels: { mine: "1" } }))).toBe(once);
  });

  test("keeps the taints that Kubernetes sets, and drops its own", () => {
    const notReady: Taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
    const mine: Taint = { key: "mine", value: "a", effect: "NoSchedule" };
    const tainted = applyToNode(nodeWith({}, { taints: [notReady] }), desired({ taints: [mine] }));
    expect(tainted.spec?.taints).toEqual([notReady, mine]);

    const changed = { ...mine, value: "b" };
    const again = applyToNode(tainted, desired({ taints: [changed] }));
    expect(again.spec?.taints).toEqual([notReady, changed]);

    expect(applyToNode(again, desired()).spec?.taints).toEqual([notReady]);
  });

  test("lifts its own cordon and leaves any other", () => {
    const cordoned = applyToNode(nodeWith(), desired({ isCordoned: true }));
    expect(cordoned.spec?.unschedulable).toBe(true);
    expect(cordoned.metadata.annotations).toMatchObject({ "talos.dev/cordoned": "true" });

    const lifted = applyToNode(cordoned, desired());
    expect(lifted.spec?.unschedulable).toBe(false);
    expect(lifted.metadata.annotations).toEqual({});

    const ofUser = nodeWith({}, { unschedulable: true });
    expect(applyToNode(ofUser, desired()).spec?.unschedulable).toBe(true);
  });
});
