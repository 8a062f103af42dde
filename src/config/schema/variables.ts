import { z } from "zod";
import type { ClusterSpec } from "../../../constructs/model/cluster-spec";
import { cniNames } from "../../../constructs/model/cni";
import { kubernetesPort } from "../../../constructs/model/ports";
import { nodePodPrefix, talosNetwork } from "../../../constructs/model/cluster-network";
import { checkAdminNetworks } from "../checks/access";
import {
  checkClusterDomain,
  checkPodNetwork,
  checkServiceNetwork,
  podPrefixLengths,
  servicePrefixLengths,
} from "../checks/cluster-network";
import { checkDiskEncryption, checkKms } from "../checks/disks";
import { checkEndpoint } from "../checks/endpoint";
import { checkCni, policiesSinceMinor } from "../checks/cni";
import { checkManifests } from "../checks/manifests";
import { checkConfigPatches, checkConsents } from "../checks/patch-variables";
import { checkName } from "../checks/name";
import { checkNetwork, prefixLengths } from "../checks/network";
import { checkExtensions, checkKernelArgs } from "../checks/schematic";
import { checkState } from "../checks/state";
import { mostPatchKilobytes } from "../patches/patch-text";
import { promises } from "../patches/promise-names";
import { newestTalosMinor, oldestTalosMinor, supportedTalosMinor } from "../checks/versions";
import { defaultVersions } from "../talos-releases";
import { oneOrList, stateFromAnswer } from "./answers";
import { type Variable, variable } from "./declaration";
import { boolean, byCloud, text, textOrList, texts, textsByTarget, version } from "./forms";
import { ingressRulesForm } from "./ingress-rules";
import { configPatches } from "./patch-targets";
import { distribution } from "./settings";
import { stateForm } from "./state";

/**
 * Every variable, in the order of `init` and of the docs. The first seven are the HCL original's. A
 * new one that does not depend on others is complete with its entry here: its form, its docs, its
 * option of `init`, and its part of the cluster's specification.
 */
