import { bendingSettings } from "../../../config/checks/environment";
import { type Finding, warning } from "../finding";
import type { DoctorContext } from "../context";

const simulated = "TF_REATTACH_PROVIDERS";

/** Environment variables that would change the next plain tofu. */
export function settings({ environment, workingDirectory }: DoctorContext): Finding[] {
  return bendingSettings(environment, workingDirectory)
    .filter(({ source }) => source !== simulated) // the report begins with it
    .map(({ source = "", summary, fix }) =>
      warning("environment", `${source} is set. ${summary}`, fix),
    );
}
