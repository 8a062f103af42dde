import { afterAll, beforeEach, describe, expect, test } from "@jest/globals";
import { UNKNOWN, type Values } from "../../protocol/model";
import { Cloud, refusal, removeFolders, text, type Config } from "./harness";

const VPC = "scaleway_vpc";
const NETWORK = "scaleway_vpc_private_network";
const IP = "scaleway_ipam_ip";

let cloud: Cloud;
let vpc: Values;
let network: Values;

beforeEach(async () => {
  cloud = new Cloud();
  vpc = await cloud.create(VPC, { name: "x", region: "fr-par" });
  network = await cloud.create(NETWORK, networkConfig());
});

afterAll(removeFolders);

function networkConfig(cidr = "172.16.4.0/22", owner = vpc): Config {
  return { name: "x", region: "fr-par", vpc_id: text(owner, "id"), ipv4_subnet: { subnet: cidr } };
}

function reserve(address: string | null, more: Config = {}) {
  return cloud.create(IP, {
    address,
    region: "fr-par",
    source: { private_network_id: text(network, "id") },
    ...more,
  });
}

describe("regions and projects on Scaleway", () => {
  test("a new resource is planned without the region that the configuration gives it", () => {
    expect(cloud.plan(VPC, { region: "nl-ams" }).planned.region).toBeNull();
  });

  test("a resource is created in the configured region", async () => {
    const there = await cloud.create(VPC, { region: "nl-ams" });
    expect(there.region).toBe("nl-ams");
    expect(text(there, "id")).toMatch(/^nl-ams\/[0-9a-f-]{36}$/);
  });

  test("a resource without a region is created in fr-par", async () => {
    expect((await cloud.create(VPC, {})).region).toBe("fr-par");
  });

  test("removing the region from a resource shows no change, another region replaces it", () => {
    expect(cloud.plan(VPC, { name: "x" }, vpc).isEmpty).toBe(true);
    expect(cloud.plan(VPC, { name: "x", region: "nl-ams" }, vpc).replacedBy).toEqual(["region"]);
  });

  test("an unknown region is only a warning at validation, and refused at apply", async () => {
    expect(cloud.validate(VPC, { region: "mars" })).toMatchObject([{ severity: "warning" }]);
    expect(await refusal(() => cloud.create(VPC, { region: "mars" }))).toBe(
      "scaleway-sdk-go: bad region format, available regions are: fr-par, nl-ams, pl-waw, it-mil",
    );
  });

  test("a region that is unknown at plan passes validation", () => {
    expect(cloud.validate(VPC, { region: UNKNOWN, project_id: UNKNOWN })).toEqual([]);
  });

  test("a project that is no UUID is refused at validation", () => {
    expect(cloud.validate(VPC, { project_id: "x" })).toMatchObject([
      { severity: "error", summary: "invalid UUID: x", path: ["project_id"] },
    ]);
  });
});

describe("VPC", () => {
  test("has routing on whatever was sent, and refuses to turn it off", async () => {
    expect(vpc).toMatchObject({
      enable_routing: true,
      enable_transitivity: false,
      is_default: false,
    });
    expect(await refusal(() => cloud.plan(VPC, { enable_routing: false }, vpc))).toBe(
      "routing cannot be disabled on this VPC",
    );
  });

  test("is not deleted while a private network is in it", async () => {
    expect(await refusal(() => cloud.delete(VPC, vpc))).toMatch(
      /^scaleway-sdk-go: precondition failed: resource is still in use/,
    );
    await cloud.delete(NETWORK, network);
    await cloud.delete(VPC, vpc);
    expect(await cloud.read(VPC, vpc)).toBeNull();
  });

  test("gets a generated name when it has none", async () => {
    expect(text(await cloud.create(VPC, {}), "name")).toMatch(/^tf-vpc-/);
  });
});

