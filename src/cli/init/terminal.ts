import { createInterface } from "node:readline/promises";
import { UserError } from "../../errors";
import type { Person } from "./interview";

/** Who sits at the terminal; undefined where nobody does. */
export function personAtTerminal(): (Person & { leave(): void }) | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const left = new Promise<never>((_resolve, reject) => {
    terminal.once("close", () => {
      reject(new UserError("\nNothing was written."));
    });
  });
  left.catch(() => undefined); // the end of the interview
  return {
    ask: async (question) => (await Promise.race([terminal.question(question), left])).trim(),
    tell: (text) => {
      process.stdout.write(`${text}\n`);
    },
    leave: () => {
      terminal.close();
    },
  };
}
