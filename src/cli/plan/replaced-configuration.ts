import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "../../errors";
import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { errorText } from "../../tofu/events";
import { statePartsOf, withStateParts } from "../../state/state-parts";
import type { StateResource } from "../../tofu/state-file";
import type { Change } from "./changes";
import { missingImageText } from "./missing-image";
import { changeState, pulledState } from "../cluster/change-state";
import type { Cluster } from "../cluster/cluster";

type Blocks = Readonly<Record<string, Readonly<Record<string, object>>>>;

interface Stack {
  readonly data?: Blocks;
  readonly resource: Blocks;
  readonly locals?: object;
}

/** "data.scaleway_instance_image.nodes_fr_par_1"; those of Talos contain keys, and query no cloud. */
const dataAddress = /^data\.(?!talos_)\w+\.\w+$/;

/**
 * The stack's configuration without data sources that cannot be read any more: a deleted image does
 * not matter where no machine is created from it. A plan uses their values in the state; a destroy
 * needs none, and is planned from the state alone.
 */
export class ReplacedConfiguration {
  private constructor(
    /** The directory to plan in. */
    readonly path: string,
    private readonly cluster: Cluster,
    private readonly text: string,
    private readonly errors: readonly Diagnostic[],
    /** Resources that refer to such a data source. */
    private readonly dependents: ReadonlySet<string>,
    private readonly kept: readonly StateResource[],
  ) {}

  /** @returns undefined where something else is wrong too, or the state has no values of them */
  static async without(
    cluster: Cluster,
    errors: readonly Diagnostic[],
    { isDestroy = false, say }: { isDestroy?: boolean; say: (text: string) => void },
  ): Promise<ReplacedConfiguration | undefined> {
    const addresses = [...new Set(errors.map(({ source = "" }) => source))];
    if (!addresses.every((address) => dataAddress.test(address))) return undefined;
    const { stackDirectory } = cluster;
    const whole = JSON.parse(readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8")) as Stack;
    const known = isDestroy ? new Map<string, StateResource>() : await inState(cluster);
    const kept = addresses.flatMap((address) => known.get(address) ?? []);
    if (!isDestroy && kept.length < addresses.length) return undefined;
    say(
      `Not readable any more: ${addresses.join(", ")}. ` +
        `${isDestroy ? "Destroyed from the state alone." : "Going on with what the state has of them."}\n`,
    );
    // As deep as the stack's directory: paths in the configuration are relative.
    const path = join(dirname(stackDirectory), `.${basename(stackDirectory)}-planned`);
    const stack = isDestroy ? fromStateAlone(whole) : withValues(whole, kept);
    const dependents = new Set(
      Object.entries(whole.resource).flatMap(([type, named]) =>
        Object.entries(named)
          .filter(([, block]) => addresses.some((one) => names(block, one)))
          .map(([name]) => `${type}.${name}`),
      ),
    );
    return new ReplacedConfiguration(
      path,
      cluster,
      JSON.stringify(stack),
      errors,
      dependents,
      kept,
    );
  }

  /** Writes the directory, with the changed configuration. */
  place(copy: string): void {
    this.end();
    const { stackDirectory } = this.cluster;
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(stackDirectory)) {
      if (!name.endsWith(".tf.json"))
        symlinkSync(join(stackDirectory, name), join(this.path, name));
    }
    writeFileSync(join(this.path, "planned.tf.json"), this.text, { mode: 0o600 });
    writeFileSync(copy, this.text, { mode: 0o600 });
  }

  /** @throws UserError when a plan creates a machine from what cannot be read */
  refuseCreation(changes: readonly Change[]): void {
    const created = changes
      .filter(({ action }) => action === "create" || action === "replace")
      .filter(({ address }) => this.dependents.has(address))
      .filter(({ type }) => type !== "terraform_data");
    if (created.length === 0) return;
    throw new UserError(
      `${errorText(this.errors)}\n\nThis plan needs it to create ${created.map(({ address }) => address).join(", ")}.` +
        missingImageText(this.cluster.cloud, this.errors),
    );
  }

  /** Restores in the state what an apply without these data sources has removed. */
  async restore(): Promise<void> {
    if (this.kept.length === 0) return;
    await changeState(this.cluster, ({ resources }) => {
      const has = ({ mode, type, name }: StateResource) =>
        resources.some((one) => one.mode === mode && one.type === type && one.name === name);
      resources.push(...this.kept.filter((one) => !has(one)));
    });
  }

  end(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The data sources in the state, by address. */
async function inState(cluster: Cluster): Promise<Map<string, StateResource>> {
  const { resources } = await pulledState(cluster);
  return new Map(
    resources
      .filter(({ mode, instances }) => mode === "data" && instances.length === 1)
      .map((one) => [`data.${one.type}.${one.name}`, one]),
  );
}

/** Providers and backend: everything that exists is to be destroyed. */
function fromStateAlone(stack: Stack): object {
  const kept = Object.entries(stack).filter(([name]) => ["terraform", "provider"].includes(name));
  return withStateParts(Object.fromEntries(kept), statePartsOf(stack as object));
}

/** The same with `local.data_<type>_<name>` in place of each data source. */
function withValues(stack: Stack, kept: readonly StateResource[]): object {
  const addresses = kept.map(({ type, name }) => `data.${type}.${name}`);
  const local = (address: string) => address.replaceAll(".", "_");
  const data: Record<string, Record<string, object>> = {};
  for (const [type, named] of Object.entries(stack.data ?? {})) {
    for (const [name, block] of Object.entries(named)) {
      if (!addresses.includes(`data.${type}.${name}`)) (data[type] ??= {})[name] = block;
    }
  }
  let text = JSON.stringify(withoutDependencies({ ...stack, data }, addresses));
  for (const address of addresses) {
    text = text.replaceAll(
      new RegExp(`\\b${address.replaceAll(".", "\\.")}\\b`, "g"),
      `local.${local(address)}`,
    );
  }
  const replaced = JSON.parse(text) as Stack;
  const locals = Object.fromEntries(
    kept.map(({ instances }, index) => [local(addresses[index] ?? ""), instances[0]?.attributes]),
  );
  return { ...replaced, locals: { ...replaced.locals, ...locals } };
}

/** A dependency on a local value is not allowed. */
function withoutDependencies(value: unknown, addresses: readonly string[]): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((part) => !addresses.includes(part as string))
      .map((part) => withoutDependencies(part, addresses));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, withoutDependencies(part, addresses)]),
  );
}

function names(block: object, address: string): boolean {
  return new RegExp(`\\b${address.replaceAll(".", "\\.")}\\b`).test(JSON.stringify(block));
}
