// Generated from src/config/schema by `npm run docs`: edit the declarations there.

/** What `clusterSpec` takes: the variables of tofu.tfvars, with TypeScript's names. */
export interface ClusterSpecProps {
  /**
   * The cluster's name, and the prefix of everything created. Immutable.
   * - Lower-case letters, digits and hyphens; a letter first, no hyphen last; at most 40
   *   characters.
   * @default "openaether"
   */
  readonly clusterName?: string;

  /**
   * The Talos release of the nodes' image, 1.9 to 1.14.
   * - A full version, v1.9 to v1.14. Below v1.13 there is a warning: such a release gets no
   *   fixes any more.
   * - It must be the version in the image: a node does not boot with a machine configuration
   *   newer than its Talos.
   * - `up` upgrades running nodes too, one at a time: each is drained and reboots.
   * @default "v1.14.1"
   */
  readonly talosVersion?: string;

  /**
   * The Kubernetes release, one that the Talos release supports.
   * - `up` upgrades running nodes too; nothing reboots.
   * @default "v1.37.1"
   */
  readonly kubernetesVersion?: string;

  /**
   * System extensions in the nodes' image, as the Image Factory names them.
   * - They are part of the image: give it the name that `openaether schematic` prints as
   *   `imageName`, and `openaether image create` creates it. There is a warning where that name
   *   lacks the schematic's first eight digits.
   * - Order does not matter. Versions follow from `talosVersion`.
   * - The installer of later upgrades has the same schematic.
   * - A change applies to nodes created afterwards, from the new image. `up` upgrades running
   *   nodes to the new installer, one at a time.
   * - Outscale: not `siderolabs/qemu-guest-agent`, which does not start there.
   * @default - none
   */
  readonly extensions?: readonly string[];

  /**
   * Arguments of the kernel in the nodes' image, beside Talos's own.
   * - Part of the image, as `extensions` are. The order matters: another one is another
   *   schematic.
   * - `"-name"` removes an argument that Talos sets.
   * @default - none
   */
  readonly kernelArgs?: readonly string[];

  /**
   * What the nodes' disks are encrypted with: Talos's partitions STATE and EPHEMERAL, with
   * LUKS2. Immutable.
   * - Without this line, `"node_id"` for a cluster that is created now. One that was created
   *   before there was such a setting keeps disks without encryption.
   * - `"node_id"`: a key from the identity of the machine. It protects a disk, a snapshot or a
   *   backup that leaves without its machine; not against someone who reads the machine's UUID
   *   in the cloud's API. A snapshot opens in no other machine.
   * - `"static"`: the same for STATE; EPHEMERAL, which has etcd and the pods' data, by a
   *   passphrase that follows from the secrets in the state, so that who has the state can open
   *   it elsewhere.
   * - `"kms"`: both by a key server of yours, `diskEncryptionKms`. A node boots only while it
   *   answers; without it, a stolen machine stays closed.
   * - User data, with the cluster's keys, is not on these partitions: the cloud keeps it, and
   *   so does the state.
   * - EPHEMERAL's key opens only together with the machine's STATE (Talos 1.11 and newer).
   * @default - none
   */
  readonly diskEncryption?: string;

  /**
   * The key server of the nodes' disks, with `diskEncryption = "kms"`.
   * - It speaks Talos's protocol (`siderolabs/kms-client`), with a certificate that public
   *   authorities have signed: STATE is opened before the machine configuration is known.
   * - Reached through the NAT gateway. `up` applies a change to running nodes too.
   * @default - none
   */
  readonly diskEncryptionKms?: string;

  /**
   * How many nodes of which kind, by cloud; exactly one cloud has nodes.
   * - Exactly one cloud may have nodes: a cluster is one private network. An entry with no
   *   nodes is allowed.
   * - The cloud is immutable, and so are the `region` and the `zone` that follow from it.
   */
  readonly nodeDistribution: {
    readonly scaleway?: CloudNodesProps;
    readonly ovh?: CloudNodesProps;
    readonly outscale?: CloudNodesProps;
  };

  /**
   * Kubernetes labels of nodes, by role, pool or node.
   * - By `controlPlanes`, `workers` (of every pool), a pool's name or a node's. The narrower
   *   one wins; between a role's and these stand the `labels` of a pool's own settings.
   * - What Kubernetes lets no worker set on itself is refused, as for a pool; control planes
   *   may have it.
   * - `up` applies a change to running nodes too.
   * @default - none
   */
  readonly nodeLabels?: Readonly<Record<string, Readonly<Record<string, string>>>>;

