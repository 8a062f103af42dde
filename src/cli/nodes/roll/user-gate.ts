import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "../../../errors";
import { elapsed } from "../../../view/elapsed";
import { withoutSecrets } from "../../../view/secrets";
import type { Work } from "./work";

/**
 * Runs the user's own check until it succeeds, as the gate looks until the cluster is healthy.
 * @param after The step, for the message
 * @throws UserError with its output after the gate's patience
 */
export async function waitForUserGate({ userGate, patience }: Work, after: string): Promise<void> {
  if (userGate === undefined) return;
  for (const end = Date.now() + patience.gate; ;) {
    const { code, output } = await runOnce(userGate);
    if (code === 0) return;
    if (Date.now() < end) {
      await pause(patience.between);
      continue;
    }
    throw new UserError(
      `Stopped after "${after}": --gate ${userGate} ends with ${code ?? "a signal"} for ` +
        `${elapsed(patience.gate)}. The other nodes were not touched. Its output:\n\n` +
        `${withoutSecrets(output.trim()).replaceAll(/^/gm, "  ")}\n\n` +
        "When it succeeds, run the same command again: it goes on from here.",
    );
  }
}

function runOnce(command: string): Promise<{ code: number | null; output: string }> {
  const child = spawn("sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const read = (text: string) => (output = (output + text).slice(-4000));
  child.stdout.setEncoding("utf8").on("data", read);
  child.stderr.setEncoding("utf8").on("data", read);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output });
    });
  });
}
