import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Diagnostic } from "../../../constructs/model/diagnostic";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Environment variables that would change the next plain `tofu` run (each tested with 1.12), with
 * their effect and the command that removes them. Synth ignores all of them. Arguments and reattach
 * data may contain secrets and are not printed.
 * @param directory The user's current directory: relative paths start there
 */
export function bendingSettings(environment: Environment, directory: string): Diagnostic[] {
  const isMissing = (path: string) => !existsSync(resolve(directory, path));
  return Object.entries(environment)
    .flatMap(([name, value]) => {
      if (value === undefined || value === "") return [];
      const effect = effectOf(name, value, isMissing);
      if (effect === undefined) return [];
      const severity = "warning" as const;
      return [{ severity, source: name, summary: effect, fix: `unset ${name}` }];
    })
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

function effectOf(
  name: string,
  value: string,
  isMissing: (path: string) => boolean,
): string | undefined {
  if (name === "TF_CLI_ARGS") {
    return "Every tofu command would get these arguments in addition to those that you type. They are not shown.";
  }
  if (name.startsWith("TF_CLI_ARGS_")) {
    const command = name.slice("TF_CLI_ARGS_".length).replaceAll("_", " ");
    return `tofu ${command} would get these arguments in addition to those that you type. They are not shown.`;
  }
  switch (name) {
    case "TF_DATA_DIR":
      return (
        `tofu would keep its working data in ${value}: a plan asks for another init, or goes by ` +
        "what another project left there."
      );
    case "TF_WORKSPACE":
      return value === "default"
        ? undefined
        : `tofu would work in the workspace ${value}, which has a state of its own: every plan is ` +
            "refused, since one cluster is one directory.";
    case "TF_CLI_CONFIG_FILE":
      return isMissing(value)
        ? `There is no file ${value}: tofu would warn, and go on without your settings of mirrors and credentials.`
        : undefined;
    case "TF_PLUGIN_CACHE_DIR":
      return isMissing(value)
        ? `There is no directory ${value}: tofu would complain, and download every provider again.`
        : undefined;
    case "TF_REATTACH_PROVIDERS":
      return (
        "tofu would talk to providers that already run, such as those of a rehearsal, and not to " +
        "the real ones."
      );
    default:
      return undefined;
  }
}
