import { describe, expect, it, test } from "@jest/globals";
import { problemsOf, specOf, values } from "../../../support/input";

const at = "node_distribution.scaleway";
const nodes = (settings: object) => values({ zones: undefined, ...settings });
const messagesFor = (settings: object) => problemsOf(nodes(settings));

describe("a machine type on Scaleway", () => {
  const errors = (settings: object) => messagesFor({ region: "fr-par", ...settings });

  test("has a default by role, and one that every zone sells where fr-par-3 is used", () => {
    const types = (settings: object) =>
      specOf(nodes({ workers: 1, ...settings })).nodes.map(({ machineType }) => machineType);
    expect(types({ region: "fr-par" })).toEqual(["DEV1-M", "DEV1-L"]);
    expect(types({ zones: ["fr-par-1", "fr-par-3"] })).toEqual(["PRO2-XXS", "PRO2-XXS"]);
  });

  it.each<[object, string]>([
    [
      { instance_type: "DEV1-S" },
      "instance_type: A control plane needs 4 GiB of memory; DEV1-S has 2. Smallest that fits: DEV1-M.",
    ],
    [
      { control_plane_instance_type: "PLAY2-PICO" },
      "control_plane_instance_type: A control plane needs 4 GiB of memory; PLAY2-PICO has 2. Smallest that fits: DEV1-M.",
    ],
    [
      { workers: 1, worker_instance_type: "STARDUST1-S" },
      "worker_instance_type: A worker needs 2 GiB of memory; STARDUST1-S has 1. Smallest that fits: DEV1-S.",
    ],
    [
      { instance_type: "BASIC2-A4C-8G" },
      "instance_type: BASIC2-A4C-8G is an arm64 machine, and the images are x86_64.",
    ],
    [
      { zones: ["fr-par-1", "fr-par-3"], instance_type: "DEV1-L" },
      "instance_type: DEV1-L is not sold in fr-par-3. Smallest that is: PRO2-XXS.",
    ],
    [
      { instance_type: "dev1-m" },
      "instance_type: Not a machine type of Scaleway, such as DEV1-M or PRO2-XXS. Did you mean DEV1-M?",
    ],
    [
      { instance_type: "big" },
      "instance_type: Not a machine type of Scaleway, such as DEV1-M or PRO2-XXS.",
    ],
    [
      { instance_type: "the DEV1-M" },
      "instance_type: Not a machine type of Scaleway, such as DEV1-M or PRO2-XXS.",
    ],
    [
      { instance_type: "DEV1-M, please" },
      "instance_type: Not a machine type of Scaleway, such as DEV1-M or PRO2-XXS.",
    ],
    [
      { instance_type: "constructor" },
      "instance_type: Not a machine type of Scaleway, such as DEV1-M or PRO2-XXS.",
    ],
    [
      { bastion_instance_type: "BASIC2-A2C-4G" },
      "bastion_instance_type: BASIC2-A2C-4G is an arm64 machine, and the images are x86_64.",
    ],
  ])("is refused: %j", (settings, text) => {
    expect(errors(settings)).toEqual([`error ${at}.${text}`]);
  });

  it.each([
    ["POP2-8C-32G", " Did you mean POP2-2C-8G?"],
    ["H100-1-80G", ""],
  ])("that is unknown is left to Scaleway: %s", (instance_type, suggestion) => {
    expect(errors({ instance_type })).toEqual([
      `warning ${at}.instance_type: Not among the machine types known here: its memory and zones are unchecked.${suggestion}`,
    ]);
  });

  test("may be small for a bastion, and anything where there are no workers", () => {
    expect(
      errors({ bastion_instance_type: "STARDUST1-S", worker_instance_type: "STARDUST1-S" }),
    ).toEqual([]);
  });
});

describe("an image's id on Scaleway", () => {
  const id = "11111111-2222-4333-8444-555555555555";
  const messagesForImage = (settings: object) =>
    messagesFor({ region: "fr-par", image_name: undefined, ...settings });

  it.each([[id], [`fr-par-1/${id}`]])("is a UUID, alone or with its zone: %s", (image_id) => {
    expect(messagesForImage({ image_id })).toEqual([]);
    const spec = specOf(nodes({ region: "fr-par", image_name: undefined, image_id }));
    expect(spec.nodeImage).toEqual({ id: image_id });
  });

  it.each<[object, string]>([
    [{ image_id: id, image_name: "talos" }, "Give image_id or image_name, not both."],
    [{ image_id: "talos" }, "An image's id is a UUID, alone or with its zone: fr-par-1/1b2c…."],
    [
      { image_id: id, zones: ["fr-par-1", "fr-par-2"] },
      "An image lives in one zone, and the nodes are in several. Use image_name, with an image of that name in each.",
    ],
    [{ image_id: `fr-par-2/${id}` }, "This image is in fr-par-2, the nodes are in fr-par-1."],
  ])("is refused: %j", (settings, text) => {
    expect(messagesForImage(settings)).toEqual([`error ${at}.image_id: ${text}`]);
  });

  test("is not compared with nodes whose zone is unknown", () => {
    const errors = messagesFor({ image_name: undefined, image_id: `fr-par-2/${id}` });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/region: Required/);
  });
});
