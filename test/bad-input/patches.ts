import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateKey } from "./secrets";
import { type Given, lines, type Row } from "./table";

const sysctls = "machine:\n  sysctls:\n    vm.max_map_count: 262144\n";

/** The valid file with these patches, and what else it sets; and these files beside it. */
function withFiles(
  value: string,
  files: Readonly<Record<string, string | Buffer>> = {},
  ...changes: string[]
): Given {
  const given = lines(`config_patches = ${value}`, ...changes);
  return {
    ...given,
    into: (directory) => {
      given.into(directory);
      for (const [name, content] of Object.entries(files)) {
        writeFileSync(join(directory, name), content);
      }
    },
  };
}

/** With one patch for all nodes, in a file. */
function patch(text: string, ...changes: string[]): Given {
  return withFiles('{ all = ["a.yaml"] }', { "a.yaml": text }, ...changes);
}

/** A patch with a manifest of 60 KB that Talos fetches nowhere. */
const large = (name: string) =>
  `machine:\n  files:\n    - path: /var/${name}\n      op: create\n      content: ${"x".repeat(60_000)}\n`;

export const patchRows: readonly Row[] = [
  [
    "a patch that is a string",
    lines('config_patches = "a.yaml"'),
    'tofu.tfvars:15  config_patches = "a.yaml"',
    'An object: { all = ["patches/a.yaml"], workers = ["…"], … }.',
  ],
  [
    "patches that are a list",
    lines('config_patches = ["a.yaml"]'),
    "tofu.tfvars:15  config_patches",
    'An object: { all = ["patches/a.yaml"], workers = ["…"], … }.',
  ],
  [
    "patches for nobody",
    lines('config_patches = { worker = ["a.yaml"] }'),
    "tofu.tfvars:15  config_patches.worker",
    "Patches are for all, control_planes, workers, pools, nodes. Did you mean workers?",
  ],
  [
    "a patch in place of a list",
    lines('config_patches = { all = "a.yaml" }'),
    'tofu.tfvars:15  config_patches.all = "a.yaml"',
    'Expected a list: ["a.yaml"].',
  ],
  [
    "a list of patches with a number",
    lines("config_patches = { all = [1] }"),
    "tofu.tfvars:15  config_patches.all[0] = 1",
    'Quotes are missing: "1".',
  ],
  [
    "a patch's file that does not exist",
    withFiles('{ all = ["sysctl.yaml"] }', { "sysctls.yaml": sysctls }),
    'tofu.tfvars:15  config_patches.all[0] = "sysctl.yaml"',
    "There is no such file beside tofu.tfvars. Did you mean sysctls.yaml?",
  ],
  [
    "a patch's file that is a directory",
    withFiles('{ all = ["."] }'),
    'tofu.tfvars:15  config_patches.all[0] = "."',
    "The file cannot be read: it is a directory.",
  ],
  [
    "a patch's file that is binary",
    withFiles('{ all = ["a.yaml"] }', { "a.yaml": Buffer.from([0x7f, 0x45, 0x00, 0xff]) }),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "The file cannot be read: it is no text in UTF-8. Is it the right file?",
  ],
  [
    "a patch's file in UTF-16",
    withFiles('{ all = ["a.yaml"] }', { "a.yaml": Buffer.from("\ufeffmachine: {}\n", "utf16le") }),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "The file cannot be read: it is in UTF-16. Save it as UTF-8.",
  ],
  [
    "a patch's file of 100 KiB",
    withFiles('{ all = ["a.yaml"] }', { "a.yaml": "#".repeat(100 * 1024) }),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "The file cannot be read: it has 100.0 KiB, and a patch some kilobytes. Is it the right file?",
  ],
  [
    "a patch's file by its absolute path",
    withFiles('{ all = ["/etc/a.yaml"] }'),
    'tofu.tfvars:15  config_patches.all[0] = "/etc/a.yaml"',
    "A path relative to tofu.tfvars belongs here: others have the file elsewhere.",
  ],
  [
    "an empty name of a patch's file",
    withFiles('{ all = [""] }'),
    'tofu.tfvars:15  config_patches.all[0] = ""',
    "Empty. Name a file, or remove the entry.",
  ],
  [
    "a patch of one line that is no file",
    withFiles('{ all = ["machine: { sysctls: { a: 1 } }"] }'),
    "tofu.tfvars:15  config_patches.all[0]",
    "A patch of one line begins with {; without that, this is the path of a file.",
  ],
  [
    "an empty patch",
    patch("# nothing yet\n---\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Empty: there is no setting in this patch.",
  ],
  [
    "a patch for a node that does not exist",
    withFiles('{ nodes = { "worker-1" = ["a.yaml"] } }', { "a.yaml": sysctls }),
    "tofu.tfvars:15  config_patches.nodes.worker-1",
    "There is no node of this name. Did you mean worker-0?",
  ],
  [
    "a patch for a node by its host name",
    withFiles('{ nodes = { "demo-worker-0" = ["a.yaml"] } }', { "a.yaml": sysctls }),
    "tofu.tfvars:15  config_patches.nodes.demo-worker-0",
    "There is no node of this name. There are: control-plane-0, worker-0.",
  ],
  [
    "a patch for a pool that does not exist",
    withFiles('{ pools = { gpu = ["a.yaml"] } }', { "a.yaml": sysctls }),
    "tofu.tfvars:15  config_patches.pools.gpu",
    "There is no pool of this name. There are: worker.",
  ],
  [
    "a patch that is no YAML",
    patch('machine:\n  sysctls:\n    a: "1\n'),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 4: This is no YAML: a character is missing, such as a colon, a quote or a bracket.",
  ],
  [
    "a patch that is indented by tabs",
    patch("machine:\n\tsysctls: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: This is no YAML: tabs cannot indent. Use spaces.",
  ],
  [
    "a patch with two keys in one line",
    patch("machine: sysctls: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: This is no YAML: two keys in one line.",
  ],
  [
    "a patch with a key twice",
    patch("machine: {}\nmachine: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: This key is there already. Keep one.",
  ],
  [
    "a patch with two documents of one kind",
    patch("machine: {}\n---\ncluster: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: A second document of the same kind and name; the first is in line 1. Put both into one.",
  ],
  [
    "a patch that is a text",
    patch("sysctls\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: No patch: settings belong here, machine: … or kind: ….",
  ],
  [
    "a patch of JSON 6902, in YAML",
    patch("- op: add\n  path: /machine/sysctls/a\n  value: secret\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: A list is a JSON 6902 patch: Talos does not support those for configurations of several documents, as all are here. Write a strategic merge patch: machine: { sysctls: { a: … } }",
  ],
  [
    "a patch of JSON 6902, in JSON",
    patch('[{ "op": "remove", "path": "/machine/kubelet" }]'),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: A list is a JSON 6902 patch: Talos does not support those for configurations of several documents, as all are here. Write a strategic merge patch: machine: { kubelet: … }",
  ],
  [
    "an alias in a patch",
    patch("machine:\n  env: &a { x: y }\n  sysctls: *a\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: Anchors (&…) do not belong here: write it out.",
  ],
  [
    "a tag in a patch",
    patch("machine: !!map {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: Tags (!…) do not belong here.",
  ],
  [
    "a directive in a patch",
    patch("%YAML 1.1\n---\nmachine: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: Directives (%…) do not belong here.",
  ],
  [
    "a line break that only some see",
    patch("machine: {} # \u2028cluster: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: It holds a character that cannot be seen.",
  ],
  [
    "a key of a mapping in a patch",
    patch("machine:\n  ? { a: b }\n  : c\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: A key is a name, nothing else.",
  ],
  [
    "a patch that is nested without end",
    patch("[".repeat(30000)),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: This is no YAML.",
  ],
  [
    "a key that Talos does not know",
    patch("machine:\n  sysctl: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: Talos does not know machine.sysctl. Did you mean sysctls?",
  ],
  [
    "a key that belongs elsewhere",
    patch("apiServer:\n  extraArgs: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: Talos does not know apiServer. Did you mean cluster.apiServer?",
  ],
  [
    "a key deep inside that Talos does not know",
    patch("cluster:\n  proxy:\n    xtraArgs: {}\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: Talos does not know cluster.proxy.xtraArgs. Did you mean extraArgs?",
  ],
  [
    "a key of a list's item that Talos does not know",
    patch("machine:\n  kernel:\n    modules:\n      - name: nbd\n        params: []\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 5: Talos does not know machine.kernel.modules[0].params.",
  ],
  [
    "a kind that Talos does not know",
    patch("apiVersion: v1alpha1\nkind: TrustedRootConfig\nname: a\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: There is no kind TrustedRootConfig. Did you mean TrustedRootsConfig?",
  ],
  [
    "a kind of Kubernetes",
    patch("apiVersion: v1\nkind: ConfigMap\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: There is no kind ConfigMap.",
  ],
  [
    "a kind without its version",
    patch("kind: TrustedRootsConfig\nname: a\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: apiVersion: v1alpha1 belongs to kind: TrustedRootsConfig.",
  ],
  [
    "a kind without a name",
    patch("apiVersion: v1alpha1\nkind: TrustedRootsConfig\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: name is missing: there may be several of kind TrustedRootsConfig.",
  ],
  [
    "a kind that came later",
    patch(
      "apiVersion: v1alpha1\nkind: TimeSyncConfig\n",
      'talos_version = "v1.11.6"',
      'kubernetes_version = "v1.34.1"',
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: TimeSyncConfig: only Talos 1.12 and later knows it, and this cluster has 1.11.",
    'warning tofu.tfvars:2  talos_version = "v1.11.6"',
    "Talos v1.11 gets no fixes any more; v1.13 and v1.14 do.",
    'warning tofu.tfvars:12  node_distribution.scaleway.image_name = "talos-v1.14.1"',
    '"talos-v1.14.1" does not say that it is Talos v1.11.6: a node does not boot with a machine configuration newer than its Talos.',
  ],
  [
    "a key that came later",
    patch(
      "machine:\n  install:\n    grubUseUKICmdline: true\n",
      'talos_version = "v1.11.6"',
      'kubernetes_version = "v1.34.1"',
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: machine.install.grubUseUKICmdline: only Talos 1.12 and later knows it, and this cluster has 1.11.",
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 3: machine.install would undo a promise: Talos runs from the image\'s own disk. An upgrade could install to another disk, or wipe this one. To allow it: allow_unsafe_patches = ["install"]',
    'warning tofu.tfvars:2  talos_version = "v1.11.6"',
    "Talos v1.11 gets no fixes any more; v1.13 and v1.14 do.",
    'warning tofu.tfvars:12  node_distribution.scaleway.image_name = "talos-v1.14.1"',
    '"talos-v1.14.1" does not say that it is Talos v1.11.6: a node does not boot with a machine configuration newer than its Talos.',
  ],
  [
    "a list where settings belong",
    patch("machine:\n  kubelet: []\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: machine.kubelet: expected settings, key: value.",
  ],
  [
    "a text where a list belongs",
    patch("machine:\n  time:\n    servers: ntp.example.org\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: machine.time.servers: expected a list.",
  ],
  [
    "a number in quotes in a patch",
    patch('machine:\n  features:\n    kubePrism:\n      port: "7445"\n'),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 4: machine.features.kubePrism.port: expected a number, without quotes.",
  ],
  [
    "a boolean in quotes in a patch",
    patch('cluster:\n  discovery:\n    enabled: "false"\n'),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: cluster.discovery.enabled: expected true or false.",
  ],
  [
    "settings of etcd on workers",
    patch("cluster:\n  etcd:\n    extraArgs:\n      a: b\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 4: cluster.etcd: Talos refuses this on a worker. Move it to config_patches.control_planes.",
  ],
  [
    "settings of the API server for workers alone",
    withFiles('{ workers = ["a.yaml"] }', {
      "a.yaml": "cluster:\n  apiServer:\n    extraArgs:\n      a: b\n",
    }),
    'tofu.tfvars:15  config_patches.workers[0] = "a.yaml"',
    "Line 4: cluster.apiServer: only a control plane reads this. Move it to config_patches.control_planes.",
  ],
  [
    "the removal of a setting that is not there",
    patch("machine:\n  sysctls:\n    vm.swappiness: { $patch: delete }\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: There is no machine.sysctls.vm.swappiness to remove, neither in what Talos generates nor from a patch before this one. Talos would refuse it during an apply. Remove it here.",
  ],
  [
    "the removal of a document that is not there",
    patch("apiVersion: v1alpha1\nkind: TrustedRootsConfig\nname: mine\n$patch: delete\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: There is no TrustedRootsConfig mine to remove, neither in what Talos generates nor from a patch before this one. Talos would refuse it during an apply. Remove it here.",
  ],
  [
    "the whole configuration removed",
    patch("machine:\n  $patch: delete\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: Removing machine is not for a patch. This would remove all of it.",
  ],
  [
    "a host name in a patch",
    patch("machine:\n  network:\n    hostname: a\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: machine.network.hostname is not for a patch. That is set by the variable cluster_name, with the node's name.",
  ],
  [
    "a host name as a document in a patch",
    patch("apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: a\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: HostnameConfig: hostname is not for a patch. That is set by the variable cluster_name, with the node's name.",
  ],
  [
    "an image of Kubernetes in a patch",
    patch("machine:\n  kubelet:\n    image: ghcr.io/siderolabs/kubelet:v1.30.0\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: machine.kubelet.image is not for a patch. That is set by the variable kubernetes_version.",
  ],
  [
    "an installer in a patch",
    patch("machine:\n  install:\n    image: ghcr.io/siderolabs/installer:v1.13.9\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: machine.install.image is not for a patch. That is set by the variable talos_version, or extensions.",
  ],
  [
    "an install disk in a patch",
    patch("machine:\n  install:\n    disk: /dev/vdb\n    wipe: true\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 3: machine.install would undo a promise: Talos runs from the image\'s own disk. An upgrade could install to another disk, or wipe this one. To allow it: allow_unsafe_patches = ["install"]',
  ],
  [
    "the networks of pods and services in a patch",
    patch(
      "cluster:\n  network:\n    podSubnets: [10.0.0.0/16]\n    serviceSubnets: [10.1.0.0/16]\n    dnsDomain: a.example\n    cni: { name: none }\n",
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: cluster.network.podSubnets is not for a patch. That is set by the variable pod_cidr.",
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 4: cluster.network.serviceSubnets is not for a patch. That is set by the variable service_cidr.",
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 5: cluster.network.dnsDomain is not for a patch. That is set by the variable cluster_domain.",
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 6: cluster.network.cni is not for a patch. That is set by the variable cni.",
  ],
  [
    "labels and taints in a patch",
    patch("machine:\n  nodeLabels: { a: b }\n  nodeTaints: { a: b:NoSchedule }\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: machine.nodeLabels is not for a patch. That is set by the variable node_labels, or a pool's labels.",
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: machine.nodeTaints is not for a patch. That is set by the variable node_taints, or a pool's taints.",
  ],
  [
    "encryption of Talos's disks in a patch",
    patch(
      "apiVersion: v1alpha1\nkind: VolumeConfig\nname: STATE\nencryption:\n  provider: luks2\n",
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 5: VolumeConfig STATE: encryption is not for a patch. That is set by the variable disk_encryption.",
  ],
  [
    "inline manifests in a patch",
    patch("cluster:\n  inlineManifests:\n    - name: a\n      contents: b\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: cluster.inlineManifests is not for a patch. That is set by the variable manifests.",
  ],
  [
    "another machine type in a patch",
    patch("machine:\n  type: worker\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: machine.type is not for a patch. Whether a node is a control plane follows from its pool.",
  ],
  [
    "another endpoint in a patch",
    patch("cluster:\n  controlPlane:\n    endpoint: https://a.example:6443\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 3: cluster.controlPlane.endpoint is not for a patch. That is set by the variable cluster_endpoint.",
  ],
  [
    "secrets of the cluster in a patch",
    patch("machine:\n  token: correct-horse\ncluster:\n  secret: correct-horse\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: machine.token is not for a patch. The cluster's own: tofu creates it, and it is the same on every node.",
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 4: cluster.secret is not for a patch. The cluster's own: tofu creates it, and it is the same on every node.",
  ],
  [
    "an open firewall in a patch",
    patch("apiVersion: v1alpha1\nkind: NetworkDefaultActionConfig\ningress: accept\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 3: NetworkDefaultActionConfig: ingress would undo a promise: Talos\'s firewall lets in only what `explain` shows. Without ingress: block, a node lets in everything from the private network. To allow it: allow_unsafe_patches = ["firewall"]',
  ],
  [
    "the firewall's block removed by a patch",
    patch("apiVersion: v1alpha1\nkind: NetworkDefaultActionConfig\n$patch: delete\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 1: Removing NetworkDefaultActionConfig would undo a promise: Talos\'s firewall lets in only what `explain` shows. Without ingress: block, a node lets in everything from the private network. To allow it: allow_unsafe_patches = ["firewall"]',
  ],
  [
    "a rule of the firewall in a patch",
    patch(
      "apiVersion: v1alpha1\nkind: NetworkRuleConfig\nname: apid\ningress: [{ subnet: 0.0.0.0/0 }]\n",
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 4: NetworkRuleConfig apid: ingress[0].subnet would undo a promise: Talos\'s firewall lets in only what `explain` shows. Ports are opened by the variable ingress_rules, and explain shows them; a patch could open any. To allow it: allow_unsafe_patches = ["firewall"]',
  ],
  [
    "the tunnel's name removed by a patch",
    patch("machine:\n  certSANs: { $patch: delete }\n"),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 2: Removing machine.certSANs would undo a promise: the tunnel's end is in the certificate of Talos's API. Without 127.0.0.1 in it, no client accepts the certificate through the tunnel. To allow it: allow_unsafe_patches = [\"tunnel\"]",
  ],
  [
    "the way to metadata in a patch",
    patch(
      "machine:\n  network:\n    interfaces:\n      - interface: eth0\n        routes:\n          - network: 169.254.169.254/32\n            metric: 0\n",
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 6: machine.network.interfaces[0].routes[0].network would undo a promise: no pod reaches the cloud's metadata service. Pods could read the node's user data, with the cluster's keys, from there. To allow it: allow_unsafe_patches = [\"metadata\"]",
  ],
  [
    "the metadata's blackhole removed by a patch",
    patch(
      "apiVersion: v1alpha1\nkind: BlackholeRouteConfig\nname: 169.254.169.254/32\n$patch: delete\n",
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: Removing BlackholeRouteConfig 169.254.169.254/32 would undo a promise: no pod reaches the cloud's metadata service. Pods could read the node's user data, with the cluster's keys, from there. To allow it: allow_unsafe_patches = [\"metadata\"]",
  ],
  [
    "a public address in a patch",
    patch(
      "machine:\n  network:\n    interfaces:\n      - interface: eth1\n        addresses: [192.168.1.2/24, 203.0.113.9/24]\n",
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 5: machine.network.interfaces[0].addresses[1] would undo a promise: no node has a public address. A node with a public address is reachable past bastion and load balancer. To allow it: allow_unsafe_patches = ["private_nodes"]',
  ],
  [
    "a password in a patch",
    patch(
      "machine:\n  registries:\n    config:\n      ghcr.io:\n        auth:\n          username: me\n          password: correct-horse\n",
    ),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 7: machine.registries.config.ghcr.io.auth.password looks like a secret: it would be in cdk.tf.json, in the state and on every machine that applies. To allow it: allow_unsafe_patches = ["secrets"]',
  ],
  [
    "a password in an inline patch",
    lines(
      `config_patches = { all = ["{ machine: { env: { HTTPS_PROXY: 'http://me:correct-horse@proxy.example' } } }"] }`,
    ),
    "tofu.tfvars:15  config_patches.all[0]",
    'Line 1: machine.env.HTTPS_PROXY looks like a secret: it would be in cdk.tf.json, in the state and on every machine that applies. To allow it: allow_unsafe_patches = ["secrets"]',
  ],
  [
    "a private key in a patch",
    patch(`machine:\n  files:\n    - path: /var/key\n      content: "${privateKey}"\n`),
    'tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    'Line 4: machine.files[0].content looks like a secret: it would be in cdk.tf.json, in the state and on every machine that applies. To allow it: allow_unsafe_patches = ["secrets"]',
  ],
  [
    "a password that is consented to",
    patch(
      "machine:\n  registries:\n    config:\n      ghcr.io:\n        auth:\n          password: correct-horse\n",
      'allow_unsafe_patches = ["secrets"]',
    ),
    'warning tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 6: machine.registries.config.ghcr.io.auth.password looks like a secret. It is in cdk.tf.json and in the state as it is; keep both private.",
  ],
  [
    "consent to no promise",
    lines('allow_unsafe_patches = ["fire"]'),
    'tofu.tfvars:15  allow_unsafe_patches[0] = "fire"',
    "There is no promise of this name. Allowed: firewall, metadata, private_nodes, install, tunnel, secrets.",
  ],
  [
    "consent that is a string",
    lines('allow_unsafe_patches = "firewall"'),
    'tofu.tfvars:15  allow_unsafe_patches = "firewall"',
    'Expected a list: ["firewall"].',
  ],
  [
    "a patch that ends DHCP",
    patch("apiVersion: v1alpha1\nkind: LinkConfig\nname: eth1\nmtu: 1400\n"),
    'warning tofu.tfvars:15  config_patches.all[0] = "a.yaml"',
    "Line 1: with one LinkConfig, Talos runs DHCP only on links that have a DHCPv4Config: a node whose private network has none does not answer.",
  ],
  [
    "patches that no machine takes",
    withFiles('{ control_planes = ["a.yaml", "b.yaml"] }', {
      "a.yaml": large("a"),
      "b.yaml": large("b"),
    }),
    "tofu.tfvars:8  node_distribution.scaleway",
    "The machine configuration of control-plane-0 would have 134761 bytes; Scaleway takes 127998 at most. 120168 of them are its patches: a.yaml (60084), b.yaml (60084).",
  ],
];
