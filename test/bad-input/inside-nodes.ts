import { lines, type Row } from "./table";

const argument =
  'One argument of the kernel, such as "console=ttyS0"; "-console" removes one of Talos\'s own. No blank, quotation mark, backslash or #.';
const factoryName = 'An extension as the Image Factory names it, such as "siderolabs/iscsi-tools"';
const server =
  'The key server as "https://kms.example.org:4050": a name or an address, and its port.';

/** Rows about the inside of nodes: the valid file with one line more. */
export const insideNodes: readonly Row[] = [
  [
    "extensions that are a string",
    lines('extensions = "siderolabs/gvisor"'),
    'tofu.tfvars:15  extensions = "siderolabs/gvisor"',
    'Expected a list: ["siderolabs/gvisor"].',
  ],
  [
    "an extension without its vendor",
    lines('extensions = ["iscsi-tools"]'),
    'tofu.tfvars:15  extensions[0] = "iscsi-tools"',
    `${factoryName}. Did you mean "siderolabs/iscsi-tools"?`,
  ],
  [
    "an extension as an image",
    lines('extensions = ["ghcr.io/siderolabs/iscsi-tools:v0.2.0"]'),
    'tofu.tfvars:15  extensions[0] = "ghcr.io/siderolabs/iscsi-tools:v0.2.0"',
    `${factoryName}: without registry and version, which follow from talos_version.`,
  ],
  [
    "an extension of blanks",
    lines('extensions = ["two words"]'),
    'tofu.tfvars:15  extensions[0] = "two words"',
    `${factoryName}: https://factory.talos.dev lists them.`,
  ],
  [
    "an extension twice",
    lines('extensions = ["siderolabs/gvisor", "siderolabs/gvisor"]'),
    'tofu.tfvars:15  extensions[1] = "siderolabs/gvisor"',
    "Named twice. Remove one.",
  ],
  [
    "an image whose name does not say its extensions",
    lines('extensions = ["siderolabs/util-linux-tools", "siderolabs/iscsi-tools"]'),
    'warning tofu.tfvars:12  node_distribution.scaleway.image_name = "talos-v1.14.1"',
    '"talos-v1.14.1" does not say that it has the extensions and kernel arguments of this file, schematic 613e1592…: openaether schematic prints its image. Name it "talos-v1.14.1-613e1592".',
  ],
  [
    "two kernel arguments in one",
    lines('kernel_args = ["console=ttyS0 quiet"]'),
    'tofu.tfvars:15  kernel_args[0] = "console=ttyS0 quiet"',
    argument,
  ],
  [
    "a kernel argument with a quotation mark",
    lines('kernel_args = ["dyndbg=\\"file a.c +p\\""]'),
    'tofu.tfvars:15  kernel_args[0] = "dyndbg=\\"file a.c +p\\""',
    argument,
  ],
  [
    "another platform",
    lines('kernel_args = ["talos.platform=metal"]'),
    'tofu.tfvars:15  kernel_args[0] = "talos.platform=metal"',
    "The platform is that of the cloud: with another one, a node finds no machine configuration. Remove it.",
  ],
  [
    "an unknown encryption of disks",
    lines('disk_encryption = "nodeid"'),
    'tofu.tfvars:15  disk_encryption = "nodeid"',
    "One of node_id, static, kms, none. Did you mean node_id?",
  ],
  [
    "encryption of disks as a boolean",
    lines("disk_encryption = true"),
    "tofu.tfvars:15  disk_encryption = true",
    'One of "node_id", "static", "kms" and "none", in quotes.',
  ],
  [
    "disks with a key server that is not named",
    lines('disk_encryption = "kms"'),
    "tofu.tfvars  disk_encryption_kms",
    'Required with disk_encryption = "kms": the key server.',
  ],
  [
    "a key server that nothing uses",
    lines('disk_encryption = "static"', 'disk_encryption_kms = "https://kms.example.org:4050"'),
    'tofu.tfvars:16  disk_encryption_kms = "https://kms.example.org:4050"',
    'Only with disk_encryption = "kms", which is "static". Remove one of the lines.',
  ],
  [
    "a key server without TLS",
    lines('disk_encryption = "kms"', 'disk_encryption_kms = "http://kms.example.org:4050"'),
    'tofu.tfvars:16  disk_encryption_kms = "http://kms.example.org:4050"',
    server,
  ],
  [
    "a key server without a port",
    lines('disk_encryption = "kms"', 'disk_encryption_kms = "https://kms.example.org"'),
    'tofu.tfvars:16  disk_encryption_kms = "https://kms.example.org"',
    server,
  ],
  [
    "labels of a node that does not exist",
    lines('node_labels = { "worker-7" = { a = "b" } }'),
    "tofu.tfvars:15  node_labels.worker-7",
    "There is no such role, pool or node. There are control_planes, workers, worker, and the nodes control-plane-0, worker-0.",
  ],
  [
    "labels of a misspelt role",
    lines('node_labels = { control_plane = { a = "b" } }'),
    "tofu.tfvars:15  node_labels.control_plane",
    "There is no such role, pool or node. Did you mean control_planes?",
  ],
  [
    "labels without a target",
    lines('node_labels = { "example.org/a" = "b" }'),
    'tofu.tfvars:15  node_labels.example.org/a = "b"',
    'An object of strings: { "…" = "…" }.',
  ],
  [
    "a label that no worker may have",
    lines('node_labels = { workers = { "node-role.kubernetes.io/gpu" = "" } }'),
    'tofu.tfvars:15  node_labels.workers.node-role.kubernetes.io/gpu = ""',
    "Kubernetes lets no worker set this label on itself (NodeRestriction): of kubernetes.io and k8s.io only kubelet.kubernetes.io/…, node.kubernetes.io/… and topology.kubernetes.io/region and /zone. Once the node is there: kubectl label node … node-role.kubernetes.io/gpu=. Or take a domain of your own.",
  ],
  [
    "a taint of an unknown effect",
    lines('node_taints = { "worker-0" = { a = "b:NoSchedul" } }'),
    'tofu.tfvars:15  node_taints.worker-0.a = "b:NoSchedul"',
    'Expected "value:Effect" or "Effect", with an effect of NoSchedule, PreferNoSchedule, NoExecute. Did you mean NoSchedule?',
  ],
];
