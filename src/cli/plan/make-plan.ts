import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudInfo } from "../../../constructs/cloud-info";
import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { errorText, messageOf, readEvents } from "../../tofu/events";
import { TofuFailure } from "../../tofu/process";
import { type ManagedResource, managedResources, typeOf } from "../../tofu/show-json";
import { type AccessChange, accessChanges, openingOf } from "./access";
import { gatedRestarts, memberWarnings } from "./member-warnings";
import { type PlanWarning, warningsOf } from "./warnings";
import { type Change, changesOf, nodesAmong, partsOf } from "./changes";
import { missingImageText } from "./missing-image";
import { plannedValues } from "./planned-values";
import { secretsAddress, secretsAttribute } from "../../state/cluster-secrets";
import { sealValues } from "./sealed-values";
import { pulledState } from "../cluster/change-state";
import type { Cluster } from "../cluster/cluster";
import { bootstrapAddress, hasEtcd } from "./etcd";
import { hasForeignKubeconfig, kubeconfigAddress } from "./foreign-kubeconfig";
import { configurationDigest, sealOf } from "./seal";
import { ReplacedConfiguration } from "./replaced-configuration";
import { type Stage, stagesOf } from "./stages";
import { waitingFor } from "../cluster/waiting";
import { type Wanted, wantedFrom } from "../nodes/wanted";

/** A plan that tofu has saved, and its content. */
export interface SavedPlan {
  /** For its owner only, and for this run only: it contains every key of the cluster. */
  readonly file: string;
  /** What consent is given to: a digest of the plan and of what its apply depends on. */
  readonly seal: string;
  /** A copy of the configuration that was planned; another run may replace the stack's meanwhile. */
  readonly configuration: string;
  readonly configurationDigest: string;
  /** What recovery needs of it, readable only with the state; undefined where nothing is created. */
  readonly sealedValues: Buffer | undefined;
  /** The cluster's own secrets, from the state: never written anywhere. */
  readonly secrets: unknown;
  readonly changes: readonly Change[];
  readonly warnings: readonly PlanWarning[];
  readonly access: readonly AccessChange[];
  /** Managed resources that exist already. */
  readonly existing: number;
  /** None of the cluster's resources is in the cloud yet. */
  readonly isNew: boolean;
  /** Control planes may have etcd's data. */
  readonly hasEtcd: boolean;
  /** Nodes whose machine exists, by name. */
  readonly nodes: readonly string[];
  /** How it is applied: stage by stage. */
  readonly stages: readonly Stage[];
  /** What the nodes should be; undefined where that is known only after the apply. */
  readonly wanted: Wanted | undefined;
  /** For a plan without data sources that cannot be read: to be called after its apply. */
  readonly restore?: () => Promise<void>;
}

export interface PlanOptions {
  readonly isDestroy?: boolean;
  /** More arguments of tofu: "-replace=…". */
  readonly args?: readonly string[];
  /** What a user should know about how the plan was created. */
  readonly say: (text: string) => void;
  /** The state is not changed: what a plan must not have is removed from a copy of it. */
  readonly isReadOnly?: boolean;
}

const tunnel = "null_resource.tunnel";
/** The resources that connect to a node through the tunnel. */
const throughTunnel = [bootstrapAddress, kubeconfigAddress];
/** A limit: each attempt follows the removal of one more obstacle. */
const mostAttempts = 8;

/** @throws UserError with tofu's message */
export async function makePlan(cluster: Cluster, options: PlanOptions): Promise<SavedPlan> {
  const attempt = new Attempt(cluster, options);
  const saved = await attempt.plan(options.args ?? []);
  if (options.isDestroy === true || !needsTunnel(saved.changes)) return saved;
  // A tunnel that succeeded before a failed bootstrap would not be opened again.
  return attempt.plan([...(options.args ?? []), `-replace=${tunnel}`]);
}

function needsTunnel(changes: readonly Change[]): boolean {
  const isPlanned = (address: string) =>
    changes.some((change) => change.address === address && change.action !== "destroy");
  return throughTunnel.some(isPlanned) && !isPlanned(tunnel);
}

