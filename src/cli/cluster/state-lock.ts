import { relative } from "node:path";
import { shellWord } from "../../../constructs/shell-word";
import { UserError } from "../../errors";
import type { Cluster } from "./cluster";

/** Runs a command's work; when another process holds the state's lock, prints what to do. */
export async function withLockExplained(
  cluster: Cluster,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== "state locked") throw error;
    throw new UserError(`${error.message}\n\n${howToUnlock(cluster, error.message)}`);
  }
}

/** What to do about a locked state. @param text tofu's message, with the lock's id. */
export function howToUnlock({ stackDirectory }: Cluster, text: string): string {
  const id = /^\W*ID:\s+(\S+)/m.exec(text)?.[1];
  const directory = relative(process.cwd(), stackDirectory) || ".";
  return (
    "Another tofu is running on this cluster: wait for its end, then do the same again. Only if none runs " +
    `any more, on no machine:\n\n  tofu -chdir=${shellWord(directory)} force-unlock ${id === undefined ? "<the ID above>" : shellWord(id)}`
  );
}
