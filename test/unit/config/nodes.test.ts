import { describe, expect, it, test } from "@jest/globals";
import { Report } from "../../../constructs/model/report";
import { shape } from "../../../src/config/schema/shape";
import { available, publicKey, problemsOf, single, specOf, values } from "../../support/input";

const at = "node_distribution.scaleway";

describe("the cloud of an input", () => {
  const keys = { scaleway: publicKey, ovh: publicKey };
  const messagesFor = (node_distribution: unknown) =>
    problemsOf(values({}, { node_distribution, bastion_ssh_keys: keys }));
  const none = { control_planes: 0, workers: 0 };

  it.each<[string, unknown]>([
    ["nothing is given", undefined],
    ["none is named", {}],
    ["all have none", { scaleway: none, ovh: none }],
    ["it is null", { scaleway: null }],
  ])("must have nodes: %s", (_kind, given) => {
    expect(messagesFor(given)).toEqual([
      "error node_distribution: No cloud has nodes. For one node: " +
        '{ scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
    ]);
  });

  test("is the one with nodes; others may be present without nodes", () => {
    expect(messagesFor({ scaleway: single, ovh: none, outscale: none })).toEqual([]);
    expect(messagesFor({ scaleway: single, ovh: { control_planes: 0, workers: 1 } })).toEqual([
      "error node_distribution: Exactly one cloud may have nodes, since a cluster is one private " +
        "network; these do: scaleway, ovh.",
    ]);
  });

  it.each([
    ["scalway", "Not a cloud. Allowed: scaleway, ovh, outscale. Did you mean scaleway?"],
    ["aws", "Not a cloud. Allowed: scaleway, ovh, outscale."],
  ])("is a known one, not %s", (name, text) => {
    expect(messagesFor({ scaleway: single, [name]: single })).toEqual([
      `error node_distribution.${name}: ${text}`,
    ]);
  });
});

describe("the number of control planes", () => {
  it.each([
    [0, "error", "A cluster needs at least one control plane."],
    [8, "error", "At most 7: etcd gets slower with every member."],
    [9, "error", "At most 7: etcd gets slower with every member."],
    [2, "warning", "An even number: 2 survive no more losses than 1."],
    [4, "warning", "An even number: 4 survive no more losses than 3."],
  ])("causes a warning at %i", (control_planes, severity, text) => {
    expect(problemsOf(values({ control_planes, workers: 1, instance_type: "PRO2-S" }))).toEqual([
      `${severity} ${at}.control_planes: ${text}`,
    ]);
  });

  it.each([[1], [3], [5], [7]])("may be %i", (control_planes) => {
    expect(problemsOf(values({ control_planes }))).toEqual([]);
  });
});

describe("a setting of the nodes", () => {
  it.each<[string, unknown, string]>([
    ["control_planes", "3", "Remove the quotes: 3."],
    ["control_planes", undefined, "Required. A whole number, such as 3."],
    ["workers", 1.5, "A whole number, such as 3."],
    ["workers", -1, "Negative. Allowed: 0 or more."],
    ["image_name", "", "Empty. Give it a value, or remove the line."],
    ["zones", "fr-par-1", 'Expected a list: ["fr-par-1"].'],
    ["zones", [], "At least one zone, or no such line."],
    ["region", 5, 'Quotes are missing: "5".'],
    ["image_name", true, 'Quotes are missing: "true".'],
    ["root_volume_gb", "20", "Remove the quotes: 20."],
    ["root_volume_gb", 9, "Talos needs 10 GB at the least."],
    ["root_volume_gb", 10_001, "At most 10000 GB."],
    [
      "subnet_id",
      "x",
      "The cluster creates its own network, so that nothing else is on it. Remove the line.",
    ],
    ["instance_typ", "DEV1-M", "There is no such setting. Did you mean instance_type?"],
    ["cluster_name", "x", "A variable of its own: it belongs outside of node_distribution."],
  ])("is refused: %s = %j", (name, value, text) => {
    expect(
      problemsOf(values({ region: "fr-par", [name]: value })).filter((line) =>
        line.startsWith("error"),
      ),
    ).toEqual([`error ${at}.${name}: ${text}`]);
  });

  test("does not hide the problems of others", () => {
    expect(problemsOf(values({ workers: "2", zones: ["fr-par-9"] }))).toMatchObject([
      `error ${at}.workers: Remove the quotes: 2.`,
      expect.stringMatching(/^error .*zones\[0\]: Not a zone/),
    ]);
  });

  test("belongs to an object", () => {
    expect(problemsOf(values({}, { node_distribution: { scaleway: "x" } }))).toEqual([
      `error ${at}: An object: { control_planes = 3, workers = 2, … }.`,
    ]);
  });
});

describe("an image's name", () => {
  test("without its Talos release causes a warning", () => {
    expect(problemsOf(values({ image_name: "talos-v1.12.6" }))).toEqual([
      `warning ${at}.image_name: "talos-v1.12.6" does not say that it is Talos v1.14.1: ` +
        "a node does not boot with a machine configuration newer than its Talos.",
    ]);
  });

  test("may contain its Talos release in any form", () => {
    expect(problemsOf(values({ image_name: "nocloud 1.14.1 amd64" }))).toEqual([]);
  });
});

describe("the nodes of a cluster", () => {
  test("are in zones[i mod n], counted by role", () => {
    const { nodes } = specOf(values({ ...available, workers: 4 }));
    expect(nodes.map(({ logicalId, zone }) => `${logicalId} ${zone}`)).toEqual([
      "control_plane_0 fr-par-1",
      "control_plane_1 fr-par-2",
      "control_plane_2 fr-par-1",
      "worker_0 fr-par-1",
      "worker_1 fr-par-2",
      "worker_2 fr-par-1",
      "worker_3 fr-par-1",
    ]);
  });

  test("have the machine type of their role", () => {
    const types = { instance_type: "DEV1-L", control_plane_instance_type: "PRO2-XXS" };
    const { nodes } = specOf(values({ workers: 1, ...types }));
    expect(nodes.map(({ role, machineType }) => [role, machineType])).toEqual([
      ["controlplane", "PRO2-XXS"],
      ["worker", "DEV1-L"],
    ]);
  });
});

describe("thousands of zones", () => {
  const zonesOf = (zones: readonly unknown[]) => {
    const report = new Report();
    const value = { scaleway: { control_planes: 1, workers: 1, zones } };
    return { report, zones: shape("node_distribution", value, report)?.scaleway?.zones };
  };

  test("are reported once each, in seconds, and the valid ones are kept", () => {
    const start = performance.now();
    const { report, zones } = zonesOf(
      Array.from({ length: 50_000 }, (_, i) => (i === 7 ? "fr-par-1" : i)),
    );
    expect(zones).toEqual(["fr-par-1"]);
    expect(report.problems).toHaveLength(49_999);
    expect(performance.now() - start).toBeLessThan(10_000); // it was quadratic
  });

  test("are refused as a whole if there are more than fifty thousand", () => {
    const { report } = zonesOf(Array.from({ length: 200_000 }, (_, i) => i));
    expect(report.problems.map(({ path, summary: text }) => [path.join("."), text])).toEqual([
      ["node_distribution.scaleway.zones", "200000 entries; no list here needs more than 50000."],
    ]);
  });
});
