import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { Clock } from "../../clock";
import { createOutscale, type OutscaleOptions } from "../../clouds/outscale";
import { Engine } from "../cloud/engine";
import { cluster, type ClusterChoices } from "../outscale/cluster";

jest.setTimeout(60_000);

let engine: Engine;

afterEach(() => {
  engine.close();
});

/** The cluster after its first apply. */
async function built(
  choices: ClusterChoices = {},
  options: OutscaleOptions = {},
): Promise<Record<string, number>> {
  engine = await Engine.start(createOutscale, cluster(choices), options);
  const before = engine.store.count();
  await engine.apply();
  return before;
}

async function endpoint(): Promise<unknown> {
  return (await engine.state())["outscale_public_ip.api"]?.public_ip;
}

function problems(): readonly string[] {
  return engine.cloud.machines().flatMap((machine) => machine.problems);
}

interface StoredBalancer {
  readonly healthCheck: { readonly interval: number };
  readonly backends: readonly unknown[];
}

function balancer(): StoredBalancer | undefined {
  return engine.store.get<StoredBalancer>("outscale_load_balancer", "x-api");
}

describe("a cluster of three control planes and two workers", () => {
  test("a replaced node gets the current configuration, the others keep theirs", async () => {
    await built();
    engine.write(cluster({ userData: "new" }));
    expect(await engine.plan()).toEqual({});
    const node = 'outscale_vm.node["control-plane-1"]';
    expect(await engine.plan(`-replace=${node}`)).toEqual({
      [node]: "replace",
      "outscale_load_balancer_vms.api": "update",
    });
    await engine.apply(`-replace=${node}`);
    const given = Object.fromEntries(
      engine.cloud.machines().map(({ name, userData }) => [name, userData?.split(" ")[0]]),
    );
    expect(given).toMatchObject({ "x-control-plane-1": "new", "x-control-plane-0": "machine:" });
    expect(await engine.plan()).toEqual({});
  });

  test("a recreated load balancer keeps the endpoint and serves again in the same apply", async () => {
    await built();
    const before = await endpoint();
    expect(await engine.plan("-replace=outscale_load_balancer.api")).toEqual({
      "outscale_load_balancer.api": "replace",
      "outscale_load_balancer_attributes.api": "replace",
      "outscale_load_balancer_vms.api": "replace",
    });
    await engine.apply("-replace=outscale_load_balancer.api");
    expect(await endpoint()).toBe(before);
    expect(balancer()).toMatchObject({ healthCheck: { interval: 10 } });
    expect(balancer()?.backends).toHaveLength(3);
    expect(await engine.plan()).toEqual({});
  });

  test("another Net replaces everything in it and keeps the endpoint", async () => {
    await built();
    const before = await endpoint();
    engine.write(cluster({ cidr: "172.20.0.0/22" }));
    await engine.apply();
    expect(await engine.plan()).toEqual({});
    expect(await endpoint()).toBe(before);
    expect(problems()).toEqual([]);
    const addresses = engine.cloud.machines().map(({ privateAddress }) => privateAddress);
    expect(addresses.every((address) => address?.startsWith("172.20."))).toBe(true);
  });

  test("a node that was stopped by hand is planned to be started", async () => {
    await built();
    const [id = ""] = Object.keys(engine.store.all("outscale_vm"));
    Object.assign(engine.store.get<{ state: string }>("outscale_vm", id) ?? {}, {
      state: "stopped",
    });
    expect(Object.values(await engine.plan())).toEqual(["update"]);
    await engine.apply();
    expect(engine.cloud.machines().every(({ running }) => running)).toBe(true);
  });

  test("every plan and destroy fails once the image is gone, unless refresh is off", async () => {
    const before = await built();
    const images = engine.store.all<{ name: string }>("outscale_image");
    const [talos = ""] = Object.entries(images).find(([, { name }]) => name === "talos") ?? [];
    engine.store.remove("outscale_image", talos);
    const message = /your query returned no results, change your search criteria/;
    expect(await engine.failure(() => engine.plan())).toMatch(message);
    expect(await engine.failure(() => engine.destroy())).toMatch(message);
    await engine.tofu("destroy", "-auto-approve", "-refresh=false");
    expect(engine.store.count()).toEqual({
      ...before,
      outscale_image: (before.outscale_image ?? 0) - 1,
    });
  });
});