describe("private network", () => {
  test("has one subnet of each family, the IPv6 one without a request", () => {
    expect(network.ipv4_subnet).toMatchObject([
      {
        subnet: "172.16.4.0/22",
        address: "172.16.4.0",
        subnet_mask: "255.255.252.0",
        prefix_length: 22,
      },
    ]);
    expect(network.ipv6_subnets).toMatchObject([{ subnet: expect.stringMatching(/^fd.*::\/64$/) }]);
    expect(cloud.plan(NETWORK, networkConfig(), network).isEmpty).toBe(true);
  });

  test("is planned with unknown subnets", () => {
    const { planned } = cloud.plan(NETWORK, { region: "fr-par" });
    expect(planned.ipv6_subnets).toBe(UNKNOWN);
  });

  test("accepts its VPC with and without the region", () => {
    const bare = text(vpc, "id").split("/")[1] ?? "";
    expect(cloud.plan(NETWORK, { ...networkConfig(), vpc_id: bare }, network).isEmpty).toBe(true);
  });

  test("is replaced by another subnet or another VPC", async () => {
    const other = await cloud.create(VPC, { name: "other" });
    const changed = (config: Config) => cloud.plan(NETWORK, config, network).replacedBy;
    expect(changed(networkConfig("172.16.8.0/22"))).toEqual(["ipv4_subnet.0.subnet"]);
    expect(changed(networkConfig(undefined, other))).toEqual(["vpc_id"]);
    expect(changed({ ...networkConfig(), name: "y" })).toEqual([]);
  });

  test("refuses a subnet with host bits at validation", () => {
    expect(cloud.validate(NETWORK, networkConfig("172.16.4.1/22"))).toMatchObject([
      {
        summary:
          "expected ipv4_subnet.0.subnet to contain a valid network Value, expected 172.16.4.0/22, got 172.16.4.1/22",
        path: ["ipv4_subnet", 0, "subnet"],
      },
    ]);
  });

  test("refuses a subnet that overlaps another one of its VPC", async () => {
    expect(await refusal(() => cloud.create(NETWORK, networkConfig("172.16.0.0/16")))).toMatch(
      /does not respect constraint, subnet 172\.16\.0\.0\/16 overlaps/,
    );
  });

  test("refuses a VPC that does not exist, or that is in another region", async () => {
    const away = await cloud.create(VPC, { region: "nl-ams" });
    expect(await refusal(() => cloud.create(NETWORK, networkConfig(undefined, away)))).toMatch(
      /^scaleway-sdk-go: resource vpc with ID .* is not found$/,
    );
  });

  test("is not deleted while an address is reserved in it, and is afterwards", async () => {
    const ip = await reserve("172.16.4.2");
    expect(await refusal(() => cloud.delete(NETWORK, network))).toBe(
      "scaleway-sdk-go: precondition failed: resource is still in use, Private Network must be empty to be deleted",
    );
    await cloud.delete(IP, ip);
    await cloud.delete(NETWORK, network);
  });
});

describe("reserved address", () => {
  test("is the requested one, and not attached yet", async () => {
    expect(await reserve("172.16.4.4")).toMatchObject({
      address: "172.16.4.4",
      address_cidr: "172.16.4.4/22",
      resource: [],
      zone: "",
      source: [{ private_network_id: network.id }],
    });
  });

  test("is assigned from .2 upwards, past those in use", async () => {
    await reserve("172.16.4.3");
    expect((await reserve(null)).address).toBe("172.16.4.2");
    expect((await reserve(null)).address).toBe("172.16.4.4");
  });

  test.each([
    ["outside the subnet", "10.0.0.4", /10\.0\.0\.4 does not belong to subnet 172\.16\.4\.0\/22/],
    ["the network's own", "172.16.4.0", /reserved/],
    ["the router's", "172.16.4.1", /reserved/],
    ["the broadcast's", "172.16.7.255", /reserved/],
  ])("is refused when it is %s", async (_case, address, message) => {
    expect(await refusal(() => reserve(address))).toMatch(message);
  });

  test("is refused when it is in use", async () => {
    await reserve("172.16.4.9");
    expect(await refusal(() => reserve("172.16.4.9"))).toMatch(/172\.16\.4\.9 is already in use/);
  });

  test("is refused at validation when it is no address", () => {
    expect(cloud.validate(IP, { address: "x", source: {} })).toMatchObject([
      { summary: "expected address to contain a valid IP, got: x" },
    ]);
  });

  test("with a changed source is planned in place and does nothing", async () => {
    const ip = await reserve("172.16.4.9");
    const other = await cloud.create(NETWORK, networkConfig("172.16.8.0/22"));
    const config = {
      address: "172.16.4.9",
      source: { private_network_id: text(other, "id") },
    };
    const { isEmpty, replacedBy } = cloud.plan(IP, config, ip);
    expect({ isEmpty, replacedBy }).toEqual({ isEmpty: false, replacedBy: [] });
    await cloud.update(IP, ip, config);
    expect(await refusal(() => cloud.delete(NETWORK, network))).toMatch(/must be empty/);
    await cloud.delete(NETWORK, other);
  });

  test("is replaced by another address", async () => {
    const ip = await reserve("172.16.4.9");
    const config = { address: "172.16.4.10", source: { private_network_id: text(network, "id") } };
    expect(cloud.plan(IP, config, ip).replacedBy).toEqual(["address"]);
  });

  test("does not know its private network after an import", async () => {
    const ip = await reserve("172.16.4.9");
    expect(await cloud.import(IP, text(ip, "id"))).toMatchObject({
      address: "172.16.4.9",
      source: [{ private_network_id: "" }],
    });
  });
});

test("an import of an object that does not exist finds nothing", async () => {
  const id = "fr-par/00000000-0000-4000-8000-000000000000";
  expect(await cloud.import(VPC, id)).toBeNull();
});

test("an import id without its region is refused", async () => {
  expect(await refusal(() => cloud.import(VPC, "00000000"))).toBe(
    "cant parse localized id: 00000000",
  );
});
