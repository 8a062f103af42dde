import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { Clock } from "../../clock";
import { cluster, type ClusterChoices } from "./cluster";
import { createScaleway } from "../../clouds/scaleway";
import { Engine } from "../cloud/engine";

jest.setTimeout(60_000);

let engine: Engine;

afterEach(() => {
  engine.close();
});

/** Creates the cluster by a first apply. */
async function built(choices: ClusterChoices = {}): Promise<void> {
  engine = await Engine.start(createScaleway, cluster(choices));
  await engine.apply();
}

describe("a cluster of three control planes and two workers", () => {
  test("a replaced node gets the current configuration, the others keep theirs", async () => {
    await built();
    engine.write(cluster({ userData: "new" }));
    expect(await engine.plan()).toEqual({});
    const worker = 'scaleway_instance_server.node["worker-0"]';
    expect(await engine.plan(`-replace=${worker}`)).toEqual({
      [worker]: "replace",
      'scaleway_instance_private_nic.node["worker-0"]': "replace",
    });
    await engine.apply(`-replace=${worker}`);
    const given = Object.fromEntries(
      engine.cloud.machines().map(({ name, userData }) => [name, userData?.split(" ")[0]]),
    );
    expect(given).toMatchObject({ "x-worker-0": "new", "x-worker-1": "machine:" });
    expect(await engine.plan()).toEqual({});
  });

  test("another network replaces what is on it and keeps the endpoint", async () => {
    await built();
    const endpoint = (await engine.state())["scaleway_lb_ip.api"]?.ip_address;
    engine.write(cluster({ cidr: "172.20.0.0/22" }));
    await engine.apply();
    expect(await engine.plan()).toEqual({});
    expect((await engine.state())["scaleway_lb_ip.api"]?.ip_address).toBe(endpoint);
    expect(
      engine.cloud.machines().every(({ privateAddress }) => privateAddress?.startsWith("172.20.")),
    ).toBe(true);
    expect(engine.cloud.machines().flatMap(({ problems }) => problems)).toEqual([]);
  });

  test("a newer image of the same name leaves the running nodes alone", async () => {
    await built();
    const id = "fr-par-1/33333333-3333-4333-8333-333333333333";
    const [older] = Object.values(engine.store.all<{ name: string }>("scaleway_instance_image"));
    engine.store.put("scaleway_instance_image", id, {
      ...older,
      id,
      locality: "fr-par-1",
      updatedAt: "2099-01-01T00:00:00Z",
    });
    expect(await engine.plan()).toEqual({});
  });

  test("every plan and destroy fails once the image is gone, unless refresh is off", async () => {
    await built();
    for (const id of Object.keys(engine.store.all("scaleway_instance_image")))
      engine.store.remove("scaleway_instance_image", id);
    const message =
      /no image found with the name talos and architecture x86_64 in zone fr-par-[12]/;
    expect(await engine.failure(() => engine.plan())).toMatch(message);
    expect(await engine.failure(() => engine.destroy())).toMatch(message);
    await engine.tofu("destroy", "-auto-approve", "-refresh=false");
    expect(engine.store.count()).toEqual({});
  });
});

describe("what a dependency of the cluster is for", () => {
  test("without it, reservations are updated in place and prevent the deletion of the old network", async () => {
    await built({ without: ["reservations"] });
    engine.write(cluster({ without: ["reservations"], cidr: "172.16.4.0/22" }));
    const replaceNetwork = "-replace=scaleway_vpc_private_network.this";
    expect(await engine.plan(replaceNetwork)).toMatchObject({
      'scaleway_ipam_ip.infra["lb"]': "update",
    });
    expect(await engine.failure(() => engine.apply(replaceNetwork))).toMatch(
      /Private Network must be empty to be deleted/,
    );
  });

  test("without it, the load balancer prevents the release of its reservation", async () => {
    await built({ without: ["loadBalancer"] });
    const replaceNetwork = "-replace=scaleway_vpc_private_network.this";
    const failure = await engine.failure(() => engine.apply(replaceNetwork));
    expect(failure).toMatch(/resource is still in use, IP is still attached to a resource/);
    expect(engine.store.count().scaleway_instance_private_nic).toBeUndefined();
  });

  test("without it, NICs precede the gateway network, and the nodes cannot reach the internet", async () => {
    engine = await Engine.start(
      createScaleway,
      cluster({ without: ["nicAfterGateway"] }),
      {},
      new Clock(0.02),
    );
    await engine.apply();
    const problems = engine.cloud.machines().flatMap((machine) => machine.problems);
    expect(problems).toHaveLength(5);
    for (const problem of problems) expect(problem).toMatch(/attached before the gateway network/);
  });
});

test("a node type that is not sold in a zone fails at apply, with the provider's message", async () => {
  engine = await Engine.start(createScaleway, cluster().replaceAll("fr-par-2", "fr-par-3"));
  expect(await engine.failure(() => engine.apply())).toMatch(
    /could not find a server type associated with DEV1-M in zone fr-par-3/,
  );
});

test("a failed apply is completed by the next one", async () => {
  engine = await Engine.start(
    createScaleway,
    cluster({ nodeTypes: { controlPlane: "PRO2-XXS", worker: "DEV1-L" } }),
  );
  expect(await engine.failure(() => engine.apply())).toMatch(
    /instance_server_PRO2-XXS has reached its quota \(1\/1\)/,
  );
  engine.write(cluster({ nodeTypes: { controlPlane: "DEV1-M", worker: "DEV1-L" } }));
  await engine.apply();
  expect(await engine.plan()).toEqual({});
});

test("a rule that mixes an address known at plan with one that is not stops the first apply", async () => {
  const mixed = '["203.0.113.9", "${scaleway_vpc_public_gateway_ip.this.address}/32"]';
  engine = await Engine.start(
    createScaleway,
    cluster().replace('["${scaleway_vpc_public_gateway_ip.this.address}/32"]', mixed),
  );
  expect(await engine.failure(() => engine.apply())).toMatch(/inconsistent final plan/);
});
