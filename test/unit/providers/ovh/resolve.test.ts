import { describe, expect, it, test } from "@jest/globals";
import { ovh } from "../../../support/clouds";
import { problemsOf, specOf, values } from "../../../support/input";

const at = "node_distribution.ovh";
const nodes = (settings: object) => values({ region: undefined, ...settings }, {}, ovh);
const messagesFor = (settings: object) => problemsOf(nodes(settings));

const regions =
  "GRA9, GRA11, SBG5, SBG7, RBX-A, DE1, UK1, WAW1, BHS5, CA-EAST-TOR, SGP1, SYD1, AP-SOUTH-MUM-1, EU-WEST-PAR, EU-SOUTH-MIL";

describe("the region and the zones on OVHcloud", () => {
  it.each<[string, object, string, string[]]>([
    ["a region of one zone", { region: "GRA11" }, "GRA11", ["nova"]],
    ["a region of three", { region: "EU-WEST-PAR" }, "EU-WEST-PAR", ["eu-west-par-a"]],
    ["a zone alone", { zone: "eu-south-mil-c" }, "EU-SOUTH-MIL", ["eu-south-mil-c"]],
    [
      "zones alone",
      { zones: ["eu-south-mil-b", "eu-south-mil-c"] },
      "EU-SOUTH-MIL",
      ["eu-south-mil-b", "eu-south-mil-c"],
    ],
  ])("follow from %s", (_kind, settings, region, zones) => {
    const spec = specOf(nodes({ ...settings, workers: zones.length }));
    expect(spec).toMatchObject({ region, zone: zones[0] });
    const workers = spec.nodes.filter(({ role }) => role === "worker");
    expect(workers.map((node) => node.zone)).toEqual(zones);
  });

  it.each<[string, object, string]>([
    ["nothing says where", {}, `region: Required. Allowed: ${regions}.`],
    [
      "a zone does not tell the region",
      { zones: ["nova"] },
      `region: Required. Allowed: ${regions}.`,
    ],
    [
      "the region has a slip",
      { region: "GRA-11" },
      `region: Not a region of OVHcloud that is known here. Allowed: ${regions}. Did you mean GRA11?`,
    ],
    [
      "the region is a Local Zone",
      { region: "EU-WEST-LZ-BRU-A" },
      "region: A Local Zone has neither routers nor load balancers.",
    ],
    [
      "there is but one zone",
      { region: "GRA11", zones: ["gra11-a"] },
      'zones[0]: GRA11 has one zone, "nova". Remove the line; regions with three: EU-WEST-PAR, EU-SOUTH-MIL.',
    ],
    [
      "the only zone of other regions is asked for where there are three",
      { region: "EU-WEST-PAR", zone: "nova" },
      "zone: Not a zone of EU-WEST-PAR. Allowed: eu-west-par-a, eu-west-par-b, eu-west-par-c.",
    ],
    [
      "a zone is another region's",
      { region: "EU-WEST-PAR", zones: ["eu-west-par-a", "eu-south-mil-a"] },
      "zones[1]: Not a zone of EU-WEST-PAR. Allowed: eu-west-par-a, eu-west-par-b, eu-west-par-c.",
    ],
  ])("are refused when %s", (_why, settings, text) => {
    expect(messagesFor(settings)).toEqual([`error ${at}.${text}`]);
  });
});

describe("machine types on OVHcloud", () => {
  it.each<[string, object, string]>([
    [
      "no such form",
      { instance_type: "B3-8" },
      "instance_type: Not a machine type of OVHcloud, such as b3-8 or d2-4 (in small letters). Did you mean b3-8?",
    ],
    [
      "too little memory for a control plane",
      { control_plane_instance_type: "d2-2" },
      "control_plane_instance_type: A control plane needs 4 GB of memory; d2-2 has 2. Smallest that fits: d2-4.",
    ],
    [
      "an old generation in a region of three zones",
      { region: "EU-WEST-PAR", instance_type: "b2-7" },
      "instance_type: EU-WEST-PAR sells the third generation only. Smallest of it that fits: c3-4.",
    ],
  ])("are refused: %s", (_why, settings, text) => {
    expect(messagesFor({ region: "GRA11", ...settings })).toEqual([`error ${at}.${text}`]);
  });

  test("that are unknown cause a warning", () => {
    expect(messagesFor({ region: "GRA11", instance_type: "r3-64" })).toEqual([
      `warning ${at}.instance_type: Not among the machine types known here: whether GRA11 sells it is unchecked.`,
    ]);
  });

  test("of the HCL original are accepted", () => {
    expect(messagesFor({ region: "GRA11", instance_type: "b2-7" })).toEqual([]);
  });
});

test("an image's id on OVHcloud is a UUID", () => {
  expect(messagesFor({ region: "GRA11", image_name: undefined, image_id: "talos" })).toEqual([
    `error ${at}.image_id: An image's id is a UUID: openstack image list.`,
  ]);
});

test("a disk on OVHcloud is the machine type's, whatever is configured", () => {
  expect(messagesFor({ region: "GRA11", root_volume_gb: 40 })).toEqual([
    `error ${at}.root_volume_gb: On OVHcloud a disk comes with the machine type. Remove the line, or take a larger type.`,
  ]);
});

test("a plan beyond a project's quota on OVHcloud causes a warning", () => {
  expect(messagesFor({ region: "GRA11", workers: 19 })).toEqual([
    `warning ${at}: 21 instances with 162 GB of memory: a project may have 20 with 430 GB after its first raise of quota, and fewer when it is new. Ask OVHcloud for more before the apply, which would stop half-way.`,
  ]);
  expect(messagesFor({ region: "GRA11", workers: 18 })).toEqual([]);
  // Few, and large.
  const large = { region: "GRA11", worker_instance_type: "b3-128", workers: 4 };
  expect(messagesFor(large).join("\n")).toContain("6 instances with 522 GB of memory");
});
