import { join } from "node:path";
import { warnings } from "../../messages";
import { errorText } from "../../tofu/events";
import { Cluster, type ClusterOptions } from "../cluster/cluster";
import { confirm, type Consent } from "../cluster/confirm";
import { checkCredentials } from "../cluster/credentials";
import { exitStatus } from "../cluster/exit-status";
import { makePlan, type PlanOptions, type SavedPlan } from "../cluster/planning";
import { initialize } from "../cluster/preparation";
import { planInWords } from "../plan/words";
import { apply, type ApplyResult } from "./apply";
import { Progress } from "./progress";
import { bringBack, leftBehind } from "./recovery";
import { arrival } from "./arrival";

export interface UpOptions extends ClusterOptions, Consent {
  /** Nodes to be made anew, by name. */
  readonly replace: readonly string[];
  readonly json: boolean;
}

/** Made before anything that costs money, and saved: they can be neither imported nor made again. */
const bornFirst = [
  "talos_machine_secrets.talos_config",
  "tls_private_key.bastion_boot",
  "terraform_data.for_life",
];
const bootstrapAddress = "talos_machine_bootstrap.bootstrap";

/**
 * From the input to a cluster that answers: synth, init, plan, consent, apply, and whatever an
 * interruption left behind. Done again, it goes on where it stopped.
 * @returns the exit status
 * @throws the input's problems; UserError
 */
export async function up(options: UpOptions): Promise<number> {
  const say = (text: string) => {
    if (!options.json) process.stdout.write(`${text}\n`);
  };
  const cluster = await Cluster.synthesize(options, say);
  const { synthesized } = cluster;
  const notes = warnings(synthesized.warnings, synthesized.input);
  if (notes !== "") say(`${notes}\n`);
  checkCredentials(cluster);
  await initialize(cluster);
  await recover(cluster, say);
  await bearSecrets(cluster, say);

  const planOptions: PlanOptions = {
    args: options.replace.map((node) => `-replace=${cluster.serverAddress(node)}`),
  };
  const plan = await makePlan(cluster, planOptions);
  say(planInWords({ title: cluster.title, ...plan }));
  if (plan.changes.length === 0) return exitStatus.done;
  if (!(await confirm("Continue?", plan.attentions, options))) {
    say("Nothing was changed.");
    return exitStatus.failed;
  }
  say("");
  let result = await carryOut(cluster, plan, options.json);
  if (result.code !== 0 && etcdIsThere(result)) {
    say(
      "\netcd was bootstrapped by an earlier run, and the state did not know it. It does now; going on.",
    );
    await cluster.must(
      "import",
      "-no-color",
      `-var-file=${join(cluster.home, cluster.varFile)}`,
      bootstrapAddress,
      "machine_bootstrap",
    );
    result = await carryOut(cluster, await makePlan(cluster), options.json);
  }
  if (result.code !== 0) return fellShort(result, say);
  say(await arrival(cluster));
  return exitStatus.done;
}

/** Takes up what a run that was killed has made, and names what nobody knows of. */
async function recover(cluster: Cluster, say: (text: string) => void): Promise<void> {
  const left = await leftBehind(cluster);
  if (left.made.length > 0) {
    say(`The last run was killed: ${left.made.length} resources that it made are taken up again.`);
    for (const { address, words } of await bringBack(cluster, left)) {
      say(`  ${address} was not: ${words.split("\n").at(0) ?? ""}`);
    }
  }
  if (left.underWay.length > 0) {
    const { cluster_name: name } = cluster.born;
    say(
      `It was making ${left.underWay.join(", ")} when it was killed. Whether that was done is not known: ` +
        `look for what begins with ${name} and stands twice in the console of ${cluster.cloud.title}.`,
    );
  }
}

/** The cluster's keys and the bastion's host key, in an apply of their own, which costs nothing. */
async function bearSecrets(cluster: Cluster, say: (text: string) => void): Promise<void> {
  const state = (await cluster.run("state", "list")).output.split("\n");
  if (bornFirst.every((address) => state.includes(address))) return;
  const { code, output, errors } = await cluster.run(
    "apply",
    "-auto-approve",
    "-no-color",
    "-compact-warnings",
    `-var-file=${join(cluster.home, cluster.varFile)}`,
    ...bornFirst.map((address) => `-target=${address}`),
  );
  if (code !== 0) throw new TypeError(`${output}\n${errors}`);
  say("The cluster's keys are made and saved in cluster.tfstate; nothing in the cloud yet.\n");
}

async function carryOut(cluster: Cluster, plan: SavedPlan, json: boolean): Promise<ApplyResult> {
  const progress = new Progress({ changes: plan.changes, out: process.stdout, json });
  try {
    return await apply(cluster, [plan.file], (event) => {
      progress.take(event);
    });
  } finally {
    progress.end();
  }
}

/** Talos refuses a second bootstrap in these words: the first has happened. */
function etcdIsThere({ errors }: ApplyResult): boolean {
  return errors.some(
    ({ address, detail }) =>
      address === bootstrapAddress && /AlreadyExists|etcd data directory is not empty/.test(detail),
  );
}

function fellShort({ errors, isInterrupted }: ApplyResult, say: (text: string) => void): number {
  if (isInterrupted) {
    say("\nInterrupted. What was made is kept. To go on:\n\n  ./openaether up");
    return exitStatus.interrupted;
  }
  say(
    `\n${errorText(errors)}\n\nWhat was made is kept. When the cause is gone:\n\n  ./openaether up`,
  );
  return exitStatus.failed;
}
