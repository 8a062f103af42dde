import type { UpOptions } from "../apply/up";
import { Option } from "commander";
import {
  type AddCommand,
  addCommand,
  collect,
  examples,
  milliseconds,
  withClusterOptions,
} from "./command";

export const addUp: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "up",
      "Create or update the cluster to match tofu.tfvars; resumes an interrupted run.",
    ),
  )
    .option(
      "-y, --yes",
      "do not ask for confirmation; never covers the loss of a control plane, another image or an opening to the internet",
      false,
    )
    .option(
      "--allow <name>",
      "allow this node to be replaced, restarted or destroyed; image: new nodes may use another image; internet: more than a /8 may connect",
      collect,
      [],
    )
    .option("--replace <node>", "recreate this node, from today's image and versions", collect, [])
    .option(
      "--adopt <address=id>",
      "import what an interrupted run created but did not save; <address>=none: it does not exist",
      collect,
      [],
    )
    .option(
      "--gate <command>",
      "your own check after each running node that was changed: exit status 0 lets the next one begin",
    )
    .addOption(
      new Option(
        "--drain-timeout <time>",
        "how long the pods of a node may take to leave it: 90s, 15m, 2h",
      )
        .argParser(milliseconds)
        // kubectl's own.
        .default(5 * 60_000, "5m"),
    )
    .option(
      "--take-over",
      "recover here from a run that was killed elsewhere, whose directory is lost",
      false,
    )
    .option("--json", "progress as JSON, one object per line", false)
    .addHelpText("after", examples("up", "up --yes --allow worker-1", "up --replace worker-0"))
    .action(async (options: UpOptions) => {
      exit(await (await import("../apply/up.js")).up(options));
    });
};
