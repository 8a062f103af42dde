import { elapsed } from "../../view/elapsed";

/** How often it is said that something is still waited for, in milliseconds. */
const interval = 60_000;

/** Waits, and says every minute what for and since when: a cloud that never answers is no silence. */
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
