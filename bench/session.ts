/**
 * Records a session of plan, up, status and down on a simulated Scaleway, through a
 * pseudo-terminal: docs/session.cast (asciicast v2, `asciinema play docs/session.cast`) and
 * docs/session.svg. The output is what was printed; only the pace is set, the same in every
 * recording.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Screen } from "./session/screen";
import { Stage } from "./session/stage";
import { svg } from "./session/svg";

const root = join(__dirname, "..", "..");
const title = "openaether plan, up, status and down, on a simulated Scaleway";
/** Seconds. */
const pace = { key: 0.06, frame: 0.25, rest: 1.5 };

interface Act {
  readonly args: readonly string[];
  /** Its question, and the answer to type. */
  readonly question?: string;
  readonly answer?: string;
}

const acts: readonly Act[] = [
  { args: ["plan"] },
  { args: ["up"], question: "[y/N] ", answer: "y" },
  { args: ["status"] },
  { args: ["down"], question: "destroy it: ", answer: "prod" },
];

class Recording {
  private readonly events: string[] = [];
  private readonly screen = new Screen();
  private now = 0.5;

  /** Output appears on the terminal, at the pace of the recording. */
  show(text: string, seconds: number): void {
    this.now += seconds;
    this.events.push(JSON.stringify([Number(this.now.toFixed(2)), "o", text]));
    this.screen.write(text);
  }

  typed(text: string): void {
    for (const key of text) this.show(key, pace.key);
  }

  save(directory: string): void {
    const width = Math.max(80, ...this.screen.lines.map((line) => line.length + 1));
    const header = JSON.stringify({ version: 2, width, height: 32, title });
    writeFileSync(join(directory, "session.cast"), `${[header, ...this.events].join("\n")}\n`);
    writeFileSync(join(directory, "session.svg"), svg(this.screen, title));
  }
}

async function play(act: Act, stage: Stage, recording: Recording): Promise<void> {
  recording.show("$ ", pace.rest);
  recording.typed(`./openaether ${act.args.join(" ")}`);
  recording.show("\r\n", pace.frame);
  const program = [join(root, "test", "support", "terminal.py"), join(root, "openaether")];
  const child = spawn("python3", [...program, ...act.args], {
    cwd: stage.home,
    env: stage.environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  let isAnswered = act.question === undefined;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    recording.show(text, pace.frame);
    if (isAnswered || !output.includes(act.question ?? "")) return;
    isAnswered = true;
    child.stdin.write(`${act.answer ?? ""}\r`);
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  // `plan` ends with 2: there are changes.
  if (code !== 0 && !(code === 2 && act.args[0] === "plan")) throw new Error(output);
  recording.show("\r\n", pace.frame);
}

async function main(): Promise<void> {
  const stage = await Stage.create();
  const recording = new Recording();
  try {
    for (const act of acts) await play(act, stage, recording);
    recording.show("$ ", pace.rest);
  } finally {
    await stage.end();
  }
  recording.save(join(root, "docs"));
}

void main();
