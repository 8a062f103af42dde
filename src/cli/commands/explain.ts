import { InvalidArgumentError, Option } from "commander";
import { kubernetesPort, vxlanPort } from "../../../constructs/model/ports";
import type { ExplainOptions } from "../explain/explain";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

export const addExplain: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "explain",
      "Show who can reach what, and why, as a table or a page: for tofu.tfvars or the state.",
    ),
  )
    .option("--all", "also what is refused, and by what", false)
    .option("--html [file]", "write a page with the topology drawn, in one file")
    .option("--state", "for the resources that exist, in place of tofu.tfvars", false)
    .addOption(
      new Option("--from <name>", "follow one connection, hop by hop: its source").conflicts([
        "html",
        "all",
      ]),
    )
    .option("--to <name>", "its destination: a name such as api or worker-0, or an address")
    .option("--port <port>", `its port: ${kubernetesPort}, or ${vxlanPort}/udp`, portOf)
    .option("--json", "JSON output", false)
    .addHelpText(
      "after",
      examples(
        "explain --all",
        "explain --html",
        "explain --html --state",
        `explain --from worker-0 --to api --port ${kubernetesPort}`,
      ),
    )
    .action(async (options: ExplainOptions) => {
      exit(await (await import("../explain/explain.js")).explain(options));
    });
};

/** "6443", "6443/tcp" or "4789/udp". */
function portOf(text: string): NonNullable<ExplainOptions["port"]> {
  const [, number = "", protocol = "tcp"] = /^(\d{1,5})(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const port = Number(number);
  if (port < 1 || port > 65535) {
    throw new InvalidArgumentError("Expected 1 to 65535, optionally followed by /tcp or /udp.");
  }
  return { port, protocol: protocol === "udp" ? "udp" : "tcp" };
}
