import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster } from "./deep-cluster";
import { DeepUser } from "./deep-user";

const before = { talos: "v1.12.11", kubernetes: "v1.35.10" };
const after = { talos: "v1.14.1", kubernetes: "v1.37.1" };
const image_name = `talos-${before.talos}`;
const images = [{ name: image_name }, { name: `talos-${after.talos}` }];
const cloud = { ...scaleway, account: { ...scaleway.account, images } };
const nodes = { ...scaleway.single, workers: 1, image_name };

describe("a cluster of Talos 1.12 and Kubernetes 1.35 whose tofu.tfvars is changed to 1.14 and 1.37", () => {
  let deep: DeepCluster;
  let user: DeepUser;
  let output = "";

  beforeAll(async () => {
    deep = await DeepCluster.create(
      cloud,
      nodes,
      { haste: 20, heartbeat: 1000, standIns: { "1.35": "1.36" } },
      { talos_version: before.talos, kubernetes_version: before.kubernetes },
    );
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    await deep.kubectl("create", "configmap", "canary");
    deep.cluster.edit({ talos_version: after.talos, kubernetes_version: after.kubernetes });
    output = await user.done("up", "--yes");
  }, 900_000);
  afterAll(() => deep.end());

  test("goes through the minors in between, Talos first, and through pairs that Talos supports", () => {
    const done = output.split("\n").filter((line) => line.startsWith("  ✓"));
    const steps = done.map((line) => line.slice(4).replace(/, (drained|no reboot).*/, ""));
    expect(steps).toEqual([
      "control-plane-0: Talos v1.12.11 → v1.13.12",
      "worker-0: Talos v1.12.11 → v1.13.12",
      "control-plane-0: Talos v1.13.12 → v1.14.1",
      "worker-0: Talos v1.13.12 → v1.14.1",
      "Kubernetes v1.35.10 → v1.36.6",
      "Kubernetes v1.36.6 → v1.37.1",
    ]);
  });

  test("has the new versions, what was written before, and nothing left to do", async () => {
    const versions = "-o=jsonpath={.items[*].status.nodeInfo['osImage','kubeletVersion']}";
    expect(await deep.kubectl("get", "nodes", versions)).toBe(
      `Talos (${after.talos}) Talos (${after.talos}) ${after.kubernetes} ${after.kubernetes}`,
    );
    expect(await deep.answers("get", "configmap", "canary")).toBe(true);
    expect(await user.done("plan")).toContain("and the nodes as they should be");
  });
});