  /**
   * Kubernetes taints of nodes, by role, pool or node.
   * - By the same names as `nodeLabels`, and by the same order.
   * - Where every worker has a taint of NoSchedule or NoExecute, control planes run workloads
   *   as well: the cluster's own DNS needs a node.
   * - A change applies to nodes created afterwards. Running nodes: `kubectl taint`.
   * @default - none
   */
  readonly nodeTaints?: Readonly<Record<string, Readonly<Record<string, string>>>>;

  /**
   * Who may reach the API and the bastion: IPv4 addresses or networks.
   * - IPv4 only. A bare address is that address alone.
   * - Together at most as many addresses as a /8, unless `allowOpenAdmin = true`.
   * - The order and the way of writing do not matter: networks are merged and sorted.
   */
  readonly adminIp: string | readonly string[];

  /**
   * Public SSH keys that may log in to the bastion as ubuntu, by cloud.
   * - Required for the cloud that has nodes. One key, one line, as in `~/.ssh/id_ed25519.pub`.
   * - Ed25519, ECDSA, RSA, and keys that live in hardware (`sk-…`). A private key is refused
   *   and not shown.
   * - A change recreates the bastion; its address and its host key stay.
   */
  readonly bastionSshKeys: {
    readonly scaleway?: string | readonly string[];
    readonly ovh?: string | readonly string[];
    readonly outscale?: string | readonly string[];
  };

  /**
   * A DNS name of the API, which you point at the load balancer once it exists.
   * - No address: without this line the kubeconfig names the load balancer's own.
   * - It goes into the certificate of the API. Set later, `up` adds it there, one control plane
   *   after the other.
   * - Nodes always use the load balancer's address.
   * @default - none
   */
  readonly clusterEndpoint?: string;

  /**
   * The private network, /16 to /22. Immutable.
   * - A private IPv4 network, /16 to /22, written with its own address (no host bits).
   * - Apart from `podCidr` and `serviceCidr`.
   * @default "172.16.4.0/22"
   */
  readonly networkCidr?: string;

  /**
   * Ports of nodes that are open on the private network, beside those that the cluster needs.
   * - The first of the example is for Kubernetes's NodePorts, which the nodes' firewall would
   *   refuse.
   * - Talos's firewall opens the ports; `up` changes it on running nodes too.
   * - OVHcloud's and Outscale's security groups open them as well; a change there applies at
   *   once.
   * @default - none
   */
  readonly ingressRules?: readonly IngressRuleProps[];

  /**
   * The pods' network. Immutable.
   * - A private IPv4 network, /8 to /24, written with its own address (no host bits).
   * - Apart from `networkCidr` and `serviceCidr`, and from every network that pods are to reach
   *   beyond the cluster.
   * - Each node gets a /24 of it: a /16 is enough for 256 nodes.
   * @default "10.244.0.0/16"
   */
  readonly podCidr?: string;

  /**
   * The services' network. Immutable.
   * - A private IPv4 network, /12 to /24, written with its own address (no host bits).
   * - Apart from `networkCidr` and `podCidr`.
   * @default "10.96.0.0/12"
   */
  readonly serviceCidr?: string;

  /**
   * What the names of services end with, in the cluster's own DNS. Immutable.
   * - Small letters, digits, hyphens and dots; at most 121 characters.
   * - The cluster's DNS answers for every name in it: no domain that pods look up elsewhere,
   *   and not that of `clusterEndpoint`.
   * @default "cluster.local"
   */
  readonly clusterDomain?: string;

  /**
   * What gives pods their network. Immutable.
   * - `flannel`: Talos's own, with its own kube-proxy.
   * - `cilium`: of the version and with the settings in `ciliumManifest`, in place of
   *   kube-proxy. The nodes' firewall opens what it needs between nodes.
   * - `none`: you apply one after the bootstrap; nodes are not ready before. kube-proxy stays.
   *   The nodes' firewall opens no port for it.
   * @default "flannel"
   */
  readonly cni?: string;

  /**
   * What Talos applies at bootstrap to install Cilium: a file beside tofu.tfvars.
   * - Only with `cni = "cilium"`. Written by `helm template` with the settings that Talos
   *   needs: the command. One that lacks such a setting is refused.
   * - Without it you apply Cilium after the bootstrap; nodes are not ready before. OVHcloud's
   *   user data has no room for most versions of it.
   * - At most 1 MiB, and what the cloud's user data has room for.
   * - A change applies to control planes created afterwards. Running clusters: `kubectl apply`.
   * @default - none
   */
  readonly ciliumManifest?: string;

