/** A mistake in a machine configuration that leaves a node unreachable for good: it refuses its first one. */
export interface Trap {
  readonly trap: string;
  /** The Talos that the node runs. */
  readonly minor: number;
  /** The Talos minor whose patches it gets. @default - its own */
  readonly patchesOf?: number;
  /** The Talos minor that the rest is rendered for. @default - its own */
  readonly contract?: number;
  /** @default - a control plane */
  readonly role?: "worker";
  /** A patch after the node's own. */
  readonly patch?: object;
  /** Talos's message, at least this part of it. */
  readonly words: string;
}

export const traps: readonly Trap[] = [
  {
    trap: "a host name as a document before Talos 1.12",
    minor: 11,
    patchesOf: 13,
    words: '"HostnameConfig" "v1alpha1": not registered',
  },
  {
    trap: "a host name as a document in a configuration made for Talos before 1.12",
    minor: 13,
    contract: 11,
    patchesOf: 13,
    words: "stable hostname is already set in v1alpha1 config",
  },
  {
    trap: "a host name as a key from Talos 1.12 on",
    minor: 12,
    patchesOf: 11,
    words: "static hostname is already set in v1alpha1 config",
  },
  {
    trap: "a host name as a key from Talos 1.12 on",
    minor: 13,
    patchesOf: 11,
    words: "static hostname is already set in v1alpha1 config",
  },
  {
    trap: "a host name beside the one that Talos makes up",
    minor: 13,
    patch: { apiVersion: "v1alpha1", kind: "HostnameConfig", auto: "stable" },
    words: "'auto' and 'hostname' cannot be set at the same time",
  },
  {
    trap: "etcd on a worker",
    minor: 9,
    role: "worker",
    patch: { cluster: { etcd: { advertisedSubnets: ["172.16.4.0/22"] } } },
    words: "etcd config is only allowed on control plane machines",
  },
  {
    trap: "a single port as text",
    minor: 13,
    patch: {
      apiVersion: "v1alpha1",
      kind: "NetworkRuleConfig",
      name: "kube-apiserver",
      portSelector: { ports: ["6443"], protocol: "tcp" },
    },
    words: 'invalid port range: "6443"',
  },
  {
    trap: "an unknown key",
    minor: 9,
    patch: { machine: { certSans: ["127.0.0.1"] } },
    words: 'unknown keys found during decoding:\nmachine:\n    certSans: ["127.0.0.1"]',
  },
  {
    trap: "a label that Kubernetes does not allow",
    minor: 9,
    role: "worker",
    patch: { machine: { nodeLabels: { "a b": "" } } },
    words: 'invalid machine node labels: 1 error occurred:\n\t* name "a b" is invalid',
  },
  ...[9, 13].map((minor) => ({
    trap: "a patch of JSON 6902",
    minor,
    patch: [{ op: "add", path: "/machine/sysctls", value: { "kernel.panic": "1" } }],
    words: "JSON6902 patches are not supported for multi-document machine configuration",
  })),
  {
    trap: "a whole configuration made for a newer Talos",
    minor: 11,
    contract: 13,
    patchesOf: 11,
    words:
      "unknown keys found during decoding:\nmachine:\n    install:\n        grubUseUKICmdline: true",
  },
];
