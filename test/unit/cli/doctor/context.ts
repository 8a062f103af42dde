import { loadCluster } from "../../../../src/config/load";
import type { DoctorContext } from "../../../../src/cli/doctor/context";
import { temporaryDirectory, tfvars } from "../../../support/input";

/** A directory with a valid tofu.tfvars, before any synth. @param keys Public keys of the bastion */
export async function context(
  changes: Partial<DoctorContext> = {},
  key?: string,
): Promise<DoctorContext> {
  const text = tfvars();
  const home = temporaryDirectory({
    "tofu.tfvars":
      key === undefined ? text : text.replace(/scaleway = "[^"]*"/, `scaleway = "${key}"`),
  });
  return {
    workingDirectory: home,
    home,
    varFile: `${home}/tofu.tfvars`,
    userHome: temporaryDirectory(),
    environment: { PATH: process.env["PATH"] },
    now: new Date(),
    input: await loadCluster({ directory: home, environment: {} }),
    stackNames: [],
    stacksDirectory: `${home}/cdktf.out/stacks`,
    stateFindings: [],
    isSimulated: false,
    ...changes,
  };
}
