import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster } from "./deep-cluster";

describe("an etcd with a quota of its configuration", () => {
  const node = "172.16.4.4";
  let deep: DeepCluster;
  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, scaleway.single, { controllers: false, haste: 10 });
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.cluster.openTunnelTo(node);
  });
  afterAll(() => deep.end());

  test("raises an alarm when it is full, and talosctl lists and disarms it", async () => {
    const extraArgs = { "quota-backend-bytes": "2000000" };
    const patch = JSON.stringify({ cluster: { etcd: { extraArgs } } });
    await deep.talosctl(node, "patch", "machineconfig", "--mode=auto", "-p", patch);
    const [etcd] = (await deep.status()).programs;
    await deep.talosctl(node, "reboot", "--wait=false");
    await deep.until(
      "restarted",
      (status) => answers(1)(status) && status.programs.every(({ pid }) => pid !== etcd?.pid),
    );
    const file = join(deep.cluster.home, "large");
    writeFileSync(file, "x".repeat(900_000));
    const create = (name: string) =>
      deep.kubectl("create", "configmap", name, `--from-file=${file}`);
    const filled = (async () => {
      for (const name of ["one", "two", "three"]) await create(name);
    })();
    await expect(filled).rejects.toThrow("database space exceeded");
    expect(await deep.talosctl(node, "etcd", "alarm", "list")).toContain("NOSPACE");
    expect(await deep.talosctl(node, "etcd", "alarm", "disarm")).toContain("NOSPACE");
    expect(await deep.talosctl(node, "etcd", "alarm", "list")).toBe("");
  });
});
