import { colors } from "../../view/colors";
import { elapsed } from "../../view/elapsed";
import type { TofuEvent } from "../../tofu/events";
import { type Change, type Part, parts } from "../plan/changes";
import { printJson, terminal, write } from "../../view/output";

export interface ProgressOptions {
  readonly changes: readonly Change[];
  readonly out: NodeJS.WriteStream;
  /** One JSON object per line, for programs. */
  readonly json: boolean;
}

interface PartState {
  readonly total: number;
  done: number;
  failed: boolean;
  started?: number;
  /** What is being waited for, and since when. */
  readonly waiting: Map<string, number>;
}

const nameWidth = 18;
/** How often the terminal is redrawn, in milliseconds. */
const interval = 250;
/** How often a log reports what is being waited for, in milliseconds. */
const logInterval = 60_000;

/** tofu's progress by the cluster's parts, with durations and what is being waited for. */
export class Progress {
  private readonly states = new Map<Part, PartState>();
  private readonly partOf = new Map<string, Part>();
  private readonly timer: NodeJS.Timeout | undefined;
  private drawn = 0;

  constructor(private readonly options: ProgressOptions) {
    for (const part of parts) {
      const ofPart = options.changes.filter((change) => change.part === part);
      if (ofPart.length === 0) continue;
      // A replacement is reported twice: destroyed, then created.
      const total = ofPart.reduce((sum, { action }) => sum + (action === "replace" ? 2 : 1), 0);
      this.states.set(part, { total, done: 0, failed: false, waiting: new Map() });
      for (const { address } of ofPart) this.partOf.set(address, part);
    }
    if (this.isLive) {
      this.timer = setInterval(() => {
        this.draw();
      }, interval);
      this.draw();
    } else {
      this.timer = setInterval(() => {
        this.tellOfWaiting();
      }, logInterval);
      this.timer.unref();
    }
  }

  private get isLive(): boolean {
    return this.options.out.isTTY && !this.options.json;
  }

  take({ type, hook }: TofuEvent): void {
    const address = hook?.resource?.addr ?? "";
    const part = this.partOf.get(address);
    const state = part === undefined ? undefined : this.states.get(part);
    if (part === undefined || state === undefined) return;
    if (type === "apply_start") {
      state.started ??= Date.now();
      state.waiting.set(address, Date.now());
    } else if (type === "apply_complete") {
      state.waiting.delete(address);
      state.done += 1;
      this.tell(part, state, state.done === state.total);
    } else if (type === "apply_errored") {
      state.waiting.delete(address);
      state.failed = true;
      this.tell(part, state, true);
    }
  }

  /** Draws the final state and leaves it on the screen. */
  end(): void {
    clearInterval(this.timer);
    if (this.isLive) this.draw();
  }

  /** Not on a terminal: a line when a part is done or fails. */
  private tell(part: Part, state: PartState, isNews: boolean): void {
    const { json, out } = this.options;
    if (json) printJson(shownState(part, state), undefined, out);
    else if (!out.isTTY && isNews) write(out, `${this.line(part, state)}\n`);
  }

  /** Reports what is being waited for and since when, so that a request without an answer is not silent. */
  private tellOfWaiting(): void {
    const { json, out } = this.options;
    for (const [part, state] of this.states) {
      const longest = longestOf(state.waiting);
      if (longest === undefined) continue;
      const [waitingFor, since] = longest;
      const seconds = Math.round((Date.now() - since) / 1000);
      if (json) printJson({ ...shownState(part, state), waitingFor, seconds }, undefined, out);
      else write(out, `${this.line(part, state)}\n`);
    }
  }

  private draw(): void {
    const { out } = this.options;
    if (this.drawn > 0) write(out, terminal.up(this.drawn));
    for (const [part, state] of this.states) {
      write(out, `${terminal.clearLine}${this.line(part, state)}\n`);
    }
    this.drawn = this.states.size;
  }

  private line(part: Part, state: PartState): string {
    const { done, total, failed, started, waiting } = state;
    const isDone = done >= total;
    const mark = failed
      ? colors.red("✗")
      : isDone
        ? colors.green("✓")
        : waiting.size > 0
          ? colors.yellow("◐")
          : colors.dim("·");
    const time = started === undefined ? "" : elapsed(Date.now() - started);
    const count = isDone ? `${total}` : `${done} of ${total}`;
    const width = (this.options.out.columns || 80) - nameWidth - 24;
    return `  ${mark} ${part.padEnd(nameWidth)} ${count.padEnd(9)} ${isDone ? time : `${time}  ${reported(waiting).slice(0, Math.max(width, 0))}`}`.trimEnd();
  }
}

function shownState(part: Part, { done, total, failed }: PartState): object {
  return { part, done, of: total, failed };
}

/** The resource that has been waited for longest, and since when. */
function longestOf(waiting: ReadonlyMap<string, number>): [string, number] | undefined {
  return [...waiting].sort((a, b) => a[1] - b[1])[0];
}

/** "worker_1 since 12 s" */
function reported(waiting: ReadonlyMap<string, number>): string {
  const longest = longestOf(waiting);
  if (longest === undefined) return "";
  return `${longest[0]} since ${elapsed(Date.now() - longest[1])}`;
}
