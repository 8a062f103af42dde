import { Option } from "commander";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import { UserError } from "../../errors";
import type { RehearsalOptions } from "../rehearse/rehearsal";
import { type AddCommand, addCommand, examples } from "./command";

export const addRehearse: AddCommand = (program, exit) => {
  addCommand(
    program,
    "rehearse",
    "Run a whole deployment on a simulated cloud with the real tofu: no account, nothing real is touched.",
  )
    .option("--file <file>", "input file, in place of tofu.tfvars")
    .addOption(
      new Option("--cloud <name>", "cloud whose example is used without a tofu.tfvars").choices(
        cloudNames,
      ),
    )
    .option("--deep", "with a real etcd and kube-apiserver on the control planes", false)
    .option(
      "--disaster",
      "with --deep: back the cluster up, lose its cloud, restore it on another one",
      false,
    )
    .option("--keep", "keep it for a look around, until Ctrl-C", false)
    .option(
      "--upgrades",
      "with --deep: find or build the programs of every release, so that a kept cluster can be upgraded",
      false,
    )
    .option("--timings", "also report the simulator's share of the time", false)
    .option("--summary <file>", "also write a summary, as Markdown")
    .addHelpText(
      "after",
      examples(
        "rehearse --cloud ovh",
        "rehearse --keep",
        "rehearse --deep --keep",
        "rehearse --deep --disaster",
      ),
    )
    .action(async (options: Omit<RehearsalOptions, "directory" | "out">) => {
      refuseTogether(options);
      const { rehearse } = await import("../rehearse/rehearse.js");
      exit(await rehearse({ ...options, directory: process.cwd(), out: process.stdout }));
    });
};

/** @throws UserError for options that do not go together */
function refuseTogether({
  disaster,
  deep,
  keep,
}: Pick<RehearsalOptions, "disaster" | "deep" | "keep">): void {
  if (disaster && !deep) throw new UserError("--disaster: only with --deep, which has an etcd.");
  if (disaster && keep) {
    throw new UserError(
      "--disaster and --keep: the cloud is lost in the one, and kept in the other.",
    );
  }
}
