import { setTimeout as pause } from "node:timers/promises";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** In milliseconds, for each work: Ctrl-C ends the ssh too, and another login takes a moment. */
const patience = 6000;

type Work = () => unknown;

/** In the order in which they were begun. */
const works = new Set<Work>();
let isEnding = false;

/**
 * Has work done before a signal ends this process: Ctrl-C, a closed terminal. While another listener
 * decides what the signal means, nothing is done. What was begun last is ended first; a second signal
 * waits for nothing.
 * @param work May return a promise; what it throws is ignored
 * @returns what takes it back
 */
export function beforeEnd(work: Work): () => void {
  if (works.size === 0) for (const signal of signals) process.on(signal, end);
  works.add(work);
  return () => {
    works.delete(work);
    if (works.size === 0) stopListening();
  };
}

function end(signal: NodeJS.Signals): void {
  // Another listener decides what the signal means, and this process continues.
  if (process.listenerCount(signal) > 1) return;
  const left = [...works].reverse();
  if (isEnding) {
    for (const work of left) void attempt(work);
    die(signal);
    return;
  }
  isEnding = true;
  void inTurn(left).then(() => {
    die(signal);
  });
}

async function inTurn(left: readonly Work[]): Promise<void> {
  for (const work of left) {
    await Promise.race([attempt(work), pause(patience)]);
    works.delete(work);
  }
}

async function attempt(work: Work): Promise<void> {
  try {
    await work();
  } catch {
    // The process ends all the same, and the next run finds what is left.
  }
}

function die(signal: NodeJS.Signals): void {
  stopListening();
  process.kill(process.pid, signal);
}

function stopListening(): void {
  for (const signal of signals) process.off(signal, end);
}
