import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { realPrograms } from "../support/real-programs";
import { answers, DeepCluster } from "./deep-cluster";

const controlPlane = "172.16.4.4";
const worker = "172.16.5.4";

describe("a cluster of Kubernetes 1.36 that talosctl upgrades to 1.37", () => {
  let deep: DeepCluster;
  let output = "";
  let before = "";

  /** What the API server says of itself. */
  async function release(): Promise<string> {
    const { gitVersion } = JSON.parse(await deep.kubectl("get", "--raw", "/version")) as {
      gitVersion: string;
    };
    return gitVersion;
  }

  beforeAll(async () => {
    const programs = await realPrograms();
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.single, workers: 1 },
      { programs, haste: 20, heartbeat: 1000 },
      { kubernetes_version: "1.36.3" },
    );
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    before = await release();
    await deep.cluster.openTunnelTo(controlPlane);
    const { listeners } = await deep.status();
    const endpoint = `--endpoint=https://127.0.0.1:${listeners[0]?.localPort}`;
    output = await deep.talosctl(controlPlane, "upgrade-k8s", "--to=1.37.1", endpoint);
  });
  afterAll(() => deep.end());

  async function read<T>(...args: string[]): Promise<T> {
    return JSON.parse(await deep.kubectl("get", ...args, "--output=json")) as T;
  }

  test("is upgraded from what it was, node after node, to the end", () => {
    expect(output).toContain("automatically detected the lowest Kubernetes version 1.36.3");
    expect(output).toContain(`updating "kube-apiserver" to version "1.37.1"`);
    expect(output).toContain(` < "${worker}": successfully updated`);
    expect(output.trim().endsWith("done")).toBe(true);
  });

  test("has an API server of the new release, which was one of the old", async () => {
    expect(before).toBe("v1.36.3");
    expect(await release()).toBe("v1.37.1");
  });

  test("has new static pods with a higher version of their configuration", async () => {
    const { items } = await read<{ items: PodJson[] }>(
      "pods",
      "--namespace=kube-system",
      "--selector=tier=control-plane",
    );

    expect(items).toHaveLength(3);
    for (const { metadata, spec } of items) {
      expect(spec.containers[0]?.image).toMatch(/:v1\.37\.1$/);
      expect(Number(metadata.annotations["talos.dev/config-version"])).toBeGreaterThan(1);
    }
  });

  test("has kubelets and kube-proxy of the new release", async () => {
    const { items } = await read<{ items: NodeJson[] }>("nodes");
    expect(items.map(({ status }) => status.nodeInfo.kubeletVersion)).toEqual([
      "v1.37.1",
      "v1.37.1",
    ]);

    const proxy = await read<{ spec: { template: PodJson } }>(
      "daemonset",
      "kube-proxy",
      "--namespace=kube-system",
    );
    expect(proxy.spec.template.spec.containers[0]?.image).toBe(
      "registry.k8s.io/kube-proxy:v1.37.1",
    );
  });
});

interface NodeJson {
  readonly status: { readonly nodeInfo: { readonly kubeletVersion: string } };
}

interface PodJson {
  readonly metadata: { readonly annotations: Record<string, string> };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
}
