import { distribution, file, lines, type Row, settings, valid } from "./table";

export const nodes: readonly Row[] = [
  [
    "no nodes",
    settings("control_planes = 0", "workers = 0"),
    "tofu.tfvars:7  node_distribution",
    'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
  ],
  [
    "no cloud",
    distribution("{}"),
    "tofu.tfvars:7  node_distribution",
    'No cloud has nodes. For one node: { scaleway = { control_planes = 1, workers = 0, region = "fr-par" } }.',
  ],
  [
    "workers alone",
    settings("control_planes = 0"),
    "tofu.tfvars:9  node_distribution.scaleway.control_planes = 0",
    "A cluster needs at least one control plane.",
  ],
  [
    "no number of control planes",
    distribution(
      '{ scaleway = { workers = 1, zones = ["fr-par-1"], image_name = "talos-v1.14.1" } }',
    ),
    "tofu.tfvars:7  node_distribution.scaleway.control_planes",
    "Required. A whole number, such as 3.",
  ],
  [
    "a negative number of control planes",
    settings("control_planes = -1"),
    "tofu.tfvars:9  node_distribution.scaleway.control_planes = -1",
    "Negative. Allowed: 1 to 7.",
  ],
  [
    "a negative number of workers",
    settings("workers = -1"),
    "tofu.tfvars:10  node_distribution.scaleway.workers = -1",
    "Negative. Allowed: 0 or more.",
  ],
  [
    "half a control plane",
    settings("control_planes = 0.5"),
    "tofu.tfvars:9  node_distribution.scaleway.control_planes = 0.5",
    "A whole number, such as 3.",
  ],
  [
    "eight control planes",
    settings("control_planes = 8"),
    "tofu.tfvars:9  node_distribution.scaleway.control_planes = 8",
    "At most 7: etcd gets slower with every member.",
  ],
  [
    "an even number of control planes",
    settings("control_planes = 2"),
    "warning tofu.tfvars:9  node_distribution.scaleway.control_planes = 2",
    "An even number: 2 survive no more losses than 1.",
  ],
  [
    "more than a new account may have",
    settings("workers = 6"),
    "warning tofu.tfvars:8  node_distribution.scaleway",
    "6 DEV1-L: a new account may have 5, one with a verified identity 10. Ask Scaleway for more before the apply, which would stop half-way.",
  ],
  [
    "an empty name",
    lines('cluster_name = ""'),
    'tofu.tfvars:1  cluster_name = ""',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
  ],
  [
    "capitals in the name",
    lines('cluster_name = "Prod"'),
    'tofu.tfvars:1  cluster_name = "Prod"',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
  ],
  [
    "a digit first",
    lines('cluster_name = "2nd"'),
    'tofu.tfvars:1  cluster_name = "2nd"',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
  ],
  [
    "a hyphen last",
    lines('cluster_name = "prod-"'),
    'tofu.tfvars:1  cluster_name = "prod-"',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
  ],
  [
    "a dot in the name",
    lines('cluster_name = "prod.eu"'),
    'tofu.tfvars:1  cluster_name = "prod.eu"',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
  ],
  [
    "a name that is too long for Outscale's load balancer",
    file(
      valid
        .replaceAll("scaleway", "outscale")
        .replace('"demo"', `"${"a".repeat(29)}"`)
        .replace("fr-par-1", "eu-west-2a"),
    ),
    'tofu.tfvars:1  cluster_name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa"',
    `At most 28 characters on Outscale, where the load balancer is called ${"a".repeat(29)}-api.`,
  ],
  [
    "a name that is too long",
    lines(`cluster_name = "${"a".repeat(41)}"`),
    'tofu.tfvars:1  cluster_name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
  ],
  [
    "a path for a name",
    lines('cluster_name = "../prod"'),
    'tofu.tfvars:1  cluster_name = "../prod"',
    "Lower-case letters, digits and hyphens, a letter first, no hyphen last, at most 40 characters.",
  ],
  [
    "the original's network",
    settings('subnet_id = "subnet-1"'),
    'tofu.tfvars:12  node_distribution.scaleway.subnet_id = "subnet-1"',
    "The cluster creates its own network, so that nothing else is on it. Remove the line.",
  ],
  [
    "a disk too small for Talos",
    settings("root_volume_gb = 9"),
    "tofu.tfvars:12  node_distribution.scaleway.root_volume_gb = 9",
    "Talos needs 10 GB at the least.",
  ],
  [
    "a disk beyond reason",
    settings("root_volume_gb = 20000"),
    "tofu.tfvars:12  node_distribution.scaleway.root_volume_gb = 20000",
    "At most 10000 GB.",
  ],
];