describe("what a dependency of the cluster is for", () => {
  test("without them, load balancer and backends are set again only by the next apply", async () => {
    await built({ without: ["backendsFollowBalancer"] });
    await engine.apply("-replace=outscale_load_balancer.api");
    expect(balancer()?.backends).toEqual([]);
    expect(await engine.plan()).toEqual({
      "outscale_load_balancer_attributes.api": "replace",
      "outscale_load_balancer_vms.api": "update",
    });
  });

  test("without it, groups stay in the old Net, which then cannot be deleted", async () => {
    await built({ without: ["groupsFollowNet"] });
    engine.write(cluster({ without: ["groupsFollowNet"], cidr: "172.20.0.0/22" }));
    expect(await engine.plan()).toMatchObject({
      "outscale_net.this": "replace",
      'outscale_security_group.this["node"]': "update",
    });
    expect(await engine.failure(() => engine.apply())).toMatch(
      /Unable to delete Net.*\[9029\] ResourceConflict, The Net vpc-\w+ still holds sg-/,
    );
  });

  test("without it, a route to a service that is not linked yet is a blackhole", async () => {
    const choices: ClusterChoices = { without: ["routeAfterLink"] };
    engine = await Engine.start(createOutscale, cluster(choices), {}, new Clock(0.02));
    const first = await engine.failure(() =>
      engine.apply("-target=outscale_route.public", "-target=outscale_internet_service.this"),
    );
    expect(first).toMatch(/Unable to wait for Route state.*route is in 'blackhole' failing state/);
  });

  test("without it, nodes boot before they can reach the internet", async () => {
    await built({ without: ["wayOutFirst"] });
    const found = problems();
    expect(found).toHaveLength(5);
    for (const problem of found)
      expect(problem).toMatch(/^It had no way out to the internet when it booted/);
  });

  test("without them, destroying the internet service unlinks the bastion's address itself and fails", async () => {
    const choices: ClusterChoices = { without: ["addressBeforeLink", "publicSubnetFirst"] };
    engine = await Engine.start(createOutscale, cluster(choices));
    const before = engine.store.count();
    await engine.apply("-target=outscale_route.public", "-target=outscale_route_table_link.public");
    await engine.apply();
    const teardown = () =>
      engine.tofu("destroy", "-auto-approve", "-target=outscale_internet_service_link.this");
    expect(await engine.failure(teardown)).toMatch(
      /Unable to unlink Internet Service after unmapping Public IPs.*\[1005\].*x-api/,
    );
    expect(
      await engine.failure(() => engine.tofu("destroy", "-auto-approve", "-refresh=false")),
    ).toMatch(/Unable to unlink Public IP.*\[5026\]/);
    await engine.destroy();
    expect(engine.store.count()).toEqual(before);
  });
});

describe("pitfalls of the Outscale provider", () => {
  test("any update of the API's public IP makes every machine configuration unknown", async () => {
    await built();
    engine.write(cluster({ apiIp: '\n  timeouts {\n    delete = "10m"\n  }\n' }));
    const planned = await engine.plannedChanges();
    expect(planned["outscale_public_ip.api"]?.unknown).toMatchObject({ public_ip: true });
    expect(planned["outscale_load_balancer.api"]).toMatchObject({
      actions: ["update"],
      unknown: { public_ip: true, dns_name: true },
    });
  });

  test("without ignore_changes that update stops and starts every node", async () => {
    const clusterWithout = (choices: ClusterChoices) =>
      cluster(choices).replace("ignore_changes = [image_id, user_data]", "ignore_changes = []");
    engine = await Engine.start(createOutscale, clusterWithout({}));
    await engine.apply();
    engine.write(clusterWithout({ apiIp: '\n  tags {\n    key   = "a"\n    value = "b"\n  }\n' }));
    const plan = await engine.plan();
    const nodes = Object.entries(plan).filter(([address]) =>
      address.startsWith("outscale_vm.node"),
    );
    expect(nodes.map(([, action]) => action)).toEqual(Array<string>(5).fill("update"));
  });

  test("tofu refuses an update of the timeouts of a resource without update", async () => {
    await built();
    const edited = cluster().replace(
      "subnet_id      = outscale_subnet.public.subnet_id\n}",
      'subnet_id      = outscale_subnet.public.subnet_id\n  timeouts {\n    delete = "9m"\n  }\n}',
    );
    engine.write(edited);
    expect(await engine.failure(() => engine.apply())).toMatch(
      /Provider produced inconsistent result after apply.*timeouts/,
    );
  });

  test("a node without capacity stays stopped with a warning, and the postcondition stops the apply", async () => {
    engine = await Engine.start(createOutscale, cluster(), { outOfStock: ["tinav6.c4r8p1"] });
    const failure = await engine.failure(() => engine.apply());
    expect(failure).toMatch(/Resource postcondition failed.*worker-\d is stopped: no capacity\?/);
    expect(problems()).toContain(
      "It is stopped: there was no capacity for its type tinav6.c4r8p1 in its subregion.",
    );
    engine.write(cluster({ nodeType: "tinav5.c4r8p1" }));
    await engine.apply();
    expect(await engine.plan()).toEqual({});
    expect(problems()).toEqual([]);
  });

  test("a load balancer stuck in provisioning is tainted after its timeout, other resources stay", async () => {
    engine = await Engine.start(createOutscale, cluster(), { stuckLoadBalancer: true });
    expect(await engine.failure(() => engine.apply())).toMatch(
      /Unable to wait for Load Balancer state.*last state: 'provisioning'/,
    );
    expect(engine.cloud.machines()).toHaveLength(6);
  });

  test("a failed call for tags taints the resource, and the next apply replaces it", async () => {
    engine = await Engine.start(createOutscale, cluster(), { failingTags: ["outscale_net"] });
    expect(await engine.failure(() => engine.apply())).toMatch(
      /Unable to create tags.*\[2000\] InternalError/,
    );
    expect(await engine.plan()).toMatchObject({ "outscale_net.this": "replace" });
    await engine.apply();
    expect(await engine.plan()).toEqual({});
  });

  test("a quota stops the apply, and what exists can be destroyed", async () => {
    engine = await Engine.start(createOutscale, cluster(), { quotas: { vms: 4 } });
    const before = engine.store.count();
    expect(await engine.failure(() => engine.apply())).toMatch(
      /error launching source vm: \[10042\] TooManyResources \(QuotaExceded\)/,
    );
    await engine.destroy();
    expect(engine.store.count()).toEqual(before);
  });
});

test("a destroy warns of what it destroys, once per kind of warning", async () => {
  await built();
  const output = await engine.destroy();
  expect(output).toMatch(/Warning: Resource Destruction Considerations/);
  expect(output).toMatch(/and \d+ more similar warnings elsewhere/);
});
