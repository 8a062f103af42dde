import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { UNKNOWN, Refusal, type Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";
import { Scenario } from "./scenario";

const LB = "scaleway_lb";
const BACKEND = "scaleway_lb_backend";
const FRONTEND = "scaleway_lb_frontend";

let cloud: Cloud;
let scenario: Scenario;

beforeEach(async () => {
  cloud = new Cloud();
  scenario = await Scenario.in(cloud);
});

afterAll(removeFolders);

describe("load balancer", () => {
  test("is attached with its reserved address, and plans no change afterwards", async () => {
    const { balancer, address, ip, config } = await scenario.loadBalancer();
    expect(balancer).toMatchObject({
      ip_address: ip.ip_address,
      ip_ids: [ip.id],
      private_ips: [{ address: "172.16.4.3" }],
      private_network: [{ status: "ready", ipam_ids: [address.id] }],
      ssl_compatibility_level: "ssl_compatibility_level_intermediate",
      region: "fr-par",
    });
    expect(cloud.plan(LB, config, balancer).isEmpty).toBe(true);
  });

  test("has its type in upper case in the state, whatever the configuration says", async () => {
    const { balancer, config } = await scenario.loadBalancer({ type: "lb-s" });
    expect(balancer.type).toBe("LB-S");
    expect(cloud.plan(LB, config, balancer).isEmpty).toBe(true);
  });

  test.each(["fr-par-3", "it-mil-1"])("is not sold in %s", async (zone) => {
    expect(await refusal(() => cloud.create(LB, { type: "LB-S", zone }))).toMatch(
      new RegExp(`${zone} is not available for this product`),
    );
  });

  test("owns its address, which shows it from the next read on", async () => {
    const { ip, balancer } = await scenario.loadBalancer();
    expect(ip.lb_id).toBe("");
    expect(await cloud.read("scaleway_lb_ip", ip)).toMatchObject({ lb_id: balancer.id });
  });

  test("prevents the deletion of its address, which outlives it", async () => {
    const { ip, balancer } = await scenario.loadBalancer();
    expect(await refusal(() => cloud.delete("scaleway_lb_ip", ip))).toMatch(/still in use/);
    await cloud.delete(LB, balancer);
    expect(await cloud.read("scaleway_lb_ip", ip)).toMatchObject({ ip_address: ip.ip_address });
    await cloud.delete("scaleway_lb_ip", ip);
  });

  test("is replaced when an address is removed, which a bare uuid counts as", async () => {
    const { ip, balancer, config } = await scenario.loadBalancer();
    const other = await cloud.create("scaleway_lb_ip", { zone: "fr-par-1" });
    const replaced = (ids: string[]) =>
      cloud.plan(LB, { ...config, ip_ids: ids }, balancer).replacedBy;
    expect(replaced([text(other, "id")])).toEqual(["ip_ids"]);
    expect(replaced([text(ip, "id").split("/")[1] ?? ""])).toEqual(["ip_ids"]);
    expect(replaced([text(ip, "id"), text(other, "id")])).toEqual([]);
  });

  test("ignores another ipam_ids once it is known", async () => {
    const { balancer, config } = await scenario.loadBalancer();
    const other = await scenario.reserve("172.16.4.33");
    const network = { private_network_id: scenario.networkId, ipam_ids: [text(other, "id")] };
    const changed = { ...config, private_network: network };
    expect(cloud.plan(LB, changed, balancer).isEmpty).toBe(true);
  });

  test("plans an update while the new ipam_ids is unknown, which then changes nothing", async () => {
    const { balancer, config } = await scenario.loadBalancer();
    const network = { private_network_id: scenario.networkId, ipam_ids: [UNKNOWN] };
    const { isEmpty, replacedBy } = cloud.plan(
      LB,
      { ...config, private_network: network },
      balancer,
    );
    expect({ isEmpty, replacedBy }).toEqual({ isEmpty: false, replacedBy: [] });
  });

  test("moves to another private network in place", async () => {
    const { balancer, config } = await scenario.loadBalancer();
    const other = await cloud.create("scaleway_vpc_private_network", {
      vpc_id: text(scenario.network, "vpc_id"),
      ipv4_subnet: { subnet: "172.16.8.0/22" },
    });
    const changed = { ...config, private_network: { private_network_id: text(other, "id") } };
    expect(cloud.plan(LB, changed, balancer).replacedBy).toEqual([]);
    expect(await cloud.update(LB, balancer, changed)).toMatchObject({
      private_ips: [{ address: "172.16.8.2" }],
    });
  });

  test("reports a failed attachment, and exists all the same", async () => {
    const address = await scenario.reserve("172.16.4.2");
    const { gateway } = await scenario.gateway();
    await scenario.gatewayNetwork(gateway, { ipam_config: { ipam_ip_id: text(address, "id") } });
    const create = cloud.create(LB, {
      type: "LB-S",
      private_network: { private_network_id: scenario.networkId, ipam_ids: [text(address, "id")] },
    });
    const error = await create.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({
      summary: expect.stringMatching(
        /^attaching private network with id: .* on error state\. please check your config$/,
      ),
      state: { id: expect.stringMatching(/^fr-par-1\//), private_network: [] },
    });
  });

  test("refuses an ip_id or a private network of another locality at plan", async () => {
    const away = "fr-par-2/11111111-1111-1111-1111-111111111111";
    const far = "nl-ams/11111111-1111-1111-1111-111111111111";
    expect(
      await refusal(() => cloud.plan(LB, { type: "LB-S", zone: "fr-par-1", ip_id: away })),
    ).toBe(`given ip_id ${away} has different locality than the resource "fr-par-1"`);
    const config = { type: "LB-S", zone: "fr-par-1", private_network: { private_network_id: far } };
    expect(await refusal(() => cloud.plan(LB, config))).toBe(
      `given private_network.0.private_network_id ${far} has different locality than the resource "fr-par-1"`,
    );
  });

  test("refuses ip_ids beside assign_flexible_ip", () => {
    const config = { type: "LB-S", ip_ids: [UNKNOWN], assign_flexible_ip: true };
    expect(cloud.validate(LB, config)).toMatchObject([
      { detail: '"assign_flexible_ip": conflicts with ip_ids' },
      { detail: '"ip_ids": conflicts with assign_flexible_ip' },
    ]);
  });

  test("is in a transient state while it is being created", async () => {
    const slow = new Cloud({}, 1);
    const there = await Scenario.in(slow);
    const { balancer } = await there.loadBalancer();
    const kept = slow.store.get<{ readyAt: number }>(LB, text(balancer, "id"));
    if (kept) kept.readyAt = Date.now() + 60_000;
    expect(await refusal(() => slow.create(BACKEND, backendConfig(balancer)))).toMatch(
      /^scaleway-sdk-go: resource lb with ID .* is in a transient state: pending$/,
    );
  });
});

function backendConfig(balancer: Values): Config {
  return {
    name: "kube-apiserver",
    lb_id: text(balancer, "id"),
    forward_protocol: "tcp",
    forward_port: 6443,
    server_ips: ["172.16.4.4"],
    health_check_tcp: {},
    health_check_delay: "90s",
    timeout_server: "10m",
  };
}

describe("backend of a load balancer", () => {
  test("has durations in Go's format in the state, and the provider's defaults", async () => {
    const { balancer } = await scenario.loadBalancer();
    const backend = await cloud.create(BACKEND, backendConfig(balancer));
    expect(backend).toMatchObject({
      health_check_delay: "1m30s",
      health_check_timeout: "30s",
      health_check_transient_delay: "500ms",
      health_check_port: 6443,
      timeout_server: "10m0s",
      timeout_tunnel: "15m0s",
      timeout_queue: "0s",
      forward_port_algorithm: "roundrobin",
      send_proxy_v2: false,
    });
    expect(cloud.plan(BACKEND, backendConfig(balancer), backend).isEmpty).toBe(true);
    const longer = { ...backendConfig(balancer), timeout_server: "11m" };
    expect(cloud.plan(BACKEND, longer, backend).isEmpty).toBe(false);
  });

  test("changes its servers in place, and is replaced by another load balancer", async () => {
    const { balancer } = await scenario.loadBalancer();
    const backend = await cloud.create(BACKEND, backendConfig(balancer));
    const grown = { ...backendConfig(balancer), server_ips: ["172.16.4.4", "172.16.4.5"] };
    expect(cloud.plan(BACKEND, grown, backend).replacedBy).toEqual([]);
    expect((await cloud.update(BACKEND, backend, grown)).server_ips).toHaveLength(2);
    const moved = { ...grown, lb_id: "fr-par-1/11111111-1111-1111-1111-111111111111" };
    expect(cloud.plan(BACKEND, moved, backend).replacedBy).toEqual(["lb_id"]);
  });

  test("refuses a server that the load balancer does not reach", async () => {
    const { balancer } = await scenario.loadBalancer();
    const outside = { ...backendConfig(balancer), server_ips: ["10.0.0.4"] };
    expect(await refusal(() => cloud.create(BACKEND, outside))).toMatch(
      /10\.0\.0\.4 is not reachable from Load Balancer api/,
    );
    const detached = await cloud.create(LB, { type: "LB-S", name: "alone" });
    expect(await refusal(() => cloud.create(BACKEND, backendConfig(detached)))).toMatch(
      /172\.16\.4\.4 is not reachable from Load Balancer alone/,
    );
  });

  test("refuses the load balancer's uuid without its zone", async () => {
    const { balancer } = await scenario.loadBalancer();
    const bare = text(balancer, "id").split("/")[1] ?? "";
    expect(
      await refusal(() => cloud.create(BACKEND, { ...backendConfig(balancer), lb_id: bare })),
    ).toBe(`cant parse localized id: ${bare}`);
  });

  test.each<[string, Config, string]>([
    [
      "a protocol",
      { forward_protocol: "udp" },
      'expected forward_protocol to be one of ["tcp" "http"], got udp',
    ],
    ["a duration", { timeout_server: "abc" }, "invalid input, expected a valid duration"],
    ["an address", { server_ips: ["x"] }, "expected server_ips.0 to contain a valid IP, got: x"],
    [
      "a number",
      { max_retries: -1 },
      "expected max_retries to be in the range (0 - 2147483647), got -1",
    ],
  ])("refuses an invalid %s", (_what, invalid, summary) => {
    const config = { ...backendConfig({ id: "fr-par-1/x" }), ...invalid };
    expect(cloud.validate(BACKEND, config).map((problem) => problem.summary)).toEqual([summary]);
  });

  test("has one kind of health check only", () => {
    const config = { ...backendConfig({ id: "fr-par-1/x" }), health_check_http: { uri: "/" } };
    expect(cloud.validate(BACKEND, config).map(({ detail }) => detail)).toContain(
      '"health_check_http": conflicts with health_check_tcp',
    );
  });
});

describe("frontend of a load balancer", () => {
  let balancer: Values;
  let backend: Values;

  beforeEach(async () => {
    ({ balancer } = await scenario.loadBalancer());
    backend = await cloud.create(BACKEND, backendConfig(balancer));
  });

  function frontendConfig(...subnets: (string[] | null)[]): Config {
    return {
      name: "kube-apiserver",
      lb_id: text(balancer, "id"),
      backend_id: text(backend, "id"),
      inbound_port: 6443,
      timeout_client: "10m",
      acl: subnets.map((ip_subnet, index) => ({
        name: `acl ${index}`,
        action: { type: index === subnets.length - 1 ? "deny" : "allow" },
        match: { ip_subnet },
      })),
    };
  }

  test("keeps its access list in order, and plans no change afterwards", async () => {
    const config = frontendConfig(["203.0.113.7/32"], ["192.0.2.9/32"], ["0.0.0.0/0"]);
    const frontend = await cloud.create(FRONTEND, config);
    expect(frontend.acl).toMatchObject([
      { match: [{ ip_subnet: ["203.0.113.7/32"] }] },
      { match: [{ ip_subnet: ["192.0.2.9/32"] }] },
      { action: [{ type: "deny" }] },
    ]);
    expect(cloud.plan(FRONTEND, config, frontend).isEmpty).toBe(true);
  });

  test("treats x/32 as x, and the subnets of a rule in any order as equal", async () => {
    const config = frontendConfig(["203.0.113.7/32", "203.0.113.64/26"], ["0.0.0.0/0"]);
    const frontend = await cloud.create(FRONTEND, config);
    const other = frontendConfig(["203.0.113.64/26", "203.0.113.7"], ["0.0.0.0/0"]);
    expect(cloud.plan(FRONTEND, other, frontend).isEmpty).toBe(true);
    const changed = frontendConfig(["203.0.113.64/26", "203.0.113.8"], ["0.0.0.0/0"]);
    expect(cloud.plan(FRONTEND, changed, frontend)).toMatchObject({
      isEmpty: false,
      replacedBy: [],
    });
  });

  test("notices another order of its rules", async () => {
    const config = frontendConfig(["203.0.113.7"], ["192.0.2.9"], ["0.0.0.0/0"]);
    const frontend = await cloud.create(FRONTEND, config);
    const swapped = frontendConfig(["192.0.2.9"], ["203.0.113.7"], ["0.0.0.0/0"]);
    expect(cloud.plan(FRONTEND, swapped, frontend).isEmpty).toBe(false);
  });

  test("is open to everyone with a rule that names no subnet", async () => {
    const frontend = await cloud.create(FRONTEND, frontendConfig(null, ["0.0.0.0/0"]));
    const kept = cloud.store.get<{ acls: { ipSubnets: string[] }[] }>(
      FRONTEND,
      text(frontend, "id"),
    );
    expect(kept?.acls[0]?.ipSubnets).toEqual(["0.0.0.0/0"]);
  });

  test("has a change in every plan when a rule has a description, which is not read back", async () => {
    const config = frontendConfig(["0.0.0.0/0"]);
    config.acl = [
      { description: "x", action: { type: "deny" }, match: { ip_subnet: ["0.0.0.0/0"] } },
    ];
    const frontend = await cloud.create(FRONTEND, config);
    expect(cloud.plan(FRONTEND, config, frontend).isEmpty).toBe(false);
  });

  test("is left open, and tainted, when one of its rules is refused", async () => {
    const create = cloud.create(
      FRONTEND,
      frontendConfig(["203.0.113.7"], ["nonsense"], ["0.0.0.0/0"]),
    );
    expect(await create.catch((thrown: unknown) => thrown)).toMatchObject({
      summary: expect.stringMatching(/nonsense is not a valid subnet/),
      state: { acl: [{ name: "acl 0" }] },
    });
  });

  test("is replaced by another backend", async () => {
    const frontend = await cloud.create(FRONTEND, frontendConfig(["0.0.0.0/0"]));
    const other = {
      ...frontendConfig(["0.0.0.0/0"]),
      backend_id: "fr-par-1/11111111-1111-1111-1111-111111111111",
    };
    expect(cloud.plan(FRONTEND, other, frontend).replacedBy).toEqual(["backend_id"]);
  });

  test("is deleted before its backend", async () => {
    const frontend = await cloud.create(FRONTEND, frontendConfig(["0.0.0.0/0"]));
    expect(await refusal(() => cloud.delete(BACKEND, backend))).toMatch(/still in use/);
    await cloud.delete(FRONTEND, frontend);
    await cloud.delete(BACKEND, backend);
  });

  test("must be in its backend's zone", async () => {
    const config = {
      ...frontendConfig(["0.0.0.0/0"]),
      backend_id: "fr-par-2/11111111-1111-1111-1111-111111111111",
    };
    expect(await refusal(() => cloud.create(FRONTEND, config))).toBe(
      "Frontend and Backend must be in the same zone (got fr-par-1 and fr-par-2)",
    );
  });

  test("refuses external_acls beside acl", () => {
    const config = { ...frontendConfig(["0.0.0.0/0"]), external_acls: true };
    expect(cloud.validate(FRONTEND, config).map(({ detail }) => detail)).toContain(
      '"external_acls": conflicts with acl',
    );
  });
});
