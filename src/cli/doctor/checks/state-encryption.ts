import { readStateSettings } from "../../../config/read-state-settings";
import type { StateSettings } from "../../../config/state-settings";
import { UserError } from "../../../errors";
import { environmentVariable, stateVariables } from "../../../state/passphrase";
import { checkStateForm } from "../../../state/state-form";
import { formOfState, stateFileName } from "../../../tofu/state-file";
import type { DoctorContext } from "../context";
import { error, type Finding, ok } from "../finding";

const check = "encryption";

/** Whether the state is encrypted, as tofu.tfvars says, and whether its passphrase is here. */
export async function stateEncryption(context: DoctorContext): Promise<Finding[]> {
  const { home, environment, input, stack } = context;
  const settings = "spec" in input ? input.state : readStateSettings(stack?.variables["state"]);
  try {
    checkStateForm(home, settings, environment);
    await stateVariables(settings, { home, environment });
  } catch (problem) {
    if (!(problem instanceof UserError)) throw problem;
    const [text = "", fix] = problem.message.split("\n\n");
    return [error(check, text, fix?.trim())];
  }
  return settings === undefined ? withoutSettings(context) : [ok(check, by(settings, environment))];
}

function by(settings: StateSettings, environment: NodeJS.ProcessEnv): string {
  switch (settings.encryption) {
    case "none":
      return "the state is in clear, as tofu.tfvars says";
    case "passphrase": {
      const isGiven = environment[environmentVariable] !== undefined;
      const { file, command } = settings.source;
      const from = isGiven ? environmentVariable : (file ?? `what ${command?.[0] ?? ""} prints`);
      return `the state, with the passphrase of ${from}`;
    }
    case "openbao":
      return `the state, with OpenBao's key ${settings.keyName}`;
    case "external":
      return `the state, with the keys of ${settings.command[0] ?? ""}`;
  }
}

function withoutSettings({ home, environment }: DoctorContext): Finding[] {
  if ((environment["TF_ENCRYPTION"] ?? "") !== "")
    return [ok(check, "the state, by TF_ENCRYPTION")];
  if (formOfState(home, stateFileName) !== "in clear") return [];
  return [ok(check, "the state is in clear, for you alone. How to encrypt it: docs/state.md")];
}
