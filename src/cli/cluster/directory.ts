import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { CloudName } from "../../../constructs/model/cluster-spec";
import { cloudInfo } from "../../../providers/info";
import {
  readStateBucket,
  readStateReplica,
  readStateSettings,
} from "../../config/read-state-settings";
import type { Bucket } from "../../object-store/bucket";
import type { StateSettings } from "../../config/state-settings";
import { immutableSettingsName } from "../../stack/addresses";
import { noSuchNode, UserError } from "../../errors";
import { type ReadState, readStateFile } from "../../tofu/state-file";
import { inOrder } from "./node-order";
import { runDirectory } from "./run-directory";

/** Options of every command about a cluster. */
export interface ClusterOptions {
  /** The directory of tofu.tfvars. @default - the current one */
  readonly dir?: string;
  /** The input, instead of tofu.tfvars. */
  readonly file?: string;
}

/**
 * What a cluster's directory says by itself: without tofu, and without cdktf, which takes longer to
 * load than a short answer takes.
 */
export class ClusterDirectory {
  private parsed: SynthesizedStack | undefined;

  constructor(
    /** Absolute: the directory of tofu.tfvars, the state, kubeconfig and talosconfig. */
    readonly home: string,
    /** Absolute: tofu's working directory. */
    readonly stackDirectory: string,
    /** The input, relative to the home directory: "tofu.tfvars". */
    readonly varFile: string,
  ) {}

  /**
   * What was synthesized last, whatever the input says now.
   * @throws UserError when there is none, or more than one
   */
  static find(options: ClusterOptions): ClusterDirectory {
    const home = resolve(
      options.dir ?? ".",
      options.file === undefined ? "." : dirname(options.file),
    );
    const stacks = join(home, process.env["CDKTF_OUTDIR"] ?? "cdktf.out", "stacks");
    const names = existsSync(stacks)
      ? readdirSync(stacks).filter((name) => existsSync(join(stacks, name, "cdk.tf.json")))
      : [];
    const [name, ...others] = names;
    if (name === undefined) {
      throw new UserError(`Nothing was synthesized in ${home} yet.\n\n  ./openaether plan`);
    }
    if (others.length > 0) {
      throw new UserError(
        `There are several clusters in ${relative(process.cwd(), stacks)}: ${names.join(", ")}. One ` +
          "cluster is one directory: delete what is not this one's.",
      );
    }
    const directory = new ClusterDirectory(home, join(stacks, name), options.file ?? "tofu.tfvars");
    directory.checkStack();
    return directory;
  }