  /**
   * Whether Flannel's nodes enforce Kubernetes's network policies.
   * - Only with `cni = "flannel"`, from Talos 1.13 on: Talos's own `kube-network-policies` runs
   *   beside Flannel. Cilium enforces them by itself.
   * - Read when the cluster is bootstrapped.
   * @default false
   */
  readonly networkPolicies?: boolean;

  /**
   * What Talos applies at bootstrap, in this order: files beside tofu.tfvars.
   * - Kubernetes objects as YAML, at most 1 MiB each, and what the cloud's user data has room
   *   for. Examples: examples/manifests.
   * - Of all of them, Talos applies namespaces first, then CustomResourceDefinitions, then the
   *   rest in this order. It creates what is missing; it never changes or deletes an object.
   * - A file's content is part of the reviewed input: it is in `cdk.tf.json`, in the state and
   *   in the control planes' user data. A Secret with content is refused unless
   *   `allowManifestSecrets = true`.
   * - A change applies to control planes created afterwards. Running clusters: `kubectl apply`.
   * @default []
   */
  readonly manifests?: readonly string[];

  /**
   * Allows Secrets with content in manifests and ciliumManifest.
   * - Such a Secret is readable in `cdk.tf.json`, a plan, the state and the control planes'
   *   user data. There is a warning for each.
   * @default false
   */
  readonly allowManifestSecrets?: boolean;

  /**
   * Allows adminIp to cover more than a /8.
   * - With `adminIp = "0.0.0.0/0"` the whole internet reaches the API and the bastion's SSH.
   * @default false
   */
  readonly allowOpenAdmin?: boolean;

  /**
   * Patches of the nodes' machine configurations, beside what this project writes: for all
   * nodes, by role, by pool or by node. Examples.
   * - A string of several lines, or one that begins with `{`, is the patch itself; any other is
   *   the path of a file, relative to `tofu.tfvars`. What is in the file counts as input:
   *   changed after synth, it is refused.
   * - Talos's strategic merge patches, in YAML or JSON, of one or several documents, at most 64
   *   KiB each. JSON 6902 patches (lists) are refused: Talos does not support them for
   *   configurations of several documents, as all are here. Neither anchors, aliases nor tags.
   * - Each node's are applied after what this project writes, in this order: `all`, its role,
   *   its pool, the node. The last one wins; lists are appended.
   * - Refused are keys and kinds that the Talos release does not know, what belongs to another
   *   variable, and what would undo a promise, unless `allowUnsafePatches` names it.
   * - `up` applies a change to running nodes too, one at a time: without a reboot where Talos
   *   can, else each is drained and reboots.
   * @default - none
   */
  readonly configPatches?: ConfigPatchesProps;

  /**
   * Promises that configPatches may undo, by name.
   * - `firewall`: Talos's firewall lets in only what `explain` shows.
   * - `metadata`: no pod reaches the cloud's metadata service.
   * - `private_nodes`: no node has a public address.
   * - `install`: Talos runs from the image's own disk.
   * - `tunnel`: the tunnel's end is in the certificate of Talos's API.
   * - `secrets`: no secret is in cdk.tf.json.
   * @default - none
   */
  readonly allowUnsafePatches?: readonly string[];
}

/** The nodes of a cluster on one cloud. */
export interface CloudNodesProps {
  /**
   * The cloud's region. Immutable.
   * @default scaleway: that of `zones`, or of `zone`; required without them; ovh: that of
   * `zones`, where it has three; required otherwise; outscale: that of `zones`, or of `zone`;
   * required without them
   */
  readonly region?: string;

  /**
   * Where the bastion lives, and with it the gateway and the load balancer where a cloud puts
   * them in a zone. Immutable.
   * - A zone of the region. Scaleway: one that sells all three.
   * - OVHcloud: routers and load balancers belong to the region, only the bastion has a zone.
   * @default scaleway: the first of `zones`, else `<region>-1`; ovh: the first of `zones`, else
   * the region's first; outscale: the first of `zones`, else `<region>a`
   */
  readonly zone?: string;

  /**
   * Where the nodes live: node i of either role in zones[i mod n].
   * - A zone may come twice. Another order moves nodes, and a node moves by being replaced.
   * - There is a warning when one zone holds so many control planes that its loss is the
   *   cluster's.
   * - Scaleway: the image must be in each of them, under the same name.
   * - Outscale: at most three different ones, since each is a subnet of its own.
   * @default scaleway: `zone` alone; ovh: `zone` alone; outscale: `zone` alone
   */
  readonly zones?: readonly string[];

