import { join } from "node:path";
import { packageRoot } from "./package-root";

/** The directory of tunnel.sh and the scripts it needs, in this package. */
export function tunnelScripts(): string {
  return join(packageRoot(), "constructs", "tunnel");
}
