/** What a cloud must define for each resource type, so that an interrupted run can be resumed. */
import type { ResourceValues } from "./resource-values";

/** One row of a cloud's table: a resource type, and what its provider does with it. */
export interface Recovery {
  /** The id for `tofu import`, where that is not the id in the state. @default - that id */
  readonly importId?: ImportId;

  /** How to look for it when an interruption left open whether it was created. */
  readonly lookUp: LookUp;

  /**
   * The provider's error when it reads a deleted object, or one whose parent is deleted, where it
   * does not treat that as absence. @default - the provider notices that it is deleted
   */
  readonly goneMessage?: RegExp;

  /**
   * Whether the object is deleted, from the state after a refresh: for types whose provider does
   * not notice it. @default - the provider notices
   */
  readonly isGone?: GoneCheck;

  /**
   * Whether it has failed in the cloud, where its provider takes that for no difference: it is
   * replaced when it was just imported or etcd was never bootstrapped, otherwise reported.
   * @default - as far as its provider reads, it has not
   */
  readonly hasFailed?: (resource: ResourceValues) => boolean;

  /**
   * The cloud's message when it refuses to create one that exists already. A group named `id` is
   * its id in the state; without one it is looked up. @default - the cloud creates a second one
   */
  readonly existsMessage?: RegExp;

  /** The cloud's message when it cannot be destroyed temporarily. @default - the provider waits */
  readonly busyMessage?: RegExp;

  /**
   * Parts that its provider deletes after it: an interrupted deletion leaves them, and they are not
   * in the state any more. @default - none
   */
  readonly parts?: (resource: ResourceValues) => readonly Part[];

  /**
   * Where its provider keeps the configured timeouts: SDKv2 has them in the private data of the state,
   * which an import leaves empty; the plugin framework has them among the attributes. @default "SDKv2"
   */
  readonly sdk?: "SDKv2" | "framework";
}

/** A part of a resource, and the resource type as which it can be imported to be deleted. */
export interface Part {
  readonly type: string;
  readonly importId: string;
  /** Arguments that type requires, with any value. */
  readonly arguments: ResourceValues;
}

/**
 * "none": it cannot be imported, and is created again. Otherwise the import id, or undefined where
 * not enough is known of the resource.
 */
export type ImportId = "none" | ((lost: LostResource) => string | NotImported | undefined);

/** For a resource that cannot be imported, though its id in the state is known and `isGone` says whether it exists. */
export interface NotImported {
  readonly stateId: string;
}

/**
 * "create": creating it again changes nothing, or is refused with `existsWords`. "import": its
 * import id is known from the configuration, and what cannot be imported does not exist. Otherwise
 * a data source of its provider finds it; or only a user can, where there is none.
 */
export type LookUp = "create" | "import" | DataLookUp | Ask;

/** A data source that lists, or finds, candidates. */
export interface DataLookUp {
  /** Its type: "scaleway_lb_backends". */
  readonly source: string;
  /**
   * Where only a resource has it: its import id. The source is that resource's type then, imported
   * in a plan that is not applied. @default - it is a data source
   */
  readonly imported?: (lost: LostResource) => string | undefined;
  /** The query's arguments; undefined where not enough is known. */
  readonly arguments: (lost: LostResource) => ResourceValues | undefined;
  /** The candidates among what it has read. */
  readonly candidates: (read: ResourceValues, lost: LostResource) => readonly Candidate[];
  /** Its error when there is nothing, if that is an error. @default - it reads an empty list */
  readonly noneMessage?: RegExp;
  /** The line of the cloud's own command line that lists all: for a source that fails where several match. */
  readonly listedBy?: string;
  /**
   * Where a user can look when it finds nothing, if the source does not list it from the first
   * moment of its existence. @default - what it does not find does not exist
   */
  readonly unlisted?: string;
}

/** An object in the cloud that may be the resource. */
export interface Candidate {
  /** Its id in the state. */
  readonly id: string;
  /** RFC 3339; undefined where the cloud does not return it. */
  readonly createdAt?: string;
  /** Nothing on it identifies the cluster (its tags are set after its creation): imported only after a question. */
  readonly isUncertain?: boolean;
  /** Its creation has failed in the cloud: it is imported and replaced. */
  readonly hasFailed?: boolean;
  /** The cloud is still creating it. Only of the resources of an image. */
  readonly isPending?: boolean;
}

/** No data source of the provider finds it. */
export interface Ask {
  /** Where a user can look: "the flexible IP addresses of its zone". */
  readonly ask: string;
}

/** What an interrupted apply created, or was creating. */
export interface LostResource {
  /** Its id, as reported by the apply or found by a look-up; undefined before. */
  readonly id?: string;
  /** An attribute of its configuration, as a string; undefined where it is unknown or not set. */
  readonly attribute: (name: string) => string | undefined;
  /** An attribute of any type, references resolved at every depth; undefined where one is unknown. */
  readonly value: (name: string) => unknown;
}

/** @param others Everything in the state. */
export type GoneCheck = (resource: ResourceValues, others: readonly ResourceValues[]) => boolean;
