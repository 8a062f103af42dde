import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { Clock } from "../../clock";
import { createOvh, type OvhOptions } from "../../clouds/ovh";
import { Engine } from "../cloud/engine";
import { cluster, type ClusterChoices } from "../ovh/cluster";

jest.setTimeout(60_000);

const PARIS = {
  region: "EU-WEST-PAR",
  zones: ["eu-west-par-a", "eu-west-par-b", "eu-west-par-c"],
  bastionFlavor: "c3-4",
};

let engine: Engine;

afterEach(() => {
  engine.close();
});

/** Creates the cluster by a first apply. */
async function built(choices: ClusterChoices = {}, options: OvhOptions = {}) {
  engine = await Engine.start(createOvh, cluster(choices), options);
  await engine.apply();
}

describe("a cluster of three control planes and two workers", () => {
  test("a replaced control plane keeps its address, and is a member again", async () => {
    await built();
    const replaced = 'openstack_compute_instance_v2.node["control-plane-1"]';
    engine.write(cluster({ userData: "new" }));
    expect(await engine.plan()).toEqual({});
    expect(await engine.plan(`-replace=${replaced}`)).toEqual({
      [replaced]: "replace",
      'openstack_lb_member_v2.api["control-plane-1"]': "replace",
    });
    const before = engine.cloud.machines().find(({ name }) => name === "x-control-plane-1");
    await engine.apply(`-replace=${replaced}`);
    expect(await engine.plan()).toEqual({});
    const after = engine.cloud.machines().find(({ name }) => name === "x-control-plane-1");
    expect(after).toMatchObject({ privateAddress: "172.16.4.5", problems: [] });
    const members = engine.store.all<{ operatingStatus: string }>("openstack_lb_member_v2");
    expect(Object.values(members).map(({ operatingStatus }) => operatingStatus)).toEqual([
      "ONLINE",
      "ONLINE",
      "ONLINE",
    ]);
    expect(after?.id).not.toBe(before?.id);
    expect(after?.userData).toMatch(/^new/);
    expect(before?.userData).toMatch(/^machine/);
  });

  test("another flavor resizes all nodes in parallel, in place", async () => {
    await built();
    engine.write(cluster({ flavor: "b3-16" }));
    expect(Object.values(await engine.plan())).toEqual(Array<string>(5).fill("update"));
    await engine.apply();
    expect(await engine.plan()).toEqual({});
  });

  test("other zones, and other user data that is not ignored, replace nodes and their members", async () => {
    await built(PARIS);
    engine.write(cluster({ ...PARIS, zones: [...PARIS.zones].reverse() }));
    expect(await engine.plan()).toEqual({
      'openstack_compute_instance_v2.node["control-plane-0"]': "replace",
      'openstack_compute_instance_v2.node["control-plane-2"]': "replace",
      'openstack_compute_instance_v2.node["worker-0"]': "replace",
      'openstack_lb_member_v2.api["control-plane-0"]': "replace",
      'openstack_lb_member_v2.api["control-plane-2"]': "replace",
    });
    engine.write(cluster({ ...PARIS, userData: "new", without: ["ignoreChanges"] }));
    expect(Object.values(await engine.plan())).toEqual(Array<string>(8).fill("replace"));
  });

  test("the endpoint outlives its load balancer", async () => {
    await built();
    const addresses = async () => {
      const state = await engine.state();
      return state['openstack_networking_floatingip_v2.this["api"]']?.address;
    };
    const before = await addresses();
    await engine.apply("-replace=openstack_lb_loadbalancer_v2.api");
    expect(await engine.plan()).toEqual({});
    expect(await addresses()).toBe(before);
  });

  test("another router changes the nodes' source address, and the listener is updated", async () => {
    await built();
    await engine.apply("-replace=openstack_networking_router_v2.this");
    expect(await engine.plan()).toEqual({});
  });

  test("nodes whose creation ended during a restart are found by a plan, and their Floating IPs plan nothing", async () => {
    await built();
    await engine.tofu("apply", "-refresh-only", "-auto-approve");
    const state = await engine.state();
    expect(state['openstack_networking_floatingip_v2.this["bastion"]']?.port_id).toBe(
      state["openstack_networking_port_v2.bastion"]?.id,
    );
    expect(await engine.plan()).toEqual({});
  });
});

