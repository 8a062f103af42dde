import { file, type Row, settings, valid } from "./table";

/** The valid file with these pools, from line 12 on. */
function pools(...lines: string[]) {
  return settings(`pools = {\n${lines.map((line) => `      ${line}\n`).join("")}    }`);
}

/** With one pool of the settings; without a count, of one node, and without a block, in the first. */
function pool(text: string, name = "gpu") {
  const count = /\bcount\b/.test(text) ? "" : "count = 1, ";
  const block = /\baddress_block\b/.test(text) ? "" : "address_block = 1, ";
  return pools(`${name} = { ${block}${count}${text} }`);
}

const at = (rest: string, line = 13) =>
  `tofu.tfvars:${line}  node_distribution.scaleway.pools.${rest}`;

const nameForm =
  "A pool's name has lower-case letters, digits and hyphens, a letter first, no hyphen last and no number after its last hyphen.";
const takenName =
  "Something else in the cluster has this name, or one that begins so. Choose another name.";
const keyForm =
  "A key's name has letters, digits, hyphens, dots and underscores, a letter or digit first and last, and at most 63 characters.";
const valueForm =
  "A value has letters, digits, hyphens, dots and underscores, a letter or digit first and last, and at most 63 characters; or it is empty.";
const effects =
  'Expected "value:Effect" or "Effect", with an effect of NoSchedule, PreferNoSchedule, NoExecute.';
const restricted =
  "Kubernetes lets no worker set this label on itself (NodeRestriction): of kubernetes.io and k8s.io only kubelet.kubernetes.io/…, node.kubernetes.io/… and topology.kubernetes.io/region and /zone.";

/** The valid file for another cloud, with these settings. */
function on(cloud: "ovh" | "outscale", ...lines: string[]) {
  const zones = { ovh: 'region = "GRA11"', outscale: 'zones = ["eu-west-2a"]' }[cloud];
  return file(
    valid
      .replaceAll("scaleway", cloud)
      .replace('zones          = ["fr-par-1"]', [zones, ...lines].join("\n    ")),
  );
}

