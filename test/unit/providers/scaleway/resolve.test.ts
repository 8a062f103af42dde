import { describe, expect, it } from "@jest/globals";
import { problemsOf, specOf, values } from "../../../support/input";

const at = "node_distribution.scaleway";
const nodes = (settings: object) => values({ zones: undefined, ...settings });
const messagesFor = (settings: object) => problemsOf(nodes(settings));

describe("the region and the zones on Scaleway", () => {
  it.each<[string, object, string, string, string[]]>([
    ["a region alone", { region: "nl-ams" }, "nl-ams", "nl-ams-1", ["nl-ams-1"]],
    ["a zone alone", { zone: "fr-par-2" }, "fr-par", "fr-par-2", ["fr-par-2"]],
    [
      "zones alone",
      { zones: ["pl-waw-2", "pl-waw-3"] },
      "pl-waw",
      "pl-waw-2",
      ["pl-waw-2", "pl-waw-3"],
    ],
    [
      "zones, and a zone for what there is one of",
      { region: "fr-par", zones: ["fr-par-3", "fr-par-2"], zone: "fr-par-1" },
      "fr-par",
      "fr-par-1",
      ["fr-par-3", "fr-par-2"],
    ],
  ])("follow from %s", (_kind, settings, region, zone, zones) => {
    const spec = specOf(nodes({ ...settings, workers: zones.length }));
    expect(spec).toMatchObject({ region, zone });
    const workers = spec.nodes.filter(({ role }) => role === "worker");
    expect(workers.map((node) => node.zone)).toEqual(zones);
  });

  it.each<[string, object, string[]]>([
    [
      "nothing says where",
      {},
      ["region: Required, unless zones say it. Allowed: fr-par, nl-ams, pl-waw, it-mil."],
    ],
    [
      "the region has a slip",
      { region: "fr-pra" },
      [
        "region: Not a region of Scaleway. Allowed: fr-par, nl-ams, pl-waw, it-mil. Did you mean fr-par?",
      ],
    ],
    [
      "the region is a word of the language",
      { region: "constructor" },
      ["region: Not a region of Scaleway. Allowed: fr-par, nl-ams, pl-waw, it-mil."],
    ],
    [
      "a zone is not of the region",
      { region: "fr-par", zones: ["fr-par-1", "nl-ams-1"] },
      ["zones[1]: Not a zone of fr-par. Allowed: fr-par-1, fr-par-2, fr-par-3."],
    ],
    [
      "the zones are of two regions",
      { zones: ["nl-ams-1", "fr-par-1"] },
      ["zones[1]: Not a zone of nl-ams. Allowed: nl-ams-1, nl-ams-2, nl-ams-3."],
    ],
    [
      "region and zone have a slip",
      { region: "fr-pra", zone: "fr-par1" },
      [
        "region: Not a region of Scaleway. Allowed: fr-par, nl-ams, pl-waw, it-mil. Did you mean fr-par?",
        "zone: Not a zone of Scaleway. Allowed: fr-par-1, fr-par-2, fr-par-3, nl-ams-1, nl-ams-2, nl-ams-3, pl-waw-1, pl-waw-2, pl-waw-3, it-mil-1. Did you mean fr-par-1?",
      ],
    ],
    [
      "a zone has a slip",
      { region: "fr-par", zone: "fr-par1" },
      ["zone: Not a zone of fr-par. Allowed: fr-par-1, fr-par-2, fr-par-3. Did you mean fr-par-1?"],
    ],
    [
      "no zone is one",
      { zones: ["eu-west-1"] },
      [
        "zones[0]: Not a zone of Scaleway. Allowed: fr-par-1, fr-par-2, fr-par-3, nl-ams-1, nl-ams-2, nl-ams-3, pl-waw-1, pl-waw-2, pl-waw-3, it-mil-1.",
      ],
    ],
    [
      "the first zone has no load balancers",
      { zones: ["fr-par-3", "fr-par-1"] },
      [
        "zones[0]: The gateway, the load balancer and the bastion live here (zone, or else the first of zones), and fr-par-3 does not offer them. Set zone to fr-par-1 or fr-par-2.",
      ],
    ],
    [
      "the zone has no load balancers",
      { zones: ["fr-par-1"], zone: "fr-par-3" },
      [
        "zone: The gateway, the load balancer and the bastion live here (zone, or else the first of zones), and fr-par-3 does not offer them. Set zone to fr-par-1 or fr-par-2.",
      ],
    ],
    [
      "the region has no load balancers",
      { region: "it-mil" },
      ["region: Load balancers are not sold in this region. Take another region."],
    ],
    [
      "a zone has no block storage",
      { zones: ["it-mil-1"] },
      [
        "zones[0]: Block storage, which the nodes' disks need, is not sold here.",
        "zones[0]: Load balancers are not sold in this region. Take another region.",
      ],
    ],
  ])("are refused where %s", (_kind, settings, texts) => {
    const errors = messagesFor({ instance_type: "PRO2-XXS", ...settings });
    expect(errors.filter((line) => line.startsWith("error"))).toEqual(
      texts.map((text) => `error ${at}.${text}`),
    );
  });
});

describe("a zone whose loss takes the quorum with it", () => {
  const warning = (text: string) => [
    `warning ${at}.zones: ${text}: losing that zone loses the quorum.`,
  ];

  it.each<[number, string[], string]>([
    [3, ["fr-par-1", "fr-par-2"], "2 of 3 control planes share fr-par-1"],
    [3, ["fr-par-1", "fr-par-2", "fr-par-2"], "2 of 3 control planes share fr-par-2"],
    [5, ["fr-par-1", "fr-par-2"], "3 of 5 control planes share fr-par-1"],
  ])("causes a warning: %i control planes over %j", (control_planes, zones, text) => {
    expect(messagesFor({ control_planes, zones })).toEqual(warning(text));
  });

  it.each<[number, string[]]>([
    [3, ["nl-ams-1", "nl-ams-2", "nl-ams-3"]],
    [5, ["nl-ams-1", "nl-ams-2", "nl-ams-3"]],
    [3, ["fr-par-1"]],
    [1, ["fr-par-1", "fr-par-2"]],
  ])("does not exist with %i control planes over %j", (control_planes, zones) => {
    expect(messagesFor({ control_planes, zones })).toEqual([]);
  });
});
