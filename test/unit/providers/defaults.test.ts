import { describe, expect, test } from "@jest/globals";
import { outscale, ovh, scaleway, type TestCloud } from "../../support/clouds";
import { problemsOf, specOf, values } from "../../support/input";

const uuid = "1b2c3d4e-0a1b-4c2d-8e3f-0123456789ab";

interface Case {
  readonly cloud: TestCloud;
  /** Of a control plane, a worker and the bastion. */
  readonly types: readonly [string, string, string];
  /** Others, which are large enough. */
  readonly otherTypes: readonly [string, string, string];
  readonly bastionImage: string;
  /** The names of the settings of the bastion's image, and another image. */
  readonly otherImage: string;
  readonly imageId: string;
}

const cases: readonly Case[] = [
  {
    cloud: scaleway,
    types: ["DEV1-M", "DEV1-L", "DEV1-S"],
    otherTypes: ["PRO2-XXS", "PRO2-S", "DEV1-M"],
    bastionImage: "ubuntu_noble",
    otherImage: "debian_bookworm",
    imageId: uuid,
  },
  {
    cloud: ovh,
    types: ["b3-8", "b3-8", "d2-2"],
    otherTypes: ["b3-16", "b3-32", "d2-4"],
    bastionImage: "Ubuntu 24.04",
    otherImage: "Debian 12",
    imageId: uuid,
  },
  {
    cloud: outscale,
    types: ["tinav6.c4r8p1", "tinav6.c4r8p2", "tinav6.c1r1p2"],
    otherTypes: ["tinav6.c8r16p1", "tinav6.c4r16p3", "tinav6.c2r2p2"],
    bastionImage: "Ubuntu-24.04-*",
    otherImage: "Debian-12-*",
    imageId: "ami-0123abcd",
  },
];

describe.each(cases)("defaults on $cloud.name", (one) => {
  const { cloud, types, otherTypes, bastionImage, otherImage, imageId } = one;
  const nothing = {
    control_plane_instance_type: undefined,
    worker_instance_type: undefined,
    image_name: undefined,
    workers: 1,
  };
  const spec = (settings: object = {}) => specOf(values({ ...nothing, ...settings }, {}, cloud));

  const typesOf = ({ nodes, bastion }: ReturnType<typeof spec>) => [
    nodes.find(({ role }) => role === "controlplane")?.machineType,
    nodes.find(({ role }) => role === "worker")?.machineType,
    bastion.machineType,
  ];

  test("configured machines that are large enough are kept", () => {
    const [controlPlane, worker, bastion] = otherTypes;
    const chosen = spec({
      control_plane_instance_type: controlPlane,
      worker_instance_type: worker,
      bastion_instance_type: bastion,
    });
    expect(typesOf(chosen)).toEqual(otherTypes);
  });

  test("machines and images that are not configured are these", () => {
    const chosen = spec();
    const { bastion, nodeImage } = chosen;
    expect(typesOf(chosen)).toEqual(types);
    expect(bastion.image).toBe(bastionImage);
    expect(nodeImage).toEqual({ name: "talos" });
  });

  test("an image by its name or by its id is used, and so is the bastion's", () => {
    expect(spec({ image_name: "mine" }).nodeImage).toEqual({ name: "mine" });
    expect(spec({ image_id: imageId }).nodeImage).toEqual({ id: imageId });
    expect(spec({ bastion_image: otherImage }).bastion.image).toBe(otherImage);
  });

  test("an id with additional, missing or wrong digits is refused", () => {
    const digit = imageId.search(/[0-9a-f]+$/);
    const wrong = [
      `x${imageId}`,
      `${imageId}x`,
      imageId.slice(0, -1),
      imageId.slice(0, digit) + "g" + imageId.slice(digit + 1),
      ...(imageId === uuid ? uuid.split("-").map((part) => uuid.replace(part, "0")) : []),
    ];
    for (const id of wrong) {
      const reported = problemsOf(values({ ...nothing, image_id: id }, {}, cloud)).join("\n");
      expect(reported).toContain(
        `error node_distribution.${cloud.name}.image_id: An image's id is`,
      );
    }
  });
});
