import type { DataLookUp } from "./recovery";
import type { ImageFormat, ImageRecord } from "./image";

/** What is known of a cloud's images without a construct. */
export interface ImageFacts {
  /** Whether each zone has images of its own, or the region has them. */
  readonly scope: "zone" | "region";
  /** Formats that the cloud imports. */
  readonly formats: readonly ImageFormat[];
  /** Size of the largest file that can be uploaded, in bytes. @default - no limit is known */
  readonly largestFile?: number;
  /** What an import does, how long it takes, and what is stored afterwards: a sentence each. */
  readonly remarks: readonly string[];
  /** What a user of the cloud needs to be allowed, by resource type: named when the cloud refuses. */
  readonly rights: Readonly<Record<string, string>>;
  /**
   * The file is uploaded into a bucket of the cloud's object store by the command line, since the
   * provider cannot.
   * @default false
   */
  readonly isUploadedByS3?: boolean;
  /** The provider's error when it stops waiting for what it reads. @default - it reads without waiting */
  readonly stillCreating?: RegExp;
  /** Finds the account that owns what is created: its id is the one candidate. */
  readonly owner: DataLookUp;
  /** Finds the account's images by their name; asked with "owner", "name" and "place". */
  readonly byName: DataLookUp;
  /** The resources of an image, in the order of their creation. */
  readonly parts: (image: ImageRecord) => readonly ImagePart[];
}

/** What one request can bring to an S3 store, in bytes. */
export const largestObject = 5 * 2 ** 30;

/** A resource that belongs to an image. */
export interface ImagePart {
  /** "scaleway_block_snapshot.talos_v1_14_1_3f2a9c01_fr_par_1" */
  readonly address: string;
  /** "upload": it exists until the image does. */
  readonly kind: "upload" | "snapshot" | "image";
  /** What it is called in messages: "snapshot in fr-par-1". */
  readonly title: string;
  /** Of an image: one of `places`. @default - it belongs to all */
  readonly place?: string;
  /**
   * How it is found after an interruption: a candidate's id is its import id.
   * @default - creating it again replaces it
   */
  readonly lookUp?: DataLookUp;
  /** What the look-up is asked with. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The address of its snapshot, whose id the look-up is asked with as "snapshot". @default - none */
  readonly snapshot?: string;
}

/** A resource that is looked up by an import with its id, which is known. */
export function byImport(
  type: string,
  id: string,
  values: Readonly<Record<string, unknown>>,
  hasFailed: (read: Readonly<Record<string, unknown>>) => boolean = () => false,
): DataLookUp {
  return {
    source: type,
    imported: () => id,
    arguments: () => values,
    candidates: (read) => [{ id, hasFailed: hasFailed(read) }],
    noneMessage: /Cannot import non-existent remote object|not found|NoSuchBucket|NotFound/,
  };
}
