import type { CloudName } from "./cluster-spec";

/** How a disk image is stored in a file. */
export type ImageFormat = "qcow2" | "raw";

/** A Talos image that was created from here, or is being created, as the images' state records it. */
export interface ImageRecord {
  /** Its name in the cloud, by which clusters find it: "talos-v1.14.1". */
  readonly name: string;
  readonly cloud: CloudName;
  readonly region: string;
  /** Where it is: zones where each zone has images of its own, otherwise the region alone. */
  readonly places: readonly string[];
  /** The Talos release in it: "v1.14.1". */
  readonly version: string;
  /** The schematic's id at the Image Factory. */
  readonly schematic: string;
  /** A random UUID: what is created for it carries it, and is found by it after an interruption. */
  readonly label: string;
  readonly format: ImageFormat;
  /** Size of the disk, in GiB. */
  readonly sizeGb: number;
}

/** The logical id of its resources: "talos_v1_14_1_3f2a9c01". */
export function imageKey({ name, label }: ImageRecord): string {
  return `${name.replaceAll(/\W/g, "_")}_${label.slice(0, 8)}`;
}

/** The same in one of several zones: "talos_v1_14_1_3f2a9c01_fr_par_1". */
export function imageKeyIn(image: ImageRecord, zone: string): string {
  return `${imageKey(image)}_${zone.replaceAll("-", "_")}`;
}

/** The name of its snapshot, which no other one has: "talos-v1.14.1-3f2a9c01-…". */
export function snapshotName({ name, label }: ImageRecord): string {
  return `${name}-${label}`;
}

/** Where its file is while it is imported. */
export function uploadOf({ label, version, format }: ImageRecord, platform: string) {
  return { bucket: `openaether-${label}`, key: `talos-${version}-${platform}-amd64.${format}` };
}

/** As `terraform_data` records it. */
export function recordedValues(image: ImageRecord): Record<string, string> {
  const { places, sizeGb, ...strings } = image;
  return { ...strings, places: places.join(","), size_gb: String(sizeGb) };
}

/** The opposite; undefined for anything else. */
export function recordOf(values: Readonly<Record<string, unknown>>): ImageRecord | undefined {
  const { name, cloud, region, places, version, schematic, label, format, size_gb } = values;
  const strings = [name, cloud, region, places, version, schematic, label, format];
  if (!strings.every((value) => typeof value === "string")) return undefined;
  return {
    ...(values as unknown as ImageRecord),
    places: String(places).split(","),
    sizeGb: Number(size_gb),
  };
}
