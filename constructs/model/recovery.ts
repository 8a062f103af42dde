/** What a cloud must tell of each type of resource, so that an interrupted run can be resumed. */
import type { ResourceValues } from "./resource-values";

/** One row of a cloud's table: a type of resource, and what its provider does with it. */
export interface Recovery {
  /** How `tofu import` is told of it, where that is not the id in the state. @default - that id */
  readonly importId?: ImportId;

  /** How it is looked for when an interruption left open whether it was created. */
  readonly lookUp: LookUp;

  /**
   * What its provider says on reading one that is gone, or whose parent is, where it reports an error
   * in place of an absence. @default - the provider notices that it is gone
   */
  readonly goneWords?: RegExp;

  /**
   * Whether one is gone, as the state has it after a refresh: of those that the provider reads back
   * though they are. @default - the provider notices
   */
  readonly isGone?: GoneCheck;

  /**
   * What the cloud says when it refuses to create one because it is there already. A group named `id`
   * is its id in the state; without one it is looked up. @default - the cloud creates a second one
   */
  readonly existsWords?: RegExp;

  /** What the cloud says when it cannot be destroyed for a moment. @default - the provider waits */
  readonly busyWords?: RegExp;

  /**
   * Parts that its provider deletes after it: a deletion that is interrupted leaves them, and the state
   * does not know them any more. @default - none
   */
  readonly parts?: (resource: ResourceValues) => readonly Part[];

  /**
   * Where its provider keeps the configured timeouts: SDKv2 has them in the private data of the state,
   * which an import leaves empty; the plugin framework has them among the attributes. @default "SDKv2"
   */
  readonly sdk?: "SDKv2" | "framework";
}

/** A part of a resource, and the type of resource that it can be imported as to be deleted. */
export interface Part {
  readonly type: string;
  readonly importId: string;
  /** What that type requires, whatever the values. */
  readonly arguments: ResourceValues;
}

/**
 * "none": it cannot be imported, and is created once more. Else the import id, or undefined where not
 * enough is known of the resource.
 */
export type ImportId = "none" | ((lost: LostResource) => string | NotImported | undefined);

/** What cannot be imported, though its id in the state is known, and `isGone` tells whether it is there. */
export interface NotImported {
  readonly stateId: string;
}

/**
 * "create": creating it once more changes nothing, or is refused with `existsWords`.
 * "import": its import id is known from the configuration, and what cannot be imported is not there.
 * Else a data source of its provider finds it; or only a person can, where there is none.
 */
export type LookUp = "create" | "import" | DataLookUp | Ask;

/** A data source that lists, or finds, what may be the resource. */
export interface DataLookUp {
  /** Its type: "scaleway_lb_backends". */
  readonly source: string;
  /**
   * Where only a resource tells it: its import id. The source is that resource's type then, imported in
   * a plan that nobody applies. @default - it is a data source
   */
  readonly imported?: (lost: LostResource) => string | undefined;
  /** What it is asked with; undefined where not enough is known. */
  readonly arguments: (lost: LostResource) => ResourceValues | undefined;
  /** What fits among what it has read. */
  readonly candidates: (read: ResourceValues, lost: LostResource) => readonly Candidate[];
  /** What it says when there is nothing, where that is an error. @default - it reads an empty list */
  readonly noneWords?: RegExp;
}

/** Something in the cloud that may be the resource. */
export interface Candidate {
  /** As the state has it. */
  readonly id: string;
  /** RFC 3339; undefined where the cloud does not tell. */
  readonly createdAt?: string;
  /** Nothing on it says whose it is (it gets its tags after its creation): taken up only after asking. */
  readonly isUncertain?: boolean;
}

/** No data source of the provider finds it. */
export interface Ask {
  /** Where a person looks: "the flexible IP addresses of its zone". */
  readonly ask: string;
}

/** What an apply that was interrupted created, or was creating. */
export interface LostResource {
  /** As the apply showed it, or as a look-up found it; undefined before. */
  readonly id?: string;
  /** An attribute of its configuration, as text; undefined where it is not known or not given. */
  readonly attribute: (name: string) => string | undefined;
  /** An attribute of any type, references resolved at every depth; undefined where one is not known. */
  readonly value: (name: string) => unknown;
}

/** @param others Everything that the state has. */
export type GoneCheck = (resource: ResourceValues, others: readonly ResourceValues[]) => boolean;