export const poolRows: readonly Row[] = [
  [
    "pools that are no object",
    settings('pools = ["gpu"]'),
    "tofu.tfvars:12  node_distribution.scaleway.pools",
    "An object by name: { gpu = { address_block = 1, … } }.",
  ],
  [
    "a pool that is a number",
    pools("gpu = 2"),
    at("gpu = 2"),
    "An object: { address_block = 1, count = 2, … }.",
  ],
  [
    "a pool without anything",
    pools("gpu = {}"),
    at("gpu.count"),
    "Required. A whole number, such as 3.",
    at("gpu.address_block"),
    "Required: the number of a block of addresses, so that they never move. Free: 1 to 15.",
  ],
  [
    "two pools of one block, and one without",
    pools(
      "a = { address_block = 3, count = 1 }",
      "b = { address_block = 3, count = 1 }",
      "c = { count = 1 }",
    ),
    at("b.address_block = 3", 14),
    "The pool a has this block. Free: 1, 2, 4 to 15.",
    at("c.address_block", 15),
    "Required: the number of a block of addresses, so that they never move. Free: 1, 2, 4 to 15.",
  ],
  [
    "a block that the network does not have",
    pool("address_block = 16"),
    at("gpu.address_block = 16"),
    "This network has the blocks 1 to 15. Free: 1 to 15.",
  ],
  [
    "block zero",
    pool("address_block = 0"),
    at("gpu.address_block = 0"),
    "This network has the blocks 1 to 15. Free: 1 to 15.",
  ],
  [
    "a block in quotes",
    pool('address_block = "1"'),
    at('gpu.address_block = "1"'),
    "Remove the quotes: 1.",
  ],
  [
    "a block that Outscale's subnets do not have",
    on("outscale", "pools = { gpu = { address_block = 8, count = 1 } }"),
    "tofu.tfvars:12  node_distribution.outscale.pools.gpu.address_block = 8",
    "This network has the blocks 1 to 7. Free: 1 to 6.",
  ],
  [
    "more nodes than a block has addresses",
    pool('instance_type = "PRO2-S", count = 33'),
    at("gpu.count = 33"),
    "Block 1 has room for 32 nodes. Take a second pool, or a larger network when you create a cluster.",
  ],
  [
    "workers that reach into a pool's block",
    settings(
      "workers = 29",
      'worker_instance_type = "PRO2-S"',
      "pools = { gpu = { address_block = 15, count = 1 } }",
    ),
    "tofu.tfvars:10  node_distribution.scaleway.workers = 29",
    "28 workers fit before block 15, which the pool gpu has.",
  ],
  [
    "a negative number of nodes",
    pool("count = -1"),
    at("gpu.count = -1"),
    "Negative. Allowed: 0 or more.",
  ],
  ["a pool's name with a capital", pool("", "GPU"), at("GPU"), nameForm],
  ["a pool's name that reads as a node's", pool("", "gpu-1"), at("gpu-1"), nameForm],
  ["a pool's name with a hyphen last", pool("", "gpu-"), at("gpu-"), nameForm],
  ["a pool's name with a dot", pool("", '"gpu.large"'), at("gpu.large"), nameForm],
  [
    "the name of the workers' own pool",
    pool("", "worker"),
    at("worker"),
    "The pool of the nodes that `workers` counts. Choose another name.",
  ],
  ["the name of the control planes", pool("", "control-plane"), at("control-plane"), takenName],
  ["the bastion's name", pool("", "bastion"), at("bastion"), takenName],
  ["a name of explain's", pool("", "internet"), at("internet"), takenName],
  ["a name as of a zone's resources", pool("", "nodes-fr-par"), at("nodes-fr-par"), takenName],
  [
    "a name of every object of the language",
    pool("", "constructor"),
    at("constructor"),
    "constructor is reserved by the language of this program. Choose another name.",
  ],
  [
    "__proto__ as a pool",
    pool("", "__proto__"),
    at("__proto__"),
    "This name is not possible here.",
  ],
  [
    "a pool's name that is too long for a host name",
    pool("", "a".repeat(54)),
    at("a".repeat(54)),
    "At most 53 characters in this cluster: a host name is <cluster>-<pool>-<number> and has 63.",
  ],
  [
    "a setting that no pool has",
    pool("colour = 1"),
    at("gpu.colour = 1"),
    "There is no such setting of a pool. Settings: address_block, count, instance_type, zones, root_volume_gb, labels, taints.",
  ],
  [
    "a setting of a pool with a typo",
    pool("label = {}"),
    at("gpu.label"),
    "There is no such setting of a pool. Did you mean labels?",
  ],
  [
    "a setting of the cluster in a pool",
    pool('image_name = "talos"'),
    at('gpu.image_name = "talos"'),
    "A setting of the cloud, for the whole cluster: it belongs outside of pools.",
  ],
  [
    "a pool's setting outside of pools",
    settings("address_block = 1"),
    "tofu.tfvars:12  node_distribution.scaleway.address_block = 1",
    "A setting of a pool: pools = { gpu = { address_block = … } }.",
  ],
  [
    "a pool in a zone of another region",
    pool('zones = ["nl-ams-1"]'),
    at('gpu.zones[0] = "nl-ams-1"'),
    "Not a zone of fr-par. Allowed: fr-par-1, fr-par-2, fr-par-3.",
  ],
  [
    "a pool's machine type that its zone does not sell",
    pool('zones = ["fr-par-3"], instance_type = "DEV1-L"'),
    at('gpu.instance_type = "DEV1-L"'),
    "DEV1-L is not sold in fr-par-3. Smallest that is: PRO2-XXS.",
  ],
  [
    "the workers' machine type that a pool's zone does not sell",
    settings(
      'worker_instance_type = "DEV1-L"',
      'pools = { gpu = { address_block = 1, count = 1, zones = ["fr-par-3"] } }',
    ),
    'tofu.tfvars:13  node_distribution.scaleway.worker_instance_type = "DEV1-L"',
    "DEV1-L is not sold in fr-par-3. Smallest that is: PRO2-XXS.",
  ],
  [
    "a pool's machine type without memory",
    pool('instance_type = "STARDUST1-S"'),
    at('gpu.instance_type = "STARDUST1-S"'),
    "A worker needs 2 GiB of memory; STARDUST1-S has 1. Smallest that fits: DEV1-S.",
  ],
  [
    "an image of one zone, and a pool in another",
    settings(
      'image_id = "11111111-2222-4333-8444-555555555555"',
      'pools = { gpu = { address_block = 1, count = 1, zones = ["fr-par-2"] } }',
      "image_name = null",
    ),
    'tofu.tfvars:13  node_distribution.scaleway.image_id = "11111111-2222-4333-8444-555555555555"',
    "An image lives in one zone, and the nodes are in several. Use image_name, with an image of that name in each.",
  ],
  [
    "machines beyond a new account's quota, of a pool and the workers together",
    settings(
      "workers = 3",
      'pools = { gpu = { address_block = 1, count = 3, instance_type = "DEV1-L" } }',
    ),
    "warning tofu.tfvars:8  node_distribution.scaleway",
    "6 DEV1-L: a new account may have 5, one with a verified identity 10. Ask Scaleway for more before the apply, which would stop half-way.",
  ],
  [
    "a pool's disk too small for Talos",
    pool("root_volume_gb = 9"),
    at("gpu.root_volume_gb = 9"),
    "Talos needs 10 GB at the least.",
  ],
  [
    "a pool's disk on OVHcloud",
    on("ovh", "pools = { gpu = { address_block = 1, count = 1, root_volume_gb = 50 } }"),
    "tofu.tfvars:12  node_distribution.ovh.pools.gpu.root_volume_gb = 50",
    "On OVHcloud a disk comes with the machine type. Remove the line, or take a larger type.",
  ],
  [
    "a pool's zone without a subnet on Outscale",
    on(
      "outscale",
      'pools = { gpu = { address_block = 1, count = 1, zones = ["eu-west-2a", "eu-west-2b"] } }',
    ),
    'tofu.tfvars:12  node_distribution.outscale.pools.gpu.zones[1] = "eu-west-2b"',
    "On Outscale a pool's zones are among the cluster's zones, each of which is a subnet: eu-west-2a.",
  ],
  [
    "a label that is no string",
    pool("labels = { gpu = true }"),
    at("gpu.labels.gpu = true"),
    'Quotes are missing: "true".',
  ],
  [
    "labels in a list",
    pool('labels = ["gpu"]'),
    at("gpu.labels"),
    'An object of strings: labels = { "…" = "…" }.',
  ],
  [
    "labels of every wrong form",
    pools(
      "gpu = { address_block = 1, count = 1, labels = {",
      '"a/b/c" = ""',
      '"-a" = ""',
      '"Example.org/a" = ""',
      '"/a" = ""',
      '"example.org/" = ""',
      `"${"a".repeat(64)}" = ""`,
      '"a" = "a b"',
      `"b" = "${"b".repeat(64)}"`,
      "} }",
    ),
    at('gpu.labels.a/b/c = ""', 14),
    "A key has one slash at most: example.org/gpu.",
    at('gpu.labels.-a = ""', 15),
    keyForm,
    at('gpu.labels.Example.org/a = ""', 16),
    "Before a key's slash is a DNS name in small letters, of at most 253 characters: example.org/gpu.",
    at('gpu.labels./a = ""', 17),
    "Before a key's slash is a DNS name in small letters, of at most 253 characters: example.org/gpu.",
    at('gpu.labels.example.org/ = ""', 18),
    keyForm,
    at(`gpu.labels.${"a".repeat(64)} = ""`, 19),
    keyForm,
    at('gpu.labels.a = "a b"', 20),
    valueForm,
    at(`gpu.labels.b = "${"b".repeat(39)}…`, 21),
    valueForm,
  ],
  [
    "labels that no node may set on itself",
    pools(
      "gpu = { address_block = 1, count = 1, labels = {",
      '"node-role.kubernetes.io/gpu" = ""',
      '"node-restriction.kubernetes.io/gpu" = "true"',
      '"kubernetes.io/gpu" = "true"',
      '"gpu.k8s.io/gpu" = "true"',
      '"kubernetes.io/hostname" = "me"',
      "} }",
    ),
    at('gpu.labels.node-role.kubernetes.io/gpu = ""', 14),
    `${restricted} Once the node is there: kubectl label node … node-role.kubernetes.io/gpu=. Or take a domain of your own.`,
    at('gpu.labels.node-restriction.kubernetes.io/gpu = "true"', 15),
    `${restricted} Take a domain of your own.`,
    at('gpu.labels.kubernetes.io/gpu = "true"', 16),
    `${restricted} Take a domain of your own.`,
    at('gpu.labels.gpu.k8s.io/gpu = "true"', 17),
    `${restricted} Take a domain of your own.`,
    at('gpu.labels.kubernetes.io/hostname = "me"', 18),
    "The kubelet sets this label itself. Remove it.",
  ],
  [
    "taints of every wrong form",
    pools(
      "gpu = { address_block = 1, count = 1, taints = {",
      '"a" = "gpu"',
      '"b" = "gpu:NoShedule"',
      '"c" = "noexecute"',
      '"d" = "a:b:NoSchedule"',
      '"e" = "-x:NoSchedule"',
      '"-f" = "NoSchedule"',
      '"node.kubernetes.io/unreachable" = "NoExecute"',
      "} }",
    ),
    at('gpu.taints.a = "gpu"', 14),
    effects,
    at('gpu.taints.b = "gpu:NoShedule"', 15),
    `${effects} Did you mean NoSchedule?`,
    at('gpu.taints.c = "noexecute"', 16),
    `${effects} Did you mean NoExecute?`,
    at('gpu.taints.d = "a:b:NoSchedule"', 17),
    valueForm,
    at('gpu.taints.e = "-x:NoSchedule"', 18),
    valueForm,
    at('gpu.taints.-f = "NoSchedule"', 19),
    keyForm,
    at('gpu.taints.node.kubernetes.io/unreachable = "NoExecute"', 20),
    "Kubernetes sets and removes this taint itself, by the node's state. Take a domain of your own.",
  ],
];
