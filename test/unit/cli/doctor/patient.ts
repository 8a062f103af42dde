import { loadCluster } from "../../../../src/config/load";
import type { Patient } from "../../../../src/cli/doctor/context";
import { temporaryFolder, tfvars } from "../../../support/input";

/** A folder with a valid tofu.tfvars, before any synth. @param keys Public keys of the bastion */
export async function patient(changes: Partial<Patient> = {}, key?: string): Promise<Patient> {
  const text = tfvars();
  const home = temporaryFolder({
    "tofu.tfvars":
      key === undefined ? text : text.replace(/scaleway = "[^"]*"/, `scaleway = "${key}"`),
  });
  return {
    workingFolder: home,
    home,
    varFile: `${home}/tofu.tfvars`,
    userHome: temporaryFolder(),
    environment: { PATH: process.env["PATH"] },
    now: new Date(),
    input: await loadCluster({ folder: home, environment: {} }),
    stackNames: [],
    stacksFolder: `${home}/cdktf.out/stacks`,
    stateFindings: [],
    isSimulated: false,
    ...changes,
  };
}
