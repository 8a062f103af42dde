import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Values } from "../../protocol/model";
import { createOutscale, type OutscaleOptions } from "../../clouds/outscale";
import { Cloud, removeFolders, text, type Config } from "./harness";
import { Scenario } from "./scenario";

let cloud: Cloud;
let scenario: Scenario;
let place: Awaited<ReturnType<Scenario["publicSubnet"]>>;
let inner: Values;

async function start(options: OutscaleOptions = {}): Promise<void> {
  cloud = new Cloud(options);
  scenario = await Scenario.in(cloud);
  place = await scenario.publicSubnet();
  inner = await scenario.subnet();
}

beforeEach(() => start());

afterAll(removeFolders);

async function egressRoute() {
  const { nat } = await scenario.nat(place.subnet);
  return scenario.defaultRoute(inner, { nat_service_id: text(nat, "id") });
}

function node(name: string, config: Config = {}): Promise<Values> {
  return scenario.vm(inner, { tags: [{ key: "Name", value: name }], ...config });
}

function problems(): readonly string[] {
  return cloud.machines().flatMap((machine) => machine.problems);
}

describe("a node on Outscale", () => {
  test("that can reach the internet at boot comes up with its configuration", async () => {
    await egressRoute();
    const created = await node("node", { private_ips: ["172.16.4.4"] });
    expect(cloud.machines()).toEqual([
      {
        id: created.id,
        name: "node",
        running: true,
        image: "talos",
        privateAddress: "172.16.4.4",
        publicAddress: undefined,
        userData: "machine: {}",
        problems: [],
      },
    ]);
  });

  test("without a tag Name is named by its id", async () => {
    const created = await scenario.vm(inner);
    expect(cloud.machines()).toMatchObject([{ name: created.id }]);
  });

  test("cannot reach the internet without a route table of its subnet's own", async () => {
    await node("node");
    expect(problems()).toEqual([
      "It had no way out to the internet when it booted: its subnet has no route table with a default route linked to it.",
    ]);
  });

  test("that booted before its default route existed uses it only after a stop and a start", async () => {
    const created = await node("node");
    await egressRoute();
    expect(problems()).toEqual([expect.stringMatching(/^It had no way out/)]);
    const { config } = cloud.plan("outscale_vm", created, created);
    const stopped = await cloud.update("outscale_vm", created, { ...config, state: "stopped" });
    await cloud.update("outscale_vm", stopped, { ...config, state: "running" });
    expect(problems()).toEqual([]);
  });

  test("cannot reach the internet with a route table that has no default route", async () => {
    const table = await cloud.create("outscale_route_table", { net_id: scenario.netId });
    await cloud.create("outscale_route_table_link", {
      route_table_id: text(table, "id"),
      subnet_id: text(inner, "id"),
    });
    await node("node");
    expect(problems()).toEqual([expect.stringMatching(/route table has no default route/)]);
  });

  test("cannot reach the internet behind a deleted NAT service", async () => {
    const { nat } = await scenario.nat(place.subnet);
    await scenario.defaultRoute(inner, { nat_service_id: text(nat, "id") });
    await cloud.delete("outscale_nat_service", nat);
    await node("node");
    expect(problems()).toEqual([expect.stringMatching(/leads nowhere \(blackhole\)/)]);
  });

  test("cannot reach the internet behind a NAT service whose subnet is not public any more", async () => {
    await egressRoute();
    await cloud.delete("outscale_route", place.route);
    await node("node");
    expect(problems()).toEqual([expect.stringMatching(/NAT service .* is not in a public subnet/)]);
  });

  test.each(["nocloud", "openstack"] as const)(
    "from an image for %s finds no configuration",
    async (platform) => {
      await start({ images: [{ name: "talos", platform }] });
      await egressRoute();
      await node("node");
      expect(cloud.machines()).toMatchObject([{ userData: undefined }]);
      expect(problems()).toEqual([
        expect.stringMatching(new RegExp(`is for ${platform}.*maintenance mode`)),
      ]);
    },
  );

  test("from an image for metal finds its configuration", async () => {
    await start({ images: [{ name: "talos", platform: "metal" }] });
    await egressRoute();
    await node("node");
    expect(cloud.machines()).toMatchObject([{ userData: "machine: {}", problems: [] }]);
  });

  test.each<[string, Config, RegExp]>([
    ["without user data", { user_data: null }, /no user data: Talos waits/],
    [
      "with a cloud-config",
      { user_data: Buffer.from("#cloud-config\n{}").toString("base64") },
      /begins with #cloud-config/,
    ],
  ])("%s waits for a configuration", async (_what, config, message) => {
    await egressRoute();
    await node("node", config);
    expect(problems()).toEqual([expect.stringMatching(message)]);
  });

  test("keeps what it found at its first boot when its user data changes", async () => {
    await egressRoute();
    const created = await node("node");
    const { config } = cloud.plan("outscale_vm", created, created);
    const user_data = Buffer.from("new").toString("base64");
    await cloud.update("outscale_vm", created, { ...config, user_data });
    expect(cloud.machines()).toMatchObject([{ userData: "machine: {}" }]);
  });

  test("that is stopped reports the reason", async () => {
    await start({ outOfStock: ["tinav6.c4r8p1"] });
    await egressRoute();
    await node("node");
    expect(cloud.machines()).toMatchObject([
      {
        running: false,
        problems: [
          "It is stopped: there was no capacity for its type tinav6.c4r8p1 in its subregion.",
        ],
      },
    ]);
    await node("off", { vm_type: "tinav6.c1r1p2", state: "stopped" });
    expect(problems()).toContain("It has never been powered on.");
  });
});

