import { bendingSettings } from "../../../config/checks/environment";
import { type Finding, warning } from "../finding";
import type { Patient } from "../context";

const simulated = "TF_REATTACH_PROVIDERS";

/** Settings left in the environment that would bend the next plain tofu. */
export function settings({ environment, workingFolder }: Patient): Finding[] {
  return bendingSettings(environment, workingFolder)
    .filter(({ where }) => where !== simulated) // the report begins with it
    .map(({ where, text }) => {
      const [effect = "", cure] = text.split("\n");
      return warning("environment", `${where} is set. ${effect}`, cure);
    });
}
