import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearest } from "../../../constructs/model/suggestion";
import { issueCertificate, type KeyAndCertificate } from "../../../simulator/pki/certificates";
import { UserError } from "../../errors";
import { print } from "../../view/output";
import { writeWhole } from "../../whole-file";
import { ClusterDirectory, type ClusterOptions } from "../cluster/directory";
import { isOfSameCluster } from "../cluster/key-files";
import { knownState } from "../cluster/known-state";

export interface CredentialOptions extends ClusterOptions {
  readonly role: string;
  /** "24h" */
  readonly ttl: string;
  /** @default - the name of the kind and the role, beside tofu.tfvars */
  readonly output?: string;
}

/** What is read of the state: its output of that name, and a certificate authority. */
export interface Issuer {
  readonly cluster: ClusterDirectory;
  /** The administrator's file. */
  readonly template: string;
  readonly authority: KeyAndCertificate;
}

/**
 * The keys that sign client certificates: Kubernetes's or Talos's own.
 * @throws UserError while there is none
 */
export async function issuerOf(
  options: CredentialOptions,
  kind: "kubeconfig" | "talosconfig",
): Promise<Issuer> {
  const cluster = ClusterDirectory.find(options);
  const { outputs } = await knownState(cluster, options);
  const template = outputs[kind]?.value;
  const secrets = outputs["machine_secrets"]?.value as MachineSecrets | undefined;
  if (typeof template !== "string" || template === "" || secrets === undefined) {
    throw new UserError(`There is no ${kind} in the state yet.\n\n  ./openaether up`);
  }
  const { cert, key } = secrets.certs[kind === "kubeconfig" ? "k8s" : "os"];
  return { cluster, template, authority: { certificate: fromBase64(cert), key: fromBase64(key) } };
}

/** The part of the output that is read; base64 of PEM. */
interface MachineSecrets {
  readonly certs: Readonly<Record<"k8s" | "os", { readonly cert: string; readonly key: string }>>;
}

/** Valid from now, with some time for clocks that are behind. */
export function issue(
  { authority }: Issuer,
  subject: string,
  lifetime: number,
): Promise<KeyAndCertificate> {
  const now = Date.now();
  return issueCertificate(authority, {
    subject,
    lifetime: { from: new Date(now - 60_000), to: new Date(now + lifetime) },
    usages: ["client"],
  });
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const longest = 365 * 86_400_000;

/**
 * A lifetime in milliseconds.
 * @throws UserError for anything but "30m", "24h", "7d" of a minute to a year
 */
export function lifetimeOf(ttl: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})([mhd])$/.exec(ttl) ?? [];
  const lifetime = Number(count) * (units[unit] ?? 0);
  if (lifetime > 0 && lifetime <= longest) return lifetime;
  throw new UserError(
    `--ttl ${ttl}: a time such as 30m, 24h or 7d, at most 365d. A certificate cannot be revoked before its end.`,
  );
}

/** @throws UserError where there is no such role */
export function roleOf<Role extends string>(given: string, roles: Readonly<Record<Role, string>>) {
  if (Object.hasOwn(roles, given)) return given as Role;
  const names = Object.keys(roles);
  throw new UserError(`--role ${given}: one of ${names.join(", ")}.${nearest(given, names)}`);
}

/**
 * Writes it for its owner alone, in place of nothing but credentials of the same cluster.
 * @throws UserError where the file is the administrator's, or holds anything else
 */
export function writeCredentials(
  { cluster }: Issuer,
  kind: "kubeconfig" | "talosconfig",
  options: CredentialOptions,
  content: string,
): void {
  const own = join(cluster.home, cluster.fileName(kind));
  const file = resolve(options.output ?? `${own}.${options.role}`);
  if (file === own) {
    throw new UserError(
      `${file} is the administrator's, and tofu's to write. Pass another --output; ./openaether status --${kind} writes it again.`,
    );
  }
  const isNew = !existsSync(file);
  if (!isNew && !isOfSameCluster(readFileSync(file, "utf8"), content)) {
    throw new UserError(`${file} holds something else. Move it away, or pass another --output.`);
  }
  writeWhole(file, content);
  print(`${isNew ? "Wrote" : "Replaced"} ${file}, role ${options.role}, valid for ${options.ttl}.`);
}

export function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString();
}