describe("a bastion on Outscale", () => {
  const cloudConfig = Buffer.from("#cloud-config\n{}").toString("base64");

  async function bastion() {
    const filter = [{ name: "image_names", values: ["Ubuntu-24.04-2026.05.18-0"] }];
    const image = cloud.data("outscale_image", { filter });
    const vm = await scenario.vm(place.subnet, {
      image_id: text(image, "image_id"),
      user_data: cloudConfig,
    });
    const ip = await scenario.ip();
    const link = await cloud.create("outscale_public_ip_link", {
      public_ip_id: text(ip, "id"),
      vm_id: text(vm, "id"),
    });
    return { vm, ip, link };
  }

  test("has its cloud-config and its public address", async () => {
    const { ip } = await bastion();
    expect(cloud.machines()).toMatchObject([
      {
        image: "Ubuntu-24.04-2026.05.18-0",
        publicAddress: ip.public_ip,
        userData: "#cloud-config\n{}",
        problems: [],
      },
    ]);
  });

  test("is unreachable while the internet service is not linked, or there is no route to it", async () => {
    await bastion();
    await cloud.delete("outscale_route", place.route);
    expect(cloud.machines()).toMatchObject([{ publicAddress: undefined }]);
  });

  test("has no public address without a link", async () => {
    const { link } = await bastion();
    await cloud.delete("outscale_public_ip_link", link);
    expect(cloud.machines()).toMatchObject([{ publicAddress: undefined }]);
  });
});

describe("a connection inside the Net", () => {
  const drops = (port: number) =>
    createOutscale({ store: cloud.store, clock: cloud.clock }).cloud.drops?.(
      "172.16.7.250",
      "172.16.4.4",
      port,
    );

  async function pair(rule?: Config) {
    const [bastions, nodes] = [await scenario.group("bastion"), await scenario.group("node")];
    await scenario.vm(place.subnet, {
      private_ips: ["172.16.7.250"],
      security_group_ids: [text(bastions, "id")],
    });
    await node("node", { private_ips: ["172.16.4.4"], security_group_ids: [text(nodes, "id")] });
    if (rule !== undefined)
      await scenario.rule(nodes, { from_port_range: 50_000, to_port_range: 50_000, ...rule });
    return { bastions, nodes };
  }

  test("is dropped unless a rule lets it in: by address, on that port", async () => {
    await pair({ ip_range: "172.16.7.250/32" });
    expect(drops(50_000)).toBeUndefined();
    expect(drops(6443)).toBe("security groups of node: no rule lets 172.16.7.250 in on tcp/6443");
  });

  test("is dropped when the rule is for another source", async () => {
    await pair({ ip_range: "172.16.7.251/32" });
    expect(drops(50_000)).toMatch(/no rule lets 172\.16\.7\.250 in/);
  });

  test("passes by membership of a group", async () => {
    const { bastions, nodes } = await pair();
    expect(drops(50_000)).toMatch(/no rule lets/);
    await cloud.create("outscale_security_group_rule", {
      flow: "Inbound",
      security_group_id: text(nodes, "id"),
      rules: {
        ip_protocol: "-1",
        security_groups_members: { security_group_id: text(bastions, "id") },
      },
    });
    expect(drops(50_000)).toBeUndefined();
  });

  test("is dropped by the source's group when that allows nothing out", async () => {
    const closed = await scenario.group("closed", { remove_default_outbound_rule: true });
    await scenario.vm(place.subnet, {
      private_ips: ["172.16.7.250"],
      security_group_ids: [text(closed, "id")],
    });
    await node("node", { private_ips: ["172.16.4.4"] });
    expect(drops(50_000)).toMatch(/no rule lets it out to 172\.16\.4\.4 on tcp\/50000$/);
  });
});

test("machines are listed in the order of their creation, also after a restart", async () => {
  await node("a");
  await node("b");
  const names = cloud.restarted().machines();
  expect(names.map(({ name }) => name)).toEqual(["a", "b"]);
});
