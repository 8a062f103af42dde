import { isatty } from "node:tty";
import { createColors } from "picocolors";
import { passing } from "./output";

/**
 * Colours for a terminal alone: a log keeps plain text, also the log of a CI, where picocolors would
 * colour by itself. https://no-color.org and https://force-color.org win.
 */
const own = createColors(isWanted());
export const colors = {
  bold: passing(own.bold),
  dim: passing(own.dim),
  green: passing(own.green),
  red: passing(own.red),
  yellow: passing(own.yellow),
};

function isWanted(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0";
  return isatty(1) && TERM !== "dumb";
}
