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
  /** Called with the process at its start, for those who must interrupt it. */
  readonly onStart?: (processId: number) => void;
}

export interface JournalResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly events: readonly TofuEvent[];
}

/** How often the journal is polled, in milliseconds. */
const interval = 50;

/**
 * Runs `tofu … -json` with its output going straight into a file: every address is there with its
 * id the moment it is created, whatever happens to tofu or to this process afterwards. No pipe is
 * used: a reader that died would take tofu with it. The file of the previous run is kept beside it,
 * as `<file>.before`.
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

/** Reads a journal to its end. What is no JSON is kept as plain output. */
export function readJournal(file: string): TofuEvent[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").flatMap(parse) : [];
}

/** An event that is not tofu's: the user has confirmed that the resource does not exist. */
export const absentType = "absent";

/** Records in a journal that what was in progress does not exist. */
export function noteAbsent(file: string, address: string): void {
  if (!existsSync(file)) return;
  const event: TofuEvent = { type: absentType, hook: { resource: { addr: address } } };
  // A truncated journal has no newline at its end.
  appendFileSync(file, `\n${JSON.stringify(event)}\n`);
}

/**
 * Removes from a journal what must not be kept in it: a state that tofu could save nowhere else,
 * keys in a provider's output.
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

/** Reads what was appended to a file since the last read. */
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
