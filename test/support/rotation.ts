import { execFileSync } from "node:child_process";
import { relative } from "node:path";
import type { expect } from "@jest/globals";

const variable = "OPENAETHER_TEST_CLOUDS";

/**
 * Sets the turn of this run where the environment has none: the number of commits, so that a run
 * fails again for the same commit. 0 where it cannot be counted.
 * @throws Error for another value than a number or `all`
 */
export function chooseTurn(): void {
  const turn = (process.env[variable] ??= commits());
  if (!/^(all|\d{1,9})$/.test(turn)) {
    throw new Error(`${variable} is ${JSON.stringify(turn)}: it may be all, or a number.`);
  }
}

function commits(): string {
  try {
    return execFileSync("git", ["rev-list", "--count", "HEAD"], {
      cwd: __dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "0";
  }
}

/** One of several, the next one in each turn, and in turn 0 `first`; or all. Prints which one. */
export function inTurn<T extends { readonly name: string }>(
  all: readonly T[],
  first: T,
): readonly T[] {
  const turn = process.env[variable] ?? "0";
  const chosen = chosenInTurn(all, first, turn);
  if (turn !== "all") {
    const names = chosen.map(({ name }) => name).join();
    process.stdout.write(`In turn ${turn} on ${names}: ${testFile()}\n`);
  }
  return chosen;
}

export function chosenInTurn<T>(all: readonly T[], first: T, turn: string): readonly T[] {
  if (turn === "all") return all;
  const index = (all.indexOf(first) + Number(turn)) % all.length;
  return all.slice(index, index + 1);
}

/** A third of many cases, another one in each turn; or all of them. */
export function thirdInTurn<T>(all: readonly T[]): readonly T[] {
  const turn = process.env[variable] ?? "0";
  return isOfAll() ? all : all.filter((_, index) => index % 3 === Number(turn) % 3);
}

/** Whether this run is one of every cloud. */
export function isOfAll(): boolean {
  return process.env[variable] === "all";
}

/** By Jest's global: this module is also loaded where Jest is not. */
function testFile(): string {
  const jest = globalThis as { readonly expect?: typeof expect };
  return relative(process.cwd(), jest.expect?.getState().testPath ?? "");
}
