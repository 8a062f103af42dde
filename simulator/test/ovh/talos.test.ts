import { afterAll, beforeEach, expect, test } from "@jest/globals";
import type { Values } from "../../protocol/model";
import { TalosNodes } from "../../talos";
import { Cloud, removeFolders, text } from "./harness";
import { Scenario } from "./scenario";

let cloud: Cloud;
let group: Values;
let scenario: Scenario;
let nodes: TalosNodes;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
  await scenario.egressRoute();
  group = await scenario.group("node");
  await scenario.node("172.16.4.4", {}, { security_group_ids: [text(group, "id")] });
  await scenario.node("172.16.7.250", {
    name: "bastion",
    image_id: null,
    image_name: "Ubuntu 24.04",
    user_data: "#cloud-config\n{}",
  });
  nodes = new TalosNodes({ store: cloud.store, clock: cloud.clock }, cloud.ovh);
});

afterAll(removeFolders);

async function reason(source: string): Promise<string> {
  await nodes.booted();
  return nodes.connect("172.16.4.4", 50000, source).then(
    () => "connected",
    (error: unknown) => String(error),
  );
}

test("a node's API on OVHcloud is unreachable from the bastion until a security group allows it", async () => {
  expect(await reason("172.16.7.250")).toMatch(
    /no security group of node lets 172\.16\.7\.250 in on tcp\/50000/,
  );
  await scenario.rule(group, { protocol: "tcp", port_range_min: 50000, port_range_max: 50000 });
  expect(await reason("172.16.7.250")).not.toMatch(/no security group/);
  await nodes.close();
});

test("a rebuilt node on OVHcloud boots from an empty disk", async () => {
  await nodes.booted();
  const before = nodes.status().find(({ name }) => name === "node");
  const [server] = Object.values(
    cloud.store.all<{ rebuilds: number; name: string }>("openstack_compute_instance_v2"),
  );
  if (server) server.rebuilds += 1;
  const after = nodes.status().find(({ name }) => name === "node");
  expect(before?.stage).not.toBe("booting");
  expect(after?.stage).toBe("booting");
  await nodes.close();
});
