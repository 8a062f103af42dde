import { join } from "node:path";
import { packageRoot } from "./package-root";

/** The directory of tunnel.sh and the scripts it needs, in this package. */
export function tunnelScripts(): string {
  return join(packageRoot(), "constructs", "tunnel");
}

/** Where an open tunnel to a cluster keeps its files, in the stack's directory. */
export function tunnelDirectory(clusterName: string): string {
  return `.tunnel-${clusterName}`;
}