/** tofu's output of a failed plan. */
class PlanError extends TofuFailure {
  constructor(
    readonly errors: readonly Diagnostic[],
    cloud: CloudInfo,
  ) {
    super(errorText(errors) + missingImageText(cloud, errors));
  }
}

/** A plan, repeated after obstacles were removed from its state. */
class Attempt {
  /** A copy of the state without deleted objects; undefined where the state itself was used. */
  private state: string | undefined;
  /** What it lacks: addresses. */
  private readonly removed: string[] = [];
  private directory: ReplacedConfiguration | undefined;
  /** What has failed in the cloud, and is replaced: addresses. */
  private readonly failed: string[] = [];

  constructor(
    private readonly cluster: Cluster,
    private readonly options: PlanOptions,
  ) {}

  /** @throws UserError with tofu's message */
  async plan(args: readonly string[]): Promise<SavedPlan> {
    for (let round = 1; ; round++) {
      try {
        const { saved, gone, failed } = await this.planOnce(args);
        if (gone.length > 0 && round < mostAttempts) {
          await this.leaveOut(gone);
          continue;
        }
        if (failed.length > 0 && this.mayReplace(failed, saved) && round < mostAttempts) {
          this.failed.push(...failed);
          continue;
        }
        const { directory } = this;
        if (directory === undefined) return saved;
        directory.refuseCreation(saved.changes);
        return { ...saved, restore: () => directory.restore() };
      } catch (problem) {
        if (round === mostAttempts || !(problem instanceof PlanError)) throw problem;
        if (!(await this.isMended(problem.errors))) throw problem;
      } finally {
        this.directory?.end();
      }
    }
  }

  private async isMended(errors: readonly Diagnostic[]): Promise<boolean> {
    const { cluster, options } = this;
    const gone = errors.flatMap((error) => (isGone(cluster, error) ? [error.source] : []));
    if (gone.length > 0) {
      await this.leaveOut(gone);
      return true;
    }
    if (options.isReadOnly !== true && (await hasForeignKubeconfig(cluster))) {
      // Neither -replace nor -target helps: the provider reads its certificate in every plan.
      await this.remove([kubeconfigAddress]);
      options.say(
        "The kubeconfig in the state did not come from this cluster: removed from the state.\n",
      );
      return true;
    }
    if (this.directory !== undefined) return false;
    this.directory = await ReplacedConfiguration.without(cluster, errors, options);
    return this.directory !== undefined;
  }

  private async leaveOut(gone: readonly string[]): Promise<void> {
    await this.remove(gone);
    this.options.say(
      `Gone from the cloud, which the provider does not take into account: ${gone.join(", ")}. ` +
        `${this.options.isReadOnly === true ? "Not counted" : "Removed from the state"}.\n`,
    );
  }

  /** Before the bootstrap a machine has nothing to lose; afterwards a user decides. */
  private mayReplace(failed: readonly string[], { hasEtcd }: SavedPlan): boolean {
    this.options.say(
      `Failed in the cloud, which the provider does not take into account: ${failed.join(", ")}. ` +
        `${hasEtcd ? "To replace a node: ./openaether up --replace <node>" : "To be replaced"}.\n`,
    );
    return !hasEtcd;
  }

  private async remove(addresses: readonly string[]): Promise<void> {
    const { cluster, options } = this;
    if (options.isReadOnly !== true) return cluster.removeFromState(addresses);
    this.removed.push(...addresses);
    const { serial, ...state } = await pulledState(cluster);
    const resources = state.resources.filter(
      ({ mode, type, name }) => mode !== "managed" || !this.removed.includes(`${type}.${name}`),
    );
    this.state = await cluster.writeStateCopy("planned.tfstate", {
      ...state,
      serial: serial + 1,
      resources,
    });
  }

