import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cloudInfo } from "../../../providers/info";
import { UserError } from "../../errors";
import { checkDiskSpace } from "../../tofu/disk-space";
import { imagesStateName, truncatedState } from "../../tofu/state-file";
import { writeWhole } from "../../whole-file";
import { waitForTofu } from "../apply/running-tofu";
import { checkCredentials } from "../cluster/credentials";
import { claimImages } from "./claim";
import type { ImageWorkspace } from "./workspace";

/**
 * What comes before every change of images: no other command changes them, and their state is whole.
 * @throws UserError
 */
export async function beginChanges(
  workspace: ImageWorkspace,
  say: (text: string) => void,
): Promise<void> {
  checkCredentials(workspace);
  claimImages(workspace.memory);
  await waitForTofu(workspace, say, "these images");
  checkDiskSpace([workspace.home]);
  repairState(workspace.home, say);
  refuseOtherRegion(workspace);
}

/** A state that a kill has truncated is replaced by tofu's backup: what it lacks is looked up. */
function repairState(home: string, say: (text: string) => void): void {
  const truncated = truncatedState(home, imagesStateName);
  if (truncated === undefined) return;
  const file = join(home, imagesStateName);
  if (!truncated.isEmpty) renameSync(file, `${file}.cut`);
  if (truncated.backup === undefined) {
    // Nothing was created before the first state was saved.
    writeWhole(file, "");
    say(`${imagesStateName} was truncated as it was first written: begun again.`);
    return;
  }
  writeWhole(file, readFileSync(`${file}.backup`));
  say(`${imagesStateName} was truncated: restored from ${imagesStateName}.backup.`);
}

/** One provider reads all of them. @throws UserError */
export function refuseOtherRegion({ records, spec }: ImageWorkspace): void {
  const { cloud, region } = spec;
  const other = records.find((one) => one.cloud !== cloud || one.region !== region);
  if (other === undefined) return;
  throw new UserError(
    `${imagesStateName} has the image ${other.name} of ${cloudInfo[other.cloud].title}, ${other.region}, and ` +
      `tofu.tfvars names ${cloudInfo[cloud].title}, ${region}. Delete it with the tofu.tfvars of before:\n\n` +
      "  ./openaether image delete",
  );
}
