import { isatty } from "node:tty";
import { createColors } from "picocolors";
import { passing } from "./output";

/**
 * Colors on a terminal only: a log stays plain text, also the log of a CI, where picocolors would
 * use colors by default. https://no-color.org and https://force-color.org take precedence.
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
