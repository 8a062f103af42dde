import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster, healthy } from "./deep-cluster";
import { DeepUser } from "./deep-user";

// Machines are destroyed, boot and join one after the other.
jest.setTimeout(240_000);

describe("nodes that are replaced and resized", () => {
  let deep: DeepCluster;
  let user: DeepUser;
  const nodes = { ...scaleway.available, workers: 1 };

  const ids = async () => {
    const path = "-o=jsonpath={range .items[*]}{.metadata.name}={.metadata.uid} {end}";
    const output = await deep.kubectl("get", "nodes", path);
    return new Map(
      output
        .trim()
        .split(" ")
        .map((pair) => pair.split("=") as [string, string]),
    );
  };
  const expectWhole = async () => {
    await deep.until("whole", (status) => healthy(status, "etcd").length === 3);
    expect([...(await ids()).keys()].sort()).toEqual(
      ["control-plane-0", "control-plane-1", "control-plane-2", "worker-0"].map(
        (name) => `demo-${name}`,
      ),
    );
    const path = "-o=jsonpath={.items[?(@.spec.unschedulable)].metadata.name}";
    expect(await deep.kubectl("get", "nodes", path)).toBe("");
    expect(await deep.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}")).toBe("kept");
    expect(await user.done("plan")).toContain("no changes");
  };

  beforeAll(async () => {
    deep = await DeepCluster.create(scaleway, nodes, { haste: 20, heartbeat: 1000 });
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(3));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
  });
  afterAll(() => deep.end());

  test("what touches no node is applied where no node can be asked, and the rest says why it is not", async () => {
    deep.cluster.mayLogIn = false;
    deep.cluster.edit({
      admin_ip: ["203.0.113.7", "198.51.100.9"],
      node_distribution: {
        scaleway: { ...nodes, worker_instance_type: scaleway.plentifulType },
      },
    });
    const { code, output, errors } = await (await user.start("up", "--yes")).ended;
    deep.cluster.mayLogIn = true;
    expect(output).toContain("worker-0 stays as it is; the rest can be applied.");
    expect(errors).toContain("No node can be worked on, because none can be asked: ");
    expect(code).toBe(1);
    const rest = await user.start("plan", "--json");
    const { changes } = JSON.parse((await rest.ended).output) as { changes: { address: string }[] };
    expect(changes.map(({ address }) => address)).toEqual(["scaleway_instance_server.worker_0"]);
  });

  test("go one after the other: a control plane by its name, and a worker that changes its type", async () => {
    const before = await ids();
    const node = "control-plane-1";
    const output = await user.done("up", "--yes", "--replace", node, "--allow", node);
    expect(output).toMatch(
      /control-plane-1 is replaced \(1 of 2\)[^]*worker-0 is restarted \(2 of 2\)/,
    );
    await expectWhole();
    const after = await ids();
    const replaced = [...after].filter(([name, id]) => before.get(name) !== id);
    expect(replaced.map(([name]) => name)).toEqual(["demo-control-plane-1"]);
  });

  test("a control plane that was destroyed by hand is created again, and leaves no dead member", async () => {
    await deep.remove("demo-control-plane-2");
    await deep.until("away", (status) => healthy(status, "etcd").length === 2);
    expect(await user.done("up", "--yes")).toContain(
      "Removed from etcd, because their machines are gone: demo-control-plane-2.",
    );
    await expectWhole();
  });
});
