import { describe, expect, it, test } from "@jest/globals";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { cloudInit } from "../../../constructs/bastion-cloud-init";
import { outscale, ovh, testClouds } from "../../support/clouds";
import { available, problemsOf, specOf, synthesized, values } from "../../support/input";

const pool = { address_block: 1, count: 1 };
const nodesOf = ({ nodes }: ClusterSpec) => nodes.map(({ name }) => name);

describe("a pool's nodes", () => {
  test("come after the workers, the pools by name", () => {
    const pools = { gpu: pool, "a100-large": { address_block: 2, count: 2 } };
    const { nodes, pools: specified } = specOf(values({ workers: 1, pools }));
    expect(
      nodes.slice(1).map(({ name, logicalId, role, pool: own }) => [name, logicalId, role, own]),
    ).toEqual([
      ["worker-0", "worker_0", "worker", "worker"],
      ["a100-large-0", "a100_large_0", "worker", "a100-large"],
      ["a100-large-1", "a100_large_1", "worker", "a100-large"],
      ["gpu-0", "gpu_0", "worker", "gpu"],
    ]);
    expect(specified.map(({ name, count }) => [name, count])).toEqual([
      ["a100-large", 2],
      ["gpu", 1],
    ]);
  });

  test("have zones, machine type and disk of the workers by default", () => {
    const given = {
      ...available,
      pools: { gpu: { ...pool, count: 2 } },
      worker_instance_type: "PRO2-S",
      root_volume_gb: 50,
    };
    const [first, second] = specOf(values(given)).nodes.filter((node) => node.pool === "gpu");
    const worker = { zone: "fr-par-1", machineType: "PRO2-S", rootVolumeGb: 50 };
    expect([first, second]).toMatchObject([worker, { ...worker, zone: "fr-par-2" }]);
  });

  test("have their own, where they are set", () => {
    const own = { instance_type: "POP2-4C-16G", zones: ["fr-par-3"], root_volume_gb: 99 };
    const spec = specOf(values({ workers: 1, pools: { gpu: { ...pool, ...own } } }));
    expect(spec.nodes.slice(1)).toMatchObject([
      { name: "worker-0", machineType: "DEV1-L", zone: "fr-par-1", rootVolumeGb: 20 },
      { name: "gpu-0", machineType: "POP2-4C-16G", zone: "fr-par-3", rootVolumeGb: 99 },
    ]);
  });

  test("have the default machine type of their own zones, which leaves the workers' alone", () => {
    const pools = { gpu: { ...pool, zones: ["fr-par-3"] } };
    const { nodes } = specOf(values({ workers: 1, pools }));
    expect(nodes.map(({ machineType }) => machineType)).toEqual(["DEV1-M", "DEV1-L", "PRO2-XXS"]);
  });

  it("may be none, which keeps the block", () => {
    const pools = { gpu: { ...pool, count: 0 } };
    expect(nodesOf(specOf(values({ pools })))).toEqual(["control-plane-0"]);
    expect(problemsOf(values({ pools: { ...pools, other: pool } }))).toEqual([
      "error node_distribution.scaleway.pools.other.address_block: The pool gpu has this block. Free: 2 to 15.",
    ]);
  });
});

test.each(testClouds)("no pools and an empty object of pools are the same: $name", (cloud) => {
  const nodesWith = (nodes: object) => specOf(values(nodes, {}, cloud)).nodes;
  expect(nodesWith({ pools: {} })).toEqual(nodesWith({}));
  const { addresses } = synthesized(values({}, {}, cloud));
  expect(synthesized(values({ pools: {} }, {}, cloud)).addresses).toEqual(addresses);
});

describe("the bastion may forward to", () => {
  const targets = (pools: object, network_cidr = "172.16.4.0/22") => {
    const spec = specOf(values({ workers: 1, pools }, { network_cidr }));
    const text = JSON.stringify(cloudInit(spec, { files: [], commands: [] }));
    const list = /PermitOpen ([^\\"]+)/.exec(text)?.[1]?.split(" ") ?? [];
    return list.filter((target) => target.endsWith(":50000")).length - 7;
  };

  test("the room of each pool, whatever the number of its nodes", () => {
    expect(targets({})).toBe(32);
    expect(targets({ gpu: pool })).toBe(64);
    expect(targets({ gpu: { ...pool, count: 30 } })).toBe(64);
    expect(targets({ gpu: pool, other: { ...pool, address_block: 2 } })).toBe(96);
  });

  test("every 32 nodes of a pool in a larger network", () => {
    expect(targets({ gpu: { ...pool, count: 33 } }, "10.0.0.0/16")).toBe(96);
  });

  test("each address once, where future workers and a pool have the same", () => {
    expect(targets({ gpu: { ...pool, address_block: 15 } })).toBe(60);
  });
});

test("OVHcloud has server groups and a flavor for each pool", () => {
  const pools = { "gpu-large": { ...pool, count: 11, instance_type: "b3-16" } };
  const stack = synthesized(values({ workers: 1, pools }, {}, ovh));
  expect(Object.keys(stack.all("openstack_compute_servergroup_v2"))).toEqual([
    "control_planes",
    "gpu_large",
    "gpu_large_1",
    "workers",
  ]);
  expect(stack.at("openstack_compute_servergroup_v2.gpu_large_1")).toMatchObject({
    name: "demo-gpu-large-1",
    policies: ["soft-anti-affinity"],
  });
  expect(stack.at("openstack_compute_flavor_v2.gpu_large")["name"]).toBe("b3-16");
  expect(stack.at("openstack_compute_instance_v2.gpu_large_10")).toMatchObject({
    name: "demo-gpu-large-10",
    scheduler_hints: [{ group: "${openstack_compute_servergroup_v2.gpu_large_1.id}" }],
  });
});

test("Outscale's subnets keep their place, whichever zones have nodes", () => {
  const zones = ["eu-west-2a", "eu-west-2b", "eu-west-2c"];
  const pools = { gpu: { ...pool, count: 2, zones: ["eu-west-2c", "eu-west-2b"] } };
  const stack = synthesized(values({ zones, pools }, {}, outscale));
  const range = (zone: string) => stack.at(`outscale_subnet.private_eu_west_2${zone}`)["ip_range"];
  expect(["a", "b", "c"].map(range)).toEqual(["172.16.4.0/24", "172.16.5.0/24", "172.16.6.0/24"]);
  expect(stack.at("outscale_vm.gpu_0")["private_ips"]).toEqual(["172.16.6.224"]);
  expect(stack.at("outscale_vm.gpu_1")["private_ips"]).toEqual(["172.16.5.225"]);
});
