import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { stateBackupName, stateFileName } from "../../tofu/state-file";
import { print } from "../../view/output";
import type { ClusterDirectory } from "../cluster/directory";
import { keyFiles } from "../cluster/key-files";
import { journalName } from "../cluster/truncated-state";

/** Files for programs, which stay in clear. */
const forPrograms = /^(kubeconfig|talosconfig)\b/;

/**
 * Copies of the state and plans in clear, beside the state and its backup: what tofu, a repair or a
 * run by hand has left.
 * @throws UserError when one may be the only copy of a state
 */
export function statesInClear(
  home: string,
  former: ClusterDirectory | undefined,
): { remove(): void } {
  const names = keyFiles(home, former?.stackDirectory).filter(
    (name) =>
      name !== stateFileName &&
      name !== stateBackupName &&
      !forPrograms.test(name) &&
      !readFileSync(join(home, name), "latin1").includes('"encrypted_data"'),
  );
  const unsaved = names.find((name) => name.endsWith("errored.tfstate"));
  const hasJournal = former !== undefined && existsSync(join(former.memory, journalName));
  if (unsaved !== undefined && !hasJournal) {
    throw new UserError(
      `${unsaved} is a state that tofu could not save. Nothing was changed. Push it (tofu state push), or ` +
        "delete it if the state has all of it.",
    );
  }
  return {
    remove() {
      for (const name of names) rmSync(join(home, name), { force: true });
      if (names.length > 0) print(`Deleted, since they were in clear: ${names.join(", ")}`);
    },
  };
}
