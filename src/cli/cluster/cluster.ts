import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { CloudProvider } from "../../../constructs/cloud-provider";
import { cloudProviders } from "../../../providers";
import { noSuchNode, UserError } from "../../errors";
import { synthesize, type Synthesized } from "../../synth";
import { findTofu, type Tofu } from "../../tofu/binary";
import { personEnvironment } from "../../tofu/environment";
import { captureTofu, type Captured } from "../../tofu/run";

/** Options that every command about a cluster has. */
export interface ClusterOptions {
  /** The folder that tofu.tfvars is in. @default - the one that a person is in */
  readonly dir?: string;
  /** The input, in place of tofu.tfvars. */
  readonly file?: string;
}

/** A cluster, as its folder holds it: the input, the synthesized configuration, the state. */
export class Cluster {
  private constructor(
    /** Absolute: tofu.tfvars, the state, kubeconfig and talosconfig lie here. */
    readonly home: string,
    /** Absolute: what tofu works in. */
    readonly stackFolder: string,
    /** The input, seen from the home folder: "tofu.tfvars". */
    readonly varFile: string,
    readonly tofu: Tofu,
    /** Undefined where the cluster is taken from what was synthesized before. */
    readonly synthesized?: Synthesized,
  ) {}

  /**
   * Checks the input and synthesizes it.
   * @throws the input's problems; UserError
   */
  static async synthesize(options: ClusterOptions, progress: (text: string) => void) {
    const folder = resolve(options.dir ?? ".");
    const synthesized = await synthesize({
      folder,
      file: options.file,
      environment: inputOf(process.env),
    });
    const { home, stackFolder, input } = synthesized;
    const tofu = await findTofu({ environment: process.env, progress });
    const cluster = new Cluster(home, stackFolder, input.fileName, tofu, synthesized);
    return Object.assign(cluster, { synthesized });
  }

  /**
   * What was synthesized last, whatever the input says by now.
   * @throws UserError when there is none, or more than one
   */
  static async synthesizedBefore(options: ClusterOptions, progress: (text: string) => void) {
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
          "cluster is one folder: delete what is not this one's.",
      );
    }
    const tofu = await findTofu({ environment: process.env, progress });
    return new Cluster(home, join(stacks, name), options.file ?? "tofu.tfvars", tofu);
  }

  /** What the configuration says it was made with: the facts that are for life. */
  get born(): Born {
    return this.stack.resource.terraform_data.for_life.input;
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

  /** Private addresses by the node's name, as talosconfig lists them: control planes first. */
  get addresses(): ReadonlyMap<string, string> {
    const { data } = this.stack;
    const names = Object.keys(data.talos_machine_configuration).map((id) =>
      id.replaceAll("_", "-"),
    );
    const inOrder = names.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    const { nodes } = data.talos_client_configuration.talos_config;
    return new Map(inOrder.map((name, index) => [name, nodes[index] ?? ""]));
  }

  private get stack(): SynthesizedStack {
    return JSON.parse(
      readFileSync(join(this.stackFolder, "cdk.tf.json"), "utf8"),
    ) as SynthesizedStack;
  }

  get cloud(): CloudProvider {
    return cloudProviders[this.born.cloud];
  }

  /** "prod on Scaleway, fr-par" */
  get title(): string {
    const { cluster_name: name, region } = this.born;
    return `${name} on ${this.isSimulated ? "a simulated " : ""}${this.cloud.title}, ${region}`;
  }

  /** Whether tofu is told to talk to simulated providers. */
  get isSimulated(): boolean {
    return (process.env["TF_REATTACH_PROVIDERS"] ?? "") !== "";
  }

  /** A folder for what the command line itself remembers, for its owner alone. */
  get memory(): string {
    const folder = join(this.home, ".openaether");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** As it was written: simulated providers mark what they write. */
  fileName(name: "kubeconfig" | "talosconfig" | "known_hosts"): string {
    const simulated = `${name}.simulated`;
    return existsSync(join(this.home, simulated)) ? simulated : name;
  }

  /** Runs tofu to its end, and hands over what it printed. */
  run(...args: string[]): Promise<Captured> {
    return captureTofu(this.tofu.path, [`-chdir=${this.stackFolder}`, ...args], {
      environment: personEnvironment(process.env),
    });
  }

  /** The same, for what must not fail. @throws UserError with tofu's own words */
  async must(...args: string[]): Promise<string> {
    const { code, output, errors } = await this.run(...args);
    if (code !== 0)
      throw new UserError(`tofu ${args[0] ?? ""} failed:\n\n${(errors || output).trim()}`);
    return output;
  }
}

interface SynthesizedStack {
  readonly data: {
    readonly talos_machine_configuration: Readonly<Record<string, object>>;
    readonly talos_client_configuration: {
      readonly talos_config: { readonly nodes: readonly string[] };
    };
  };
  readonly resource: Readonly<Record<string, Record<string, Block>>> & {
    readonly terraform_data: { readonly for_life: Block & { readonly input: Born } };
  };
}

interface Block {
  readonly "//"?: { readonly metadata?: { readonly path?: string } };
}

/** What counts as input. What would bend a plain tofu does not reach the one that is run here. */
export function inputOf(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => name.startsWith("TF_VAR_") || name === "CDKTF_OUTDIR",
    ),
  );
}

/** Facts of a cluster that never change. */
export interface Born {
  readonly cluster_name: string;
  readonly cloud: CloudProvider["name"];
  readonly network_cidr: string;
  readonly region: string;
  readonly zone: string;
}
