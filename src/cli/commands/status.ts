import type { StatusOptions } from "../status/status";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addStatus: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "status",
      "Show resources, endpoints, certificate expiry and what runs in the nodes.",
    ),
  )
    .option("--kubeconfig", "write kubeconfig again, from the state", false)
    .option("--talosconfig", "write talosconfig again, from the state", false)
    .option("--json", "JSON output", false)
    .addHelpText("after", examples("status", "status --kubeconfig"))
    .action(async (options: StatusOptions) => {
      exit(await (await import("../status/status.js")).status(options));
    });
};
