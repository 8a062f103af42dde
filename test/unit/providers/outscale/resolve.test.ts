import { describe, expect, it, test } from "@jest/globals";
import { outscale } from "../../../support/clouds";
import { problemsOf, specOf, values } from "../../../support/input";

const at = "node_distribution.outscale";
const nodes = (settings: object) => values({ region: undefined, ...settings }, {}, outscale);
const messagesFor = (settings: object) => problemsOf(nodes(settings));
const regions = "eu-west-2, cloudgouv-eu-west-1, us-east-2, us-west-1, ap-northeast-1";

describe("the region and the subregions on Outscale", () => {
  it.each<[string, object, string, string[]]>([
    ["a region alone", { region: "eu-west-2" }, "eu-west-2", ["eu-west-2a"]],
    ["a zone alone", { zone: "eu-west-2b" }, "eu-west-2", ["eu-west-2b"]],
    [
      "zones alone",
      { zones: ["cloudgouv-eu-west-1a", "cloudgouv-eu-west-1b"] },
      "cloudgouv-eu-west-1",
      ["cloudgouv-eu-west-1a", "cloudgouv-eu-west-1b"],
    ],
  ])("follow from %s", (_kind, settings, region, zones) => {
    const spec = specOf(nodes({ ...settings, workers: zones.length }));
    expect(spec).toMatchObject({ region, zone: zones[0] });
    const workers = spec.nodes.filter(({ role }) => role === "worker");
    expect(workers.map((node) => node.zone)).toEqual(zones);
  });

  it.each<[string, object, string[]]>([
    ["nothing says where", {}, [`region: Required, unless zones say it. Allowed: ${regions}.`]],
    [
      "the region has a slip",
      { region: "eu-west2" },
      [`region: Not a region of Outscale. Allowed: ${regions}. Did you mean eu-west-2?`],
    ],
    [
      "a zone is another region's",
      { region: "eu-west-2", zones: ["eu-west-2a", "us-east-2a"] },
      [
        "zones[1]: Not a subregion of eu-west-2: those are the region and a letter, such as eu-west-2a.",
      ],
    ],
    [
      "a zone has no letter",
      { region: "eu-west-2", zone: "eu-west-2" },
      [
        "zone: Not a subregion of eu-west-2: those are the region and a letter, such as eu-west-2a.",
      ],
    ],
    [
      "no region has the zone",
      { zones: ["eu-west-9a"] },
      [
        "zones[0]: Not a subregion of Outscale: those are the region and a letter, such as eu-west-2a.",
      ],
    ],
    [
      "there are more subregions than the network has parts for",
      { region: "eu-west-2", zones: ["a", "b", "c", "d"].map((letter) => `eu-west-2${letter}`) },
      ["zones: At most 3 different ones: each has its own subnet, a quarter of the network."],
    ],
  ])("are refused when %s", (_why, settings, texts) => {
    expect(messagesFor(settings)).toEqual(texts.map((text) => `error ${at}.${text}`));
  });
});

describe("machine types on Outscale", () => {
  it.each<[string, object, string]>([
    [
      "no such form",
      { instance_type: "c4r8" },
      "instance_type: Not a machine type of Outscale: tinav6.c4r8p1 is 4 cores and 8 GiB of generation 6, performance 1 to 3.",
    ],
    [
      "too little memory for a control plane",
      { control_plane_instance_type: "tinav6.c2r2p1" },
      "control_plane_instance_type: A control plane needs 4 GiB of memory; tinav6.c2r2p1 has 2 (the number after r).",
    ],
    [
      "a performance that there is not",
      { instance_type: "tinav6.c4r8p4" },
      "instance_type: Not a machine type of Outscale: tinav6.c4r8p1 is 4 cores and 8 GiB of generation 6, performance 1 to 3.",
    ],
  ])("are refused: %s", (_why, settings, text) => {
    expect(messagesFor({ region: "eu-west-2", ...settings })).toEqual([`error ${at}.${text}`]);
  });

  test("by Amazon's names cause a warning", () => {
    expect(messagesFor({ region: "eu-west-2", instance_type: "m5.xlarge" })).toEqual([
      `warning ${at}.instance_type: An alias of Amazon's: its memory is unchecked. Outscale's own: tinav6.c4r8p1.`,
    ]);
  });
});

describe("names that Outscale refuses", () => {
  const named = (cluster_name: string) =>
    problemsOf(values({}, { cluster_name }, outscale)).filter((line) => line.startsWith("error"));

  test("are those that make the load balancer's too long", () => {
    expect(named("a".repeat(28))).toEqual([]);
    expect(named("a".repeat(29))).toEqual([
      `error cluster_name: At most 28 characters on Outscale, where the load balancer is called ${"a".repeat(29)}-api.`,
    ]);
  });

  test("are those that look like a security group's id", () => {
    expect(named("sg-prod")).toEqual([
      'error cluster_name: Outscale refuses names of security groups that begin with "sg-".',
    ]);
  });
});

describe("images on Outscale", () => {
  it.each<[string, object, string]>([
    [
      "an id of another cloud",
      { image_name: undefined, image_id: "11111111-2222-4333-8444-555555555555" },
      'image_id: An image\'s id is "ami-" and eight hexadecimal digits.',
    ],
    [
      "a pattern",
      { image_name: "talos-v1.14.1*" },
      "image_name: The whole name, without a star: the image must be the one that was reviewed.",
    ],
    [
      "an id with a slip, for the bastion",
      { bastion_image: "ami-123" },
      'bastion_image: An image\'s id is "ami-" and eight hexadecimal digits.',
    ],
  ])("are refused: %s", (_why, settings, text) => {
    expect(messagesFor({ region: "eu-west-2", ...settings })).toEqual([`error ${at}.${text}`]);
  });
});

test("addresses avoid those that Outscale reserves, in any network", () => {
  const spec = specOf(
    values(
      { ...outscale.available, workers: 300 },
      { network_cidr: "10.0.0.0/16", pod_cidr: "10.240.0.0/12" },
      outscale,
    ),
  );
  const lastParts = spec.nodes.map(({ address }) => Number(address.split(".")[3]));
  expect(Math.min(...lastParts)).toBeGreaterThanOrEqual(4);
  expect(Math.max(...lastParts)).toBeLessThan(255);
});
