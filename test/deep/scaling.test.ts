import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { scaleway } from "../support/clouds";
import { answers, DeepCluster, used } from "./deep-cluster";
import { DeepUser } from "./deep-user";

// Machines boot and join one after the other.
jest.setTimeout(240_000);

/** "control-plane-0", "worker-0" */
function names(controlPlanes: number, workers: number): string[] {
  const of = (role: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${role}-${index}`);
  return [...of("control-plane", controlPlanes), ...of("worker", workers)];
}

const allow = (...nodes: string[]) => nodes.flatMap((node) => ["--allow", node]);

describe("a cluster that is scaled by editing its file", () => {
  let deep: DeepCluster;
  let user: DeepUser;

  const size = (control_planes: number, workers: number) => {
    deep.cluster.edit({
      node_distribution: { scaleway: { ...scaleway.available, control_planes, workers } },
    });
  };
  const kubernetesNodes = async () => {
    const output = await deep.kubectl("get", "nodes", "-o=jsonpath={.items[*].metadata.name}");
    return output.split(" ").sort();
  };
  const cordoned = () =>
    deep.kubectl("get", "nodes", "-o=jsonpath={.items[?(@.spec.unschedulable)].metadata.name}");
  const members = async () => {
    const { programs } = await deep.status();
    return programs
      .filter(({ program, healthy }) => program === "etcd" && healthy)
      .map(({ node }) => node)
      .sort();
  };
  const expectWhole = async (controlPlanes: number, workers: number) => {
    const expected = names(controlPlanes, workers).map((name) => `demo-${name}`);
    expect(await kubernetesNodes()).toEqual(expected);
    expect(await members()).toEqual(expected.slice(0, controlPlanes));
    expect(used(await deep.status())).toHaveLength(controlPlanes);
    expect(await cordoned()).toBe("");
    expect(await deep.kubectl("get", "configmap", "note", "-o=jsonpath={.data.text}")).toBe("kept");
    expect(await user.done("plan")).toContain("no changes");
  };

  beforeAll(async () => {
    deep = await DeepCluster.create(
      scaleway,
      { ...scaleway.available, control_planes: 1, workers: 1 },
      { haste: 20, heartbeat: 1000 },
    );
    user = new DeepUser(deep);
    await deep.cluster.up();
    await deep.until("answering", answers(1));
    await deep.kubectl("wait", "node", "--all", "--for=condition=Ready", "--timeout=60s");
    await deep.kubectl("create", "configmap", "note", "--from-literal=text=kept");
  });
  afterAll(() => deep.end());

  test("grows one control plane after the other, each a voting member before the next", async () => {
    size(3, 2);
    const output = await user.done("up", "--yes");
    const order = ["control-plane-1 is added", "control-plane-2 is added", "worker-1 is added"];
    const places = order.map((title) => output.indexOf(title));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    await deep.until("behind the load balancer", answers(3));
    await expectWhole(3, 2);
  });

  test("shrinks without a dead member and without a node that is gone, also when up is killed in between", async () => {
    size(1, 1);
    const gone = allow("control-plane-1", "control-plane-2");
    const running = await user.start("up", "--yes", ...gone);
    // Out of etcd, its machine is about to be destroyed.
    const hasLeft = async () => {
      if (running.isOver) throw new Error(running.output + running.errors);
      return (
        running.output.includes("control-plane-2 is removed (") && (await members()).length === 2
      );
    };
    await deep.until("one less", hasLeft, 120);
    running.child.kill("SIGKILL");
    await running.ended;
    const output = await user.done("up", "--yes", ...gone);
    expect(output).toContain("control-plane-1 is removed");
    await expectWhole(1, 1);
  });
});
