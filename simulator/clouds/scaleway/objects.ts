/**
 * The API's objects, as the store keeps them. They refer to each other by full id
 * (`fr-par-1/uuid`), so that a reader of the store can follow them.
 */

export interface ApiObject {
  /** `zone/uuid` or `region/uuid`. */
  readonly id: string;
  /** Zone or region. */
  readonly locality: string;
  readonly projectId: string;
  name: string;
  tags: string[];
  readonly createdAt: string;
  updatedAt: string;
  /** Orders all events of the account: a greater one is later. */
  readonly sequence: number;
  /** Until then (epoch milliseconds) it is in a transient state. */
  readyAt: number;
}

export interface Vpc extends ApiObject {
  transitivity: boolean;
}

export interface Subnet {
  readonly id: string;
  readonly cidr: string;
  readonly createdAt: string;
}

export interface PrivateNetwork extends ApiObject {
  readonly vpc: string;
  readonly ipv4: Subnet;
  readonly ipv6: Subnet[];
  defaultRoutePropagation: boolean;
}

export interface Attachment {
  readonly type: "instance_private_nic" | "lb_server" | "vpc_gateway_network" | "custom";
  /** Bare id of the resource that has the address. */
  readonly id: string;
  readonly name: string;
  /** Upper case, as IPAM shows it. */
  readonly macAddress?: string;
}

/** An address of a private network: booked by a user, or assigned by a product to itself. */
export interface PrivateIp extends ApiObject {
  readonly address: string;
  readonly cidr: string;
  readonly privateNetwork: string;
  readonly subnet: string;
  readonly ipv6: boolean;
  readonly booked: boolean;
  attachment?: Attachment;
}

/** A public address of a gateway, a load balancer or an instance. */
export interface PublicIp extends ApiObject {
  readonly address: string;
  readonly reverse: string;
  readonly ipv6: boolean;
  /** Of the gateway, load balancer or server that has it. */
  attachedTo?: string;
}

export interface Gateway extends ApiObject {
  readonly ip: string;
  type: string;
  bastionEnabled: boolean;
  bastionPort: number;
  smtpEnabled: boolean;
  allowedIpRanges: string[];
}

export interface GatewayNetwork extends ApiObject {
  readonly gateway: string;
  readonly privateNetwork: string;
  /** Of the gateway's address there. */
  ipamIp: string;
  readonly macAddress: string;
  masquerade: boolean;
  pushDefaultRoute: boolean;
  /** Since when it answers DHCP with a route; earlier leases have none. */
  readySequence?: number;
}

export interface LoadBalancer extends ApiObject {
  type: string;
  description: string;
  sslCompatibilityLevel: string;
  ips: string[];
  attachments: { readonly privateNetwork: string; readonly ipamIp: string }[];
}

export interface HealthCheck {
  readonly port: number;
  readonly maxRetries: number;
  readonly timeout: string;
  readonly delay: string;
  readonly transientDelay: string;
  readonly sendProxy: boolean;
  readonly kind: "tcp" | "http" | "https";
  readonly http?: { uri: string; method: string; code: number; hostHeader: string; sni: string };
}

export interface Backend extends ApiObject {
  readonly loadBalancer: string;
  forwardProtocol: string;
  forwardPort: number;
  algorithm: string;
  stickySessions: string;
  stickySessionsCookieName: string;
  serverIps: string[];
  proxyProtocol: string;
  timeoutServer: string;
  timeoutConnect: string;
  timeoutTunnel: string;
  timeoutQueue: string;
  onMarkedDownAction: string;
  failoverHost: string;
  sslBridging: boolean;
  ignoreSslServerVerify: boolean;
  maxConnections: number | null;
  redispatchAttemptCount: number | null;
  maxRetries: number;
  healthCheck: HealthCheck;
}

