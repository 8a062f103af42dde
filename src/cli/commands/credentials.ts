import type { CredentialOptions } from "../credentials/credentials";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

const lifetime = [
  "--ttl <time>",
  "how long it is valid: 30m, 24h, 7d; at most a year",
  "24h",
] as const;

export const addKubeconfig: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "kubeconfig",
      "Issue a kubeconfig of a role and a lifetime, from the keys in the state.",
    ),
  )
    .option("--role <role>", "view, edit, cluster-admin, or admin", "view")
    .option("--user <name>", "the user's name in Kubernetes's audit log", "openaether")
    .option(...lifetime)
    .option("--output <file>", "the file (default: kubeconfig.<role> beside tofu.tfvars)")
    .addHelpText("after", examples("kubeconfig", "kubeconfig --role edit --user kim --ttl 7d"))
    .action(async (options: CredentialOptions & { readonly user: string }) => {
      exit(await (await import("../credentials/kubeconfig.js")).issueKubeconfig(options));
    });
};

export const addTalosconfig: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(
      program,
      "talosconfig",
      "Issue a talosconfig of a role and a lifetime, from the keys in the state.",
    ),
  )
    .option("--role <role>", "reader, operator, etcd-backup, or admin", "reader")
    .option(...lifetime)
    .option("--output <file>", "the file (default: talosconfig.<role> beside tofu.tfvars)")
    .addHelpText("after", examples("talosconfig", "talosconfig --role etcd-backup --ttl 7d"))
    .action(async (options: CredentialOptions) => {
      exit(await (await import("../credentials/talosconfig.js")).issueTalosconfig(options));
    });
};
