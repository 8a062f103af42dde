import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { stringify } from "yaml";
import { Interrupted } from "../../../errors";
import { Interrupts } from "../../../tofu/interrupts";
import { withoutSecrets } from "../../../view/secrets";
import { Bridge } from "./bridge";
import type { Work } from "./work";

export interface TalosctlRun {
  /** The node that is to act; private. */
  readonly node: string;
  /** The control plane that is connected to; private. */
  readonly through: string;
  /** Its log's name: "upgrade-worker-0" */
  readonly log: string;
}

export interface TalosctlResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Absolute: its output, for its owner only. */
  readonly log: string;
  /** The output's last lines, without secrets: for messages, not for decisions. */
  readonly last: string;
}

/**
 * Runs Talos's own client to its end, with credentials of this run. What it has done is found out by
 * looking at the node afterwards.
 * @throws Interrupted after Ctrl-C, when it has ended
 */
export async function runTalosctl(
  work: Work,
  { node, through, log: name }: TalosctlRun,
  args: readonly string[],
): Promise<TalosctlResult> {
  const path = await work.talosctl();
  const bridge = await Bridge.open(() => work.connection.talosSocket(through));
  const file = join(work.memory, `${name}.log`);
  const log = openSync(file, "w", 0o600);
  const interrupts = Interrupts.passedOnTo(() => processId);
  let processId: number | undefined;
  try {
    const child = spawn(
      path,
      [`--talosconfig=${talosconfig(work, bridge.port)}`, `--nodes=${node}`, ...args],
      {
        // Neither proxies nor a talosconfig of the user's.
        env: { PATH: "", HOME: work.scratch },
        stdio: ["ignore", log, log],
        detached: true,
      },
    );
    processId = child.pid;
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (interrupts.happened) throw new Interrupted();
    return { code, log: file, last: lastLines(file) };
  } finally {
    interrupts.end();
    closeSync(log);
    bridge.close();
  }
}

function talosconfig({ connection, scratch }: Work, port: number): string {
  const { authority, certificate, key } = connection.talosIdentity;
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const file = join(scratch, "talosconfig");
  const context = {
    endpoints: [`127.0.0.1:${port}`],
    ca: base64(authority),
    crt: base64(certificate),
    key: base64(key),
  };
  writeFileSync(file, stringify({ context: "run", contexts: { run: context } }), { mode: 0o600 });
  return file;
}

function lastLines(file: string): string {
  const lines = stripVTControlCharacters(readFileSync(file, "utf8")).split(/[\r\n]+/);
  const said = lines.map((line) => line.trim()).filter((line) => line !== "");
  return withoutSecrets(said.slice(-5).join("\n"));
}
