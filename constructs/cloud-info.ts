import type { Access, PlannedResource } from "./model/access-rules";
import type { ApiPath, StateResources } from "./model/api-path";
import type { CloudName } from "./model/cluster-spec";
import type { ImageFacts } from "./model/image-facts";
import type { Recovery } from "./model/recovery";

/**
 * The facts about a cloud that need no construct. Loading them loads no cdktf, so that a command
 * that only names a cloud starts at once.
 */
export interface CloudInfo {
  readonly name: CloudName;
  /** "Scaleway": the display name. */
  readonly title: string;
  /** The file name of the example input, in this package's directory. */
  readonly exampleInput: string;
  /** Environment variables that tofu needs to use a user's account. */
  readonly credentialVariables: readonly string[];
  /** Regions where a cluster can be created, in the order in which they are offered. */
  readonly regions: readonly RegionInfo[];
  /** What a `bastion_image` is when it is an id. @default - it is a name */
  readonly imageId?: RegExp;
  readonly talos: TalosPlatform;
  readonly images: ImageFacts;
  readonly objectStore: ObjectStoreInfo;
  /** What `explain` says its network does not guarantee, one sentence each. @default - nothing */
  readonly networkRemarks?: readonly string[];
  /** Maximum size of a machine's user data, in bytes before any encoding. */
  readonly userDataLimit: number;
  /** Attributes of a node's server whose in-place update restarts the machine. */
  readonly restartedBy: readonly string[];
  /**
   * Type of the one resource that lists the control planes behind the load balancer.
   * @default - each has a resource of its own
   */
  readonly backends?: string;

  /** How each resource type is found after an interruption, and what its provider does when it is deleted. */
  readonly recovery: Readonly<Record<string, Recovery>>;

  /**
   * Settings of its provider for data sources only, where those get a location from nowhere else.
   * @default - the stack's
   */
  readonly lookUpSettings?: (location: {
    readonly region: string;
    readonly zone: string;
  }) => Readonly<Record<string, string>>;

  /** Who can connect from the internet, by the resources of one side of a plan. */
  readonly plannedAccess: (resources: readonly PlannedResource[]) => Access;

  /** The path to the API, from a state; undefined where there is no load balancer. */
  readonly apiPath: (state: StateResources) => ApiPath | undefined;
}

export interface RegionInfo {
  readonly name: string;
  /** A note for the choice, in a few words: "three zones". @default - none */
  readonly note?: string;
  /** Zones where nodes can be. @default - they differ between accounts */
  readonly zones?: readonly ZoneInfo[];
}

export interface ZoneInfo {
  readonly name: string;
  /** As of a region. @default - nothing */
  readonly note?: string;
}

/** The cloud's object store, which speaks S3. */
export interface ObjectStoreInfo {
  readonly regions: readonly string[];
  readonly endpoint: (region: string) => string;
  /** The environment variables that hold credentials for it. "SCW_ACCESS_KEY" */
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The Talos platform of the cloud. */
export interface TalosPlatform {
  /** The platform of the nodes' image, which reads their user data. "nocloud" */
  readonly name: string;
  /** The file of the Image Factory that the cloud imports: "nocloud-amd64.qcow2". */
  readonly imageFile: string;
  /** Of the metadata service, where it answers every machine. @default - it answers no node */
  readonly metadataAddress?: string;
  /** A patch of every machine configuration. @default - none */
  readonly patch?: object;
}