  /**
   * How many control planes.
   * - 1 to 7; 0 in an entry without nodes. An even number gets a warning: it survives no more
   *   losses than one less.
   * - One less needs a step by hand first.
   */
  readonly controlPlanes: number;

  /**
   * How many workers.
   * - From 0 to what the network has room for, before the first block of a pool.
   * - They are the pool `worker`: `worker-0`, `worker-1`…; more kinds of workers are pools.
   * - With 0, and without a pool that takes every pod, control planes created then run
   *   workloads as well.
   */
  readonly workers: number;

  /**
   * The nodes' image, by its name.
   * - Of `talosVersion` and of the cloud's platform: nocloud on Scaleway, openstack on
   *   OVHcloud, aws on Outscale. A name that does not hold the version gets a warning.
   * - `openaether image create` creates it under this name. Every plan looks it up: keep the
   *   image as long as the cluster.
   * - A newer image of the same name is taken by new nodes only.
   * @default scaleway: `talos`; ovh: `talos`; outscale: `talos`
   */
  readonly imageName?: string;

  /**
   * The nodes' image, by its id.
   * - In place of `imageName`. Scaleway: only while every node is in one zone, since an image
   *   lives in one.
   * - Unlike a name, it is not looked up, so that plans go on without the image.
   * @default none: the image is found by its name
   */
  readonly imageId?: string;

  /**
   * The machine type of control planes and workers.
   * - A change resizes the nodes one after the other; plain tofu, all of them in one apply.
   * @default none: each role has its own, see the next two
   */
  readonly instanceType?: string;

  /**
   * The machine type of control planes, before `instanceType`.
   * - x86_64, 4 GiB of memory or more, sold in every zone used.
   * @default scaleway: `DEV1-M`, or `PRO2-XXS` when `zones` has fr-par-3; ovh: `b3-8`;
   * outscale: `tinav6.c4r8p1`
   */
  readonly controlPlaneInstanceType?: string;

  /**
   * The machine type of workers, before `instanceType`.
   * - x86_64, 2 GiB of memory or more, sold in every zone used.
   * @default scaleway: `DEV1-L`, or `PRO2-XXS` when `zones` has fr-par-3; ovh: `b3-8`;
   * outscale: `tinav6.c4r8p2`
   */
  readonly workerInstanceType?: string;

  /**
   * The size of each node's disk, in GB.
   * - 10 to 10000.
   * - OVHcloud: refused, a disk comes with the machine type.
   * - Outscale: a disk gets faster with its size, and etcd wants 100 GB or more.
   * @default scaleway: 20; outscale: 100
   */
  readonly rootVolumeGb?: number;

  /**
   * The bastion's machine type.
   * - x86_64, 1 GiB of memory or more, sold in `zone`.
   * @default scaleway: `DEV1-S`; ovh: `d2-2`, or `c3-4` in a region of three zones; outscale:
   * `tinav6.c1r1p2`
   */
  readonly bastionInstanceType?: string;

  /**
   * The bastion's image: the cloud's name of an Ubuntu.
   * - A change applies to a bastion created afterwards.
   * - Outscale: a name of Outscale's own images, with stars if need be, or an id.
   * @default scaleway: `ubuntu_noble`; ovh: `Ubuntu 24.04`; outscale: `Ubuntu-24.04-*`, of
   * Outscale's own the newest
   */
  readonly bastionImage?: string;

  /**
   * Workers of a name, number and kind of their own, beside those that `workers` counts.
   * - A pool's nodes are `gpu-0`, `gpu-1`…: in commands, in resource addresses (`gpu_0`) and,
   *   after the cluster's name, as host names.
   * - A name has lower-case letters, digits and hyphens, a letter first, no number after its
   *   last hyphen; it is no name of something else in the cluster (worker, control-plane,
   *   bastion, nodes…).
   * - No node moves when a pool or the last node of one is added or removed: a pool's addresses
   *   follow from its `addressBlock`.
   * - Another name is another pool: its nodes are created, the old ones destroyed.
   * - A pool that is added or removed recreates the bastion, which lists where it may forward
   *   to; its address and its host key stay.
   * @default - none
   */
  readonly pools?: Readonly<Record<string, PoolProps>>;
}

