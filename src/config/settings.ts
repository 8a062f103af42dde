import { Cidr } from "../../constructs/cidr";
import type { CloudName } from "../../constructs/cluster";
import { planAddresses } from "./network";
import { mostControlPlanes } from "../../constructs/cluster";
import { type Distribution, rootVolumeGb } from "./shape";
import { type Facts, variables } from "./variables";

/** A setting of one cloud in `node_distribution`. */
export interface Setting extends Facts {
  /** In words, or by cloud where each has its own. */
  readonly default: string | Readonly<Partial<Record<CloudName, string>>>;
}

/** The network that a cluster has when nobody names one. */
export const defaultNetwork = Cidr.parse(
  variables.find((variable) => variable.name === "network_cidr")?.default ?? "",
);
const mostWorkers = defaultNetwork && planAddresses(defaultNetwork).mostWorkers;

/** Every setting there is; the compiler holds it against the shape. */
export const settings: Readonly<Record<keyof Distribution, Setting>> = {
  control_planes: {
    description: "How many control planes.",
    type: "A whole number",
    default: "required",
    example: "control_planes = 3",
    limits: [
      `1 to ${mostControlPlanes}; 0 in an entry without nodes. An even number gets a warning: it survives no more losses than one less.`,
      "One less needs [a step by hand](clouds/scaleway.md#scale) first.",
    ],
  },
  workers: {
    description: "How many workers.",
    type: "A whole number",
    default: "required",
    example: "workers = 2",
    limits: [
      `0 to ${mostWorkers} in the default network, in a wider one more.`,
      "With 0, control planes made then run workloads as well.",
    ],
  },
  region: {
    description: "The cloud's region. For life.",
    type: "A text",
    default: { scaleway: "that of `zones`, or of `zone`; required without them" },
    example: 'region = "fr-par"',
    limits: ["Scaleway: [regions and zones](clouds/scaleway.md#regions-and-zones)."],
  },
  zone: {
    description: "Where the gateway, the load balancer and the bastion live. For life.",
    type: "A text",
    default: { scaleway: "the first of `zones`, else `<region>-1`" },
    example: 'zone = "fr-par-1"',
    limits: ["A zone of the region that sells all three."],
  },
  zones: {
    description: "Where the nodes live: node i of either role in zones[i mod n].",
    type: "A list of texts",
    default: { scaleway: "`zone` alone" },
    example: 'zones = ["fr-par-1", "fr-par-2", "fr-par-1"]',
    limits: [
      "A zone may come twice. Another order moves nodes, and a node moves by being replaced.",
      "There is a warning when one zone holds so many control planes that its loss is the cluster's.",
      "The image must be in each of them, under the same name.",
    ],
  },
  instance_type: {
    description: "The machine type of control planes and workers.",
    type: "A text, in the cloud's words",
    default: "none: each role has its own, see the next two",
    example: 'instance_type = "PRO2-XXS"',
    limits: ["A change resizes every node in one apply: read the plan."],
  },
  control_plane_instance_type: {
    description: "The machine type of control planes, before `instance_type`.",
    type: "A text, in the cloud's words",
    default: { scaleway: "`DEV1-M`, or `PRO2-XXS` when `zones` has fr-par-3" },
    example: 'control_plane_instance_type = "DEV1-M"',
    limits: ["x86_64, 4 GiB of memory or more, sold in every zone used."],
  },
  worker_instance_type: {
    description: "The machine type of workers, before `instance_type`.",
    type: "A text, in the cloud's words",
    default: { scaleway: "`DEV1-L`, or `PRO2-XXS` when `zones` has fr-par-3" },
    example: 'worker_instance_type = "DEV1-L"',
    limits: ["x86_64, 2 GiB of memory or more, sold in every zone used."],
  },
  image_id: {
    description: "The nodes' image, by its id.",
    type: "A text: a UUID, alone or after its zone and a slash",
    default: "none: the image is found by its name",
    example: 'image_id = "fr-par-1/11111111-2222-4333-8444-555555555555"',
    limits: [
      "In place of `image_name`, and only while every node is in one zone: an image lives in one.",
      "Unlike a name, it is not looked up, so that plans go on without the image.",
    ],
  },
  image_name: {
    description: "The nodes' image, by its name, in each zone.",
    type: "A text",
    default: { scaleway: "`talos`" },
    example: 'image_name = "talos-v1.13.9"',
    limits: [
      "Scaleway: a [nocloud image](clouds/scaleway.md#the-talos-image) of `talos_version`. A name that does not hold the version gets a warning.",
      "Every plan looks it up: keep the image as long as the cluster.",
      "A newer image of the same name is taken by new nodes only.",
    ],
  },
  subnet_id: {
    description: "The HCL original's; refused. The cluster makes its own network.",
    type: "Nothing is accepted",
    default: "none",
    limits: ["Remove the line."],
  },
  root_volume_gb: {
    description: "The size of each node's disk, in GB.",
    type: "A whole number",
    default: { scaleway: "20" },
    example: "root_volume_gb = 40",
    limits: [`${rootVolumeGb.smallest} to ${rootVolumeGb.largest}.`],
  },
  bastion_instance_type: {
    description: "The bastion's machine type.",
    type: "A text, in the cloud's words",
    default: { scaleway: "`DEV1-S`" },
    example: 'bastion_instance_type = "PLAY2-PICO"',
    limits: ["x86_64, 1 GiB of memory or more, sold in `zone`."],
  },
  bastion_image: {
    description: "The bastion's image: the cloud's name of an Ubuntu.",
    type: "A text",
    default: { scaleway: "`ubuntu_noble`" },
    example: 'bastion_image = "ubuntu_jammy"',
    limits: ["A change concerns a bastion made afterwards."],
  },
};
