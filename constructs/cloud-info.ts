import type { Access, PlannedResource } from "./model/access-rules";
import type { ApiPath, StateResources } from "./model/api-path";
import type { CloudName } from "./model/cluster-spec";
import type { Recovery } from "./model/recovery";

/**
 * What is known of a cloud without building anything on it. Loading it loads no cdktf, so that a
 * command that only names a cloud starts at once.
 */
export interface CloudInfo {
  readonly name: CloudName;
  /** "Scaleway": the display name. */
  readonly title: string;
  /** The name of the file, in this package's directory, with an example of the input. */
  readonly exampleInput: string;
  /** Environment variables that tofu needs to use a user's account. */
  readonly credentialVariables: readonly string[];
  /** Where a cluster can be created, in the order in which they are offered. */
  readonly regions: readonly RegionInfo[];
  /** What `bastion_image` is where it is an id. @default - it is a name */
  readonly imageId?: RegExp;
  readonly talos: TalosPlatform;
  /** Maximum size of a machine's user data, in bytes before any encoding. */
  readonly userDataLimit: number;
  /** Attributes of a node's server whose in-place update restarts the machine. */
  readonly restartedBy: readonly string[];

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

  /** Who may connect from the internet, by the resources of one side of a plan. */
  readonly plannedAccess: (resources: readonly PlannedResource[]) => Access;

  /** The way to the API as a state has it; undefined where there is no load balancer. */
  readonly apiPath: (state: StateResources) => ApiPath | undefined;
}

export interface RegionInfo {
  readonly name: string;
  /** What to know when choosing, in a few words: "three zones". @default - nothing */
  readonly note?: string;
  /** Where nodes can be. @default - which zones there are differs between accounts */
  readonly zones?: readonly ZoneInfo[];
}

export interface ZoneInfo {
  readonly name: string;
  /** As of a region. @default - nothing */
  readonly note?: string;
}

/** The Talos platform of the cloud. */
export interface TalosPlatform {
  /** The platform of the nodes' image, which reads their user data. "nocloud" */
  readonly name: string;
  /** A patch of every machine configuration. @default - none */
  readonly patch?: object;
}
