import { Report } from "../../constructs/model/report";
import { UserError } from "../errors";
import type { Bucket } from "../object-store/bucket";
import { checkState } from "./checks/state";
import { readStateBucket, readStateSettings } from "./read-state-settings";
import { shape } from "./schema/shape";
import type { StateSettings } from "./state-settings";
import { parseTfvars } from "./syntax/tfvars";

/** Where a state is and how it is encrypted, without a tofu.tfvars that says so. */
export interface GivenPlace {
  readonly settings: StateSettings | undefined;
  readonly bucket: Bucket | undefined;
}

/** As the environment's variable has it: HCL of `state`. @throws SyntaxProblems when it is none */
export async function stateInVariable(name: string, text: string): Promise<unknown> {
  const { values } = await parseTfvars(name, `state = ${text}`);
  return values["state"];
}

/**
 * The settings of a value of `state`, checked as those of tofu.tfvars are.
 * @throws UserError with everything that is wrong
 */
export function givenPlace(value: unknown): GivenPlace {
  const report = new Report();
  const given = shape("state", value, report);
  if (given !== undefined) checkState(given, report);
  if (!report.hasErrors) {
    return { settings: readStateSettings(given), bucket: readStateBucket(given) };
  }
  const lines = report.problems.map(
    ({ path, summary }) => `  ${path.slice(1).join(".")}: ${summary}`,
  );
  throw new UserError(`Nothing was written.\n\n${lines.join("\n")}`);
}