/** Workers of a name, number and kind of their own. */
export interface PoolProps {
  /**
   * Which block of the workers' addresses is the pool's, by its number. Block 1 is at the end
   * of the range, and block 2 before it.
   * - From 1 to what the network has; a number that no other pool has.
   * - A block is an eighth of a quarter of the network. The nodes of `workers` must end before
   *   it.
   * - Another number moves the pool's nodes, and a node moves by being replaced. Keep it when
   *   other pools come and go.
   */
  readonly addressBlock: number;

  /**
   * How many nodes.
   * - From 0 to what a block has room for.
   * - In a network larger than /22, more nodes than a multiple of 32 recreate the bastion, as
   *   with `workers`; its address and its host key stay.
   */
  readonly count: number;

  /**
   * The machine type of the pool's nodes.
   * - x86_64, 2 GiB of memory or more, sold in every zone of the pool.
   * - Where the workers' is the cloud's default, the pool's is the default for its zones.
   * @default that of the workers
   */
  readonly instanceType?: string;

  /**
   * Where the pool's nodes live: node i in zones[i mod n].
   * - Of the cluster's region.
   * - Outscale: of those in the cluster's `zones`, each of which is a subnet.
   * @default the cluster's `zones`
   */
  readonly zones?: readonly string[];

  /**
   * The size of each node's disk in the pool, in GB.
   * - 10 to 10000.
   * - OVHcloud: refused, a disk comes with the machine type.
   * @default the cluster's `rootVolumeGb`
   */
  readonly rootVolumeGb?: number;

  /**
   * Kubernetes labels of the pool's nodes.
   * - Keys and values as Kubernetes has them. Refused is what it does not let a node set on
   *   itself: `node-role.kubernetes.io/…`, and nearly all else of `kubernetes.io` and `k8s.io`.
   * - `up` applies a change to running nodes too.
   * @default - none
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Kubernetes taints of the pool's nodes: pods without a matching toleration stay away.
   * - The effect is NoSchedule, PreferNoSchedule or NoExecute.
   * - Where every worker has a taint of NoSchedule or NoExecute, control planes run workloads
   *   as well: the cluster's own DNS needs a node.
   * - A change applies to nodes created afterwards. Running nodes: `kubectl taint`.
   * @default - none
   */
  readonly taints?: Readonly<Record<string, string>>;
}

/** Ports of nodes that are open on the private network. */
export interface IngressRuleProps {
  /**
   * The rule's name, in Talos's firewall and in `explain`.
   * - A DNS label: lower-case letters, digits and hyphens. Each rule has its own.
   */
  readonly name: string;

  /**
   * The ports to open.
   * - 1 to 65535, each port once.
   * - Not those of the cluster itself (etcd, Kubernetes's and Talos's APIs, kubelet, VXLAN):
   *   they are open to what needs them, and promised to be closed to all else.
   */
  readonly ports: number | string | readonly (number | string)[];

  /**
   * The protocol of the ports.
   * @default `"tcp"`
   */
  readonly protocol?: string;

  /**
   * Which addresses may connect.
   * - Addresses and networks within the private network. No node has a public address, so
   *   nothing from outside can arrive: a load balancer on the private network passes it on.
   * - `"network"` is everything on the private network, `"nodes"` every present and future
   *   node; both include the pods.
   * @default `"network"`
   */
  readonly from?: string | readonly string[];

  /**
   * On which nodes the ports are open.
   * - A role or a pool includes its future nodes.
   * - OVHcloud's and Outscale's security groups open the ports for all nodes or for all control
   *   planes; which of them have one open is for the nodes' own firewall to say.
   * @default every node
   */
  readonly nodes?: string | readonly string[];
}

/** Patches of machine configurations, by the nodes that they are for. */
export interface ConfigPatchesProps {
  /**
   * For every node.
   * - Talos refuses some settings on workers, such as etcd's: those belong to `controlPlanes`.
   * @default - none
   */
  readonly all?: readonly string[];

  /**
   * For every control plane.
   * @default - none
   */
  readonly controlPlanes?: readonly string[];

  /**
   * For every worker, of all pools.
   * @default - none
   */
  readonly workers?: readonly string[];

  /**
   * For the nodes of a pool.
   * - The pool of the nodes that `workers` counts is `worker`.
   * @default - none
   */
  readonly pools?: Readonly<Record<string, readonly string[]>>;

  /**
   * For single nodes.
   * - The node exists: an entry for one that does not is refused.
   * @default - none
   */
  readonly nodes?: Readonly<Record<string, readonly string[]>>;
}
