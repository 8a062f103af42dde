import type { StatusOptions } from "../cluster/status";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addStatus: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(program, "status", "Show resources, endpoints and certificate expiry."),
  )
    .option("--kubeconfig", "write kubeconfig again, from the state", false)
    .option("--talosconfig", "write talosconfig again, from the state", false)
    .option("--json", "JSON output", false)
    .addHelpText("after", examples("status", "status --kubeconfig"))
    .action(async (options: StatusOptions) => {
      exit(await (await import("../cluster/status.js")).status(options));
    });
};
