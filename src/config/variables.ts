/** A variable of tofu.tfvars: its name is the interface, its meaning is told once, here. */
export interface Variable {
  readonly name: string;
  /** In the plan, in messages and in docs. */
  readonly description: string;
  /** What an absent one counts as; null where it is required or means nothing. */
  readonly default: unknown;
}

/** Every variable there is, in the order that a person meets them. The first seven are the HCL original's. */
export const variables = [
  {
    name: "cluster_name",
    description: "The cluster's name, and the prefix of everything made. For life.",
    default: "openaether",
  },
  {
    name: "talos_version",
    description: "The Talos release of the nodes' image, 1.9 to 1.13.",
    default: "v1.13.9",
  },
  {
    name: "kubernetes_version",
    description: "The Kubernetes release, one that the Talos release supports.",
    default: "v1.36.3",
  },
  {
    name: "node_distribution",
    description: "How many nodes of which kind, by cloud; exactly one cloud has nodes.",
    default: {},
  },
  {
    name: "cluster_endpoint",
    description: "A DNS name of the API, which you point at the load balancer once it exists.",
    default: null,
  },
  {
    name: "admin_ip",
    description: "Who may reach the API and the bastion: IPv4 addresses or networks.",
    default: null,
  },
  {
    name: "bastion_ssh_keys",
    description: "Public SSH keys that may log in to the bastion as ubuntu, by cloud.",
    default: {},
  },
  {
    name: "network_cidr",
    description: "The private network, /16 to /22. For life.",
    default: "172.16.4.0/22",
  },
  {
    name: "allow_open_admin",
    description: "Allows admin_ip to cover more than a /8.",
    default: false,
  },
] as const satisfies readonly Variable[];

export type VariableName = (typeof variables)[number]["name"];

export const variableNames: readonly VariableName[] = variables.map(({ name }) => name);

/** Variables of the HCL original that have no place here, and why. */
export const replacedVariables: ReadonlyMap<string, string> = new Map(
  ["backup_s3_endpoint", "backup_s3_region", "backup_s3_bucket"].map((name) => [
    name,
    "Backups are not part of this project yet. Remove the line.",
  ]),
);

/** Not baked and not compared: a fact of a person's machine, given with `-var` or TF_VAR_tunnel_port. */
export const tunnelPort = {
  name: "tunnel_port",
  description: "The local port where the tunnel to Talos's API begins.",
  default: 50000,
} as const;
