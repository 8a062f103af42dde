import type { ImageRecord } from "../../../constructs/model/image";
import type { ImagePart } from "../../../constructs/model/image-facts";
import type { Candidate } from "../../../constructs/model/recovery";
import { UserError } from "../../errors";
import { lookUp } from "../recovery/look-up";
import { waitingFor } from "../cluster/waiting";
import { askedWith, candidatesOf } from "./survey";
import type { ImageWorkspace } from "./workspace";

/** What an interrupted run created for an image that its state lacks. */
export interface FoundParts {
  /** Import ids by address. */
  readonly ids: ReadonlyMap<string, string>;
  /** Addresses of those whose creation has failed or stopped: nothing continues it. */
  readonly failed: readonly string[];
}

/** Between two questions about what the cloud still creates, in milliseconds: at first, and at most. */
const pause = { first: 1000, most: 30_000 };
/** How long to wait for it, in milliseconds: as long as an import may take. */
export const patience = 7_200_000;

/**
 * Looks for the parts of an image that were being created when a run ended, and waits for those that
 * the cloud still creates.
 * @throws UserError with the provider's message
 */
export async function findLost(
  workspace: ImageWorkspace,
  record: ImageRecord,
  owner: string,
  say: (text: string) => void,
): Promise<FoundParts> {
  const ids = new Map<string, string>();
  const failed: string[] = [];
  const parts = workspace.cloud.images.parts(record);
  const lost = parts.filter(({ address }) => workspace.idOf(address) === undefined);
  const idOf = (address: string) => workspace.idOf(address) ?? ids.get(address);
  // An image is found by its snapshot, and an import that finds nothing fails a plan as a whole.
  for (const part of lost) {
    const snapshot = part.snapshot === undefined ? undefined : idOf(part.snapshot);
    if (part.lookUp === undefined || (part.snapshot !== undefined && snapshot === undefined))
      continue;
    const found = await settled(workspace, part, { owner, snapshot }, say);
    if (found === undefined) continue;
    ids.set(part.address, found.id);
    if (found.hasFailed === true) failed.push(part.address);
  }
  return { ids, failed };
}

async function settled(
  workspace: ImageWorkspace,
  part: ImagePart,
  known: Readonly<Record<string, string | undefined>>,
  say: (text: string) => void,
): Promise<Candidate | undefined> {
  const first = await findPart(workspace, part, known);
  if (first?.isPending !== true) return first;
  say(`The cloud still creates the ${part.title}: waiting for it.`);
  return waitingFor(`the ${part.title}`, say, untilSettled(workspace, part, known));
}

async function untilSettled(
  workspace: ImageWorkspace,
  part: ImagePart,
  known: Readonly<Record<string, string | undefined>>,
): Promise<Candidate | undefined> {
  for (let waited = 0, next = pause.first; waited < patience; waited += next) {
    await new Promise((resolve) => setTimeout(resolve, next));
    const found = await findPart(workspace, part, known);
    if (found?.isPending !== true) return found;
    next = Math.min(next * 2, pause.most);
  }
  throw new UserError(
    `The ${part.title} is not ready after two hours. Run the same command again later.`,
  );
}

/** Looks for a part in the cloud. @returns undefined where it is not there, or cannot be looked up */
export async function findPart(
  workspace: ImageWorkspace,
  { address, attributes, lookUp: by }: ImagePart,
  known: Readonly<Record<string, string | undefined>>,
): Promise<Candidate | undefined> {
  if (by === undefined) return undefined;
  const lost = askedWith({ ...attributes, ...known });
  return candidatesOf(await lookUp(workspace, [{ address, by, lost }]), address)[0];
}
