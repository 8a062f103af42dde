import { UserError } from "../../errors";
import { waitingFor } from "../cluster/waiting";
import { patience } from "./recover";
import type { ImageWorkspace } from "./workspace";

/**
 * Runs a command of tofu that reads what exists, again and again while a provider gives up on something
 * that the cloud still creates.
 * @returns its output
 * @throws UserError with tofu's message
 */
export function readPatiently(
  workspace: ImageWorkspace,
  args: readonly string[],
  say: (text: string) => void,
): Promise<string> {
  return waitingFor("reading what exists", say, untilRead(workspace, args, say));
}

async function untilRead(
  workspace: ImageWorkspace,
  args: readonly string[],
  say: (text: string) => void,
): Promise<string> {
  const { stillCreating } = workspace.cloud.images;
  for (const end = Date.now() + patience; ;) {
    try {
      return await workspace.must(...args);
    } catch (error) {
      const isPending = error instanceof UserError && stillCreating?.test(error.message) === true;
      if (!isPending || Date.now() > end) throw error;
      say("The cloud still creates what is read: waiting for it.");
    }
  }
}
