import { createHash } from "node:crypto";
import type { ClusterSpec } from "./cluster-spec";

/** What a Talos image has beyond Talos itself. */
export type SchematicSpec = Pick<ClusterSpec, "extensions" | "kernelArgs">;

/**
 * The schematic of the nodes' image, in the form of which the Image Factory takes the hash: YAML
 * with four spaces, keys in this order, empty ones left out (image-factory, pkg/schematic). The
 * checks of the input let nothing through that YAML would quote.
 */
export function schematicOf({ extensions = [], kernelArgs = [] }: SchematicSpec): string {
  const list = (items: readonly string[], indent: string) =>
    items.map((item) => `${indent}- ${item}\n`).join("");
  const parts = [
    kernelArgs.length === 0 ? "" : `    extraKernelArgs:\n${list(kernelArgs, " ".repeat(8))}`,
    extensions.length === 0
      ? ""
      : `    systemExtensions:\n        officialExtensions:\n${list(extensions, " ".repeat(12))}`,
  ].join("");
  return parts === "" ? "customization: {}\n" : `customization:\n${parts}`;
}

/** The schematic's id at the Image Factory, SHA-256 of its content: known without a request. */
export function schematicId(spec: SchematicSpec): string {
  return createHash("sha256").update(schematicOf(spec)).digest("hex");
}

/** How much of a schematic's id an image's name must have to be recognized. */
export const shortSchematicLength = 8;

export function hasSchematic({ extensions = [], kernelArgs = [] }: SchematicSpec): boolean {
  return extensions.length > 0 || kernelArgs.length > 0;
}

/** The name that the docs give an image: "talos-v1.14.1", "talos-v1.14.1-613e1592". */
export function imageNameOf(spec: SchematicSpec & Pick<ClusterSpec, "talosVersion">): string {
  const name = `talos-${spec.talosVersion.toString()}`;
  if (!hasSchematic(spec)) return name;
  return `${name}-${schematicId(spec).slice(0, shortSchematicLength)}`;
}