export const variables = [
  variable({
    name: "cluster_name",
    form: text,
    description: "The cluster's name, and the prefix of everything created. Immutable.",
    default: "openaether",
    type: "A string",
    example: 'cluster_name = "openaether"',
    limits: [
      "Lower-case letters, digits and hyphens; a letter first, no hyphen last; at most 40 characters.",
      "The stack's directory is `cdktf.out/stacks/<cluster_name>`.",
    ],
    init: { option: "--name <name>", text: "the cluster's name" },
    toSpec: checkName,
  }),
  variable({
    name: "talos_version",
    form: version(defaultVersions.talos),
    description: `The Talos release of the nodes' image, 1.${oldestTalosMinor} to 1.${newestTalosMinor}.`,
    default: defaultVersions.talos,
    type: "A string, with or without the `v`",
    example: `talos_version = "${defaultVersions.talos}"`,
    limits: [
      `A full version, v1.${oldestTalosMinor} to v1.${newestTalosMinor}. Below v1.${supportedTalosMinor} there is a warning: such a release gets no fixes any more.`,
      "It must be the version in the image: a node does not boot with a machine configuration newer than its Talos.",
      "The form of the machine configurations, Talos's version contract, is that of the version with which the cluster was created, v1.13 at most, and stays: a newer Talos boots with it. An older one would not, so a plan refuses a version below it.",
      "`up` upgrades running nodes too, one at a time: each is drained and reboots.",
    ],
    init: { option: "--talos-version <version>", text: "the Talos release", isAsked: false },
  }),
  variable({
    name: "kubernetes_version",
    form: version(defaultVersions.kubernetes),
    description: "The Kubernetes release, one that the Talos release supports.",
    default: defaultVersions.kubernetes,
    type: "A string, with or without the `v`",
    example: `kubernetes_version = "${defaultVersions.kubernetes}"`,
    limits: [
      "A full version that the Talos release runs; the [table](#which-kubernetes-goes-with-which-talos) is below.",
      "`up` upgrades running nodes too; nothing reboots.",
    ],
    init: {
      option: "--kubernetes-version <version>",
      text: "the Kubernetes release",
      isAsked: false,
    },
  }),
  variable({
    name: "extensions",
    form: texts,
    description: "System extensions in the nodes' image, as the Image Factory names them.",
    default: null,
    type: "A list of strings",
    example: 'extensions = ["siderolabs/iscsi-tools", "siderolabs/util-linux-tools"]',
    limits: [
      "They are part of the image: give it the name that `openaether schematic` prints as `image_name`, and `openaether image create` creates it. There is a warning where that name lacks the schematic's first eight digits.",
      "Order does not matter. Versions follow from `talos_version`.",
      "The installer of later upgrades has the same schematic.",
      "A change applies to nodes created afterwards, from the new image. `up` upgrades running nodes to the new installer, one at a time.",
      "Outscale: not `siderolabs/qemu-guest-agent`, which does not start there.",
    ],
    toSpec: checkExtensions,
  }),
  variable({
    name: "kernel_args",
    form: texts,
    description: "Arguments of the kernel in the nodes' image, beside Talos's own.",
    default: null,
    type: "A list of strings",
    example: 'kernel_args = ["console=ttyS0", "lockdown=integrity"]',
    limits: [
      "Part of the image, as `extensions` are. The order matters: another one is another schematic.",
      '`"-name"` removes an argument that Talos sets.',
    ],
    toSpec: checkKernelArgs,
  }),
  variable({
    name: "disk_encryption",
    form: z.string({ error: 'One of "node_id", "static", "kms" and "none", in quotes.' }),
    description:
      "What the nodes' disks are encrypted with: Talos's partitions STATE and EPHEMERAL, with LUKS2. Immutable.",
    default: null,
    type: 'A string: "node_id", "static", "kms" or "none"',
    example: 'disk_encryption = "node_id"',
    limits: [
      'Without this line, `"node_id"` for a cluster that is created now. One that was created before there was such a setting keeps disks without encryption.',
      "`\"node_id\"`: a key from the identity of the machine. It protects a disk, a snapshot or a backup that leaves without its machine; not against someone who reads the machine's UUID in the cloud's API. A snapshot opens in no other machine.",
      '`"static"`: the same for STATE; EPHEMERAL, which has etcd and the pods\' data, by a passphrase that follows from the secrets in the state, so that who has the state can open it elsewhere.',
      '`"kms"`: both by a key server of yours, `disk_encryption_kms`. A node boots only while it answers; without it, a stolen machine stays closed.',
      "User data, with the cluster's keys, is not on these partitions: the cloud keeps it, and so does the state.",
      "EPHEMERAL's key opens only together with the machine's STATE (Talos 1.11 and newer).",
    ],
    toSpec: checkDiskEncryption,
  }),
  variable({
    name: "disk_encryption_kms",
    form: text,
    description: 'The key server of the nodes\' disks, with `disk_encryption = "kms"`.',
    default: null,
    type: "A string: an https URL with a port",
    example: 'disk_encryption_kms = "https://kms.example.org:4050"',
    limits: [
      "It speaks Talos's protocol (`siderolabs/kms-client`), with a certificate that public authorities have signed: STATE is opened before the machine configuration is known.",
      "Reached through the NAT gateway. `up` applies a change to running nodes too.",
    ],
    toSpec: (value, report) => ({ diskEncryptionKms: checkKms(value, report) }),
  }),
  variable({
    name: "node_distribution",
    form: byCloud(distribution, "An object by cloud: { scaleway = { … } }."),
    description: "How many nodes of which kind, by cloud; exactly one cloud has nodes.",
    default: {},
    required: true,
    type: "An object by cloud; the [settings of a cloud](#the-settings-of-a-cloud) are below",
    example: [
      "node_distribution = {",
      "  scaleway = {",
      "    control_planes = 3",
      "    workers        = 2",
      '    zones          = ["fr-par-1", "fr-par-2", "fr-par-1"]',
      `    image_name     = "talos-${defaultVersions.talos}"`,
      "  }",
      "}",
    ].join("\n"),
    limits: [
      "Exactly one cloud may have nodes: a cluster is one private network. An entry with no nodes is allowed.",
      "The cloud is immutable, and so are the `region` and the `zone` that follow from it.",
    ],
  }),
  variable({
    name: "node_labels",
    form: textsByTarget("node_labels"),
    description: "Kubernetes labels of nodes, by role, pool or node.",
    default: null,
    type: "An object by role, pool or node, of objects of strings",
    example: [
      "node_labels = {",
      '  workers    = { "example.org/tier" = "general" }',
      '  "worker-0" = { "example.org/disk" = "ssd" }',
      "}",
    ].join("\n"),
    limits: [
      "By `control_planes`, `workers` (of every pool), a pool's name or a node's. The narrower one wins; between a role's and these stand the [`labels`](#poolslabels) of a pool's own settings.",
      "What Kubernetes lets no worker set on itself is refused, as for a pool; control planes may have it.",
      "`up` applies a change to running nodes too.",
    ],
  }),
  variable({
    name: "node_taints",
    form: textsByTarget("node_taints"),
    description: "Kubernetes taints of nodes, by role, pool or node.",
    default: null,
    type: 'An object by role, pool or node, of objects of strings, `"value:Effect"` or `"Effect"`',
    example: 'node_taints = { "worker-0" = { "example.org/dedicated" = "builds:NoSchedule" } }',
    limits: [
      "By the same names as `node_labels`, and by the same order.",
      "Where every worker has a taint of NoSchedule or NoExecute, control planes run workloads as well: the cluster's own DNS needs a node.",
      "A change applies to nodes created afterwards. Running nodes: `kubectl taint`.",
    ],
  }),
  variable({
    name: "admin_ip",
    form: textOrList,
    description: "Who may reach the API and the bastion: IPv4 addresses or networks.",
    default: null,
    required: 'the public IPv4 address you administer from, such as "203.0.113.7"',
    type: "A string, or a list of strings",
    example: 'admin_ip = ["203.0.113.7", "198.51.100.0/24"]',
    limits: [
      "IPv4 only. A bare address is that address alone.",
      "Together at most as many addresses as a /8, unless `allow_open_admin = true`.",
      "The order and the way of writing do not matter: networks are merged and sorted.",
    ],
    init: {
      option: "--admin-ip <networks>",
      text: "who may reach API and bastion: public IPv4 addresses, networks",
      hint: "Yours, as the internet sees it: curl -4 https://ifconfig.co, or ask your provider.",
      startsFromExample: false,
      read: oneOrList,
    },
    toSpec: (value, report, { allow_open_admin }) => ({
      adminNetworks: checkAdminNetworks(value, allow_open_admin === true, report),
    }),
  }),
  variable({
    name: "bastion_ssh_keys",
    form: byCloud(textOrList, 'An object by cloud: { scaleway = "ssh-ed25519 …" }.'),
    description: "Public SSH keys that may log in to the bastion as ubuntu, by cloud.",
    default: {},
    required: true,
    type: "An object by cloud of a string, or of a list of strings",
    example:
      'bastion_ssh_keys = {\n  scaleway = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHVm9lBhgjWeILyQe+/vmJ3eg7BnEp2yE3Lh0vbRJCYp me@desk"\n}',
    limits: [
      "Required for the cloud that has nodes. One key, one line, as in `~/.ssh/id_ed25519.pub`.",
      "Ed25519, ECDSA, RSA, and keys that live in hardware (`sk-…`). A private key is refused and not shown.",
      "A change recreates the bastion; its address and its host key stay.",
    ],
    init: {
      option: "--ssh-key <file>",
      text: "the public SSH key for the bastion, a file",
      hint: "Create one with: ssh-keygen -t ed25519",
      startsFromExample: false,
    },
  }),
  variable({
    name: "cluster_endpoint",
    form: text,
    description: "A DNS name of the API, which you point at the load balancer once it exists.",
    default: null,
    type: `A string: a DNS name, or \`https://<name>:${kubernetesPort}\``,
    example: 'cluster_endpoint = "api.example.org"',
    limits: [
      "No address: without this line the kubeconfig names the load balancer's own.",
      "It goes into the certificate of the API. Set later, `up` adds it there, one control plane after the other.",
      "Nodes always use the load balancer's address.",
    ],
    init: {
      option: "--endpoint <name>",
      text: "a DNS name of the API, if you have one",
      isOptional: true,
      startsFromExample: false,
    },
    toSpec: (value, report): Pick<ClusterSpec, "endpointName"> => ({
      endpointName: checkEndpoint(value, report),
    }),
  }),
  variable({
    name: "network_cidr",
    form: text,
    description: "The private network, /16 to /22. Immutable.",
    default: "172.16.4.0/22",
    type: "A string",
    example: 'network_cidr = "10.20.0.0/20"',
    limits: [
      `A private IPv4 network, /${prefixLengths.widest} to /${prefixLengths.narrowest}, written with its own address (no host bits).`,
      "Apart from `pod_cidr` and `service_cidr`.",
      "Where everything lies in it: [below](#addresses).",
    ],
    init: {
      option: "--network <network>",
      text: "the private network, if not 172.16.4.0/22",
      isAsked: false,
      isOptional: true,
      startsFromExample: false,
    },
    toSpec(value, report, others) {
      const network = checkNetwork(value, others, report);
      return network && { network };
    },
  }),
  variable({
    name: "ingress_rules",
    form: ingressRulesForm,
    description:
      "Ports of nodes that are open on the private network, beside those that the cluster needs.",
    default: null,
    type: "A list of objects; the [settings of a rule](#the-settings-of-an-ingress-rule) are below",
    example: [
      "ingress_rules = [",
      '  { name = "node-ports", ports = "30000-32767", nodes = "workers" },',
      '  { name = "metrics", ports = [9100, "9153-9154"], from = "nodes" },',
      "]",
    ].join("\n"),
    limits: [
      "The first of the example is for Kubernetes's NodePorts, which the nodes' firewall would refuse.",
      "Talos's firewall opens the ports; `up` changes it on running nodes too.",
      "OVHcloud's and Outscale's security groups open them as well; a change there applies at once.",
    ],
  }),
  variable({
    name: "pod_cidr",
    form: text,
    description: "The pods' network. Immutable.",
    default: talosNetwork.pods,
    type: "A string",
    example: 'pod_cidr = "10.64.0.0/14"',
    limits: [
      `A private IPv4 network, /${podPrefixLengths.widest} to /${podPrefixLengths.narrowest}, written with its own address (no host bits).`,
      "Apart from `network_cidr` and `service_cidr`, and from every network that pods are to reach beyond the cluster.",
      `Each node gets a /${nodePodPrefix} of it: a /16 is enough for 256 nodes.`,
    ],
    toSpec(value, report, others) {
      const podNetwork = checkPodNetwork(value, others, report);
      return podNetwork && { podNetwork };
    },
  }),
  variable({
    name: "service_cidr",
    form: text,
    description: "The services' network. Immutable.",
    default: talosNetwork.services,
    type: "A string",
    example: 'service_cidr = "10.112.0.0/16"',
    limits: [
      `A private IPv4 network, /${servicePrefixLengths.widest} to /${servicePrefixLengths.narrowest}, written with its own address (no host bits).`,
      "Apart from `network_cidr` and `pod_cidr`.",
    ],
    toSpec(value, report, others) {
      const serviceNetwork = checkServiceNetwork(value, others, report);
      return serviceNetwork && { serviceNetwork };
    },
  }),
  variable({
    name: "cluster_domain",
    form: text,
    description: "What the names of services end with, in the cluster's own DNS. Immutable.",
    default: talosNetwork.domain,
    type: "A string: a DNS name",
    example: 'cluster_domain = "demo.internal"',
    limits: [
      "Small letters, digits, hyphens and dots; at most 121 characters.",
      "The cluster's DNS answers for every name in it: no domain that pods look up elsewhere, and not that of `cluster_endpoint`.",
    ],
    toSpec(value, report, others) {
      const clusterDomain = checkClusterDomain(value, others, report);
      return clusterDomain === undefined ? undefined : { clusterDomain };
    },
  }),
  variable({
    name: "cni",
    form: text,
    description: "What gives pods their network. Immutable.",
    default: "flannel",
    type: `A string: ${cniNames.map((name) => `\`"${name}"\``).join(", ")}`,
    example: 'cni = "cilium"',
    limits: [
      "`flannel`: Talos's own, with its own kube-proxy.",
      "`cilium`: of the version and with the settings in `cilium_manifest`, in place of kube-proxy. The nodes' firewall opens what it needs between nodes.",
      "`none`: you apply one after the bootstrap; nodes are not ready before. kube-proxy stays. The nodes' firewall opens no port for it.",
    ],
    toSpec(value, report, others, files) {
      const cni = checkCni(value, others, report, files);
      return cni && { cni };
    },
  }),
  variable({
    name: "cilium_manifest",
    form: text,
    description: "What Talos applies at bootstrap to install Cilium: a file beside tofu.tfvars.",
    default: null,
    type: "A string: the path of a file, or (with a line break in it) YAML",
    example: 'cni             = "cilium"\ncilium_manifest = "./cilium.yaml"',
    limits: [
      'Only with `cni = "cilium"`. Written by `helm template` with the settings that Talos needs: [the command](cilium.md). One that lacks such a setting is refused.',
      "Without it you apply Cilium after the bootstrap; nodes are not ready before. OVHcloud's user data has no room for most versions of it.",
      "At most 1 MiB, and what the cloud's user data has room for.",
      "A change applies to control planes created afterwards. Running clusters: `kubectl apply`.",
    ],
  }),
  variable({
    name: "network_policies",
    form: boolean,
    description: "Whether Flannel's nodes enforce Kubernetes's network policies.",
    default: false,
    type: "`true` or `false`",
    example: "network_policies = true",
    limits: [
      `Only with \`cni = "flannel"\`, from Talos 1.${policiesSinceMinor} on: Talos's own \`kube-network-policies\` runs beside Flannel. Cilium enforces them by itself.`,
      "Read when the cluster is bootstrapped.",
    ],
  }),
  variable({
    name: "manifests",
    form: texts,
    description: "What Talos applies at bootstrap, in this order: files beside tofu.tfvars.",
    default: [],
    type: "A list of strings: each the path of a file, or (with a line break in it) YAML",
    example: 'manifests = ["./flux.yaml", "./apps.yaml"]',
    limits: [
      "Kubernetes objects as YAML, at most 1 MiB each, and what the cloud's user data has room for. Examples: [examples/manifests](../examples/manifests/README.md).",
      "Of all of them, Talos applies namespaces first, then CustomResourceDefinitions, then the rest in this order. It creates what is missing; it never changes or deletes an object.",
      "A file's content is part of the reviewed input: it is in `cdk.tf.json`, in the state and in the control planes' user data. A Secret with content is refused unless `allow_manifest_secrets = true`.",
      "A change applies to control planes created afterwards. Running clusters: `kubectl apply`.",
    ],
    toSpec: (value, report, { allow_manifest_secrets }, files): Pick<ClusterSpec, "manifests"> => ({
      manifests: checkManifests(value, {
        report,
        files,
        allowsSecrets: allow_manifest_secrets === true,
      }),
    }),
  }),
  variable({
    name: "allow_manifest_secrets",
    form: boolean,
    description: "Allows Secrets with content in manifests and cilium_manifest.",
    default: false,
    type: "`true` or `false`",
    example: "allow_manifest_secrets = true",
    limits: [
      "Such a Secret is readable in `cdk.tf.json`, a plan, the state and the control planes' user data. There is a warning for each.",
    ],
  }),
  variable({
    name: "allow_open_admin",
    form: boolean,
    description: "Allows admin_ip to cover more than a /8.",
    default: false,
    type: "`true` or `false`",
    example: "allow_open_admin = true",
    limits: [
      'With `admin_ip = "0.0.0.0/0"` the whole internet reaches the API and the bastion\'s SSH.',
    ],
  }),
  variable({
    name: "config_patches",
    form: configPatches,
    description:
      "Patches of the nodes' machine configurations, beside what this project writes: for all nodes, by role, by pool or by node. [Examples](../examples/patches/README.md).",
    default: null,
    type: "An object by [target](#the-targets-of-patches), of lists of strings",
    example: [
      "config_patches = {",
      '  all = ["patches/registry-mirror.yaml"]',
      "  workers = [<<-EOT",
      "    machine:",
      "      sysctls:",
      "        vm.max_map_count: 262144",
      "    EOT",
      "  ]",
      '  nodes = { "control-plane-0" = ["patches/sysctls.yaml"] }',
      "}",
    ].join("\n"),
    limits: [
      "A string of several lines, or one that begins with `{`, is the patch itself; any other is the path of a file, relative to `tofu.tfvars`. What is in the file counts as input: changed after synth, it is refused.",
      `Talos's strategic merge patches, in YAML or JSON, of one or several documents, at most ${mostPatchKilobytes} KiB each. JSON 6902 patches (lists) are refused: Talos does not support them for configurations of several documents, as all are here. Neither anchors, aliases nor tags.`,
      "Each node's are applied after what this project writes, in this order: `all`, its role, its pool, the node. The last one wins; lists are appended.",
      "Refused are keys and kinds that the Talos release does not know, what belongs to another variable, and what would undo a [promise](../examples/patches/README.md#what-is-refused), unless `allow_unsafe_patches` names it.",
      "`up` applies a change to running nodes too, one at a time: without a reboot where Talos can, else each is drained and reboots.",
    ],
    toSpec: checkConfigPatches,
  }),
  variable({
    name: "allow_unsafe_patches",
    form: texts,
    description: "Promises that config_patches may undo, by name.",
    default: null,
    type: "A list of strings",
    example: 'allow_unsafe_patches = ["firewall"]',
    limits: Object.entries(promises).map(([name, text]) => `\`${name}\`: ${text}.`),
    toSpec: checkConsents,
  }),
  variable({
    name: "state",
    form: stateForm,
    isOfApp: true,
    description:
      "How the state and saved plans are encrypted: the state holds every key of the cluster. [The page about it](state.md).",
    default: null,
    type: "An object; its [settings](#the-settings-of-the-state) are below",
    example: 'state = { encryption = "passphrase", passphrase_file = "passphrase" }',
    limits: [
      "`init` writes it. Without it, OpenTofu keeps the state in clear, unless your own `TF_ENCRYPTION` says otherwise.",
      "Changed later, the next command says so and changes nothing: `./openaether state migrate` rewrites the state as the line says then.",
    ],
    init: {
      option: "--state-passphrase <where>",
      text: "where the state's passphrase is: file (a new one), environment, or none (in clear)",
      isAsked: false,
      isOptional: true,
      startsFromExample: false,
      read: stateFromAnswer,
    },
    toSpec: (value, report) => {
      checkState(value, report);
      return undefined;
    },
  }),
] as const;

