import { warnings } from "../../view/messages";
import { Cluster, type ClusterOptions } from "../cluster/cluster";
import { checkCredentials } from "../cluster/credentials";
import { refuseTruncatedState } from "../cluster/truncated-state";
import { exitStatus } from "../exit-status";
import { makePlan } from "./make-plan";
import { initialize } from "../cluster/preparation";
import { summarizePlan } from "./summary";
import { stripVTControlCharacters } from "node:util";
import { print, printJson } from "../../view/output";

export interface ShowPlanOptions extends ClusterOptions {
  readonly full: boolean;
  readonly json: boolean;
}

/**
 * What `up` would do.
 * @returns the exit status: 2 when there are changes
 */
export async function showPlan(options: ShowPlanOptions): Promise<number> {
  const cluster = await Cluster.synthesize(options, options.json ? () => undefined : print);
  const { warnings: problems, input } = cluster.synthesized;
  checkCredentials(cluster);
  refuseTruncatedState(cluster);
  await initialize(cluster);
  const saved = await makePlan(cluster, {
    isReadOnly: true,
    say: options.json ? () => undefined : print,
  });
  const { changes, access, existing } = saved;
  if (options.json) {
    const reported = changes.map(({ address, action, part, node }) => ({
      address,
      action,
      part,
      node,
    }));
    printJson(
      {
        cluster: cluster.immutable,
        standing: existing,
        warnings: saved.warnings,
        access,
        changes: reported,
        stages: saved.stages.map(({ kind, nodes, addresses }) => ({ kind, nodes, addresses })),
      },
      2,
    );
  } else if (options.full) {
    print(stripVTControlCharacters(await cluster.must("show", saved.file)));
  } else {
    const notes = warnings(problems, input);
    if (notes !== "") print(`${notes}\n`);
    print(summarizePlan({ title: cluster.title, ...saved }));
  }
  return changes.length === 0 ? exitStatus.done : exitStatus.changesPending;
}