describe("what an argument or a dependency of the cluster is for", () => {
  test("without depends_on, an association precedes its route: 404, and the next apply completes it", async () => {
    // The router is created after everything that the association waits for, and takes its time.
    const configuration = cluster({
      workers: 0,
      without: ["associationAfterInterface"],
    }).replace(
      'resource "openstack_networking_router_v2" "this" {',
      "$&\n  depends_on = [openstack_networking_port_v2.bastion, openstack_networking_floatingip_v2.this]",
    );
    engine = await Engine.start(createOvh, configuration, {}, new Clock(0.02));
    expect(await engine.failure(() => engine.apply())).toMatch(
      /Error associating openstack_networking_floatingip_associate_v2 .* got 404 instead: .*External network .* is not reachable from subnet/,
    );
    expect(await engine.plan()).toEqual({
      "openstack_networking_floatingip_associate_v2.bastion": "create",
    });
    await engine.apply();
    expect(await engine.plan()).toEqual({});
  });

  test("without replace_triggered_by, an association prevents a replaced router's interface from being deleted", async () => {
    await built({ workers: 0, without: ["associationFollows"] });
    const replace = "-replace=openstack_networking_router_v2.this";
    expect(await engine.failure(() => engine.apply(replace))).toMatch(
      /Error waiting for openstack_networking_router_interface_v2 .* to Delete: timeout while waiting/,
    );
  });

  test("without the sort, allowed_cidrs changes in every plan", async () => {
    await built({ without: ["sort"] });
    expect(await engine.plan()).toEqual({ "openstack_lb_listener_v2.api": "update" });
  });

  test("without the rule for the subnet, no member is ever ONLINE", async () => {
    await built({ without: ["apiRule"] });
    engine.cloud.machines();
    const members = engine.store.all<{ operatingStatus: string }>("openstack_lb_member_v2");
    for (const { operatingStatus } of Object.values(members)) expect(operatingStatus).toBe("ERROR");
  });

  test("without an MTU, downloads stall behind the router", async () => {
    await built({ without: ["mtu"] });
    for (const { problems } of engine.cloud.machines())
      expect(problems).toEqual([expect.stringMatching(/MTU of 9000/)]);
  });

  test("with the router's IPv6 address in allowed_cidrs, the listener is refused", async () => {
    engine = await Engine.start(
      createOvh,
      cluster().replace(
        '"${ip}/32" if !strcontains(ip, ":")',
        'strcontains(ip, ":") ? "${ip}/128" : "${ip}/32"',
      ),
    );
    expect(await engine.failure(() => engine.apply())).toMatch(
      /IP version incompatible with VIP 172\.16\.4\.3 IP version/,
    );
  });
});

test("only what the cloud could not build is replaced by the next apply", async () => {
  engine = await Engine.start(createOvh, cluster(), { zoneCapacity: { nova: 4 } });
  expect(await engine.failure(() => engine.apply())).toMatch(
    /Error waiting for instance \(.*\) to become ready: unexpected state 'ERROR', wanted target 'ACTIVE'\. last error: %!s\(<nil>\)/,
  );
  const failed = engine.cloud.machines().filter(({ running }) => !running);
  expect(failed).toHaveLength(2);
  const plan = await engine.plan();
  const servers = Object.entries(plan).filter(([address]) =>
    address.startsWith("openstack_compute_instance_v2."),
  );
  expect(servers.map(([, action]) => action)).toEqual(["replace", "replace"]);
});

test("a destroy without dependencies takes as long as the refusal lasts", async () => {
  engine = await Engine.start(createOvh, cluster({ workers: 0 }), {}, new Clock(0.0001));
  await engine.apply();
  const ports = engine.store.all<{ id: string; name: string; network: string }>(
    "openstack_networking_port_v2",
  );
  const [port] = Object.values(ports).filter(({ name }) => name === "x-bastion");
  const foreign = "22222222-2222-4222-8222-222222222222";
  engine.store.put("openstack_networking_port_v2", foreign, {
    ...port,
    id: foreign,
    name: "foreign",
    securityGroups: [],
    deviceId: "",
    deviceOwner: "",
    fixedIps: [{ ...(port && { subnet: subnetOf(port) }), address: "172.16.4.99" }],
  });
  expect(await engine.failure(() => engine.destroy())).toMatch(
    /timeout while waiting for state to become 'DELETED' \(last state: 'ACTIVE', timeout: 10m0s\)/,
  );
  engine.store.remove("openstack_networking_port_v2", foreign);
  await engine.destroy();
});

function subnetOf(port: object): string {
  const { fixedIps } = port as { fixedIps: { subnet: string }[] };
  return fixedIps[0]?.subnet ?? "";
}
