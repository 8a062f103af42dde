import { kubernetesApi } from "./checks/api";
import { backupRecipients } from "./checks/backup-recipients";
import { clientFiles } from "./checks/client-files";
import { credentials } from "./checks/credentials";
import { files, stateLock } from "./checks/files";
import { image } from "./checks/image";
import { input } from "./checks/input";
import { loadBalancer } from "./checks/load-balancer";
import { myAddress } from "./checks/my-address";
import { nodes } from "./checks/nodes";
import { programs } from "./checks/programs";
import { settings } from "./checks/settings";
import { stateBucket } from "./checks/state-bucket";
import { replica } from "./checks/replica";
import { stateEncryption } from "./checks/state-encryption";
import { sshKey } from "./checks/ssh-key";
import { tunnel } from "./checks/tunnel";
import { type Finding, warning } from "./finding";
import { examine, type DoctorContext, type ContextOptions } from "./context";

/** One check; read-only. What does not exist yet is not checked. */
type Check = (context: DoctorContext) => readonly Finding[] | Promise<readonly Finding[]>;

/** In the order in which a user meets them: what an apply needs, then its results. */
const checks: readonly Check[] = [
  programs,
  credentials,
  settings,
  input,
  image,
  sshKey,
  files,
  stateLock,
  stateEncryption,
  stateBucket,
  replica,
  backupRecipients,
  ({ stateFindings }) => stateFindings,
  loadBalancer,
  myAddress,
  nodes,
  tunnel,
  kubernetesApi,
  clientFiles,
];

export interface Diagnosis {
  readonly context: DoctorContext;
  readonly findings: readonly Finding[];
}

/** Runs every check, whatever the result of the others. */
export async function diagnose(options: ContextOptions): Promise<Diagnosis> {
  const context = await examine(options);
  const findings = await Promise.all(checks.map((check) => guarded(check, context)));
  return { context, findings: findings.flat() };
}

async function guarded(check: Check, context: DoctorContext): Promise<readonly Finding[]> {
  try {
    return await check(context);
  } catch (problem) {
    const text = `This check could not be run: ${(problem as Error).message}`;
    return [warning(check.name, text)];
  }
}
