import { homedir } from "node:os";
import { InvalidArgumentError } from "commander";
import { Cidr } from "../../../constructs/model/cidr";
import { print, printJson } from "../../view/output";
import type { ClusterOptions } from "../cluster/folder";
import { exitStatus } from "../exit-status";
import { type AddCommand, addCommand, examples, withClusterOptions } from "./command";

interface DoctorOptions extends ClusterOptions {
  readonly json: boolean;
  /** The user's public address; no service on the internet is asked for it. */
  readonly myAddress?: Cidr;
}

export const addDoctor: AddCommand = (program, exit) => {
  withClusterOptions(
    addCommand(program, "doctor", "Check the prerequisites of an apply (read-only)."),
  )
    .option("--my-address <address>", "your public IPv4 address: is it in admin_ip?", addressOf)
    .option("--json", "JSON output", false)
    .addHelpText("after", examples("doctor", "doctor --my-address 203.0.113.7"))
    .action(async ({ dir, file, json, myAddress }: DoctorOptions) => {
      const { diagnose } = await import("../doctor/doctor.js");
      const { isWell, reportJson, reportText } = await import("../doctor/report.js");
      const diagnosis = await diagnose({
        workingFolder: process.cwd(),
        dir,
        file,
        userHome: process.env["HOME"] ?? homedir(),
        environment: process.env,
        myAddress,
      });
      if (json) printJson(reportJson(diagnosis), 2);
      else print(reportText(diagnosis));
      exit(isWell(diagnosis.findings) ? exitStatus.done : exitStatus.failed);
    });
};

function addressOf(text: string): Cidr {
  const address = Cidr.parse(text);
  if (address === undefined) throw new InvalidArgumentError("Not an IPv4 address.");
  return address;
}