type Declared = (typeof variables)[number];
export type VariableName = Declared["name"];
type Named<Name extends VariableName> = Extract<Declared, { name: Name }>;

/** The value of a variable in its form. */
export type ValueOf<Name extends VariableName> = z.infer<Named<Name>["form"]>;

/** The parts of the specification that depend on single variables. */
export type SpecPart = Intersection<PartOf<Declared>>;

type PartOf<One> = One extends Variable<string, z.ZodType, infer Part> ? Part : never;

type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends (
  part: infer Part,
) => void
  ? Part
  : never;

export const variableNames: readonly VariableName[] = variables.map(({ name }) => name);

/** Variables that do not exist here, most of them the HCL original's, and why. */
export const replacedVariables: ReadonlyMap<string, string> = new Map([
  ...["backup_s3_endpoint", "backup_s3_region", "backup_s3_bucket"].map(
    (name) => [name, "Backups are not part of this project yet. Remove the line."] as const,
  ),
  [
    "encryption_passphrase",
    'Put it into the environment, TF_VAR_state_passphrase, and write: state = { encryption = "passphrase" }',
  ],
  ["state_passphrase", "A passphrase belongs in the environment: export TF_VAR_state_passphrase=…"],
  ["tunnel_port", "A fact of your machine, not of the cluster: tofu … plan -var=tunnel_port=…"],
]);
