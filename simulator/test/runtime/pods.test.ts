import { describe, expect, test } from "@jest/globals";

import type { Pod } from "../../runtime/kubelet/objects";
import { PodAddresses } from "../../runtime/kubelet/pod-addresses";
import { bringsNetwork, referencesOf } from "../../runtime/kubelet/pod-references";
import { finishedStatus, runningStatus } from "../../runtime/kubelet/pod-status";

const NOW = new Date("2026-11-29T23:00:00.500Z");
const PLACE = { hostIP: "172.16.5.1", podIP: "10.244.1.2" };

function pod(spec: Partial<Pod["spec"]> = {}, status: Pod["status"] = {}): Pod {
  const containers = [{ name: "main", image: "registry.k8s.io/pause:3.10" }];
  return {
    metadata: { name: "a", namespace: "b", uid: "u" },
    spec: { containers, ...spec },
    status,
  };
}

describe("a pod on a simulated node", () => {
  test("runs with its address, every container started", () => {
    expect(runningStatus(pod(), PLACE, NOW)).toMatchObject({
      phase: "Running",
      startTime: "2026-11-29T23:00:00Z",
      hostIP: "172.16.5.1",
      podIP: "10.244.1.2",
      containerStatuses: [
        {
          name: "main",
          ready: true,
          restartCount: 0,
          containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
        },
      ],
    });
  });

  test("is restarted with its machine", () => {
    const before = runningStatus(pod(), PLACE, NOW) as Pod["status"];

    const after = runningStatus(pod({}, before), PLACE, NOW, { isRestarted: true }) as NonNullable<
      Pod["status"]
    >;

    expect(after.containerStatuses?.[0]?.restartCount).toBe(1);
    expect(after.containerStatuses?.[0]?.containerID).not.toBe(
      before?.containerStatuses?.[0]?.containerID,
    );
  });

  test("is not ready before its readiness gates are open", () => {
    const gated = pod({ readinessGates: [{ conditionType: "example.com/gate" }] });

    const { conditions } = runningStatus(gated, PLACE, NOW) as NonNullable<Pod["status"]>;

    expect(conditions?.find(({ type }) => type === "Ready")?.status).toBe("False");
    expect(conditions?.find(({ type }) => type === "ContainersReady")?.status).toBe("True");
  });

  test("ends with success, its restarts counted no further", () => {
    const running = runningStatus(pod(), PLACE, NOW) as Pod["status"];

    expect(finishedStatus(pod({}, running), NOW)).toMatchObject({
      phase: "Succeeded",
      containerStatuses: [
        { restartCount: 0, ready: false, state: { terminated: { exitCode: 0 } } },
      ],
    });
  });

  test("needs the ConfigMaps and Secrets that it names, unless they are optional", () => {
    const needing = pod({
      volumes: [
        { name: "a", configMap: { name: "settings" } },
        { name: "b", secret: { secretName: "password" } },
        { name: "c", secret: { secretName: "perhaps", optional: true } },
        { name: "d", projected: { sources: [{ configMap: { name: "kube-root-ca.crt" } }, {}] } },
      ],
      containers: [{ name: "main", image: "x", envFrom: [{ secretRef: { name: "environment" } }] }],
    });

    expect(referencesOf(needing)).toEqual([
      { kind: "configmaps", name: "settings", isVariable: false },
      { kind: "secrets", name: "password", isVariable: false },
      { kind: "configmaps", name: "kube-root-ca.crt", isVariable: false },
      { kind: "secrets", name: "environment", isVariable: true },
    ]);
  });

  test("brings the node's network when it writes a CNI's configuration", () => {
    const volumes = [{ name: "cni", hostPath: { path: "/etc/cni/net.d" } }];

    expect(bringsNetwork(pod({ hostNetwork: true, volumes }))).toBe(true);
    expect(bringsNetwork(pod({ hostNetwork: true }))).toBe(false);
  });
});

describe("addresses of pods", () => {
  test("are given in turn from the second on, none twice, and freed ones later", () => {
    const addresses = new PodAddresses();

    expect(addresses.take("10.244.1.0/24", "a")).toBe("10.244.1.2");
    expect(addresses.take("10.244.1.0/24", "a")).toBe("10.244.1.2");
    addresses.release("a");
    expect(addresses.take("10.244.1.0/24", "b")).toBe("10.244.1.3");
    expect(addresses.take("10.244.1.0/24", "c")).toBe("10.244.1.4");
  });

  test("run out", () => {
    const addresses = new PodAddresses();
    const taken = ["a", "b", "c", "d", "e"].map((uid) => addresses.take("10.0.0.0/29", uid));

    expect(taken).toEqual(["10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"]);
    expect(() => addresses.take("10.0.0.0/29", "f")).toThrow("no IP addresses available");
    addresses.release("c");
    expect(addresses.take("10.0.0.0/29", "f")).toBe("10.0.0.4");
  });
});
