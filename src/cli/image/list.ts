import { print, printJson } from "../../view/output";
import { checkCredentials } from "../cluster/credentials";
import type { ClusterOptions } from "../cluster/directory";
import { imageDifference } from "../cluster/image-records";
import { exitStatus } from "../exit-status";
import { refuseOtherRegion } from "./begin";
import { otherCommand } from "./claim";
import { neededImage } from "./needed";
import { accountOf, survey } from "./survey";
import { placesText } from "./text";
import { usedIds } from "./used";
import { imageRows, isNeeded } from "./rows";
import { ImageWorkspace } from "./workspace";

export interface ListImagesOptions extends ClusterOptions {
  readonly json: boolean;
}

/**
 * Prints which image tofu.tfvars needs, where it is, and what else was created from here. Changes nothing
 * in the cloud.
 * @returns the exit status: `changesPending` where the image is missing
 */
export async function listImages(options: ListImagesOptions): Promise<number> {
  const workspace = await ImageWorkspace.open(options, (text) => {
    if (!options.json) print(text);
  });
  checkCredentials(workspace);
  refuseOtherRegion(workspace);
  const needed = neededImage(workspace.spec);
  await workspace.prepareReading();
  const places =
    needed === undefined ? [] : await survey(workspace, needed, await accountOf(workspace));
  const others = imageRows(workspace, await usedIds(options)).filter(
    (row) => !isNeeded(row, needed),
  );
  const isThere = places.every(({ status }) => status === "there");
  if (options.json) {
    printJson({ needed: needed ?? null, places, others });
    return isThere ? exitStatus.done : exitStatus.changesPending;
  }
  print(
    needed === undefined
      ? `${workspace.title}: tofu.tfvars names the image by its id.`
      : `${workspace.title} needs the Talos image ${needed.name}, for ${workspace.cloud.talos.name}:\n\n${placesText(places)}`,
  );
  const other = otherCommand(workspace.memory);
  if (other !== undefined) print(`\nAn image command works in this directory (process ${other}).`);
  const difference = imageDifference(workspace.records, workspace.spec);
  if (difference !== undefined) print(`\n${difference}`);
  if (others.length > 0) {
    const rows = others.map(
      ({ name, places: where, isUsed }) =>
        `  ${name}  ${where.join(", ")}  ${isUsed ? "used by this directory's cluster" : "not used"}`,
    );
    print(`\nAlso created from here:\n\n${rows.join("\n")}`);
  }
  if (others.some(({ isUsed }) => !isUsed)) print("\n  ./openaether image delete");
  if (!isThere && other === undefined) print("\n  ./openaether image create");
  return isThere ? exitStatus.done : exitStatus.changesPending;
}
