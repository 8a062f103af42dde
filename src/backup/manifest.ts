import { isObject } from "../../constructs/model/resource-values";
import { UserError } from "../errors";

/** The form that is written. */
export const manifestForm = 1;

/** The names of a backup's parts. */
export const partNames = {
  manifest: "manifest.json",
  state: "state.json",
  environment: "environment.json",
  snapshot: "etcd.db",
  /** The prefix of the files of the cluster's directory. */
  directory: "directory/",
} as const;

/** What a backup is of, and what it needs: the first part of it. */
export interface Manifest {
  readonly form: typeof manifestForm;
  /** Of this backup: a UUID. */
  readonly id: string;
  /** ISO 8601. */
  readonly created: string;
  readonly cluster: {
    readonly name: string;
    readonly cloud: string;
    readonly region: string;
    /** Of the cluster's id, which stays for its life: SHA-256, in hexadecimal. */
    readonly fingerprint: string;
  };
  /** What ran: "v1.14.1", "v1.37.1". */
  readonly versions: { readonly talos: string; readonly kubernetes: string };
  /** Of pods and services: immutable in a cluster. */
  readonly networks: { readonly pods: readonly string[]; readonly services: readonly string[] };
  readonly etcd: {
    /** The node that sent the snapshot. */
    readonly member: string;
    /** It has at least this revision. @default - Kubernetes did not answer */
    readonly revision?: string;
    /** "NOSPACE"; "etcdserver: no leader" of a member without a quorum. */
    readonly alarms: readonly string[];
  };
  /** How many objects there were, by resource: "configmaps", "deployments.apps". @default - Kubernetes did not answer */
  readonly objects?: Readonly<Record<string, number>>;
  /** "tofu.tfvars" */
  readonly varFile: string;
  /** Every other part, by its name. */
  readonly parts: Readonly<Record<string, PartDigest>>;
}

export interface PartDigest {
  /** In bytes. */
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What an alarm of etcd's means for the backup: a sentence. */
export function alarmText(alarm: string): string {
  return `etcd reported "${alarm}": the backup may lack what was written last.`;
}

/** How many objects there were; 0 where they were not counted. */
export function objectCount({ objects = {} }: Manifest): number {
  return Object.values(objects).reduce((sum, one) => sum + one, 0);
}

/** @throws UserError where it is none, or of a newer form */
export function parseManifest(text: string, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isObject(value) && typeof value["form"] === "number" && value["form"] > manifestForm) {
    throw new UserError(`${file} was written by a newer openaether. Use that one.`);
  }
  if (isManifest(value)) return value;
  throw new UserError(`${file} is not a backup of openaether's: its manifest says something else.`);
}

function isManifest(value: unknown): value is Manifest {
  if (!isObject(value) || value["form"] !== manifestForm) return false;
  const { id, created, cluster, versions, networks, etcd, varFile, parts } = value;
  const areStrings = (object: unknown, ...names: string[]) =>
    isObject(object) && names.every((name) => typeof object[name] === "string");
  const areLists = (object: unknown, ...names: string[]) =>
    isObject(object) && names.every((name) => Array.isArray(object[name]));
  return (
    [id, created, varFile].every((text) => typeof text === "string") &&
    areStrings(cluster, "name", "cloud", "region", "fingerprint") &&
    areStrings(versions, "talos", "kubernetes") &&
    areLists(networks, "pods", "services") &&
    areStrings(etcd, "member") &&
    areLists(etcd, "alarms") &&
    isObject(parts) &&
    Object.values(parts).every(
      (part) => areStrings(part, "sha256") && typeof (part as PartDigest).size === "number",
    )
  );
}