/** Tried in the order of their index; when none matches, the connection is allowed. */
export interface Acl {
  readonly name: string;
  readonly index: number;
  readonly action: "allow" | "deny" | "redirect";
  readonly redirect?: { type: string; target: string; code: number };
  /** CIDRs, or single addresses. */
  readonly ipSubnets: string[];
  readonly invert: boolean;
  readonly httpFilter: string;
  readonly httpFilterValues: string[];
  readonly httpFilterOption: string;
  readonly ipsEdgeServices: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Frontend extends ApiObject {
  readonly loadBalancer: string;
  readonly backend: string;
  inboundPort: number;
  timeoutClient: string | null;
  certificateIds: string[];
  enableHttp3: boolean;
  enableAccessLogs: boolean;
  connectionRateLimit: number | null;
  acls: Acl[];
}

export interface SecurityRule {
  readonly action: "accept" | "drop";
  readonly protocol: string;
  /** 0 to 0 means every port. */
  readonly portFrom: number;
  readonly portTo: number;
  readonly ipRange: string;
}

/** Filters only the public interface of its servers. */
export interface SecurityGroup extends ApiObject {
  description: string;
  stateful: boolean;
  enableDefaultSecurity: boolean;
  inboundDefaultPolicy: string;
  outboundDefaultPolicy: string;
  inboundRules: SecurityRule[];
  outboundRules: SecurityRule[];
}

export interface PlacementGroup extends ApiObject {
  policyType: string;
  policyMode: string;
}

export interface Volume extends ApiObject {
  readonly type: "sbs_volume" | "l_ssd" | "scratch";
  sizeGB: number;
  iops: number | null;
  server?: string;
}

export interface Server extends ApiObject {
  type: string;
  /** Absent when it boots from a volume of its own. */
  readonly image?: { readonly id: string; readonly name: string; readonly platform: Platform };
  /** The project's default one when none was configured: see `defaultSecurityGroup`. */
  securityGroup: string;
  placementGroup?: string;
  publicIps: string[];
  rootVolume: string;
  additionalVolumes: string[];
  deleteRootVolume: boolean;
  userData: Record<string, string>;
  state: "started" | "stopped" | "standby";
  protected: boolean;
  bootType: string;
  enableDynamicIp: boolean;
  /** A public address that it has only while it is running. */
  dynamicAddress?: string;
  /** The conditions at its first power-on: everything that a first boot can see. */
  firstBoot?: {
    readonly userData?: string;
    readonly publicAddress: boolean;
  };
}

export interface PrivateNic extends ApiObject {
  readonly server: string;
  readonly privateNetwork: string;
  /** Lower case. */
  readonly macAddress: string;
  /** Of its addresses, newest first, as IPAM lists them. */
  readonly ipamIps: string[];
}

/** How the operating system of an image looks for its configuration. */
export type Platform = "nocloud" | "cloud-init" | "other";

export interface Image extends ApiObject {
  readonly architecture: string;
  /** Of the snapshot it was created from. */
  readonly rootVolume: string;
  readonly rootVolumeType: "sbs_snapshot" | "l_ssd";
  readonly sizeGB: number;
  readonly platform: Platform;
  public: boolean;
}

export interface Snapshot extends ApiObject {
  readonly sizeGB: number;
  readonly platform: Platform;
  readonly volume?: string;
  /** Whether its import has failed, of which the provider says nothing. @default false */
  hasFailed?: boolean;
}

/** Its id is `region/name`. */
export interface Bucket extends ApiObject {
  acl: string;
  objectLock: boolean;
  versioning: boolean;
  tagMap: Record<string, string>;
}

/** Its id is `region/bucket/key`. */
export interface StoredObject extends ApiObject {
  readonly bucket: string;
  readonly key: string;
  /** Of the Talos in it. @default - what was uploaded is no file with Talos in it */
  platform?: string;
  contentType: string;
  visibility: string;
  metadata: Record<string, string>;
  tagMap: Record<string, string>;
}
