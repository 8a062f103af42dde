import { print } from "../../view/output";
import { findPart } from "./recover";
import { readPatiently } from "./still-creating";
import type { ImageWorkspace } from "./workspace";

/**
 * Writes the stack of what was begun, and reads it from the cloud: what was deleted there by hand is
 * not in the state any more.
 * @throws UserError with tofu's message, or the provider's
 */
export async function refreshImages(workspace: ImageWorkspace): Promise<void> {
  await workspace.synthesizeRecords();
  if (workspace.state.resources.length === 0) return;
  const lost = await lostUploads(workspace);
  if (lost.length > 0) await workspace.removeFromState(lost);
  const refresh = ["apply", "-refresh-only", "-auto-approve", "-no-color"];
  await readPatiently(workspace, refresh, print);
}

/**
 * The parts of uploads that a provider cannot read once they are gone: some fail, some stay in the state.
 * Those without a look-up are always among them, since creating them again replaces them.
 */
async function lostUploads(workspace: ImageWorkspace): Promise<string[]> {
  const uploads = workspace.records
    .flatMap(workspace.cloud.images.parts)
    .filter(({ address, kind }) => kind === "upload" && workspace.idOf(address) !== undefined);
  const lost: string[] = [];
  for (const part of uploads)
    if ((await findPart(workspace, part, {})) === undefined) lost.push(part.address);
  return lost;
}
