import { elapsed } from "../../view/elapsed";

/** How often to report what is being waited for, in milliseconds. */
const interval = 60_000;

/** Waits, and reports every minute what for and since when, so that a cloud without an answer is not silent. */
export async function waitingFor<T>(
  what: string,
  say: (text: string) => void,
  work: Promise<T>,
): Promise<T> {
  const since = Date.now();
  const timer = setInterval(() => {
    say(`  … ${what}, for ${elapsed(Date.now() - since)} now`);
  }, interval);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