  private async planOnce(args: readonly string[]): Promise<Planned> {
    const { cluster, options } = this;
    const file = join(cluster.scratch, "plan");
    const configuration = join(cluster.scratch, "planned.tf.json");
    copyFileSync(join(cluster.stackDirectory, "cdk.tf.json"), configuration);
    this.directory?.place(configuration);
    const { output, errors, code } = await waitingFor(
      "waiting for tofu plan, which reads what the cloud has",
      options.say,
      cluster.runIn(
        this.directory?.path ?? cluster.stackDirectory,
        "plan",
        "-json",
        `-out=${file}`,
        ...(this.state === undefined ? [] : [`-state=${this.state}`]),
        ...(options.isDestroy === true
          ? ["-destroy"]
          : [`-var-file=${join(cluster.home, cluster.varFile)}`]),
        ...this.failed.map((address) => `-replace=${address}`),
        ...args,
      ),
    );
    if (code !== 0) throw new PlanError(readEvents(`${output}\n${errors}`).errors, cluster.cloud);
    return savedPlan(cluster, file, configuration, options.isDestroy === true);
  }
}

/** A plan, and what is in its state though it does not exist, or does not work. */
interface Planned {
  readonly saved: SavedPlan;
  readonly gone: readonly string[];
  /** Failed in the cloud, and neither replaced nor destroyed. */
  readonly failed: readonly string[];
}

function isGone(
  cluster: Cluster,
  error: Diagnostic,
): error is Diagnostic & { readonly source: string } {
  const message = cluster.cloud.recovery[typeOf(error.source ?? "")]?.goneMessage;
  return message?.test(messageOf(error)) === true;
}

async function savedPlan(
  cluster: Cluster,
  file: string,
  configuration: string,
  isDestroy: boolean,
): Promise<Planned> {
  const seal = sealOf(cluster, file);
  const shown = await cluster.shownPlan(file);
  const changes = changesOf(shown, cluster.stackDirectory);
  const existing = managedResources(shown.prior_state);
  const access = accessChanges(shown, cluster.cloud.plannedAccess);
  const opening = openingOf(access);
  const secrets = existing.find(({ address }) => address === secretsAddress)?.values[
    secretsAttribute
  ];
  const partOf = partsOf(cluster.stackDirectory);
  const mayHaveEtcd = hasEtcd(cluster, existing);
  const nodes = nodesAmong(
    existing.map(({ address }) => address),
    cluster.stackDirectory,
  );
  const staged = { changes, hasEtcd: mayHaveEtcd, nodes };
  const stages = isDestroy ? [] : stagesOf(staged, cluster.cloud);
  const saved: SavedPlan = {
    file,
    seal,
    configuration,
    configurationDigest: configurationDigest(configuration),
    sealedValues:
      isDestroy || secrets === undefined ? undefined : sealValues(plannedValues(shown), secrets),
    secrets,
    warnings: [
      ...(opening === undefined ? [] : [opening]),
      ...gatedRestarts(warningsOf(changes, cluster.cloud.restartedBy, mayHaveEtcd), stages, nodes),
      ...(isDestroy ? [] : memberWarnings(staged, cluster.cloud)),
    ],
    access,
    existing: existing.length,
    isNew: existing.every(({ address }) => partOf(address) === "secrets and files"),
    ...staged,
    stages,
    wanted: isDestroy ? undefined : wantedFrom(shown, cluster.addresses),
  };
  const failed = isDestroy ? [] : failedIn(cluster, existing, changes);
  return { saved, gone: goneIn(cluster, existing), failed };
}

/** Addresses of what has failed in the cloud and stays in the plan as it is. */
function failedIn(
  { cloud }: Cluster,
  existing: readonly ManagedResource[],
  changes: readonly Change[],
): string[] {
  const isKept = (address: string) =>
    changes.every((change) => change.address !== address || change.action === "update");
  return existing
    .filter(({ address, values }) => cloud.recovery[typeOf(address)]?.hasFailed?.(values) === true)
    .map(({ address }) => address)
    .filter(isKept);
}

/** Addresses of deleted objects that the provider reads as if they existed. */
function goneIn(cluster: Cluster, existing: readonly ManagedResource[]): string[] {
  const all = existing.map(({ values }) => values);
  return existing
    .filter(({ address, values }) => {
      const check = cluster.cloud.recovery[typeOf(address)]?.isGone;
      return check?.(values, all) === true;
    })
    .map(({ address }) => address);
}
