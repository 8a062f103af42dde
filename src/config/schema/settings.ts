import { z } from "zod";
import { mostControlPlanes } from "../../../constructs/model/cluster-spec";
import { defaultVersions } from "../talos-releases";
import { countOf, listOf } from "./answers";
import type { Setting } from "./declaration";
import { count, settingList, settingName, settingText, textByName, wholeNumber } from "./forms";

/** Talos needs the smaller one; more than the larger is a typo. */
const rootVolumeGb = { smallest: 10, largest: 10_000 };
const rootVolumeForm = wholeNumber
  .min(rootVolumeGb.smallest, { error: `Talos needs ${rootVolumeGb.smallest} GB at the least.` })
  .max(rootVolumeGb.largest, { error: `At most ${rootVolumeGb.largest} GB.` });

/** Every setting of a pool, in the order of the docs. */
export const poolSettings = {
  address_block: {
    form: wholeNumber.optional(),
    description:
      "Which block of the workers' addresses is the pool's, by its number. Block 1 is at the end of the range, and block 2 before it.",
    type: "A whole number",
    default: "required",
    example: "address_block = 1",
    limits: [
      "From 1 to what the network [has](#addresses); a number that no other pool has.",
      "A block is an eighth of a quarter of the network. The nodes of `workers` must end before it.",
      "Another number moves the pool's nodes, and a node moves by being replaced. Keep it when other pools come and go.",
    ],
  },
  count: {
    form: count("0 or more"),
    description: "How many nodes.",
    type: "A whole number",
    default: "required",
    example: "count = 2",
    limits: [
      "From 0 to what a block [has room](#addresses) for.",
      "In a network larger than /22, more nodes than a multiple of 32 recreate the bastion, as with `workers`; its address and its host key stay.",
    ],
  },
  instance_type: {
    form: settingText.optional(),
    description: "The machine type of the pool's nodes.",
    type: "A string, in the cloud's words",
    default: "that of the workers",
    example: 'instance_type = "POP2-4C-16G"',
    limits: [
      "x86_64, 2 GiB of memory or more, sold in every zone of the pool.",
      "Where the workers' is the cloud's default, the pool's is the default for its zones.",
    ],
  },
  zones: {
    form: settingList.optional(),
    description: "Where the pool's nodes live: node i in zones[i mod n].",
    type: "A list of strings",
    default: "the cluster's `zones`",
    example: 'zones = ["fr-par-2"]',
    limits: [
      "Of the cluster's region.",
      "Outscale: of those in the cluster's `zones`, each of which is a subnet.",
    ],
  },
  root_volume_gb: {
    form: rootVolumeForm.optional(),
    description: "The size of each node's disk in the pool, in GB.",
    type: "A whole number",
    default: "the cluster's `root_volume_gb`",
    example: "root_volume_gb = 200",
    limits: [
      `${rootVolumeGb.smallest} to ${rootVolumeGb.largest}.`,
      "OVHcloud: refused, a disk comes with the machine type.",
    ],
  },
  labels: {
    form: textByName("labels").optional(),
    description: "Kubernetes labels of the pool's nodes.",
    type: "An object of strings",
    default: "none",
    example: 'labels = { "example.org/gpu" = "true" }',
    limits: [
      "Keys and values as Kubernetes has them. Refused is what it does not let a node set on itself: `node-role.kubernetes.io/…`, and nearly all else of `kubernetes.io` and `k8s.io`.",
      "`up` applies a change to running nodes too.",
    ],
  },
  taints: {
    form: textByName("taints").optional(),
    description:
      "Kubernetes taints of the pool's nodes: pods without a matching toleration stay away.",
    type: 'An object of strings, `"value:Effect"` or `"Effect"`',
    default: "none",
    example: 'taints = { "example.org/dedicated" = "gpu:NoSchedule" }',
    limits: [
      "The effect is NoSchedule, PreferNoSchedule or NoExecute.",
      "Where every worker has a taint of NoSchedule or NoExecute, control planes run workloads as well: the cluster's own DNS needs a node.",
      "A change applies to nodes created afterwards. Running nodes: `kubectl taint`.",
    ],
  },
} as const satisfies Readonly<Record<string, Setting>>;

type PoolForms = {
  [Name in keyof typeof poolSettings]: (typeof poolSettings)[Name]["form"];
};

const pool = z.strictObject(
  Object.fromEntries(
    Object.entries(poolSettings).map(([name, { form }]) => [name, form]),
  ) as PoolForms,
  { error: "An object: { address_block = 1, count = 2, … }." },
);

export type Pool = z.infer<typeof pool>;

export const poolSettingNames: readonly string[] = Object.keys(poolSettings);

