import type { ITerraformDependable, TerraformProvider, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import type { AddressPlan } from "./model/address-plan";
import type { BastionBoot } from "./bastion-boot";
import type { CloudInitSetup } from "./bastion-cloud-init";
import type { Cidr } from "./model/cidr";
import type { ClusterSpec, NodeImage } from "./model/cluster-spec";
import type { ImageRecord } from "./model/image";
import type { InputPath, Report } from "./model/report";
import type { CloudInfo } from "./cloud-info";

/**
 * What a cloud must implement: its info, and what creates constructs. The stack knows only this
 * interface, and calls it in the order of the data: the API's public address exists before any
 * machine configuration is rendered, and no step depends on a later one.
 */
export interface CloudProvider extends CloudInfo, CloudConstructs {
  /**
   * Fills in this cloud's defaults and checks its own settings: regions and zones, machine types,
   * images, names. Reports every problem; the result is meaningful only when there is no error.
   */
  resolve(request: DistributionRequest, report: Report): ResolvedDistribution;

  /** The planned addresses; node i of a role is in zones[i mod n], a pool's in its own zones. */
  planAddresses(network: Cidr, zones: readonly string[]): AddressPlan;

  /** Additions to this cloud's bastion (for a second NIC, say): cloud-init's own keys. */
  readonly bastionSetup: CloudInitSetup;
}

/** What of a cloud creates constructs. */
export interface CloudConstructs {
  /**
   * The `provider` block. The region is fixed by the configuration, whatever the environment says;
   * the credentials are the environment's.
   */
  createProvider(scope: Construct, id: string, props: ProviderProps): TerraformProvider;

  /**
   * Creates the network (private network, its route to the internet, a reservation of every planned
   * address) and the API's load balancer.
   */
  create(scope: Construct, props: InfrastructureProps): Infrastructure;

  /** Imports a Talos image: creates every resource of `images.parts`. */
  createImage(scope: Construct, props: ImageProps): void;
}

export interface ProviderProps {
  readonly spec: ClusterSpec;
  /** @default - the stack's default provider of its type */
  readonly alias?: string;
}

export interface ImageProps {
  readonly image: ImageRecord;
  /** Records the image: created before all of it, and deleted after it, also where a deletion fails. */
  readonly record: ITerraformDependable;
  /** Whether tofu refuses to destroy it. */
  readonly isProtected: boolean;
  /** What is imported. @default - nothing: what needs it exists */
  readonly upload?: ImageUpload | undefined;
}

export interface ImageUpload {
  /** Absolute. @default - nothing more is uploaded: what was, is only kept until its deletion */
  readonly file?: string | undefined;
  /** Where the cloud gets it, if it was uploaded before. @default - the provider uploads it */
  readonly url?: string | undefined;
}

export interface InfrastructureProps {
  readonly spec: ClusterSpec;
}

/** A network with the API's load balancer, and what can be created on it, in this order. */
export interface Infrastructure {
  readonly loadBalancer: LoadBalancer;
  /** The private network's id, in the cloud's terms. */
  readonly networkId: string;
  /** The public IPv4 address that all outbound traffic has as its source. */
  readonly egressAddress: string;
  createBastion(props: BastionProps): Bastion;
  /** One server for each node. */
  createCompute(props: ComputeProps): Compute;
}

export interface BastionProps {
  readonly boot: BastionBoot;
}

export interface ComputeProps {
  /** Each node's user data, by the node's name. */
  readonly machineConfigurations: Readonly<Record<string, string>>;
}

/** One entry of `node_distribution`: its form is checked, and no default is filled in. */
export interface DistributionRequest {
  readonly clusterName: string;
  /** Its path in the input, for messages. */
  readonly path: InputPath;
  readonly controlPlanes: number;
  readonly workers: number;
  /** @default - that of the zones, where their names say it */
  readonly region?: string;
  /** @default - the first of `zones`, otherwise the region's first */
  readonly zone?: string;
  /** @default - `zone` alone */
  readonly zones?: readonly string[];
  /** Of control planes and workers. @default - each has its own, below */
  readonly instanceType?: string;
  /** @default - `instanceType`, otherwise the cloud's */
  readonly controlPlaneInstanceType?: string;
  /** @default - `instanceType`, otherwise the cloud's */
  readonly workerInstanceType?: string;
  /** @default - the image is looked up by its name */
  readonly imageId?: string;
  /** @default "talos" */
  readonly imageName?: string;
  /** In GB. @default - the cloud's; refused where the machine type determines the disk */
  readonly rootVolumeGb?: number;
  /** @default - the cloud's */
  readonly bastionInstanceType?: string;
  /** The cloud's name of an Ubuntu image. @default - the cloud's */
  readonly bastionImage?: string;
  /** Those besides "worker", by name. */
  readonly pools: readonly PoolRequest[];
}

/** One entry of `pools`: the part that its cloud resolves. */
export interface PoolRequest {
  readonly name: string;
  /** Its path in the input, for messages. */
  readonly path: InputPath;
  readonly count: number;
  /** @default - those of the distribution */
  readonly zones?: readonly string[];
  /** @default - that of the distribution's workers */
  readonly instanceType?: string;
  /** In GB. @default - that of the distribution */
  readonly rootVolumeGb?: number;
}

/** The same with every default: the cluster's location, machine types and images. */
export interface ResolvedDistribution {
  readonly region: string;
  /** The bastion's zone, as in the cluster's specification. */
  readonly zone: string;
  /** Node i of a role is in zones[i mod n]. */
  readonly zones: readonly string[];
  readonly controlPlaneMachineType: string;
  readonly workerMachineType: string;
  readonly nodeImage: NodeImage;
  /** In GB. @default - the machine type determines it */
  readonly rootVolumeGb?: number;
  readonly bastionMachineType: string;
  readonly bastionImage: string;
  /** In the order of the request. */
  readonly pools: readonly ResolvedPool[];
}

export interface ResolvedPool {
  readonly name: string;
  /** Node i is in zones[i mod n]. */
  readonly zones: readonly string[];
  readonly machineType: string;
  /** In GB. @default - the machine type determines it */
  readonly rootVolumeGb?: number;
}

export interface LoadBalancer {
  /** The public IPv4 address of the API; it outlives the load balancer itself. */
  readonly address: string;
  /** Dependencies of everything that needs the API to be reachable. */
  readonly ready: readonly ITerraformDependable[];
}

export interface Bastion {
  /** Its public IPv4 address, which stays when the machine is replaced. */
  readonly address: string;
  readonly ready: readonly ITerraformDependable[];
}

export interface Compute {
  /** The server of each node, by the node's name. */
  readonly servers: Readonly<Record<string, TerraformResource>>;
  /** Dependencies of everything that needs all nodes on the network. */
  readonly ready: readonly ITerraformDependable[];
}
