import { tunnelPort } from "../../config/schema/tunnel-port";
import { readTalosconfig } from "./certificates";

/**
 * The local port of a cluster's tunnel on 127.0.0.1, where its talosconfig expects it.
 * @param talosconfig The content of one, if there is any
 * @default - tunnel_port's, from the environment where that has it
 */
export function localPort(talosconfig: unknown, environment: NodeJS.ProcessEnv): number {
  const endpoint =
    typeof talosconfig === "string" ? readTalosconfig(talosconfig)?.endpoint : undefined;
  const given = /:(\d+)$/.exec(endpoint ?? "")?.[1] ?? environment[`TF_VAR_${tunnelPort.name}`];
  const port = Number(given);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : tunnelPort.default;
}
