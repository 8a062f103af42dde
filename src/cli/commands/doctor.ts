import { homedir } from "node:os";
import { print, printJson } from "../../view/output";
import type { ClusterOptions } from "../cluster/directory";
import { exitStatus } from "../exit-status";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

interface DoctorOptions extends ClusterOptions {
  readonly json: boolean;
  /** The user's public address; no service on the internet is queried for it. */
  readonly myAddress?: string;
}

export const addDoctor: AddCommand = (program, exit) => {
  const command = withClusterOptions(
    addCommand(program, "doctor", "Check the prerequisites of an apply (read-only)."),
  )
    .option("--my-address <address>", "your public IPv4 address: is it in admin_ip?")
    .option("--json", "JSON output", false)
    .addHelpText("after", examples("doctor", "doctor --my-address 203.0.113.7"))
    .action(async ({ dir, file, json, myAddress }: DoctorOptions) => {
      const { Cidr } = await import("../../../constructs/model/cidr.js");
      const { diagnose } = await import("../doctor/doctor.js");
      const { isWell, reportJson, reportText } = await import("../doctor/report.js");
      const address = myAddress === undefined ? undefined : Cidr.parse(myAddress);
      if (myAddress !== undefined && address === undefined) {
        // In commander's words about an argument; checked here, where the check is loaded.
        command.error(
          `error: option '--my-address <address>' argument '${myAddress}' is invalid. Not an IPv4 address.`,
        );
      }
      const diagnosis = await diagnose({
        workingDirectory: process.cwd(),
        dir,
        file,
        userHome: process.env["HOME"] ?? homedir(),
        environment: process.env,
        myAddress: address,
      });
      if (json) printJson(reportJson(diagnosis), 2);
      else print(reportText(diagnosis));
      exit(isWell(diagnosis.findings) ? exitStatus.done : exitStatus.failed);
    });
};