  /** The same; undefined where there is none that is understood. */
  static present(options: ClusterOptions): ClusterDirectory | undefined {
    try {
      return ClusterDirectory.find(options);
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  /** The immutable settings in the configuration. */
  get immutable(): ImmutableSettings {
    return this.stack.resource.terraform_data[immutableSettingsName].input;
  }

  /**
   * "scaleway_instance_server.worker_0" of "worker-0".
   * @throws UserError when there is no such node
   */
  serverAddress(node: string): string {
    const path = `/compute/${node.replaceAll("-", "_")}/server`;
    for (const [type, named] of Object.entries(this.stack.resource)) {
      for (const [name, block] of Object.entries(named)) {
        if (block["//"]?.metadata?.path?.endsWith(path) === true) return `${type}.${name}`;
      }
    }
    throw noSuchNode(node, [...this.addresses.keys()]);
  }

  /** Private addresses by the node's name, in talosconfig's order: control planes first. */
  get addresses(): ReadonlyMap<string, string> {
    const { data } = this.stack;
    const names = Object.keys(data.talos_machine_configuration).map((id) =>
      id.replaceAll("_", "-"),
    );
    const { nodes } = data.talos_client_configuration.talos_config;
    return new Map(inOrder(names).map((name, index) => [name, nodes[index] ?? ""]));
  }

  /** The versions of the last synth: "v1.14.1"; undefined where the configuration does not say. */
  get versions(): { readonly talos: string | undefined; readonly kubernetes: string | undefined } {
    const { data } = this.stack;
    const [image] = Object.values(data.talos_image_factory_urls ?? {});
    const [node] = Object.values(data.talos_machine_configuration);
    return { talos: image?.talos_version, kubernetes: node?.kubernetes_version };
  }

  /** How the state is encrypted, by the last synth. */
  get state(): StateSettings | undefined {
    return readStateSettings(this.stack.variable?.["state"]?.default);
  }

  /** Where the state is kept, by the last synth; undefined: in a file beside tofu.tfvars. */
  get bucket(): Bucket | undefined {
    return readStateBucket(this.stack.variable?.["state"]?.default);
  }

  /** A plain state beside tofu.tfvars; undefined where tofu has to be asked. */
  localState(): ReadState | undefined {
    return this.bucket === undefined ? readStateFile(this.home) : undefined;
  }

  /** Where the state is copied to, by the last synth. */
  get replica(): Bucket | undefined {
    return readStateReplica(this.stack.variable?.["state"]?.default);
  }

  /** @throws UserError when the synthesized configuration is not what synth writes */
  checkStack(): void {
    this.parsed = this.stack;
  }

  private get stack(): SynthesizedStack {
    if (this.parsed !== undefined) return this.parsed;
    const file = join(this.stackDirectory, "cdk.tf.json");
    const stack = parsed(readFileSync(file, "utf8"));
    if (!isStack(stack)) {
      throw new UserError(
        `${file} is not what synth writes: it was edited, or its writing was interrupted. Write it again:\n\n` +
          "  ./openaether plan",
      );
    }
    this.parsed = stack;
    return stack;
  }

  /** "prod on Scaleway, fr-par" */
  get title(): string {
    const { cluster_name: name, cloud, region } = this.immutable;
    return `${name} on ${this.isSimulated ? "a simulated " : ""}${cloudInfo[cloud].title}, ${region}`;
  }

  /** Whether tofu is configured to use simulated providers. */
  get isSimulated(): boolean {
    return (process.env["TF_REATTACH_PROVIDERS"] ?? "") !== "";
  }

  /** A directory for the command line's own files, readable by its owner only. */
  get memory(): string {
    const directory = join(this.home, ".openaether");
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  /** A directory for this run, deleted when it ends: for files with keys. */
  get scratch(): string {
    return runDirectory(this.memory);
  }

  /** As it was written: simulated providers mark what they write. */
  fileName(name: "kubeconfig" | "talosconfig" | "known_hosts"): string {
    const simulated = `${name}.simulated`;
    return existsSync(join(this.home, simulated)) ? simulated : name;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it has everything that is read from it here. */
export function isStack(json: unknown): json is SynthesizedStack {
  const at = (...steps: string[]) =>
    steps.reduce<unknown>(
      (part, step) =>
        typeof part === "object" && part !== null
          ? (part as Record<string, unknown>)[step]
          : undefined,
      json,
    );
  const facts = ["cluster_name", "cloud", "network_cidr", "region", "zone"];
  const isFact = (name: string) =>
    typeof at("resource", "terraform_data", immutableSettingsName, "input", name) === "string";
  const cloud = at("resource", "terraform_data", immutableSettingsName, "input", "cloud");
  const isObject = (value: unknown) => typeof value === "object" && value !== null;
  return (
    facts.every(isFact) &&
    Object.hasOwn(cloudInfo, String(cloud)) &&
    isObject(at("data", "talos_machine_configuration")) &&
    Array.isArray(at("data", "talos_client_configuration", "talos_config", "nodes")) &&
    isObject(at("terraform", "required_providers"))
  );
}

interface SynthesizedStack {
  readonly variable?: Readonly<Record<string, { readonly default?: unknown } | undefined>>;
  readonly data: {
    readonly talos_machine_configuration: Readonly<
      Record<string, { readonly kubernetes_version?: string }>
    >;
    readonly talos_image_factory_urls?: Readonly<
      Record<string, { readonly talos_version?: string }>
    >;
    readonly talos_client_configuration: {
      readonly talos_config: { readonly nodes: readonly string[] };
    };
  };
  readonly resource: Readonly<Record<string, Record<string, Block>>> & {
    readonly terraform_data: {
      readonly [immutableSettingsName]: Block & { readonly input: ImmutableSettings };
    };
  };
}

interface Block {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
}

/** The immutable settings of a cluster. */
export interface ImmutableSettings {
  readonly cluster_name: string;
  readonly cloud: CloudName;
  readonly network_cidr: string;
  readonly region: string;
  readonly zone: string;
}
