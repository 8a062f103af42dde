import { checkFiles } from "../config/schema/check-files";

/** Settings that would change a run: extra arguments, another directory, another state. */
const bending = /^TF_(CLI_ARGS(_.*)?|DATA_DIR|WORKSPACE|LOG.*|INPUT|IN_AUTOMATION)$/;

/**
 * The user's environment for tofu: with credentials and ssh's agent, without what would change the
 * run. tofu does not prompt: the command line does.
 * @param state What decrypts the state
 */
export function personEnvironment(
  environment: NodeJS.ProcessEnv,
  state: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !bending.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    TF_INPUT: "0",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    [`TF_VAR_${checkFiles.name}`]: "false",
    ...state,
    // The tunnel ends with the command that needed it.
    OPENAETHER_OWNER: String(process.pid),
  };
}

/** The same for a configuration that was reviewed before: its own values apply, whatever the input says. */
export function reviewedEnvironment(
  environment: NodeJS.ProcessEnv,
  state: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith("TF_VAR_"));
  return personEnvironment(Object.fromEntries(kept), state);
}
