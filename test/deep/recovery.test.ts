import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Death } from "../../simulator/runtime/program";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster, healthy, isRunning } from "./deep-cluster";

describe("a single control plane with real programs", () => {
  let deep: DeepCluster;
  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.single, { controllers: false, haste: 10 });
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
  });
  afterAll(() => deep.end());

  test("reports a program that dies with its last lines, and starts it again where it was", async () => {
    const deaths: Death[] = [];
    const stop = deep.cluster.simulator.onDeath((death) => deaths.push(death));
    const before = healthy(await deep.status(), "etcd");
    process.kill(before[0]?.pid ?? 0, "SIGKILL");
    await deep.settled(() => deaths.length > 0);
    stop();
    expect(deaths).toMatchObject([
      { name: "etcd of demo-control-plane-0", how: "signal SIGKILL", restarts: true },
    ]);
    const after = await deep.until("back", (status) => healthy(status, "etcd").length === 1);
    expect(healthy(after, "etcd")[0]?.port).toBe(before[0]?.port);
    await deep.until("answering", answers(1));
  });

  test("starts the API server again when its image changes, and says when there is no such minor", async () => {
    const deaths: Death[] = [];
    const stop = deep.cluster.simulator.onDeath((death) => deaths.push(death));
    const use = (version: string) => {
      const image = `registry.k8s.io/kube-apiserver:${version}`;
      const patch = JSON.stringify({ cluster: { apiServer: { image } } });
      return deep.talosctl("172.16.4.4", "patch", "machineconfig", "--mode=auto", "-p", patch);
    };
    const [before] = healthy(await deep.status(), "kube-apiserver");
    await deep.cluster.openTunnelTo("172.16.4.4");
    await use("v1.29.0");
    await deep.settled(() => deaths.length > 0);
    stop();
    expect(deaths).toEqual([
      {
        name: "kube-apiserver of demo-control-plane-0",
        how: "kube-apiserver 1.29.0: there is only Kubernetes 1.36, 1.37",
        lastLines: [],
        restarts: false,
      },
    ]);
    await use("v1.37.0");
    const status = await deep.until("answering", answers(1));
    expect(healthy(status, "kube-apiserver")[0]?.pid).not.toBe(before?.pid);
  });

  test("leaves no process and no directory behind when the simulator is killed", async () => {
    const { programs, directory } = await deep.status();
    expect(programs.every(({ pid }) => isRunning(pid)) && existsSync(directory)).toBe(true);
    await deep.cluster.simulator.kill();
    await deep.settled(() => !programs.some(({ pid }) => isRunning(pid)) && !existsSync(directory));
  });

  test("continues with its data in a new simulator", async () => {
    await deep.cluster.startSimulator();
    await deep.until("answering", answers(1));
    expect(await deep.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}")).toBe("kept");
  });

  test("is recovered from a snapshot on a disk that was wiped", async () => {
    const snapshot = join(deep.cluster.home, "etcd.snapshot");
    await deep.cluster.openTunnelTo("172.16.4.4");
    expect(await deep.talosctl("172.16.4.4", "etcd", "snapshot", snapshot)).toContain(
      "etcd snapshot saved",
    );
    await deep.kubectl("delete", "configmap", "note");
    const { programs } = await deep.status();
    const reset = ["--graceful=false", "--reboot", "--wait=false"];
    await deep.talosctl("172.16.4.4", "reset", "--system-labels-to-wipe=EPHEMERAL", ...reset);
    await deep.settled(() => !programs.some(({ pid }) => isRunning(pid)));
    await deep.cluster.openTunnelTo("172.16.4.4");
    await deep.talosctl("172.16.4.4", "bootstrap", `--recover-from=${snapshot}`);
    await deep.until("answering", answers(1));
    expect(await deep.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}")).toBe("kept");
  });
});
