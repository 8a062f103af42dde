/** The services' objects, as the store keeps them. They refer to each other by id. */

export interface ApiObject {
  readonly id: string;
  readonly region: string;
  readonly projectId: string;
  name: string;
  description: string;
  tags: string[];
  adminStateUp: boolean;
  readonly createdAt: string;
  updatedAt: string;
  /** Orders all events of the project: a greater one is later. */
  readonly sequence: number;
  /** Until then (epoch milliseconds) it is in a transient state. */
  readyAt: number;
}

export interface Segment {
  readonly networkType: string;
  readonly physicalNetwork: string;
  readonly segmentationId: number;
}

export interface Network extends ApiObject {
  mtu: number;
  segments: Segment[];
  portSecurity: boolean;
  dnsDomain: string;
  qosPolicy: string;
}

export interface AllocationPool {
  readonly start: string;
  readonly end: string;
}

export interface Subnet extends ApiObject {
  readonly network: string;
  readonly cidr: string;
  /** Empty without one. */
  gatewayIp: string;
  pools: AllocationPool[];
  dhcp: boolean;
  nameservers: string[];
  serviceTypes: string[];
}

export interface FixedIp {
  readonly subnet: string;
  readonly address: string;
}

export interface AddressPair {
  readonly address: string;
  readonly mac: string;
}

/** Every port of the project's networks: a user's, a server's, a router's, a service's. */
export interface Port extends ApiObject {
  readonly network: string;
  readonly mac: string;
  fixedIps: FixedIp[];
  securityGroups: string[];
  /** Of the server, router or service that has it; empty without one. */
  deviceId: string;
  deviceOwner: string;
  portSecurity: boolean;
  addressPairs: AddressPair[];
  dnsName: string;
  qosPolicy: string;
  /** Created by Nova for a server, and deleted with the server. */
  readonly madeByCompute: boolean;
}

export interface Router extends ApiObject {
  /** Empty without an external gateway. */
  externalNetwork: string;
  externalIps: FixedIp[];
}

export interface FloatingIp extends ApiObject {
  readonly network: string;
  readonly address: string;
  /** Empty while not associated. */
  port: string;
  fixedIp: string;
  router: string;
}

export interface SecurityGroup extends ApiObject {
  stateful: boolean;
}

export interface SecurityRule extends ApiObject {
  readonly group: string;
  readonly direction: string;
  readonly ethertype: string;
  /** Empty means all. */
  readonly protocol: string;
  readonly portMin: number;
  readonly portMax: number;
  readonly remoteGroup: string;
  readonly remotePrefix: string;
  readonly remoteAddressGroup: string;
}

export interface LoadBalancer extends ApiObject {
  readonly network: string;
  readonly subnet: string;
  readonly vipPort: string;
  readonly vipAddress: string;
  readonly flavor: string;
  readonly zone: string;
  /** Base ports of the two amphorae. */
  amphorae: string[];
  readonly securityGroup: string;
  /** It could not be built. */
  failed: boolean;
  qosPolicy: string;
}

export interface Listener extends ApiObject {
  readonly loadBalancer: string;
  readonly protocol: string;
  readonly port: number;
  defaultPool: string;
  connectionLimit: number;
  timeoutClientData: number;
  timeoutMemberConnect: number;
  timeoutMemberData: number;
  timeoutTcpInspect: number;
  /** Empty means everyone. */
  allowedCidrs: string[];
  insertHeaders: Record<string, string>;
}

export interface Pool extends ApiObject {
  readonly loadBalancer: string;
  /** Empty for a pool that is no listener's default. */
  readonly listener: string;
  readonly protocol: string;
  method: string;
  persistence?: { readonly type: string; readonly cookieName: string };
}

/** Result of the last health check. */
export type OperatingStatus = "ONLINE" | "ERROR" | "NO_MONITOR";

export interface Member extends ApiObject {
  readonly pool: string;
  readonly address: string;
  readonly port: number;
  /** Empty when none was configured. */
  readonly subnet: string;
  weight: number;
  backup: boolean;
  monitorAddress: string;
  monitorPort: number;
  operatingStatus: OperatingStatus;
}

export interface Monitor extends ApiObject {
  readonly pool: string;
  readonly type: string;
  delay: number;
  timeout: number;
  maxRetries: number;
  maxRetriesDown: number;
  urlPath: string;
  httpMethod: string;
  httpVersion: string;
  expectedCodes: string;
  domainName: string;
}

export interface ServerGroup extends ApiObject {
  readonly policy: string;
  readonly maxServersPerHost: number;
}

export interface Image extends ApiObject {
  visibility: string;
  /** The platform that Talos was built for, or "cloud-init" for other systems. */
  readonly platform: string;
  readonly diskFormat: string;
  readonly containerFormat: string;
  readonly sizeBytes: number;
  /** False from its creation until the end of the upload, which nothing continues. @default true */
  isUploaded?: boolean;
  minDiskGB: number;
  minRamMB: number;
  protected: boolean;
  hidden: boolean;
  properties: Record<string, string>;
}

export type ServerStatus =
  "BUILD" | "ACTIVE" | "SHUTOFF" | "ERROR" | "RESIZE" | "REBUILD" | "PAUSED" | "SHELVED_OFFLOADED";

/** What the first boot from an image finds; a rebuild counts as a first boot. */
export interface FirstBoot {
  /** Subnets that were on a router with an external gateway at that time. */
  readonly waysOut: readonly string[];
}

export interface Server extends ApiObject {
  flavor: string;
  image: { readonly id: string; readonly name: string; readonly platform: string };
  readonly zone: string;
  /** The hypervisor; empty when none was found. */
  readonly host: string;
  readonly userData?: string;
  readonly configDrive: boolean;
  readonly keyPair: string;
  readonly group: string;
  ports: string[];
  status: ServerStatus;
  /** Why it is in ERROR. */
  fault?: string;
  metadata: Record<string, string>;
  firstBoot?: FirstBoot;
  /** How often its disk was rewritten. */
  rebuilds: number;
  /** When its system is up, epoch milliseconds. */
  bootedAt: number;
}
