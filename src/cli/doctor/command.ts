import { homedir } from "node:os";
import { Cidr } from "../../../constructs/cidr";
import { UserError } from "../../errors";
import type { ClusterOptions } from "../cluster/cluster";
import { exitStatus } from "../cluster/exit-status";
import { diagnose } from "./doctor";
import { isWell, reportJson, reportText } from "./report";
import { print, printJson } from "../../output";

export interface DoctorOptions extends ClusterOptions {
  readonly json: boolean;
  /** The public address that the person comes from; nobody is asked for it. */
  readonly myAddress?: string;
}

/** `openaether doctor`. @returns 0 when nothing stands in the way. @throws UserError */
export async function doctor(options: DoctorOptions): Promise<number> {
  const myAddress = options.myAddress === undefined ? undefined : Cidr.parse(options.myAddress);
  if (options.myAddress !== undefined && myAddress === undefined) {
    throw new UserError(`--my-address ${options.myAddress} is no IPv4 address.`);
  }
  const diagnosis = await diagnose({
    workingFolder: process.cwd(),
    dir: options.dir,
    file: options.file,
    userHome: process.env["HOME"] ?? homedir(),
    environment: process.env,
    myAddress,
  });
  if (options.json) printJson(reportJson(diagnosis), 2);
  else print(reportText(diagnosis));
  return isWell(diagnosis.findings) ? exitStatus.done : exitStatus.failed;
}
