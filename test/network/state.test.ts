import { expect, test } from "@jest/globals";
import { applyDirectly } from "../../simulator/apply";
import type { ExistingResource } from "../../simulator/reachability/resources";
import { explainState } from "../../src/cli/explain/network";
import { rowsOf } from "../../src/cli/explain/rows";
import { accountFor } from "../../src/simulated-account";
import { type TestCloud, testClouds } from "../support/clouds";
import { publicKey, specOf, synthesized, type Values } from "../support/input";
import { broken } from "./explained";

function inputOf(cloud: TestCloud): Values {
  return {
    cluster_name: "demo",
    admin_ip: "203.0.113.7",
    bastion_ssh_keys: { [cloud.name]: publicKey },
    node_distribution: { [cloud.name]: cloud.available },
  };
}

/** What the state of a created cluster contains. */
async function stateOf(cloud: TestCloud): Promise<ExistingResource[]> {
  const given = inputOf(cloud);
  const account = { ...accountFor(specOf(given)), quotas: "unlimited" };
  const { resources } = await applyDirectly(synthesized(given).json, cloud.name, { account });
  return resources.map(({ mode, type, name, values }) => ({ mode, type, name, values }));
}

/** The configuration of one node is rendered differently than at its creation: Talos's version changed. */
function rendered(state: readonly ExistingResource[], node: string): ExistingResource[] {
  return state.map((one) =>
    one.type === "talos_machine_configuration" && one.name === node
      ? { ...one, values: { ...one.values, machine_configuration: "machine: { type: worker }" } }
      : one,
  );
}

const boot = "Every machine comes up with its configuration, its address and a way out.";

test.each(testClouds)(
  "on $name, a node whose configuration is rendered differently by now is still shown as a node",
  async (cloud) => {
    const state = await stateOf(cloud);
    const before = explainState(state, specOf(inputOf(cloud)));
    const after = explainState(rendered(state, "worker_0"), specOf(inputOf(cloud)));
    expect(broken(before)).toEqual({});
    expect(after.network.hosts.map(({ name, role }) => [name, role])).toEqual([
      ["bastion", "bastion"],
      ["control-plane-0", "control plane"],
      ["control-plane-1", "control plane"],
      ["control-plane-2", "control plane"],
      ["worker-0", "worker"],
      ["worker-1", "worker"],
    ]);
    // Two clouds keep the node's user data; OVHcloud's provider keeps a hash of it.
    if (cloud.name !== "ovh") expect(rowsOf(after.flows)).toEqual(rowsOf(before.flows));
  },
);

test("on OVHcloud, what only an unknown firewall would refuse is not reported as refused", async () => {
  const [cloud] = testClouds.filter(({ name }) => name === "ovh");
  if (cloud === undefined) throw new Error("there is no OVHcloud");
  const state = rendered(await stateOf(cloud), "worker_0");
  const explained = explainState(state, specOf(inputOf(cloud)));
  expect(broken(explained)[boot]).toEqual([
    "worker-0: the machine configuration that it was given is not known, and so its firewall is " +
      "not: whatever that alone would refuse is shown as if it passed",
  ]);
  const onPort = (from: string, port: number) =>
    explained.flows.find(
      (flow) =>
        flow.from.name === from && flow.to.name === "worker-0" && flow.service.port === port,
    )?.trace;
  // A pod reaches its own node without the cloud's groups.
  expect(onPort("pod on worker-0", 22)).toMatchObject({
    reached: true,
    allowedBy: ["Talos's firewall of worker-0, which is not known and may refuse it"],
  });
  // The groups are known as before.
  expect(onPort("a neighbour on the private network", 22)?.refusal?.by).toMatch(
    /^openstack_networking_secgroup_v2\./,
  );
  expect(onPort("worker-1", 22)?.allowedBy).toEqual([
    expect.stringMatching(/^openstack_networking_secgroup_rule_v2\./),
    "Talos's firewall of worker-0, which is not known and may refuse it",
  ]);
});

test("a machine without an address on the private network has a problem", async () => {
  const [cloud] = testClouds as [TestCloud];
  const state = (await stateOf(cloud)).filter(
    ({ type, name }) => type !== "scaleway_instance_private_nic" || name !== "worker_0",
  );
  const explained = explainState(state, specOf(inputOf(cloud)));
  expect(broken(explained)[boot]).toEqual(["worker-0: it has no address on the private network"]);
});
