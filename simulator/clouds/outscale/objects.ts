/** The API's objects, as the store keeps them. They refer to each other by id, as in the API. */

export type Tags = Record<string, string>;

export interface ApiObject {
  /** `vpc-` and 8 hexadecimal digits, or similar; a load balancer's is its name. */
  readonly id: string;
  tags: Tags;
  /** Orders all events of the account: a greater one is later. */
  readonly sequence: number;
  /** Until then (epoch milliseconds) it is in a transient state. */
  readyAt: number;
}

export interface Net extends ApiObject {
  readonly ipRange: string;
  readonly tenancy: string;
}

export interface Subnet extends ApiObject {
  readonly net: string;
  readonly ipRange: string;
  readonly subregion: string;
  mapPublicIpOnLaunch: boolean;
}

export interface InternetService extends ApiObject {
  /** The Net it is linked to. */
  net?: string;
}

/** Target of a route; exactly one, or none for the Net's own. */
export interface RouteTarget {
  gateway?: string;
  nat?: string;
  vm?: string;
  nic?: string;
  netPeering?: string;
}

export interface Route {
  readonly destination: string;
  target: RouteTarget;
}

export interface RouteTable extends ApiObject {
  readonly net: string;
  /** Created with the Net: applies to subnets without a table of their own. */
  readonly isMain: boolean;
  routes: Route[];
  links: { readonly id: string; readonly subnet: string }[];
}

export interface NatService extends ApiObject {
  readonly net: string;
  readonly subnet: string;
  readonly publicIp: string;
}

export interface PublicIp extends ApiObject {
  readonly address: string;
  /** To a machine's NIC. NAT services and load balancers hold the reference themselves. */
  link?: { readonly id: string; readonly vm: string; readonly privateIp: string };
}

/** The other end of a rule: networks, or the members of a group. */
export type Peer = { readonly ipRange: string } | { readonly group: string };

export interface SecurityRule {
  /** "tcp", "udp", "icmp", or "-1" for all. */
  readonly protocol: string;
  /** -1 to -1 means every port. */
  readonly from: number;
  readonly to: number;
  readonly peer: Peer;
}

export interface SecurityGroup extends ApiObject {
  /** Absent in the public Cloud. */
  readonly net?: string;
  readonly name: string;
  readonly description: string;
  /** Created with the Net. */
  readonly isDefault: boolean;
  inbound: SecurityRule[];
  outbound: SecurityRule[];
}

export interface Listener {
  readonly port: number;
  readonly protocol: string;
  readonly backendPort: number;
  readonly backendProtocol: string;
}

export interface HealthCheck {
  readonly protocol: string;
  readonly port: number;
  readonly path: string;
  /** Seconds, as the timeout. */
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export interface Backend {
  readonly vm: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Its id is its name. */
export interface LoadBalancer extends ApiObject {
  readonly type: string;
  readonly subnet: string;
  readonly dnsName: string;
  groups: string[];
  /** Absent for an internal one. */
  publicAddress?: string;
  listeners: Listener[];
  healthCheck: HealthCheck;
  backends: Backend[];
  securedCookies: boolean;
  phase: "building" | "stuck" | "deleting";
}

export interface Volume {
  readonly id: string;
  readonly device: string;
  readonly linkedAt: string;
  sizeGiB: number;
  type: string;
  deleteWithVm: boolean;
}

/** A volume that a deleted VM left behind, since it is not deleted on termination; it is still billed. */
export interface OrphanVolume extends ApiObject {
  readonly sizeGiB: number;
  readonly type: string;
  readonly vm: string;
}

export interface Vm extends ApiObject {
  readonly image: string;
  readonly imageName: string;
  readonly platform: Platform;
  readonly subnet: string;
  readonly privateIp: string;
  readonly nic: string;
  readonly nicLink: string;
  readonly macAddress: string;
  readonly reservation: string;
  readonly createdAt: string;
  readonly bootMode: string;
  readonly volumes: Volume[];
  type: string;
  performance: string;
  groups: string[];
  /** As sent: base64. */
  userData: string;
  keypair: string;
  deletionProtection: boolean;
  isSourceDestChecked: boolean;
  shutdownBehavior: string;
  state: "running" | "stopped";
  stateReason: string;
  /** The conditions at the first boot; a disk keeps its configuration. */
  boot?: {
    /** Epoch milliseconds. */
    readonly at: number;
    /** What the first boot found, decoded. */
    readonly userData: string;
    /** Why it could not reach the internet then. */
    readonly obstacle?: string;
  };
}

/** How the operating system of an image looks for its configuration. */
export type Platform = "aws" | "metal" | "nocloud" | "openstack" | "cloud-init";

export interface Snapshot extends ApiObject {
  readonly description: string;
  /** In bytes. */
  readonly size: number;
  readonly createdAt: string;
  /** Of the Talos in it; undefined where there is none. */
  readonly platform?: string;
  /** The import has found nothing at its address. */
  readonly hasFailed: boolean;
}

export interface Image extends ApiObject {
  readonly name: string;
  readonly description?: string;
  /** What it is based on. @default - one that is not of this account */
  readonly snapshot?: string;
  readonly accountId: string;
  readonly accountAlias: string;
  readonly createdAt: string;
  readonly platform: Platform;
  readonly sizeGiB: number;
  readonly bootModes: readonly string[];
  readonly architecture: string;
}
