import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors";
import { errorText, readEvents } from "../../tofu/events";
import { type AccessChange, accessChanges, openingOf } from "../plan/access";
import { type Attention, attentions } from "../plan/attention";
import { type Change, changesOf, partsOf, type ShownPlan } from "../plan/changes";
import { plannedValues } from "../up/planned-values";
import { sealValues, secretsAddress, secretsAttribute } from "../up/sealed-values";
import type { Cluster } from "./cluster";
import { hasForeignKubeconfig, kubeconfigAddress } from "./foreign-kubeconfig";
import { sealOf } from "./plan-seal";

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
  readonly attentions: readonly Attention[];
  readonly access: readonly AccessChange[];
  /** Managed resources that there are already. */
  readonly standing: number;
  /** Nothing of the cluster is in the cloud yet. */
  readonly isNew: boolean;
}

export interface PlanOptions {
  readonly isDestroy?: boolean;
  /** More arguments of tofu: "-replace=…". */
  readonly args?: readonly string[];
  /**
   * Removes a kubeconfig that did not come from this cluster from the state, where it would refuse
   * every plan; this is where it is reported. @default - such a plan fails
   */
  readonly say?: (text: string) => void;
}

const tunnel = "null_resource.tunnel";
/** What talks to a node through the tunnel. */
const throughTunnel = ["talos_machine_bootstrap.bootstrap", kubeconfigAddress];

/** @throws UserError with tofu's own words */
export async function makePlan(cluster: Cluster, options: PlanOptions = {}): Promise<SavedPlan> {
  const saved = await planOnce(cluster, options).catch(async (problem: unknown) => {
    if (options.say === undefined || !(await hasForeignKubeconfig(cluster))) throw problem;
    // Neither -replace nor -target gets past the provider, which reads its certificate in every plan.
    await cluster.must("state", "rm", kubeconfigAddress);
    options.say(
      "The kubeconfig in the state did not come from this cluster: removed from the state.\n",
    );
    return planOnce(cluster, options);
  });
  if (options.isDestroy === true || !needsTunnel(saved.changes)) return saved;
  // A tunnel that succeeded before a bootstrap that failed would not be opened again.
  return planOnce(cluster, { ...options, args: [...(options.args ?? []), `-replace=${tunnel}`] });
}

function needsTunnel(changes: readonly Change[]): boolean {
  const isPlanned = (address: string) =>
    changes.some((change) => change.address === address && change.action !== "destroy");
  return throughTunnel.some(isPlanned) && !isPlanned(tunnel);
}

async function planOnce(cluster: Cluster, { isDestroy = false, args = [] }: PlanOptions) {
  const file = join(cluster.scratch, "plan");
  const configuration = join(cluster.scratch, "planned.tf.json");
  copyFileSync(join(cluster.stackFolder, "cdk.tf.json"), configuration);
  const { output, errors, code } = await cluster.run(
    "plan",
    "-json",
    `-out=${file}`,
    ...(isDestroy ? ["-destroy"] : [`-var-file=${join(cluster.home, cluster.varFile)}`]),
    ...args,
  );
  if (code !== 0) throw new UserError(errorText(readEvents(`${output}\n${errors}`).errors));
  const seal = sealOf(cluster, file);
  const shown = (await cluster.shown(file)) as ShownPlan & PriorState;
  const changes = changesOf(shown, cluster.stackFolder);
  const standing = (shown.prior_state?.values?.root_module?.resources ?? []).filter(
    ({ mode }) => mode === "managed",
  );
  const access = accessChanges(shown, cluster.cloud.access);
  const opening = openingOf(access);
  const secrets = standing.find(({ address }) => address === secretsAddress)?.values;
  const partOf = partsOf(cluster.stackFolder);
  return {
    file,
    seal,
    configuration,
    sealedValues:
      isDestroy || secrets === undefined
        ? undefined
        : sealValues(plannedValues(shown), secrets[secretsAttribute]),
    changes,
    attentions: [
      ...(opening === undefined ? [] : [opening]),
      ...attentions(changes, cluster.cloud.restartedBy),
    ],
    access,
    standing: standing.length,
    isNew: standing.every(({ address }) => partOf(address) === "secrets and files"),
  };
}

interface Standing {
  readonly address: string;
  readonly mode: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

interface PriorState {
  readonly prior_state?: {
    readonly values?: {
      readonly root_module?: { readonly resources?: readonly Standing[] };
    };
  };
}
