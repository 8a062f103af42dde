import { isatty } from "node:tty";
import { createColors } from "picocolors";

/**
 * Colours for a terminal alone: a log keeps plain text, also the log of a CI, where picocolors would
 * colour by itself. https://no-color.org and https://force-color.org win.
 */
export const colors = createColors(isWanted());

function isWanted(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0";
  return isatty(1) && TERM !== "dumb";
}
