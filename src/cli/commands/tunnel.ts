import { InvalidArgumentError } from "commander";
import type { TunnelOptions } from "../cluster/tunnel";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addTunnel: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(program, "tunnel", "Forward a node's Talos API to 127.0.0.1, until Ctrl-C."),
  )
    .option("--node <name>", "node to forward; any control plane reaches all", "control-plane-0")
    .option("--port <number>", "port on 127.0.0.1 (default: that of talosconfig)", portOf)
    .option("--background", "leave it open, for an hour at most", false)
    .option("--close", "close one that was left open", false)
    .addHelpText(
      "after",
      examples("tunnel", "tunnel --node worker-0 --background", "tunnel --close"),
    )
    .action(async (options: TunnelOptions) => {
      exit(await (await import("../cluster/tunnel.js")).tunnel(options));
    });
};

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new InvalidArgumentError("Expected a number from 1 to 65535.");
  }
  return port;
}
