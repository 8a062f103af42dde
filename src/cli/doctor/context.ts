import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Cidr } from "../../../constructs/model/cidr";
import { cloudNames } from "../../../constructs/model/cluster-spec";
import { isObject, type ResourceValues } from "../../../constructs/model/resource-values";
import type { CloudInfo } from "../../../constructs/cloud-info";
import { cloudInfo } from "../../../providers/info";
import { type Loaded, loadCluster } from "../../config/load";
import { readStateBucket, readStateSettings } from "../../config/read-state-settings";
import { bucketVariables } from "../../state/bucket-variables";
import { stateVariables } from "../../state/passphrase";
import { presentTofu, type Tofu } from "../../tofu/binary";
import { immutableSettingsName } from "../../stack/addresses";
import type { Finding } from "./finding";
import { readState } from "./read-state";
import type { State } from "./state";

/** The context of the checks: the user's directory, the environment, and what exists. */
export interface DoctorContext {
  /** Absolute: the current directory. */
  readonly workingDirectory: string;
  /** Absolute: the directory of tofu.tfvars, the state, kubeconfig and talosconfig. */
  readonly home: string;
  /** Absolute: the user's home (~). */
  readonly userHome: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: Date;
  /** The input, or its error. */
  readonly input: Loaded | { readonly problem: unknown };
  /** Absolute: for the commands to paste. */
  readonly varFile: string;
  /** Of the input, or of what was synthesized; undefined where neither has it. */
  readonly cloud?: CloudInfo;
  /** What was synthesized; undefined where nothing was, or where it is ambiguous. */
  readonly stack?: Stack;
  /** Names of all stacks that were synthesized here. */
  readonly stackNames: readonly string[];
  /** Absolute: their directory. */
  readonly stacksDirectory: string;
  /** Undefined where there is none yet; an error where the configured one cannot be used. */
  readonly tofu?: Tofu | Error;
  /** Undefined when nothing exists, or when it cannot be read. */
  readonly state?: State;
  /** The error of reading it. */
  readonly stateFindings: readonly Finding[];
  readonly isSimulated: boolean;
  /** The user's own address, as given. */
  readonly myAddress?: Cidr;
}

export interface Stack {
  readonly directory: string;
  readonly name: string;
  /** The value that each variable was synthesized with. */
  readonly variables: ResourceValues;
  /** The immutable settings that the cluster was created with. */
  readonly immutable: ResourceValues;
}

export interface ContextOptions {
  readonly workingDirectory: string;
  readonly dir?: string;
  readonly file?: string;
  readonly userHome: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly myAddress?: Cidr;
}

/** Reads everything that several checks need; read-only. */
export async function examine(options: ContextOptions): Promise<DoctorContext> {
  const { workingDirectory, environment } = options;
  const directory = resolve(workingDirectory, options.dir ?? ".");
  const home = options.file === undefined ? directory : dirname(resolve(directory, options.file));
  const input = await loadCluster({ directory, file: options.file, environment }).catch(
    (problem: unknown) => ({ problem }),
  );
  const stacksDirectory = resolve(home, environment["CDKTF_OUTDIR"] ?? "cdktf.out", "stacks");
  const stackNames = existsSync(stacksDirectory)
    ? readdirSync(stacksDirectory).filter((name) => existsSync(stackFile(stacksDirectory, name)))
    : [];
  const wanted = "spec" in input ? input.spec.name : stackNames.length === 1 ? stackNames[0] : "";
  const name = stackNames.find((one) => one === wanted);
  const stack = name === undefined ? undefined : readStack(stacksDirectory, name);
  const tofu = await presentTofu({ environment }).catch((problem: unknown) => problem as Error);
  const bucket = readStateBucket(stack?.variables["state"]);
  const settings = readStateSettings(stack?.variables["state"]);
  const stateKey = await stateVariables(settings, { home, environment })
    .then((variables) => ({ ...variables, ...bucketVariables(bucket, environment) }))
    .catch(() => undefined);
  const { state, findings } =
    stack === undefined || tofu === undefined || tofu instanceof Error || stateKey === undefined
      ? { findings: [] }
      : await readState({
          home,
          bucket,
          stackDirectory: stack.directory,
          tofu,
          environment,
          stateKey,
        });
  return {
    workingDirectory,
    home,
    userHome: options.userHome,
    environment,
    now: new Date(),
    input,
    varFile: "spec" in input ? input.input.file : resolve(directory, options.file ?? "tofu.tfvars"),
    cloud: cloudOf("spec" in input ? input.spec.cloud : stack?.immutable["cloud"]),
    stack,
    stackNames,
    stacksDirectory,
    tofu,
    state,
    stateFindings: findings,
    isSimulated: (environment["TF_REATTACH_PROVIDERS"] ?? "") !== "",
    myAddress: options.myAddress,
  };
}

function cloudOf(name: unknown): CloudInfo | undefined {
  const known = cloudNames.find((one) => one === name);
  return known === undefined ? undefined : cloudInfo[known];
}

function stackFile(stacks: string, name: string): string {
  return join(stacks, name, "cdk.tf.json");
}

/** @returns undefined if it was not written by synth */
function readStack(stacks: string, name: string): Stack | undefined {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(stackFile(stacks, name), "utf8"));
  } catch {
    return undefined;
  }
  const at = (...steps: string[]) =>
    steps.reduce<unknown>((part, step) => (isObject(part) ? part[step] : undefined), json);
  const [declared, immutable] = [
    at("variable"),
    at("resource", "terraform_data", immutableSettingsName, "input"),
  ];
  if (!isObject(declared) || !isObject(immutable)) return undefined;
  const variables = Object.entries(declared).map(([variable, block]): [string, unknown] => [
    variable,
    isObject(block) ? block["default"] : undefined,
  ]);
  return {
    directory: join(stacks, name),
    name,
    variables: Object.fromEntries(variables),
    immutable,
  };
}

/** As it was written: simulated providers mark what they write. */
export function fileName({ home }: DoctorContext, name: "kubeconfig" | "talosconfig"): string {
  const simulated = `${name}.simulated`;
  return existsSync(join(home, simulated)) ? simulated : name;
}
