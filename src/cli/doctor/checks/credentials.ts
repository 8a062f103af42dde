import { credentialsChecks } from "../../../../providers/credentials";
import { type Finding, ok } from "../finding";
import type { DoctorContext } from "../context";

/** Which credentials tofu would use: only their names. */
export function credentials({
  cloud,
  isSimulated,
  environment,
  userHome,
  stack,
}: DoctorContext): readonly Finding[] {
  if (isSimulated) return [ok("credentials", "none needed: the cloud is simulated")];
  if (cloud === undefined) return [];
  const sources = { environment, userHome, stackDirectory: stack?.directory };
  return credentialsChecks[cloud.name](sources).map((result) => ({
    check: "credentials",
    ...result,
  }));
}
