import { describe, expect, test } from "@jest/globals";
import type { KubernetesClient, RequestOptions } from "../../../src/kubernetes/client";
import { drain, DrainBlocked } from "../../../src/kubernetes/drain";
import { KubernetesError } from "../../../src/kubernetes/kubernetes-error";
import type { PodObject } from "../../../src/kubernetes/objects";

const fast = { patience: 200, between: 1 };

/** An API with these pods on the node; an eviction is answered by `evicted`, or removes its pod. */
class FakeApi {
  readonly evictions: string[] = [];

  constructor(
    private pods: readonly PodObject[],
    private readonly evicted: (name: string, times: number) => KubernetesError | undefined = () =>
      undefined,
  ) {}

  get client(): KubernetesClient {
    const call = (method: string, path: string, options: RequestOptions = {}) =>
      this.answer(method, path, options);
    return { call } as unknown as KubernetesClient;
  }

  private answer(method: string, path: string, { query }: RequestOptions): Promise<unknown> {
    if (method === "GET") {
      expect(query).toEqual({ fieldSelector: "spec.nodeName=demo-worker-0" });
      return Promise.resolve({ items: this.pods });
    }
    const name = path.split("/").at(-2) ?? "";
    this.evictions.push(name);
    const refusal = this.evicted(name, this.evictions.filter((one) => one === name).length);
    if (refusal !== undefined) return Promise.reject(refusal);
    this.pods = this.pods.filter(({ metadata }) => metadata.name !== name);
    return Promise.resolve({});
  }
}

function pod(name: string, controller?: string, more: Partial<PodObject["metadata"]> = {}) {
  const owners = controller === undefined ? [] : [{ kind: controller, controller: true }];
  return {
    metadata: { name, namespace: "default", ownerReferences: owners, ...more },
    spec: { containers: [] },
    status: { phase: "Running" },
  };
}

const budget = (name: string) =>
  new KubernetesError(
    429,
    `Cannot evict pod as it would violate the pod's disruption budget ${name}.`,
  );

describe("a drain", () => {
  test("evicts what a controller replaces, and leaves DaemonSets and static pods", async () => {
    const mirror = { annotations: { "kubernetes.io/config.mirror": "x" } };
    const api = new FakeApi([
      pod("web", "ReplicaSet"),
      pod("flannel", "DaemonSet"),
      pod("kube-apiserver", "Node", mirror),
      pod("data", "StatefulSet"),
    ]);
    await drain(api.client, "demo-worker-0", fast);
    expect(api.evictions).toEqual(["web", "data"]);
  });

  test("leaves a pod that nothing replaces, unless the machine goes", async () => {
    const api = new FakeApi([pod("lonely")]);
    await drain(api.client, "demo-worker-0", fast);
    expect(api.evictions).toEqual([]);
    await drain(api.client, "demo-worker-0", { ...fast, isFinal: true });
    expect(api.evictions).toEqual(["lonely"]);
  });

  test("tries again while a PodDisruptionBudget forbids it for now", async () => {
    const api = new FakeApi([pod("web", "ReplicaSet")], (_, times) =>
      times < 3 ? budget("web") : undefined,
    );
    await drain(api.client, "demo-worker-0", fast);
    expect(api.evictions).toEqual(["web", "web", "web"]);
  });

  test("names the pods that stay, with the budget that keeps them", async () => {
    const api = new FakeApi([pod("web", "ReplicaSet"), pod("db", "StatefulSet")], (name) =>
      name === "db" ? budget("db") : undefined,
    );
    const problem = await drain(api.client, "demo-worker-0", fast).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(DrainBlocked);
    expect((problem as DrainBlocked).pods).toEqual([
      "default/db: Cannot evict pod as it would violate the pod's disruption budget db.",
    ]);
  });

  test("waits for a pod that is ending, without evicting it again", async () => {
    const ending = pod("web", "ReplicaSet", { deletionTimestamp: "2026-01-01T00:00:00Z" });
    const api = new FakeApi([ending]);
    const problem = await drain(api.client, "demo-worker-0", fast).catch((error: unknown) => error);
    expect((problem as DrainBlocked).pods).toEqual(["default/web: it does not end"]);
    expect(api.evictions).toEqual([]);
  });

  test("takes a pod that is gone meanwhile for evicted", async () => {
    let pods = [pod("web", "ReplicaSet")];
    const call = (method: string) => {
      if (method === "GET") return Promise.resolve({ items: pods });
      pods = [];
      return Promise.reject(new KubernetesError(404, 'pods "web" not found'));
    };
    const client = { call } as unknown as KubernetesClient;
    await expect(drain(client, "demo-worker-0", fast)).resolves.toBeUndefined();
  });

  test("ends with any other refusal", async () => {
    const api = new FakeApi(
      [pod("web", "ReplicaSet")],
      () => new KubernetesError(403, "forbidden"),
    );
    await expect(drain(api.client, "demo-worker-0", fast)).rejects.toThrow("forbidden");
  });
});
