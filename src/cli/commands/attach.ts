import type { AttachOptions } from "../attach/attach";
import { type AddCommand, addCommand, examples } from "./command";

export const addAttach: AddCommand = (program, exit) => {
  addCommand(
    program,
    "attach",
    "Write the directory of a cluster whose state is in a bucket: tofu.tfvars as applied, kubeconfig, talosconfig.",
  )
    .option("--dir <directory>", "directory to write (default: the current one)")
    .option("--cloud <cloud>", "the cloud whose object store has the state")
    .option("--endpoint <url>", "the address of another S3 store, in place of a cloud")
    .option("--region <region>", "the region of the bucket")
    .option("--bucket <name>", "the name of the bucket")
    .option("--profile <name>", "a profile of ~/.aws/credentials")
    .option("--cluster <name>", "the cluster, where the bucket has the states of several")
    .addHelpText(
      "after",
      examples("attach", "attach --cloud scaleway --region fr-par --bucket acme-openaether"),
    )
    .action(async (options: AttachOptions) => {
      const { attach } = await import("../attach/attach.js");
      const { personAtTerminal } = await import("../terminal/terminal.js");
      exit(await attach(options, await personAtTerminal()));
    });
};
