import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../../constructs/model/diagnostic";
import { errorText, messageOf, readEvents } from "../../tofu/events";
import { TofuFailure } from "../../tofu/process";
import { type ManagedResource, managedResources, typeOf } from "../../tofu/show-json";
import { type AccessChange, accessChanges, openingOf } from "./access";
import { type PlanWarning, warningsOf } from "./warnings";
import { type Change, changesOf, partsOf } from "./changes";
import { plannedValues } from "./planned-values";
import { sealValues, secretsAddress, secretsAttribute } from "./sealed-values";
import type { Cluster } from "../cluster/cluster";
import { bootstrapAddress, hasEtcd } from "./etcd";
import { hasForeignKubeconfig, kubeconfigAddress } from "./foreign-kubeconfig";
import { sealOf } from "./seal";
import { ReplacedConfiguration } from "./replaced-configuration";
import { waitingFor } from "../cluster/waiting";

/** A plan that tofu has saved, and what it says. */
export interface SavedPlan {
  /** For its owner alone, and of this run alone: it holds every key of the cluster. */
  readonly file: string;
  /** What consent is given to: a digest of the plan, and of what its apply builds upon. */
  readonly seal: string;
  /** A copy of the configuration that was planned; another run may replace the stack's meanwhile. */
  readonly configuration: string;
  /** What recovery needs of it, readable with the state alone; undefined where nothing is created. */
  readonly sealedValues: Buffer | undefined;
  readonly changes: readonly Change[];
  readonly warnings: readonly PlanWarning[];
  readonly access: readonly AccessChange[];
  /** Managed resources that there are already. */
  readonly standing: number;
  /** Nothing of the cluster is in the cloud yet. */
  readonly isNew: boolean;
  /** Where it was made without data sources that cannot be read: to be called after its apply. */
  readonly restore?: () => Promise<void>;
}

export interface PlanOptions {
  readonly isDestroy?: boolean;
  /** More arguments of tofu: "-replace=…". */
  readonly args?: readonly string[];
  /** What a person should know of how the plan came about. */
  readonly say: (text: string) => void;
  /** The state stays as it is: what has to be removed from it for a plan is removed from a copy. */
  readonly isReadOnly?: boolean;
}

const tunnel = "null_resource.tunnel";
/** What talks to a node through the tunnel. */
const throughTunnel = [bootstrapAddress, kubeconfigAddress];
/** A bound: each of them is preceded by something that stood in the way of the one before. */
const mostAttempts = 8;

/** @throws UserError with tofu's own words */
export async function makePlan(cluster: Cluster, options: PlanOptions): Promise<SavedPlan> {
  const attempt = new Attempt(cluster, options);
  const saved = await attempt.plan(options.args ?? []);
  if (options.isDestroy === true || !needsTunnel(saved.changes)) return saved;
  // A tunnel that succeeded before a bootstrap that failed would not be opened again.
  return attempt.plan([...(options.args ?? []), `-replace=${tunnel}`]);
}

function needsTunnel(changes: readonly Change[]): boolean {
  const isPlanned = (address: string) =>
    changes.some((change) => change.address === address && change.action !== "destroy");
  return throughTunnel.some(isPlanned) && !isPlanned(tunnel);
}

/** What tofu said of a plan that failed. */
class PlanError extends TofuFailure {
  constructor(readonly errors: readonly Diagnostic[]) {
    super(errorText(errors));
  }
}

/** A plan, made again after what stood in its way is out of it. */
class Attempt {
  /** A copy of the state without what is gone; undefined where the state itself is good. */
  private state: string | undefined;
  private directory: ReplacedConfiguration | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly options: PlanOptions,
  ) {}

  /** @throws UserError with tofu's own words */
  async plan(args: readonly string[]): Promise<SavedPlan> {
    for (let round = 1; ; round++) {
      try {
        const { saved, gone } = await this.planOnce(args);
        if (gone.length > 0 && round < mostAttempts) {
          await this.leaveOut(gone);
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
      // Neither -replace nor -target gets past the provider, which reads its certificate in every plan.
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

  private async remove(addresses: readonly string[]): Promise<void> {
    const { cluster, options } = this;
    if (options.isReadOnly !== true) return cluster.removeFromState(addresses);
    if (this.state === undefined) {
      this.state = join(cluster.scratch, "planned.tfstate");
      writeFileSync(this.state, await cluster.must("state", "pull"), { mode: 0o600 });
    }
    await cluster.must("state", "rm", `-state=${this.state}`, "-backup=-", ...addresses);
  }

  private async planOnce(args: readonly string[]): Promise<Planned> {
    const { cluster, options } = this;
    const file = join(cluster.scratch, "plan");
    const configuration = join(cluster.scratch, "planned.tf.json");
    copyFileSync(join(cluster.stackFolder, "cdk.tf.json"), configuration);
    this.directory?.place(configuration);
    const { output, errors, code } = await waitingFor(
      "waiting for tofu plan, which reads what the cloud has",
      options.say,
      cluster.runIn(
        this.directory?.path ?? cluster.stackFolder,
        "plan",
        "-json",
        `-out=${file}`,
        ...(this.state === undefined ? [] : [`-state=${this.state}`]),
        ...(options.isDestroy === true
          ? ["-destroy"]
          : [`-var-file=${join(cluster.home, cluster.varFile)}`]),
        ...args,
      ),
    );
    if (code !== 0) throw new PlanError(readEvents(`${output}\n${errors}`).errors);
    return savedPlan(cluster, file, configuration, options.isDestroy === true);
  }
}

/** A plan, and what it still has in the state though it is gone. */
interface Planned {
  readonly saved: SavedPlan;
  readonly gone: readonly string[];
}

function isGone(
  cluster: Cluster,
  error: Diagnostic,
): error is Diagnostic & { readonly source: string } {
  const words = cluster.cloud.recovery[typeOf(error.source ?? "")]?.goneWords;
  return words?.test(messageOf(error)) === true;
}

async function savedPlan(
  cluster: Cluster,
  file: string,
  configuration: string,
  isDestroy: boolean,
): Promise<Planned> {
  const seal = sealOf(cluster, file);
  const shown = await cluster.shownPlan(file);
  const changes = changesOf(shown, cluster.stackFolder);
  const standing = managedResources(shown.prior_state);
  const access = accessChanges(shown, cluster.cloud.plannedAccess);
  const opening = openingOf(access);
  const secrets = standing.find(({ address }) => address === secretsAddress)?.values;
  const partOf = partsOf(cluster.stackFolder);
  const saved: SavedPlan = {
    file,
    seal,
    configuration,
    sealedValues:
      isDestroy || secrets === undefined
        ? undefined
        : sealValues(plannedValues(shown), secrets[secretsAttribute]),
    changes,
    warnings: [
      ...(opening === undefined ? [] : [opening]),
      ...warningsOf(changes, cluster.cloud.restartedBy, hasEtcd(cluster, standing)),
    ],
    access,
    standing: standing.length,
    isNew: standing.every(({ address }) => partOf(address) === "secrets and files"),
  };
  return { saved, gone: goneIn(cluster, standing) };
}

/** Of what the provider reads back though it is gone: addresses. */
function goneIn(cluster: Cluster, standing: readonly ManagedResource[]): string[] {
  const all = standing.map(({ values }) => values);
  return standing
    .filter(({ address, values }) => {
      const check = cluster.cloud.recovery[typeOf(address)]?.isGone;
      return check?.(values, all) === true;
    })
    .map(({ address }) => address);
}
