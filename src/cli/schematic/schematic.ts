import { resolve } from "node:path";
import {
  hasSchematic,
  imageNameOf,
  schematicId,
  schematicOf,
} from "../../../constructs/model/schematic";
import { cloudInfo } from "../../../providers/info";
import { loadCluster } from "../../config/load";
import { warnings } from "../../view/messages";
import { print, printError, printJson } from "../../view/output";
import { factoryHost as factory } from "../../talos/image-factory";
import type { ClusterOptions } from "../cluster/directory";
import { exitStatus } from "../exit-status";

export interface SchematicOptions extends ClusterOptions {
  readonly json: boolean;
}

/**
 * Prints the schematic of the nodes' image, its id, and its URLs; computed, without a request.
 * @throws the input's problems
 */
export async function printSchematic(options: SchematicOptions): Promise<number> {
  const loaded = await loadCluster({
    directory: resolve(options.dir ?? "."),
    file: options.file,
    environment: process.env,
  });
  const { spec } = loaded;
  const { title, talos } = cloudInfo[spec.cloud];
  const schematic = schematicOf(spec);
  const id = schematicId(spec);
  const version = spec.talosVersion.toString();
  const image = `https://${factory}/image/${id}/${version}/${talos.imageFile}`;
  const installer = `${factory}/${talos.name}-installer/${id}:${version}`;
  const name = imageNameOf(spec);
  if (options.json) {
    printJson({ schematic, id, image, installer, image_name: name });
    return exitStatus.done;
  }
  const notes = warnings(loaded.warnings, loaded.input);
  if (notes !== "") printError(notes);
  const registration = hasSchematic(spec)
    ? [
        "",
        "The Image Factory must have seen it once; the same content gives the same id:",
        "",
        `    openaether schematic --json | jq -j .schematic | curl -fsS --data-binary @- https://${factory}/schematics`,
      ]
    : [];
  print(
    [
      `${spec.name} on ${title}, Talos ${version}`,
      "",
      ...schematic
        .trimEnd()
        .split("\n")
        .map((line) => `    ${line}`),
      "",
      `id         ${id}`,
      `image      ${image}`,
      `installer  ${installer}`,
      `name       ${name}`,
      ...registration,
    ].join("\n"),
  );
  return exitStatus.done;
}