/** Every setting of a cloud, in the order of `init`, of the file that it writes, and of the docs. */
export const settings = {
  region: {
    form: settingText.optional(),
    description: "The cloud's region. Immutable.",
    type: "A string",
    default: {
      scaleway: "that of `zones`, or of `zone`; required without them",
      ovh: "that of `zones`, where it has three; required otherwise",
      outscale: "that of `zones`, or of `zone`; required without them",
    },
    example: 'region = "fr-par"',
    limits: [
      "Which there are: [Scaleway](clouds/scaleway.md#regions-and-zones), [OVHcloud](clouds/ovh.md#regions-and-zones), [Outscale](clouds/outscale.md#regions-and-subregions).",
    ],
    init: { option: "--region <region>", text: "the region" },
  },
  zone: {
    form: settingText.optional(),
    description:
      "Where the bastion lives, and with it the gateway and the load balancer where a cloud puts them in a zone. Immutable.",
    type: "A string",
    default: {
      scaleway: "the first of `zones`, else `<region>-1`",
      ovh: "the first of `zones`, else the region's first",
      outscale: "the first of `zones`, else `<region>a`",
    },
    example: 'zone = "fr-par-1"',
    limits: [
      "A zone of the region. Scaleway: one that sells all three.",
      "OVHcloud: routers and load balancers belong to the region, only the bastion has a zone.",
    ],
  },
  zones: {
    form: settingList.optional(),
    description: "Where the nodes live: node i of either role in zones[i mod n].",
    type: "A list of texts",
    default: { scaleway: "`zone` alone", ovh: "`zone` alone", outscale: "`zone` alone" },
    example: 'zones = ["fr-par-1", "fr-par-2", "fr-par-1"]',
    limits: [
      "A zone may come twice. Another order moves nodes, and a node moves by being replaced.",
      "There is a warning when one zone holds so many control planes that its loss is the cluster's.",
      "Scaleway: the image must be in each of them, under the same name.",
      "Outscale: at most three different ones, since each is a subnet of its own.",
    ],
    init: {
      option: "--zones <zones>",
      text: "the zones, node i in zones[i mod n]",
      isOptional: true,
      startsFromExample: false,
      read: listOf,
    },
  },
  control_planes: {
    form: count(`1 to ${mostControlPlanes}`),
    description: "How many control planes.",
    type: "A whole number",
    default: "required",
    example: "control_planes = 3",
    limits: [
      `1 to ${mostControlPlanes}; 0 in an entry without nodes. An even number gets a warning: it survives no more losses than one less.`,
      "One less needs [a step by hand](clouds/scaleway.md#scale) first.",
    ],
    init: { option: "--control-planes <count>", text: "how many control planes", read: countOf },
  },
  workers: {
    form: count("0 or more"),
    description: "How many workers.",
    type: "A whole number",
    default: "required",
    example: "workers = 2",
    limits: [
      "From 0 to what the network has [room](#addresses) for, before the first block of a pool.",
      "They are the pool `worker`: `worker-0`, `worker-1`…; more kinds of workers are [pools](#pools).",
      "With 0, and without a pool that takes every pod, control planes created then run workloads as well.",
    ],
    init: { option: "--workers <count>", text: "how many workers", read: countOf },
  },
  image_name: {
    form: settingName.optional(),
    description: "The nodes' image, by its name.",
    type: "A string",
    default: { scaleway: "`talos`", ovh: "`talos`", outscale: "`talos`" },
    example: `image_name = "talos-${defaultVersions.talos}"`,
    limits: [
      "Of `talos_version` and of the cloud's platform: [nocloud on Scaleway](clouds/scaleway.md#the-talos-image), [openstack on OVHcloud](clouds/ovh.md#the-talos-image), [aws on Outscale](clouds/outscale.md#the-talos-image). A name that does not hold the version gets a warning.",
      "[`openaether image create`](operations.md#the-talos-image) creates it under this name. Every plan looks it up: keep the image as long as the cluster.",
      "A newer image of the same name is taken by new nodes only.",
    ],
    init: {
      option: "--image-name <name>",
      text: "the name of the Talos image: the one that image create gives it",
    },
  },
  image_id: {
    form: settingText.optional(),
    description: "The nodes' image, by its id.",
    type: "A string: a UUID (Scaleway: alone or after its zone and a slash); on Outscale `ami-` and eight digits",
    default: "none: the image is found by its name",
    example: 'image_id = "fr-par-1/11111111-2222-4333-8444-555555555555"',
    limits: [
      "In place of `image_name`. Scaleway: only while every node is in one zone, since an image lives in one.",
      "Unlike a name, it is not looked up, so that plans go on without the image.",
    ],
  },
  instance_type: {
    form: settingText.optional(),
    description: "The machine type of control planes and workers.",
    type: "A string, in the cloud's words",
    default: "none: each role has its own, see the next two",
    example: 'instance_type = "PRO2-XXS"',
    limits: [
      "A change resizes the nodes one after the other; plain tofu, all of them in one apply.",
    ],
  },
  control_plane_instance_type: {
    form: settingText.optional(),
    description: "The machine type of control planes, before `instance_type`.",
    type: "A string, in the cloud's words",
    default: {
      scaleway: "`DEV1-M`, or `PRO2-XXS` when `zones` has fr-par-3",
      ovh: "`b3-8`",
      outscale: "`tinav6.c4r8p1`",
    },
    example: 'control_plane_instance_type = "DEV1-M"',
    limits: ["x86_64, 4 GiB of memory or more, sold in every zone used."],
    init: {
      option: "--control-plane-type <type>",
      text: "the control planes' machine type",
      isAsked: false,
    },
  },
  worker_instance_type: {
    form: settingText.optional(),
    description: "The machine type of workers, before `instance_type`.",
    type: "A string, in the cloud's words",
    default: {
      scaleway: "`DEV1-L`, or `PRO2-XXS` when `zones` has fr-par-3",
      ovh: "`b3-8`",
      outscale: "`tinav6.c4r8p2`",
    },
    example: 'worker_instance_type = "DEV1-L"',
    limits: ["x86_64, 2 GiB of memory or more, sold in every zone used."],
    init: { option: "--worker-type <type>", text: "the workers' machine type", isAsked: false },
  },
  subnet_id: {
    form: settingText.optional(),
    description: "The HCL original's; refused. The cluster creates its own network.",
    type: "Nothing is accepted",
    default: "none",
    limits: ["Remove the line."],
  },
  root_volume_gb: {
    form: rootVolumeForm.optional(),
    description: "The size of each node's disk, in GB.",
    type: "A whole number",
    default: { scaleway: "20", outscale: "100" },
    example: "root_volume_gb = 40",
    limits: [
      `${rootVolumeGb.smallest} to ${rootVolumeGb.largest}.`,
      "OVHcloud: refused, a disk comes with the machine type.",
      "Outscale: a disk gets faster with its size, and etcd wants 100 GB or more.",
    ],
  },
  bastion_instance_type: {
    form: settingText.optional(),
    description: "The bastion's machine type.",
    type: "A string, in the cloud's words",
    default: {
      scaleway: "`DEV1-S`",
      ovh: "`d2-2`, or `c3-4` in a region of three zones",
      outscale: "`tinav6.c1r1p2`",
    },
    example: 'bastion_instance_type = "PLAY2-PICO"',
    limits: ["x86_64, 1 GiB of memory or more, sold in `zone`."],
  },
  bastion_image: {
    form: settingName.optional(),
    description: "The bastion's image: the cloud's name of an Ubuntu.",
    type: "A string",
    default: {
      scaleway: "`ubuntu_noble`",
      ovh: "`Ubuntu 24.04`",
      outscale: "`Ubuntu-24.04-*`, of Outscale's own the newest",
    },
    example: 'bastion_image = "ubuntu_jammy"',
    limits: [
      "A change applies to a bastion created afterwards.",
      "Outscale: a name of Outscale's own images, with stars if need be, or an id.",
    ],
  },
  pools: {
    form: z
      .record(z.string(), pool, { error: "An object by name: { gpu = { address_block = 1, … } }." })
      .optional(),
    description:
      "Workers of a name, number and kind of their own, beside those that `workers` counts.",
    type: "An object by name; the settings of a pool are below",
    default: "none",
    example: [
      "pools = {",
      "  gpu = {",
      "    address_block = 1",
      "    count         = 2",
      '    taints        = { "example.org/dedicated" = "gpu:NoSchedule" }',
      "  }",
      "}",
    ].join("\n"),
    limits: [
      "A pool's nodes are `gpu-0`, `gpu-1`…: in commands, in resource addresses (`gpu_0`) and, after the cluster's name, as host names.",
      "A name has lower-case letters, digits and hyphens, a letter first, no number after its last hyphen; it is no name of something else in the cluster (worker, control-plane, bastion, nodes…).",
      "No node moves when a pool or the last node of one is added or removed: a pool's addresses follow from its `address_block`.",
      "Another name is another pool: its nodes are created, the old ones destroyed.",
      "A pool that is added or removed recreates the bastion, which lists where it may forward to; its address and its host key stay.",
    ],
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof settings;

type Forms = { [Name in SettingName]: (typeof settings)[Name]["form"] };

/** The entry of one cloud in `node_distribution`. */
export const distribution = z.strictObject(
  Object.fromEntries(Object.entries(settings).map(([name, { form }]) => [name, form])) as Forms,
  { error: "An object: { control_planes = 3, workers = 2, … }." },
);

export type Distribution = z.infer<typeof distribution>;

/** The HCL original's, and refused. */
const refusedSetting: SettingName = "subnet_id";

/** The settings that a user may set. */
export const settingNames: readonly string[] = Object.keys(settings).filter(
  (name) => name !== refusedSetting,
);
