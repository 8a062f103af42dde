import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
} from "node:fs";
import { parseEvent, printedByTofu, type TofuEvent } from "./events";
import { withoutSecrets, withoutSecretsIn } from "../view/secrets";
import { writeWhole } from "../whole-file";

export interface JournalRun {
  readonly environment: Readonly<Record<string, string>>;
  readonly onEvent?: (event: TofuEvent) => void;
  /** Handed the process at its start, for those who must interrupt it. */
  readonly onStart?: (processId: number) => void;
}

export interface JournalResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly events: readonly TofuEvent[];
}

/** How often the journal is looked at, in milliseconds. */
const interval = 50;

/**
 * Runs `tofu … -json`, its output going straight into a file: every address with its id stands
 * there the moment it is made, whatever happens to tofu or to us afterwards. A reader that died would
 * take tofu with it, so that nobody reads through a pipe. The file of the run before is kept beside
 * it, as `<file>.before`.
 */
export async function runWithJournal(
  path: string,
  args: readonly string[],
  file: string,
  { environment, onEvent, onStart }: JournalRun,
): Promise<JournalResult> {
  if (existsSync(file)) renameSync(file, `${file}.before`);
  const output = openSync(file, "wx", 0o600);
  // A terminal's Ctrl-C reaches the whole group, and tofu takes a second interrupt as "at once".
  const child = spawn(path, args, {
    env: { ...environment, NO_COLOR: "1" },
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  if (child.pid !== undefined) onStart?.(child.pid);

  const events: TofuEvent[] = [];
  const follower = new Follower(file, (event) => {
    events.push(event);
    onEvent?.(event);
  });
  const timer = setInterval(() => {
    follower.read();
  }, interval);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    follower.read();
    return { code, events };
  } finally {
    clearInterval(timer);
    follower.close();
  }
}

/** Reads a journal to its end. What is no JSON counts as tofu's last words. */
export function readJournal(file: string): TofuEvent[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(parse) : [];
}

/** Of an event that is not tofu's: somebody has seen that the resource does not exist. */
export const absentType = "absent";

/** Notes in a journal that what was under way does not exist. */
export function noteAbsent(file: string, address: string): void {
  if (!existsSync(file)) return;
  const event: TofuEvent = { type: absentType, hook: { resource: { addr: address } } };
  // A journal that was cut has no end of line.
  appendFileSync(file, `\n${JSON.stringify(event)}\n`);
}

/**
 * Takes out of a journal what tofu writes there and nobody may keep in it: a state that it could save
 * nowhere else, keys in a provider's last words.
 */
export function removeSecrets(file: string): void {
  if (!existsSync(file)) return;
  const text = readFileSync(file, "utf8");
  const clean = withoutSecrets(text.split("\n").map(cleanLine).join("\n"));
  if (clean !== text) writeWhole(file, clean);
}

function cleanLine(line: string): string {
  const event = parseEvent(line);
  if (event === undefined) return line;
  const clean = JSON.stringify(withoutSecretsIn({ ...event, state: undefined }));
  return clean === JSON.stringify(event) ? line : clean;
}

/** Reads what has come to a file since it last looked. */
class Follower {
  private readonly file: number;
  private rest = "";
  private readonly chunk = Buffer.alloc(65_536);
  private readonly decoder = new StringDecoder("utf8");

  constructor(
    path: string,
    private readonly tell: (event: TofuEvent) => void,
  ) {
    this.file = openSync(path, "r");
  }

  read(): void {
    for (;;) {
      const length = readSync(this.file, this.chunk, 0, this.chunk.length, null);
      if (length === 0) return;
      const lines = (this.rest + this.decoder.write(this.chunk.subarray(0, length))).split("\n");
      this.rest = lines.pop() ?? "";
      for (const event of lines.flatMap(parse)) this.tell(event);
    }
  }

  close(): void {
    closeSync(this.file);
  }
}

function parse(line: string): TofuEvent[] {
  if (line.trim() === "") return [];
  return [
    parseEvent(line) ?? { diagnostic: { severity: "error", summary: printedByTofu, detail: line } },
  ];
}
